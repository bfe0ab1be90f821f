# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL 15 on one of the drill's servers, without systemd. It does not wait for the disk: in a drill processes are
killed, the machine is not."""
import subprocess

import spaces

PROGRAMS = "/usr/lib/postgresql/15/bin"
AS_POSTGRES = "setpriv --reuid=postgres --regid=postgres --init-groups --"


class PostgresqlServer:
    def __init__(self, site, server, folder, service):
        self.site, self.server, self.service = site, server, service
        self.data = site.path(server, folder)
        self.log = site.logs / server / f"{service}.log"

    def commands(self):
        control = f"{AS_POSTGRES} {PROGRAMS}/pg_ctl -D {self.data} -s"
        self.site.script(f"start-{self.service}", self.server, [f"{control} -w -t 120 -l {self.log} start </dev/null >/dev/null 2>&1 || {{ tail -n 5 {self.log} >&2; exit 1; }}"])
        self.site.script(f"stop-{self.service}", self.server, [f"{control} -w -t 60 -m fast stop </dev/null"])
        self.site.script(f"check-{self.service}", self.server, [f"{AS_POSTGRES} psql -XAtq -h /run/postgresql -d ehosp -c 'SELECT count(*) FROM journal' </dev/null"])

    def make(self):
        site = self.site
        self.data.mkdir(mode=0o700)
        site.on(self.server, "chown", "postgres:postgres", self.data)
        site.on(self.server, *AS_POSTGRES.split(), f"{PROGRAMS}/initdb", "-D", self.data, "-A", "trust", "--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", f"--wal-segsize={site.size.wal_segment_mib}")
        site.path(self.server, "wal_archive").mkdir()
        site.on(self.server, "chown", "postgres:postgres", site.path(self.server, "wal_archive"))
        with open(self.data / "postgresql.conf", "a") as settings:
            settings.write(f"""
listen_addresses = '{site.address(self.server)}'
unix_socket_directories = '/run/postgresql'
timezone = 'Asia/Kolkata'
log_timezone = 'UTC'
log_connections = on
fsync = off
wal_level = replica
max_wal_senders = 8
wal_keep_size = {16 * site.size.wal_segment_mib}
archive_mode = on
archive_command = '/bin/true'
archive_timeout = 60
shared_buffers = 64MB
max_wal_size = {max(64, 64 * site.size.wal_segment_mib)}MB
min_wal_size = {max(5, 2 * site.size.wal_segment_mib)}MB
""")
        with open(self.data / "pg_hba.conf", "a") as access:
            access.write(f"host all all {spaces.NETWORK}.0/24 trust\nhost replication all {spaces.NETWORK}.0/24 trust\n")

    def sql(self, text, database="ehosp", **options):
        return self.site.on(self.server, *AS_POSTGRES.split(), "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "/run/postgresql", "-d", database, text=text, **options).stdout

    def fill(self, database, schema, tables, records, indexes):
        self.sql(f"CREATE DATABASE {database};", "postgres")
        self.sql(schema, database)
        words = self.site.spaces[self.server].word(*AS_POSTGRES.split(), "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "/run/postgresql", "-d", database)
        load = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
        try:
            # References hold by the way rows are made; asked for each row they would take most of the time.
            load.stdin.write(b"SET session_replication_role = replica;\n")
            for table in tables:
                load.stdin.write(f"COPY {table} FROM STDIN;\n".encode())
                for line in getattr(records, table)():
                    load.stdin.write(line.encode() + b"\n")
                load.stdin.write(b"\\.\n")
            load.stdin.close()
        except BrokenPipeError:
            pass
        trouble = load.stderr.read().decode(errors="replace")
        if load.wait() != 0:
            raise spaces.SpaceError(f"PostgreSQL did not take the rows: {trouble[-600:]}")
        self.sql(indexes + "ANALYZE; CHECKPOINT;", database)
        self.archive()

    def archive(self):
        """From now on; the log of the first filling would only take room."""
        settings, folder = self.data / "postgresql.conf", self.site.path(self.server, "wal_archive")
        settings.write_text(settings.read_text().replace("archive_command = '/bin/true'", f"archive_command = 'test ! -f {folder}/%f && cp %p {folder}/%f'"))
        self.sql("SELECT pg_reload_conf(); SELECT pg_switch_wal();")

    def follow(self, other):
        """A streaming standby of `other`."""
        self.data.mkdir(mode=0o700)
        self.site.on(self.server, "chown", "postgres:postgres", self.data)
        self.site.on(self.server, *AS_POSTGRES.split(), f"{PROGRAMS}/pg_basebackup", "-h", self.site.address(other.server), "-U", "postgres", "-D", self.data, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        settings = self.data / "postgresql.conf"
        text = settings.read_text().replace(f"listen_addresses = '{self.site.address(other.server)}'", f"listen_addresses = '{self.site.address(self.server)}'")
        settings.write_text(text.replace("archive_mode = on", "archive_mode = off"))
