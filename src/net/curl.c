#include "net/curl.h"

#include <dlfcn.h>

/* easy_setopt and easy_getinfo are macros too, which would hide the functions' types. */
int curl_load(struct curl_calls *out, struct err *e)
{
	struct curl_calls c = { 0 };
	bool whole = true;

	c.library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
	if (!c.library)
		return err_set(e, ERR_UNSUPPORTED, "libcurl is needed for this: %s", dlerror());
#define CURL_FIND(name_) whole = (*(void **)&c.name_ = dlsym(c.library, "curl_" #name_)) && whole;
	CURL_CALLS(CURL_FIND)
#undef CURL_FIND
	if (!whole || c.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		dlclose(c.library);
		return err_set(e, ERR_UNSUPPORTED, "libcurl is too old, or does not start");
	}
	*out = c;
	return 0;
}

/* It stays loaded: OpenSSL's clean-up handlers do not survive an unload. */
void curl_unload(struct curl_calls *c)
{
	*c = (struct curl_calls){ 0 };
}
