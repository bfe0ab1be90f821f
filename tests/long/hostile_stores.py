#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""hostile_stores.py PROGRAM [KIND[.CASE]...]: stores whose writer wants to do harm, through the whole program.

restic stores by an attacker who has the password (hostile_restic.py), tar archives (hostile_tar.py), borg stores
(hostile_borg.py). Each is added, listed, judged, looked into, planned, restored beside (as it is by default, and with devices
and special bits), verified. Whatever they say: no crash, no exit code of a bug, nothing but what the exit codes promise; less
than 1 GiB of memory and two minutes a command; no terminal escape on the screen; and nothing outside of the target is made or
changed. As root; for a person to run, about ten minutes."""
import os
import shutil
import subprocess
import sys

import every_shape
import hostile_borg
import hostile_restic
import hostile_tar
import restic_writer
import story

MEMORY_MIB_MAX = 1024
SECONDS_MAX = 120


class Yard:
    """A target with a witness beside it: anything made outside of the target is seen."""

    def __init__(self, program, folder):
        self.program, self.folder = story.Program(program, folder / "c.case"), folder
        self.aim, self.targets = folder / "yard/aim", folder / "yard/targets"
        self.aim.mkdir(parents=True)
        self.targets.mkdir()
        (self.aim / "witness").write_text("nobody touches this\n")
        (self.aim / "folder").mkdir()
        self.worst_mib, self.worst_s, self.troubles, self.stores = 0.0, 0.0, [], 0

    def outside(self):
        elsewhere = [(root, name) for root in ("/", "/tmp", "/etc", "/root", "/var/tmp", str(self.folder), os.getcwd()) for name in os.listdir(root) if "planted" in name]
        state = story.state_of_source(self.folder / "yard")
        targets = os.fsencode(self.targets)
        return {key: value for key, value in state.items() if not key.startswith(targets)}, elsewhere

    def trouble(self, label, sentence):
        self.troubles.append(f"{label}: {sentence}")
        print(f"  TROUBLE {label}: {sentence}", flush=True)

    def call(self, label, *arguments, codes):
        code, said, mib, seconds = self.program.measure(*arguments, timeout_s=SECONDS_MAX)
        what = " ".join(map(str, arguments[:2]))
        self.worst_mib, self.worst_s = max(self.worst_mib, mib), max(self.worst_s, seconds)
        if code is None:
            self.trouble(label, f"{what} did not end within {SECONDS_MAX} s, {mib:.0f} MiB")
        elif code not in codes:
            self.trouble(label, f"{what} ended with {code}: {said[-400:].decode(errors='replace')!r}")
        if mib > MEMORY_MIB_MAX:
            self.trouble(label, f"{what} took {mib:.0f} MiB")
        if b"\x1b" in said or b"\x07" in said:
            self.trouble(label, f"{what} put an escape on the screen: {said[max(0, said.find(bytes([27])) - 60):][:160]!r}")
        return code, seconds, mib

    def through(self, label, address, *options):
        self.stores += 1
        before = self.outside()
        shutil.rmtree(self.program.case, ignore_errors=True)
        self.program.call("case", "new", self.program.case)
        used = []
        code, seconds, mib = self.call(label, "backups", "add", "s", address, *options, codes=(0, 3, *range(10, 14)))
        used.append((seconds, mib))
        if code == 0:
            plan = self.folder / "p.json"
            plan.unlink(missing_ok=True)
            for arguments, codes in ((("backups", "judge"), (0, 1, 3, 10)), (("backups", "list"), (0, 1, 3)), (("history", "/srv/plain.txt"), (0, 1, 3)), (("plan", "--out", plan), (0, 1, 3, 30))):
                used.append(self.call(label, *arguments, codes=codes)[1:])
            if plan.exists():
                self.restored(label, plan, used)
        if self.outside() != before:
            self.trouble(label, "something outside of the target was made or changed")
        print(f"{label}: add {code}, longest {max(s for s, _ in used):.1f} s, most {max(m for _, m in used):.0f} MiB", flush=True)

    def restored(self, label, plan, used):
        for number, options in enumerate(((), ("--devices", "--special-bits", "all", "--no-space-check"))):
            out = self.targets / f"out{number}"
            code, *cost = self.call(label, "restore", plan, "--to", out, *options, codes=(0, 3, 31))
            used.append(cost)
            if out.exists():
                if not options:
                    self.check_tame(label, out)
                used.append(self.call(label, "verify", plan, "--at", out, "--no-engines", codes=(0, 1, 3, 30))[1:])
                every_shape.remove(out)

    def check_tame(self, label, out):
        """By default no devices, and setuid of root's files only: those are what the backup of a server holds."""
        found = subprocess.run(["find", out, "-type", "b", "-o", "-type", "c", "-o", "-type", "f", "-perm", "/6000", "-not", "-uid", "0"], capture_output=True)
        if found.stdout or found.returncode:
            self.trouble(label, f"a device or a special bit was made: {(found.stdout + found.stderr)[:300]!r}")


def wanted(label):
    names = sys.argv[2:]
    return not names or any(label == name or label.startswith(name + ".") for name in names)


def main():
    with story.Scratch("hostile") as scratch:
        yard = Yard(sys.argv[1], scratch.path)
        password = scratch.path / "password"
        password.write_text("x\n")
        store = scratch.path / "store"
        for case in hostile_restic.CASES:
            label = f"restic.{case.__name__}"
            if wanted(label):
                writer = restic_writer.ResticWriter(store)
                case(writer, yard.aim)
                writer.finish()
                yard.through(label, f"restic:{store}", "--password-file", password)
                shutil.rmtree(store)
        for scrypt in hostile_restic.KEYS:
            label = f"restic.key-{'-'.join(map(str, scrypt))}"
            if wanted(label):
                restic_writer.ResticWriter(store, scrypt=scrypt).finish()
                yard.through(label, f"restic:{store}", "--password-file", password)
                shutil.rmtree(store)
        for case in hostile_tar.CASES:
            label = f"tar.{case.__name__}"
            if wanted(label):
                store.mkdir()
                for path in case(store, yard.aim):
                    yard.through(f"{label} {path.name}", f"tar:{path}")
                shutil.rmtree(store)
        for case in hostile_borg.CASES:
            label = f"borg.{case.__name__}"
            if wanted(label):
                hostile_borg.write(store, case.__name__, yard.aim)
                yard.through(label, f"borg:{store}")
                shutil.rmtree(store)
        if yard.troubles:
            story.fail(f"{len(yard.troubles)} troubles:\n" + "\n".join(yard.troubles))
    print(f"{yard.stores} stores: nothing outside touched; at most {yard.worst_mib:.0f} MiB and {yard.worst_s:.1f} s a command")


if __name__ == "__main__":
    main()
