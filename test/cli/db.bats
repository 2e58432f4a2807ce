# Advisory data: from a folder, over the network with all its faults, and what is said of it.

setup() {
	export PLIMSOLL_DATA_DIR=$BATS_TEST_TMPDIR/data
	mirror=$PLIMSOLL_SOURCE/data/starter
	server=
}

teardown() {
	if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
}

# serve [PATH=FAULT]...: sets $url; requests are listed in $log.
serve() {
	command -v python3 >/dev/null || skip "no python3"
	teardown
	log=$BATS_TEST_TMPDIR/log
	: >"$log"
	rm -f "$BATS_TEST_TMPDIR/port"
	no_proxy='*' "$PLIMSOLL_SOURCE/test/cli/mirror-server" "$mirror" "$log" "$@" \
		>"$BATS_TEST_TMPDIR/port" 3>&- &
	server=$!
	for _ in $(seq 100); do
		[ -s "$BATS_TEST_TMPDIR/port" ] && break
		sleep 0.1
	done
	url=http://127.0.0.1:$(cat "$BATS_TEST_TMPDIR/port")
	export no_proxy='*'
}

digest() {
	readlink "$PLIMSOLL_DATA_DIR/current"
}

@test "a folder gives the same store twice, and everything in it is accounted for" {
	plimsoll db update --from "$mirror" -q
	first=$(digest)
	rm -rf "$PLIMSOLL_DATA_DIR"
	plimsoll db update --from "$mirror" -q
	[ "$(digest)" = "$first" ]
	plimsoll db verify | grep -q 'is whole'
	plimsoll db status -o json >"$BATS_TEST_TMPDIR/status"
	python3 - "$BATS_TEST_TMPDIR/status" <<-'PY'
	import json, sys
	s = json.load(open(sys.argv[1]))
	assert s["schema"] == "plimsoll.db/1" and len(s["sources"]) >= 18
	for x in s["sources"]:
	    assert x["read"] == x["stored"] + sum(x["dropped"].values()) and x["read"] > 0, x
	PY
}

@test "without a jail the store is the same" {
	plimsoll db update --from "$mirror" -q
	first=$(digest)
	rm -rf "$PLIMSOLL_DATA_DIR"
	plimsoll db update --from "$mirror" -q --unjailed
	[ "$(digest)" = "$first" ]
}

@test "over the network, what has not changed is not sent again" {
	serve
	plimsoll db update --from "$url" -q
	first=$(digest)
	[ "$(grep -c '^200 ' "$log")" -ge 18 ]
	: >"$log"
	plimsoll db update --from "$url" -q
	[ "$(digest)" = "$first" ]
	[ "$(grep -c '^200 ' "$log")" -eq 0 ]
	[ "$(grep -c '^304 ' "$log")" -ge 18 ]
}

@test "a transfer that breaks off goes on where it stopped" {
	serve osv/npm/all.zip=cut
	plimsoll db update --from "$url" -q
	grep -q '^206 /osv/npm/all.zip bytes=' "$log"
	plimsoll db search lodash | grep -q CVE-2021-23337
}

@test "a server that stumbles once is asked again, and redirects are followed" {
	serve debian/json.gz=500once osv/PyPI/all.zip=redirect
	plimsoll db update --from "$url" -q
	plimsoll db search jinja2 | grep -q '^PyPI jinja2'
	plimsoll db search CVE-2023-0464 | grep -q 'Debian:12 openssl'
}

@test "a feed that fails keeps its last good data and says so; the others are taken" {
	plimsoll db update --from "$mirror" -q
	for fault in 500 cutalways garbage loop 404; do
		serve "osv/npm/all.zip=$fault"
		run plimsoll db update --from "$url" -q
		echo "$fault: $output"
		[ "$status" -eq 1 ]
		[[ $output == *"osv/npm: "*"(its last good data is kept)"* ]]
		plimsoll db search lodash | grep -q CVE-2021-23337
		plimsoll db status | grep '^osv/npm ' | grep -q OLD
		plimsoll db status | grep -A1 '^osv/npm ' | grep -q 'kept: '
	done
	serve
	plimsoll db update --from "$url" -q
	[ "$(plimsoll db status | grep -c OLD)" -eq 0 ]
}

@test "a feed that fails and never was there is an error, and no gap is hidden" {
	serve osv/npm/all.zip=500
	run plimsoll db update --from "$url" -q
	[ "$status" -eq 1 ]
	[[ $output == *"osv/npm: "* ]]
	[ "$(plimsoll db status | grep -c '^osv/npm ')" -eq 0 ]
	plimsoll db status | grep -q '^osv/PyPI '
}

@test "when nothing can be had the old store stays" {
	plimsoll db update --from "$mirror" -q
	first=$(digest)
	run plimsoll db update --from http://127.0.0.1:9/ -q
	[ "$status" -eq 1 ]
	[ "$(digest)" = "$first" ]
	[ "$(plimsoll db status | grep -c OLD)" -eq 0 ]
}

@test "only and skip leave the other feeds as they are" {
	plimsoll db update --from "$mirror" -q
	first=$(digest)
	plimsoll db update --from "$mirror" -q --only osv/npm,kev
	[ "$(digest)" = "$first" ]
	plimsoll db update --from "$mirror" -q --skip osv
	[ "$(digest)" = "$first" ]
	rm -rf "$PLIMSOLL_DATA_DIR"
	plimsoll db update --from "$mirror" -q --only kev,epss
	[ "$(plimsoll db status | grep -cE '^(kev|epss|osv|debian)')" -eq 2 ]
}

@test "a record that is damaged costs itself; the message names file and record" {
	cp -r "$mirror" "$BATS_TEST_TMPDIR/mirror"
	chmod -R u+w "$BATS_TEST_TMPDIR/mirror"
	cd "$BATS_TEST_TMPDIR/mirror"
	python3 - <<-'PY'
	import zipfile
	with zipfile.ZipFile("osv/npm/all.zip", "a") as z:
	    z.writestr("BAD-1.json", '{"id": "BAD-1", "affected": 7}')
	PY
	plimsoll db update --from . -q
	plimsoll db status | grep -A1 '^osv/npm ' | grep -q 'first bad record: BAD-1.json'
	plimsoll db search lodash | grep -q CVE-2021-23337
}

@test "a package, an advisory and an alias are found; nothing known is said" {
	plimsoll db update --from "$mirror" -q
	plimsoll db search org.apache.logging.log4j:log4j-core | grep -q CVE-2021-44228
	plimsoll db search CVE-2021-44228 | grep -q 'known to be exploited'
	plimsoll db search CVE-2022-37434 -o json >"$BATS_TEST_TMPDIR/found"
	python3 - "$BATS_TEST_TMPDIR/found" <<-'PY'
	import json, sys
	x = json.load(open(sys.argv[1]))
	assert "UBUNTU-CVE-2022-37434" in x["names"], x["names"]
	assert {"Debian:12", "Alpine:v3.18"} <= {a["ecosystem"] for a in x["affected"]}
	assert x["risks"][0]["epss"] > 0 and any(a["cvss"] for a in x["advisories"])
	PY
	run plimsoll db search nonesuch-at-all
	[ "$status" -eq 1 ]
	[[ $output == *"nothing is known"* ]]
}

@test "a damaged store is noticed, and an update makes a new one" {
	plimsoll db update --from "$mirror" -q
	store=$PLIMSOLL_DATA_DIR/$(digest)
	chmod u+w "$store"
	printf 'overwritten' | dd of="$store" bs=1 seek=70000 conv=notrunc status=none
	run plimsoll db verify
	[ "$status" -eq 1 ]
	rm -rf "$PLIMSOLL_DATA_DIR"
	run plimsoll db status
	[ "$status" -eq 1 ]
	[[ $output == *"plimsoll db update"* ]]
	plimsoll db update --from "$mirror" -q
	plimsoll db verify
}

@test "two updates at once: one runs, the other says so" {
	mkdir -p "$PLIMSOLL_DATA_DIR"
	exec 9>"$PLIMSOLL_DATA_DIR/.lock"
	flock -n 9
	run plimsoll db update --from "$mirror" -q
	[ "$status" -eq 1 ]
	[[ $output == *"another update"* ]]
	exec 9>&-
	plimsoll db update --from "$mirror" -q
}

@test "db diff says what an update changed" {
	plimsoll db update --from "$mirror" -q --only kev,alpine
	cp -r "$PLIMSOLL_DATA_DIR" "$BATS_TEST_TMPDIR/old"
	plimsoll db update --from "$mirror" -q
	plimsoll db diff "$BATS_TEST_TMPDIR/old" "$PLIMSOLL_DATA_DIR" >"$BATS_TEST_TMPDIR/diff"
	grep -q '^new .*npm  lodash  ' "$BATS_TEST_TMPDIR/diff"
	grep -q "^packages' advisories: [0-9]* new, 0 changed, 0 gone" "$BATS_TEST_TMPDIR/diff"
	new=$(basename "$(readlink "$PLIMSOLL_DATA_DIR/current")" .store)
	plimsoll db diff "$new" "sha256:$new" | grep -q "^packages' advisories: 0 new, 0 changed, 0 gone"
	run plimsoll db diff "$new" nothing
	[ "$status" = 1 ]
}
