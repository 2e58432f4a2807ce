/* The first byte says what: a file of credentials, what a helper prints, a registry's small
 * answers, what a worker says of those. */
#include "image/credentials.h"
#include "image/registry_role.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int look_up(str text, struct arena *a, struct err *e)
{
	struct credential_file f;
	struct credential c;
	str helper;

	if (credential_file_parse(&f, text, a, e) < 0)
		return -1;
	int r = credential_file_find(&c, &helper, &f, STR("r.example"), STR("team/app"), a, e);

	if (r > 0 && !c.secret.n)
		abort();
	return r;
}

static int answer(enum registry_answer kind, str text, struct arena *a, struct err *e)
{
	struct str_list said = { 0 };

	if (registry_answer_parse(&said, kind, text, a, e) < 0)
		return -1;
	if (kind == REGISTRY_TOKEN)
		for (size_t i = 0; i < said.v[0].n; i++)
			if (said.v[0].p[i] <= ' ')
				abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(4 << 20);
	str text = str_from((str){ (const char *)data, size }, 1);
	struct str_list said;
	struct credential c;
	struct err e = { 0 };
	int r = 0;

	switch (size ? data[0] % 5 : 0) {
	case 0:
		r = look_up(text, &a, &e);
		break;
	case 1:
		r = credential_helper_parse(&c, text, &a, &e);
		break;
	case 2:
		r = answer(REGISTRY_TOKEN, text, &a, &e);
		break;
	case 3:
		r = answer(REGISTRY_TAGS, text, &a, &e);
		break;
	default:
		r = registry_said_read(&said, text, &a, &e);
	}
	if (r < 0 && e.kind == ERR_NONE)
		abort();
	return 0;
}
