#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""kill_at_random.py PROGRAM [ROUNDS [SEED]]: kill -9 at random moments of judging and of restoring, then go on.

Each round judges a store and restores from it, restic's and borg's in turn; both are killed up to four times at moments drawn by
chance from their whole length and run again to their end. What judging says must be what an undisturbed run says; the restored
tree must be the one that was backed up, with nothing else in it; and at no moment may a half file stand under a final name. Every
second restore is in place, over a tree of which half was struck, and what was struck must be kept. Nothing in a store may change.
For a person to run: 200 rounds take twenty minutes on two cores. Says at the end in which tenth of their length runs were killed."""
import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import story


def build(tree):
    for number in range(5000):
        path = tree / f"d{number % 50}" / f"f{number}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"record,{number}\n" + "row,value,unit\n" * (number % 300))
    (tree / "large.bin").write_bytes(story.bytes_of(60 * story.MIB, "large"))
    (tree / "long.csv").write_text("".join(f"{number},row,value\n" for number in range(1_500_000)))
    (tree / "second").mkdir()
    (tree / "second/name").hardlink_to(tree / "d1/f1.csv")
    (tree / "link").symlink_to("d1/f1.csv")
    with sqlite3.connect(tree / "lab.sqlite") as database:
        database.execute("PRAGMA journal_mode=delete")
        database.execute("CREATE TABLE results(id INTEGER PRIMARY KEY, value TEXT)")
        database.executemany("INSERT INTO results(value) VALUES (?)", [("value %d" % number,) for number in range(50_000)])
    database.close()


def strike(tree):
    """Half of it, as the attack did it; returns digests of what must be kept."""
    struck = []
    for number in range(0, 5000, 2):
        path = tree / f"d{number % 50}" / f"f{number}.csv"
        path.write_bytes(b"MARK-7f3a" + story.bytes_of(max(path.stat().st_size, 300), number))
        path.rename(path.with_name(path.name + ".bak9"))
        struck.append(path)
    return struck


def snapshots_in(text):
    return [{key: value for key, value in json.loads(line).items() if key in ("id", "files", "verdicts", "not_judged")}
            for line in text.splitlines() if '"type":"snapshot"' in line]


class Kills:
    def __init__(self, seed):
        self.rolls, self.kills, self.tenths = random.Random(seed), {"judge": 0, "restore": 0}, {"judge": [0] * 10, "restore": [0] * 10}

    def run(self, program, what, length_s, check, *arguments):
        for _ in range(self.rolls.randrange(1, 5)):
            running = subprocess.Popen(program.command(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            share = self.rolls.random()
            time.sleep(share * length_s)
            if running.poll() is None:
                running.send_signal(signal.SIGKILL)
                self.kills[what] += 1
                self.tenths[what][int(share * 10)] += 1
            running.wait()
            check()
        program.call(*arguments)


class Store:
    """One store with what an undisturbed run says of it, and how long that takes."""

    def __init__(self, program, folder, name, source, srv, good):
        self.program, self.folder, self.name, self.source, self.srv, self.good = program, folder, name, source, srv, good
        program.fresh(source)
        self.judge_s = self.timed("backups", "judge", "--depth", "full")
        self.expected = snapshots_in(program.call("backups", "list", "--json").stdout)
        program.call("plan", "--out", folder / "first.json")
        self.restore_s = self.timed("restore", folder / "first.json", "--to", folder / "first")
        story.check_same_tree(good, self.restored(folder / "first"))
        shutil.rmtree(folder / "first")

    def restored(self, out):
        return str(out) + str(self.srv)

    def timed(self, *arguments):
        begin = time.monotonic()
        self.program.call(*arguments)
        return time.monotonic() - begin

    def round(self, number, kills):
        program, plan = self.program, self.folder / "p.json"
        program.fresh(self.source)
        kills.run(program, "judge", self.judge_s, lambda: None, "backups", "judge", "--depth", "full")
        if snapshots_in(program.call("backups", "list", "--json").stdout) != self.expected:
            story.fail(f"round {number}: judging {self.name} came to something else")
        if number % 4 < 2:
            out = self.folder / "out"
            shutil.rmtree(out, ignore_errors=True)
            program.call("plan", "--out", plan)
            kills.run(program, "restore", self.restore_s, lambda: story.check_no_half_file(self.good, self.restored(out)), "restore", plan, "--to", out)
            story.check_same_tree(self.good, self.restored(out))
        else:
            self.in_place(number, plan, kills)
        program.call("ledger", "verify")

    def in_place(self, number, plan, kills):
        struck = strike(self.srv)
        self.program.call("scan", self.srv)
        self.program.call("plan", "--out", plan)

        def whole_or_struck():
            for path in struck:
                if path.exists():
                    name = str(path.relative_to(self.srv)).encode()
                    if story.hashlib.sha256(path.read_bytes()).hexdigest() != self.good[name]["digest"]:
                        story.fail(f"{path} stands there and is not whole")
        kills.run(self.program, "restore", self.restore_s / 2, whole_or_struck, "restore", plan, "--in-place")
        # A folder that is there keeps its own time: what the attack did in it is a fact, too.
        found = [line for line in story.differences(self.good, story.state_of_tree(self.srv)) if ": mtime_ns is" not in line or ".csv" in line]
        if found:
            story.fail(f"round {number}: {len(found)} differences in place: {found[:5]}")
        kept = [json.loads(line) for line in self.program.call("kept", "--json", "list", plan).stdout.splitlines()]
        if sum(line.get("state") == "kept" for line in kept) != len(struck):
            story.fail(f"{len(struck)} files were struck, and kept are {len(kept)}")
        self.program.call("kept", "verify", plan)
        self.program.call("kept", "release", plan, "--all", "--by", "this script", "--reason", "the round is over")


def main():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    kills = Kills(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    with story.Scratch("kills") as scratch:
        folder = scratch.path
        srv = folder / "srv"
        build(srv)
        restic, borg = story.Restic(folder), story.Borg(folder)
        restic.run("init")
        borg.run("init", "-e", "repokey-blake2", borg.path)
        for day in range(1, 4):
            (srv / "d2/f2.csv").write_text(f"day {day}\n")
            restic.run("backup", srv, "--time", f"2022-11-0{day} 02:00:00")
            borg.run("create", "--timestamp", f"2022-11-0{day}T02:00:00", f"{borg.path}::day{day}", srv)
        good = story.state_of_tree(srv)
        program = story.Program(sys.argv[1], folder / "c.case")
        escrowed = restic.quick_source()
        before = story.state_of_source(restic.path, borg.path)
        stores = [Store(program, folder, "restic", escrowed, srv, good), Store(program, folder, "borg", borg.source(), srv, good)]
        print(f"undisturbed: judging {stores[0].judge_s:.2f} and {stores[1].judge_s:.2f} s, restoring {stores[0].restore_s:.2f} and {stores[1].restore_s:.2f} s", flush=True)
        for number in range(count):
            stores[number % 2].round(number, kills)
            if number % 20 == 19:
                print(f"{number + 1} rounds, {kills.kills}", flush=True)
        story.check_unchanged(before, restic.path, borg.path)
    print(f"{count} rounds, killed {kills.kills['judge']} times while judging and {kills.kills['restore']} times while restoring: the same verdicts "
          "and the same tree each time, never a half file, every struck file kept, nothing changed in a store")
    for what, tenths in kills.tenths.items():
        print(f"  {what}, kills by the tenth of its length: {' '.join(map(str, tenths))}")


if __name__ == "__main__":
    main()
