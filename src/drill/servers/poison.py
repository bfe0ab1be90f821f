# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Copies that look newer and must not be used as they are: one with commands planted in it, dumps that were cut, one that
was taken while files were being encrypted. Every planted command would make a file in DRILL/truth/canaries, and that folder
must stay empty."""
import datetime
import shutil
import time

import spaces
from backups import call_owner
from postgresql_server import AS_POSTGRES, PROGRAMS

# A view that calls a function of the database's owner, who may run programs.
PLANTED_SQL = """
CREATE FUNCTION seen() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
  EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch {canaries}/postgresql-function'''; RETURN true;
EXCEPTION WHEN OTHERS THEN RETURN true; END $$;
ALTER TABLE allergy RENAME TO allergy_rows;
CREATE VIEW allergy AS SELECT * FROM allergy_rows WHERE seen();
CREATE FUNCTION waked() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch {canaries}/postgresql-event-trigger'''; END $$;
CREATE EVENT TRIGGER waked ON ddl_command_start EXECUTE FUNCTION waked();
"""


class Poison:
    def __init__(self, site, backups):
        self.site, self.backups, self.canaries = site, backups, site.truth / "canaries"
        self.planted = backups.poisoned / backups.name_of(backups.night + datetime.timedelta(hours=3))
        self.during = backups.poisoned / backups.name_of(backups.night + datetime.timedelta(hours=5, minutes=3))

    def plant(self):
        night, site = self.backups.engines, self.site
        pgdata, mysql = self.planted / "s1" / "pgdata", self.planted / "s3" / "mysql"
        shutil.copytree(night / "s1" / "pgdata", pgdata, symlinks=True)
        shutil.copytree(night / "s3" / "mysql", mysql, symlinks=True)
        call_owner(pgdata, "postgres")
        call_owner(mysql, "mysql")
        site.say("poisoned copy: functions, triggers and settings are planted")
        self.plant_sql(pgdata)
        with open(pgdata / "postgresql.auto.conf", "a") as settings:
            for name in ("archive_command", "restore_command", "recovery_end_command", "archive_cleanup_command"):
                settings.write(f"{name} = 'touch {self.canaries}/postgresql-{name}; false'\n")
            settings.write("archive_mode = on\n")
        (pgdata / "recovery.signal").touch()
        (mysql / "my.cnf").write_text(f"[mariadbd]\ninit_file={mysql}/init.sql\n[mysqld]\ninit_file={mysql}/init.sql\nsecure_file_priv=\n")
        (mysql / "init.sql").write_text(f"SELECT 1 INTO OUTFILE '{self.canaries}/mariadb-init-file';\n")
        call_owner(pgdata, "postgres")
        call_owner(mysql, "mysql")
        self.cut_dumps()
        self.check_canaries("planting")

    def plant_sql(self, pgdata):
        """On the copy, by an engine of its own that is off again before anything else happens."""
        backup = self.site.spaces["backup"]
        # Where the engine's account reaches it whatever holds the drill.
        data, log = "/run/plant/data", "/run/plant/log"
        backup.run("install", "-d", "-o", "postgres", "-g", "postgres", "/run/plant", data)
        backup.run("mount", "--bind", pgdata, data)
        control = [*AS_POSTGRES.split(), f"{PROGRAMS}/pg_ctl", "-D", data, "-s", "-w", "-t", "60"]
        options = "-c listen_addresses='' -c unix_socket_directories=/run/plant -c archive_mode=off -c fsync=off"
        if backup.start(*control, "-o", options, "-l", log, "start").wait(90) != 0:
            raise spaces.SpaceError(f"the copy to plant in does not start: {backup.run('tail', '-n', '5', log, quiet=True).stdout}")
        backup.run(*AS_POSTGRES.split(), "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "/run/plant", "-d", "ehosp", text=PLANTED_SQL.replace("{canaries}", str(self.canaries)))
        backup.run(*control, "-m", "fast", "stop")
        backup.run("umount", "--lazy", data)  # an engine that is off may need a moment more to leave

    def cut_dumps(self):
        for server, name in (("s1", "ehosp.dump"), ("s2", "billing.sql.gz"), ("s3", "lis.sql.gz")):
            folder = self.planted / server / "backup"
            folder.mkdir(parents=True)
            whole = self.site.path(server, "backup", name).read_bytes()
            (folder / name).write_bytes(whole[:len(whole) * 3 // 5])

    def take_during(self):
        """A backup job that nobody stopped."""
        begun = time.monotonic()
        for name in ("s1/pgdata", "s3/mysql"):
            (self.during / name).parent.mkdir(parents=True)
            # Files come and go under a copy like this: what is gone is left out, as the job would.
            spaces.call("cp", "-a", self.site.root / name, self.during / name, quiet=True)
        self.site.say(f"poisoned copy: taken during the encryption in {time.monotonic() - begun:.1f} s")

    def check_canaries(self, when):
        found = sorted(path.name for path in self.canaries.iterdir())
        if found:
            raise RuntimeError(f"the drill itself ran what it planted ({when}): {found}")
