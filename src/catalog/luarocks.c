/* Lua: a rock is where LuaRocks put it, …/rocks-5.3/NAME/VERSION/rock_manifest. */
#include "catalog/artefact.h"

static int luarocks_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct package p = { .type = STR("luarocks") };
	str folder = str_dir(f->path);

	p.version = str_base(folder);
	p.name = str_base(str_dir(folder));
	if (p.name.n == 0 || p.version.n == 0)
		return err_set(e, ERR_CORRUPT, "a rock that does not lie in NAME/VERSION/");
	return artefact_put(out, &p, e);
}

static const char *const globs[] = {
	"**/luarocks/rocks/*/*/rock_manifest",
	"**/rocks-5.?/*/*/rock_manifest",
	NULL,
};

const struct cataloger cataloger_luarocks = {
	.name = STR_INIT("luarocks"),
	.globs = globs,
	.limit = UINT64_MAX,
	.read = luarocks_read,
};
