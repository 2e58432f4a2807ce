"""Lines A<TAB>B in, one of < = > ! out, by portage.versions."""
import sys
from portage.versions import vercmp, ververify

for line in sys.stdin:
    a, b = line.rstrip("\n").split("\t")
    if not ververify(a) or not ververify(b):
        print("!")
        continue
    r = vercmp(a, b)
    print("<" if r < 0 else ">" if r > 0 else "=")
