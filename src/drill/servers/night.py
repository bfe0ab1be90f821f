# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""The drill's night, in order: a hospital, its backups, its work, the attack, and no power."""
import datetime
import json
import time

import attack
import pacs_files
import records
import truth
from backups import Backups
from hospital import Hospital
from poison import Poison
from writer import Work

# The only one of the standby that is struck before the power goes: what is asked of that server afterwards can do without it,
# but for the drug charts.
TABLE_STRUCK_LAST = "medication_order"


class Night:
    def __init__(self, site):
        self.site = site
        self.hospital = Hospital(site)
        self.backups = Backups(site, self.hospital)
        self.poison = Poison(site, self.backups)
        self.work = self.attack = None

    def play(self):
        site = self.site
        site.view.part("The hospital", "five servers of real engines, filled with invented patients and backed up at 02:00; some copies are poisoned")
        self.hospital.make()
        attack.mark(site)
        unwell = {name: said for name, said in self.hospital.health().items() if said is not True}
        if unwell:
            raise RuntimeError(f"the hospital does not start well: {unwell}")
        self.write_base()
        self.backups.whole_night()
        self.poison.plant()
        self.work_until_seven()
        self.strike()

    def write_base(self):
        s1, s2, s3 = self.hospital.s1.database, self.hospital.s2.database, self.hospital.s3.database
        base = {"ehosp": truth.postgresql_base(s1.sql, records.TABLES["ehosp"]), "billing": truth.mariadb_base(lambda text: s2.sql(text, "billing"), "billing", records.TABLES["billing"]),
                "lis": truth.mariadb_base(lambda text: s3.sql(text, "lis"), "lis", records.TABLES["lis"])}
        (self.site.truth / "base.json").write_text(json.dumps(base, indent=1) + "\n")

    def work_until_seven(self):
        site = self.site
        site.view.part("The morning", "desks commit, analysers send, files are saved; a ledger outside of the hospital knows every commit")
        self.work = Work(site)
        self.work.start()
        site.say("06:30, the hospital works")
        site.network.speak_as(site.network.DESK, site.address("s5"))
        self.work.send_results(100)
        attack.say(site, pacs_files.USER_AT_WORK, ["cd lab", "dir"])
        time.sleep(site.size.seconds_of_work / 2)
        self.backups.files(self.backups.night + datetime.timedelta(hours=4, minutes=45), first=False)
        site.say("06:45, files are backed up again")
        self.work.send_results(40)
        rest = site.size.seconds_of_work - (time.monotonic() - self.work.begun)
        time.sleep(max(0.0, rest))
        site.say(f"07:00, {sum(desk.done for desk in self.work.desks)} commits so far")

    def strike(self):
        site = self.site
        site.view.part("The attack", "home folders, mounted backups, the share, reports, images, mails; then databases while they run")
        (site.truth / "files.json").write_text(json.dumps(attack.digests(site.root), indent=0) + "\n")
        self.attack = attack.Attack(site)
        last_table = self.hospital.s1.database.sql(f"SELECT pg_relation_filepath('{TABLE_STRUCK_LAST}');").strip()
        self.work.struck_at = time.monotonic()
        self.attack.run(self.poison.take_during, last_table)
        for name in ("s1", "s2", "s3", "s4", "s5"):
            site.spaces.pop(name).kill()
        self.work.stop()
        site.say(f"07:07, the servers are off; last commits: {', '.join(f'{desk.name} {desk.done}' for desk in self.work.desks)}")
        self.backups.end()
        self.attack.write_truth()
        self.poison.check_canaries("the night")
