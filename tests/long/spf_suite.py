#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Proves that SPF is judged as the suite of RFC 7208 says, by the program as a person uses it.

    spf_suite.py build/release/lastgood rfc7208-tests.yml

The suite is a YAML file of the openspf project that comes with other checkers (pyspf, Mail::SPF, libspf2). Each scenario's zone
becomes a file of saved answers, each of its cases a mail whose newest line names the address and the HELO; `trace` says the result.
Ends with 1 when a case differs. Needs python3-yaml."""
import json
import pathlib
import sys

import yaml

from story import Program, Scratch, fail


def quoted(text):
    return '"' + "".join(c if 32 <= ord(c) < 127 and c not in '"\\' else f"\\{b:03d}" for c in text for b in c.encode("latin1")) + '"'


def name_of(name):
    return "".join(c if 32 < ord(c) < 127 and c != "\\" else f"\\{ord(c):03d}" for c in name.rstrip(".") or ".")


def strings_of(value):
    return " ".join(quoted(part) for part in ([value] if isinstance(value, str) else value)) or '""'


def zone_lines(zone):
    """A zone of the suite as saved answers. Where it lists SPF and no TXT, its drivers ask TXT for the same text; TXT NONE stops that."""
    yield "$COMPLETE ."
    for name, records in zone.items():
        kinds = {kind for record in records if isinstance(record, dict) for kind in record}
        answered = set()
        for record in (record for record in records if isinstance(record, dict)):
            (kind, value), = record.items()
            if value == "NONE" or (kind == "SPF" and "TXT" in kinds):
                continue
            kind = "TXT" if kind == "SPF" else kind
            answered.add(kind)
            if value == "TIMEOUT":
                yield f"{name_of(name)} {kind} FAILED"
            elif kind == "MX":
                yield f"{name_of(name)} MX {value[0]} {name_of(value[1])}"
            elif kind == "TXT":
                yield f"{name_of(name)} TXT {strings_of(value)}"
            else:
                yield f"{name_of(name)} {kind} {value}"
        if "TIMEOUT" in records:  # whatever else is asked of this name has no answer
            yield from (f"{name_of(name)} {kind} FAILED" for kind in ("A", "AAAA", "MX", "PTR", "TXT", "CNAME") if kind not in answered)


def mail_of(case):
    helo = str(case.get("helo") or "")
    return (f"From sender@sender.example Wed Nov 23 07:07:00 2022\nReturn-Path: <{case.get('mailfrom') or ''}>\n"
            f"Received: from peer.example ([{case['host']}] helo={helo})\n\tby mx.own.example with esmtp (Exim 4.96)\n"
            "\tid 1p0Abc-0001De-2f; Wed, 23 Nov 2022 01:37:00 +0000\nSubject: case\n\ntext\n\n")


def main():
    if len(sys.argv) < 3:
        fail("usage: spf_suite.py PROGRAM SUITE.yml...")
    equal = differ = 0
    with Scratch("spf") as scratch:
        program = Program(sys.argv[1], scratch.path / "none.case")
        for path in sys.argv[2:]:
            for number, scenario in enumerate(yaml.safe_load_all(pathlib.Path(path).read_text())):
                if not scenario:
                    continue
                zone, box = scratch.path / f"{number}.zone", scratch.path / f"{number}.mbox"
                zone.write_text("\n".join(zone_lines(scenario["zonedata"])) + "\n")
                box.write_text("".join(mail_of(case) for case in scenario["tests"].values()))
                done = program.call("trace", "--json", "--unrecorded", "--own-relay", "mx.own.example", "--zones", zone, box)
                if done.stderr:
                    print(done.stderr, end="")
                messages = [json.loads(line) for line in done.stdout.splitlines()][:-1]
                if len(messages) != len(scenario["tests"]):
                    fail(f"{len(messages)} mails of {len(scenario['tests'])} in '{scenario['description']}'")
                for (name, case), message in zip(scenario["tests"].items(), messages):
                    wanted = case["result"] if isinstance(case["result"], list) else [case["result"]]
                    got = (message["spf"] or {}).get("result")
                    if got in wanted:
                        equal += 1
                        continue
                    differ += 1
                    print(f"{scenario['description']}: {name}: {got} ({(message['spf'] or {}).get('reason')}), the suite says {' or '.join(wanted)}")
    print(f"cases: {equal + differ}; equal: {equal}; different: {differ}")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
