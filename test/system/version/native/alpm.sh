#!/bin/sh
# Lines A<TAB>B in, one of < = > out, by pacman's vercmp: one process a line.
tab=$(printf '\t')
while IFS= read -r line; do
	case $(vercmp "${line%%"$tab"*}" "${line#*"$tab"}") in
	-1) echo '<' ;;
	0) echo '=' ;;
	1) echo '>' ;;
	esac
done
