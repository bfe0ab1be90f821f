#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""flip_bits.py LASTGOOD COUNT [SEED]: changes one bit at random, COUNT times, in the ledger, the heads, the manifests, the
states and the kept copies of a case, and demands each time that lastgood finds it and names its place.

The same demand without a process for each bit, for 100,000 of them in minutes:
  LASTGOOD_FLIPS=100000 build/release/src/ledger_test --gtest_filter='FindChangedBit.*random*'
  LASTGOOD_FLIPS=100000 build/release/src/evidence_test --gtest_filter='LocateChange.*single_bit*'"""
import json, os, pathlib, random, subprocess, sys, tempfile

WHO = ["--by", "A", "--where", "B", "--why", "C", "--authority", "D"]


def lastgood(program, case, *words):
    done = subprocess.run([program, "--case", str(case), *map(str, words)], capture_output=True, text=True)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")], done.stderr


def make_case(program, folder, chance):
    case = folder / "flips.case"
    subprocess.run([program, "case", "new", case], check=True, capture_output=True)
    scene = folder / "scene"
    scene.mkdir()
    for i in range(12):
        (scene / f"f{i}").write_bytes(chance.randbytes(chance.choice([1, 100, 5000, 16384, 40000, 700000])))
    for words in (["evidence", "add", scene, "--keep", *WHO], ["ledger", "key", "new", "--out", folder / "key", "--no-passphrase"],
                  ["ledger", "sign", "--key", folder / "key"], ["evidence", "note", "E-0001", "--by", "A", "--and", "B", "sealed"]):
        code, _, err = lastgood(program, case, *words)
        assert code == 0, (words, err)
    return case


def is_found(program, case, file, at):
    """None when all is well, else what was said."""
    part = file.relative_to(case).parts[0]
    if part == "ledger":
        code, lines, _ = lastgood(program, case, "ledger", "verify", "--json")
        bit = lines and lines[0].get("changed", {}).get("bit", {})
        return None if code == 41 and bit and bit["offset"] == at else (code, lines)
    if part == "heads":
        code, lines, _ = lastgood(program, case, "ledger", "verify", "--json")
        named = lines and any(f"{file.name} was changed at byte {at}" in finding for finding in lines[0]["findings"])
        return None if code == 41 and named else (code, lines)
    code, lines, err = lastgood(program, case, "evidence", "verify", "E-0001", "--kept", "--json")
    if part == "evidence":
        return None if code == 43 and f"{file.name}' was changed" in err else (code, lines, err)
    named = [line for line in lines if line["type"] == "reread" and line["file"] == int(file.name)]
    return None if code == 1 and named and named[0]["bits"][:1] and named[0]["bits"][0]["offset"] == at else (code, lines)


def main():
    program, count = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 20221123)
    with tempfile.TemporaryDirectory(prefix="lastgood-flips-") as folder:
        case = make_case(program, pathlib.Path(folder), chance)
        files = [case / "ledger", *sorted((case / "heads").iterdir()), *sorted((case / "evidence/E-0001").iterdir()),
                 *sorted((case / "kept/E-0001").iterdir())]
        ledger = (case / "ledger").read_bytes()
        missed = 0
        for i in range(count):
            file = chance.choice(files)
            whole = ledger if file.name == "ledger" else file.read_bytes()
            if not whole:
                continue
            at = chance.randrange(len(whole))
            bad = bytearray(whole)
            bad[at] ^= 1 << chance.randrange(8)
            file.write_bytes(bad)
            said = is_found(program, case, file, at)
            if said is not None:
                missed += 1
                print(f"not located: {file.relative_to(case)} byte {at}: {said}")
            file.write_bytes(whole)
            (case / "ledger").write_bytes(ledger)
        print(f"{count} bits changed, {missed} not located")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
