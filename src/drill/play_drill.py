#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""play_drill.py [FOLDER] --program PROGRAM [--size tiny|S|SM|M|L] [--seed N] [--watch] [--keep]: the whole drill in one folder.

Plays a practice incident in four acts: damaged files, the way back from thirty days of backups, the inquiry, and a hospital of
five servers of real engines. The first three are the same at every size. An act that misses a goal does not stop the others.
Ends with 0 when every goal was met, with 60 when one was missed. It writes in FOLDER alone, which it makes."""
import argparse
import os
import pathlib
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "servers"))
import acts  # noqa: E402
import sizes  # noqa: E402


def chosen():
    options = argparse.ArgumentParser(prog="./run drill", usage="./run drill [FOLDER] [--size tiny|S|SM|M|L] [--seed N] [--watch] [--keep]", description=__doc__.split("\n\n")[1],
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", metavar="FOLDER", nargs="?", default=time.strftime("drill-%Y%m%d-%H%M%S"), help="is made; must not be there yet (default: drill-DATE-TIME here)")
    options.add_argument("--program", help=argparse.SUPPRESS)
    options.add_argument("--check", action="store_true", help=argparse.SUPPRESS)  # only say whether it could be played
    sizes.add_options(options)
    return options.parse_args()


def refuse_what_cannot_be_played(options):
    folder = pathlib.Path(options.folder)
    if os.geteuid() != 0:
        sys.exit("./run drill: a hospital of five servers in one machine is played as root only: sudo ./run drill")
    if folder.exists() or folder.is_symlink():
        sys.exit(f"./run drill: '{folder}' is there already; a drill makes its own folder, and leaves every other alone: choose a new name")
    above = folder.resolve().parent
    if not above.is_dir():
        sys.exit(f"./run drill: '{above}' is not there, so '{folder.name}' cannot be made in it")
    acts.refuse_without_room("./run drill", above, sizes.SIZES[options.size].room_bytes)


class Acts:
    def __init__(self, options):
        self.options, self.folder, self.child, self.ended = options, pathlib.Path(options.folder).resolve(), None, []
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.stop)

    def stop(self, *_):
        if self.child:
            self.child.terminate()
        raise KeyboardInterrupt

    def play(self, title, what, *words):
        """Gives whether the next act can be played."""
        print(f"\n=== Act {len(self.ended) + 1} of 4: {title} ===\n{what}\n", file=sys.stderr, flush=True)
        begun = time.monotonic()
        self.child = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *map(str, words)])
        try:
            code = self.child.wait()
        except KeyboardInterrupt:
            self.child.wait()  # Ctrl-C reached it, too
            raise
        self.ended.append((title, code, time.monotonic() - begun))
        return code in (0, 60)

    def all(self):
        folder, program, options = self.folder, self.options.program, self.options
        if not self.play("files", "63 ways to damage a file, on copies of files that the drill made; each verdict is compared.", program, "drill", folder):
            return
        subprocess.run([program, "--case", folder / "drill.case", "report", "--out", folder / "report.html"], check=False)
        if not self.play("the way back", "Thirty days of backups, the attack in the last three of them; everything comes back as it was last good.", HERE / "play_recovery.py", folder, program):
            return
        if not self.play("the inquiry", "Mails, logs, dumps: who, from where, whose data; letters, deadlines, exports.", HERE / "play_investigation.py", folder, program):
            return
        words = ["--size", options.size, "--seed", options.seed, *(["--watch"] if options.watch else []), *(["--keep"] if options.keep else [])]
        self.play("five servers", "A hospital of real engines, struck while it works, and its services back.", HERE / "play_hospital.py", folder, program, *words)

    def show(self):
        print("\nThe drill")
        for title, code, seconds in self.ended:
            print(f"  {'every goal met' if code == 0 else 'A GOAL MISSED' if code == 60 else f'ended with {code}':16} {title}, {seconds:.0f} s")
        for title in ("report.html", "recovery/plan.txt", "investigation/report.html", "hospital-final.html", "servers/score.json"):
            if (self.folder / title).is_file():
                print(f"  {self.folder / title}")
                if title == "hospital-final.html":
                    print("    (files bear the story's clock, databases the machine's: its \"data lost\" against a goal means little)")
        print(f"delete it: rm -r {self.folder}", flush=True)


def main():
    options = chosen()
    refuse_what_cannot_be_played(options)
    if options.check:
        return 0
    drill = Acts(options)
    try:
        drill.all()
    except KeyboardInterrupt:
        print(f"\n./run drill: stopped; nothing of it runs any more; delete it: rm -r {drill.folder}", file=sys.stderr)
        return 130
    drill.show()
    return max((code for _, code, _ in drill.ended), key=lambda code: (code not in (0, 60), code))


if __name__ == "__main__":
    sys.exit(main())
