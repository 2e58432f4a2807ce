# Every option of --help stands in the command's manual page, and no page tells of one that is not.

page_of() {
	echo "$PLIMSOLL_SOURCE/man/plimsoll-${1%% *}.1"
}

@test "every command has a page and every option is in it" {
	plimsoll __options | grep -v '^_' >"$BATS_TEST_TMPDIR/options" || skip "no command yet"
	missing=
	while IFS=$'\t' read -r command option letter _; do
		page=$(page_of "$command")
		if [ ! -f "$page" ]; then
			missing+="$command: no page"$'\n'
		elif ! grep -qE "\.It (Fl $letter( |$).*)?(, )?Fl -$option( |$)" "$page"; then
			missing+="$command: --$option is not in the page"$'\n'
		fi
	done <"$BATS_TEST_TMPDIR/options"
	echo "$missing" | sort -u
	[ -z "$missing" ]
}

@test "no page tells of an option that is not there" {
	plimsoll __options | grep -v '^_' >"$BATS_TEST_TMPDIR/options" || skip "no command yet"
	gone=
	while read -r first; do
		page=$(page_of "$first")
		for option in $(sed -n 's/^\.It .*Fl -\([a-z0-9-]*\).*/\1/p' "$page"); do
			awk -F'\t' -v c="$first" -v o="$option" 'split($1, w, " ") && w[1] == c && $2 == o { found = 1 }
				END { exit !found }' "$BATS_TEST_TMPDIR/options" || gone+="$first: --$option"$'\n'
		done
	done < <(cut -f 1 "$BATS_TEST_TMPDIR/options" | cut -d ' ' -f 1 | sort -u)
	echo "$gone"
	[ -z "$gone" ]
}

@test "every command answers --help, and so does the program" {
	plimsoll --help | grep -q '^Usage: plimsoll'
	plimsoll --version | grep -qE '^plimsoll [0-9]+\.[0-9]+'
	while read -r name; do
		# shellcheck disable=SC2086
		plimsoll $name --help | grep -q "^Usage: plimsoll $name"
	done < <(plimsoll __options | grep -v '^_' | cut -f 1 | sort -u)
}
