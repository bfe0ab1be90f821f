# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""s1, ehosp-db1: registration, clinics, wards; PostgreSQL, and the home folders of who administers it."""
import pathlib

import papers
import records
from postgresql_server import PostgresqlServer

SCHEMA = pathlib.Path(__file__).parent / "schema"


class EhospDb1:
    def __init__(self, site):
        self.site = site
        self.database = PostgresqlServer(site, "s1", "pgdata", "ehosp")

    def make(self, rows):
        self.database.make()
        self.database.commands()
        self.site.do("start-ehosp")
        self.database.fill("ehosp", (SCHEMA / "ehosp.sql").read_text(), records.TABLES["ehosp"], rows, (SCHEMA / "ehosp_indexes.sql").read_text())
        papers.home_files(self.site.path("s1", "home"), ("anita", "desk", "wards"), self.site.size.home_files, self.site.size.file_kib, f"s1|{self.site.seed}")
