#include "tool/around.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"
#include "tool/config.h"

static str env_text(const char *name)
{
	return str_of(getenv(name));
}

static int read_password(str *out, const struct options *o, struct err *e)
{
	str file = option_text(o, "registry-password-file"), text = STR(""), rest;
	int r;

	*out = env_text("PLIMSOLL_REGISTRY_PASSWORD");
	if (!file.n)
		return 0;
	r = config_load(&text, file.p, o->arena, e);
	if (r == 0)
		return err_set(e, ERR_MISSING, "--registry-password-file: there is no %s", file.p);
	if (r < 0)
		return err_within(e, "--registry-password-file");
	str_cut(text, '\n', out, &rest);
	str_chop(out, STR("\r"));
	return 0;
}

static int read_user(struct surroundings *s, const struct options *o, struct err *e)
{
	s->user = option_text(o, "registry-user");
	if (!s->user.n)
		return option_text(o, "registry-password-file").n
			       ? err_set(e, ERR_USAGE, "a password, but no --registry-user")
			       : 0;
	if (read_password(&s->password, o, e) < 0)
		return -1;
	if (!s->password.n)
		return err_set(
			e, ERR_USAGE,
			"--registry-user wants a password: in PLIMSOLL_REGISTRY_PASSWORD, or "
			"in a file named by --registry-password-file");
	return 0;
}

int around_read(struct surroundings *out, const struct options *o, struct err *e)
{
	*out = (struct surroundings){
		.root = geteuid() == 0,
		.home = env_text("HOME"),
		.config_home = env_text("XDG_CONFIG_HOME"),
		.data_home = env_text("XDG_DATA_HOME"),
		.runtime_dir = env_text("XDG_RUNTIME_DIR"),
		.auth_file = env_text("REGISTRY_AUTH_FILE"),
		.docker_config = env_text("DOCKER_CONFIG"),
		.docker_host = env_text("DOCKER_HOST"),
		.path = env_text("PATH"),
		.envp = (const char *const *)environ,
		.insecure = *option_all(o, "insecure-registry"),
		.mirrors = *option_all(o, "registry-mirror"),
		.certs = *option_all(o, "registry-certs"),
	};
	return read_user(out, o, e);
}
