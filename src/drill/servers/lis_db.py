# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""s3, lis-db: the laboratory's MariaDB."""
import pathlib

import papers
import records
from mariadb_server import MariadbServer

SCHEMA = pathlib.Path(__file__).parent / "schema"


class LisDb:
    def __init__(self, site):
        self.site = site
        self.database = MariadbServer(site, "s3", "lis", 3)

    def make(self, rows):
        self.database.make()
        self.database.commands()
        self.site.do("start-lis")
        self.database.fill((SCHEMA / "lis.sql").read_text(), records.TABLES["lis"], rows)
        papers.home_files(self.site.path("s3", "home"), ("lab",), self.site.size.home_files // 2, self.site.size.file_kib, f"s3|{self.site.seed}")
