#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""unplugged_anywhere.py PROGRAM [ROUNDS [SEED]]: the disk under the target, or under the source, is pulled out at any moment.

A FUSE file system (unplug.c) fails with EIO from a call drawn by chance on, while a plan is carried out beside onto it, and while a
store that lies on it is judged, planned from and restored from; stores are moved away and lose a pack in the middle, and a REST
server is killed. Each time: a clear error with a hint and a code of its range, or a finding where the rest could be done; no half
file under a final name; and when it is plugged in again the same commands finish with the identical tree. The store is unchanged at
the end. As root, with libfuse3-dev, a C compiler and rclone; ROUNDS (20) of each take some minutes."""
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import story

# What a source that goes away may come to: not readable, not there, in part; never a crash, never "all is well" with less.
SOURCE_CODES = (1, 3, 10, 11, 12)


def build(tree):
    for number in range(400):
        path = tree / f"d{number % 8}" / f"f{number}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"record,{number}\n" + "row,value,unit\n" * (number * 5))
    (tree / "large.csv").write_text("".join(f"{number},row,value\n" for number in range(2_000_000)))
    (tree / "second").hardlink_to(tree / "d1/f1.csv")
    (tree / "link").symlink_to("d1/f1.csv")


class Unplugged:
    """A folder seen through the file system that fails."""

    def __init__(self, scratch, name):
        self.tool, self.behind, self.at, self.count = scratch.path / "unplug", scratch.path / f"{name}-behind", scratch.path / name, scratch.path / f"{name}-calls"
        self.behind.mkdir(exist_ok=True)
        self.at.mkdir()
        if not self.tool.exists():
            flags = subprocess.run(["pkg-config", "--cflags", "--libs", "fuse3"], capture_output=True, text=True, check=True).stdout.split()
            subprocess.run(["cc", "-O1", "-o", self.tool, pathlib.Path(__file__).with_name("unplug.c"), *flags], check=True)
        scratch.leave.append(self.pull)

    def plug(self, calls=0):
        self.pull()
        subprocess.run([self.tool, self.behind, str(calls), self.count, self.at, "-o", "allow_other,default_permissions"], check=True)

    def pull(self):
        if f" {self.at} " in pathlib.Path("/proc/mounts").read_text():  # os.path.ismount asks the disk that is gone
            self.count.unlink(missing_ok=True)
            subprocess.run(["umount", self.at], check=True)
            while not self.count.exists():
                time.sleep(0.01)

    def calls_of(self, action):
        self.plug()
        action()
        self.pull()
        return int(self.count.read_text())


class Story:
    def __init__(self, program, scratch, seed):
        self.scratch, self.folder, self.rolls = scratch, scratch.path, random.Random(seed)
        self.program, self.tree = story.Program(program, self.folder / "c.case"), self.folder / "tree"
        build(self.tree)
        self.good, self.plan, self.failures = story.state_of_tree(self.tree), self.folder / "p.json", 0

    def restored(self, out):
        return str(out) + str(self.tree)

    def prepare(self, source):
        self.program.fresh(source)
        self.program.call("backups", "judge", codes=(0,))
        self.program.call("plan", "--out", self.plan, codes=(0,))

    def target(self, source, rounds):
        disk = Unplugged(self.scratch, "target")
        self.prepare(source)
        restore = ("restore", self.plan, "--to", disk.at / "out")
        calls = disk.calls_of(lambda: self.program.call(*restore, codes=(0,)))
        story.check_same_tree(self.good, self.restored(disk.behind / "out"))
        for number in range(rounds):
            shutil.rmtree(disk.behind / "out")
            self.program.fresh(source)
            self.program.call("backups", "judge", codes=(0,))
            self.program.call("plan", "--out", self.plan, codes=(0,))
            for _ in range(self.rolls.randrange(1, 4)):
                disk.plug(self.rolls.randrange(1, calls))
                done = self.program.call(*restore, codes=(0, 3, 30, 32))
                disk.pull()
                if done.returncode in (30, 32):
                    story.check_sentence(done, "input/output error")
                self.failures += done.returncode != 0
                story.check_no_half_file(self.good, self.restored(disk.behind / "out"))
            disk.plug()
            self.program.call(*restore, codes=(0,))
            self.program.call("verify", self.plan, "--at", disk.at / "out", codes=(0,))
            disk.pull()
            story.check_same_tree(self.good, self.restored(disk.behind / "out"))
            self.program.call("ledger", "verify", codes=(0,))
        print(f"target unplugged: {rounds} rounds of {calls} calls, {self.failures} failures so far", flush=True)

    def each_step(self, away, back, source, number):
        """Every step meets the source going away, and is done when it is back."""
        out = self.folder / f"out{number}"
        self.program.fresh(source)
        for step in (("backups", "judge"), ("plan", "--out", self.plan), ("restore", self.plan, "--to", out)):
            finish = away(step)
            done = self.program.call(*step, codes=(0, *SOURCE_CODES), timeout_s=200)
            finish()
            back()
            if done.returncode >= 10:
                story.check_sentence(done)
            self.failures += done.returncode != 0
            story.check_no_half_file(self.good, self.restored(out))
            self.program.call(*step, codes=(0,))
        self.program.call("verify", self.plan, "--at", out, codes=(0,))
        story.check_same_tree(self.good, self.restored(out))
        self.program.call("ledger", "verify", codes=(0,))
        shutil.rmtree(out)

    def source_fails(self, kind, store, rounds):
        disk = Unplugged(self.scratch, f"source-{kind}")
        shutil.rmtree(disk.behind)
        shutil.copytree(store.path, disk.behind)
        before = story.state_of_source(disk.behind)
        name, address, *options = store.quick_source() if kind == "restic" else store.source()
        source = (name, f"{kind}:{disk.at}", *options)
        disk.plug()
        calls = {"backups": disk.calls_of(lambda: self.program.fresh(source))}
        disk.plug()
        calls["backups"] = disk.calls_of(lambda: self.program.call("backups", "judge", codes=(0,)))
        calls["plan"] = disk.calls_of(lambda: self.program.call("plan", "--out", self.plan, codes=(0,)))
        calls["restore"] = disk.calls_of(lambda: self.program.call("restore", self.plan, "--to", self.folder / "first", codes=(0,)))
        shutil.rmtree(self.folder / "first")

        def away(step):
            disk.plug(self.rolls.randrange(1, calls[step[0]]))
            return disk.pull
        for number in range(rounds):
            disk.plug()
            self.each_step(away, disk.plug, source, number)
        disk.pull()
        story.check_unchanged(before, disk.behind)
        print(f"{kind} on a disk that fails: {rounds} rounds, {self.failures} failures so far", flush=True)

    def later(self, action, longest_s):
        """Does it in the middle of what is called next; gives back how to wait for it."""
        wait = subprocess.Popen(["sleep", f"{self.rolls.random() * longest_s:.3f}"])
        child = os.fork()
        if child == 0:
            wait.wait = lambda: None
            time.sleep(self.rolls.random() * longest_s)
            action()
            os._exit(0)

        def finish():
            os.waitpid(child, 0)
            wait.wait()
        return finish

    def store_moves(self, kind, store, rounds):
        source = store.quick_source() if kind == "restic" else store.source()
        elsewhere = store.path.with_name(store.path.name + "-elsewhere")
        before = story.state_of_source(store.path)
        packs = sorted(path for path in (store.path / "data").rglob("*") if path.is_file())
        aside = self.folder / "aside"
        for number in range(rounds):
            if number % 2:
                pack = self.rolls.choice(packs)
                moves = (lambda: pack.rename(aside)), (lambda: aside.rename(pack))
            else:
                moves = (lambda: store.path.rename(elsewhere)), (lambda: elsewhere.rename(store.path))
            self.each_step(lambda step: self.later(moves[0], 0.08), moves[1], source, number)
        now = story.state_of_source(store.path)
        # Moving it is this script's own doing: folders keep what reading could change.
        for path in before:
            if before[path][:8] != now[path][:8] and not os.path.isdir(path) or before[path][9] != now[path][9]:
                story.fail(f"the source changed at {path!r}")
        print(f"{kind} moved away or without a pack: {rounds} rounds, {self.failures} failures so far", flush=True)

    def server_dies(self, store, rounds):
        name, _, *options = store.quick_source()

        def state():  # the server lists folders, which is what moves their access times
            return {path: what[:6] + what[7:] for path, what in story.state_of_source(store.path).items()}
        before = state()
        server = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            place = f"127.0.0.1:{free.getsockname()[1]}"

        def serve():
            nonlocal server
            server = subprocess.Popen(["rclone", "serve", "restic", "--addr", place, store.path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(200):
                try:
                    urllib.request.urlopen(f"http://{place}/config", timeout=5).read()
                    return
                except OSError:
                    time.sleep(0.05)
            story.fail("rclone does not serve")

        def die():
            os.kill(server.pid, signal.SIGKILL)  # also from a child, whose it is not

        def back():
            server.wait()
            serve()
        serve()
        try:
            for number in range(rounds):
                self.each_step(lambda step: self.later(die, 0.12), back, (name, f"restic:rest:http://{place}/", *options), number)
        finally:
            die()
            server.wait()
        now = state()
        for path in before.keys() | now.keys():
            if before.get(path) != now.get(path):
                story.fail(f"the store behind the server changed at {path!r}: {before.get(path)} was, {now.get(path)} is")
        print(f"REST server killed: {rounds} rounds, {self.failures} failures so far", flush=True)


def main():
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    with story.Scratch("unplugged") as scratch:
        told = Story(sys.argv[1], scratch, int(sys.argv[3]) if len(sys.argv) > 3 else 1)
        restic, borg = story.Restic(scratch.path), story.Borg(scratch.path)
        restic.run("init")
        restic.run("backup", told.tree)
        borg.run("init", "-e", "repokey-blake2", borg.path)
        borg.run("create", f"{borg.path}::a", told.tree)
        told.target(restic.quick_source(), rounds)
        told.source_fails("restic", restic, rounds)
        told.source_fails("borg", borg, rounds)
        told.store_moves("restic", restic, rounds)
        told.store_moves("borg", borg, rounds)
        told.server_dies(restic, rounds)
    print(f"a disk or server went away and failed {told.failures} times: a clear error each time, never a half file, and the same commands finished")


if __name__ == "__main__":
    main()
