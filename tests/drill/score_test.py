#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""The score of the drill's five servers can fail: one thing is wrong at a time, and the goal that speaks of it falls, and no
other. Made results only, without engines; tests/long/score_can_fail.py does the same with a hospital that was really played."""
import copy
import datetime
import json
import os
import pathlib
import sys
import tempfile
import types
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "src" / "drill"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "src" / "drill" / "servers"))
import answers  # noqa: E402
import attack  # noqa: E402
import night  # noqa: E402
import people  # noqa: E402
import play_hospital  # noqa: E402
import recovery_steps  # noqa: E402
import records  # noqa: E402
import score  # noqa: E402
import scoreboard  # noqa: E402
import sizes  # noqa: E402
import view  # noqa: E402

ATTACK = {"servers": ["s1", "s5"], "doer": {"account": "games", "address": "10.20.0.66"}}
DATABASE = {"commits": 9, "rows_lost": 2, "rows_lost_that_logs_have": 0, "rows_wrong": 0}
ALL_RIGHT = {
    "time_to_first_sheet_s": 3.0, "services_back_s": {service: 60.0 for service, _ in recovery_steps.SERVICES}, "databases": {"ehosp": DATABASE, "lis": DATABASE},
    "files": {"files": 4, "right": 3, "other_version": 1, "missing": 0, "encrypted_restored": 0, "good_overwritten": 0}, "poisoned_chosen": [], "planted_code_run": [],
    "sources_unchanged": {"apart": True, "poisoned": True}, "which_servers": {"servers": ["s1", "s5"], "files": 7, "files_truth": 7, "called_hit_wrongly": []}, "persons_truth": 50,
    "inquiry": {"contacts_missing": [], "boundary_right": 14, "boundary_of": 14, "doer": {"account": "games", "address": "10.20.0.66", "files": 3}, "persons": [50, 50]},
    "sheets": {"files": 9, "wrong": [], "missing": 0},
    "sheets_of_a_struck_server": {"from_it": scoreboard.WITHOUT_THE_TABLE, "from_a_copy": scoreboard.WITH_THE_TABLE, "not_said": [], "census": {"wrong": [], "missing": 0, "admitted_since": 3}},
    "answers_not_right": {"which servers": [], "how many bytes": []}}
# What is wrong: (goal that must fall, where, value).
WRONG = (
    ("a first ward packet is there", ["time_to_first_sheet_s"], None),
    ("every service is healthy again", ["services_back_s"], {"opd": 1.0}),
    ("no row is lost that the logs have", ["databases", "lis", "rows_lost_that_logs_have"], 1),
    ("no wrong row is served", ["databases", "ehosp", "rows_wrong"], 1),
    ("every file is right or an older good version", ["files", "missing"], 1),
    ("every file is right or an older good version", ["files", "encrypted_restored"], 1),
    ("no good file was overwritten", ["files", "good_overwritten"], 1),
    ("no poisoned copy was chosen", ["poisoned_chosen"], ["/s1/pgdata"]),
    ("nothing that was planted ran", ["planted_code_run"], ["postgresql-function"]),
    ("nothing in a backup changed", ["sources_unchanged", "poisoned"], False),
    ("which servers were hit is right", ["which_servers", "servers"], ["s1"]),
    ("how many files were hit is right", ["which_servers", "files"], 6),
    ("how many files were hit is right", ["which_servers", "called_hit_wrongly"], ["/s1/home/good.txt"]),
    ("every person of the register is counted, patients and consultants", ["inquiry", "persons"], [49, 50]),
    ("sheets hold the rows of the house, and no other", ["sheets", "wrong"], [["UH0000009", "B-01"]]),
    ("sheets hold the rows of the house, and no other", ["sheets", "missing"], 1),
    ("sheets hold the rows of the house, and no other", ["sheets", "files"], 0),
    ("every contact that the attack left is found", ["inquiry", "contacts_missing"], ["a@b.example"]),
    ("the border of every mail is right", ["inquiry", "boundary_right"], 13),
    ("who encrypted the share is named", ["inquiry", "doer", "account"], "news"),
    ("who encrypted the share is named", ["inquiry", "doer", "address"], "10.20.0.7"),
    ("a struck server gives all sheets but that of the struck table, and this one says so", ["sheets_of_a_struck_server", "from_it"], ["ward-census"]),
    ("a struck server gives all sheets but that of the struck table, and this one says so", ["sheets_of_a_struck_server", "not_said"], ["drug-chart"]),
    ("a struck server gives all sheets but that of the struck table, and this one says so", ["sheets_of_a_struck_server", "census", "admitted_since"], 0),
    ("a struck server gives all sheets but that of the struck table, and this one says so", ["sheets_of_a_struck_server"], {}),
    ("the five questions are answered right", ["answers_not_right", "how many bytes"], ["bytes are not said"]))


class Goals(unittest.TestCase):
    def test_all_are_met_when_all_is_right(self):
        self.assertEqual([], [goal for goal, met in scoreboard.goals(ALL_RIGHT, ATTACK).items() if not met])

    def test_each_falls_alone_when_what_it_speaks_of_is_wrong(self):
        for goal, where, value in WRONG:
            with self.subTest(goal=goal, where=where):
                result = copy.deepcopy(ALL_RIGHT)
                inner = result
                for key in where[:-1]:
                    inner = inner[key]
                inner[where[-1]] = value
                self.assertEqual([goal], [name for name, met in scoreboard.goals(result, ATTACK).items() if not met])

    def test_none_is_without_something_that_makes_it_fall(self):
        self.assertEqual(set(scoreboard.goals(ALL_RIGHT, ATTACK)), {goal for goal, _, _ in WRONG})


class Folder(unittest.TestCase):
    """With a drill's folder of made files."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.drill = pathlib.Path(self.folder.name).resolve()
        self.site = types.SimpleNamespace(drill=self.drill, root=self.drill / "servers", truth=self.drill / "truth", size=sizes.SIZES["tiny"], seed=7, day=datetime.date(2022, 11, 23))
        (self.site.truth / "canaries").mkdir(parents=True)
        self.site.root.mkdir()

    def ledger(self, *lines):
        (self.site.truth / "lis.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        (self.site.truth / "base.json").write_text('{"lis": {}}')

    def commit(self, number, state, row="9"):
        return {"state": state, "commit": number, "at": "2022-11-23T07:00:00", "what": "order", "row": row, "clock": 1.0}


class Program(unittest.TestCase):
    """Said before half a minute of attack is played for nothing."""

    def test_that_is_not_there_or_is_another_one_is_refused(self):
        for name, why in (("/bin/nothing", "does not run"), ("/etc/passwd", "does not run"), ("/bin/true", "is no lastgood")):
            with self.subTest(name=name), self.assertRaises(SystemExit) as refused:
                play_hospital.program_that_runs(name)
            self.assertIn(why, str(refused.exception))


class Rows(Folder):
    def setUp(self):
        super().setUp()
        self.ledger(*(self.commit(number, state) for number in (1, 2) for state in ("meant", "done")), self.commit(3, "meant"))

    def count(self, rows, reachable=2):
        return score.database(self.site, "lis", lambda _: "".join(f"{number}\torder\t{row}\n" for number, row in rows), "mariadb", reachable)

    def test_all_that_was_acknowledged_is_back(self):
        found = self.count([(1, 9), (2, 9)])
        self.assertEqual((0, 0, 0), (found["rows_lost"], found["rows_lost_that_logs_have"], found["rows_wrong"]))

    def test_a_commit_more_in_the_truth_is_a_row_lost(self):
        self.ledger(*(self.commit(number, state) for number in (1, 2, 3) for state in ("meant", "done")))
        self.assertEqual((1, 1), tuple(self.count([(1, 9), (2, 9)], reachable=3)[key] for key in ("rows_lost", "rows_lost_that_logs_have")))

    def test_one_that_no_log_has_is_lost_and_does_not_count_against_the_program(self):
        self.assertEqual((1, 0), tuple(self.count([(1, 9)], reachable=1)[key] for key in ("rows_lost", "rows_lost_that_logs_have")))

    def test_one_asked_for_and_never_acknowledged_may_be_there(self):
        self.assertEqual(0, self.count([(1, 9), (2, 9), (3, 9)])["rows_wrong"])

    def test_rows_that_nobody_wrote_and_rows_with_other_contents_are_wrong(self):
        self.assertEqual(2, self.count([(1, 9), (2, 8), (4, 9)])["rows_wrong"])

    def test_a_table_whose_old_rows_changed_is_wrong(self):
        (self.site.truth / "base.json").write_text('{"lis": {"lab_order": ["id", "5", "5", "77"]}}')
        said = {"SELECT commit_no": "1\torder\t9\n2\torder\t9\n", "SELECT GROUP_CON": "id", "SELECT COUNT(*),": "5\t78"}
        found = score.database(self.site, "lis", lambda text: said[text[:16]], "mariadb", 2)
        self.assertEqual((1, ["lab_order"]), (found["rows_wrong"], list(found["tables_differ"])))

    def admissions(self, bed, total="77"):
        """What is said of a house in which admission 1 was moved by commit 2."""
        lines = [self.commit(1, "meant"), {**self.commit(2, "meant"), "what": "transfer", "admission": 1, "ward": 3, "bed": "X-2"}]
        (self.site.truth / "ehosp.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        (self.site.truth / "base.json").write_text('{"ehosp": {"admission": ["id", "5", "5", "77"]}}')
        self.asked = []

        def ask(text):
            self.asked.append(text)
            if text.startswith("SELECT commit_no"):
                return "1|order|9\n2|transfer|9\n"
            return f"1|3|{bed}\n" if text.startswith("SELECT id, ward_id") else f"5|{total}\n"
        return score.database(self.site, "ehosp", ask, "postgresql", 2)

    def test_who_was_moved_lies_where_the_last_move_brought_him_and_all_else_of_him_is_as_it_was(self):
        self.assertEqual(0, self.admissions("X-2")["rows_wrong"])
        ward, bed = next((ward, bed) for _, _, ward, bed in records.Records(self.site.size, 7, self.site.day).in_patients())
        self.assertTrue(any(f"(1, {ward}, '{bed}')" in text for text in self.asked), "compared as before the move")
        self.assertEqual(1, self.admissions(bed)["rows_wrong"])
        self.assertEqual(1, self.admissions("X-2", total="78")["rows_wrong"])

    def test_a_server_that_does_not_answer_has_lost_what_was_acknowledged(self):
        def silent(_):
            raise RuntimeError("no server")
        found = score.database(self.site, "lis", silent, "mariadb", 2)
        self.assertEqual((False, 2, 2), (found["answers"], found["rows_lost"], found["rows_lost_that_logs_have"]))


class Files(Folder):
    def setUp(self):
        super().setUp()
        for name in ("good", "struck"):
            (self.site.root / name).write_text(name)
        (self.site.truth / "files.json").write_text(json.dumps({str(self.site.root / name): score.digest(self.site.root / name) for name in ("good", "struck")}))
        (self.site.truth / "attack.json").write_text(json.dumps({"struck": [{"path": str(self.site.root / "struck")}]}))

    def wrong(self):
        return {key: value for key, value in score.files(self.site).items() if value and key not in ("files", "right", "missing_first")}

    def test_files_as_they_were_are_right(self):
        self.assertEqual({}, self.wrong())

    def test_a_good_file_that_was_changed_is_overwritten(self):
        (self.site.root / "good").write_text("other")
        self.assertEqual({"other_version": 1, "good_overwritten": 1}, self.wrong())

    def test_an_older_version_of_a_struck_file_is_no_harm(self):
        (self.site.root / "struck").write_text("older")
        self.assertEqual({"other_version": 1}, self.wrong())

    def test_a_struck_file_brought_back_encrypted_is_seen(self):
        (self.site.root / "struck").write_bytes(attack.HEADER + os.urandom(9))
        self.assertEqual({"other_version": 1, "encrypted_restored": 1}, self.wrong())

    def test_a_missing_file_is_seen(self):
        (self.site.root / "struck").unlink()
        self.assertEqual({"missing": 1}, self.wrong())

    def test_the_mark_of_a_planted_command_is_seen(self):
        (self.site.truth / "canaries" / "mariadb-init-file").touch()
        self.assertEqual(["mariadb-init-file"], score.canaries(self.site))

    def test_a_changed_byte_a_new_name_and_a_new_time_in_a_backup_are_seen(self):
        states = [score.state_of(self.site.root)]
        (self.site.root / "good").write_text("goof")
        states.append(score.state_of(self.site.root))
        (self.site.root / "new").touch()
        states.append(score.state_of(self.site.root))
        os.utime(self.site.root / "new", (1, 1))
        states.append(score.state_of(self.site.root))
        self.assertEqual(4, len(set(states)))


class Sheets(Folder):
    def setUp(self):
        super().setUp()
        (self.site.truth / "ehosp.jsonl").write_text("".join(json.dumps({"state": "meant", "commit": 4, "what": what, "row": "1"}) + "\n" for what in ("admission",)))
        self.house = [(people.uhid(patient), bed) for _, patient, _, bed in records.Records(self.site.size, 7, self.site.day).in_patients()]

    def census(self, rows):
        path = self.drill / "ward-census-W01.csv"
        path.write_text("bed,uhid,name\n" + "".join(f"{bed},{uhid},somebody\n" for uhid, bed in rows))
        found = score.sheets(self.site, [str(path)])
        return found["on_pages"], found["admitted_since"], len(found["wrong"]), found["missing"]

    def test_who_is_in_the_house_is_on_pages_and_who_was_admitted_since_may_be(self):
        self.assertEqual((120, 1, 0, 0), self.census([*self.house, ("UH0000001", "X-4")]))

    def test_who_never_was_there_is_wrong(self):
        self.assertEqual((120, 0, 2, 0), self.census([*self.house, ("UH0000001", "X-5"), ("UH0000001", "B-77")]))

    def test_who_is_on_no_page_is_missing(self):
        self.assertEqual((119, 0, 0, 1), self.census(self.house[1:]))

    def test_who_was_moved_since_lies_in_the_old_bed_or_in_the_new_one_and_never_in_both(self):
        (self.site.truth / "ehosp.jsonl").write_text("".join(
            json.dumps({"state": "meant", "commit": commit, "what": "transfer", "row": "1", "admission": 1, "ward": 3, "bed": f"X-{commit}"}) + "\n" for commit in (6, 12)))
        who = self.house[0][0]
        self.assertEqual((120, 0, 0, 0), self.census(self.house))
        self.assertEqual((120, 0, 0, 0), self.census([(who, "X-12"), *self.house[1:]]))
        self.assertEqual((120, 0, 2, 0), self.census([(who, "X-12"), *self.house]))
        self.assertEqual((119, 0, 1, 1), self.census([("UH0000009", "X-12"), *self.house[1:]]))

    def sheet(self, **fields):
        folder = self.drill / "run" / "2022-11-23_070800" / "sheets"
        folder.mkdir(parents=True, exist_ok=True)
        one = {"id": "drug-chart", "could_not": None, "source": "backup engines (folder), snapshot .", "notes": ["newer data could not be had: no file"], **fields}
        (folder / f"{one['id']}.json").write_text(json.dumps(one))
        found = score.struck_server(self.site, self.drill / "run")
        return found["from_it"], found["from_a_copy"], found["not_said"]

    def test_a_sheet_from_a_copy_must_say_so(self):
        self.assertEqual(([], ["drug-chart"], []), self.sheet())
        self.assertEqual(([], ["drug-chart"], ["drug-chart"]), self.sheet(notes=[]))
        self.assertEqual(([], [], ["drug-chart"]), self.sheet(could_not="no copy answers"))
        self.assertEqual((["drug-chart"], [], []), self.sheet(source="the damaged server's own files at /x"))


FINAL = """Report
Five answers
------------
  1. Which servers were hit?
     ehosp-db1: 3 of 9 files encrypted, 3.00 MB
     lis-db: scanned, no encrypted file
  2. How many bytes?
     3.00 MB in 3 encrypted files, of 9.00 MB that were looked at
  3. Restored from what?
     to '/': 2 files, 3.00 MB, from 2022-11-23 12:50:00 +05:30 to 2022-11-23 12:51:00 +05:30: finished
     OPD: from engines ., its logs, data as of 2022-11-23 12:36:59 +05:30; files beside as of 2022-11-23 06:45:00 +05:30
     Link: HL7: from files 1a2b, data as of 2022-11-23 06:45:00 +05:30; OPD, which it waits for, as of 2022-11-23 02:00:00 +05:30
     Standby: nothing of its own came back, data as of 2022-11-23 12:36:59 +05:30, that of OPD, which it waits for
  4. When was each service back?
     OPD: up since 2022-11-23 13:00:00 +05:30; time down 23 min
  5. Was data taken?
     96.0 MB went to 192.0.2.1 between 2022-11-23 11:30:00 +05:30 and 2022-11-23 11:40:00 +05:30, as logs say; what it was they do not say

What is hit
"""


class Answers(unittest.TestCase):
    STRUCK = [{"path": "/d/servers/s1/a", "bytes": 2_000_000, "bytes_now": 2_000_512}, {"path": "/d/servers/s1/b", "bytes": 999_488, "bytes_now": 1_000_000}, {"path": "/d/servers/s1/empty", "bytes": 0, "bytes_now": 512}]

    def wrong(self, text=FINAL, between=(1669188590.0, 1669188605.0), last=1669187219.4, flows=None):
        found = answers.check(text, {"struck": self.STRUCK}, "/d/servers", {"s1": "ehosp-db1"}, {"opd": "OPD", "lab-link": "Link: HL7", "standby": "Standby"}, ["opd", "lab-link"],
                              {"ehosp": last, "files": 1669166100.0}, {"opd": between}, flows or {"192.0.2.1": 96_000_081})
        return [question for question, wrong in found.items() if wrong]

    def test_right_answers_are_right(self):
        self.assertEqual([], self.wrong())

    def test_a_server_that_was_not_hit_or_is_not_named_is_wrong(self):
        self.assertEqual(["which servers"], self.wrong(FINAL.replace("lis-db: scanned, no encrypted file", "lis-db: 1 of 2 files encrypted, 8 kB")))
        self.assertEqual(["which servers"], self.wrong(FINAL.replace("ehosp-db1: 3 of 9 files encrypted, 3.00 MB", "ehosp-db1: scanned, no encrypted file")))

    def test_files_and_bytes_must_be_right(self):
        self.assertEqual(["how many bytes"], self.wrong(FINAL.replace("3.00 MB in 3", "4.00 MB in 3")))
        self.assertEqual(["how many bytes"], self.wrong(FINAL.replace("MB in 3", "MB in 2")))

    def test_a_poisoned_source_and_another_time_are_wrong(self):
        self.assertEqual(["restored from what"], self.wrong(FINAL.replace("engines .", "reachable 2022-11-23")))
        self.assertEqual(["restored from what"], self.wrong(last=1669187219.4 + 60))

    def test_data_of_every_service_must_be_as_of_what_came_back(self):
        link, standby = "files 1a2b, data as of 2022-11-23 06:45:00 +05:30", "came back, data as of 2022-11-23 12:36:59 +05:30"
        for right, wrong in ((link, "files 1a2b, data as of 2022-11-23 02:00:00 +05:30"), (link, "files 1a2b, data as of unknown"), (standby, "came back, data as of 2022-11-23 12:36:43 +05:30"),
                             ("     Standby:", "     Other:"), ("from files 1a2b", "nothing of its own came back"), ("; files beside as of 2022-11-23 06:45", "; files beside as of 2022-11-23 02:00")):
            self.assertIn(right, FINAL)
            self.assertEqual(["restored from what"], self.wrong(FINAL.replace(right, wrong)), wrong)

    def test_every_service_of_the_drill_has_a_truth(self):
        self.assertEqual({service for service, _ in recovery_steps.SERVICES}, set(answers.AS_OF))

    def test_the_moment_of_return_must_be_right(self):
        self.assertEqual(["when was each service back"], self.wrong(between=(1669188700.0, 1669188705.0)))
        self.assertEqual(["when was each service back"], self.wrong(FINAL.replace("OPD: up since 2022-11-23 13:00:00 +05:30;", "OPD: not back yet;")))

    def test_times_are_read_in_utc_too(self):
        self.assertEqual([], self.wrong(FINAL.replace("12:36:59 +05:30", "07:06:59 UTC").replace("13:00:00 +05:30", "07:30:00 UTC")))

    def test_what_left_must_be_right(self):
        self.assertEqual(["what left"], self.wrong(flows={"192.0.2.1": 50_000_000}))
        self.assertEqual(["what left"], self.wrong(flows={"192.0.2.1": 96_000_081, "192.0.2.2": 5}))

    def test_no_answer_is_no_right_one(self):
        self.assertEqual(5, len(self.wrong("")))


class Attack(Folder):
    """It strikes nothing but what the same run has made."""

    def setUp(self):
        super().setUp()
        (self.drill / ".lastgood-made").touch()
        attack.mark(self.site)

    def test_a_hospital_of_another_run_is_refused(self):
        attack.Attack(self.site)
        (self.site.root / attack.RUN_MARK).write_text("another")
        with self.assertRaises(PermissionError):
            attack.Attack(self.site)

    def test_a_folder_that_no_drill_made_is_refused(self):
        (self.drill / ".lastgood-made").unlink()
        with self.assertRaises(PermissionError):
            attack.Attack(self.site)

    def test_a_tree_outside_is_refused_and_links_are_not_followed(self):
        outside = self.drill / "outside"
        outside.write_text("good")
        one = attack.Attack(self.site)
        with self.assertRaises(PermissionError):
            one.tree(self.drill)
        (self.site.root / "s1").mkdir()
        (self.site.root / "s1" / "link").symlink_to(outside)
        os.link(outside, self.site.root / "s1" / "second-name")
        one.tree(self.site.root / "s1")
        self.assertEqual(("good", []), (outside.read_text(), one.struck))

    def test_of_the_standby_one_table_only_is_struck(self):
        self.assertIn(night.TABLE_STRUCK_LAST, records.TABLES["ehosp"])
        base = self.site.root / "s2" / "standby" / "base"
        base.mkdir(parents=True)
        for name in ("1", "2"):
            (base / name).write_text("rows")
        one = attack.Attack(self.site)
        one.tree(self.site.root / "s2" / "standby", only=lambda path: path == str(base / "2"))
        self.assertEqual(["1", "2.bak9"], sorted(os.listdir(base)))


class Patients(unittest.TestCase):
    def test_no_two_have_one_telephone_number(self):
        day = datetime.date(2022, 11, 23)
        self.assertEqual(20_000, len({people.patient(7, number, day)[5] for number in [*range(1, 10_001), *range(30_000_000, 30_010_000)]}))

    def test_they_are_the_same_for_the_same_seed(self):
        day = datetime.date(2022, 11, 23)
        self.assertEqual(people.patient(7, 9, day), people.patient(7, 9, day))
        self.assertNotEqual(people.patient(7, 9, day), people.patient(8, 9, day))


class View(unittest.TestCase):
    def test_no_line_is_wider_than_a_terminal_of_80_columns(self):
        with tempfile.TemporaryFile("w+") as out:
            shown = view.View("/tmp/a/very/long/name/of/a/folder", out=out)
            shown.part("A part", "of the night that has a long sentence about what it is to prove, longer than any terminal")
            shown.step(["backups", "add", "engines", "folder:/tmp/a/very/long/name/of/a/folder/backups/apart/engines/2026-11-26T02:00:00+05:30", "--map", "=servers"], 1.25, 3, "")
            out.seek(0)
            lines = out.read().splitlines()
        self.assertLessEqual(max(map(len, lines)), 80)
        self.assertIn("folder:backups/apart/engines/2026-11-26T02:00:00+05:30", "".join(lines))
        self.assertTrue(lines[-1].endswith("(1.2 s, in part)"), lines)


if __name__ == "__main__":
    unittest.main()
