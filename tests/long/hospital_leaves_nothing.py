#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""hospital_leaves_nothing.py PROGRAM [MOMENT...]: however the drill ends, nothing of it stays.

A MOMENT is ACT:SECONDS. The fourth act is played alone, at the smallest size; the others as a person plays them. The play is ended so
many seconds after the act began, as by Ctrl-C, by SIGTERM and by SIGKILL in turn. Each time: no process that it started, no mount, no
network and no link is left, and the same command again says in one sentence why it does not play in that folder. As root; some
minutes."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

DRILL = pathlib.Path(__file__).resolve().parents[2] / "src" / "drill"


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


def words_of(act, place, program):
    if act == "4":
        return [DRILL / "play_hospital.py", f"{place}/drill", program, "--size", "tiny"]
    return [DRILL / "play_drill.py", f"{place}/drill", "--program", program, "--size", "tiny"]


def refused_again(act, place, program):
    """What is wrong with what the same command says in the folder that it left, and the act alone where a person can call it so."""
    calls = [words_of(act, place, program)]
    if act == "3":
        calls.append([DRILL / "play_investigation.py", f"{place}/drill", program])
    for words in calls:
        done = subprocess.run(["/usr/bin/python3", *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode == 0 or len(done.stderr.splitlines()) != 1 or "already" not in done.stderr or done.stdout:
            return f"{words[0].name} again ended with {done.returncode}: {done.stderr[-400:]}"
    return ""


def begin(act, place, program):
    """The play, when its act has begun."""
    words = words_of(act, place, program)
    play = subprocess.Popen(["/usr/bin/python3", *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(f"{place}/said", "wb"), start_new_session=True,
                            env={**os.environ, "LASTGOOD_LEAVES": os.path.basename(place)})
    while act != "4" and f"=== Act {act} of 4" not in pathlib.Path(f"{place}/said").read_text(errors="replace"):
        if play.poll() is not None:
            sys.exit(f"act {act} was not reached: {pathlib.Path(f'{place}/said').read_text()[-500:]}")
        time.sleep(0.1)
    return play


def main(program, moments):
    failed = 0
    for number, (act, seconds) in enumerate(moments):
        way = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)[number % 3]
        place = tempfile.mkdtemp(prefix="lastgood-nothing-")
        token = f"LASTGOOD_LEAVES={os.path.basename(place)}"
        before = state(place, token)
        play = begin(act, place, program)
        time.sleep(seconds)
        during = state(place, token)
        if way == signal.SIGINT:
            os.killpg(play.pid, way)  # as a terminal does
        else:
            play.send_signal(way)
        try:
            play.wait(60)
        except subprocess.TimeoutExpired:
            play.kill()
            failed += 1
            print(f"act {act}, {way.name} after {seconds} s: it does not end")
        for _ in range(50):
            after = state(place, token)
            if after == before:
                break
            time.sleep(0.2)
        if after != before:
            failed += 1
            print(f"act {act}, {way.name} after {seconds} s: left behind: {after} (before: {before})")
        elif len(during[0]) < 2 or act in "34" and during[1] <= before[1]:
            failed += 1
            print(f"act {act}, {way.name} after {seconds} s: nothing had begun, so nothing is proven")
        elif wrong := refused_again(act, place, program):
            failed += 1
            print(f"act {act}, {way.name} after {seconds} s: {wrong}")
        else:
            print(f"act {act}, {way.name} after {seconds} s: nothing is left of {len(during[0])} processes and {during[1] - before[1]} networks")
        shutil.rmtree(place)
    return 1 if failed else 0


if __name__ == "__main__":
    MOMENTS = sys.argv[2:] or ["1:3", "2:12", "2:8", "1:2", "3:2", "3:2.5", "4:4", "4:11", "4:18", "4:26", "4:34", "4:42"]
    sys.exit(main(sys.argv[1], [(word.split(":")[0], float(word.split(":")[1])) for word in MOMENTS]))
