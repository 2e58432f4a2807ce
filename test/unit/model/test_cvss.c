#include "model/cvss.h"

#include "tap.h"

static int tenths_of(str score)
{
	str whole, part;
	uint32_t a = 0, b = 0;

	if (!str_cut(score, '.', &whole, &part) || !str_u32(whole, &a) || !str_u32(part, &b))
		return -1;
	return (int)(a * 10 + b);
}

/* Every line of the file "vector<TAB>score"; how many were wrong, or -1 when it cannot be read. */
static int wrong_lines(const char *path)
{
	FILE *f = fopen(path, "re");
	char text[512];
	int wrong = 0, lines = 0;

	if (!f)
		return -1;
	while (fgets(text, sizeof(text), f)) {
		str vector, score;

		if (text[0] == '#' || !str_cut(str_trim(str_of(text)), '\t', &vector, &score))
			continue;
		lines++;
		if (cvss_base(vector) == tenths_of(score))
			continue;
		printf("# " STR_FMT ": %d, not " STR_FMT "\n", STR_ARG(vector), cvss_base(vector),
		       STR_ARG(score));
		wrong++;
	}
	fclose(f);
	return lines ? wrong : -1;
}

TEST(vectors_score_what_was_published_for_them)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/cvss/scores.tsv", getenv("PLIMSOLL_TEST_DATA"));
	CHECK(wrong_lines(path) == 0);
}

TEST(an_empty_vector_has_no_score)
{
	CHECK(cvss_base(STR("")) == -1);
	CHECK(cvss_version_of(STR("")) == CVSS_NONE);
	CHECK(cvss_severity(STR("")) == SEVERITY_UNKNOWN);
}

TEST(ratings_follow_the_scale_of_their_version)
{
	CHECK(cvss_rating(CVSS_31, 90) == SEVERITY_CRITICAL);
	CHECK(cvss_rating(CVSS_31, 89) == SEVERITY_HIGH);
	CHECK(cvss_rating(CVSS_31, 70) == SEVERITY_HIGH);
	CHECK(cvss_rating(CVSS_31, 69) == SEVERITY_MEDIUM);
	CHECK(cvss_rating(CVSS_31, 40) == SEVERITY_MEDIUM);
	CHECK(cvss_rating(CVSS_31, 1) == SEVERITY_LOW);
	CHECK(cvss_rating(CVSS_31, 0) == SEVERITY_NEGLIGIBLE);
	CHECK(cvss_rating(CVSS_2, 100) == SEVERITY_HIGH);
	CHECK(cvss_rating(CVSS_2, 0) == SEVERITY_LOW);
	CHECK(cvss_rating(CVSS_31, -1) == SEVERITY_UNKNOWN);
	CHECK(cvss_severity(STR("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")) ==
	      SEVERITY_CRITICAL);
}

TEST_MAIN
