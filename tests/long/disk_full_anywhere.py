#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""disk_full_anywhere.py PROGRAM [STEPS [PART...]]: the disk is full at any point, of the target and of the case.

A restore beside and in place onto a tmpfs and onto ext4, with STEPS different amounts of room from none to nearly enough, and
with too few inodes; and a case on a disk with as many amounts of room, for adding a source, judging, planning, restoring and
verifying. Each time: the exit code of its range, a sentence with the path, what is missing where that is known, and a hint; no half
file under a final name; the ledger proves itself; and with room the same call finishes: the same verdicts, the identical tree.
As root; some minutes."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import sys

import small_disk
import story


def build(tree):
    for number in range(600):
        path = tree / f"d{number % 12}" / f"f{number}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"record,{number}\n" + "row,value,unit\n" * (number * 3))
    (tree / "large.csv").write_text("".join(f"{number},row,value\n" for number in range(800_000)))
    (tree / "second").hardlink_to(tree / "d1/f1.csv")
    (tree / "link").symlink_to("d1/f1.csv")


def amounts(enough, steps):
    """From nothing to nearly enough, closer together where little is written: folders, journal and first parts."""
    return sorted({int(enough * (step / steps) ** 2) for step in range(steps)} | {4096 * pages for pages in (0, 1, 2, 4, 8, 16)})


def check_names_missing(done, where):
    story.check_sentence(done, str(where))
    if not re.search(r"\d[\d.]* [kMG]?B", done.stderr):
        story.fail(f"how much is missing is not said: {done.stderr}")


class Sweep:
    def __init__(self, program, scratch, steps):
        self.scratch, self.folder, self.steps = scratch, scratch.path, steps
        self.program = story.Program(program, self.folder / "c.case")
        self.tree = self.folder / "tree"
        build(self.tree)
        self.store = story.Restic(self.folder)
        self.store.run("init")
        self.store.run("backup", self.tree)
        self.source = self.store.quick_source()
        self.before = story.state_of_source(self.store.path)
        self.good = story.state_of_tree(self.tree)
        self.bytes = sum(entry.get("size", 0) for entry in self.good.values())
        self.fell_short = 0

    def until_full(self, disk, codes, check, *arguments):
        """Runs a command that may run into the full disk, checks what it says and leaves, and makes room."""
        done = self.program.call(*arguments, codes=(0, *codes))
        if done.returncode in codes:
            self.fell_short += 1
            story.check_sentence(done)
            check(done)
        disk.make_room()
        return done

    def beside(self, kind):
        disk = small_disk.SmallDisk(self.scratch, f"beside-{kind}", kind, 80)
        plan = self.planned()
        for number, room in enumerate(amounts(self.bytes * 1.05, self.steps)):
            out = disk.folder / f"out{number}"
            restored = str(out) + str(self.tree)
            disk.leave_free(room)
            refused = self.program.call("restore", plan, "--to", out, codes=(31,) if room < self.bytes * 0.9 else (0, 31))
            if refused.returncode:
                check_names_missing(refused, out)
                if out.exists() and any(out.iterdir()):
                    story.fail("a restore that was refused for its space wrote something")
            self.until_full(disk, (31,), lambda done: story.check_no_half_file(self.good, restored), "restore", plan, "--to", out, "--no-space-check")
            self.finish_beside(plan, out)
        print(f"beside, {kind}: the disk was full {self.fell_short} times so far", flush=True)

    def finish_beside(self, plan, out):
        self.program.call("restore", plan, "--to", out, codes=(0,))
        story.check_same_tree(self.good, str(out) + str(self.tree))
        self.program.call("verify", plan, "--at", out, codes=(0,))
        self.program.call("ledger", "verify", codes=(0,))
        shutil.rmtree(out)

    def planned(self, *scanned):
        self.program.fresh(self.source)
        self.program.call("backups", "judge")
        if scanned:
            self.program.call("scan", *scanned)
        self.program.call("plan", "--out", self.folder / "p.json")
        return self.folder / "p.json"

    def few_inodes(self):
        disk = small_disk.SmallDisk(self.scratch, "inodes", "tmpfs", 80, inodes=4000)
        plan = self.planned()
        for number, count in enumerate((3, 5, 9, 20, 50, 200, 500, 600, 610, 615, 620)):
            out = disk.folder / f"out{number}"
            disk.leave_inodes(count)
            self.until_full(disk, (31,), lambda done: story.check_no_half_file(self.good, str(out) + str(self.tree)), "restore", plan, "--to", out, "--no-space-check")
            disk.leave_inodes(4000)
            self.finish_beside(plan, out)
        print(f"too few inodes: full {self.fell_short} times so far", flush=True)

    def in_place(self, kind):
        """What stands there in the way of the attack, on a disk with too little room for what comes back."""
        disk = small_disk.SmallDisk(self.scratch, f"place-{kind}", kind, 120)
        for room in amounts(self.bytes * 0.6, self.steps):
            victim = disk.folder / "victim"
            shutil.copytree(self.tree, str(victim) + str(self.tree), symlinks=True)
            srv = pathlib.Path(str(victim) + str(self.tree))
            struck = self.strike(srv)
            # The plan is made for paths as they were on the server, whose root is mounted elsewhere now.
            self.program.fresh((*self.source, "--map", f"{self.tree}={srv}"))
            self.program.call("backups", "judge")
            self.program.call("scan", srv)
            plan = self.folder / "p.json"
            self.program.call("plan", "--out", plan)

            def whole_or_struck(_):
                for path in struck:
                    name = os.fsencode(path.relative_to(srv))
                    if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() != self.good[name]["digest"]:
                        story.fail(f"{path} stands there and is not whole")
            disk.leave_free(room)
            self.until_full(disk, (31,), whole_or_struck, "restore", plan, "--in-place", "--no-space-check")
            self.program.call("restore", plan, "--in-place", codes=(0,))
            for path in struck:
                if hashlib.sha256(path.read_bytes()).hexdigest() != self.good[os.fsencode(path.relative_to(srv))]["digest"]:
                    story.fail(f"{path} did not come back")
            kept = self.program.call("kept", "--json", "list", plan).stdout.count('"state":"kept"')
            if kept != len(struck):
                story.fail(f"{len(struck)} files were struck, and kept are {kept}")
            self.program.call("kept", "verify", plan, codes=(0,))
            if any(b".lastgood-" in name for name, _ in story.entries_below(srv)):
                story.fail("something of the restore was left behind")
            shutil.rmtree(victim)
            shutil.rmtree(disk.folder / ".lastgood-kept")
        print(f"in place, {kind}: the disk was full {self.fell_short} times so far", flush=True)

    def strike(self, srv):
        struck = []
        for number in range(0, 600, 2):
            path = srv / f"d{number % 12}" / f"f{number}.csv"
            path.write_bytes(b"MARK-7f3a" + story.bytes_of(max(path.stat().st_size, 300), number))
            path.rename(path.with_name(path.name + ".bak9"))
            struck.append(path)
        return struck

    def case(self):
        """The case's own disk, at each step of the way."""
        disk = small_disk.SmallDisk(self.scratch, "case", "tmpfs", 64)
        program = story.Program(self.program.program, disk.folder / "c.case")
        self.program, outer = program, self.program
        program.fresh(self.source)
        program.call("backups", "judge")
        whole = sum(what.st_size for _, what in story.entries_below(program.case)) * 2
        expected = verdicts_in(program.call("backups", "list", "--json").stdout)
        for room in amounts(whole, self.steps):
            shutil.rmtree(program.case)
            disk.leave_free(room)
            done = self.until_full(disk, (24,), lambda done: None, "case", "new", program.case)
            if done.returncode:
                shutil.rmtree(program.case, ignore_errors=True)
                program.call("case", "new", program.case, codes=(0,))
            for step in (("backups", "add", *self.source), ("backups", "judge"), ("plan", "--out", disk.folder / "p.json")):
                disk.leave_free(room)
                if step[0] == "plan":
                    # The plan's own folder is full with it, and the plan is not the case's.
                    done = self.until_full(disk, (24, 30), lambda done: None, *step)
                else:
                    done = self.until_full(disk, (24,), lambda done: None, *step)
                program.call("ledger", "verify", codes=(0,))
                if done.returncode:
                    program.call(*step, codes=(0,))
            if verdicts_in(program.call("backups", "list", "--json").stdout) != expected:
                story.fail(f"judging with {room} bytes of room for the case came to something else")
            out = self.folder / "out"
            disk.leave_free(room)
            self.until_full(disk, (24,), lambda done: story.check_no_half_file(self.good, str(out) + str(self.tree)), "restore", disk.folder / "p.json", "--to", out)
            program.call("restore", disk.folder / "p.json", "--to", out, codes=(0,))
            story.check_same_tree(self.good, str(out) + str(self.tree))
            disk.leave_free(room)
            self.until_full(disk, (24,), lambda done: None, "verify", disk.folder / "p.json", "--at", out)
            self.finish_beside(disk.folder / "p.json", out)
        self.program = outer
        print(f"the case's disk: full {self.fell_short} times so far", flush=True)


def verdicts_in(text):
    return [{key: value for key, value in json.loads(line).items() if key in ("id", "files", "verdicts", "not_judged")}
            for line in text.splitlines() if '"type":"snapshot"' in line]


def main():
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 16
    only = sys.argv[3:] or ("beside", "inodes", "place", "case")
    with story.Scratch("full") as scratch:
        sweep = Sweep(sys.argv[1], scratch, steps)
        for kind in ("tmpfs", "ext4"):
            if "beside" in only:
                sweep.beside(kind)
            if "place" in only:
                sweep.in_place(kind)
        if "inodes" in only:
            sweep.few_inodes()
        if "case" in only:
            sweep.case()
        story.check_unchanged(sweep.before, sweep.store.path)
    print(f"the disk was full {sweep.fell_short} times: a clear error each time, never a half file, and with room the same call finished")


if __name__ == "__main__":
    main()
