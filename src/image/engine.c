#include "image/engine.h"

#include <errno.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"
#include "net/request.h"

struct spool {
	int to;
	uint64_t bytes;
	char said[200];
	size_t nsaid;
};

static int on_body(void *ctx, long status, str bytes, struct err *e)
{
	struct spool *s = ctx;

	if (status != 200 || s->to < 0) {
		bytes = str_first(bytes, sizeof(s->said) - s->nsaid);
		memcpy(s->said + s->nsaid, bytes.p, bytes.n);
		s->nsaid += bytes.n;
		return 0;
	}
	s->bytes += bytes.n;
	if (s->bytes > LIMIT_SPOOL_BYTES)
		return err_set(e, ERR_LIMIT, "the image has more than %llu bytes",
			       (unsigned long long)LIMIT_SPOOL_BYTES);
	return fd_write(s->to, bytes, e);
}

int engine_socket(str *out, const struct surroundings *s, struct arena *a, struct err *e)
{
	str host = s->docker_host, at[2] = { STR("/var/run/docker.sock") };

	if (host.n) {
		if (!str_skip(&host, STR("unix://")))
			return err_set(e, ERR_UNSUPPORTED,
				       "only an engine on this machine is asked, by its socket; "
				       "DOCKER_HOST is " STR_FMT,
				       STR_ARG(host));
		*out = host;
		return 0;
	}
	if (s->runtime_dir.n &&
	    arena_printf(&at[1], a, e, STR_FMT "/docker.sock", STR_ARG(s->runtime_dir)) < 0)
		return -1;
	for (size_t i = COUNT(at); i-- > 0;) {
		const char *z = at[i].n ? arena_z(a, at[i]) : NULL;

		if (!z || access(z, F_OK) < 0)
			continue;
		*out = at[i];
		return 0;
	}
	return err_set(e, ERR_MISSING, "no Docker engine: there is no %s", "/var/run/docker.sock");
}

/* GET /images/NAME/what. The API's version is left to the engine: both paths are in all of them. */
static int get(struct answer *answer, struct spool *to, str socket, str name, const char *what,
	       struct err *e)
{
	CLEANUP(requester_freep)
	struct requester *http = NULL;
	CLEANUP(arena_free)
	struct arena a = ARENA(1 * MIB);
	struct request q = { .unix_socket = socket, .body = on_body, .ctx = to };

	if (requester_new(&http, e) < 0 ||
	    arena_printf(&q.url, &a, e, "http://localhost/images/" STR_FMT "/%s", STR_ARG(name),
			 what) < 0)
		return -1;
	int r = request_send(answer, http, &q, &a, e);

	if (r < 0 && access(socket.p, W_OK) < 0 && errno == EACCES)
		return err_set(e, ERR_DENIED,
			       "the engine's socket " STR_FMT
			       " may not be used: join its group, or be root",
			       STR_ARG(socket));
	if (r < 0 && !answer->status)
		e->kind = ERR_MISSING; /* the engine that made the socket is gone */
	return r < 0 ? err_within(e, "no Docker engine answers at " STR_FMT, STR_ARG(socket)) : 0;
}

int engine_export(int to, str name, const struct surroundings *s, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 * MIB);
	struct spool spool = { .to = -1 };
	struct answer answer;
	str socket;

	if (engine_socket(&socket, s, &a, e) < 0)
		return -1;
	if (get(&answer, &spool, socket, name, "json", e) < 0)
		return -1;
	if (answer.status == 404)
		return err_set(e, ERR_MISSING, "the Docker engine has no image \"" STR_FMT "\"",
			       STR_ARG(name));
	spool.to = to;
	spool.nsaid = 0;
	if (answer.status == 200 && get(&answer, &spool, socket, name, "get", e) < 0)
		return -1;
	if (answer.status == 200)
		return 0;
	return err_set(e, ERR_IO, "the Docker engine answers %ld: " STR_FMT, answer.status,
		       STR_ARG(str_trim((str){ spool.said, spool.nsaid })));
}
