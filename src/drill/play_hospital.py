#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""play_hospital.py DRILL PROGRAM [--size tiny|S|M|L] [--seed N] [--watch] [--keep]: the fourth act of the drill, five servers; as root.

In DRILL, a folder that the first act made (or that is not there yet), it makes DRILL/servers: a hospital of real engines,
each server in a network and with mounts and processes of its own. The hospital is filled, backed up, works, and is struck
at 07:00; at 07:07 the power goes. Then PROGRAM does what a person would do, up to services that people can use again, and
what came back is compared with what the drill knows. Scoreboard: DRILL/servers/score.json.

The attack can only be aimed at what this same run has made. Nothing is left running, mounted or joined, however it ends;
with --keep it waits, so that a person can try the commands, until Enter or Ctrl-C."""
import argparse
import importlib.util
import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "servers"))
import acts  # noqa: E402
import recovery_steps  # noqa: E402
import scoreboard  # noqa: E402
import services_file  # noqa: E402
import site_of_drill  # noqa: E402
import sizes  # noqa: E402
import spaces  # noqa: E402
import traces  # noqa: E402
from night import Night  # noqa: E402
from view import View  # noqa: E402

NEEDED = ("unshare", "nsenter", "setpriv", "ip", "mount", "restic", "rsync", "tar", "mariadbd", "mariadb", "mariadb-install-db", "mariadb-binlog", "mariabackup", "mbstream", "Orthanc", "smbd", "smbclient",
          "smbpasswd", "dovecot", "doveadm", "/usr/lib/postgresql/15/bin/initdb")


def chosen():
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0], formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("drill", metavar="DRILL")
    options.add_argument("program", metavar="PROGRAM")
    sizes.add_options(options)
    return options.parse_args()


def refuse_what_is_missing():
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    os.environ["PATH"] = path  # where root's shell has no such folders in it, servers are not found
    missing = [name for name in NEEDED if not shutil.which(name, path=path)]
    missing += [f"Python's {name}" for name in ("pydicom", "reportlab") if not importlib.util.find_spec(name)]
    if missing:
        sys.exit(f"play_hospital: not installed: {', '.join(missing)}; './run deps' installs what the drill needs")


def program_that_runs(name):
    """Its path. The night and the attack take half a minute, and would be played for nothing."""
    program = str(pathlib.Path(name).resolve())
    try:
        said = subprocess.run([program, "version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=30)
    except (OSError, subprocess.TimeoutExpired) as trouble:
        sys.exit(f"play_hospital: '{program}' does not run ({getattr(trouble, 'strerror', None) or 'it does not end'}): './run build' makes build/release/lastgood")
    if said.returncode != 0 or "lastgood" not in said.stdout:
        sys.exit(f"play_hospital: '{program}' is no lastgood: 'version' ends with {said.returncode} and does not say that name")
    return program


def drill_folder(name, size):
    drill = pathlib.Path(name).resolve()
    if not drill.parent.is_dir():
        sys.exit(f"play_hospital: '{drill.parent}' is not there, so '{drill.name}' cannot be made in it")
    acts.refuse_without_room("play_hospital", drill.parent, size.room_bytes)
    if not drill.exists():
        drill.mkdir(mode=0o755)
        (drill / site_of_drill.MARKER).touch()
    if not (drill / site_of_drill.MARKER).is_file():
        sys.exit(f"play_hospital: '{drill}' was not made by a drill, and is left alone: choose a new name")
    if (drill / "servers").exists():
        sys.exit(f"play_hospital: a hospital was {'played' if (drill / 'servers' / 'score.json').is_file() else 'begun, and not ended,'} in '{drill}' already: choose a new name")
    return drill


def play(site, program, options, then=None):
    night = Night(site)
    night.play()
    services = services_file.write(site)
    traced = traces.write(site, night.attack.begun, night.attack.ended)
    before = {name: scoreboard.score.state_of(site.backups / name) for name in ("apart", "poisoned")}
    struck = time.monotonic()
    steps = recovery_steps.Steps(site, program, night, services)
    steps.play()
    def count():
        return scoreboard.count(site, night, steps, traced, before, options, seconds)

    seconds = time.monotonic() - struck
    result = count()
    (site.root / "score.json").write_text(json.dumps(result, indent=1, default=str, ensure_ascii=False) + "\n")
    scoreboard.show(result)
    if then:
        then(site, night, steps, count)
    if options.keep:
        keep(site, program, steps.case)
    return 0 if all(result["goals"].values()) else 60


def keep(site, program, case):
    """Until somebody ends it. What is printed can be typed as it stands, in another terminal."""
    folder = site.drill
    print(f"""
The five servers run, with what was brought back. In another terminal:
  {site.bin}/in s1 bash                     a shell on a server: s1 to s5
  {site.bin}/check-ehosp                    ask a service; stop-, start- likewise
  {shlex.quote(program)} --case {shlex.quote(str(case))} services status
  {shlex.quote(program)} --case {shlex.quote(str(case))} report --form hour-6
Servers' files: {folder}/servers, their logs: {folder}/logs
Services file: {folder}/services.toml
Backups: {folder}/backups, what was printed: {folder}/recovered""")
    if sys.stdin.isatty():
        print("Enter here ends it: the servers go off, the folder stays.", flush=True)
        sys.stdin.readline()
    else:
        print(f"'kill {os.getpid()}' ends it: the servers go off, the folder stays.", flush=True)
        signal.pause()


def main(then=None):
    """`then(site, night, steps, count)` is called while the brought back hospital runs."""
    options = chosen()
    if os.geteuid() != 0:
        sys.exit("play_hospital: five servers in one machine are practised as root only")
    refuse_what_is_missing()
    size = sizes.SIZES[options.size]
    program = program_that_runs(options.program)
    drill = drill_folder(options.drill, size)
    acts.own_mounts("play_hospital")
    site = site_of_drill.Site(drill, size, options.seed, sizes.day_of_drill(), View(drill, options.watch))
    acts.end_at_once(drill, site.power_off)
    try:
        return play(site, program, options, then)
    except (spaces.SpaceError, RuntimeError, PermissionError) as trouble:
        print(f"play_hospital: the drill itself failed: {trouble}", file=sys.stderr)
        return 1
    finally:
        site.power_off()
        spaces.call("umount", "--recursive", "--lazy", site.root, quiet=True)  # that it can be deleted, whoever started us


if __name__ == "__main__":
    sys.exit(acts.run_act("play_hospital", main))
