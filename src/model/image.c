#include "model/image.h"

#include <sys/utsname.h>

/* Names that kernels, distributions and registries use for one architecture; the first row of an
 * architecture is how image-spec ("config.md, architecture", after Go's GOARCH) writes it. */
static const struct arch_name {
	str alias, arch, variant;
} arch_names[] = {
	/* clang-format off */
	{ STR_INIT("amd64"),	   STR_INIT("amd64"),	    STR_INIT("") },
	{ STR_INIT("x86_64"),	   STR_INIT("amd64"),	    STR_INIT("") },
	{ STR_INIT("x86-64"),	   STR_INIT("amd64"),	    STR_INIT("") },
	{ STR_INIT("arm64"),	   STR_INIT("arm64"),	    STR_INIT("v8") },
	{ STR_INIT("aarch64"),	   STR_INIT("arm64"),	    STR_INIT("v8") },
	{ STR_INIT("armhf"),	   STR_INIT("arm"),	    STR_INIT("v7") },
	{ STR_INIT("armv7l"),	   STR_INIT("arm"),	    STR_INIT("v7") },
	{ STR_INIT("armel"),	   STR_INIT("arm"),	    STR_INIT("v6") },
	{ STR_INIT("armv6l"),	   STR_INIT("arm"),	    STR_INIT("v6") },
	{ STR_INIT("386"),	   STR_INIT("386"),	    STR_INIT("") },
	{ STR_INIT("i386"),	   STR_INIT("386"),	    STR_INIT("") },
	{ STR_INIT("i686"),	   STR_INIT("386"),	    STR_INIT("") },
	{ STR_INIT("ppc64le"),	   STR_INIT("ppc64le"),	    STR_INIT("") },
	{ STR_INIT("s390x"),	   STR_INIT("s390x"),	    STR_INIT("") },
	{ STR_INIT("riscv64"),	   STR_INIT("riscv64"),	    STR_INIT("") },
	{ STR_INIT("loong64"),	   STR_INIT("loong64"),	    STR_INIT("") },
	{ STR_INIT("loongarch64"), STR_INIT("loong64"),	    STR_INIT("") },
	/* clang-format on */
};

static const struct arch_name *arch_named(str alias)
{
	for (size_t i = 0; i < COUNT(arch_names); i++)
		if (str_eq(arch_names[i].alias, alias))
			return &arch_names[i];
	return NULL;
}

static struct platform platform_plain(const struct platform *p)
{
	const struct arch_name *name = arch_named(p->arch);
	struct platform plain = *p;

	if (!name)
		return plain;
	plain.arch = name->arch;
	if (!plain.variant.n)
		plain.variant = name->variant;
	return plain;
}

static bool word_ok(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ch_alnum(s.p[i]) && s.p[i] != '_' && s.p[i] != '-' && s.p[i] != '.')
			return false;
	return s.n > 0;
}

int platform_parse(struct platform *out, str text, struct err *e)
{
	struct platform p = { 0 };
	str rest;
	bool arch = str_cut(text, '/', &p.os, &rest);
	bool variant = arch && str_cut(rest, '/', &p.arch, &p.variant);

	if (arch && !variant)
		p.arch = rest;
	if (!word_ok(p.os) || !word_ok(p.arch) || (variant && !word_ok(p.variant)))
		return err_set(e, ERR_USAGE,
			       "\"" STR_FMT
			       "\" is not a platform such as linux/amd64 or linux/arm/v7",
			       STR_ARG(str_first(text, 160)));
	*out = p;
	return 0;
}

bool platform_fits(const struct platform *have, const struct platform *want)
{
	struct platform h = platform_plain(have), w = platform_plain(want);

	if (!str_eq(h.os, w.os) || !str_eq(h.arch, w.arch))
		return false;
	return !want->variant.n || str_eq(h.variant, w.variant);
}

struct platform platform_here(void)
{
	const struct arch_name *name = NULL;
	struct utsname u;

	if (uname(&u) == 0)
		name = arch_named(str_of(u.machine));
	return (struct platform){
		.os = STR("linux"),
		.arch = name ? name->arch : STR("unknown"),
		.variant = name && !str_eq(name->arch, STR("arm64")) ? name->variant : STR(""),
	};
}
