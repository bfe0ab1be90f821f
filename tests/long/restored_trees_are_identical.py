#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""restored_trees_are_identical.py PROGRAM [restic|borg]: what lastgood restores is what was backed up, whatever the store is like.

restic format 1 and 2 by compression and pack size, borg's 8 key modes by 7 compressions: each backs up one tree with every shape
(every_shape.py); lastgood and the tool itself restore it, and both are held against the original in content, kind, mode, owner,
times in nanoseconds, extended attributes, ACLs, capabilities, flags, hard-link groups and holes. Where lastgood's tree differs
from the original, the script fails; where the tool's own does, it says so. As root; about ten minutes on two cores."""
import collections
import sys

import every_shape
import story

# What need not agree. Names of pipes and devices become nodes of their own: what is one file is kept of regular files only.
# restic 0.14 stores no flags of chattr and no link targets that are not UTF-8; borg keeps times from 1970 to 2038.
EXPLAINED = {"restic": ("links/pipe': same_as", "links/pipe-again': same_as", ": flags is", "links/odd': link is"),
             "borg": ("links/pipe': same_as", "links/pipe-again': same_as", "sizes/0': mtime_ns is 0,", "sizes/4095': mtime_ns is 2147310847000000000,")}
BORG_MODES = ("passphrase", "none", "authenticated", "authenticated-blake2", "repokey", "keyfile", "repokey-blake2", "keyfile-blake2")
BORG_COMPRESSIONS = ("none", "lz4", "zstd,3", "zlib,6", "lzma,1", "auto,zstd,3", "obfuscate,3,lz4")

# Borg itself makes no store of its oldest key mode any more, but carries its code: run in one process, it still can.
BORG_OF_OLD = """
import sys, borg.crypto.key as key, borg.archiver as archiver
key.PassphraseKey.ARG_NAME = "passphrase"
key.AVAILABLE_KEY_TYPES += (key.PassphraseKey,)
identify = key.identify_key
key.identify_key = lambda data: key.PassphraseKey if data[0] == key.PassphraseKey.TYPE else identify(data)
sys.exit(archiver.main())
"""


class Matrix:
    def __init__(self, program, folder):
        self.program, self.folder = story.Program(program, folder / "c.case"), folder
        self.srv = folder / "srv"
        self.peer_differs = collections.defaultdict(collections.Counter)
        self.failures, self.stores = [], 0

    def differences(self, tool, wanted, out):
        found = story.differences(wanted, story.state_of_tree(str(out) + str(self.srv)))
        return [line for line in found if not any(words in line for words in EXPLAINED[tool])]

    def compare(self, tool, label, source, wanted, restore_by_peer):
        self.stores += 1
        before = story.state_of_source(*self.store_paths)
        self.program.fresh(source)
        self.program.call("backups", "judge")
        self.program.call("plan", "--out", self.folder / "p.json")
        ours, theirs = self.folder / "ours", self.folder / "theirs"
        done = self.program.call("restore", self.folder / "p.json", "--to", ours, "--devices", "--special-bits", "all", codes=(0, 3))
        found = self.differences(tool, wanted, ours)
        if done.returncode != 0:
            found.append(f"restore ended with {done.returncode}: {done.stdout} {done.stderr}")
        verified = self.program.call("verify", self.folder / "p.json", "--at", ours, codes=(0, 1))
        if verified.returncode != 0:
            found.append(f"verify: {verified.stdout}")
        every_shape.remove(ours)
        story.check_unchanged(before, *self.store_paths)
        theirs.mkdir()
        restore_by_peer(theirs)
        for line in self.differences(tool, wanted, theirs):
            self.peer_differs[tool][line.rpartition(": ")[2].split(" is ")[0]] += 1
        every_shape.remove(theirs)
        print(f"{label}: {'identical' if not found else f'{len(found)} differences'}", flush=True)
        for line in found[:10]:
            print("  " + line, flush=True)
        self.failures += [(label, line) for line in found]

    def restic(self, version, compression, pack_mib, wanted):
        store = story.Restic(self.folder, name=f"restic-{version}-{compression}-{pack_mib}")
        store.run("init", "--repository-version", version)
        store.run("backup", self.srv, "--compression", compression, "--pack-size", pack_mib)
        self.store_paths = [store.path]
        self.compare("restic", f"restic v{version} {compression} {pack_mib} MiB", store.source(), wanted, lambda out: store.run("restore", "latest", "--target", out))
        every_shape.remove(store.path)

    def borg(self, mode, compression, wanted):
        store = story.Borg(self.folder, name=f"borg-{mode}-{compression.replace(',', '-')}")
        if mode == "passphrase":
            store.tool = ["/usr/bin/python3", "-c", BORG_OF_OLD]
        store.run("init", "-e", mode, store.path)
        store.run("create", "--compression", compression, f"{store.path}::a", self.srv)
        self.store_paths = [store.path]
        name, address, *options = store.source()
        if mode.startswith("keyfile"):
            store.run("key", "export", store.path, self.folder / "borg.key")
            options += ["--key-file", self.folder / "borg.key"]
        self.compare("borg", f"borg {mode} {compression}", (name, address, *options), wanted, lambda out: store.run("extract", "--sparse", f"{store.path}::a", cwd=out))
        every_shape.remove(store.path)


def main():
    only = sys.argv[2] if len(sys.argv) > 2 else ""
    with story.Scratch("matrix") as scratch:
        matrix = Matrix(sys.argv[1], scratch.path)
        scratch.leave.append(lambda: every_shape.remove(matrix.srv))
        every_shape.make(matrix.srv)
        wanted = story.state_of_tree(matrix.srv)
        if only in ("", "borg"):
            for mode in BORG_MODES:
                for compression in BORG_COMPRESSIONS:
                    matrix.borg(mode, compression, wanted)
        if only in ("", "restic"):
            (matrix.srv / "sizes/over-packs").write_bytes(story.bytes_of(70 * story.MIB, "packs"))
            wanted = story.state_of_tree(matrix.srv)
            for version, compressions in ((1, ("off",)), (2, ("off", "auto", "max"))):
                for compression in compressions:
                    for pack_mib in (4, 16, 64):
                        matrix.restic(version, compression, pack_mib, wanted)
        for tool, counts in matrix.peer_differs.items():
            print(f"{tool}'s own restores differ from the original: " + ", ".join(f"{field} {count} times" for field, count in counts.items()))
        if matrix.failures:
            story.fail(f"{len(matrix.failures)} differences in {len({label for label, _ in matrix.failures})} of {matrix.stores} stores")
        print(f"{matrix.stores} stores, each restored to the identical tree, nothing changed in a store")


if __name__ == "__main__":
    main()
