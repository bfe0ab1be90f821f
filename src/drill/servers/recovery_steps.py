# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""What a person does with the program after the night, in the order in which a ward needs it: first sheets, then services,
then the questions. A command that the program does not have yet is said and left out."""
import json
import re
import subprocess
import time

import spaces
from backups import PASSWORD


# Service of services.toml, and the drill's own command that asks it whether it is well.
SERVICES = (("opd", "ehosp"), ("wards", "ehosp"), ("lab", "lis"), ("lab-link", "labapp"), ("reports", "reports"), ("images", "images"), ("billing", "billing"), ("files", "files"),
            ("mail", "mail"), ("search", "search"), ("standby", "standby"))


class StepFailed(Exception):
    pass


class Steps:
    def __init__(self, site, program, night, services):
        self.site, self.program, self.night, self.services = site, program, night, services
        self.case, self.out = site.drill / "hospital.case", site.drill / "recovered"
        self.out.mkdir()
        self.seconds, self.troubles, self.left_out, self.texts, self.said = {}, [], [], [], {}
        self.begun = time.monotonic()
        self.first_sheet = None
        self.back = {}  # service: seconds after the power went
        self.back_between = {}  # service: before it was started, after it was well
        self.commands = subprocess.run([program, "--help"], capture_output=True, text=True).stdout

    def has(self, command, word=None):
        if f"\n  {command} " not in self.commands and f"\n  {command}," not in self.commands:
            self.left_out.append(command)
            self.site.say(f"'{command}' is not in this program yet")
            return False
        if word is None:
            return True
        found = re.search(rf"^ +{re.escape(word)}[ ,]", subprocess.run([self.program, command, "--help"], capture_output=True, text=True).stdout, re.MULTILINE) is not None
        if not found:
            self.left_out.append(f"{command} {word}")
        return found

    def run(self, step, *arguments, allowed=(0, 1), needed=True):
        begin = time.monotonic()
        words = ["setpriv", "--pdeathsig", "TERM", self.program, "--case", str(self.case), *map(str, arguments)]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
        self.seconds[step] = round(self.seconds.get(step, 0) + time.monotonic() - begin, 2)
        (self.out / f"{len(self.texts):02}-{step}.txt").write_text(f"$ lastgood {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}\nends with {done.returncode}\n")
        self.texts.append((step, done.stdout))
        self.site.view.step(arguments, time.monotonic() - begin, done.returncode, done.stdout)
        if done.returncode not in allowed:
            trouble = f"'{step}' ended with {done.returncode}: {done.stderr[-400:]}{done.stdout[-300:]}"
            self.troubles.append(trouble)
            if needed:
                raise StepFailed(trouble)
        return done.stdout

    def lines(self, step, *arguments, **options):
        out = []
        for line in self.run(step, *arguments, "--json", **options).splitlines():
            try:
                out.append(json.loads(line))
            except ValueError:
                pass
        return out

    def play(self):
        # Originals are kept at the top of the file system they lie on: make the servers' folder one.
        spaces.call("mount", "--bind", self.site.root, self.site.root)
        try:
            for part in (self.sources, self.sheets, self.ask_struck_server, self.all_sheets, self.judge, self.look, self.bring_back):
                part()
        except StepFailed as trouble:
            self.site.say(f"stopped: {trouble}")
        self.start_services()
        self.questions()

    def sources(self):
        self.site.view.part("The backups", "from here on the program does what a person would type; nothing in a backup may change, and no poisoned copy be chosen")
        backups, root = self.night.backups, self.site.root
        password = self.site.run_folder / "password"
        password.write_text(PASSWORD + "\n")
        self.run("case", "case", "new", self.case)
        self.run("case", "case", "describe", "--organisation", "Drill Hospital", "--own-domain", "hospital.example", "--own-block", "10.20.0.0/16", "--own-relay", "mx.hospital.example", "--zone", "+05:30")
        self.run("sources", "backups", "add", "engines", f"folder:{backups.engines}", "--map", f"={root}", "--independence", "apart")
        self.run("sources", "backups", "add", "files", f"restic:{backups.apart}/restic", "--password-file", password, "--independence", "apart")
        self.run("sources", "backups", "add", "trees", f"folder:{backups.apart}/trees", "--map", f"={root}", "--independence", "apart")
        self.run("sources", "backups", "add", "settings", f"tar:{backups.apart}/tar", "--map", f"={root}", "--independence", "apart")
        self.run("sources", "backups", "add", "reachable", f"folder:{backups.poisoned}", "--map", f"={root}", "--independence", "attached")
        self.run("judge databases", "backups", "judge", "--databases", allowed=(0, 1, 3))

    def sheets(self):
        """The first thing that a ward gets, before anything is brought back."""
        self.site.view.part("First sheets", "wards have their patients on paper within 10 s, before anything is brought back")
        if self.has("services"):
            self.run("services set", "services", "set", self.services, needed=False)
        if not self.has("sheets"):
            return
        begin, to = time.monotonic(), self.out / "sheets"
        to.mkdir()
        self.run("sheets first", "sheets", "--services", self.services, "--service", "wards", "--form", "pdf", "--to", to / "wards", allowed=(0, 1, 3), needed=False)
        if any((to / "wards").rglob("*.pdf")):
            self.first_sheet = round(time.monotonic() - self.begun, 1)
            self.seconds["first packet after the databases were judged"] = round(time.monotonic() - begin, 2)

    def ask_struck_server(self):
        """The standby was struck last, and of its tables only one. It is asked as the primary that it follows: its folder is
        mounted where that one's would lie."""
        if not self.has("sheets"):
            return
        self.site.view.part("A struck server still answers", "one table of the standby is encrypted: every sheet but one comes from its other tables, and that one says from where it comes")
        self.said["struck"] = self.out / "sheets" / "struck"
        root = self.site.run_folder / "struck"
        place = root / str(self.site.path("s1", "pgdata")).lstrip("/")
        place.mkdir(parents=True)
        spaces.call("mount", "--bind", "-o", "ro", self.site.path("s2", "standby"), place)
        try:
            self.run("sheets of a struck server", "sheets", "--services", self.services, "--service", "wards", "--from-damaged", root, "--to", self.said["struck"], allowed=(0, 1, 3), needed=False)
        finally:
            spaces.call("umount", "--lazy", place)

    def all_sheets(self):
        if self.has("sheets"):
            self.site.view.part("All sheets", "clinics, desks, wards, laboratory and cash desk, from the newest copy that answers")
            self.run("sheets", "sheets", "--services", self.services, "--to", self.out / "sheets" / "all", allowed=(0, 1, 3), needed=False)
            self.said["sheets"] = sorted(str(path) for part in ("wards", "all") for path in (self.out / "sheets" / part).rglob("*") if path.is_file())

    def judge(self):
        """Every file, now that the wards have something to work from."""
        self.site.view.part("Every file of the backups", "each content of every snapshot is judged once")
        self.run("judge", "backups", "judge", allowed=(0, 1, 3))

    def look(self):
        self.site.view.part("What was hit", "which servers, which files, how many bytes; nothing on them is written")
        self.said["scans"] = {}
        for server in ("s1", "s2", "s3", "s4", "s5"):
            lines = self.lines("scan", "scan", "--host", self.site.host(server), self.site.path(server), allowed=(0, 1, 3))
            self.said["scans"][server] = lines

    def bring_back(self):
        self.site.view.part("The way back", "to the last commit that a log kept apart has; nothing good is overwritten, nothing encrypted comes back, nothing planted runs")
        plan = self.out / "plan.json"
        if self.has("plan", "--service"):
            self.run("plan of one service", "plan", "--service", "opd", "--out", self.out / "plan-opd.json", needed=False)
        self.run("plan", "plan", "--out", plan)
        self.said["plan"] = plan.read_text() if plan.is_file() else ""
        self.said["restore"] = self.lines("restore", "restore", plan, "--in-place", allowed=(0, 3))
        self.run("verify", "verify", plan, "--at", "/", "--no-engines", "--json", allowed=(0, 1, 3), needed=False)
        # Databases whose logs services.toml names are brought forward by the restore itself.
        self.said["replay"] = [line for line in self.said["restore"] if line.get("type") == "replay"]

    def start_services(self):
        """On clean machines, which have what was restored and nothing else."""
        site = self.site
        site.view.part("Services", "each starts when what it waits for is well; the hospital's own checks say so")
        site.power_on()
        site.say("five clean servers are on")
        by_program = self.has("services", "start")
        for service, command in SERVICES:
            begin = time.time()
            if by_program:
                self.run("services start", "services", "start", service, allowed=(0, 1, 3), needed=False)
            elif service not in ("wards", "reports"):
                done = site.do({"standby": "make-standby"}.get(command, f"start-{command}"), quiet=True, timeout=180)
                if done.returncode != 0:
                    self.troubles.append(f"{service} does not start: {(done.stderr or done.stdout)[-300:]}")
                    site.say(f"{service} does not start: {(done.stderr or done.stdout).strip()[-200:]}")
            asked = site.do(f"check-{command}", quiet=True, timeout=60)
            if asked.returncode == 0:
                self.back[service] = round(time.monotonic() - self.begun, 1)
                self.back_between[service] = (begin, time.time())
                site.say(f"{service} is back")
            else:
                self.troubles.append(f"{service} is not well: {(asked.stderr or asked.stdout)[-300:]}")
                site.say(f"{service} is not well: {(asked.stderr or asked.stdout).strip()[-200:]}")

    def questions(self):
        site, logs = self.site, self.site.logs
        site.view.part("Questions", "who encrypted and from where, which mails came from whom, whose data, what was restored from what and when")
        try:
            self.run("timeline", "timeline", "import", "--host", "pacs-files", "--zone", "+00:00", logs / "s5")
            self.run("timeline", "timeline", "import", "--host", "gate", "--zone", "+00:00", logs / "gateway" / "logs")
            self.said["timeline"] = [line for line in self.lines("timeline", "timeline") if line.get("type") == "timeline"]
            self.said["indicators"] = self.lines("indicators", "indicators", site.path("s1", "home"), logs / "gateway" / "mail")
            self.said["mails"] = [line for line in self.lines("trace", "trace", logs / "gateway" / "mail" / "desk.mbox") if line.get("type") == "message"]
            self.said["exposure"] = self.lines("exposure", "exposure", "--held-on", "ehosp-db1", self.night.backups.engines / "s1" / "pgdata", needed=False, allowed=(0, 1, 3))
            if self.has("services", "status"):
                self.run("services check", "services", "check", needed=False, allowed=(0, 1, 3))
                self.run("services status", "services", "status", needed=False, allowed=(0, 1, 3))
            self.run("report", "report", "--out", site.drill / "hospital.html")
            if self.has("report", "--form"):
                self.run("report", "report", "--form", "final", "--out", site.drill / "hospital-final.html", needed=False)
                self.said["final"] = self.run("report", "report", "--form", "final", needed=False)
            self.run("ledger", "ledger", "verify")
        except StepFailed as trouble:
            site.say(f"stopped: {trouble}")
