# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""s5, pacs-files: images (Orthanc), the departments' share (Samba with its audit log), mail (Dovecot), and the search over
reports, which is made again from them."""
import json
import pathlib
import random
import subprocess
import time

import papers
import people

HERE = pathlib.Path(__file__).parent
USER_AT_WORK, USER_OF_ATTACK = "news", "games"  # accounts that every Debian has, without a password of their own


class PacsFiles:
    def __init__(self, site):
        self.site, self.root = site, site.path("s5")
        self.at, self.log = site.address("s5"), site.logs / "s5"

    def samba_settings(self):
        state = self.root / "samba"
        for name in ("private", "lock", "state", "cache"):
            (state / name).mkdir(parents=True, exist_ok=True)
        (self.root / "etc" / "smb.conf").write_text(f"""[global]
  server role = standalone server
  smb ports = 445
  interfaces = {self.at}/24
  bind interfaces only = yes
  private dir = {state}/private
  lock directory = {state}/lock
  state directory = {state}/state
  cache directory = {state}/cache
  pid directory = /run
  ncalrpc dir = /run/ncalrpc
  passdb backend = tdbsam:{state}/private/passdb.tdb
  log file = {self.log}/samba-audit.log
  log level = 0 full_audit:1
  max log size = 0
  load printers = no
  disable spoolss = yes
[share]
  path = {self.root}/share
  read only = no
  force user = root
  vfs objects = full_audit
  full_audit:prefix = %U|%I|%m|%S
  full_audit:success = renameat unlinkat pwrite pread mkdirat
  full_audit:failure = none
  full_audit:syslog = false
""")

    def mail_settings(self):
        (self.root / "etc" / "dovecot.conf").write_text(f"""protocols = imap
listen = {self.at}
base_dir = /run/dovecot
state_dir = /run/dovecot-state
log_path = {self.log}/dovecot.log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{self.root}/mail/%u
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
passdb {{
  driver = static
  args = password=drill
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={self.root}/mail/%u
}}
""")

    def image_settings(self):
        (self.root / "etc" / "orthanc.json").write_text(json.dumps({
            "Name": "drill", "StorageDirectory": f"{self.root}/orthanc", "IndexDirectory": f"{self.root}/orthanc", "HttpPort": 8042, "DicomPort": 4242,
            "RemoteAccessAllowed": True, "AuthenticationEnabled": False, "Plugins": [], "StableAge": 1}, indent=1))

    def commands(self):
        site, etc = self.site, self.root / "etc"
        ask = "/usr/bin/python3 -c 'import sys, urllib.request; sys.stdout.write(urllib.request.urlopen(sys.argv[1], timeout=3).read().decode())'"
        wait = ["  try=$((try + 1)); [ $try -lt 150 ] || exit 1; sleep 0.1", "done"]
        site.script("start-images", "s5", [f"setsid Orthanc {etc}/orthanc.json </dev/null >>{self.log}/orthanc.log 2>&1 &", "try=0",
                                           f"until {ask} http://{self.at}:8042/system >/dev/null 2>&1; do", *wait])
        site.script("stop-images", "s5", ["pkill -x Orthanc || true", "try=0", "while pgrep -x Orthanc >/dev/null; do", *wait])
        site.script("check-images", "s5", [f"{ask} http://{self.at}:8042/statistics"])
        site.script("start-files", "s5", ["mkdir -p /run/ncalrpc", f"smbd -D -s {etc}/smb.conf </dev/null >>{self.log}/smbd.out 2>&1", "try=0",
                                          f"until smbclient -s {etc}/smb.conf //{self.at}/share -U {USER_AT_WORK}%drill -c exit </dev/null >/dev/null 2>&1; do", *wait])
        site.script("stop-files", "s5", ["pkill -x smbd || true"])
        site.script("check-files", "s5", [f"smbclient -s {etc}/smb.conf //{self.at}/share -U {USER_AT_WORK}%drill -c dir </dev/null"])
        site.script("start-mail", "s5", [f"dovecot -c {etc}/dovecot.conf </dev/null >>{self.log}/dovecot.out 2>&1", "sleep 0.2"])
        site.script("stop-mail", "s5", [f"doveadm -c {etc}/dovecot.conf stop || true"])
        site.script("check-mail", "s5", ["/usr/bin/python3 - <<'CHECK'", "import imaplib", f"box = imaplib.IMAP4(\"{self.at}\", timeout=3)", "box.login(\"desk\", \"drill\")",
                                         "state, found = box.select(\"INBOX\", readonly=True)", "assert state == \"OK\", found", "print(found[0].decode())", "CHECK"])
        site.script("start-search", "s5", [f"/usr/bin/python3 {self.root}/app/make_search.py {self.root}/search {self.root}/share"])
        site.script("stop-search", "s5", [":"])
        site.script("check-search", "s5", ["/usr/bin/python3 - <<'CHECK'", "import sqlite3",
                                           f"print(sqlite3.connect(\"file:{self.root}/search/index.db?mode=ro\", uri=True).execute(\"SELECT count(*) FROM report_text WHERE report_text MATCH 'ward'\").fetchone()[0])", "CHECK"])

    def make(self):
        site = self.site
        for name in ("etc", "share", "mail", "orthanc", "search", "app"):
            (self.root / name).mkdir()
        self.samba_settings()
        self.mail_settings()
        self.image_settings()
        text = (HERE / "make_search.py").read_text()
        (self.root / "app" / "make_search.py").write_text(text)
        (self.root / "app" / "search.sql").write_text((HERE / "schema" / "search.sql").read_text())
        papers.home_files(self.root / "share", ("medicine", "surgery", "lab", "accounts"), site.size.share_files, site.size.file_kib, f"share|{site.seed}")
        papers.home_files(self.root / "home", ("radiology",), site.size.home_files // 2, site.size.file_kib, f"s5|{site.seed}")
        self.mails()
        self.commands()
        for user in (USER_AT_WORK, USER_OF_ATTACK):
            site.on("s5", "smbpasswd", "-c", self.root / "etc" / "smb.conf", "-s", "-a", user, text="drill\ndrill\n")
        for name in ("images", "files", "mail", "search"):
            site.do(f"start-{name}")
        self.images()

    def mails(self):
        rolls = random.Random(f"mail|{self.site.seed}")
        for box in ("desk", "lab"):
            for name in ("cur", "new", "tmp"):
                (self.root / "mail" / box / name).mkdir(parents=True)
            for number in range(self.site.size.mails):
                content = papers.mail(number, f"person{number % 17}@supplier{number % 5}.example", self.site.day, rolls)
                (self.root / "mail" / box / "cur" / f"{1669000000 + number}.M{number}P1.mail,S={len(content)}:2,S").write_bytes(content)
        self.site.on("s5", "chown", "-R", "mail:mail", self.root / "mail")

    def images(self):
        """Sent as a scanner's console would, one by one, from the desk."""
        site, rolls = self.site, random.Random(f"images|{self.site.seed}")
        send = ("import http.client, struct, sys\nlink = http.client.HTTPConnection(sys.argv[1], 8042, timeout=30)\nread = sys.stdin.buffer.read\n"
                "while head := read(4):\n    link.request('POST', '/instances', read(struct.unpack('>I', head)[0]))\n    answer = link.getresponse()\n    answer.read()\n"
                "    assert answer.status == 200, answer.status\n")
        sender = subprocess.Popen(site.network.hub.word("/usr/bin/python3", "-c", send, self.at), stdin=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        for number in range(site.size.images):
            content = papers.image(number, people.patient(site.seed, 1 + number // 10, site.day), site.day, site.size.image_side, rolls)
            sender.stdin.write(len(content).to_bytes(4, "big") + content)
        sender.stdin.close()
        if sender.wait(timeout=600) != 0:
            raise RuntimeError("Orthanc did not take the images: " + sender.stderr.read().decode(errors="replace")[-400:])
        time.sleep(0.1)
