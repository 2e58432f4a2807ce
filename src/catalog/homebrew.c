/* Homebrew: PREFIX/Cellar/NAME/VERSION/INSTALL_RECEIPT.json. The receipt is proof of an
 * installation; what was installed stands in its path, since it names only the formula's versions.
 */
#include "base/limits.h"
#include "catalog/artefact.h"
#include "format/json.h"

struct receipt {
	str homebrew_version;
};

static const struct json_field receipt_fields[] = {
	{ JSON_FIELD("homebrew_version", JSON_AS_RAW, struct receipt, homebrew_version) },
};

static const struct json_table receipt_table = {
	.noun = "receipt",
	.fields = receipt_fields,
	.n = COUNT(receipt_fields),
	.size = sizeof(struct receipt),
};

static int homebrew_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	str keg = str_dir(f->path);
	struct package p = { .type = STR("brew"),
			     .name = str_base(str_dir(keg)),
			     .version = str_base(keg) };
	struct receipt r = { 0 };

	if (artefact_put(out, &p, e) < 0)
		return -1;
	return json_object_whole(&r, f->text, &receipt_table, out->arena, e);
}

static const char *const homebrew_globs[] = { "**/Cellar/*/*/INSTALL_RECEIPT.json", NULL };

const struct cataloger cataloger_homebrew = {
	.name = STR_INIT("homebrew-receipt"),
	.globs = homebrew_globs,
	.whole = true,
	.limit = LIMIT_SMALL_FILE_BYTES,
	.read = homebrew_read,
};
