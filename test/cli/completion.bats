# What the shells offer is what the program says it has.

setup() {
	source "$PLIMSOLL_SOURCE/packaging/completion/plimsoll.bash"
	plimsoll __options >"$BATS_TEST_TMPDIR/options"
}

offered() {
	COMP_LINE="$1" COMP_POINT=${#1}
	read -ra COMP_WORDS <<<"$1"
	COMPREPLY=()
	_plimsoll
	printf '%s\n' "${COMPREPLY[@]}"
}

commands() {
	cut -f 1 "$BATS_TEST_TMPDIR/options" | grep -v '^_' | sort -u
}

@test "the program lists its options" {
	[ -s "$BATS_TEST_TMPDIR/options" ]
	! grep -vP '^[a-z_ ]+\t[a-z0-9-]+\t.?\t[][A-Za-z0-9=,.|:/-]*\t(repeat|once)\t[^\t]*\t[^\t]+$' "$BATS_TEST_TMPDIR/options"
}

@test "bash offers every command by its first word" {
	[ -n "$(commands)" ] || skip "no command yet"
	[ "$(offered 'plimsoll ' | grep -v '^--' | sort)" = "$(commands | cut -d ' ' -f 1 | sort -u)" ]
}

@test "bash offers every option of every command" {
	while read -r name; do
		[ "$(offered "plimsoll $name --" | sort)" = "$(awk -F'\t' -v c="$name" \
			'$1 == c { print "--" $2 }' "$BATS_TEST_TMPDIR/options" | sort)" ]
	done < <(commands)
}

@test "bash offers the words of an option, after a blank and after =" {
	row=$(awk -F'\t' '$1 !~ /^_/ && $4 != "" && $6 != "" { print; exit }' "$BATS_TEST_TMPDIR/options")
	[ -n "$row" ] || skip "no option has words yet"
	IFS=$'\t' read -r name option _ <<<"$row"
	words=$(cut -f 6 <<<"$row" | tr ' ' '\n')
	[ "$(offered "plimsoll $name --$option ")" = "$words" ]
	[ "$(offered "plimsoll $name --$option=")" = "$words" ]
}

@test "bash offers files behind a source's prefix" {
	cd "$BATS_TEST_TMPDIR"
	name=$(commands | grep -x scan) || skip "no scan yet"
	touch image.tar
	[ "$(offered "plimsoll $name docker-archive:ima")" = image.tar ]
}

@test "zsh and fish take their files" {
	command -v zsh >/dev/null || command -v fish >/dev/null || skip "neither zsh nor fish is installed"
	! command -v zsh >/dev/null || zsh -n "$PLIMSOLL_SOURCE/packaging/completion/_plimsoll"
	! command -v fish >/dev/null || fish -n "$PLIMSOLL_SOURCE/packaging/completion/plimsoll.fish"
}
