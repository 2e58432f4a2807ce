/* libcurl, loaded when it is needed: linking it would cost every start of the program five
 * milliseconds (docs/decisions.md). For net/ only. */
#pragma once

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "base/err.h"

#define CURL_CALLS(call)                                                                           \
	call(global_init) call(easy_init) call(easy_setopt) call(easy_getinfo) call(easy_strerror) \
		call(easy_cleanup) call(easy_perform) call(easy_reset) call(slist_append) call(slist_free_all) call(multi_init)        \
			call(multi_add_handle) call(multi_remove_handle) call(multi_perform)       \
				call(multi_poll) call(multi_info_read) call(multi_cleanup)

struct curl_calls {
	void *library;
#define CURL_MEMBER(name) __typeof__(curl_##name) *name;
	CURL_CALLS(CURL_MEMBER)
#undef CURL_MEMBER
};

/* 0, or -1 and ERR_UNSUPPORTED when libcurl is not installed. */
int curl_load(struct curl_calls *out, struct err *e) MUST_CHECK;
void curl_unload(struct curl_calls *c);
