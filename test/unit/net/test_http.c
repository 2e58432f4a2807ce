/* The client against a server of a few lines: what a real one does rarely. */
#include "net/http.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "tap.h"

struct server {
	int listener;
	const char *answer; /* sent to whoever connects; the connection then stays open, unless … */
	bool close;
	pthread_t thread;
	char url[64];
};

static void *serve(void *ctx)
{
	struct server *s = ctx;
	char request[4096];

	for (int c; (c = accept(s->listener, NULL, NULL)) >= 0;) {
		if (read(c, request, sizeof(request)) > 0 &&
		    write(c, s->answer, strlen(s->answer)) < 0)
			printf("# the client went away\n");
		if (!s->close)
			sleep(5);
		close(c);
	}
	return NULL;
}

static bool server_start(struct server *s)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(at);

	setenv("no_proxy", "*", 1);
	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->listener < 0 || bind(s->listener, (struct sockaddr *)&at, sizeof(at)) < 0 ||
	    listen(s->listener, 8) < 0 ||
	    getsockname(s->listener, (struct sockaddr *)&at, &size) < 0)
		return false;
	snprintf(s->url, sizeof(s->url), "http://127.0.0.1:%d/x", ntohs(at.sin_port));
	return pthread_create(&s->thread, NULL, serve, s) == 0;
}

static void server_end(struct server *s)
{
	shutdown(s->listener, SHUT_RDWR);
	close(s->listener);
	pthread_join(s->thread, NULL);
}

/* One try with a second's patience and room for 1000 bytes. */
static bool get_one(struct http_get *get, const char *url, const char *path, struct err *e)
{
	struct http_limits limits = http_limits();

	limits.most = 1000;
	limits.stall = 1;
	limits.tries = 1;
	limits.redirects = 2;
	*get = (struct http_get){ .url = str_of(url), .path = path };
	return http_get_all(get, 1, &limits, NULL, NULL, e) == 0;
}

static void path_make(char path[64])
{
	snprintf(path, 64, "/tmp/plimsoll-http-%d", getpid());
	unlink(path);
}

TEST(a_server_that_stalls_is_given_up_and_nothing_is_left)
{
	CLEANUP(server_end)
	struct server s = {
		.answer = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx",
	};
	struct http_get get;
	struct err e;
	char path[64];

	path_make(path);
	CHECK(server_start(&s));
	CHECK(get_one(&get, s.url, path, &e));
	CHECK(get.outcome == HTTP_FAILED);
	CHECK(get.err.kind == ERR_IO);
	CHECK(access(path, F_OK) < 0);
}

TEST(a_body_beyond_the_limit_is_refused_whatever_the_header_says)
{
	char long_answer[4096] = "HTTP/1.1 200 OK\r\n\r\n";
	CLEANUP(server_end)
	struct server s = { .answer = long_answer, .close = true };
	struct http_get get;
	struct err e;
	char path[64];

	memset(long_answer + strlen(long_answer), 'x', 2000);
	path_make(path);
	CHECK(server_start(&s));
	CHECK(get_one(&get, s.url, path, &e));
	CHECK(get.outcome == HTTP_FAILED);
	CHECK(get.err.kind == ERR_LIMIT);
	CHECK(access(path, F_OK) < 0);
}

TEST(an_answer_that_nothing_changed_to_a_question_that_was_not_asked_is_no_answer)
{
	CLEANUP(server_end)
	struct server s = {
		.answer = "HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n",
		.close = true,
	};
	struct http_get get;
	struct err e;
	char path[64];

	path_make(path);
	CHECK(server_start(&s));
	CHECK(get_one(&get, s.url, path, &e));
	CHECK(get.outcome == HTTP_FAILED);
}

TEST(a_file_of_another_scheme_is_not_fetched)
{
	struct http_get get;
	struct err e;
	char path[64];

	path_make(path);
	CHECK(get_one(&get, "file:///etc/passwd", path, &e));
	CHECK(get.outcome == HTTP_FAILED);
	CHECK(access(path, F_OK) < 0);
}

TEST_MAIN
