# fish completion for plimsoll. What there is to complete is asked of the program itself, which lists
# its options: command, option, letter, argument, repeat, words, help.

function __plimsoll_typed
	set -l words (commandline -opc)
	string join ' ' $words[2..-1]
end

function __plimsoll_command
	set -l typed (__plimsoll_typed)
	set -l best
	for name in (plimsoll __options 2>/dev/null | cut -f 1 | sort -u)
		if string match -q -- "$name *" "$typed "; and test (string length -- "$name") -gt (string length -- "$best")
			set best $name
		end
	end
	test -n "$best"; and echo $best
end

function __plimsoll_names
	set -l typed (__plimsoll_typed)
	for name in (plimsoll __options 2>/dev/null | cut -f 1 | grep -v '^_' | sort -u)
		if test -z "$typed"
			string split -f 1 ' ' $name
		else if string match -q -- "$typed *" $name
			string replace -- "$typed " '' $name
		end
	end | sort -u
end

function __plimsoll_options
	set -l command (__plimsoll_command)
	plimsoll __options 2>/dev/null | awk -F'\t' -v c="$command" '$1 == c { print "--" $2 ($4 == "" ? "" : "=") "\t" $7 }'
end

function __plimsoll_words
	set -l command (__plimsoll_command)
	set -l token (commandline -ct)
	set -l option (string replace -r -- '^--([^=]+)=.*' '$1' $token)
	plimsoll __options 2>/dev/null | awk -F'\t' -v c="$command" -v o="$option" '$1 == c && $2 == o { n = split($6, w, " "); for (i = 1; i <= n; i++) print "--" o "=" w[i] }'
end

complete -c plimsoll -n 'not __plimsoll_command >/dev/null' -f -a '(__plimsoll_names)'
complete -c plimsoll -n '__plimsoll_command >/dev/null; and string match -q -- "-*" (commandline -ct)' -f -a '(__plimsoll_options; __plimsoll_words)'
