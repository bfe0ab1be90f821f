#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""The scene of the drill's third act: what an attack leaves for those who investigate it, and the truth about it.

A real Samba serves a share of copies of the first act's own files and writes its audit log; a normal account works in
it, then another account replaces the files by random bytes behind a mark and renames them. Beside it: a mailbox with
mails of the attackers between others, the log of a gateway's sshd, the log of its flows, dumps with synthetic patients.
Everything lies below the folder that was given; the attack works through the share on the list of files that this script
has just put there. All names, numbers and addresses are made up; addresses outside are from blocks that carry no hosts."""
import hashlib
import json
import pathlib
import random
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "servers"))
import spaces  # noqa: E402

FILES_MAX = 160
TAKEN = 400  # persons of the register that the attack takes away
MAIL_ONE, MAIL_TWO = "dog2398.desk@dnmx.org", "mouse63209.desk@cock.li"
USER_AT_WORK, USER_OF_ATTACK = "news", "games"  # accounts that every Debian has, without a password of their own
SERVER, DESK, STRUCK_FROM = "10.20.0.2", "10.20.0.7", "10.20.0.66"
ENTRY_FROM, CONTROL_A, CONTROL_B, MAILED_FROM = "192.88.99.23", "192.31.196.41", "192.52.193.77", "192.175.48.19"
PORT = 14445
B58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def wallet(rolls):
    body = b"\0" + rolls.randbytes(20)
    body += hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]
    number, out = int.from_bytes(body, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        out = B58[digit] + out
    return "1" + out


def onion(rolls):
    import base64
    key = rolls.randbytes(32)
    check = hashlib.sha3_256(b".onion checksum" + key + b"\3").digest()[:2]
    return base64.b32encode(key + check + b"\3").decode().lower() + ".onion"


VERHOEFF_D = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6], [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
              [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1], [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
              [8, 7, 6, 5, 9, 3, 2, 1, 0, 4], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]]
VERHOEFF_P = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
for _ in range(6):
    VERHOEFF_P.append([VERHOEFF_P[-1][VERHOEFF_P[1][digit]] for digit in range(10)])


def aadhaar_like(rolls):
    """Twelve digits with the right check digit: a number that nobody need have."""
    digits = str(rolls.randrange(2, 10)) + "".join(str(rolls.randrange(10)) for _ in range(10))
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = VERHOEFF_D[check][VERHOEFF_P[(place + 1) % 8][int(digit)]]
    return digits + str(VERHOEFF_D[check].index(0))


class Share:
    """smbd in a network of its own, so that three machines can have an address each."""

    def __init__(self, folder):
        self.folder, self.share, self.log = folder, folder / "share", folder / "logs" / "samba-audit.log"
        for name in ("share", "logs", "smb/private", "smb/lock", "smb/state", "smb/cache", "smb/pid", "smb/ncalrpc"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.share.chmod(0o777)
        below = folder / "smb"
        (folder / "smb.conf").write_text(f"""[global]
  server role = standalone server
  smb ports = {PORT}
  private dir = {below}/private
  lock directory = {below}/lock
  state directory = {below}/state
  cache directory = {below}/cache
  pid directory = {below}/pid
  ncalrpc dir = {below}/ncalrpc
  passdb backend = tdbsam:{below}/private/passdb.tdb
  log file = {self.log}
  log level = 0 full_audit:1
  max log size = 0
  load printers = no
  disable spoolss = yes
[lab]
  path = {self.share}
  read only = no
  create mask = 0666
  directory mask = 0777
  force create mode = 0666
  force directory mode = 0777
  vfs objects = full_audit
  force user = root
  full_audit:prefix = %U|%I|%m|%S
  full_audit:success = openat renameat unlinkat pwrite pread mkdirat
  full_audit:failure = none
  full_audit:syslog = false
""")

    def __enter__(self):
        # A share in the drill's folder is root's alone, so the server works as root, and its log tells the account that asked.
        self.space = spaces.Space("files", self.folder)
        for address in (SERVER, DESK, STRUCK_FROM):
            self.inside("ip", "address", "add", f"{address}/32", "dev", "lo")
        for user in (USER_AT_WORK, USER_OF_ATTACK):
            self.inside("smbpasswd", "-c", self.folder / "smb.conf", "-s", "-a", user, text="drill\ndrill\n")
        with open(self.folder / "smbd.out", "w") as out:
            self.space.start("smbd", "-s", self.folder / "smb.conf", "-F", "--no-process-group", out=out)
        for _ in range(60):
            if subprocess.run(self.word("smbclient", "-s", self.folder / "smb.conf", "-p", PORT, f"//{SERVER}/lab", "-U", f"{USER_AT_WORK}%drill", "-c", "dir"),
                              capture_output=True, timeout=20).returncode == 0:
                return self
            time.sleep(0.1)
        self.__exit__()
        sys.exit("make_investigation: Samba does not answer: see smbd.out and logs/samba-audit.log")

    def __exit__(self, *_):
        self.space.kill()

    def word(self, *arguments):
        return self.space.word(*arguments)

    def inside(self, *arguments, text=None):
        done = subprocess.run(self.word(*arguments), input=text, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"make_investigation: {arguments[0]}: {done.stderr[-400:]}{done.stdout[-400:]}")

    def work(self, user, address, lines):
        """The words of smbclient, said from one machine."""
        self.inside("ip", "route", "replace", "local", f"{SERVER}/32", "dev", "lo", "table", "local", "src", address)
        script = self.folder / "words"
        script.write_text("\n".join(lines) + "\n")
        with open(script) as said:
            done = subprocess.run(self.word("smbclient", "-s", self.folder / "smb.conf", "-p", PORT, f"//{SERVER}/lab", "-U", f"{user}%drill"),
                                  stdin=said, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"make_investigation: smbclient: {done.stdout[-400:]}{done.stderr[-400:]}")
        script.unlink()


def strike(share, originals, truth, rolls, people):
    """Work as usual, then the attack, both through the share. Who attacks takes one register away, and the one who works
    there another: only the first is an access of the attack."""
    local = share.folder / "local"
    local.mkdir()
    names = []
    usual, attack = ["mkdir register"], []
    for name, some in (("taken", people[:TAKEN]), ("worked", people[TAKEN:TAKEN + 200])):
        (local / name).write_text(register_of(some))
        usual.append(f"put {local / name} register\\{name}.csv")
    usual.append(f"get register\\worked.csv {local / 'out1'}")
    attack.append(f"get register\\taken.csv {local / 'out2'}")
    for number, content in enumerate(originals):
        folder, name = f"desk{number % 7}", f"case-{number:04}{content[0]}"
        plain, struck = local / f"{number}", local / f"{number}.out"
        plain.write_bytes(content[1])
        body = rolls.randbytes(max(len(content[1]), 512))
        struck.write_bytes(f"BAK9 7f3a91 write to {MAIL_ONE} or {MAIL_TWO} with this number\n".encode() + body)
        names.append((folder, name))
        usual.append(f"put {plain} {folder}\\{name}")
        attack += [f"put {struck} {folder}\\{name}", f"rename {folder}\\{name} {folder}\\{name}.bak9"]
    share.work(USER_AT_WORK, DESK, [f"mkdir desk{number}" for number in range(7)] + usual)
    time.sleep(2)
    note = local / "note.txt"
    note.write_text(f"All your files are encrypted.\nTo recover them write to {MAIL_ONE} and send the number 7f3a91 within 72 hours.\n"
                    f"Three files are decrypted free as a guarantee. Or visit http://{truth['onion']}/ and pay 30 BTC to {truth['wallet']}\n"
                    "Do not rename the files. Do not call the police.\n")
    attack.append(f"put {note} HOW-TO-RECOVER-YOUR-FILES.txt")
    truth["first_encryption"] = time.time()
    share.work(USER_OF_ATTACK, STRUCK_FROM, attack)
    truth["last_encryption"] = time.time()
    truth["struck"] = [f"{folder}/{name}.bak9" for folder, name in names]
    for path in local.iterdir():
        path.unlink()
    local.rmdir()


def mail(number, sender, peer, address, day_seconds, forged=()):
    """As Postfix writes it: the line on top is our own relay's, lines below are the sender's word."""
    stamp = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(day_seconds))
    lines = [f"Return-Path: <{sender}>",
             f"Received: from {peer} ({peer} [{address}])\n\tby mx.hospital.example (Postfix) with ESMTPS id 4N{number:06}\n\tfor <desk@hospital.example>; {stamp}"]
    for fake_host, fake_address in forged:
        lines.append(f"Received: from {fake_host} ({fake_host} [{fake_address}])\n\tby mail.bank.example (Postfix) with ESMTP id 9F{number:06};\n\t{stamp}")
    lines += [f"From: <{sender}>", "To: desk@hospital.example", f"Subject: message {number}", f"Date: {stamp}",
              f"Message-ID: <{number}.{sender}>", "", "Text of the message.", ""]
    return "\n".join(lines)


def write_mailbox(folder, truth, now, rolls):
    out = []
    for number in range(14):
        if number in (5, 11):
            sender, address = (MAIL_ONE, MAIL_TWO)[number == 11], MAILED_FROM
            forged = [("pc.police.example", "192.52.193.9"), ("office.bank.example", "192.31.196.200")]
        else:
            sender, address, forged = f"person{number}@supplier{number}.example", f"192.175.48.{100 + number}", ()
        text = mail(number, sender, f"out{number}.relay.example", address, int(now) - 7200 + number * 60, forged)
        out.append(f"From {sender} {time.asctime(time.gmtime(now))}\n{text}\n")
        truth["mails"].append({"sender": sender, "address": address, "attack": number in (5, 11)})
    (folder / "mail").mkdir()
    (folder / "mail" / "desk.mbox").write_text("".join(out))
    truth["boundary"] = MAILED_FROM
    truth["forged"] = ["192.52.193.9", "192.31.196.200"]


def write_gateway_logs(folder, truth, first, rolls):
    lines, entry = [], int(first) - 5400
    for number in range(400):
        when = time.strftime("%Y-%m-%dT%H:%M:%S.000000+00:00", time.gmtime(entry - 4000 + number * 10))
        if number % 3:
            lines.append(f"{when} gate sshd[{900 + number}]: Failed password for invalid user admin{number} from 192.88.99.{30 + number % 50} port {40000 + number} ssh2")
        else:
            lines.append(f"{when} gate sshd[{900 + number}]: Accepted publickey for backup from {DESK} port {50000 + number} ssh2: ED25519 SHA256:drill")
    when = time.strftime("%Y-%m-%dT%H:%M:%S.000000+00:00", time.gmtime(entry))
    lines.append(f"{when} gate sshd[4242]: Accepted password for {USER_OF_ATTACK} from {ENTRY_FROM} port 51823 ssh2")
    (folder / "logs" / "auth.log").write_text("\n".join(lines) + "\n")
    truth["first_entry"] = {"at": entry, "address": ENTRY_FROM, "account": USER_OF_ATTACK, "port": 51823}
    fields = ["ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", "service", "duration", "orig_bytes", "resp_bytes", "conn_state"]
    types = ["time", "string", "addr", "port", "addr", "port", "enum", "string", "interval", "count", "count", "string"]
    rows = ["#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-", "#path\tconn",
            "#fields\t" + "\t".join(fields), "#types\t" + "\t".join(types)]
    sent = {CONTROL_A: 0, CONTROL_B: 0}
    for number in range(300):
        moment = int(first) - 3600 + number * 12
        if number in (40, 41, 200):
            out, size = (CONTROL_A, 48_000_000 + number) if number != 200 else (CONTROL_B, 2_000_000)
            sent[out] += size
            row = [f"{moment}.250000", f"C{number}", STRUCK_FROM, str(52000 + number), out, "443", "tcp", "ssl", "31.5", str(size), "9000", "SF"]
        else:
            row = [f"{moment}.125000", f"C{number}", DESK, str(41000 + number), SERVER, "445", "tcp", "-", "1.0", "900", "4000", "SF"]
        rows.append("\t".join(row))
    (folder / "logs" / "conn.log").write_text("\n".join(rows) + "\n")
    truth["flows"] = sent


def register_of(people):
    return "".join(",".join(row) + "\n" for row in [("uhid", "name", "date_of_birth", "phone", "aadhaar"), *people])


def make_people(rolls, persons=1500):
    return [(f"UH{number:07}", f"{rolls.choice(['Asha', 'Ravi', 'Meera', 'Imran', 'Gita', 'John'])} {rolls.choice(['Rao', 'Khan', 'Das', 'Iyer', 'Singh'])}",
              f"{rolls.randrange(1940, 2020)}-{rolls.randrange(1, 13):02}-{rolls.randrange(1, 29):02}", f"9{rolls.randrange(10**9):09}", aadhaar_like(rolls))
            for number in range(persons)]


def write_dumps(folder, truth, rolls, people):
    """Two tables of one register: each person once among patients, and some of them again among visits; and good copies of
    the two registers that lie on the share."""
    persons = len(people)
    lines = ["--", "-- PostgreSQL database dump", "--", "", "CREATE TABLE public.patients (", "    uhid character varying(16) NOT NULL,", "    name text,",
             "    date_of_birth date,", "    phone text,", "    aadhaar text", ");", "", "COPY public.patients (uhid, name, date_of_birth, phone, aadhaar) FROM stdin;"]
    lines += ["\t".join(person) for person in people] + ["\\.", ""]
    lines += ["CREATE TABLE public.visits (", "    id integer,", "    uhid character varying(16),", "    day date", ");", "", "COPY public.visits (id, uhid, day) FROM stdin;"]
    lines += [f"{number}\t{rolls.choice(people)[0]}\t2022-11-{rolls.randrange(1, 23):02}" for number in range(2 * persons)] + ["\\.", ""]
    lines += ["--", "-- PostgreSQL database dump complete", "--", ""]
    (folder / "dumps" / "register").mkdir(parents=True)
    (folder / "dumps" / "register" / "taken.csv").write_text(register_of(people[:TAKEN]))
    (folder / "dumps" / "register" / "worked.csv").write_text(register_of(people[TAKEN:TAKEN + 200]))
    (folder / "dumps" / "register.sql").write_text("\n".join(lines))
    truth["persons"], truth["readable"] = persons, TAKEN
    truth["secrets"] = [people[0][4], people[7][4], people[3][3]]


def make(made, folder):
    """Gives the truth; also written to FOLDER/truth.json."""
    rolls = random.Random(20221124)
    truth = {"onion": onion(rolls), "wallet": wallet(rolls), "contacts": [MAIL_ONE, MAIL_TWO], "mails": [],
             "doer": {"account": USER_OF_ATTACK, "address": STRUCK_FROM}}
    originals = [(path.suffix, path.read_bytes()) for path in sorted((made / "before").rglob("*"))
                 if path.is_file() and not path.is_symlink() and 0 < path.stat().st_size < 400_000][:FILES_MAX]
    people = make_people(rolls)
    with Share(folder) as share:
        strike(share, originals, truth, rolls, people)
    write_mailbox(folder, truth, truth["first_encryption"], rolls)
    write_gateway_logs(folder, truth, truth["first_encryption"], rolls)
    write_dumps(folder, truth, rolls, people)
    (folder / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")
    return truth


if __name__ == "__main__":
    sys.exit(__doc__ + "\nCalled by play_investigation.py.")
