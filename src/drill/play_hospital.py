#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""play_hospital.py DRILL PROGRAM [--size tiny|S|M|L] [--seed N] [--watch] [--keep]: the fourth act of the drill, five servers.

In DRILL, a folder that the first act made (or that is not there yet), it makes DRILL/servers: a hospital of real engines,
each server in a network and with mounts and processes of its own. The hospital is filled, backed up, works, and is struck
at 07:00; at 07:07 the power goes. Then PROGRAM does what a person would do, up to services that people can use again, and
what came back is compared with what the drill knows. Scoreboard: DRILL/servers/score.json.

The attack can only be aimed at what this same run has made. Nothing is left running, mounted or joined, however it ends;
with --keep it waits, so that a person can try the commands, until Enter or Ctrl-C."""
import argparse
import ctypes
import json
import os
import pathlib
import signal
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "servers"))
import recovery_steps  # noqa: E402
import scoreboard  # noqa: E402
import services_file  # noqa: E402
import site_of_drill  # noqa: E402
import sizes  # noqa: E402
import spaces  # noqa: E402
import traces  # noqa: E402
from night import Night  # noqa: E402


def chosen():
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0], formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("drill", metavar="DRILL")
    options.add_argument("program", metavar="PROGRAM")
    options.add_argument("--size", choices=sizes.SIZES, default="S")
    options.add_argument("--seed", type=int, default=20221123)
    options.add_argument("--watch", action="store_true", help="slowly, for an audience")
    options.add_argument("--keep", action="store_true", help="leave the hospital running at the end, until Enter")
    return options.parse_args()


def own_mounts():
    """From here on our mounts are ours alone and go with us."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x00020000) != 0 or libc.mount(b"none", b"/", None, 0x4000 | 0x40000, None) != 0:  # CLONE_NEWNS; MS_REC | MS_PRIVATE
        sys.exit(f"play_hospital: no mounts of our own: {os.strerror(ctypes.get_errno())}")


def drill_folder(name):
    drill = pathlib.Path(name).resolve()
    if not drill.exists():
        drill.mkdir(mode=0o755)
        (drill / site_of_drill.MARKER).touch()
    if not (drill / site_of_drill.MARKER).is_file():
        sys.exit(f"play_hospital: '{drill}' was not made by a drill")
    if (drill / "servers").exists():
        sys.exit(f"play_hospital: a hospital was played in '{drill}' already")
    return drill


def live(watch):
    def say(seconds, sentence):
        print(f"hospital: {seconds:7.1f} s  {sentence}", file=sys.stderr, flush=True)
        if watch:
            time.sleep(2.5)
    return say


def play(site, program, options):
    night = Night(site)
    night.play()
    services = services_file.write(site)
    traced = traces.write(site, night.attack.begun, night.attack.ended)
    before = {name: scoreboard.score.state_of(site.backups / name) for name in ("apart", "poisoned")}
    struck = time.monotonic()
    steps = recovery_steps.Steps(site, program, night, services)
    steps.play()
    result = scoreboard.count(site, night, steps, traced, before, options, time.monotonic() - struck)
    (site.root / "score.json").write_text(json.dumps(result, indent=1, default=str, ensure_ascii=False) + "\n")
    scoreboard.show(result)
    if options.keep:
        print(f"\nThe hospital runs. Commands: {site.bin}; services: {services}; case: {steps.case}. Enter ends it.", flush=True)
        if not sys.stdin.readline():
            signal.pause()  # nobody is there to press Enter
    return 0 if all(result["goals"].values()) else 60


def main():
    options = chosen()
    if os.geteuid() != 0:
        sys.exit("play_hospital: five servers in one machine are practised as root only")
    drill, program = drill_folder(options.drill), str(pathlib.Path(options.program).resolve())
    own_mounts()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    site = site_of_drill.Site(drill, sizes.SIZES[options.size], options.seed, sizes.day_of_drill(), say=live(options.watch))
    try:
        return play(site, program, options)
    except KeyboardInterrupt:
        return 130
    except (spaces.SpaceError, RuntimeError, PermissionError) as trouble:
        print(f"play_hospital: the drill itself failed: {trouble}", file=sys.stderr)
        return 1
    finally:
        site.power_off()


if __name__ == "__main__":
    sys.exit(main())
