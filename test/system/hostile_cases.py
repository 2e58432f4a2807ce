"""Hostile images as a table: name, what must come of it, and how its bytes are made.

REFUSE: something in it cannot be read or is a lie, so never fit: exit 1 or 3.
SURVIVE: odd, yet nothing need be wrong: any documented exit code, in time, within memory.
Whichever: no crash, no hang, nothing written outside, nothing of the host in the output.
"""
import json
import random
import struct

from imagekit import (BASE, BLOCKDEV, CHAR, FIFO, LINK, OS_RELEASE, STATUS, SYMLINK, digest,
                      docker_archive, entry, gz, header, image_config, oci_archive, oci_files, pad,
                      pax, tar, zipped)

REFUSE, SURVIVE = "refuse", "survive"
CASES = []
MIB = 1 << 20


def case(name, must):
    def keep(make):
        CASES.append((name, must, make))
        return make
    return keep


def add(name, must, make):
    CASES.append((name, must, make))


def over(*entries):
    """An image of the good base and a layer of these entries."""
    return docker_archive([BASE, tar(*entries)])


def noise(n, seed=1):
    return random.Random(seed).randbytes(n)


# Paths and kinds of files.
ESCAPE = "plimsoll-escape-"
STATUS_AT = "var/lib/dpkg/status"
add("absolute paths", SURVIVE, lambda: over(entry(f"/tmp/{ESCAPE}1", "x"), entry("/etc/x", "x")))
add("paths that climb", SURVIVE, lambda: over(entry("../" * 30 + f"tmp/{ESCAPE}2", "x")))
add("a database below climbing paths", SURVIVE,
    lambda: over(entry("usr/../var/lib/../lib/dpkg/status", "garbage")))
add("a path of 64 KiB", SURVIVE, lambda: over(entry("d/" * 32768 + "f", "x")))
add("a path with control bytes", SURVIVE, lambda: over(entry(b"a\x1b[31m\n\x07b", "x")))
add("a path that is no UTF-8", SURVIVE, lambda: over(entry(b"app/\xff\xfe/package.json", "{}")))
add("a whiteout that climbs", SURVIVE, lambda: over(entry("../../.wh.etc", "")))
add("a whiteout of the root", SURVIVE, lambda: over(entry(".wh..", ""), entry(".wh.", "")))
add("a status file that is a symlink out", SURVIVE,
    lambda: over(entry(STATUS_AT, kind=SYMLINK, link="../" * 20 + "etc/passwd")))
add("a status file that is a hard link out", SURVIVE,
    lambda: over(entry(STATUS_AT, kind=LINK, link="/etc/passwd")))
add("symlinks in a ring", SURVIVE,
    lambda: over(entry("a", kind=SYMLINK, link="b"), entry("b", kind=SYMLINK, link="a"),
                 entry("a/package.json", "{}")))
add("os-release in a ring of symlinks", REFUSE, lambda: docker_archive([tar(
    entry("etc/os-release", kind=SYMLINK, link="../usr/lib/os-release"),
    entry("usr/lib/os-release", kind=SYMLINK, link="../../etc/os-release"),
    entry(STATUS_AT, STATUS))]))
add("a hard link to itself", SURVIVE, lambda: over(entry(STATUS_AT, kind=LINK, link=STATUS_AT)))
add("hard links in a chain of 5000", SURVIVE, lambda: over(
    *[entry(f"h{i}", kind=LINK, link=f"h{i + 1}") for i in range(5000)]))
for word, kind in (("a device", CHAR), ("a block device", BLOCKDEV), ("a pipe", FIFO)):
    add(f"a status file that is {word}", SURVIVE,
        lambda kind=kind: over(entry(STATUS_AT, kind=kind)))
add("a folder and a file of one name", SURVIVE,
    lambda: over(entry("app", "x"), entry("app/package.json", "{}")))

# tar.
add("a size beyond the archive", REFUSE, lambda: over(entry("big", "x", size=1 << 40)))
add("a size of 2^63 in base 256", REFUSE, lambda: over(entry("big", "x", size=(1 << 63) + 5)))
add("a negative size", REFUSE, lambda: over(entry("big", "x", size=-1)))
add("a size that is no number", REFUSE,
    lambda: docker_archive([BASE, header("x", b"99zz!!", b"0") + bytes(1024)]))
add("a wrong checksum", REFUSE, lambda: docker_archive(
    [BASE, entry("a", "x") + header("b", 0, checksum=1) + bytes(1024)]))
add("noise after the first entry", REFUSE,
    lambda: docker_archive([BASE, entry("a", "x") + noise(4096)]))
add("a layer that is noise", REFUSE, lambda: docker_archive([BASE, noise(8192)]))
add("an empty layer of no bytes", SURVIVE, lambda: docker_archive([BASE, b""]))
add("a layer without its end", SURVIVE, lambda: docker_archive([BASE, entry("a", "x")]))
add("20,000 PAX headers", SURVIVE, lambda: over(
    *[x for i in range(20000) for x in (pax([("path", f"p{i}")]), entry("x"))]))
add("20,000 PAX headers on end", SURVIVE, lambda: over(
    *[pax([("comment", "c")]) for _ in range(20000)], entry("x")))
add("a PAX header of 16 MiB", REFUSE,
    lambda: over(pax([("comment", b"c" * (16 * MIB))]), entry("x", "x")))
add("a PAX size that lies", REFUSE, lambda: over(pax([("size", 1 << 62)]), entry("x", "x")))
add("a PAX size below zero", REFUSE, lambda: over(pax([("size", "-5")]), entry("x", "x")))
add("a PAX record whose length lies", REFUSE, lambda: docker_archive(
    [BASE, header("p", 512, b"x") + pad(b"999999999 path=x\n" + b"y" * 490) + entry("x", "x")
     + bytes(1024)]))
add("a GNU long name of 32 MiB", REFUSE, lambda: docker_archive(
    [BASE, header("././@LongLink", 32 * MIB, b"L") + b"n" * (32 * MIB) + entry("x", "x")
     + bytes(1024)]))
add("200,000 empty files", SURVIVE,
    lambda: over(*[header(f"f/{i}", 0) for i in range(200000)]))

# Compression.
add("a gigabyte of zeros in one file", SURVIVE, lambda: oci_archive([BASE, ZEROS_LAYER()]))
add("a gigabyte of zeros as a status file", REFUSE,
    lambda: oci_archive([BASE, ZEROS_LAYER(STATUS_AT)]))


def ZEROS_LAYER(name="zeros"):
    return header(name, 1 << 30) + bytes(1 << 30) + bytes(1024)


def gz_changed(change):
    good = gz(BASE)
    return oci_archive([BASE], stored=[change(good)])


add("a gzip layer cut short", REFUSE, lambda: gz_changed(lambda z: z[:len(z) // 2]))
add("a gzip layer with a wrong CRC", REFUSE,
    lambda: gz_changed(lambda z: z[:-8] + b"\0\0\0\0" + z[-4:]))
add("a gzip layer with a wrong length", REFUSE, lambda: gz_changed(lambda z: z[:-4] + b"\0\0\0\0"))
add("a gzip layer with noise behind", SURVIVE, lambda: gz_changed(lambda z: z + noise(100)))
add("a gzip header and nothing else", REFUSE, lambda: gz_changed(lambda z: z[:10]))
add("a gzip layer in a thousand members", SURVIVE, lambda: oci_archive(
    [BASE], stored=[b"".join(gz(BASE[i:i + 8]) for i in range(0, len(BASE), 8))]))
add("noise called zstd", REFUSE, lambda: oci_archive(
    [BASE], stored=[b"\x28\xb5\x2f\xfd" + noise(500)],
    media="application/vnd.oci.image.layer.v1.tar+zstd"))
add("a zstd window of 2 GiB", REFUSE, lambda: oci_archive(
    [BASE], stored=[b"\x28\xb5\x2f\xfd\x00\xa8" + noise(500)],
    media="application/vnd.oci.image.layer.v1.tar+zstd"))

# What the image says of itself.
GOOD = [BASE, tar(entry("app/package.json", '{"name":"a","version":"1.0.0"}'))]
add("a DiffID that lies", REFUSE, lambda: docker_archive(
    GOOD, config=image_config([GOOD[0], b"other"])))
add("fewer DiffIDs than layers", REFUSE, lambda: docker_archive(
    GOOD, config=image_config(GOOD[:1])))
add("more DiffIDs than layers", REFUSE, lambda: docker_archive(
    GOOD, config=image_config(GOOD + [b"x"])))
add("a configuration without layers", REFUSE, lambda: docker_archive(GOOD, config=b"{}"))
add("a configuration that is no JSON", REFUSE, lambda: docker_archive(GOOD, config=b"{nonsense"))
add("a configuration of 32 MiB", REFUSE, lambda: docker_archive(
    GOOD, config=image_config(GOOD, filler="x" * (32 * MIB))))
add("an image for another system", REFUSE, lambda: docker_archive(
    GOOD, config=image_config(GOOD, os="windows", architecture="ppc64le")))
for word, text in (
        ("that is no JSON", b"[{"), ("that is empty", b""), ("of no image", b"[]"),
        ("of 200,000 brackets", b"[" * 200000), ("of nulls", b"[null,null]"),
        ("with wrong types", b'[{"Config":7,"Layers":{"a":1}}]'),
        ("with layers that are not there",
         b'[{"Config":"x.json","RepoTags":null,"Layers":["nowhere"]}]'),
        ("with layers that climb",
         b'[{"Config":"../../../../etc/passwd","Layers":["/etc/passwd","../../etc/shadow"]}]')):
    add(f"a manifest {word}", REFUSE, lambda text=text: docker_archive(GOOD, manifest=text))
add("a manifest of 32 MiB", REFUSE, lambda: docker_archive(GOOD, manifest=b" " * (32 * MIB)))
add("a manifest of 5,000 layers", REFUSE, lambda: docker_archive([BASE] * 5000))
add("the same layer 100 times", SURVIVE, lambda: docker_archive([BASE] * 100))
add("an archive with no manifest", REFUSE, lambda: tar(entry("x", "x")))
add("an archive of nothing", REFUSE, lambda: tar())
add("no bytes at all", REFUSE, lambda: b"")
add("noise", REFUSE, lambda: noise(100000))


def oci_changed(change):
    files = oci_files(GOOD)
    change(files)
    return tar(*[entry(name, data) for name, data in files.items()])


def largest(files):
    return max((f for f in files if f.startswith("blobs/")), key=lambda f: len(files[f]))


@case("an OCI blob that is not its digest", REFUSE)
def _():
    return oci_changed(lambda f: f.update({largest(f): gz(tar(entry("etc/os-release", "ID=x")))}))


@case("an OCI blob that is missing", REFUSE)
def _():
    return oci_changed(lambda f: f.pop(largest(f)))


def reindexed(change):
    def edit(files):
        index = json.loads(files["index.json"])
        change(index, files)
        files["index.json"] = json.dumps(index).encode()
    return oci_changed(edit)


@case("an OCI index without manifests", REFUSE)
def _():
    return reindexed(lambda index, files: index.update(manifests=[]))


@case("an OCI digest that climbs", REFUSE)
def _():
    return reindexed(lambda index, files: index["manifests"][0].update(
        digest="sha256:../../../../../../etc/passwd"))


@case("an OCI size that lies", REFUSE)
def _():
    return reindexed(lambda index, files: index["manifests"][0].update(size=1))


@case("an OCI index that names itself", REFUSE)
def _():
    def loop(index, files):
        own = "sha256:" + "0" * 64
        index["manifests"] = [{"mediaType": "application/vnd.oci.image.index.v1+json",
                               "digest": own, "size": 1000}]
        files["blobs/sha256/" + "0" * 64] = json.dumps(index).encode()
    return reindexed(loop)


@case("OCI indexes in a chain of 100", REFUSE)
def _():
    def chain(index, files):
        for _ in range(100):
            inner = json.dumps(index).encode()
            files["blobs/sha256/" + digest(inner)] = inner
            index["manifests"] = [{"mediaType": "application/vnd.oci.image.index.v1+json",
                                   "digest": "sha256:" + digest(inner), "size": len(inner)}]
    return reindexed(chain)


# Package databases and artefacts.
DATABASES = (STATUS_AT, "lib/apk/db/installed", "var/lib/rpm/rpmdb.sqlite",
             "var/lib/rpm/Packages", "var/lib/rpm/Packages.db")
for path in DATABASES:
    add(f"noise as {path}", REFUSE,
        lambda path=path: docker_archive([tar(entry("etc/os-release", OS_RELEASE),
                                              entry(path, noise(70000)))]))
add("a SQLite header and noise as rpmdb.sqlite", REFUSE, lambda: over(
    entry("var/lib/rpm/rpmdb.sqlite", b"SQLite format 3\0" + noise(70000))))
add("a stanza without a version", REFUSE, lambda: over(
    entry(STATUS_AT, "Package: a\nStatus: install ok installed\n")))
add("a status file cut in a stanza", SURVIVE, lambda: over(entry(STATUS_AT, STATUS[:-60])))
add("a status file of 96 MiB", REFUSE, lambda: over(entry(STATUS_AT, STATUS * 300000)))
add("100,000 packages", SURVIVE, lambda: over(entry(STATUS_AT, "\n".join(
    STATUS.split("\n\n")[0].replace("openssl", f"p{i}") + "\n" for i in range(100000)))))
add("one field of 32 MiB", SURVIVE, lambda: over(
    entry(STATUS_AT, STATUS + "\nPackage: b\nVersion: 1\nDescription: " + "d" * (32 * MIB) + "\n")))
add("names with escape sequences", SURVIVE, lambda: over(entry(
    "app/node_modules/x/package.json",
    '{"name":"\\u001b]0;owned\\u0007\\u001b[2Jx","version":"1.0.0"}')))
add("os-release of noise", REFUSE, lambda: docker_archive(
    [tar(entry("etc/os-release", noise(3000)), entry(STATUS_AT, STATUS))]))
add("an unknown distribution", REFUSE, lambda: docker_archive(
    [tar(entry("etc/os-release", "ID=nowhere\nVERSION_ID=1\n"), entry(STATUS_AT, STATUS))]))
add("package.json of noise", REFUSE,
    lambda: over(entry("app/node_modules/x/package.json", noise(500))))
add("package.json of 100,000 brackets", REFUSE, lambda: over(
    entry("app/node_modules/x/package.json", '{"name":"x","version":"1","a":' + "[" * 100000)))
add("METADATA of noise", REFUSE, lambda: over(
    entry("usr/lib/python3/site-packages/x-1.dist-info/METADATA", noise(500))))


def nested_jar(depth):
    inner = zipped([("META-INF/maven/a/b/pom.properties",
                     "version=1\ngroupId=a\nartifactId=b\n")])
    for i in range(depth):
        inner = zipped([(f"lib/n{i}.jar", inner)])
    return inner


add("a jar that is noise", REFUSE, lambda: over(entry("app/x.jar", b"PK\3\4" + noise(5000))))
add("a jar cut short", REFUSE, lambda: over(entry("app/x.jar", nested_jar(1)[:-30])))
add("jars 30 deep", REFUSE, lambda: over(entry("app/x.jar", nested_jar(30))))
add("a jar whose record inflates to 256 MiB", REFUSE, lambda: over(entry("app/x.jar", zipped([
    ("META-INF/maven/a/b/pom.properties", bytes(256 * MIB))]))))
add("a jar whose inner jar inflates to 512 MiB", REFUSE, lambda: over(entry("app/x.jar", zipped([
    ("lib/y.jar", bytes(512 * MIB))]))))


@case("a jar whose directory lies about sizes", REFUSE)
def _():
    raw = bytearray(nested_jar(0))
    at = raw.rindex(b"PK\1\2")
    raw[at + 20:at + 28] = struct.pack("<II", 0x7FFFFFFF, 0x7FFFFFFF)
    return over(entry("app/x.jar", bytes(raw)))


@case("a jar of 100,000 entries", SURVIVE)
def _():
    return over(entry("app/x.jar", zipped([(f"c/{i}.class", "") for i in range(100000)])))


@case("a Go program whose build record lies about its length", SURVIVE)
def _():
    body = b"\xff Go buildinf:" + bytes([8, 2]) + bytes(16) + b"\xff" * 9 + b"\x01go"
    return over(entry("app/go", b"\x7fELF\2\1\1" + bytes(9) + bytes(1024) + body, mode=0o755))


@case("an ELF whose tables lie anywhere", SURVIVE)
def _():
    head = b"\x7fELF\2\1\1" + bytes(9) + struct.pack(
        "<HHIQQQIHHHHHH", 2, 62, 1, 0, 1 << 62, 1 << 63, 0, 64, 56, 65535, 64, 65535, 65534)
    return over(entry("app/elf", head + noise(1000), mode=0o755))


# The good image, damaged: whatever is answered with 0 or 2 must be the good image's own answer.
def good_forms():
    return (("docker-archive", docker_archive(GOOD)), ("oci-archive", oci_archive(GOOD)))


def damaged(seed=7, cuts=12, flips=40):
    rng = random.Random(seed)
    for form, data in good_forms():
        for i in range(cuts):
            at = rng.randrange(1, len(data))
            yield f"{form} cut at {at}", form, data[:at]
        for i in range(flips):
            at, bit = rng.randrange(len(data)), rng.randrange(8)
            changed = bytearray(data)
            changed[at] ^= 1 << bit
            yield f"{form} with bit {bit} of byte {at} turned", form, bytes(changed)
