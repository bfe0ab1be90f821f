#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""play_investigation.py FOLDER PROGRAM: the third act of the drill, what the attack left and who must be asked and told.

In FOLDER, which the first act made, it makes FOLDER/investigation (see make_investigation.py), does with PROGRAM what a
person would do, and compares every answer with the truth it wrote down. It refuses a folder without the first act's
marker, and one in which a third act was played already."""
import csv
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import acts  # noqa: E402
import make_investigation as scene  # noqa: E402
from view import View  # noqa: E402

BANNED = re.compile(r"attackers? (is|are|was|were) (in|from)\b|originat\w+ (from|in)|traced (back )?to|located in|(hacker|criminal)s? (is|are|from)\b", re.I)


class Steps:
    def __init__(self, program, folder, view):
        self.program, self.folder, self.view, self.seconds, self.texts = program, folder, view, {}, []
        self.case = folder / "investigation.case"

    def run(self, step, *arguments, allowed=(0, 1)):
        begin = time.monotonic()
        done = subprocess.run(["setpriv", "--pdeathsig", "TERM", self.program, "--case", str(self.case), *map(str, arguments)], capture_output=True, text=True)
        self.seconds[step] = round(self.seconds.get(step, 0) + time.monotonic() - begin, 2)
        if done.returncode not in allowed:
            sys.exit(f"play_investigation: '{step}' ended with {done.returncode}: {done.stderr[-600:]}{done.stdout[-600:]}")
        self.texts.append((step, done.stdout))
        self.view.step(arguments, time.monotonic() - begin, done.returncode, done.stdout)
        return done.stdout

    def lines(self, step, *arguments, allowed=(0, 1)):
        return [json.loads(line) for line in self.run(step, *arguments, "--json", allowed=allowed).splitlines()]


def investigate(steps, folder):
    """Everything that a person does, in the order of the night; gives what the program said."""
    said = {}
    who = ["--by", "Drill", "--where", "drill", "--why", "practice", "--authority", "the drill"]
    steps.run("case", "case", "new", steps.case)
    steps.run("case", "case", "describe", "--organisation", "Drill Hospital", "--own-domain", "hospital.example",
              "--own-block", "10.20.0.0/16", "--own-relay", "mx.hospital.example", "--zone", "+05:30")
    aware = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) - datetime.timedelta(minutes=1)
    steps.run("aware", "notices", "aware", "--at", aware.isoformat(), "--by", "Drill, systems", "--text", "files do not open")
    said["aware"] = aware
    for what in ("logs", "mail", "dumps"):
        steps.run("evidence", "evidence", "add", folder / what, *who)
    steps.run("scan", "scan", "--host", "files", folder / "share")
    said["indicators"] = steps.lines("indicators", "indicators", folder / "share", folder / "mail")
    said["mails"] = [line for line in steps.lines("trace", "trace", folder / "mail" / "desk.mbox") if line["type"] == "message"]
    steps.run("timeline", "timeline", "import", "--host", "files", "--zone", "+00:00", folder / "logs")
    said["timeline"] = next(line for line in steps.lines("timeline", "timeline") if line["type"] == "timeline")
    steps.run("timeline", "timeline")
    said["exposure"] = steps.lines("exposure", "exposure", "--held-on", "files", folder / "dumps")
    said["exposure_text"] = steps.run("exposure", "exposure", "--held-on", "files", folder / "dumps")
    said["clocks"] = steps.lines("notices", "notices")
    steps.run("notices", "notices", "draft", "--out", folder / "letters", "--format", "text")
    said["letters"] = steps.lines("questions", "questions", "--out", folder / "letters", "--format", "text")
    steps.run("dossier", "dossier", scene.CONTROL_A)
    for form, name in (("stix", "case.stix.json"), ("misp", "case.misp.json"), ("csv", "case.csv"), ("timesketch", "case.jsonl")):
        steps.run("export", "export", form, "--out", folder / name)
    steps.run("export", "export", "stix", "--out", folder / "again.stix.json")
    steps.run("report", "report", "--out", folder / "report.html")
    steps.run("report", "report")
    steps.run("ledger", "ledger", "verify")
    return said


def score_boundaries(said, truth):
    """Each mail's border is right and a fact; no address of a forged line is called one."""
    right = wrong = 0
    for mail, wanted in zip(said["mails"], truth["mails"]):
        border = mail["boundary"]
        if border and border["level"] == "fact" and border["ip"] == wanted["address"]:
            right += 1
        else:
            wrong += 1
    forged = sum(1 for mail in said["mails"] for hop in mail["hops"] if hop["ip"] in truth["forged"] and hop["trust"] != "claim")
    return right, wrong + abs(len(said["mails"]) - len(truth["mails"])), forged


def score_exports(folder, truth):
    """What ties to the attack is in the bundle, what is forged is not; both exports of one case are the same bytes."""
    text = (folder / "case.stix.json").read_text()
    bundle = json.loads(text)
    ids = {one["id"] for one in bundle["objects"]}
    dangling = [ref for one in bundle["objects"] for key, value in one.items() if key.endswith(("_ref", "_refs"))
                for ref in ([value] if isinstance(value, str) else value) if ref not in ids]
    wanted = truth["contacts"] + [truth["boundary"], scene.CONTROL_A, scene.CONTROL_B, scene.ENTRY_FROM, truth["onion"]]
    with open(folder / "case.csv", newline="") as rows:
        values = " ".join(" ".join(row) for row in csv.reader(rows))
    return {"missing": [value for value in wanted if value not in text or value not in values],
            "forged": [value for value in truth["forged"] if value in text],
            "dangling": len(dangling), "same_again": text == (folder / "again.stix.json").read_text(),
            "timesketch_rows": sum(1 for _ in open(folder / "case.jsonl"))}


def persons_said(said, basis="held"):
    """The count on one basis: at least, at most."""
    found = next((line for line in said["exposure"] if line["type"] == "persons" and line["basis"] == basis), {})
    return found.get("lower"), found.get("upper")


def bytes_said(said):
    """What the timeline shows to have left, by address."""
    return {line["to_address"]: line["bytes"] for line in said["exposure"] if line["type"] == "shown" and line["reach"] == "flow"}


def banned_phrases(steps, folder):
    texts = list(steps.texts)
    for path in sorted((folder / "letters").iterdir()):
        texts.append((path.name, path.read_text(errors="replace")))
    texts.append(("report.html", re.sub(r"<[^>]+>", " ", (folder / "report.html").read_text())))
    return [(name, match.group(0)) for name, text in texts for match in BANNED.finditer(text)]


def secrets_kept(folder, case, truth):
    """No clear identifier of a patient is in the case, in a letter, an export or the report."""
    found = []
    for path in [*case.rglob("*"), *(folder / "letters").iterdir(), *folder.glob("case.*"), folder / "report.html"]:
        if path.is_file() and "kept" not in path.parts:
            content = path.read_bytes()
            found += [(str(path), secret) for secret in truth["secrets"] if secret.encode() in content]
    return found


def score(steps, folder, said, truth):
    found = {line["value"] for line in said["indicators"] if line["type"] == "indicator"}
    contacts = truth["contacts"] + [truth["onion"], truth["wallet"]]
    right, wrong, forged = score_boundaries(said, truth)
    doer = said["timeline"]["encryptors"][0] if said["timeline"]["encryptors"] else {}
    entry = said["timeline"]["first_entry"] or {}
    first = said["timeline"]["first_encryption"] or {}
    begun = datetime.datetime.fromisoformat(first.get("time", "1970-01-01T00:00:00")[:19] + "+00:00").timestamp()
    due = {(clock["rule"], clock["stage"]): clock["due"] for clock in said["clocks"] if clock["type"] == "clock"}
    six = (said["aware"] + datetime.timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M:%S")
    three_days = (said["aware"] + datetime.timedelta(hours=72)).strftime("%Y-%m-%dT%H:%M:%S")
    letters = "".join(path.read_text(errors="replace") for path in (folder / "letters").iterdir())
    return {"contacts_missing": [value for value in contacts if value not in found],
            "boundary_right": right, "boundary_wrong": wrong, "forged_called_fact": forged,
            "doer": {key: doer.get(key) for key in ("account", "address", "files")},
            "entry": {key: entry.get(key) for key in ("account", "address")},
            "first_encryption_off_seconds": round(begun - truth["first_encryption"], 1),
            "persons": persons_said(said), "persons_truth": truth["persons"],
            "readable": persons_said(said, "readable"), "readable_truth": truth["readable"],
            "leaving": persons_said(said, "leaving"), "left": bytes_said(said), "left_truth": truth["flows"],
            "line_named": bool(re.search(r"the timeline: line \d+ of .samba-audit.log. \(samba[\w.]*\), evidence E-\d+", said["exposure_text"])),
            "deadlines_right": due.get(("in-cert-in", "report"), "").startswith(six) and due.get(("eu-gdpr", "authority"), "").startswith(three_days),
            "letters": len(list((folder / "letters").iterdir())),
            "asked_about": [value for value in truth["contacts"] + [scene.CONTROL_A, scene.CONTROL_B, scene.ENTRY_FROM] if value in letters],
            "forged_asked_about": [value for value in truth["forged"] for letter in said["letters"] if letter["type"] == "letter"
                                   and (value in json.dumps(letter["about"]) or value in json.dumps(letter["questions"]))],
            "export": score_exports(folder, truth), "banned_phrases": banned_phrases(steps, folder),
            "secrets_found": secrets_kept(folder, steps.case, truth), "seconds": steps.seconds}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    made, program = pathlib.Path(sys.argv[1]).resolve(), str(pathlib.Path(sys.argv[2]).resolve())
    if not (made / ".lastgood-made").is_file():
        sys.exit(f"play_investigation: '{made}' was not made by a drill")
    if os.geteuid() != 0:
        sys.exit("play_investigation: three machines in one are practised as root only")
    folder = made / "investigation"
    if folder.exists():
        sys.exit(f"play_investigation: the inquiry was {'played' if (folder / 'score.json').is_file() else 'begun, and not ended,'} in '{made}' already: "
                 f"delete '{folder}' to play it again")
    folder.mkdir()
    view = View(folder)
    view.say("what an attack leaves is made, through a real Samba: its log, mails, flows, dumps")
    truth = scene.make(made, folder)
    steps = Steps(program, folder, view)
    said = investigate(steps, folder)
    result = score(steps, folder, said, truth)
    doer, export = result["doer"], result["export"]
    goals = {"every contact that the attack left is found": not result["contacts_missing"],
             "the border of every mail is right and a fact": result["boundary_wrong"] == 0 and result["boundary_right"] == len(truth["mails"]),
             "no forged line is called a fact, exported or asked about": result["forged_called_fact"] == 0 and not export["forged"] and not result["forged_asked_about"],
             "the account and the address that encrypted are named": (doer["account"], doer["address"], doer["files"]) == (truth["doer"]["account"], truth["doer"]["address"], len(truth["struck"])),
             "the first entry is named": (result["entry"]["account"], result["entry"]["address"]) == (truth["first_entry"]["account"], truth["first_entry"]["address"]),
             "the first encryption is right to five seconds": abs(result["first_encryption_off_seconds"]) <= 5,
             "every person is counted, and none twice": result["persons"] == (truth["persons"], truth["persons"]),
             "those in files that the attack opened are readable, and no nurse's": result["readable"] == (truth["readable"], truth["persons"]) and result["line_named"],
             "what left is named with its bytes": result["left"] == truth["flows"] and result["leaving"] == (0, truth["persons"]),
             "deadlines are right": result["deadlines_right"],
             "letters ask about every account and address": len(result["asked_about"]) == 5,
             "exports are whole, and the same twice": not export["missing"] and export["dangling"] == 0 and export["same_again"],
             "nothing says that an address is a person or a place": not result["banned_phrases"],
             "no identifier of a patient is anywhere in clear": not result["secrets_found"]}
    result["goals"] = goals
    (folder / "score.json").write_text(json.dumps(result, indent=1, default=str) + "\n")
    print("\nThe investigation\n" + "".join(f"  {'met   ' if met else 'MISSED'}  {goal}\n" for goal, met in goals.items()))
    print(f"  {result['letters']} letters and drafts: {folder}/letters\n  report: {folder}/report.html\n  all commands together: {sum(steps.seconds.values()):.1f} s")
    return 0 if all(goals.values()) else 60


if __name__ == "__main__":
    sys.exit(acts.run_act("play_investigation", main))
