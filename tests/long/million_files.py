#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""million_files.py PROGRAM [FILES [SNAPSHOTS]]: memory and time of judging, planning and restoring a large tree with a history.

FILES (1,000,000) small files in folders of 1,000, some of each content; SNAPSHOTS (30) daily restic snapshots between which 2 % of
the files change, in 5 % of the folders. Fails beyond 1 GiB. Takes place below $TMPDIR (tmpfs is kind to restic); half an hour."""
import random
import subprocess
import sys

import story

MEMORY_MIB_MAX = 1024
PER_FOLDER = 1000


def content_of(number):
    return b"" if number % 5 == 0 else b"record %d\n" % (number % 977) * (number % 7 + 1)


def main():
    files, snapshots = (int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000), (int(sys.argv[3]) if len(sys.argv) > 3 else 30)
    folders = files // PER_FOLDER
    rolls = random.Random(1)
    with story.Scratch("million") as scratch:
        tree = scratch.path / "srv"
        for folder in range(folders):
            (tree / f"d{folder:04d}").mkdir(parents=True)
            for number in range(PER_FOLDER):
                with open(f"{tree}/d{folder:04d}/f{number:04d}.txt", "wb") as file:
                    file.write(content_of(folder * PER_FOLDER + number))
        store = story.Restic(scratch.path)
        store.run("init")
        for day in range(snapshots):
            if day:
                for folder in rolls.sample(range(folders), max(folders // 20, 1)):
                    for number in rolls.sample(range(PER_FOLDER), PER_FOLDER * 2 // 5):
                        with open(f"{tree}/d{folder:04d}/f{number:04d}.txt", "ab") as file:
                            file.write(b"day %d\n" % day)
            store.run("backup", tree, "--time", f"2022-10-{day + 1:02d} 02:00:00")
            print(f"snapshot {day + 1} of {snapshots}", flush=True)
        program = story.Program(sys.argv[1], scratch.path / "c.case")
        program.fresh(store.quick_source())
        plan, out = scratch.path / "p.json", scratch.path / "out"
        worst = 0.0
        # The tree goes first: both together are not wanted in memory.
        subprocess.run(["rm", "-rf", tree], check=True)
        for what, arguments in (("judge", ("backups", "judge")), ("plan", ("plan", "--out", plan)), ("restore", ("restore", plan, "--to", out)), ("verify", ("verify", plan, "--at", out))):
            code, said, mib, seconds = program.measure(*arguments, timeout_s=3600)
            print(f"{what}: exit {code}, {seconds:.1f} s, {mib:.0f} MiB", flush=True)
            if code != 0:
                story.fail(f"{what} ended with {code}: {said[-1000:].decode(errors='replace')}")
            worst = max(worst, mib)
        if worst > MEMORY_MIB_MAX:
            story.fail(f"{worst:.0f} MiB are more than {MEMORY_MIB_MAX}")
    print(f"{files} files in {snapshots} snapshots: at most {worst:.0f} MiB")


if __name__ == "__main__":
    main()
