# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Runs peers and scans in turn over one tree and prints medians and ratios. See bench/speed.sh."""

import argparse
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

HERE = os.path.dirname(os.path.abspath(__file__))
CORES = len(os.sched_getaffinity(0))
WHAT = {
    "mixed": (("sha256sum",), ("standard", "quick")),
    "small": ((), ("quick", "standard")),
    "large": ((), ("full", "standard", "quick")),
    "cold-small": (("cat", "cat*24"), ("standard",)),
    "cold-large": (("cat", "cat*24"), ("standard",)),
}


@dataclass
class Runs:
    wall: list = field(default_factory=list)
    cpu: list = field(default_factory=list)
    summary: dict = field(default_factory=dict)

    def add(self, wall, cpu):
        self.wall.append(wall)
        self.cpu.append(cpu)


def drop_caches():
    os.sync()
    with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as file:
        file.write("3")


def timed(command):
    """Standard output, wall seconds, processor seconds of the command and of all it waited for."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    output = process.stdout.read()
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return output, time.monotonic() - begun, usage.ru_utime + usage.ru_stime


def run_peer(name, tree, runs):
    """'cat' runs one process a core; 'cat*24' as many as a scan has threads: what the disk gives to whoever asks."""
    tool, _, count = name.partition("*")
    processes = int(count or CORES)
    # One file at a time would measure starting programs; large files still spread over all cores.
    at_once = 1 if sum(len(files) for _, _, files in os.walk(tree)) < 1000 else 500
    reader = f"find {shlex.quote(tree)} -type f -print0 | xargs -0 -P{processes} -n{at_once} {tool} > /dev/null"
    _, wall, cpu = timed(["bash", "-c", reader])
    runs.add(wall, cpu)


def run_scan(options, depth, runs):
    with tempfile.TemporaryDirectory(prefix="lastgood-speed-") as folder:
        case = os.path.join(folder, "speed.case")
        subprocess.run([options.lastgood, "case", "new", case], check=True, stdout=subprocess.DEVNULL)
        output, wall, cpu = timed(
            [options.lastgood, "--case", case, "scan", "--json", "--depth", depth, options.tree]
        )
    runs.summary = json.loads(output.splitlines()[-1])
    runs.add(wall, cpu)


def report(name, runs, peer):
    wall, cpu = statistics.median(runs.wall), statistics.median(runs.cpu)
    line = f"{name:<18} wall {wall:7.2f} s  cpu {cpu:7.2f} s"
    if runs.summary:
        files, size, read = (runs.summary[key] for key in ("files", "bytes", "bytes_read"))
        line += (
            f"  {files / cpu:9,.0f} files/s/core  {size / cpu / 1e9:6.2f} GB/s/core"
            f"  {files / wall:9,.0f} files/s  {size / wall / 1e9:6.2f} GB/s  read {100 * read / max(size, 1):6.2f} %"
        )
    if peer is not None and peer is not runs:
        ratios = [theirs / ours for theirs, ours in zip(peer.wall, runs.wall)]
        by_cpu = [theirs / ours for theirs, ours in zip(peer.cpu, runs.cpu)]
        line += f"  x{statistics.median(ratios):.2f} by wall, x{statistics.median(by_cpu):.2f} by cpu"
    print(line, flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(prog="bench/speed.sh")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lastgood", default=os.path.join(HERE, "../../build/release/lastgood"))
    parser.add_argument("what", choices=sorted(WHAT))
    parser.add_argument("tree")
    options = parser.parse_args()
    options.tree = os.path.abspath(options.tree)
    if not os.path.isdir(options.tree):
        sys.exit(f"speed: error: '{options.tree}' is no folder\nhint: bench/make_corpus.sh makes some")
    if shutil.which(options.lastgood) is None:
        sys.exit(f"speed: error: cannot run '{options.lastgood}'\nhint: ./run build, or name one with --lastgood")
    return options


def main():
    options = parse_arguments()
    peers, depths = WHAT[options.what]
    cold = options.what.startswith("cold-")
    if not cold:
        run_peer("cat", options.tree, Runs())  # brings into memory what fits there
    runs = {name: Runs() for name in peers + depths}
    for _ in range(options.rounds):
        for name in peers + depths:
            if cold:
                drop_caches()
            if name in peers:
                run_peer(name, options.tree, runs[name])
            else:
                run_scan(options, name, runs[name])
    print(f"{options.what} {options.tree}: {options.rounds} rounds, {CORES} cores, medians")
    for name in peers + depths:
        report(name, runs[name], runs[peers[0]] if peers else None)


main()
