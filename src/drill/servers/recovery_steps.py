# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""What a person does with the program after the night, in the order in which a ward needs it: first sheets, then services,
then the questions. A command that the program does not have yet is said and left out."""
import json
import subprocess
import time

import spaces
from backups import PASSWORD


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
        self.commands = subprocess.run([program, "--help"], capture_output=True, text=True).stdout

    def has(self, command, word=None):
        if f"\n  {command} " not in self.commands and f"\n  {command}," not in self.commands:
            self.left_out.append(command)
            self.site.say(f"'{command}' is not in this program yet")
            return False
        if word is None:
            return True
        found = word in subprocess.run([self.program, *command.split(), "--help"], capture_output=True, text=True).stdout
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
        self.site.say(f"lastgood {' '.join(map(str, arguments))[:90]}: {time.monotonic() - begin:.1f} s, {done.returncode}")
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
            for part in (self.sources, self.sheets, self.look, self.bring_back):
                part()
        except StepFailed as trouble:
            self.site.say(f"stopped: {trouble}")
        self.start_services()
        self.questions()

    def sources(self):
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
        self.run("judge", "backups", "judge", allowed=(0, 1, 3))

    def sheets(self):
        if not self.has("services"):
            return
        self.run("services check", "services", "check", self.services, allowed=(0, 1, 3), needed=False)
        if not self.has("sheets"):
            return
        begin = time.monotonic()
        self.run("sheets", "sheets", "--services", self.services, "--to", self.out / "sheets", allowed=(0, 1, 3), needed=False)
        if any((self.out / "sheets").rglob("*.pdf")):
            self.first_sheet = round(time.monotonic() - self.begun, 1)
            self.said["sheets"] = sorted(str(path.relative_to(self.out)) for path in (self.out / "sheets").rglob("*.pdf"))
            self.seconds["first packet after the backups were judged"] = round(time.monotonic() - begin, 2)

    def look(self):
        self.said["scans"] = {}
        for server in ("s1", "s2", "s3", "s4", "s5"):
            lines = self.lines("scan", "scan", "--host", self.site.host(server), self.site.path(server), allowed=(0, 1, 3))
            self.said["scans"][server] = lines

    def bring_back(self):
        plan = self.out / "plan.json"
        more = ["--services", self.services] if self.has("plan", "--services") else []
        self.run("plan", "plan", "--out", plan, *more)
        self.said["plan"] = plan.read_text() if plan.is_file() else ""
        more = ["--services", self.services] if self.has("restore", "--services") else []
        self.said["restore"] = self.lines("restore", "restore", plan, "--in-place", *more, allowed=(0, 3))
        if self.has("replay"):
            self.run("replay", "replay", "--services", self.services, allowed=(0, 1, 3), needed=False)
        self.run("verify", "verify", plan, "--at", "/", "--no-engines", "--json", allowed=(0, 1, 3), needed=False)

    def start_services(self):
        """On clean machines, which have what was restored and nothing else."""
        site = self.site
        site.power_on()
        site.say("five clean servers are on")
        for name in ("ehosp", "lis", "labapp", "reports", "images", "billing", "files", "mail", "search", "standby"):
            if name != "reports":
                start = {"standby": "make-standby"}.get(name, f"start-{name}")
                done = site.do(start, quiet=True, timeout=180)
                if done.returncode != 0:
                    self.troubles.append(f"{name} does not start: {(done.stderr or done.stdout)[-300:]}")
                    site.say(f"{name} does not start: {(done.stderr or done.stdout).strip()[-200:]}")
                    continue
            asked = site.do(f"check-{name}", quiet=True, timeout=60)
            if asked.returncode == 0:
                self.back[name] = round(time.monotonic() - self.begun, 1)
                site.say(f"{name} is back")
            else:
                self.troubles.append(f"{name} is not well: {(asked.stderr or asked.stdout)[-300:]}")
                site.say(f"{name} is not well: {(asked.stderr or asked.stdout).strip()[-200:]}")

    def questions(self):
        site, logs = self.site, self.site.logs
        try:
            self.run("timeline", "timeline", "import", "--host", "pacs-files", "--zone", "+00:00", logs / "s5")
            self.run("timeline", "timeline", "import", "--host", "gate", "--zone", "+00:00", logs / "gateway" / "logs")
            self.said["timeline"] = [line for line in self.lines("timeline", "timeline") if line.get("type") == "timeline"]
            self.said["indicators"] = self.lines("indicators", "indicators", site.path("s1", "home"), logs / "gateway" / "mail")
            self.said["mails"] = [line for line in self.lines("trace", "trace", logs / "gateway" / "mail" / "desk.mbox") if line.get("type") == "message"]
            self.said["exposure"] = self.lines("exposure", "exposure", "--held-on", "ehosp-db1", self.night.backups.engines / "s1" / "pgdata", needed=False, allowed=(0, 1, 3))
            self.run("report", "report", "--out", site.drill / "hospital.html")
            self.run("ledger", "ledger", "verify")
        except StepFailed as trouble:
            site.say(f"stopped: {trouble}")
