#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""score_can_fail.py PROGRAM: the score of the drill's five servers falls when something is really wrong.

A hospital is played at the smallest size. Then, while its services run, one thing at a time is broken on it (a row is changed,
a commit added to the truth, a file written over, a mark of a planted command left, a backup touched, a sheet's row changed ...),
the score is counted again, and the goal that speaks of it must be missed, and no other. As root; some minutes."""
import contextlib
import json
import os
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "src" / "drill"))
sys.argv[2:] = []
import play_hospital as play  # noqa: E402


@contextlib.contextmanager
def changed(path, change):
    """Puts contents and times back as they were, or nothing where nothing was."""
    before = (path.read_bytes(), path.stat()) if path.exists() else None
    change(path)
    yield
    if before is None:
        path.unlink()
    else:
        path.write_bytes(before[0])
        os.utime(path, ns=(before[1].st_atime_ns, before[1].st_mtime_ns))


@contextlib.contextmanager
def sql(server, there, back, **where):
    server.sql(there, **where)
    yield
    server.sql(back, **where)


@contextlib.contextmanager
def said(steps, key, value):
    before = steps.said[key]
    steps.said[key] = value(before)
    yield
    steps.said[key] = before


def one_line_more(path):
    """A commit that was acknowledged and is in no database; its number is that of one which the log has."""
    lines = path.read_text().splitlines()
    last = json.loads(lines[-1])
    first = json.loads(lines[0])
    path.write_text("\n".join([*lines, json.dumps({**first, "commit": 0, "state": "meant"}), json.dumps({**last, **first, "commit": 0, "state": "done", "place": last.get("place", "binlog")})]) + "\n")


def breakages(site, night, steps):
    """(goal that must be missed, what is broken, how)."""
    s1, s3, truth = night.hospital.s1.database, night.hospital.s3.database, site.truth
    home = next(path for path in sorted((site.root / "s1/home").rglob("*.txt")) if not path.name.startswith("HOW-TO"))
    spared = site.root / "s4/extra.txt"
    backup = next(path for path in sorted((site.backups / "apart/trees").rglob("*.txt")))
    census = next(pathlib.Path(name) for name in steps.said["sheets"] if name.endswith(".csv") and "ward-census" in name)
    struck_census = next(path for path in sorted(steps.said["struck"].rglob("*.csv")) if "ward-census" in path.name)
    good = json.loads((truth / "files.json").read_text())
    spared.write_text("good")
    (truth / "files.json").write_text(json.dumps({**good, str(spared): play.scoreboard.score.digest(spared)}))
    return (
        ("no wrong row is served", "an old row of PostgreSQL", lambda: sql(s1, "UPDATE patient SET phone = phone || '0' WHERE uhid = 'UH0000009';", "UPDATE patient SET phone = left(phone, -1) WHERE uhid = 'UH0000009';")),
        ("no wrong row is served", "a row that nobody wrote in MariaDB", lambda: sql(s3, "INSERT INTO journal VALUES(999999, NOW(), 'order', '1');", "DELETE FROM journal WHERE commit_no = 999999;", database="lis")),
        ("no row is lost that the logs have", "a commit more in the truth", lambda: changed(truth / "lis.jsonl", one_line_more)),
        ("every file is right or an older good version", "a file that is gone", lambda: changed_away(home)),
        ("every file is right or an older good version", "a file that came back encrypted", lambda: changed(home, lambda path: path.write_bytes(play.scoreboard.score.HEADER + b"x"))),
        ("no good file was overwritten", "a file that was not struck", lambda: changed(spared, lambda path: path.write_text("other"))),
        ("nothing that was planted ran", "the mark of a planted command", lambda: changed(truth / "canaries" / "postgresql-function", lambda path: path.touch())),
        ("sheets hold the rows of the house, and no other", "a row of a sheet", lambda: changed(census, lambda path: path.write_text(path.read_text().replace("UH00", "UH99", 1)))),
        ("a struck server gives all sheets but that of the struck table, and this one says so", "a row of a struck server's sheet",
         lambda: changed(struck_census, lambda path: path.write_text(path.read_text().replace("UH00", "UH99", 1)))),
        ("who encrypted the share is named", "another account", lambda: changed(truth / "attack.json", lambda path: path.write_text(path.read_text().replace('"account": "games"', '"account": "sync"')))),
        ("every contact that the attack left is found", "a contact not found", lambda: said(steps, "indicators", lambda lines: [line for line in lines if "dnmx" not in json.dumps(line)])),
        ("the border of every mail is right", "one mail without its border", lambda: said(steps, "mails", lambda lines: [{**lines[0], "boundary": None}, *lines[1:]])),
        ("every person of the register is counted, patients and consultants", "one person fewer", lambda: said(steps, "exposure", lambda lines: [{**line, "lower": line["lower"] - 1} if line.get("basis") == "held" and line.get("type") == "persons" else line for line in lines])),
        ("the five questions are answered right", "a server left out of the report", lambda: said(steps, "final", lambda text: text.replace("     lis-db: ", "     other: "))),
        # The last: its times cannot be put back.
        ("nothing in a backup changed", "a byte of a backup", lambda: changed(backup, lambda path: path.write_bytes(b"!" + path.read_bytes()[1:]))))


@contextlib.contextmanager
def changed_away(path):
    aside = path.with_name(path.name + ".aside")
    path.rename(aside)
    yield
    aside.rename(path)


def main():
    program, wrong = sys.argv[1], 0
    with tempfile.TemporaryDirectory(prefix="lastgood-score-") as place:
        sys.argv = ["play_hospital", f"{place}/drill", program, "--size", "tiny"]

        def again(site, night, steps, count):
            nonlocal wrong
            for goal, what, how in breakages(site, night, steps):
                with how():
                    missed = [name for name, met in count()["goals"].items() if not met]
                right = missed == [goal]
                wrong += not right
                print(f"{'falls ' if right else 'WRONG '} {goal}: {what}{'' if right else f'; missed: {missed}'}", flush=True)
        code = play.main(then=again)
    print(f"the play itself ended with {code}; {wrong} wrong")
    return 1 if wrong or code else 0


if __name__ == "__main__":
    sys.exit(main())
