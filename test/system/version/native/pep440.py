"""Lines in, answers out, by the library `packaging`; argument "satisfies" for ranges."""
import sys
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

for line in sys.stdin.buffer:
    a, b = line.decode().rstrip("\n").split("\t")
    try:
        if len(sys.argv) > 1:
            v = Version(a)
            print("yes" if SpecifierSet(b).contains(v, prereleases=True) else "no")
            continue
        x, y = Version(a), Version(b)
        print("<" if x < y else "=" if x == y else ">")
    except (InvalidVersion, InvalidSpecifier):
        print("!")
