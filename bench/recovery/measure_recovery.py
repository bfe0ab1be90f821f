#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""measure_recovery.py [--part restore|judge|repair]... [--runs N] [--scale S] PROGRAM FOLDER

Restoring, judging and repairing beside restic, borg and cp, on the same data in the same run. FOLDER should be on tmpfs and
is made new. Prints a table of medians: wall seconds, processor seconds, and the ratio to lastgood. --scale 0.1 is a quick look."""
import argparse
import hashlib
import json
import os
import pathlib
import random
import resource
import shutil
import statistics
import subprocess
import sys
import time

SECRET = "bench"


class Bench:
    def __init__(self, options):
        self.program, self.folder, self.runs = str(pathlib.Path(options.program).resolve()), pathlib.Path(options.folder).resolve(), options.runs
        self.scale = options.scale
        self.folder.mkdir(parents=True)
        (self.folder / "pw").write_text(SECRET + "\n")
        self.environment = {**os.environ, "RESTIC_PASSWORD": SECRET, "BORG_PASSPHRASE": SECRET, "BORG_BASE_DIR": str(self.folder / "borg-base"),
                            "RESTIC_CACHE_DIR": str(self.folder / "cache"), "RESTIC_PROGRESS_FPS": "0"}

    def call(self, *arguments, cwd=None, allowed=(0,)):
        done = subprocess.run([str(argument) for argument in arguments], env=self.environment, capture_output=True, text=True, cwd=cwd)
        if done.returncode not in allowed:
            sys.exit(f"{arguments}: {done.returncode}\n{done.stdout[-800:]}{done.stderr[-800:]}")
        return done.stdout

    def lastgood(self, case, *arguments, allowed=(0, 1)):
        return self.call(self.program, "--case", case, *arguments, allowed=allowed)

    def measure(self, prepare, command, cwd=None, allowed=(0,)):
        """Medians of wall and processor seconds."""
        walls, processors = [], []
        for _ in range(self.runs):
            prepare()
            before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
            self.call(*command, cwd=cwd, allowed=allowed)
            walls.append(time.monotonic() - begin)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            processors.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return statistics.median(walls), statistics.median(processors)


def seeded(count, seed):
    return hashlib.shake_256(str(seed).encode()).digest(count)


def make_large(root, scale):
    for number in range(4):
        with open(root / f"disk{number}.bin", "wb") as file:
            for piece in range(int(256 * scale)):
                file.write(seeded(1 << 20, (number, piece)))


def make_small(root, scale):
    rolls = random.Random(1)
    for number in range(int(40_000 * scale)):
        folder = root / f"d{number // 200:04}"
        folder.mkdir(exist_ok=True)
        (folder / f"f{number}.txt").write_text(f"record {number}\n" + "name,value,unit\n" * rolls.randrange(64, 1000))


def report(title, rows, own):
    print(f"\n{title}\n| | wall s | CPU s | wall, x lastgood | note |\n| --- | --- | --- | --- | --- |")
    base = rows[own][0]
    for name, (wall, processor, note) in rows.items():
        print(f"| {name} | {wall:.2f} | {processor:.2f} | {wall / base:.1f} | {note} |")
    sys.stdout.flush()


def plan_of(bench, case, address, *more):
    bench.lastgood(case, "case", "new", case)
    bench.lastgood(case, "backups", "add", "s", address, "--password-file", bench.folder / "pw", *more)
    bench.lastgood(case, "backups", "judge", "--depth", "quick", allowed=(0, 1, 3))
    bench.lastgood(case, "plan", "--out", f"{case}.json")
    return f"{case}.json"


def restore_part(bench):
    for kind, make in (("large", make_large), ("small", make_small)):
        root = bench.folder / kind
        root.mkdir()
        make(root, bench.scale)
        files = sum(1 for path in root.rglob("*") if path.is_file())
        gibibytes = sum(path.stat().st_size for path in root.rglob("*") if path.is_file()) / 2**30
        out = bench.folder / "out"
        note = lambda wall, processor: f"{files / wall:,.0f} files/s, {processor / gibibytes:.2f} CPU-s/GiB"
        wipe = lambda: (shutil.rmtree(out, ignore_errors=True), [path.unlink() for path in bench.folder.glob("*.case/restores/*")])
        stores = {"restic v2": ("restic", "2"), "restic v1": ("restic", "1"), "borg repokey lz4": ("borg", "lz4")}
        for name, (tool, version) in stores.items():
            store = bench.folder / f"{kind}-{tool}-{version}"
            if tool == "restic":
                bench.call("restic", "-q", "init", "-r", store, "--repository-version", version)
                bench.call("restic", "-q", "-r", store, "backup", ".", cwd=root)
                peer = ("restic", "-q", "--no-cache", "--no-lock", "-r", store, "restore", "latest", "--target", out)
            else:
                bench.call("borg", "init", "-e", "repokey", store)
                bench.call("borg", "create", "--compression", version, f"{store}::a", ".", cwd=root)
                peer = ("borg", "extract", f"{store}::a")
            plan = plan_of(bench, bench.folder / f"{kind}-{tool}-{version}.case", f"{tool}:{store}")
            rows = {}
            wall, processor = bench.measure(lambda: (wipe(), out.mkdir()), (bench.program, "--case", plan[:-5], "restore", plan, "--to", out))
            rows["lastgood"] = (wall, processor, note(wall, processor))
            if subprocess.run(["diff", "-r", root, out], capture_output=True).returncode != 0:
                sys.exit(f"{kind} {name}: what lastgood restored differs")
            wall, processor = bench.measure(lambda: (wipe(), out.mkdir()), peer, cwd=out)
            rows[tool] = (wall, processor, note(wall, processor))
            wall, processor = bench.measure(wipe, ("cp", "-a", root, out))
            rows["cp -a"] = (wall, processor, note(wall, processor))
            report(f"Restore {kind}: {files} files, {gibibytes:.2f} GiB, {name}", rows, "lastgood")
            wipe()
        shutil.rmtree(root)


def scan_mounted(bench, store, case):
    """What there was to do before: `restic mount`, and a scan of every snapshot. The first, the middle and the last are scanned."""
    mount = bench.folder / "mount"
    mount.mkdir()
    serving = subprocess.Popen(["restic", "-q", "--no-lock", "-r", store, "mount", mount], env=bench.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not mount.is_mount() or not (mount / "snapshots").is_dir():
            if serving.poll() is not None:
                sys.exit("restic mount ended at once: is there /dev/fuse, and fusermount?")
            time.sleep(0.1)
        snapshots = sorted(path for path in (mount / "snapshots").iterdir() if not path.is_symlink())
        walls, processors = [], []
        for snapshot in (snapshots[0], snapshots[len(snapshots) // 2], snapshots[-1]):
            shutil.rmtree(case, ignore_errors=True)
            bench.lastgood(case, "case", "new", case)
            used = lambda: sum(float(number) for number in pathlib.Path(f"/proc/{serving.pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]) / os.sysconf("SC_CLK_TCK")
            before, own_before, begin = used(), resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
            bench.lastgood(case, "scan", snapshot, allowed=(0, 1, 3))
            walls.append(time.monotonic() - begin)
            own = resource.getrusage(resource.RUSAGE_CHILDREN)
            processors.append(used() - before + own.ru_utime + own.ru_stime - own_before.ru_utime - own_before.ru_stime)
        return 30 * statistics.median(walls), 30 * statistics.median(processors), f"restic mount; one took {statistics.median(walls):.2f} s"
    finally:
        subprocess.run(["fusermount", "-u", mount], check=False)
        serving.wait()


def judge_part(bench):
    root, rolls = bench.folder / "daily", random.Random(2)
    root.mkdir()
    make_small(root, bench.scale)
    files = sorted(path for path in root.rglob("*") if path.is_file())
    store = bench.folder / "daily-restic"
    bench.call("restic", "-q", "init", "-r", store)
    for day in range(30):
        for path in rolls.sample(files, len(files) // 50):
            path.write_text(path.read_text() + f"day {day}\n")
        bench.call("restic", "-q", "-r", store, "backup", ".", "--time", f"2022-11-{day + 1:02} 02:00:00", cwd=root)
    case = bench.folder / "daily.case"
    fresh = lambda: (shutil.rmtree(case, ignore_errors=True), bench.lastgood(case, "case", "new", case),
                     bench.lastgood(case, "backups", "add", "s", f"restic:{store}", "--password-file", bench.folder / "pw"))
    rows = {}
    wall, processor = bench.measure(fresh, (bench.program, "--case", case, "backups", "judge"), allowed=(0, 1, 3))
    rows["lastgood backups judge"] = (wall, processor, "30 snapshots, every content once")
    wall, processor = bench.measure(lambda: None, ("restic", "-q", "--no-cache", "-r", store, "check", "--read-data"))
    rows["restic check --read-data"] = (wall, processor, "")
    scans = bench.folder / "scan.case"
    wall, processor = bench.measure(lambda: (shutil.rmtree(scans, ignore_errors=True), bench.lastgood(scans, "case", "new", scans)),
                                    (bench.program, "--case", scans, "scan", root), allowed=(0, 1, 3))
    rows["30 scans of the tree"] = (30 * wall, 30 * processor, f"one took {wall:.2f} s; as if the snapshots lay unpacked in memory")
    rows["30 scans of mounted snapshots"] = scan_mounted(bench, store, scans)
    report(f"Judge thirty dailies of {len(files)} files, 2 % changed daily", rows, "lastgood backups judge")


def repair_part(bench):
    root = bench.folder / "tree"
    root.mkdir()
    make_small(root, bench.scale * 3)
    files = sorted(path for path in root.rglob("*") if path.is_file())
    store = bench.folder / "tree-restic"
    bench.call("restic", "-q", "init", "-r", store)
    bench.call("restic", "-q", "-r", store, "backup", root)
    case, out = bench.folder / "repair.case", bench.folder / "full"
    whole = plan_of(bench, case, f"restic:{store}")
    hit = random.Random(3).sample(files, len(files) // 100)

    def strike():
        for path in hit:
            path.write_bytes(b"STRUCK-BY-THE-BENCH " + seeded(4096, path.name))
        bench.lastgood(case, "scan", root)
        bench.lastgood(case, "plan", "--out", bench.folder / "repair.json")
        for path in bench.folder.glob("repair.case/restores/*"):
            path.unlink()
    def wipe():
        shutil.rmtree(out, ignore_errors=True)
        for path in bench.folder.glob("repair.case/restores/*"):
            path.unlink()
    rows = {}
    wall, processor = bench.measure(strike, (bench.program, "--case", case, "restore", bench.folder / "repair.json", "--in-place"))
    rows["lastgood, in place"] = (wall, processor, f"{len(hit)} of {len(files)} files")
    wall, processor = bench.measure(wipe, (bench.program, "--case", case, "restore", whole, "--to", out))
    rows["lastgood, everything beside"] = (wall, processor, "")
    wall, processor = bench.measure(lambda: shutil.rmtree(out, ignore_errors=True),
                                    ("restic", "-q", "--no-cache", "--no-lock", "-r", store, "restore", "latest", "--target", out))
    rows["restic restore"] = (wall, processor, "")
    report(f"Repair 1 % of {len(files)} files", rows, "lastgood, in place")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--part", action="append", choices=["restore", "judge", "repair"])
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--scale", type=float, default=1.0)
    arguments.add_argument("program")
    arguments.add_argument("folder")
    options = arguments.parse_args()
    bench = Bench(options)
    try:
        for part in options.part or ["restore", "judge", "repair"]:
            {"restore": restore_part, "judge": judge_part, "repair": repair_part}[part](bench)
    finally:
        shutil.rmtree(bench.folder, ignore_errors=True)


if __name__ == "__main__":
    main()
