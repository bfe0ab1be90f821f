# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""s4, lis-app: the laboratory's interface. HL7 messages come in by MLLP and are kept as files; reports are PDF; what the
analysers still have to do is in SQLite with a write-ahead log."""
import pathlib
import random
import shutil
import sqlite3

import papers
import people

HERE = pathlib.Path(__file__).parent
PORT = 2575


class LisApp:
    def __init__(self, site):
        self.site = site
        self.root = site.path("s4")

    def commands(self):
        site, at = self.site, self.site.address("s4")
        listener, log = self.root / "app" / "mllp_listener.py", site.logs / "s4" / "mllp.log"
        site.script("start-labapp", "s4", [f"setsid /usr/bin/python3 {listener} {at} {PORT} {self.root}/oru </dev/null >>{log} 2>&1 &", "try=0",
                                           f"until /usr/bin/python3 -c 'import socket; socket.create_connection((\"{at}\", {PORT}), 1)' 2>/dev/null; do",
                                           "  try=$((try + 1)); [ $try -lt 100 ] || exit 1; sleep 0.1", "done"])
        site.script("stop-labapp", "s4", ["pkill -f mllp_listener.py || true"])
        site.script("check-labapp", "s4", [f"/usr/bin/python3 - <<'CHECK'", "import socket, sqlite3", f"socket.create_connection((\"{at}\", {PORT}), 2)",
                                           f"print(sqlite3.connect(\"file:{self.root}/worklist.db?mode=ro\", uri=True).execute(\"SELECT count(*) FROM worklist\").fetchone()[0])", "CHECK"])
        site.script("check-reports", "s4", [f"found=$(find {self.root}/reports -name '*.pdf' | head -n 1)", '[ -n "$found" ] && [ "$(head -c 5 "$found")" = "%PDF-" ]'])

    def make(self, rows):
        site = self.site
        for name in ("app", "oru", "reports", "etc"):
            (self.root / name).mkdir()
        shutil.copyfile(HERE / "mllp_listener.py", self.root / "app" / "mllp_listener.py")
        (self.root / "etc" / "lis.ini").write_text(f"[interface]\nlisten = {site.address('s4')}:{PORT}\n[database]\nhost = {site.address('s3')}\nname = lis\n")
        rolls = random.Random(f"oru|{site.seed}")
        for number, order in enumerate(rows.reported_orders(), 1):
            who = people.patient(site.seed, 1 + (number * 13) % site.size.patients, site.day)
            papers.report(self.root / "reports" / f"{number // 200:03}" / f"R{number:06}.pdf", number, order, who, site.day, rolls)
            (self.root / "oru" / f"E{order:08}.hl7").write_bytes(papers.result_message(f"E{order:08}", who, site.day, rolls))
        database = sqlite3.connect(self.root / "worklist.db")
        database.execute("PRAGMA journal_mode=WAL")
        database.executescript((HERE / "schema" / "worklist.sql").read_text())
        with database:
            database.executemany("INSERT INTO worklist VALUES(?,?,?,?,?,?,?)", (
                (number, number, people.uhid(1 + number % site.size.patients), f"AN{1 + number % 4}", "yellow", f"{site.day} 05:{number % 60:02}", None) for number in range(1, 200)))
        database.close()
        papers.home_files(self.root / "home", ("lab",), site.size.home_files // 2, site.size.file_kib, f"s4|{site.seed}")
        self.commands()
        site.do("start-labapp")
