#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""check_ledger.py LEDGER... [--anchor NUMBER:SHA256] [--head SIZE:ROOT], or --proof FILE: checks ledgers and proofs by
src/ledger/format.md, and by that page alone.

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


def leaf_hash(line):
    return hashlib.sha256(b"\0" + line).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(leaves):
    """RFC 9162 section 2.1.1, from the leaves up: an odd one out waits for the next level."""
    if not leaves:
        return hashlib.sha256().hexdigest()
    while len(leaves) > 1:
        leaves = [node_hash(*leaves[i:i + 2]) if i + 1 < len(leaves) else leaves[i] for i in range(0, len(leaves), 2)]
    return leaves[0].hex()


def check_proof(path):
    """RFC 9162 section 2.1.3.2: the entry's line leads to the root."""
    text = open(path, "rb").read(LINE_MAX + 8192).decode()
    names = [line.partition(" ")[0] for line in text.splitlines()]
    values = [line.partition(" ")[2] for line in text.split("\n")]
    if names[:5] != ["lastgood-inclusion-proof", "case", "entry", "entries", "root"] or names[-1] != "line" or set(names[5:-1]) - {"node"}:
        return "no proof"
    index, last, line = int(values[2]) - 1, int(values[3]) - 1, values[len(names) - 1].encode()
    entry, reached = parse(line), leaf_hash(line)
    at = index
    if entry is None or entry["sequence"] != index + 1 or not 0 <= index <= last:
        return "broken proof"
    for node in map(bytes.fromhex, values[5:len(names) - 1]):
        if last == 0:
            return "broken proof"
        if at % 2 or at == last:
            reached = node_hash(node, reached)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            reached = node_hash(reached, node)
        at, last = at >> 1, last >> 1
    return f"ok entry={index + 1} entries={values[3]} root={values[4]}" if last == 0 and reached.hex() == values[4] else "broken proof"


def check(path, anchors, leaves=None):
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
            if leaves is not None:
                leaves.append(leaf_hash(line))
            number, previous, torn, torn_size, end, repairs = number + 1, digest, [], 0, offset, repairs + repair
            backwards, last_time = backwards + (entry["time"] < last_time), entry["time"]
            if last:
                break
    if any(not 1 <= sequence <= number for sequence in anchors):
        return broken("anchor", end)
    return f"ok entries={number} repairs={repairs} torn={torn_size} backwards={backwards} head={previous}"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("ledgers", nargs="*")
    arguments.add_argument("--proof", metavar="FILE")
    arguments.add_argument("--head", action="append", default=[], metavar="SIZE:ROOT")
    arguments.add_argument("--anchor", action="append", default=[], metavar="NUMBER:SHA256")
    options = arguments.parse_args()
    anchors = {int(a.partition(":")[0]): a.partition(":")[2] for a in options.anchor}
    answers = [(options.proof, check_proof(options.proof))] if options.proof else []
    for path in options.ledgers:
        leaves = [] if options.head else None
        answers.append((path, check(path, anchors, leaves)))
        for size, _, root in (head.partition(":") for head in options.head):
            held = int(size) <= len(leaves) and root_of(leaves[:int(size)]) == root
            answers.append((path, f"{'ok' if held else 'broken'} head={size}:{root}"))
    for path, answer in answers:
        print(f"{path}: {answer}")
    return 1 if any(not answer.startswith("ok") for _, answer in answers) else 0


if __name__ == "__main__":
    sys.exit(main())
