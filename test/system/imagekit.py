"""Images for tests, byte by byte: tar entries that no tar program would write, layers, and the two
archive forms. Nothing here needs root, a network or a container engine."""
import gzip
import hashlib
import io
import json

BLOCK = 512
FILE, LINK, SYMLINK, CHAR, BLOCKDEV, DIR, FIFO = b"0", b"1", b"2", b"3", b"4", b"5", b"6"


def pad(data):
    return data + bytes(-len(data) % BLOCK)


def number(value, width):
    """Octal as tar has it, or the base-256 form where octal does not do."""
    if isinstance(value, bytes):
        return value.ljust(width, b"\0")[:width]
    if 0 <= value < 8 ** (width - 1):
        return b"%0*o\0" % (width - 1, value)
    return b"\x80" + (value & (1 << 8 * (width - 1)) - 1).to_bytes(width - 1, "big")


def header(name, size, kind=FILE, link="", mode=0o644, checksum=None, magic=b"ustar\00000"):
    raw = name if isinstance(name, bytes) else name.encode()
    target = link if isinstance(link, bytes) else link.encode()
    h = bytearray(BLOCK)
    h[0:100] = raw[:100].ljust(100, b"\0")
    h[100:108], h[108:116], h[116:124] = number(mode, 8), number(0, 8), number(0, 8)
    h[124:136], h[136:148] = number(size, 12), number(1688169600, 12)
    h[148:156], h[156:157] = b" " * 8, kind
    h[157:257] = target[:100].ljust(100, b"\0")
    h[257:265] = magic
    total = sum(h) if checksum is None else checksum
    h[148:156] = b"%06o\0 " % (total & 0o777777)
    return bytes(h)


def entry(name, data=b"", kind=FILE, size=None, **more):
    """One entry; `size` lies when given, names beyond 100 bytes get a GNU long name."""
    data = data.encode() if isinstance(data, str) else data
    raw = name if isinstance(name, bytes) else name.encode()
    long = b""
    if len(raw) > 100:
        long = header("././@LongLink", len(raw) + 1, b"L") + pad(raw + b"\0")
    return long + header(raw, len(data) if size is None else size, kind, **more) + pad(data)


def pax(records, kind=b"x"):
    body = b""
    for key, value in records:
        value = value if isinstance(value, bytes) else str(value).encode()
        rest = b" " + key.encode() + b"=" + value + b"\n"
        n = len(rest)
        while len(str(n).encode() + rest) != n:
            n = len(str(n).encode() + rest)
        body += str(n).encode() + rest
    return header("PaxHeaders/x", len(body), kind) + pad(body)


def tar(*entries):
    return b"".join(entries) + bytes(2 * BLOCK)


def digest(data):
    return hashlib.sha256(data).hexdigest()


def gz(data):
    return gzip.compress(data, 6, mtime=0)


OS_RELEASE = ("ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n"
              "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n")
STATUS = ("Package: openssl\nStatus: install ok installed\nArchitecture: amd64\n"
          "Maintainer: A <a@example.org>\nVersion: 3.0.8-1\nDescription: a\n\n"
          "Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\nSource: zlib\n"
          "Maintainer: A <a@example.org>\nVersion: 1:1.2.13.dfsg-1\nDescription: b\n")
BASE = tar(entry("etc/os-release", OS_RELEASE), entry("var/lib/dpkg/status", STATUS))


def image_config(layers, **more):
    return json.dumps({
        "architecture": "amd64", "os": "linux", "created": "2023-07-01T00:00:00Z", "config": {},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + digest(x) for x in layers]},
        "history": [{"created": "2023-07-01T00:00:00Z", "created_by": "test"} for _ in layers],
        **more}).encode()


def docker_archive(layers, config=None, manifest=None, stored=None, extra=()):
    """What `docker save` writes; `stored` replaces what lies there of the layers."""
    config = image_config(layers) if config is None else config
    name = digest(config) + ".json"
    paths = [f"{i}-{digest(x)[:12]}/layer.tar" for i, x in enumerate(layers)]
    if manifest is None:
        manifest = json.dumps([{"Config": name, "RepoTags": ["hostile/test:1"],
                                "Layers": paths}]).encode()
    blobs = [entry(p, x) for p, x in zip(paths, stored or layers)]
    return tar(*blobs, entry(name, config), entry("manifest.json", manifest), *extra)


def oci_files(layers, stored=None, config=None, media="application/vnd.oci.image.layer.v1.tar+gzip"):
    """Path to content of an OCI layout with gzip layers."""
    config = image_config(layers) if config is None else config
    blobs = stored or [gz(x) for x in layers]
    files = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}',
             "blobs/sha256/" + digest(config): config}
    files.update({"blobs/sha256/" + digest(b): b for b in blobs})
    manifest = json.dumps({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json",
                   "digest": "sha256:" + digest(config), "size": len(config)},
        "layers": [{"mediaType": media, "digest": "sha256:" + digest(b), "size": len(b)}
                   for b in blobs]}).encode()
    files["blobs/sha256/" + digest(manifest)] = manifest
    files["index.json"] = json.dumps({
        "schemaVersion": 2, "manifests": [{
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "digest": "sha256:" + digest(manifest), "size": len(manifest),
            "annotations": {"org.opencontainers.image.ref.name": "1"}}]}).encode()
    return files


def oci_archive(layers, **more):
    return tar(*[entry(name, data) for name, data in oci_files(layers, **more).items()])


def zipped(entries):
    import zipfile
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in entries:
            z.writestr(zipfile.ZipInfo(name, (2023, 7, 1, 0, 0, 0)), data,
                       zipfile.ZIP_DEFLATED)
    return out.getvalue()
