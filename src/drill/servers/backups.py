# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""The hospital's backups. `online` lies on the servers and dies with them. `apart` is another machine's: a base backup of
PostgreSQL with its log streamed, MariaDB's own backups with their binary logs streamed, restic, a hard-link tree, tar.
`poisoned` is what the attackers had in reach: see poison.py."""
import datetime
import os
import shutil
import subprocess
import time

import spaces
from postgresql_server import AS_POSTGRES, PROGRAMS

PASSWORD = "a drill needs no secret"


class Backups:
    def __init__(self, site, hospital):
        self.site, self.hospital = site, hospital
        self.apart, self.poisoned = site.backups / "apart", site.backups / "poisoned"
        self.night = datetime.datetime(site.day.year, site.day.month, site.day.day, 2, 0, tzinfo=site.hospital_time(0).tzinfo)
        self.engines = self.apart / "engines" / self.name_of(self.night)
        self.environment = {**os.environ, "RESTIC_PASSWORD": PASSWORD, "RESTIC_CACHE_DIR": str(site.run_folder / "restic-cache")}
        self.streams = []
        self.last_files = self.night  # when files were backed up last

    @staticmethod
    def name_of(moment):
        return moment.strftime("%Y-%m-%dT%H:%M:%S") + moment.strftime("%z")[:3] + ":" + moment.strftime("%z")[3:]

    def follow_logs(self):
        """Log of every database, to the place apart, as it is written."""
        site, backup = self.site, self.site.spaces["backup"]
        for name in ("s1/wal_archive", "s2/binlog", "s3/binlog"):
            (self.engines / name).mkdir(parents=True)
        with open(site.logs / "streams.log", "ab") as out:
            self.streams.append(backup.start(f"{PROGRAMS}/pg_receivewal", "-h", site.address("s1"), "-U", "postgres", "-D", self.engines / "s1/wal_archive", "--no-sync", "--status-interval=1", out=out))
            for server in ("s2", "s3"):
                first = self.hospital_database(server).sql("SHOW BINARY LOGS;").split()[0]
                self.streams.append(backup.start("mariadb-binlog", "--no-defaults", "--read-from-remote-server", f"--host={site.address(server)}", "--user=backup", "--password=drill", "--raw", "--stop-never",
                                                 f"--stop-never-slave-server-id={90 + int(server[1])}", f"--result-file={self.engines / server / 'binlog'}/", first, out=out))
        time.sleep(0.5)
        dead = [stream.args for stream in self.streams if stream.poll() is not None]
        if dead:
            raise spaces.SpaceError(f"the logs cannot be followed: {dead}: {(site.logs / 'streams.log').read_text()[-500:]}")

    def hospital_database(self, server):
        return {"s2": self.hospital.s2.database, "s3": self.hospital.s3.database}[server]

    def whole_night(self):
        site, backup = self.site, self.site.spaces["backup"]
        self.follow_logs()
        backup.run(f"{PROGRAMS}/pg_basebackup", "-h", site.address("s1"), "-U", "postgres", "-D", self.engines / "s1/pgdata", "-X", "stream", "-c", "fast", "--no-sync")
        call_owner(self.engines / "s1/pgdata", "postgres")
        site.say("backup apart: base backup of PostgreSQL, its log follows")
        for server in ("s2", "s3"):
            self.mariadb(server)
        site.say("backup apart: both MariaDB servers, their logs follow")
        self.online()
        for server in ("s1", "s2", "s3"):  # the dumps, too, so that a whole one can be had where a cut one is newer
            shutil.copytree(site.path(server, "backup"), self.engines / server / "backup")
        self.files(self.night)
        site.say("backup apart: restic, hard-link tree, tar; backup online: dumps on the servers themselves")

    def mariadb(self, server):
        """Streamed out of the server, unpacked where it is kept, and prepared there."""
        folder = self.engines / server / "mysql"
        folder.mkdir(parents=True)
        words = self.site.spaces[server].word("mariabackup", "--no-defaults", "--backup", "--stream=mbstream", "--socket=/run/mysqld/mysqld.sock", "--user=root",
                                              f"--datadir={self.hospital_database(server).data}", "--target-dir=/run/backup")
        with open(self.site.logs / server / "mariabackup.log", "ab") as log:
            take = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, start_new_session=True)
            subprocess.run(["mbstream", "-x", "-C", str(folder)], stdin=take.stdout, check=True, stderr=log)
            if take.wait() != 0:
                raise spaces.SpaceError(f"mariabackup of {server} ended with {take.returncode}: see {log.name}")
            subprocess.run(["mariabackup", "--no-defaults", "--prepare", f"--target-dir={folder}"], check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        call_owner(folder, "mysql")

    def online(self):
        site = self.site
        for server in ("s1", "s2", "s3"):
            site.path(server, "backup").mkdir(exist_ok=True)
        site.on("s1", "/bin/sh", "-c", f"{AS_POSTGRES} {PROGRAMS}/pg_dump -h /run/postgresql -Fc -Z1 ehosp > {site.path('s1')}/backup/ehosp.dump")
        for server, database in (("s2", "billing"), ("s3", "lis")):
            site.on(server, "/bin/sh", "-c", f"mariadb-dump --no-defaults --socket=/run/mysqld/mysqld.sock --user=root --single-transaction {database} | gzip -1 > {site.path(server)}/backup/{database}.sql.gz")

    def files(self, moment, first=True):
        """What is no database server's: s4 and s5 into restic, homes into a hard-link tree, settings into a tar. Orthanc and
        the search are stopped for it, as an administrator who reads their manuals does."""
        site, self.last_files = self.site, moment
        repository = self.apart / "restic"
        if first:
            spaces.call("restic", "-q", "init", "-r", repository, env=self.environment)
        site.do("stop-images")
        try:
            spaces.call("restic", "-q", "-r", repository, "backup", site.path("s4"), site.path("s5"), "--time", moment.strftime("%Y-%m-%d %H:%M:%S"), "--host", "drill", env={**self.environment, "TZ": "Asia/Kolkata"})
        finally:
            site.do("start-images")
        trees = self.apart / "trees"
        earlier = sorted(trees.iterdir()) if trees.is_dir() else []
        target = trees / self.name_of(moment)
        for server in ("s1", "s2", "s3"):
            (target / server).mkdir(parents=True)
            link = [f"--link-dest={earlier[-1] / server / 'home'}"] if earlier else []
            spaces.call("rsync", "-a", *link, f"{site.path(server, 'home')}/", f"{target / server / 'home'}/")
        tars = self.apart / "tar"
        tars.mkdir(exist_ok=True)
        spaces.call("tar", "-C", site.root, "-czf", tars / f"etc_{self.name_of(moment)}.tar.gz", "s2/etc", "s3/etc", "s4/etc", "s5/etc")

    def end(self):
        """The servers are dead: nothing is streamed any more."""
        for stream in self.streams:
            stream.terminate()
        for stream in self.streams:
            try:
                stream.wait(5)
            except subprocess.TimeoutExpired:
                stream.kill()
                stream.wait()
        self.streams.clear()
        for server in ("s2", "s3"):
            call_owner(self.engines / server / "binlog", "mysql")
        call_owner(self.engines / "s1/wal_archive", "postgres")
        os.utime(self.engines, (self.night.timestamp(), self.night.timestamp()))
        shutil.rmtree(self.site.run_folder / "restic-cache", ignore_errors=True)


def call_owner(folder, account):
    spaces.call("chown", "-R", f"{account}:{account}", folder)
