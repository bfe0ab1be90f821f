#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""How often chance passes for an indicator: searches random bytes, one gibibyte at a time, and counts what is found.

    python3 tests/long/random_bytes.py PROGRAM FOLDER [GIBIBYTES]

Fails when anything is found at the level "checksum". The bytes are AES in counter mode under a printed key, so that a
hit can be made again.
"""
import collections
import json
import os
import secrets
import subprocess
import sys
import time


def main():
    program, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    gibibytes = int(sys.argv[3]) if len(sys.argv) > 3 else 10
    os.makedirs(folder, exist_ok=True)
    counts = collections.Counter()
    searched = 0
    seconds = 0.0
    hits = []
    for number in range(gibibytes):
        key = secrets.token_hex(32)
        path = os.path.join(folder, "random.bin")
        with open(path, "wb") as file:
            zero = subprocess.Popen(["head", "-c", str(1 << 30), "/dev/zero"], stdout=subprocess.PIPE)
            subprocess.run(["openssl", "enc", "-aes-256-ctr", "-K", key, "-iv", "0" * 32], stdin=zero.stdout, stdout=file, check=True)
            zero.wait()
        begun = time.monotonic()
        found = subprocess.run([program, "indicators", "--unrecorded", "--all", "--json", path], capture_output=True, text=True)
        seconds += time.monotonic() - begun
        for line in map(json.loads, found.stdout.splitlines()):
            if line["type"] == "collected":
                searched += line["bytes"]
            if line["type"] != "indicator":
                continue
            counts[line["level"], line["kind"]] += 1
            if line["level"] == "checksum":
                hits.append((key, line))
        os.unlink(path)
        print(f"{number + 1} GiB: {sum(counts.values())} found", flush=True)
    print(f"{searched} bytes searched in {seconds:.0f} s: {searched / seconds / 1e6:.0f} MB/s")
    for (level, kind), count in sorted(counts.items()):
        print(f"  {level:<9} {kind:<10} {count}")
    for key, line in hits:
        print("hit under key", key, line)
    if searched < gibibytes << 30:
        print("not everything was searched")
        return 1
    return 1 if hits else 0


if __name__ == "__main__":
    sys.exit(main())
