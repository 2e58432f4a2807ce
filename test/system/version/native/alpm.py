"""Lines A<TAB>B in, one of < = > out, by libalpm's own alpm_pkg_vercmp."""
import ctypes
import ctypes.util
import sys

alpm = ctypes.CDLL(ctypes.util.find_library("alpm"))
for line in sys.stdin.buffer:
    a, b = line.rstrip(b"\n").split(b"\t")
    r = alpm.alpm_pkg_vercmp(a, b)
    print("<" if r < 0 else ">" if r > 0 else "=")
