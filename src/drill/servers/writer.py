# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""The hospital at work: patients are registered, booked, admitted and billed, results come in, until the servers die. Each
commit is in the truth ledger before it is asked for and after it was acknowledged."""
import math
import random
import subprocess
import threading
import time

import papers
import people
import records
import truth
from mariadb_server import CLIENT
from postgresql_server import AS_POSTGRES


def quoted(text):
    return "'" + str(text).replace("\\", "\\\\").replace("'", "''") + "'"


class Desk(threading.Thread):
    """One session with one database: a client program that reads statements from a pipe."""

    def __init__(self, work, name, words):
        super().__init__(daemon=True)
        self.work, self.name, self.words = work, name, words
        self.ledger = truth.Ledger(work.site.truth / f"{name}.jsonl")
        self.rolls = random.Random(f"writer|{name}|{work.site.seed}")
        self.done = self.failed = 0
        self.told = {}  # what the truth ledger is to know of the statement beside its row

    def acknowledged(self):
        """The last statement is committed."""

    def run(self):
        client = subprocess.Popen(self.words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, text=True, bufsize=1)
        number = 0
        try:
            while not self.work.over.is_set():
                number += 1
                at = self.work.time_of_day()
                self.told = {}
                what, key, statement = self.statement(number, at)
                self.ledger.write(state="meant", commit=number, at=at, what=what, row=key, **self.told)
                client.stdin.write(statement)
                client.stdin.flush()
                answer = client.stdout.readline().split()
                if not answer:
                    break
                if answer[0] == str(number) and answer[1] == "ok":
                    self.done += 1
                    self.ledger.write(state="done", commit=number, at=at, what=what, row=key, place=answer[2], **self.told)
                    self.acknowledged()
                else:
                    self.failed += 1
                    self.ledger.write(state="refused", commit=number)
                time.sleep(self.work.pause)
        except (BrokenPipeError, OSError):
            pass
        finally:
            client.kill()
            client.wait()
            self.ledger.close()


class EhospDesk(Desk):
    def __init__(self, work):
        super().__init__(work, "ehosp", work.site.spaces["s1"].word(*AS_POSTGRES.split(), "stdbuf", "-oL", "psql", "-XAtq", "-F", " ", "-h", "/run/postgresql", "-d", "ehosp"))
        self.wards = {admission: ward for admission, _, ward, _ in records.Records(work.site.size, work.site.seed, work.site.day).in_patients()}

    def acknowledged(self):
        if "admission" in self.told:
            self.wards[self.told["admission"]] = self.told["ward"]

    def move(self, row, number, at):
        """Who is moved lies in the other ward from then on: both are one commit."""
        admission = 1 + self.rolls.randrange(self.work.site.size.in_patients)
        left = self.wards[admission]
        ward, bed = 1 + (left + self.rolls.randrange(records.WARDS - 1)) % records.WARDS, f"X-{number}"
        self.told = {"admission": admission, "ward": ward, "bed": bed}
        return (f"a AS (INSERT INTO transfer VALUES({row}, {admission}, {left}, {ward}, '{bed}', {quoted(at)})), "
                f"b AS (UPDATE admission SET ward_id = {ward}, bed = '{bed}' WHERE id = {admission})")

    def statement(self, number, at):
        size, day, rolls = self.work.site.size, self.work.site.day, self.rolls
        kind = ("registration", "appointment", "registration", "appointment", "admission", "transfer")[number % 6]
        someone = people.uhid(1 + rolls.randrange(size.patients))
        if kind == "registration":
            who = people.patient(self.work.site.seed, size.patients + number, day)
            row = size.appointments_a_day + number
            first = (f"a AS (INSERT INTO patient VALUES({','.join(quoted(value) for value in who)}, {quoted(at)}) RETURNING uhid), "
                     f"b AS (INSERT INTO registration SELECT {row}, uhid, 'D{1 + number % 8}', 'new', {quoted(at)} FROM a)")
        elif kind == "appointment":
            row, clinic = size.appointments_a_day * size.days + number, 1 + rolls.randrange(records.CLINICS)
            first = f"a AS (INSERT INTO appointment VALUES({row}, '{someone}', {clinic}, {clinic}, '{day}', '{9 + number % 7:02}:{number % 60:02}', {5000 + number}, 'booked', {quoted(at)}))"
        elif kind == "admission":
            row, ward = size.in_patients + size.past_admissions + number, 1 + rolls.randrange(records.WARDS)
            first = f"a AS (INSERT INTO admission VALUES({row}, '{someone}', {ward}, 'X-{number}', {ward}, {quoted(rolls.choice(records.DIAGNOSES))}, 'normal', {quoted(at)}, NULL))"
        else:
            row = size.in_patients * 10 + number
            first = self.move(row, number, at)
        text = f"WITH {first} INSERT INTO journal VALUES({number}, {quoted(at)}, '{kind}', '{row}');\n"
        return kind, str(row), text + f"\\if :ERROR\n\\echo {number} no\n\\else\nSELECT {number}, 'ok', pg_current_wal_insert_lsn();\n\\endif\n"


class MariadbDesk(Desk):
    def __init__(self, work, name, server):
        super().__init__(work, name, work.site.spaces[server].word(*CLIENT.split(), "-BN", "--unbuffered", "--force", name))

    def statement(self, number, at):
        kind, row, inserts = self.inserts(number, at[:19])
        # The journal's row first: where it cannot be written, the others would be rolled back by hand.
        text = f"START TRANSACTION; INSERT INTO journal VALUES({number}, '{at[:19]}', '{kind}', '{row}'); {inserts} COMMIT;\n"
        return kind, str(row), text + f"SELECT {number}, IF((SELECT COUNT(*) FROM journal WHERE commit_no={number})=1,'ok','no'), 'binlog';\n"


class BillingDesk(MariadbDesk):
    def __init__(self, work):
        super().__init__(work, "billing", "s2")

    def inserts(self, number, at):
        size, rolls = self.work.site.size, self.rolls
        if number % 2:
            row = size.bills + number
            who = people.patient(self.work.site.seed, 1 + rolls.randrange(size.patients), self.work.site.day)
            price = records.PRICES[number % len(records.PRICES)]
            return "bill", row, (f"INSERT INTO bill VALUES({row}, '{who[0]}', {quoted(who[1])}, '{who[5]}', NULL, '{at}', 'open', {price[3]}, 0); "
                                 f"INSERT INTO bill_line VALUES({3 * size.bills + number}, {row}, '{price[0]}', 1, {price[3]});")
        row = size.bills + number
        return "payment", row, f"INSERT INTO payment VALUES({row}, {1 + rolls.randrange(size.bills)}, 10, 'cash', 'CASH-{1 + number % 4}', '{at}');"


class LisDesk(MariadbDesk):
    def __init__(self, work):
        super().__init__(work, "lis", "s3")

    def inserts(self, number, at):
        size, rolls = self.work.site.size, self.rolls
        row = size.orders + number
        who = people.patient(self.work.site.seed, 1 + rolls.randrange(size.patients), self.work.site.day)
        test = records.TESTS[number % len(records.TESTS)]
        value, flag = (test[8] * 1.05, "HH") if number % 12 == 0 else ((test[5] + test[6]) / 2, "")
        return "order", row, (f"INSERT INTO lab_order VALUES({row}, '{who[0]}', {quoted(who[1])}, '{who[3]}', '{who[4]}', 'W{1 + number % 12:02}', 'X-{number}', 'Dr Rao', '{at}', '{at}', 'stat', 'done'); "
                              f"INSERT INTO result VALUES({size.orders * 6 + number}, {row}, '{test[0]}', {value:.2f}, '{flag}', 'final', '{at}', NULL);")


class Work:
    """Starts on `start`, ends by itself when the servers are dead, or on `stop`. The hospital's clock runs from 06:30 to
    07:00 while `seconds` of ours pass."""

    def __init__(self, site, commits_a_second=40):
        self.site, self.pause, self.over = site, 1 / commits_a_second, threading.Event()
        self.begun, self.struck_at, self.seconds = None, None, site.size.seconds_of_work
        self.desks = [EhospDesk(self), BillingDesk(self), LisDesk(self)]
        self.messages = 0

    def share(self):
        """07:00 is when the attack begins; however long it takes, 07:07 comes at its end."""
        seven = 30 / 37
        if self.struck_at is None:
            return seven * min(1.0, (time.monotonic() - self.begun) / self.seconds)
        return seven + (1 - seven) * (1 - math.exp(-20 * (time.monotonic() - self.struck_at) / self.seconds))

    def time_of_day(self):
        return self.site.hospital_time(self.share()).isoformat(timespec="milliseconds")

    def start(self):
        self.begun = time.monotonic()
        for desk in self.desks:
            desk.start()

    def send_results(self, count):
        """From the analysers, through MLLP; sent by the hub, acknowledged by s4."""
        rolls = random.Random(f"sent|{self.site.seed}")
        frames = []
        for number in range(count):
            who = people.patient(self.site.seed, 1 + rolls.randrange(self.site.size.patients), self.site.day)
            frames.append(b"\x0b" + papers.result_message(f"M{number:08}", who, self.site.day, rolls) + b"\x1c\r")
        send = "import socket, sys\nlink = socket.create_connection((sys.argv[1], 2575), 5)\nlink.settimeout(10)\nfor frame in sys.stdin.buffer.read().split(b'\\x1c\\r')[:-1]:\n    link.sendall(frame + b'\\x1c\\r')\n    assert b'MSA|AA' in link.recv(4096)\n"
        done = subprocess.run(self.site.network.hub.word("/usr/bin/python3", "-c", send, self.site.address("s4")), input=b"".join(frames), capture_output=True, timeout=120)
        if done.returncode != 0:
            raise RuntimeError("s4 does not take results: " + done.stderr.decode(errors="replace")[-300:])
        self.messages += count

    def stop(self):
        self.over.set()
        for desk in self.desks:
            desk.join(20)
