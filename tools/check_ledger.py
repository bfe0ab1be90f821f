#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""check_ledger.py LEDGER... [--anchor NUMBER:SHA256]: checks ledgers by src/ledger/format.md, and by that page alone.

Needs nothing but Python 3 and shares no code with lastgood, so that a court's expert can read all of it."""
import argparse, datetime, hashlib, json, re, sys

LINE_MAX, TORN_MAX, INTEGER_MAX = 1_048_576, 16_777_216, 2**53 - 1
COMPLETE = re.compile(rb'\{"sequence":.*,"sha256":"([0-9a-f]{64})"\}', re.DOTALL)
MEMBERS = ["sequence", "time", "actor", "kind", "fields", "previous", "sha256"]


def is_value(value):
    return type(value) is str or type(value) is int and abs(value) <= INTEGER_MAX or (
        type(value) is list and all(type(item) is str for item in value))


def parse(line):
    """The entry, or None when the line is not its one spelling."""
    try:
        text = line.decode()
        e = json.loads(text)
        ok = (json.dumps(e, ensure_ascii=False, separators=(",", ":")) == text and list(e) == MEMBERS
              and type(e["sequence"]) is int and 1 <= e["sequence"] <= INTEGER_MAX
              and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{9}Z", e["time"])
              and datetime.datetime.fromisoformat(e["time"][:19])
              and list(e["actor"]) == ["host", "login", "program", "user"] and all(type(v) is str for v in e["actor"].values())
              and re.fullmatch(r"[a-z][a-z0-9-]{0,63}", e["kind"]) and re.fullmatch(r"[0-9a-f]{64}", e["previous"])
              and type(e["fields"]) is dict and list(e["fields"]) == sorted(e["fields"])
              and all(re.fullmatch(r"[a-z][a-z0-9_]{0,63}", k) and is_value(v) for k, v in e["fields"].items()))
        return e if ok else None
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def check(path, anchors):
    number, previous, offset, end, repairs, last_time, backwards = 0, "0" * 64, 0, 0, 0, "", 0
    torn, torn_at, torn_size = [], 0, 0
    broken = lambda reason, at: f"broken entry={number + 1} offset={at} reason={reason}"
    with open(path, "rb") as ledger:
        while True:
            raw = ledger.readline(LINE_MAX + 2)
            line, at, last = raw.removesuffix(b"\n"), offset, not raw.endswith(b"\n")
            offset += len(raw)
            if len(line) > LINE_MAX:
                return broken("limit", at)
            complete = COMPLETE.fullmatch(line)
            if not complete:
                if line or torn or not last:
                    torn_at, torn_size = (torn_at, torn_size + 1 + len(line)) if torn else (at, len(line))
                    torn.append(line)
                if torn_size > TORN_MAX:
                    return broken("limit", torn_at)
                if last:
                    break
                continue
            if hashlib.sha256(line[:-77]).hexdigest().encode() != complete[1]:
                return broken("digest", at)
            entry = parse(line)
            if entry is None:
                return broken("spelling", at)
            fields, repair, digest = entry["fields"], entry["kind"] == "ledger-repaired", entry["sha256"]
            if entry["sequence"] != number + 1:
                return broken("sequence", at)
            if entry["previous"] != previous:
                return broken("previous", at)
            if (number == 0) != (entry["kind"] == "case-created"):
                return broken("first", at)
            if number == 0 and not (re.fullmatch("[0-9a-f]{32}", str(fields.get("case_id"))) and type(fields.get("format")) is int):
                return broken("first", at)
            if number == 0 and fields["format"] != 1:
                return broken("version", at)
            if torn and not repair:
                return broken("unrepaired", torn_at)
            region = b"\n".join(torn)
            if repair and [torn_at, torn_size, hashlib.sha256(region).hexdigest()] != [
                    fields.get("torn_offset"), fields.get("torn_bytes"), fields.get("torn_sha256")] or repair and not torn:
                return broken("repair", at)
            if anchors.get(number + 1, digest) != digest:
                return broken("anchor", at)
            number, previous, torn, torn_size, end, repairs = number + 1, digest, [], 0, offset, repairs + repair
            backwards, last_time = backwards + (entry["time"] < last_time), entry["time"]
            if last:
                break
    if any(not 1 <= sequence <= number for sequence in anchors):
        return broken("anchor", end)
    return f"ok entries={number} repairs={repairs} torn={torn_size} backwards={backwards} head={previous}"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("ledgers", nargs="+")
    arguments.add_argument("--anchor", action="append", default=[], metavar="NUMBER:SHA256")
    options = arguments.parse_args()
    anchors = {int(a.partition(":")[0]): a.partition(":")[2] for a in options.anchor}
    answers = [(path, check(path, anchors)) for path in options.ledgers]
    for path, answer in answers:
        print(f"{path}: {answer}")
    return 1 if any(answer.startswith("broken") for _, answer in answers) else 0


if __name__ == "__main__":
    sys.exit(main())
