# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""restic stores that want to do harm. Each function fills a writer; `aim` is a folder outside that nothing may reach."""
import base64
import hashlib
import json
import subprocess

import story


def zstd_of_zeros(count):
    return subprocess.run(f"head -c {count} /dev/zero | zstd -q -3", shell=True, capture_output=True, check=True).stdout


def top(writer, nodes):
    writer.snapshot(writer.tree([writer.folder("srv", [writer.file("plain.txt", b"good text\n" * 50), *nodes])]))


def names(writer, aim):
    odd = ["..", ".", "", "a/b", "../../planted-up", f"{aim}/planted", "/planted", "nul\0after", "..\0", "x" * 300, "y" * 1_000_000, "\\x2e\\x2e", "..\\", "new\nline", "\x1b[2J"]
    top(writer, [writer.file(name, b"planted by name\n") for name in odd] + [writer.folder("..", [writer.file("planted", b"x")]), writer.folder("d/../..", [writer.file("planted", b"x")])])


def through_links(writer, aim):
    top(writer, [writer.link("out", str(aim)), writer.folder("out", [writer.file("planted", b"through a link\n")]),
                 writer.folder("d", [writer.link("up", "../../../../../../.."), writer.folder("up", [writer.file("planted", b"x")])]),
                 writer.folder("later", [writer.file("planted", b"x")]), writer.link("later", str(aim)), writer.link("file", f"{aim}/witness"), writer.file("file", b"over a link\n")])


def doubles(writer, aim):
    top(writer, [writer.file("same", b"one\n"), writer.file("same", b"two\n"), writer.folder("same", [writer.file("x", b"x")]), writer.folder("d", [writer.file("x", b"1")]), writer.folder("d", [writer.file("x", b"2")])])


def nodes_of_power(writer, aim):
    top(writer, [writer.file("setuid", b"#!/bin/sh\n", mode=0o6755 | 1 << 23 | 1 << 22, uid=0), {"name": "disk", "type": "dev", "mode": 0o666 | 1 << 26, "device": 7 << 8},
                 {"name": "kmem", "type": "chardev", "mode": 0o666, "device": (1 << 8) | 2}, {"name": "pipe", "type": "fifo", "mode": 0o666}, {"name": "socket", "type": "socket", "mode": 0o666},
                 writer.file("capable", b"x", extended_attributes=[{"name": "security.capability", "value": base64.b64encode(bytes.fromhex("0100000200040000000000000000000000000000")).decode()}]),
                 writer.file("acl", b"x", extended_attributes=[{"name": "system.posix_acl_access", "value": base64.b64encode(b"\x02\0\0\0" + b"\xff" * 4000).decode()}]),
                 writer.file("xattrs", b"x", extended_attributes=[{"name": name, "value": base64.b64encode(b"v" * size).decode()} for name, size in
                                                                  (("trusted.overlay.opaque", 1), ("user." + "n" * 400, 1), ("user.nul\0x", 1), ("user.big", 1 << 20), ("", 1), ("../x", 1))]),
                 writer.file("many-xattrs", b"x", extended_attributes=[{"name": f"user.{n}", "value": "dg=="} for n in range(20_000)])])


def absurd_fields(writer, aim):
    values = [{"uid": 2**32 - 1, "gid": 2**32 - 1}, {"uid": -1}, {"uid": 2**70}, {"uid": "root"}, {"mode": 2**63}, {"mode": -5}, {"size": 2**63}, {"size": -1}, {"size": 2**62}, {"mtime": "9999-12-31T23:59:59Z"},
              {"mtime": "-0001-00-00T00:00:00Z"}, {"mtime": "x" * 10_000}, {"mtime": 5}, {"links": 2**63, "inode": 2**64 - 1, "device_id": 2**64 - 1}, {"content": None}, {"content": "x"}, {"content": [5]},
              {"content": ["zz"]}, {"content": ["00" * 32] * 10}, {"type": "teapot"}, {"type": "dir", "subtree": None}, {"type": "dir", "subtree": "00" * 32}, {"type": "symlink", "linktarget": ""},
              {"type": "symlink", "linktarget": "n\0ul"}, {"type": "symlink", "linktarget": "l" * 5_000_000}, {"user": "\x1b[31mroot", "group": "x" * 100_000}, {"error": "\x1b[2J"}]
    top(writer, [{**writer.file(f"odd{number}", b"text of a file\n"), **fields} for number, fields in enumerate(values)])


def hard_links_that_lie(writer, aim):
    """One inode, other bytes."""
    top(writer, [writer.file("one", b"content one\n", inode=7, links=3, device_id=1), writer.file("two", b"content two, longer\n", inode=7, links=3, device_id=1), writer.link("zlink", str(aim))])


def cycles(writer, aim):
    """A folder that names itself: its name cannot be the digest of what it says, so the index lies."""
    name = "c1" * 32
    writer.blob(1, json.dumps({"nodes": [{"name": "again", "type": "dir", "mode": 0o755, "subtree": name}]}).encode(), claimed_id=name)
    top(writer, [{"name": "loop", "type": "dir", "mode": 0o755, "subtree": name}])
    writer.snapshot(name)


def deep(writer, aim):
    nodes = [writer.file("bottom", b"deep\n")]
    for _ in range(5_000):
        nodes = [writer.folder("d", nodes)]
    top(writer, nodes)


def many_ways(writer, aim):
    """Ten folders that are one, in ten that are one, ...: 10^12 paths of 12 trees."""
    nodes = [writer.file("x", b"x\n")]
    for _ in range(12):
        below = writer.tree(nodes)
        nodes = [{"name": f"w{number}", "type": "dir", "mode": 0o755, "subtree": below} for number in range(10)]
    top(writer, nodes)


def zstd_bombs(writer, aim):
    bomb = zstd_of_zeros(8 << 30)
    ids = [writer.blob(0, b"", claimed_id=hashlib.sha256(b"bomb%d" % claimed).hexdigest(), packed=bomb, claimed_length=claimed) for claimed in (16, 1 << 20, 2**32 - 1)]
    tree = writer.blob(1, b"", claimed_id=hashlib.sha256(b"tree bomb").hexdigest(), packed=bomb, claimed_length=2**32 - 1)
    top(writer, [{"name": f"bomb{number}", "type": "file", "mode": 0o644, "size": 1 << 20, "content": [name]} for number, name in enumerate(ids)] + [{"name": "folder", "type": "dir", "mode": 0o755, "subtree": tree}])
    writer.snapshot(tree)


def wide_content(writer, aim):
    """Of 4 MiB of zeros that are there, 500 times: a file of 2 GiB whose bytes are all right."""
    zeros = bytes(4 << 20)
    name = writer.blob(0, zeros, packed=zstd_of_zeros(4 << 20), claimed_length=4 << 20)
    top(writer, [{"name": "wide", "type": "file", "mode": 0o644, "size": 500 << 22, "content": [name] * 500}])


def enormous_index(writer, aim):
    writer.more_packs.append({"id": "ee" * 32, "blobs": [{"id": hashlib.sha256(str(n).encode()).hexdigest(), "type": "data", "offset": 2**62 + n, "length": 2**62} for n in range(200)]})
    writer.more_packs.append({"id": "dd" * 32, "blobs": [{"id": "aa" * 32, "type": "tree", "offset": -1, "length": -5}, {"id": "ab" * 32, "type": "data", "offset": 0, "length": 0, "uncompressed_length": 2**63}]})
    writer.more_packs.append({"id": "cc" * 32, "blobs": [{"id": f"{n:064x}", "type": "data", "offset": 40 * n, "length": 40} for n in range(300_000)]})
    top(writer, [{"name": "far", "type": "file", "mode": 0o644, "size": 100, "content": [hashlib.sha256(b"5").hexdigest()]}])


def deep_json(writer, aim):
    writer.snapshot(writer.raw_tree(b'{"nodes":' + b"[" * 200_000))
    writer.snapshot(writer.raw_tree(b'{"nodes":[{"name":"x","type":"file","x":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}]}"))
    writer.snapshot(writer.raw_tree(b"{" * 100))
    writer.snapshot(writer.raw_tree(b'{"nodes":[' + b'{"name":"\\ud800"},' * 200_000 + b"{}]}"))
    top(writer, [])


def many_names(writer, aim):
    """A folder of 200,000 refused names and one of 50,000 empty files."""
    top(writer, [writer.folder("refused", [{"name": "../x%d" % n, "type": "file", "mode": 0o644} for n in range(200_000)]), writer.folder("many", [{"name": "f%06d" % n, "type": "file", "mode": 0o644} for n in range(50_000)])])


def odd_snapshots(writer, aim):
    tree = writer.tree([writer.file("a", b"a\n")])
    for fields in ({"hostname": "\x1b[2Jh" * 1000, "username": "\x1b]0;x\x07"}, {"time": "9999-99-99T00:00:00Z"}, {"time": 5}, {"paths": ["../../x\x1b[31m"] * 10_000}, {"tree": "zz"}, {"tree": "00" * 32}, {"paths": None},
                   {"parent": "x" * 1_000_000}, {"tags": ["\x1b[5m"] * 1000}):
        writer.snapshot(tree, **fields)
    top(writer, [])


CASES = [names, through_links, doubles, nodes_of_power, absurd_fields, hard_links_that_lie, cycles, deep, many_ways, zstd_bombs, wide_content, enormous_index, deep_json, many_names, odd_snapshots]
# Key files whose own numbers want all memory or all time: opening must refuse them.
KEYS = [(2**40, 8, 1), (2**20, 2**20, 1), (2**14, 8, 2**25), (3, 8, 1), (2**24, 64, 4)]
