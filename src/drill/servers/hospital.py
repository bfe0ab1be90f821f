# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""The five servers together: made, filled, started, stopped."""
import concurrent.futures

import records
from ehosp_db1 import EhospDb1
from ehosp_db2 import EhospDb2
from lis_app import LisApp
from lis_db import LisDb
from pacs_files import PacsFiles

# In the order in which they start; the standby is no service of its own.
SERVICES = ("ehosp", "standby", "billing", "lis", "labapp", "images", "files", "mail", "search")


class Hospital:
    def __init__(self, site):
        self.site = site
        self.s1, self.s2, self.s3, self.s4, self.s5 = EhospDb1(site), EhospDb2(site), LisDb(site), LisApp(site), PacsFiles(site)

    def make(self):
        site = self.site
        site.make_folders()
        site.power_on()
        site.say("five servers are on")
        rows = records.Records(site.size, site.seed, site.day)
        # Two at a time: the drill is made for two cores.
        with concurrent.futures.ThreadPoolExecutor(2) as workers:
            waiting = {workers.submit(self.s1.make, rows): "s1 ehosp-db1: PostgreSQL", workers.submit(self.s3.make, rows): "s3 lis-db: MariaDB",
                       workers.submit(self.s2.make, rows): "s2 ehosp-db2: MariaDB of the cash desk", workers.submit(self.s4.make, rows): "s4 lis-app: HL7, reports, worklist",
                       workers.submit(self.s5.make): "s5 pacs-files: Orthanc, Samba, Dovecot, search"}
            for done in concurrent.futures.as_completed(waiting):
                done.result()
                site.say(f"{waiting[done]} is there")
        self.s2.follow(self.s1.database)
        site.say("s2 ehosp-db2: follows s1")

    def start(self):
        for name in SERVICES:
            self.site.do(f"start-{name}")

    def stop(self):
        for name in reversed(SERVICES):
            self.site.do(f"stop-{name}")

    def health(self):
        """{service: True, or what it said}."""
        out = {}
        for name in (*SERVICES, "reports"):
            done = self.site.do(f"check-{name}", quiet=True)
            out[name] = True if done.returncode == 0 else (done.stderr or done.stdout)[-300:]
        return out


