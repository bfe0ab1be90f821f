#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""kill_at_random.py PROGRAM [ROUNDS [SEED]]: kill -9 at random moments of judging and of restoring, then go on.

Each round judges a restic store and restores from it; both are killed up to four times at moments drawn by chance and run
again to their end. What judging says must be what an undisturbed run says; the restored tree must be the one that was backed
up, with nothing else in it; and at no moment may a half file stand under a final name. For a person to run: 200 rounds take
about ten minutes."""
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time


def build(folder):
    tree = folder / "tree"
    for number in range(1500):
        path = tree / f"d{number % 30}" / f"f{number}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"record,{number}\n" + "row,value,unit\n" * (number % 400))
    (tree / "large.bin").write_bytes(hashlib.shake_256(b"large").digest(90 << 20))
    environment = {**os.environ, "RESTIC_PASSWORD": "x", "RESTIC_CACHE_DIR": str(folder / "cache")}
    subprocess.run(["restic", "-q", "init", "-r", folder / "repo"], env=environment, check=True)
    subprocess.run(["restic", "-q", "-r", folder / "repo", "backup", "."], cwd=tree, env=environment, check=True)
    (folder / "pw").write_text("x\n")
    return tree


def digests_of(tree):
    return {str(path.relative_to(tree)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(tree.rglob("*")) if path.is_file()}


class Rounds:
    def __init__(self, program, folder, seed):
        self.program, self.folder, self.rolls = program, folder, random.Random(seed)
        self.case, self.kills = folder / "c.case", 0

    def call(self, *arguments):
        done = subprocess.run([self.program, "--case", self.case, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode not in (0, 1):
            sys.exit(f"{arguments}: {done.returncode} {done.stderr}")
        return done.stdout

    def run_and_kill(self, longest_s, check, *arguments):
        for _ in range(self.rolls.randrange(1, 5)):
            running = subprocess.Popen([self.program, "--case", self.case, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(self.rolls.random() * longest_s)
            if running.poll() is None:
                running.send_signal(signal.SIGKILL)
                self.kills += 1
            running.wait()
            check()
        begin = time.monotonic()
        self.call(*arguments)
        return time.monotonic() - begin

    def fresh(self):
        shutil.rmtree(self.case, ignore_errors=True)
        self.call("case", "new", self.case)
        self.call("backups", "add", "s", f"restic:{self.folder}/repo", "--password-file", self.folder / "pw")


def verdicts(text):
    return [{key: value for key, value in json.loads(line).items() if key in ("id", "files", "verdicts", "not_judged")}
            for line in text.splitlines() if '"type":"snapshot"' in line]


def main():
    program, count = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200
    folder = pathlib.Path(tempfile.mkdtemp(prefix="lastgood-kills-"))
    tree = build(folder)
    wanted = digests_of(tree)
    rounds = Rounds(program, folder, int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    rounds.fresh()
    begin = time.monotonic()
    rounds.call("backups", "judge")
    judge_s = time.monotonic() - begin
    expected = verdicts(rounds.call("backups", "list", "--json"))
    for number in range(count):
        rounds.fresh()
        rounds.run_and_kill(judge_s * 1.1, lambda: None, "backups", "judge")
        if verdicts(rounds.call("backups", "list", "--json")) != expected:
            sys.exit(f"round {number}: judging came to something else; left in {folder}")
        rounds.call("plan", "--out", folder / "p.json")
        out = folder / "out"
        shutil.rmtree(out, ignore_errors=True)

        def no_half_file():
            for name, digest in digests_of(out).items() if out.exists() else ():
                if ".lastgood-" not in name and digest != wanted.get(name):
                    sys.exit(f"round {number}: '{name}' stands there and is not whole; left in {folder}")
        rounds.run_and_kill(1.2, no_half_file, "restore", folder / "p.json", "--to", out)
        if digests_of(out) != wanted or any(".lastgood-" in str(path) for path in out.rglob("*")):
            sys.exit(f"round {number}: the restored tree is another one; left in {folder}")
        rounds.call("ledger", "verify")
    shutil.rmtree(folder)
    print(f"{count} rounds, {rounds.kills} kills: the same verdicts and the same tree each time, and never a half file")


if __name__ == "__main__":
    main()
