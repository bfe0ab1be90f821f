# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""tar archives that want to do harm. Each function writes archives into `folder` and gives their paths; `aim` is a folder
outside that nothing may reach."""
import io
import subprocess
import tarfile

GIB = 1 << 30


def member(name, kind=tarfile.REGTYPE, content=b"", **fields):
    info = tarfile.TarInfo(name)
    info.type, info.size, info.mode, info.mtime = kind, len(content), 0o644, 1_600_000_000
    for key, value in fields.items():
        setattr(info, key, value)
    return info, content


def write(path, members, mode="w", tar_format=tarfile.PAX_FORMAT):
    with tarfile.open(path, mode, format=tar_format) as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content) if content else None)
    return path


PLAIN = member("srv/plain.txt", content=b"good text\n" * 50)


def names(folder, aim):
    odd = ["../planted", "../../planted", "srv/../../planted", "/planted", str(aim / "planted"), "./../planted", "srv//..//..//planted", "..", "/", ".", "", "srv/\x1b[2J", "x" * 300, "a/" * 5000 + "planted", "y" * 1_000_000]
    return [write(folder / "names.tar", [PLAIN] + [member(name, content=b"planted by name\n") for name in odd]),
            write(folder / "names-gnu.tar", [PLAIN] + [member(name, content=b"planted by name\n") for name in odd], tar_format=tarfile.GNU_FORMAT),
            write(folder / "pax.tar", [PLAIN, member("srv/x", content=b"x\n", pax_headers={"path": "../planted"}), member("srv/y", content=b"x\n", pax_headers={"path": "nul\0planted"})])]


def through_links(folder, aim):
    link = lambda name, to: member(name, tarfile.SYMTYPE, linkname=str(to))
    return [write(folder / "links.tar", [PLAIN, link("out", aim), member("out/planted", content=b"x\n"), link("up", "../../.."), member("up/planted", content=b"x\n"), link("a", "b"), link("b", "a"), member("a/planted", content=b"x\n"),
                                         member("later/planted", content=b"x\n"), link("later", aim), link("file", aim / "witness"), member("file", content=b"over a link\n"), link("srv", aim), member("srv/planted", content=b"x\n")])]


def hard_links(folder, aim):
    hard = lambda name, to: member(name, tarfile.LNKTYPE, linkname=str(to))
    members = [PLAIN, hard("h1", aim / "witness"), hard("h2", "../" * 9 + str(aim)[1:] + "/witness"), hard("h3", "h3"), hard("h4", "h5"), hard("h5", "h4"), hard("h6", "srv"), hard("h7", "srv/plain.txt"),
               member("l", tarfile.SYMTYPE, linkname=str(aim)), hard("h8", "l/witness"), hard("h9", "l"), member("h9", content=b"written through a hard link\n")]
    return [write(folder / "hard.tar", members), write(folder / "chain.tar", [PLAIN] + [hard(f"c{number + 1}", f"c{number}") for number in range(100_000)])]


def doubles(folder, aim):
    return [write(folder / "doubles.tar", [PLAIN] + [member("same", content=b"%d\n" % number) for number in range(20_000)] + [member("same", tarfile.DIRTYPE), member("same/x", content=b"x"), member("same", tarfile.SYMTYPE, linkname=str(aim)), member("same/planted", content=b"x")])]


def nodes_of_power(folder, aim):
    special = [member("disk", tarfile.BLKTYPE, devmajor=7, devminor=0, mode=0o666), member("kmem", tarfile.CHRTYPE, devmajor=1, devminor=2, mode=0o666), member("pipe", tarfile.FIFOTYPE),
               member("setuid", content=b"#!/bin/sh\n", mode=0o6755), member("setuid-of-another", content=b"#!/bin/sh\n", mode=0o6755, uid=1000), member("uid", content=b"x", uid=2**31 - 1, gid=2**60),
               member("times", content=b"x", mtime=2**60), member("before", content=b"x", mtime=-2**60), member("capable", content=b"x", pax_headers={"SCHILY.xattr.security.capability": "x" * 5000, "SCHILY.xattr.user." + "n" * 5000: "x"}),
               member("acl", content=b"x", pax_headers={"SCHILY.acl.access": "user::rwx," * 20_000}), member("comment", content=b"x", pax_headers={"comment": "x" * 20_000_000})]
    return [write(folder / "power.tar", [PLAIN, *special])]


def absurd_sizes(folder, aim):
    paths = []
    for number, size in enumerate((2**33, 2**62, 2**63, 2**64 - 1, 2**80)):
        header = bytearray(tarfile.TarInfo("srv/plain.txt").tobuf(tarfile.USTAR_FORMAT))
        header[124:136] = b"\x80" + size.to_bytes(11, "big")
        header[148:156] = b"        "
        header[148:156] = b"%06o\0 " % sum(header)
        path = folder / f"size{number}.tar"
        path.write_bytes(bytes(header) + b"x" * 1024)
        paths.append(path)
    long_name = bytearray(tarfile.TarInfo("././@LongLink").tobuf(tarfile.GNU_FORMAT))
    long_name[156:157] = b"L"
    long_name[124:136] = b"77777777777\0"
    long_name[148:156] = b"        "
    long_name[148:156] = b"%06o\0 " % sum(long_name)
    path = folder / "long-name.tar"
    path.write_bytes(bytes(long_name))
    with open(path, "r+b") as file:
        file.truncate(9 * GIB)  # holes: the name is there, and eight GiB long
    return [*paths, path]


def sparse_bombs(folder, aim):
    """1.0 maps in the data, 0.1 maps in pax records; the real size is what the writer likes."""
    paths = []
    for number, (size, text) in enumerate(((2**62, b"1\n0\n512\n"), (2**50, b"100000000\n" + b"0\n1\n" * 100), (2**32, b"2\n0\n512\n4294966784\n512\n"), (-5, b"1\n-1\n-1\n"))):
        content = text + bytes(-len(text) % 512) + b"x" * 1024
        info, _ = member("srv/GNUSparseFile.0/sparse", content=content, pax_headers={"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "srv/sparse", "GNU.sparse.realsize": str(size)})
        paths.append(write(folder / f"sparse{number}.tar", [PLAIN, (info, content)]))
    wide = ",".join(f"{n * 4096},1" for n in range(200_000))
    info, content = member("srv/wide", content=b"x" * 200_000, pax_headers={"GNU.sparse.map": wide, "GNU.sparse.size": str(2**55), "GNU.sparse.numblocks": "200000"})
    return [*paths, write(folder / "wide.tar", [PLAIN, (info, content)])]


def bombs(folder, aim):
    """Gigabytes of zeros, packed: as one file's content, and behind the archive's end."""
    head = folder / "head"
    info, _ = member("srv/zeros.txt")
    info.size = 4 * GIB
    head.write_bytes(PLAIN[0].tobuf(tarfile.PAX_FORMAT) + PLAIN[1] + bytes(-len(PLAIN[1]) % 512) + info.tobuf(tarfile.PAX_FORMAT))
    paths = []
    for ending, tool in (("gz", "gzip -1"), ("zst", "zstd -q -1"), ("xz", "xz -0 -T2"), ("bz2", "bzip2 -1")):
        count = GIB if ending == "bz2" else 4 * GIB
        if ending == "bz2":
            info.size = GIB
            head.write_bytes(head.read_bytes()[:-512] + info.tobuf(tarfile.PAX_FORMAT))
        path = folder / f"bomb.tar.{ending}"
        subprocess.run(f"(cat {head}; head -c {count + 1024} /dev/zero) | {tool} > {path}", shell=True, check=True)
        paths.append(path)
    behind = folder / "behind.tar.zst"
    subprocess.run(f"(head -c 1536 {head}; head -c {16 * GIB} /dev/zero) | zstd -q -1 > {behind}", shell=True, check=True)
    return [*paths, behind]


def many(folder, aim):
    return [write(folder / "many.tar", [PLAIN] + [member(f"srv/e{number}") for number in range(200_000)], tar_format=tarfile.USTAR_FORMAT)]


CASES = [names, through_links, hard_links, doubles, nodes_of_power, absurd_sizes, sparse_bombs, bombs, many]
