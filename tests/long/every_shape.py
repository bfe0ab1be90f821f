# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""A tree with every shape that a backup has to keep, for root on a file system with attributes and flags (ext4)."""
import os
import pathlib
import stat
import subprocess

import story

# What `setcap cap_net_bind_service=ep` writes, without needing the tool.
CAPABILITY = bytes.fromhex("0100000200040000000000000000000000000000")
WORDS = b"ward bed result sodium 142 mmol/l\ndischarged OPD 12 patient\n"


def make_files(root):
    (root / "sizes").mkdir()
    for size in (0, 1, 511, 4095, 4096, 4097, 65537, 600_000):
        (root / "sizes" / str(size)).write_bytes(story.bytes_of(size, size))
    (root / "sizes/words").write_bytes(WORDS * 100_000)
    (root / "sizes/noise").write_bytes(story.bytes_of(9 * story.MIB + 17, "noise"))
    (root / "sizes/zeros").write_bytes(bytes(300_000))
    (root / "sparse").mkdir()
    for name, size, places in (("middle", 7 * story.MIB + 11, (0, 3 * story.MIB, 5 * story.MIB + 100)), ("all", 2 * story.MIB + 3, ()), ("end", 4 * story.MIB, (4 * story.MIB - 4096,))):
        with open(root / "sparse" / name, "wb") as file:
            file.truncate(size)
            for place in places:
                file.seek(place)
                file.write(story.bytes_of(4096, place))


def make_names(root):
    folder = root / "names"
    folder.mkdir()
    for name in (b"new\nline", b"tab\t", b"bad\xff\xfeutf8", "größe ü".encode(), b"-rf", b" ", b"back\\slash", b"'\"", b"n" * 255, b"...", b"a.bak9", b"%00"):
        pathlib.Path(os.fsdecode(os.path.join(os.fsencode(folder), name))).write_bytes(name)
    deep = folder
    for _ in range(12):
        deep = deep / ("d" * 100)
        deep.mkdir()
    (deep / "bottom").write_text("deep\n")
    (root / "empty-folder").mkdir()


def make_links(root):
    folder = root / "links"
    (folder / "a").mkdir(parents=True)
    (folder / "a/first").write_bytes(story.bytes_of(70_000, 21))
    (folder / "second").hardlink_to(folder / "a/first")
    (root / "third").hardlink_to(folder / "a/first")
    (folder / "empty-first").touch()
    (folder / "empty-second").hardlink_to(folder / "empty-first")
    (folder / "same-bytes").write_bytes(story.bytes_of(70_000, 21))
    for name, target in (("nowhere", b"no/where"), ("absolute", b"/etc/passwd"), ("itself", b"itself"), ("up", b"../" * 20 + b"tmp"), ("odd", b"\xff\n' "), ("long", b"l" * 1500)):
        os.symlink(target, os.fsencode(folder / name))
    os.mkfifo(folder / "pipe")
    (folder / "pipe-again").hardlink_to(folder / "pipe")
    os.mknod(folder / "character", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    os.mknod(folder / "block", stat.S_IFBLK | 0o660, os.makedev(7, 250))
    os.lchown(folder / "nowhere", 1234, 4321)


def make_attributes(root):
    folder = root / "attributes"
    folder.mkdir()
    for mode in (0o000, 0o400, 0o644, 0o755, 0o777, 0o4755, 0o2755, 0o6711, 0o1644):
        path = folder / oct(mode)
        path.write_text(f"{mode}\n")
        os.chown(path, 0 if mode & 0o1000 else 1000 + mode, 70_000)
        path.chmod(mode)
    for mode in (0o000, 0o700, 0o1777, 0o2770):
        (folder / f"folder-{mode:o}").mkdir()
        (folder / f"folder-{mode:o}" / "inside").write_text("x\n")
        (folder / f"folder-{mode:o}").chmod(mode)
    for name, key, value in (("plain", "user.note", b"a\0b\xff"), ("plain", "user.empty", b""), ("plain", "user.long", b"v" * 1500), ("plain", "trusted.mark", b"t"), ("capable", "security.capability", CAPABILITY)):
        (folder / name).touch(0o755)
        os.setxattr(folder / name, key, value)
    os.setxattr(folder, "user.of-folder", b"1")
    (folder / "with-acl").write_text("x\n")
    (folder / "shared").mkdir()
    subprocess.run(["setfacl", "-m", "u:1001:rw,g:1002:r,m::rw", folder / "with-acl"], check=True)
    subprocess.run(["setfacl", "-m", "u:1001:rwx", "-m", "d:u:1003:r,d:g::rx", folder / "shared"], check=True)
    (folder / "shared/child").write_text("x\n")


def set_times(root):
    """Odd and fine ones; folders after what they hold."""
    for number, (name, what) in enumerate(sorted(story.entries_below(root), reverse=True)):
        when = (1_600_000_000 + number * 86_400) * 10**9 + 123_456_789 + number
        os.utime(os.path.join(os.fsencode(root), name), ns=(10**18, when), follow_symlinks=False)
    for name, when in (("0", -86_400 * 10**9 + 5), ("1", 0), ("511", 1), ("4095", 4_102_444_800 * 10**9 + 999_999_999)):
        os.utime(root / "sizes" / name, ns=(10**18, when))


FLAGGED = {"names/flagged-dump": "+d", "names/flagged-append": "+a", "names/flagged-fixed": "+i", "empty-folder": "+d"}


def make(root):
    root.mkdir(parents=True)
    make_files(root)
    make_names(root)
    make_links(root)
    make_attributes(root)
    for name in FLAGGED:
        if not (root / name).exists():
            (root / name).write_text(name)
    set_times(root)
    for name, change in FLAGGED.items():
        subprocess.run(["chattr", change, root / name], check=True)


def remove(root):
    """Also what nobody may change."""
    if root.exists():
        subprocess.run(["chattr", "-R", "-f", "-i", "-a", root], check=False, stderr=subprocess.DEVNULL)
        subprocess.run(["rm", "-rf", root], check=True)
