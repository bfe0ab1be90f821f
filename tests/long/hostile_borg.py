#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""borg stores that want to do harm. `write` runs this file with the system's python, where borg lives: items are packed as an
attacker could who may write to the store, past all that borg itself would refuse."""
import os
import pathlib
import stat
import subprocess
import sys

FILE, FOLDER, LINK = stat.S_IFREG | 0o644, stat.S_IFDIR | 0o755, stat.S_IFLNK | 0o777
TIME = 1_668_909_600_000_000_000


def zstd_of_zeros(count):
    return subprocess.run(f"head -c {count} /dev/zero | zstd -q -3", shell=True, capture_output=True, check=True).stdout


class Writer:
    def __init__(self, path):
        from borg.helpers import Manifest
        from borg.logger import setup_logging
        from borg.repository import Repository
        setup_logging(level="error")
        subprocess.run(["borg", "init", "-e", "none", path], check=True)
        self.repository = Repository(str(path), exclusive=True)
        self.repository.__enter__()
        self.manifest, self.key = Manifest.load(self.repository, Manifest.NO_OPERATION_CHECK)

    def chunk(self, content, claimed_size=None, raw=None):
        name = self.key.id_hash(content)
        stored = self.key.encrypt(content) if raw is None else b"\x02" + raw
        self.repository.put(name, stored)
        return (name, len(content) if claimed_size is None else claimed_size, len(stored))

    def file(self, path, content, **fields):
        return {"path": path, "mode": FILE, "uid": 0, "gid": 0, "user": "root", "group": "root", "mtime": TIME, "size": len(content), "chunks": [self.chunk(content)], **fields}

    def entry(self, path, mode, **fields):
        return {"path": path, "mode": mode, "uid": 0, "gid": 0, "mtime": TIME, **fields}

    def archive(self, entries, label="a", stream=None, **fields):
        from borg.helpers import msgpack
        plain = self.file("srv/plain.txt", b"good text\n" * 50)
        text = b"".join(msgpack.packb(item) for item in [plain, *entries]) if stream is None else stream
        ids = [self.chunk(text[at:at + (1 << 20)])[0] for at in range(0, max(len(text), 1), 1 << 20)]
        packed = msgpack.packb({"version": 1, "name": label, "comment": "", "items": ids, "cmdline": [], "hostname": "h", "username": "u", "time": "2022-11-20T02:00:00.000000",
                                "time_end": "2022-11-20T02:00:00.000000", "chunker_params": ("buzhash", 19, 23, 21, 4095), **fields})
        self.manifest.archives[label] = (self.chunk(packed)[0], "2022-11-20T02:00:00.000000")

    def finish(self):
        self.manifest.write()
        self.repository.commit(compact=False)
        self.repository.__exit__(None, None, None)


def names(writer, aim):
    odd = ["../planted", "a/../../planted", "/planted", f"{aim}/planted", "..", ".", "", "a//planted", "./planted", "nul\0planted", "x" * 300, "y" * 500_000, "d/" * 20_000 + "x", "\x1b[2J"]
    writer.archive([writer.file(name, b"planted by name\n") for name in odd])


def through_links(writer, aim):
    link = lambda path, to: writer.entry(path, LINK, source=to)
    writer.archive([link("out", aim), writer.file("out/planted", b"x\n"), link("up", "../../.."), writer.file("up/planted", b"x\n"), writer.file("later/planted", b"x\n"), link("later", aim),
                    link("file", f"{aim}/witness"), writer.file("file", b"over a link\n"), writer.entry("srv", LINK, source=aim), writer.file("srv/planted", b"x\n")])


def hard_links(writer, aim):
    slave = lambda path, to: writer.entry(path, FILE, source=to)
    writer.archive([slave("h1", f"{aim}/witness"), slave("h2", "../../witness"), slave("h3", "h3"), slave("h4", "nowhere"), {**writer.file("m", b"master\n"), "hardlink_master": True}, slave("h5", "m"),
                    writer.entry("l", LINK, source=aim), slave("h6", "l/witness"), {**writer.entry("d", FOLDER), "hardlink_master": True}, slave("h7", "d")])


def doubles(writer, aim):
    writer.archive([writer.file("same", b"%d\n" % number) for number in range(5_000)] + [writer.entry("same", FOLDER), writer.file("same/x", b"x"), writer.entry("same", LINK, source=aim), writer.file("same/planted", b"x")])


def nodes_of_power(writer, aim):
    writer.archive([writer.entry("disk", stat.S_IFBLK | 0o666, rdev=os.makedev(7, 0)), writer.entry("kmem", stat.S_IFCHR | 0o666, rdev=os.makedev(1, 2)), writer.entry("pipe", stat.S_IFIFO | 0o666),
                    writer.entry("socket", stat.S_IFSOCK | 0o666), writer.file("setuid", b"#!/bin/sh\n", mode=stat.S_IFREG | 0o6755), writer.file("setuid-of-another", b"#!/bin/sh\n", mode=stat.S_IFREG | 0o6755, uid=1000),
                    writer.file("capable", b"x", xattrs={b"security.capability": b"x" * 5000, b"user." + b"n" * 5000: b"", b"": b"x", b"user.nul\0x": b"x"}), writer.file("many", b"x", xattrs={b"user.%d" % n: b"v" for n in range(20_000)}),
                    writer.file("acl", b"x", acl_access=b"user::rwx\n" * 50_000, acl_default=b"\xff" * 1000), writer.file("flags", b"x", bsdflags=2**63)])


def absurd_fields(writer, aim):
    values = [{"uid": 2**64 - 1}, {"uid": -1}, {"uid": "root"}, {"mode": 2**63}, {"mode": -1}, {"mode": 0}, {"size": 2**63}, {"size": -1}, {"mtime": 2**64 - 1}, {"mtime": -2**63}, {"mtime": b"\xff" * 8}, {"mtime": None},
              {"chunks": None}, {"chunks": 5}, {"chunks": [(b"x", 1, 1)]}, {"chunks": [(bytes(32), 2**62, 2**62)] * 10}, {"chunks": [5]}, {"user": "\x1b[31m"}, {"group": b"\xff" * 100_000}, {"rdev": -5}, {5: 5}, {"path": 5}]
    writer.archive([{**writer.file(f"odd{number}", b"text of a file\n"), **fields} for number, fields in enumerate(values)])


def streams(writer, aim):
    """Items that are none: nested without end, counts that cannot be, cut."""
    from borg.helpers import msgpack
    whole = msgpack.packb(writer.file("srv/plain.txt", b"good text\n" * 50))
    for number, stream in enumerate((b"\x91" * 3_000_000, b"\x81\xa1x" * 1_000_000, b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff", b"\xdb\xff\xff\xff\xff", b"\xc1" * 1000, b"", whole + b"\xde\xff\xff" + whole, whole + whole[:20])):
        writer.archive([], f"s{number}", whole + stream)


def bombs(writer, aim):
    bomb = b"\x03\x00" + zstd_of_zeros(8 << 30)
    items = [{**writer.file(f"bomb{number}", b"%d" % number), "size": size, "chunks": [writer.chunk(b"bomb %d" % number, claimed_size=size, raw=bomb)]} for number, size in enumerate((16, 1 << 20, 2**32 - 1, 2**40))]
    writer.archive(items)
    name = writer.chunk(b"item bomb", raw=bomb)[0]
    writer.archive([], "b", items=[name])
    writer.archive([], "c", items=[name] * 100_000)


def wide(writer, aim):
    """2 GiB of zeros of one chunk; and a list of items that is the same chunk again and again."""
    zeros = writer.chunk(bytes(4 << 20))
    writer.archive([{**writer.file("wide", b"x"), "size": 512 * (4 << 20), "chunks": [zeros] * 512}])
    from borg.helpers import msgpack
    same = writer.chunk(b"".join(msgpack.packb(writer.entry(f"e{number}", FILE)) for number in range(5_000)))[0]
    writer.archive([], "again", items=[same] * 20_000)


def archives(writer, aim):
    for number, fields in enumerate(({"hostname": "\x1b[2J" * 1000}, {"time": "9999-99-99"}, {"time": 5}, {"items": 5}, {"items": [b"x"]}, {"items": [bytes(32)] * 1000}, {"version": 99}, {"cmdline": ["\x1b[31m"] * 10_000}, {"name": "other"}, {"username": None})):
        writer.archive([], f"x{number}\x1b[2J", **fields)
    writer.archive([])


CASES = [names, through_links, hard_links, doubles, nodes_of_power, absurd_fields, streams, bombs, wide, archives]


def write(path, case, aim):
    environment = {**os.environ, "BORG_BASE_DIR": str(path.parent / "borg-base"), "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes"}
    subprocess.run(["/usr/bin/python3", "-B", __file__, path, case, aim], check=True, env=environment)


if __name__ == "__main__":
    made = Writer(pathlib.Path(sys.argv[1]))
    globals()[sys.argv[2]](made, sys.argv[3])
    made.finish()
