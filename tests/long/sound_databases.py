#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""sound_databases.py PROGRAM [ROUNDS [SEED]]: no false alarm over a database that nobody touched.

A PostgreSQL and a MariaDB do work at random: tables of every kind made, filled, emptied, dropped, moved, rewritten, some of it
taken back. Then each is shut down, or killed, while it works or after it. 'services status' asks what stands there for what it
lacks, and must find nothing, ROUNDS times; every third time 'backups judge' looks at each page; and at the end one file of each is taken away, and must be missed. As root; a
minute for thirty rounds."""
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

import story

POSTGRESQL = "/usr/lib/postgresql/15/bin"
ALARM = "what stands there is damaged"


def run(account, *command, **more):
    return subprocess.run(["setpriv", f"--reuid={account}", f"--regid={account}", "--init-groups", "--", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)


class PostgreSQL:
    kind, account, folder = "postgresql", "postgres", "pg"

    def __init__(self, place):
        self.place, self.data = place, place / "pg"
        run(self.account, f"{POSTGRESQL}/initdb", "-D", self.data, "-A", "trust", "--no-sync", check=True)
        with open(self.data / "postgresql.conf", "a") as settings:
            settings.write(f"unix_socket_directories='{place}'\nlisten_addresses=''\nmax_wal_size=64MB\ncheckpoint_timeout=30s\nautovacuum_naptime=1s\n"
                           "autovacuum_vacuum_threshold=5\nautovacuum_analyze_threshold=5\n")
        (place / "space").mkdir()
        shutil.chown(place / "space", self.account)
        self.start()
        self.send("postgres", [f"CREATE TABLESPACE space LOCATION '{place}/space'", "CREATE DATABASE other"]).wait()

    def start(self):
        for _ in range(60):
            if run(self.account, f"{POSTGRESQL}/pg_ctl", "-D", self.data, "-w", "-l", self.place / "pg.log", "start").returncode == 0:
                return
            time.sleep(0.5)
        story.fail(f"PostgreSQL does not start: {self.place}/pg.log")

    def send(self, database, statements):
        asked = subprocess.Popen([f"{POSTGRESQL}/psql", "-X", "-q", "-h", self.place, "-U", "postgres", "-d", database], stdin=subprocess.PIPE,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
        asked.stdin.write(";\n".join(statements) + ";\n")
        asked.stdin.close()
        return asked

    def work(self, chance):
        return [self.send(database, [self.statement(chance) for _ in range(chance.randrange(5, 60))]) for database in ("postgres", "other")]

    @staticmethod
    def statement(chance):
        table, end = f"t{chance.randrange(12)}", chance.choice(["COMMIT", "ROLLBACK"])
        return chance.choice([
            f"CREATE TABLE IF NOT EXISTS {table} AS SELECT i, md5(i::text) v, repeat('x', {chance.randrange(3000)}) w FROM generate_series(1, {chance.randrange(3000)}) i",
            f"CREATE UNLOGGED TABLE IF NOT EXISTS {table} AS SELECT generate_series(1, 1000) i", f"ALTER TABLE {table} SET {chance.choice(['LOGGED', 'UNLOGGED'])}",
            f"DROP TABLE IF EXISTS {table} CASCADE", f"TRUNCATE {table}", f"VACUUM (FREEZE, ANALYZE) {table}", f"VACUUM FULL {table}", f"VACUUM {table}",
            f"DELETE FROM {table} WHERE random() < {chance.choice([0.2, 1.0])}", f"CREATE INDEX ON {table}(i)", f"REINDEX TABLE {table}", "ANALYZE", "CHECKPOINT",
            f"UPDATE {table} SET v = v || 'a' WHERE i % 3 = 0", f"ALTER TABLE {table} SET TABLESPACE {chance.choice(['space', 'pg_default'])}",
            f"INSERT INTO {table} SELECT i FROM generate_series(1, {chance.randrange(5000)}) i", f"CREATE SEQUENCE IF NOT EXISTS s{chance.randrange(9)}",
            f"BEGIN; CREATE TABLE x{chance.randrange(99)} AS SELECT generate_series(1, 2000) i; DROP TABLE IF EXISTS {table}; {end}",
            f"BEGIN; TRUNCATE {table}; INSERT INTO {table} SELECT generate_series(1, 500); {end}"])

    def stop(self):
        run(self.account, f"{POSTGRESQL}/pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop", check=True)

    def process(self):
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def give_up(self):
        run(self.account, f"{POSTGRESQL}/pg_ctl", "-D", self.data, "-m", "immediate", "stop")

    def a_table(self):
        self.send("postgres", ["CREATE TABLE last AS SELECT generate_series(1, 1000)", "VACUUM ANALYZE last"]).wait()
        found = subprocess.run([f"{POSTGRESQL}/psql", "-X", "-h", self.place, "-U", "postgres", "-Atc", "SELECT pg_relation_filepath('last')"], capture_output=True, text=True)
        return self.data / found.stdout.strip()


class MariaDB:
    kind, account, folder = "mariadb", "mysql", "my"

    def __init__(self, place):
        self.place, self.data, self.log = place, place / "my", open(place / "my.log", "w")
        run(self.account, "mariadb-install-db", "--no-defaults", f"--datadir={self.data}", "--auth-root-authentication-method=normal", "--skip-test-db", check=True)
        self.start()
        self.send([]).wait()

    def start(self):
        self.server = subprocess.Popen(["setpriv", f"--reuid={self.account}", f"--regid={self.account}", "--init-groups", "--", "mariadbd", "--no-defaults", f"--datadir={self.data}",
                                        f"--socket={self.place}/s", "--skip-networking", f"--pid-file={self.place}/pid", "--innodb-flush-method=nosync",
                                        "--innodb-log-file-size=8M"], stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        for _ in range(300):
            if subprocess.run(["mariadb-admin", "--no-defaults", "-uroot", "-S", self.place / "s", "ping"], capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        story.fail(f"MariaDB does not start: {self.place}/my.log")

    def send(self, statements):
        asked = subprocess.Popen(["mariadb", "--no-defaults", "-uroot", "-S", self.place / "s", "-f"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
        asked.stdin.write(";\n".join(["CREATE DATABASE IF NOT EXISTS lis", "USE lis", *statements]) + ";\n")
        asked.stdin.close()
        return asked

    def work(self, chance):
        return [self.send([self.statement(chance) for _ in range(chance.randrange(5, 60))])]

    @staticmethod
    def statement(chance):
        table = f"t{chance.randrange(10)}"
        engine = chance.choice(["InnoDB", "MyISAM", "Aria", "Aria TRANSACTIONAL=0", "CSV", "InnoDB ROW_FORMAT=COMPRESSED"])
        return chance.choice([
            f"CREATE TABLE IF NOT EXISTS {table} (i INT NOT NULL, v VARCHAR(100) NOT NULL) ENGINE={engine}", f"DROP TABLE IF EXISTS {table}", f"TRUNCATE {table}",
            f"OPTIMIZE TABLE {table}", f"DELETE FROM {table} WHERE rand() < {chance.choice([0.2, 1.0])}", f"ALTER TABLE {table} ENGINE={engine}", "FLUSH TABLES",
            f"ALTER TABLE {table} ADD COLUMN c{chance.randrange(99)} INT NOT NULL DEFAULT 1", f"UPDATE {table} SET v = 'b' WHERE i % 3 = 0",
            f"RENAME TABLE {table} TO x{chance.randrange(99)}", f"INSERT INTO {table}(i, v) SELECT seq, md5(seq) FROM seq_1_to_{chance.randrange(1, 3000)}",
            f"CREATE TABLE IF NOT EXISTS p{chance.randrange(5)} (i INT) ENGINE={chance.choice(['InnoDB', 'MyISAM'])} PARTITION BY HASH(i) PARTITIONS 3"])

    def stop(self):
        subprocess.run(["mariadb-admin", "--no-defaults", "-uroot", "-S", self.place / "s", "shutdown"], check=True, capture_output=True)
        self.server.wait()

    def process(self):
        return int((self.place / "pid").read_text())

    def give_up(self):
        self.server.kill()

    def a_table(self):
        self.send(["CREATE TABLE last (i INT) ENGINE=InnoDB", "INSERT INTO last VALUES (1)"]).wait()
        return self.data / "lis/last.ibd"


def is_alive(process):
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def end(engine, way, asked, chance):
    """0: shut down, 1: killed while it works, 2: killed after it."""
    if way != 1:
        [one.wait() for one in asked]
    if way == 0:
        return engine.stop()
    process = engine.process()
    time.sleep(chance.random() * 1.5 if way == 1 else 0)
    subprocess.run(["kill", f"-{int(signal.SIGKILL)}", str(process)], check=True)
    [one.wait() for one in asked]
    while is_alive(process):
        time.sleep(0.05)
    time.sleep(0.5)  # its children see that it is gone


def main():
    rounds, seed = int((sys.argv[2:] or [30])[0]), int((sys.argv[3:] or [7])[0])
    with story.Scratch("sound") as scratch:
        place = scratch.path
        place.chmod(0o777)  # the servers' accounts make their folders in it
        engines = [PostgreSQL(place), MariaDB(place)]
        scratch.leave.append(lambda: [one.give_up() for one in engines])
        (place / "services.toml").write_text("".join(f'[service.{one.folder}]\n[[service.{one.folder}.data]]\nkind = "{one.kind}"\npath = "{one.data}"\n' for one in engines))
        program = story.Program(sys.argv[1], place / "c.case")
        subprocess.run([program.program, "case", "new", place / "c"], check=True, stdout=subprocess.DEVNULL)
        program.call("services", "set", place / "services.toml")
        program.call("backups", "add", "here", f"folder:{place}")
        chance = random.Random(seed)
        for number in range(rounds):
            play_round(engines, number, chance, program)
        for engine in engines:
            miss_a_table(engine, place, program)
    print(f"{rounds} rounds of two databases, shut down or killed in turn: no false alarm, and a table that is gone is missed")


def play_round(engines, number, chance, program):
    for engine in engines:
        end(engine, number % 3, engine.work(chance), chance)
    said = program.call("services", "status").stdout
    if ALARM in said:
        story.fail(f"round {number}: a false alarm\n{said}")
    if number // 3 % 3 == 2:
        judged = program.call("backups", "judge", codes=(0, 1, 3)).stdout  # 3: what it cannot read of the live case beside
        states = [line.split()[1] for line in judged.splitlines() if line.endswith(("/pg", "/my"))]
        if len(states) != 2 or not set(states) <= {"needs_recovery", "consistent"}:
            story.fail(f"round {number}: a sound database is none\n{judged}")
    [engine.start() for engine in engines]


def miss_a_table(engine, place, program):
    table = engine.a_table()
    engine.stop()
    table.rename(place / "taken-away")
    said = program.call("services", "status").stdout
    if said.count(ALARM) != 1:
        story.fail(f"{table} is not missed\n{said}")
    (place / "taken-away").rename(table)


main()
