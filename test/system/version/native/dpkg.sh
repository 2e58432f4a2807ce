#!/bin/sh
# Lines A<TAB>B in, one of < = > ! out, by dpkg itself: up to four processes a line.
tab=$(printf '\t')
while IFS= read -r line; do
	a=${line%%"$tab"*} b=${line#*"$tab"}
	if ! dpkg --validate-version -- "$a" || ! dpkg --validate-version -- "$b"; then
		echo '!'
	elif dpkg --compare-versions -- "$a" lt "$b"; then
		echo '<'
	elif dpkg --compare-versions -- "$a" eq "$b"; then
		echo '='
	else
		echo '>'
	fi
done 2>/dev/null
