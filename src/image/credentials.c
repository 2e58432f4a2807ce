#include "image/credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"
#include "format/base64.h"
#include "format/json.h"
#include "image/helper.h"

/* Docker Hub under the names by which files know it. */
#define HUB	   "docker.io"
#define HUB_SERVER "https://index.docker.io/v1/"

static const struct json_field entry_fields[] = {
	{ JSON_FIELD("auth", JSON_AS_STR, struct credential_entry, auth) },
	{ JSON_FIELD("identitytoken", JSON_AS_STR, struct credential_entry, identity) },
	{ JSON_FIELD("registrytoken", JSON_AS_STR, struct credential_entry, registry_token) },
	{ JSON_FIELD("username", JSON_AS_STR, struct credential_entry, user) },
	{ JSON_FIELD("password", JSON_AS_STR, struct credential_entry, password) },
};
static const struct json_table entry_table = { .noun = "credential",
					       .fields = entry_fields,
					       .n = COUNT(entry_fields),
					       .size = sizeof(struct credential_entry) };

/* "https://index.docker.io/v1/" → "docker.io"; "localhost:5000/" → "localhost:5000". */
static str plain_key(str key)
{
	if (!str_skip(&key, STR("https://")))
		str_skip(&key, STR("http://"));
	str_chop(&key, STR("/"));
	if (!str_chop(&key, STR("/v1")))
		str_chop(&key, STR("/v2"));
	if (str_eq(key, STR("index.docker.io")) || str_eq(key, STR("registry-1.docker.io")))
		return STR(HUB);
	return key;
}

static int read_auths(void *out, struct json *j, struct err *e)
{
	struct credential_file *f = out;
	str key;
	int r;

	if (json_enter_object(j, e) < 0)
		return -1;
	while ((r = json_object_next(&key, j, e)) > 0) {
		struct credential_entry entry = { 0 };

		if (json_object(&entry, j, &entry_table, e) < 0)
			return -1;
		entry.key = plain_key(key);
		if (vec_push(&f->auths, j->arena, e, entry) < 0)
			return -1;
	}
	return r;
}

static int read_helpers(void *out, struct json *j, struct err *e)
{
	struct credential_file *f = out;
	str key;
	int r;

	if (json_enter_object(j, e) < 0)
		return -1;
	while ((r = json_object_next(&key, j, e)) > 0) {
		struct credential_helper helper = { .host = plain_key(key) };

		if (json_str(&helper.helper, j, e) < 0 ||
		    vec_push(&f->helpers, j->arena, e, helper) < 0)
			return -1;
	}
	return r;
}

static const struct json_field file_fields[] = {
	{ .name = STR_INIT("auths"), .as = JSON_AS_CALL, .read = read_auths },
	{ .name = STR_INIT("credHelpers"), .as = JSON_AS_CALL, .read = read_helpers },
	{ JSON_FIELD("credsStore", JSON_AS_STR, struct credential_file, store) },
};
static const struct json_table file_table = { .noun = "list of credentials",
					      .fields = file_fields,
					      .n = COUNT(file_fields),
					      .size = sizeof(struct credential_file) };

int credential_file_parse(struct credential_file *out, str text, struct arena *a, struct err *e)
{
	struct credential_file f = { 0 };

	if (json_object_whole(&f, text, &file_table, a, e) < 0)
		return -1;
	*out = f;
	return 0;
}

/* How much of HOST/REPOSITORY the key is; 0: it is for something else. */
static size_t key_fits(str key, str host, str repository)
{
	str rest = key;

	if (!str_skip(&rest, host))
		return 0;
	if (!rest.n)
		return key.n;
	if (!str_skip(&rest, STR("/")) || !str_starts(repository, rest))
		return 0;
	return repository.n == rest.n || repository.p[rest.n] == '/' ? key.n : 0;
}

/* base64 of USER:PASSWORD, with what padding old versions of Docker left behind it. */
static int read_auth(struct credential *c, str auth, struct arena *a, struct err *e)
{
	CLEANUP(buf_free)
	struct buf plain = BUF(LIMIT_CREDENTIAL_BYTES);
	str text;

	if (base64_read(&plain, auth, e) < 0 || buf_check(&plain, e) < 0 ||
	    arena_str(&text, a, buf_str(&plain), e) < 0)
		return -1;
	while (str_chop(&text, (str){ "", 1 }))
		;
	if (!str_cut(text, ':', &c->user, &c->secret))
		return err_set(e, ERR_CORRUPT, "\"auth\" is not USER:PASSWORD");
	return 0;
}

static int read_entry(struct credential *out, const struct credential_entry *entry, struct arena *a,
		      struct err *e)
{
	struct credential c = { .user = entry->user, .secret = entry->password };

	if (entry->registry_token.n) {
		c = (struct credential){ .kind = CREDENTIAL_BEARER,
					 .secret = entry->registry_token };
	} else if (entry->identity.n) {
		c = (struct credential){ .kind = CREDENTIAL_IDENTITY, .secret = entry->identity };
	} else if (entry->auth.n && read_auth(&c, entry->auth, a, e) < 0) {
		return err_within(e, "credentials of " STR_FMT, STR_ARG(entry->key));
	}
	*out = c;
	return c.secret.n > 0;
}

int credential_file_find(struct credential *out, str *helper, const struct credential_file *f,
			 str host, str repository, struct arena *a, struct err *e)
{
	const struct credential_entry *best = NULL;
	size_t most = 0;

	*helper = STR("");
	vec_each (h, &f->helpers)
		if (str_eq(h->host, host))
			*helper = h->helper;
	if (helper->n)
		return 0;
	vec_each (entry, &f->auths) {
		size_t fits = key_fits(entry->key, host, repository);

		if (fits > most)
			best = entry;
		most = MAX(most, fits);
	}
	int r = best ? read_entry(out, best, a, e) : 0;

	/* an entry without a secret is what Docker leaves when its store has it */
	if (r == 0)
		*helper = f->store;
	return r;
}

static const struct json_field printed_fields[] = {
	{ JSON_FIELD("Username", JSON_AS_STR, struct credential, user) },
	{ JSON_FIELD("Secret", JSON_AS_STR, struct credential, secret), .required = true },
};
static const struct json_table printed_table = { .noun = "credential",
						 .fields = printed_fields,
						 .n = COUNT(printed_fields),
						 .size = sizeof(struct credential) };

int credential_helper_parse(struct credential *out, str text, struct arena *a, struct err *e)
{
	struct credential c = { 0 };

	if (json_object_whole(&c, text, &printed_table, a, e) < 0)
		return -1;
	if (str_eq(c.user, STR("<token>")))
		c.kind = CREDENTIAL_IDENTITY;
	*out = c;
	return 0;
}

static int ask_helper(struct credential *out, str helper, str host, const struct surroundings *s,
		      struct arena *a, struct err *e)
{
	CLEANUP(buf_free)
	struct buf printed = BUF(LIMIT_CREDENTIAL_BYTES);
	str server = str_eq(host, STR(HUB)) ? STR(HUB_SERVER) : host, text;
	int r = helper_run(&printed, helper, server, s, e);

	if (r <= 0)
		return r;
	if (arena_str(&text, a, buf_str(&printed), e) < 0)
		return -1;
	if (credential_helper_parse(out, text, a, e) < 0)
		return err_within(e, "docker-credential-" STR_FMT, STR_ARG(helper));
	return arena_printf(&out->from, a, e, "docker-credential-" STR_FMT, STR_ARG(helper)) < 0
		       ? -1
		       : out->secret.n > 0;
}

/* 0 when there is no such file: not everybody has logged in. */
static int read_file(str *out, str path, struct arena *a, struct err *e)
{
	CLEANUP(buf_free)
	struct buf text = BUF(2 * LIMIT_SMALL_FILE_BYTES);
	CLEANUP(fd_closep)
	int fd = -1;
	const char *z = arena_z(a, path);

	if (!z)
		return err_nomem(e);
	fd = open(z, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (fd < 0)
		return err_sys(e, "%s", z);
	if (fd_read(&text, fd, LIMIT_SMALL_FILE_BYTES, e) < 0)
		return err_within(e, "%s", z);
	return arena_str(out, a, buf_str(&text), e) < 0 ? -1 : 1;
}

static int find_in(struct credential *out, str path, str host, str repository,
		   const struct surroundings *s, struct arena *a, struct err *e)
{
	struct credential_file f;
	str text, helper;
	int r = path.n ? read_file(&text, path, a, e) : 0;

	if (r <= 0)
		return r;
	if (!str_trim(text).n)
		return 0;
	if (credential_file_parse(&f, text, a, e) < 0)
		return err_within(e, STR_FMT, STR_ARG(path));
	r = credential_file_find(out, &helper, &f, host, repository, a, e);
	if (r < 0)
		return err_within(e, STR_FMT, STR_ARG(path));
	out->from = path;
	return r == 0 && helper.n ? ask_helper(out, helper, host, s, a, e) : r;
}

/* As containers-auth.json(5) and Docker look for them. */
static int list_files(struct str_list *out, const struct surroundings *s, struct arena *a,
		      struct err *e)
{
	str at[4] = { s->auth_file };

	if (s->runtime_dir.n && arena_printf(&at[1], a, e, STR_FMT "/containers/auth.json",
					     STR_ARG(s->runtime_dir)) < 0)
		return -1;
	if (surroundings_config(&at[2], s, "containers/auth.json", a, e) < 0)
		return -1;
	str base = s->docker_config.n ? s->docker_config : s->home;

	if (base.n && arena_printf(&at[3], a, e, STR_FMT "%s/config.json", STR_ARG(base),
				   s->docker_config.n ? "" : "/.docker") < 0)
		return -1;
	for (size_t i = 0; i < COUNT(at); i++)
		if (at[i].n && vec_push(out, a, e, at[i]) < 0)
			return -1;
	return 0;
}

int credential_find(struct credential *out, str host, str repository, const struct surroundings *s,
		    struct arena *a, struct err *e)
{
	struct str_list files = { 0 };
	struct credential c = { 0 };
	int r = 0;

	if (s->user.n) {
		*out = (struct credential){ .user = s->user,
					    .secret = s->password,
					    .from = STR("what was given") };
		return 1;
	}
	if (list_files(&files, s, a, e) < 0)
		return -1;
	for (size_t i = 0; i < files.n && r == 0; i++)
		r = find_in(&c, files.v[i], host, repository, s, a, e);
	if (r > 0)
		*out = c;
	return r;
}
