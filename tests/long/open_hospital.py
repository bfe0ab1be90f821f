#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""The pack `open-hospital` against Open Hospital's own schema and demonstration data: it is chosen by its tables alone, and each
sheet has exactly the rows that this script works out by itself from the same tables.

    tests/long/open_hospital.py build/release/lastgood SQL_FOLDER

SQL_FOLDER is the folder `sql` of the repository openhospital-core (GPL-3.0; nothing of it is in this project), with
create_all_demo.sql in it. As root, with mariadb-server. All dates of the demonstration are moved so that its newest laboratory
entry is an hour old: its own are years ago, and sheets are about today."""
import datetime
import json
import pathlib
import shutil
import subprocess
import sys
import time

from story import Program, Scratch, fail

HOUR = datetime.timedelta(hours=1)


class Server:
    """A MariaDB of its own, as the account mysql, reached through a socket only."""

    def __init__(self, folder):
        self.data, self.socket = folder / "mysql", folder / "s"
        shutil.chown(folder, "mysql")
        folder.chmod(0o755)
        self.as_mysql = ["setpriv", "--reuid=mysql", "--regid=mysql", "--clear-groups"]
        subprocess.run([*self.as_mysql, "mariadb-install-db", "--no-defaults", f"--datadir={self.data}", "--skip-test-db",
                        "--auth-root-authentication-method=normal"], check=True, capture_output=True)

    def start(self):
        self.running = subprocess.Popen([*self.as_mysql, "mariadbd", "--no-defaults", f"--datadir={self.data}", f"--socket={self.socket}",
                                         "--skip-networking", "--lower-case-table-names=1", "--innodb-log-file-size=16M",
                                         "--character-set-server=utf8mb4"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            if self.run("SELECT 1", may_fail=True).returncode == 0:
                return
            time.sleep(0.1)
        fail("MariaDB does not answer")

    def run(self, sql, database="", cwd=None, may_fail=False):
        done = subprocess.run(["mariadb", "--no-defaults", "-uroot", f"-S{self.socket}", "--batch", "--raw", *([database] if database else [])],
                              input=sql, capture_output=True, text=True, cwd=cwd)
        if done.returncode != 0 and not may_fail:
            fail(f"MariaDB: {done.stderr.strip()}")
        return done

    def rows(self, table):
        """All rows as dictionaries; NULL is None."""
        columns = [line.split("\t")[0] for line in self.run(f"SHOW COLUMNS FROM {table}", "oh").stdout.splitlines()[1:]]
        fields = ", ".join(f"coalesce(replace(replace(cast(`{c}` AS CHAR), '\\t', ' '), '\\n', ' '), '\\\\N') AS `{c}`" for c in columns)
        lines = self.run(f"SELECT {fields} FROM {table}", "oh").stdout.splitlines()[1:]
        return [{c: None if v == "\\N" else v for c, v in zip(columns, line.split("\t"))} for line in lines]

    def stop(self):
        self.run("SHUTDOWN")
        self.running.wait(60)


def move_dates(server):
    """Every date and time by as many whole days and seconds as make the newest laboratory entry an hour old."""
    offset = server.run("SELECT timestampdiff(SECOND, max(LAB_DATE), now()) - 3600 FROM oh_laboratory", "oh").stdout.split()[-1]
    columns = server.run("SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'oh' AND data_type IN "
                         "('datetime', 'timestamp', 'date') AND column_name <> 'PAT_BDATE' AND table_name <> 'oh_version'").stdout.splitlines()[1:]
    statements = ["SET foreign_key_checks = 0"]
    for line in columns:
        table, column, kind = line.split("\t")
        unit = f"{int(offset) // 86400} DAY" if kind == "date" else f"{offset} SECOND"
        statements.append(f"UPDATE IGNORE {table} SET {column} = {column} + INTERVAL {unit}")
    server.run(";\n".join(statements), "oh")


def moment(text):
    return datetime.datetime.fromisoformat(text) if text else None


class Expected:
    """What a nurse would expect, worked out in plain Python from whole tables."""

    def __init__(self, server, as_of):
        self.as_of, self.t = as_of, {}
        for table in ("patient", "admission", "ward", "visits", "opd", "laboratory", "laboratoryrow", "exam", "bills", "medicaldsr", "prices",
                      "therapies", "patienthistory"):
            self.t[table] = server.rows("oh_" + table)
        self.patients = {p["PAT_ID"]: p for p in self.t["patient"] if p["PAT_DELETED"] == "N"}
        self.wards = {w["WRD_ID_A"]: w["WRD_NAME"] for w in self.t["ward"]}
        self.inside = [a for a in self.t["admission"] if a["ADM_IN"] == "1" and a["ADM_DELETED"] == "N" and a["ADM_PAT_ID"] in self.patients]

    def name(self, patient):
        return f"{self.patients[patient]['PAT_FNAME']} {self.patients[patient]['PAT_SNAME']}"

    def after(self, text, hours):
        return text and moment(text) >= self.as_of - hours * HOUR

    def result(self, lab):
        rows = [r["LABR_DESC"] for r in sorted(self.t["laboratoryrow"], key=lambda r: int(r["LABR_ID"])) if r["LABR_LAB_ID"] == lab["LAB_ID"]]
        return ", ".join(rows) if rows else lab["LAB_RES"]

    def allergies(self, patient):
        said = [self.patients[patient]["PAT_ALLERGIES"]] + [h["PAH_PAT_ALLERGY"] for h in self.t["patienthistory"] if h["PAH_PAT_ID"] == patient]
        return {word for word in said if word}

    def sheets(self):
        today = self.as_of.date()
        exams = {e["EXA_ID_A"]: e["EXA_DESC"] for e in self.t["exam"]}
        done = [x for x in self.t["laboratory"]]
        return {
            "oh-census": {(self.wards.get(a["ADM_WRD_ID_A"], "ward " + a["ADM_WRD_ID_A"]), a["ADM_PAT_ID"], self.name(a["ADM_PAT_ID"]))
                          for a in self.inside},
            "oh-visits": {(v["VST_PAT_ID"], v["VST_DATE"][:16]) for v in self.t["visits"]
                          if 0 <= (moment(v["VST_DATE"]).date() - today).days < 3 and v["VST_PAT_ID"] in self.patients},
            "oh-opd-last": {(o["OPD_PAT_ID"], o["OPD_DATE"][:16]) for o in self.t["opd"]
                            if self.after(o["OPD_DATE"], 24) and o["OPD_PAT_ID"] in self.patients},
            "oh-movements": {(a["ADM_PAT_ID"], what, a[column][:16]) for a in self.t["admission"]
                             for what, column in (("admitted", "ADM_DATE_ADM"), ("discharged", "ADM_DATE_DIS"))
                             if self.after(a[column], 48) and a["ADM_DELETED"] == "N" and a["ADM_PAT_ID"] in self.patients},
            "oh-lab-day": {(x["LAB_PAT_ID"] or "", exams.get(x["LAB_EXA_ID_A"], x["LAB_EXA_ID_A"]), self.result(x)) for x in done
                           if self.after(x["LAB_DATE"], 48)},
            "oh-lab-inpatients": {(x["LAB_PAT_ID"], exams.get(x["LAB_EXA_ID_A"], x["LAB_EXA_ID_A"]), self.result(x)) for x in done
                                  if self.after(x["LAB_DATE"], 7 * 24) and x["LAB_PAT_ID"] in {a["ADM_PAT_ID"] for a in self.inside}},
            "oh-lab-pending": {(x["LAB_PAT_ID"] or "", exams.get(x["LAB_EXA_ID_A"], x["LAB_EXA_ID_A"])) for x in done
                               if x.get("LAB_STATUS", "done") not in ("done", None)},
            "oh-open-bills": {(b["BLL_ID"], b["BLL_ID_PAT"] or "", float(b["BLL_BALANCE"])) for b in self.t["bills"] if b["BLL_STATUS"] == "O"},
            "oh-drugs": {(m["MDSR_DESC"], float(m["MDSR_INI_STOCK_QTI"]) + float(m["MDSR_IN_QTI"]) - float(m["MDSR_OUT_QTI"]))
                         for m in self.t["medicaldsr"]},
            "oh-prices": {(p["PRC_DESC"], float(p["PRC_PRICE"])) for p in self.t["prices"] if float(p["PRC_PRICE"]) > 0},
            "oh-therapies": {(t["THR_PAT_ID"], float(t["THR_QTY"])) for t in self.t["therapies"]
                             if moment(t["THR_STARTDATE"]) <= self.as_of and moment(t["THR_ENDDATE"]).date() >= today
                             and t["THR_PAT_ID"] in {a["ADM_PAT_ID"] for a in self.inside}},
        }


KEYS = {"oh-census": ("ward", "patient_id", "name"), "oh-visits": ("patient_id", "time"), "oh-opd-last": ("patient_id", "time"),
        "oh-movements": ("patient_id", "what", "time"), "oh-lab-day": ("patient_id", "test", "result"),
        "oh-lab-inpatients": ("patient_id", "test", "result"), "oh-lab-pending": ("patient_id", "test"), "oh-open-bills": ("bill", "patient_id", "balance"),
        "oh-drugs": ("drug", "stock"), "oh-prices": ("what", "price"), "oh-therapies": ("patient_id", "quantity")}
NUMBERS = {"balance", "stock", "price", "quantity"}


def read_sheet(run, sheet):
    """Rows as dictionaries by column, of all packets; rows for writing are not among them."""
    path = next(iter(run.rglob(f"{sheet}.json")), None)
    if path is None:
        return None, f"there is no {sheet}.json"
    page = json.loads(path.read_text())
    columns = [column.replace(" ", "_") for column in page["columns"]]  # as they are printed
    return [{page["group_by"]: packet["name"], **dict(zip(columns, row))} for packet in page["packets"] for row in packet["rows"]], page["could_not"]


def main():
    if len(sys.argv) != 3:
        fail("usage: open_hospital.py LASTGOOD SQL_FOLDER")
    sql_folder = pathlib.Path(sys.argv[2])
    if not (sql_folder / "create_all_demo.sql").is_file():
        fail(f"there is no create_all_demo.sql in {sql_folder}")
    with Scratch("open-hospital") as scratch:
        folder = scratch.path / "server"
        folder.mkdir()
        scratch.path.chmod(0o755)
        server = Server(folder)
        server.start()
        server.run("CREATE DATABASE oh CHARACTER SET utf8mb4")
        server.run((sql_folder / "create_all_demo.sql").read_text(), "oh", cwd=sql_folder)
        move_dates(server)
        as_of = moment(server.run("SELECT now()").stdout.splitlines()[1])
        expected = Expected(server, as_of)
        server.stop()
        backup = scratch.path / "backup" / "2026-01-01"
        backup.mkdir(parents=True)
        shutil.copytree(server.data, backup / "mysql")
        program = Program(sys.argv[1], scratch.path / "oh.case")
        program.fresh(("nas", f"folder:{scratch.path / 'backup'}"))
        zone = datetime.datetime.now().astimezone().strftime("%z")
        program.call("case", "describe", "--zone", zone[:3] + ":" + zone[3:])
        program.call("backups", "judge")
        out = scratch.path / "sheets"
        made = program.call("sheets", "--pack", "auto", "--to", out, codes=(0, 3))
        print(made.stdout)
        if "pack open-hospital" not in made.stdout + made.stderr:
            fail("the pack was not chosen by its tables: " + made.stdout + made.stderr)
        check(expected, out)


def check(expected, out):
    run = max(path for path in out.iterdir() if path.is_dir() and not path.is_symlink())
    wrong = []
    for sheet, wanted in expected.sheets().items():
        rows, could_not = read_sheet(run, sheet)
        if rows is None or could_not:
            wrong.append(f"{sheet}: {could_not}")
            continue
        found = {tuple(float(row[key]) if key in NUMBERS else row[key] for key in KEYS[sheet]) for row in rows}
        print(f"{sheet}: {len(wanted)} different rows expected, {len(found)} found")
        if found != wanted:
            wrong.append(f"{sheet}: missing {sorted(wanted - found)[:5]}, too many {sorted(found - wanted)[:5]}")
        for row in rows if sheet == "oh-census" else []:
            said = {word for word in row["allergies"].split("; ") if word != "none recorded"}
            if said != {word for text in expected.allergies(row["patient_id"]) for word in text.split("; ")}:
                wrong.append(f"allergies of patient {row['patient_id']}: '{row['allergies']}'")
    if wrong:
        fail("; ".join(wrong))
    print("all sheets have the rows that were expected")


if __name__ == "__main__":
    main()
