# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Compares what came back with what the drill alone knows. Asks the started databases themselves, by their own clients."""
import csv
import hashlib
import json
import pathlib
import re

import people
import records
import spaces
import truth
from attack import HEADER
from postgresql_server import PROGRAMS


def commits(site, name):
    """(acknowledged {number: row}, asked for only)"""
    done, meant = {}, {}
    for line in truth.read(site.truth / f"{name}.jsonl"):
        if line["state"] == "done":
            done[line["commit"]] = line
        elif line["state"] == "meant":
            meant[line["commit"]] = line
    return done, meant


def number_of(lsn):
    high, low = lsn.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def reachable_ehosp(site, engines, done):
    """The last commit that the log kept apart holds, by PostgreSQL's own reader of it."""
    logs = engines / "s1" / "wal_archive"
    segments = sorted(path for path in logs.iterdir() if re.fullmatch(r"[0-9A-F]{24}(\.partial)?", path.name))
    work = site.run_folder / "wal"
    work.mkdir(exist_ok=True)
    for path in segments:
        link = work / path.name[:24]
        link.unlink(missing_ok=True)
        link.symlink_to(path)
    said = spaces.call(f"{PROGRAMS}/pg_waldump", "-p", work, segments[0].name[:24], segments[-1].name[:24], quiet=True).stdout
    for link in work.iterdir():
        link.unlink()
    work.rmdir()
    ends = [number_of(found) for found in re.findall(r"lsn: ([0-9A-F]+/[0-9A-F]+)[^\n]*desc: COMMIT", said)]
    return max((number for number, line in done.items() if ends and number_of(line["place"]) > ends[0] and number_of(line["place"]) <= ends[-1] + 512), default=0)


def reachable_mariadb(engines, server):
    said = []
    for path in sorted((engines / server / "binlog").iterdir()):
        said += re.findall(r"INTO journal VALUES\((\d+)", spaces.call("mariadb-binlog", "--no-defaults", path, quiet=True).stdout)
    return max(map(int, said), default=0)


def moves_of(site, lines):
    """{admission: (ward and bed of the night's backup, ward and bed since the last of `lines`)}"""
    house = {admission: (ward, bed) for admission, _, ward, bed in records.Records(site.size, site.seed, site.day).in_patients()}
    return {line["admission"]: (house[line["admission"]], (line["ward"], line["bed"])) for line in sorted(lines, key=lambda line: line["commit"]) if "admission" in line}


def database(site, name, ask, engine, reachable):
    """Rows lost, rows wrong, of one database that was started again."""
    done, meant = commits(site, name)
    out = {"commits": len(done), "last_commit_at": max((line["at"] for line in done.values()), default=""), "last_in_logs_apart": reachable}
    base = json.loads((site.truth / "base.json").read_text())[name]
    try:
        split = "|" if engine == "postgresql" else "\t"
        rows = [line.split(split) for line in ask("SELECT commit_no, what, row_key FROM journal ORDER BY commit_no;").splitlines() if line]
    except Exception as trouble:
        return {**out, "answers": False, "said": str(trouble)[-300:], "rows_lost": len(done), "rows_wrong": 0, "rows_lost_that_logs_have": reachable, "tables_differ": {}}
    back = {int(row[0]): (row[1], row[2]) for row in rows}
    wrong = [number for number, row in back.items() if number not in meant or (meant[number]["what"], meant[number]["row"]) != row]
    lost = [number for number in done if number not in back]
    differ = truth.differs(base, ask, engine, name, moves_of(site, [meant[number] for number in back if number in meant]))
    return {**out, "answers": True, "commits_back": len(done) - len(lost), "unanswered_commits_back": len(back) - (len(done) - len(lost)), "rows_lost": len(lost), "rows_lost_that_logs_have": sum(1 for number in lost if number <= reachable),
            "rows_wrong": len(wrong) + len(differ), "tables_differ": differ, "data_as_of": max((meant[number]["at"] for number in back if number in meant), default="the night's backup")}


def digest(path):
    with open(path, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def files(site):
    """Files that are no database server's, against what they were at 07:00."""
    wanted = json.loads((site.truth / "files.json").read_text())
    struck = {one["path"] for one in json.loads((site.truth / "attack.json").read_text())["struck"]}
    out = {"files": len(wanted), "right": 0, "other_version": 0, "missing": 0, "encrypted_restored": 0, "good_overwritten": 0}
    absent = []
    for name, was in wanted.items():
        path = pathlib.Path(name)
        if not path.is_file():
            out["missing"] += 1
            absent.append(name)
        elif digest(path) == was:
            out["right"] += 1
        else:
            out["other_version"] += 1
            with open(path, "rb") as opened:
                out["encrypted_restored"] += opened.read(64) == HEADER[:64]
            out["good_overwritten"] += name not in struck
    out["missing_first"] = absent[:5]
    out["encrypted_left"] = sum(1 for path in struck if pathlib.Path(path + ".bak9").exists())
    return out


def sheets(site, paths):
    """The ward census as CSV, all packets: who is in which bed, against who is. Who was admitted or moved after the backup may be
    there or not, and must stand in the truth ledger; `wrong` is what never was, and who lies in two beds at once, `missing` who
    was in the house at 02:00 and is on no page."""
    beds = {admission: [(people.uhid(patient), bed)] for admission, patient, _, bed in records.Records(site.size, site.seed, site.day).in_patients()}
    house = {places[0] for places in beds.values()}
    meant = commits(site, "ehosp")[1]
    admitted = {f"X-{commit}" for commit, line in meant.items() if line["what"] == "admission"}
    for line in meant.values():
        if "admission" in line:
            beds[line["admission"]].append((beds[line["admission"]][0][0], line["bed"]))
    found = set()
    for path in (pathlib.Path(name) for name in paths):
        if path.suffix == ".csv" and "ward-census" in str(path):
            with open(path, newline="", encoding="utf-8-sig", errors="replace") as text:
                rows = [row for row in csv.reader(text) if row]
            head = next((number for number, row in enumerate(rows) if "uhid" in row and "bed" in row), None)
            if head is not None:
                at, bed = rows[head].index("uhid"), rows[head].index("bed")
                found |= {(row[at], row[bed]) for row in rows[head + 1:] if len(row) > max(at, bed) and row[at].startswith("UH")}
    of_house = {place for places in beds.values() for place in places}
    wrong = {one for one in found - of_house if one[1] not in admitted}
    twice = {place for places in beds.values() for place in places if len(found & set(places)) > 1 and place in found}
    seen = sum(1 for places in beds.values() if found & set(places))
    return {"files": len(paths), "in_patients": len(house), "on_pages": seen, "admitted_since": len(found - of_house - wrong), "moved_since": len((found & of_house) - house),
            "wrong": sorted(wrong | twice)[:5], "missing": len(beds) - seen}


def struck_server(site, folder):
    """The sheets of one run that asked a struck server first: from where each came, and whether it says so."""
    out = {"from_it": [], "from_a_copy": [], "not_said": []}
    for path in sorted(folder.glob("2*/sheets/*.json")):
        one = json.loads(path.read_text())
        if one["could_not"]:
            out["not_said"].append(one["id"])
        elif one["source"].startswith("the damaged server's own files"):
            out["from_it"].append(one["id"])
        else:
            out["from_a_copy"].append(one["id"])
            if not any("newer data could not be had" in note for note in one["notes"]):
                out["not_said"].append(one["id"])
    return {**out, "census": sheets(site, sorted(map(str, folder.glob("2*/**/*.csv"))))}


def canaries(site):
    return sorted(path.name for path in (site.truth / "canaries").iterdir())


def state_of(folder):
    """Digest of names, sizes, modes, times and contents below a folder: what a reader must not change."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        total.update(f"{path}|{status.st_size}|{status.st_mode}|{status.st_mtime_ns}|{status.st_ctime_ns}\n".encode())
        if path.is_file() and not path.is_symlink() and status.st_size < 64 << 20:
            total.update(path.read_bytes())
    return total.hexdigest()
