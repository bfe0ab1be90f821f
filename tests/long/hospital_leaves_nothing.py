#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""hospital_leaves_nothing.py PROGRAM [SECONDS...]: however the drill's fourth act ends, nothing of it stays.

It is played at the smallest size and ended after each number of SECONDS by SIGINT, SIGTERM and SIGKILL in turn. Each time:
no process that it started, no mount, no network and no link is left. As root; about two minutes."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PLAY = pathlib.Path(__file__).resolve().parents[2] / "src" / "drill" / "play_hospital.py"


def state(folder, token):
    """What would be a remainder: processes that were started by ours (they inherit a word in their environment), networks
    that these are in, mounts below the folder, links of this machine's own network."""
    mine, networks, here = [], set(), os.readlink("/proc/self/ns/net")
    for process in pathlib.Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if token.encode() in (process / "environ").read_bytes():
                    mine.append((process / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")[:120])
                    networks.add(os.readlink(process / "ns/net"))
            except OSError:
                continue
    mounts = [line for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines() if folder in line]
    links = sorted(path.name for path in pathlib.Path("/sys/class/net").iterdir())
    return mine, len(networks - {here}), mounts, links


def main(program, moments):
    failed = 0
    for number, seconds in enumerate(moments):
        way = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)[number % 3]
        place = tempfile.mkdtemp(prefix="lastgood-nothing-")
        token = f"LASTGOOD_LEAVES={os.path.basename(place)}"
        before = state(place, token)
        play = subprocess.Popen(["/usr/bin/python3", str(PLAY), f"{place}/drill", program, "--size", "tiny"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, start_new_session=True, env={**os.environ, "LASTGOOD_LEAVES": os.path.basename(place)})
        time.sleep(seconds)
        during = state(place, token)
        play.send_signal(way)
        try:
            play.wait(60)
        except subprocess.TimeoutExpired:
            play.kill()
            failed += 1
            print(f"{way.name} after {seconds} s: it does not end")
        for _ in range(50):
            after = state(place, token)
            if after == before:
                break
            time.sleep(0.2)
        if after != before:
            failed += 1
            print(f"{way.name} after {seconds} s: left behind: {after} (before: {before})")
        elif during[1] <= before[1]:
            failed += 1
            print(f"{way.name} after {seconds} s: nothing had begun, so nothing is proven")
        else:
            print(f"{way.name} after {seconds} s: nothing is left of {len(during[0])} processes and {during[1] - before[1]} networks")
        shutil.rmtree(place)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], [float(word) for word in sys.argv[2:]] or [4, 11, 18, 26, 34, 42]))
