#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Proves that Outlook stores are traced, whole ones and broken ones, by the program as a person uses it.

    outlook_stores.py build/release/lastgood ROUNDS STORE...

STOREs are PST or OST files that a person has (the npm package pst-extractor carries three). Of a whole one, every internet header that
`pffexport` (package pff-tools) finds is traced, and every attachment has its digest. Then ROUNDS copies are cut or have bytes changed
at random: the program ends by itself, with 0 or 3, says what broke, and writes nothing anywhere."""
import collections
import hashlib
import json
import pathlib
import random
import subprocess
import sys
import time

from story import Scratch, fail


def trace(program, store, timeout_s=300):
    begin = time.monotonic()
    try:
        done = subprocess.run([program, "trace", "--json", "--unrecorded", store], capture_output=True, timeout=timeout_s)
    except subprocess.TimeoutExpired:
        fail(f"'{store}' did not end within {timeout_s} s")
    if done.returncode not in (0, 3):
        fail(f"'{store}' ended with {done.returncode}: {done.stderr.decode(errors='replace')}")
    return [json.loads(line) for line in done.stdout.splitlines()][:-1], done.stderr.decode(errors="replace"), time.monotonic() - begin


def compare_with_pffexport(mails, store, folder):
    target = folder / "export"
    subprocess.run(["pffexport", "-q", "-m", "all", "-t", str(target), str(store)], check=True, capture_output=True)
    headers, files = collections.Counter(), set()
    for path in folder.glob("export*/**/*"):
        if path.name == "InternetHeaders.txt":
            headers[hashlib.sha256(path.read_bytes().strip()).hexdigest()] += 1
        elif path.parent.name == "Attachments" and path.is_file():
            files.add(hashlib.sha256(path.read_bytes()).hexdigest())
    found = {attachment["sha256"] for mail in mails for attachment in mail["attachments"] if attachment["size"]}
    print(f"{store}: {len(mails)} mails, pffexport {sum(headers.values())} internet headers; "
          f"{len(found)} different attachments of mails, {len(found - files)} of them unknown to pffexport")
    return len(mails) >= sum(headers.values())  # it gives those of letters only, not of invitations


def main():
    if len(sys.argv) < 4:
        fail("usage: outlook_stores.py PROGRAM ROUNDS STORE...")
    program, rounds, stores = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    right = True
    with Scratch("stores") as scratch:
        for number, store in enumerate(stores):
            mails, said, _ = trace(program, store)
            folder = scratch.path / str(number)
            folder.mkdir()
            right &= compare_with_pffexport(mails, store, folder)
            print(f"  {said.strip()}")
        draw, ends, slowest = random.Random(1), collections.Counter(), 0.0
        for _ in range(rounds):
            store = draw.choice(stores)
            data = bytearray(pathlib.Path(store).read_bytes())
            kind = draw.choice(("cut", "few", "many", "run"))
            if kind == "cut":
                del data[draw.randrange(len(data)):]
            elif kind == "run":
                at = draw.randrange(len(data))
                data[at:at + 4096] = draw.randbytes(4096)
            else:
                for _ in range(draw.choice((1, 10, 100)) if kind == "few" else 20_000):
                    data[draw.randrange(4, len(data))] = draw.randrange(256)
            broken = scratch.path / "broken.pst"
            broken.write_bytes(data)
            mails, said, seconds = trace(program, broken)
            slowest = max(slowest, seconds)
            ends[f"{kind}: {'breaks the reader' if 'breaks the reader' in said else 'cannot be read' if 'cannot read' in said else 'read'}"] += 1
            ends["mails"] += len(mails)
    print(f"{rounds} broken stores, slowest {slowest:.1f} s")
    for end, count in sorted(ends.items()):
        print(f"  {end}: {count}")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
