# plimsoll scan and sbom: what they print, where, and with which exit code. The data is the sample
# in data/starter, the image is the demonstration's.

setup_file() {
	export PLIMSOLL_DATA_DIR=$BATS_FILE_TMPDIR/data PLIMSOLL_CACHE_DIR=$BATS_FILE_TMPDIR/cache
	export XDG_CONFIG_HOME=$BATS_FILE_TMPDIR/none IMAGE=$BATS_FILE_TMPDIR/demo.tar
	python3 "$PLIMSOLL_SOURCE/demo/make-image" "$IMAGE"
	plimsoll db update -q --from "$PLIMSOLL_SOURCE/data/starter"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "a violation is 2, and the summary says why" {
	run plimsoll scan --max-data-age any "docker-archive:$IMAGE"
	[ "$status" -eq 2 ]
	[[ $output == *"Coverage  full"* ]]
	[[ $output == *"Verdict   VIOLATION by policy built-in"* ]]
	[[ $output == *"known to be exploited [known-exploited]"* ]]
	[[ $output == *"CVE-2021-44228"* ]]
	[[ $output != *$'\e'* ]]
}

@test "nothing asked for and everything assessed is 0" {
	run plimsoll scan --max-data-age any --fail-on none "docker-archive:$IMAGE"
	[ "$status" -eq 0 ]
	[[ $output == *"Verdict   FIT"* ]]
}

@test "old data is 3, unless a violation is certain or partial is accepted" {
	run plimsoll scan --max-data-age 1h --fail-on none "docker-archive:$IMAGE"
	[ "$status" -eq 3 ]
	[[ $output == *"[feed-stale]"* ]]
	[[ $output == *"Verdict   NOT ASSESSED"* ]]
	run plimsoll scan --max-data-age 1h --fail-on none --accept-partial "docker-archive:$IMAGE"
	[ "$status" -eq 0 ]
	run plimsoll scan --max-data-age 1h --fail-on critical "docker-archive:$IMAGE"
	[ "$status" -eq 2 ]
}

@test "no data is 3, says what to run, and still lists the packages" {
	run plimsoll scan --data-dir "$BATS_TEST_TMPDIR/none" "docker-archive:$IMAGE"
	[ "$status" -eq 3 ]
	[[ $output == *'run `plimsoll db update`'* ]]
	[[ $output == *"Packages  32"* ]]
	[[ $output == *"Coverage  none"* ]]
}

@test "a misspelt second word of a command is named, with what was meant" {
	run plimsoll db updat
	[ "$status" -eq 1 ]
	[[ $output == *'no command "db updat"; did you mean "db update"?'* ]]
}

@test "why goes by the age of the data as scan does" {
	run plimsoll why --max-data-age any CVE-2021-45105 "docker-archive:$IMAGE"
	[ "$status" -eq 0 ]
	[[ $output != *"Coverage of the image"* ]]
	[[ $output == *"a version outside that range ends it"* ]]
	run plimsoll why --max-data-age 1h CVE-2021-45105 "docker-archive:$IMAGE"
	[[ $output == *"Coverage of the image is partial"* ]]
}

@test "no data is 3 where there is no package either" {
	mkdir empty
	run plimsoll scan --data-dir "$BATS_TEST_TMPDIR/none" dir:empty
	[ "$status" -eq 3 ]
	[[ $output == *"there is no advisory data [feed-missing]"* ]]
	run plimsoll scan --max-data-age any dir:empty
	[ "$status" -eq 0 ]
}

@test "what is not there and what is misspelt is 1, and says so" {
	run plimsoll scan docker-archive:/no/such/file
	[ "$status" -eq 1 ]
	[[ $output == *"/no/such/file"* ]]
	run plimsoll scan --fial-on high x
	[ "$status" -eq 1 ]
	[[ $output == *"did you mean --fail-on?"* ]]
	run plimsoll scan --fail-on hihg "docker-archive:$IMAGE"
	[ "$status" -eq 1 ]
	run plimsoll scan --max-data-age soon "docker-archive:$IMAGE"
	[ "$status" -eq 1 ]
	run plimsoll scan -o xml "docker-archive:$IMAGE"
	[ "$status" -eq 1 ]
	[[ $output == *"table json cyclonedx spdx purl csv"* ]]
	run plimsoll scan
	[ "$status" -eq 1 ]
	run plimsoll scna
	[ "$status" -eq 1 ]
	[[ $output == *'did you mean "scan"?'* ]]
}

@test "the same input gives the same bytes, cached or not, and they fit the schema" {
	plimsoll scan --max-data-age any --no-cache -o json=1.json "docker-archive:$IMAGE" || [ $? -eq 2 ]
	plimsoll scan --max-data-age any -o json "docker-archive:$IMAGE" >2.json || [ $? -eq 2 ]
	plimsoll scan --max-data-age any --jobs 1 -o json=3.json "docker-archive:$IMAGE" || [ $? -eq 2 ]
	plimsoll sbom -o json=4.json "docker-archive:$IMAGE"
	cmp 1.json 2.json
	cmp 1.json 3.json
	python3 -c 'import jsonschema' 2>/dev/null || skip "python3-jsonschema is not installed"
	python3 - "$PLIMSOLL_SOURCE/docs/reference/report.schema.json" 1.json 4.json <<-'END'
		import json, jsonschema, sys
		schema, *reports = [json.load(open(name)) for name in sys.argv[1:]]
		for report in reports:
		    jsonschema.Draft202012Validator(schema).validate(report)
		    names = {p["id"] for p in report["packages"]}
		    assert len(names) == len(report["packages"]) == 32
		    assert all(f["package"] in names for f in report["findings"])
		log4j = [f for f in reports[0]["findings"] if f["id"] == "CVE-2021-44228"]
		assert log4j and all(f["kev"] and f["severity"] == "critical" and f["layer"] == 2 for f in log4j)
		assert reports[1]["findings"] == [] and reports[1]["verdict"] is None
	END
}

@test "several formats go to their files, and only one to standard output" {
	run plimsoll scan --max-data-age any --fail-on none -o table -o json=r.json -o csv=r.csv \
		-o purl=r.txt "docker-archive:$IMAGE"
	[ "$status" -eq 0 ]
	[[ $output == *"Verdict   FIT"* ]]
	grep -q '"schema": "plimsoll.report/1"' r.json
	grep -q '^CVE-2021-44228,vulnerability,critical,maven,' r.csv
	grep -qx 'pkg:npm/lodash@4.17.20' r.txt
	[ "$(ls)" = $'r.csv\nr.json\nr.txt' ]
	run plimsoll scan -o table -o json "docker-archive:$IMAGE"
	[ "$status" -eq 1 ]
	run plimsoll scan --max-data-age any -o json=no/such/dir.json "docker-archive:$IMAGE"
	[ "$status" -eq 1 ]
}

@test "a full disk is an error, never a short report" {
	[ -w /dev/full ] || skip "no /dev/full"
	run sh -c 'plimsoll scan --max-data-age any --fail-on none "docker-archive:$IMAGE" >/dev/full'
	[ "$status" -eq 1 ]
	run plimsoll scan --max-data-age any --fail-on none -o json=/dev/full "docker-archive:$IMAGE"
	[ "$status" -eq 1 ]
}

@test "options come from the environment and the file as well" {
	PLIMSOLL_FAIL_ON=none PLIMSOLL_MAX_DATA_AGE=any run plimsoll scan "docker-archive:$IMAGE"
	[ "$status" -eq 0 ]
	printf 'fail-on: none\nmax-data-age: any\noutput: [purl, csv=from-file.csv]\n' >config.yaml
	plimsoll scan --config config.yaml "docker-archive:$IMAGE" >out.txt
	grep -q '^pkg:deb/debian/' out.txt
	[ -s from-file.csv ]
	printf 'fail_on: none\n' >config.yaml
	run plimsoll scan --config config.yaml "docker-archive:$IMAGE"
	[ "$status" -eq 1 ]
	[[ $output == *'config.yaml: line 1'*'did you mean "fail-on"?'* ]]
}

@test "why tells what matched, from where, and what would change it" {
	run plimsoll why GHSA-jfh8-c2jp-5v3q "docker-archive:$IMAGE"
	[ "$status" -eq 0 ]
	[[ $output == *"log4j-core 2.14.1 is affected: critical"* ]]
	[[ $output == *"feed       osv/Maven"* ]]
	[[ $output == *"layer      2"* ]]
	[[ $output == *"app/lib/ledger.jar"* ]]
	[[ $output == *"ends it"* ]]
	run plimsoll why CVE-2021-44228
	[ "$status" -eq 0 ]
	[[ $output == *"org.apache.logging.log4j:log4j-core"* ]]
	run plimsoll why CVE-1900-0001
	[ "$status" -eq 1 ]
	[[ $output == *'no feed speaks of "CVE-1900-0001"'* ]]
	run plimsoll why --data-dir "$BATS_TEST_TMPDIR/none" CVE-2021-44228
	[ "$status" -eq 1 ]
}

@test "components that could not all be read are 3" {
	mkdir -p root/var/lib/dpkg root/etc
	printf 'ID=debian\nVERSION_ID=12\n' >root/etc/os-release
	printf 'Package: a\nStatus: install ok installed\nVersion: 1.0-1\n' >root/var/lib/dpkg/status
	run plimsoll sbom -o purl dir:root
	[ "$status" -eq 0 ]
	[[ $output == "pkg:deb/debian/a@1.0-1"* ]]
	printf '{ not json' >root/package-lock.json
	mkdir -p root/app/node_modules/x
	printf '{ not json' >root/app/node_modules/x/package.json
	run plimsoll sbom dir:root
	[ "$status" -eq 3 ]
	[[ $output == *"Coverage  partial"* ]]
	[[ $output == *"[unreadable]"* ]]
}

@test "a system without its package database, and an unknown one, are never clean" {
	mkdir -p root/etc
	printf 'ID=debian\nVERSION_ID=12\n' >root/etc/os-release
	run plimsoll scan --max-data-age any dir:root
	[ "$status" -eq 3 ]
	printf 'ID=tinfoil\nVERSION_ID=1\n' >root/etc/os-release
	run plimsoll scan --max-data-age any dir:root
	[ "$status" -eq 3 ]
	[[ $output == *"[os-unknown]"* ]]
	[[ $output == *"Coverage  none"* ]]
	rm root/etc/os-release
	run plimsoll scan --max-data-age any dir:root
	[ "$status" -eq 0 ]
	[[ $output == *"Coverage  full"* ]]
}

@test "CycloneDX names each component once and each vulnerability with what it affects" {
	plimsoll scan --max-data-age any --fail-on none -o cyclonedx=1.json "docker-archive:$IMAGE"
	plimsoll scan --max-data-age any --fail-on none -o cyclonedx=2.json "docker-archive:$IMAGE"
	cmp 1.json 2.json
	plimsoll sbom -o cyclonedx=3.json "docker-archive:$IMAGE"
	python3 - 1.json 3.json <<-'END'
		import json, sys
		full, parts = [json.load(open(name)) for name in sys.argv[1:]]
		assert full["bomFormat"] == "CycloneDX" and full["specVersion"] == "1.6"
		refs = [c["bom-ref"] for c in full["components"]]
		assert len(refs) == len(set(refs)) == 33 and refs[0] == "os"
		assert parts["components"] == full["components"] and "vulnerabilities" not in parts
		ids = [v["id"] for v in full["vulnerabilities"]]
		assert len(ids) == len(set(ids)) and "CVE-2021-44228" in ids
		assert all(a["ref"] in refs for v in full["vulnerabilities"] for a in v["affects"])
		levels = {"critical", "high", "medium", "low", "info", "none", "unknown"}
		assert all(x.get("severity", "none") in levels for v in full["vulnerabilities"] for x in v["ratings"])
		log4j = next(c for c in full["components"] if c["name"] == "log4j-core")
		assert log4j["group"] == "org.apache.logging.log4j" and log4j["purl"].startswith("pkg:maven/")
	END
}

@test "SPDX is the same from run to run, names each package once and contains it in the image" {
	plimsoll sbom -o spdx=1.json "docker-archive:$IMAGE"
	plimsoll sbom -o spdx=2.json "docker-archive:$IMAGE"
	cmp 1.json 2.json
	python3 - 1.json <<-'END'
		import json, re, sys
		doc = json.load(open(sys.argv[1]))
		assert doc["spdxVersion"] == "SPDX-2.3" and doc["dataLicense"] == "CC0-1.0"
		assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", doc["documentNamespace"])
		ids = [p["SPDXID"] for p in doc["packages"]]
		assert len(ids) == len(set(ids)) == 34 and ids[0] == "SPDXRef-Image"
		assert [r["relatedSpdxElement"] for r in doc["relationships"]] == ids
		assert sum("externalRefs" in p for p in doc["packages"]) == 32
		declared = {p["licenseDeclared"] for p in doc["packages"]}
		assert declared - {"NOASSERTION"}, declared
	END
}

# Runs a command where the kernel takes no system call filter: seccomp(2) is answered with EPERM.
without_seccomp() {
	python3 - "$@" <<-'END'
		import ctypes, os, platform, struct, sys
		number = {"x86_64": 317, "aarch64": 277}[platform.machine()]
		rule = lambda code, yes, no, k: struct.pack("HBBI", code, yes, no, k)
		rules = ctypes.create_string_buffer(
		    rule(0x20, 0, 0, 0) + rule(0x15, 0, 1, number) +
		    rule(0x06, 0, 0, 0x00050001) + rule(0x06, 0, 0, 0x7fff0000))
		program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", 4, ctypes.addressof(rules)))
		libc = ctypes.CDLL(None)
		if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, program):
		    sys.exit(77)
		os.execvp(sys.argv[1], sys.argv[1:])
	END
}

@test "without its jail it reads nothing, says why, and names --unjailed" {
	run --separate-stderr without_seccomp plimsoll scan --no-cache --max-data-age any -o json \
		"docker-archive:$IMAGE"
	[ "$status" -ne 77 ] || skip "no seccomp here to be taken away"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr == *"system call filter"* ]]
	[[ $stderr == *"--unjailed"* ]]
	run without_seccomp plimsoll scan --no-cache --max-data-age any --fail-on none --unjailed \
		"docker-archive:$IMAGE"
	[ "$status" -eq 0 ]
	[[ $output == *"Coverage  full"* ]]
}

@test "a bill of materials has the findings of the image that it was made of" {
	scan() { plimsoll scan --max-data-age any --fail-on none -o json="$1" "${@:2}"; }
	scan image.json -o cyclonedx=c.json -o spdx=s.json "docker-archive:$IMAGE"
	scan from-c.json c.json
	scan from-s.json sbom:s.json
	python3 - image.json from-c.json from-s.json <<-'END'
		import json, sys
		image, *others = [json.load(open(name)) for name in sys.argv[1:]]
		assert len(image["findings"]) > 10
		parts = ("packages", "findings", "coverage", "verdict")
		assert [p for o in others for p in parts if image[p] != o[p]] == []
		assert all({**image["artifact"], "source": "sbom"} == o["artifact"] for o in others)
	END
}

@test "what a bill of materials lists and cannot be read is said, and 3" {
	cp "$PLIMSOLL_SOURCE/fuzz/corpus/sbom/trivy.json" .
	run plimsoll scan --max-data-age any --fail-on none trivy.json
	[ "$status" -eq 3 ]
	[[ $output == *"components without a purl"* ]]
	[[ $output == *"components whose purl is not one"* ]]
	echo '{"spdxVersion": "SPDX-3.0"}' >3.json
	run plimsoll sbom sbom:3.json
	[ "$status" -eq 1 ]
	[[ $output == *"only SPDX-2.2 and 2.3"* ]]
}
