# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""s2, ehosp-db2: the streaming standby of s1, which shares its fate, and the cash desk's MariaDB."""
import pathlib

import papers
import records
from mariadb_server import MariadbServer
from postgresql_server import AS_POSTGRES, PROGRAMS, PostgresqlServer

SCHEMA = pathlib.Path(__file__).parent / "schema"


class EhospDb2:
    def __init__(self, site):
        self.site = site
        self.standby = PostgresqlServer(site, "s2", "standby", "standby")
        self.database = MariadbServer(site, "s2", "billing", 2)

    def make(self, rows):
        self.database.make()
        self.database.commands()
        self.site.do("start-billing")
        self.database.fill((SCHEMA / "billing.sql").read_text(), records.TABLES["billing"], rows)
        papers.home_files(self.site.path("s2", "home"), ("accounts",), self.site.size.home_files // 2, self.site.size.file_kib, f"s2|{self.site.seed}")

    def follow(self, primary):
        self.standby.follow(primary)
        self.standby.commands()
        # After an incident nobody restores a standby: it is made again from the primary, and what was struck is kept aside.
        folder = self.standby.data
        self.site.script("make-standby", "s2", [
            f"[ ! -e {folder} ] || mv {folder} {folder}.struck-$(date +%s)", f"install -d -m 700 -o postgres -g postgres {folder}",
            f"{AS_POSTGRES} {PROGRAMS}/pg_basebackup -h {self.site.address(primary.server)} -U postgres -D {folder} -R -X stream -c fast --no-sync </dev/null",
            f"sed -i 's/{self.site.address(primary.server)}/{self.site.address('s2')}/; s/^archive_mode = on/archive_mode = off/' {folder}/postgresql.conf",
            f"{AS_POSTGRES} {PROGRAMS}/pg_ctl -D {folder} -s -w -t 120 -l {self.standby.log} start </dev/null >/dev/null 2>&1"])
        self.site.do("start-standby")
