# The demonstration image with the data of the tree, end to end: what a user sees must be so.

setup_file() {
	export DEMO=$BATS_FILE_TMPDIR
	export PLIMSOLL_DATA_DIR=$DEMO/data PLIMSOLL_CACHE_DIR=$DEMO/cache HOME=$DEMO
	"$PLIMSOLL_SOURCE/demo/make-image" "$DEMO/image.tar"
	plimsoll db update --quiet --from "$PLIMSOLL_SOURCE/data/starter"
	plimsoll scan --max-data-age any --platform linux/amd64 -o json "$DEMO/image.tar" \
		>"$DEMO/report.json" && echo 0 >"$DEMO/code" || echo $? >"$DEMO/code"
}

setup() {
	command -v jq >/dev/null || skip "jq is not installed (tools/setup --test)"
}

# ask FILTER: true for the report.
ask() {
	jq -e "$1" "$DEMO/report.json" >/dev/null
}

# package NAME VERSION: its record.
package() {
	jq -e --arg n "$1" --arg v "$2" '.packages[] | select(.name == $n and .version == $v)' "$DEMO/report.json"
}

# findings NAME VERSION: the ids and aliases of what is said of it.
findings() {
	jq -r --arg n "$1" --arg v "$2" '(.packages | map({(.id): .}) | add) as $p | .findings[] |
		select(.package and $p[.package].name == $n and $p[.package].version == $v) |
		.id, .aliases[]' "$DEMO/report.json" | sort -u
}

@test "the whole of it could be read" {
	[ "$(cat "$DEMO/code")" = 0 ] || [ "$(cat "$DEMO/code")" = 2 ]
	ask '.schema == "plimsoll.report/1" and .coverage.level == "full" and .coverage.os.id == "debian"'
	ask '.artifact.layers | length == 4'
}

@test "what a later layer deleted is not there" {
	ask '[.packages[] | select(.name == "axios")] | length == 0'
}

@test "the layer that brought a package is named" {
	package libssl3 3.0.8-1 | jq -e '.layer == 0 and .type == "deb" and .source.name == "openssl"'
	package openssl 3.0.8-1 | jq -e '.layer == 1'
	package lodash 4.17.20 | jq -e '.layer == 2 and .type == "npm"'
}

@test "Log4Shell in a jar within a jar is found and known to be exploited" {
	findings org.apache.logging.log4j:log4j-core 2.14.1 | grep -x CVE-2021-44228 ||
		findings log4j-core 2.14.1 | grep -x CVE-2021-44228
	ask '[.findings[] | select(.id == "CVE-2021-44228" or (.aliases | index("CVE-2021-44228")))] | length > 0 and all(.kev)'
}

@test "a Debian source package's advisory names its binaries, with the version that mends it" {
	findings libssl3 3.0.8-1 | grep -x CVE-2023-0464
	ask '[.findings[] | select(.id == "CVE-2023-0464")] | length > 0 and all(.fixed | index("3.0.9-1"))'
}

@test "npm, Python and Go parts have their findings" {
	findings lodash 4.17.20 | grep -q CVE-2021
	findings minimist 1.2.5 | grep -x CVE-2021-44906
	ask '[.packages[] | select(.type == "pypi") | .version] | index("2.11.2") and index("2022.9.24")'
	ask '[.findings[].id] | any(startswith("GO-") or startswith("PYSEC-") or startswith("CVE-2022"))'
}

@test "a library that a Debian package owns is listed and not matched twice" {
	jq -e '[.packages[] | select(.type == "pypi" and .version == "3.1.2")] | length == 1 and all(.owned_by != null)' "$DEMO/report.json"
	[ -z "$(findings Jinja2 3.1.2)$(findings jinja2 3.1.2)" ]
}

@test "the same again, from the cache, is the same bytes" {
	run plimsoll scan --max-data-age any --platform linux/amd64 -o "json=$DEMO/again.json" "$DEMO/image.tar"
	[ "$status" = "$(cat "$DEMO/code")" ]
	cmp "$DEMO/report.json" "$DEMO/again.json"
}

@test "another platform is refused, not taken" {
	run plimsoll scan --max-data-age any --platform linux/s390x "$DEMO/image.tar"
	[ "$status" = 1 ]
}

@test "old data is not called good" {
	run plimsoll scan --fail-on none --platform linux/amd64 "$DEMO/image.tar"
	[ "$status" = 3 ]
	[[ $output == *"NOT ASSESSED"* ]]
}

@test "a violation is certain, whatever else could not be assessed" {
	run plimsoll scan --platform linux/amd64 "$DEMO/image.tar"
	[ "$status" = 2 ]
}

@test "no data is not called good" {
	PLIMSOLL_DATA_DIR=$DEMO/none run plimsoll scan --platform linux/amd64 "$DEMO/image.tar"
	[ "$status" = 3 ] || [ "$status" = 1 ]
}

@test "why explains a finding, and says no to one that is not there" {
	run plimsoll why CVE-2021-44228 "$DEMO/image.tar"
	[ "$status" = 0 ]
	[[ $output == *log4j-core* && $output == *2.14.1* ]]
	run plimsoll why CVE-1999-99999 "$DEMO/image.tar"
	[ "$status" != 0 ]
}
