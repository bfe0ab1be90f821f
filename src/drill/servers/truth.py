# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""What the drill knows and the program is not told: every commit that a database has acknowledged, and what stood in its
tables before. Lines of JSON below DRILL/truth."""
import json
import threading
import time

KEYS = {"patient": "uhid", "price_list": "code", "lab_test": "code"}


class Ledger:
    """One database's commits, in order. `meant` is written before a commit is asked for, `done` when it was acknowledged:
    one that was meant only may stand in the database or not."""

    def __init__(self, path):
        self.out, self.lock = open(path, "x", encoding="utf-8"), threading.Lock()

    def write(self, **fields):
        with self.lock:
            self.out.write(json.dumps({**fields, "clock": round(time.time(), 6)}) + "\n")
            self.out.flush()

    def close(self):
        self.out.close()


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def postgresql_base(ask, tables):
    """{table: [key column, highest key, rows, sum over all rows]}; `ask` runs SQL and gives text."""
    out = {}
    for table in tables:
        key = KEYS.get(table, "id")
        top, rows, total = ask(f"SELECT max({key}), count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {table} t;").strip().split("|")
        out[table] = [key, top, rows, total]
    return out


def mariadb_base(ask, database, tables):
    out = {}
    for table in tables:
        key = KEYS.get(table, "id")
        columns = ask(f"SELECT GROUP_CONCAT(CONCAT('IFNULL(', column_name, ',''-'')') ORDER BY ordinal_position) FROM information_schema.columns WHERE table_schema='{database}' AND table_name='{table}';").strip()
        top, rows, total = ask(f"SELECT MAX({key}), COUNT(*), COALESCE(SUM(CRC32(CONCAT_WS('|',{columns}))), 0) FROM {table};").strip().split("\t")
        out[table] = [key, top, rows, total]
    return out


def admissions_moved_back(moves):
    """The table of admissions as it was before `moves`, as SQL: {admission: (ward and bed before, ward and bed since)}."""
    before = ", ".join(f"({admission}, {was[0]}, '{was[1]}')" for admission, (was, _) in sorted(moves.items()))
    return (f"(SELECT (a.id, a.uhid, coalesce(m.ward_id, a.ward_id), coalesce(m.bed, a.bed), a.consultant_id, a.diagnosis, a.diet, a.admitted_at, a.discharged_at)::admission AS t, a.id "
            f"FROM admission a LEFT JOIN (VALUES {before}) AS m(id, ward_id, bed) USING (id))")


def misplaced(ask, moves):
    """Those that do not lie where the last of their moves brought them: {admission: (wanted, found)}."""
    found = {}
    for line in ask(f"SELECT id, ward_id, bed FROM admission WHERE id IN ({', '.join(map(str, moves))});").split():
        admission, ward, bed = line.split("|")
        found[int(admission)] = (int(ward), bed)
    return {admission: (now, found.get(admission)) for admission, (_, now) in moves.items() if found.get(admission) != now}


def differs(base, ask, engine, database="", moves=None):
    """Tables whose old rows are not what they were: {table: (wanted, found)}. `moves`: admissions that were moved since,
    {id: ((ward, bed) before, (ward, bed) since)}."""
    out = {}
    for table, (key, top, rows, total) in base.items():
        try:
            if engine == "postgresql":
                of = admissions_moved_back(moves) + " AS moved" if table == "admission" and moves else f"{table} t"
                found = ask(f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {of} WHERE {key} <= '{top}';").strip().split("|")
            else:
                columns = ask(f"SELECT GROUP_CONCAT(CONCAT('IFNULL(', column_name, ',''-'')') ORDER BY ordinal_position) FROM information_schema.columns WHERE table_schema='{database}' AND table_name='{table}';").strip()
                found = ask(f"SELECT COUNT(*), COALESCE(SUM(CRC32(CONCAT_WS('|',{columns}))), 0) FROM {table} WHERE {key} <= '{top}';").strip().split("\t")
        except Exception as trouble:  # whatever keeps a table from answering is told, and the others are asked
            found = [str(trouble)[-200:]]
        if found != [rows, total]:
            out[table] = ([rows, total], found)
    if moves:
        try:
            astray = misplaced(ask, moves)
        except Exception as trouble:
            astray = str(trouble)[-200:]
        if astray:
            out["admission"] = ("where the last move brought them", astray)
    return out
