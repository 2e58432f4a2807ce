# bash completion for plimsoll. What there is to complete is asked of the program itself, which
# lists its options: command, option, letter, argument, repeat, words, help.

_plimsoll_reply()
{
	local cur=$1
	shift
	mapfile -t COMPREPLY < <(compgen -W "$*" -- "$cur")
}

# The longest command that the words begin with, on standard output: "db update", "scan" or nothing.
_plimsoll_command()
{
	awk -F'\t' -v line="$2 " 'index(line, $1 " ") == 1 && length($1) > length(best) { best = $1 }
		END { print best }' <<<"$1"
}

_plimsoll()
{
	local line=${COMP_LINE:0:COMP_POINT} table command cur prev words option value=
	table=$("${COMP_WORDS[0]}" __options 2>/dev/null) || return
	read -ra words <<<"${line#* }"
	cur=
	[[ $line == *' ' ]] || { cur=${words[-1]}; unset 'words[-1]'; }
	prev=${words[*]: -1}
	command=$(_plimsoll_command "$table" "${words[*]}")

	option=${prev#--}
	if [[ $cur == --*=* ]]; then
		option=${cur%%=*} option=${option#--} value=${cur#*=} prev=--$option
	elif [[ $prev == --* ]]; then
		value=$cur
	else
		option=
	fi
	if [[ -z $command ]]; then
		_plimsoll_reply "$cur" "$(awk -F'\t' -v line="${words[*]}" '
			$1 ~ /^_/ { next }
			line == "" { split($1, w, " "); print w[1]; next }
			index($1, line " ") == 1 { print substr($1, length(line) + 2) }' <<<"$table" |
			sort -u) --help --version"
	elif [[ -n $option ]] && awk -F'\t' -v c="$command" -v o="$option" \
		'$1 == c && $2 == o && $4 != "" { found = 1 } END { exit !found }' <<<"$table"; then
		_plimsoll_reply "$value" "$(awk -F'\t' -v c="$command" -v o="$option" \
			'$1 == c && $2 == o { print $6 }' <<<"$table")"
		[[ ${#COMPREPLY[@]} -gt 0 ]] || mapfile -t COMPREPLY < <(compgen -f -- "$value")
	elif [[ $cur == -* ]]; then
		_plimsoll_reply "$cur" "$(awk -F'\t' -v c="$command" \
			'$1 == c { print "--" $2 }' <<<"$table")"
	else
		mapfile -t COMPREPLY < <(compgen -f -- "${cur#*:}") # a source: its prefix is typed already
	fi
}
complete -o filenames -o bashdefault -F _plimsoll plimsoll
