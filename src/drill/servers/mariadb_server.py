# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""MariaDB 10.11 on one of the drill's servers, without systemd."""
import spaces

CLIENT = "mariadb --no-defaults --default-character-set=utf8mb4 --socket=/run/mysqld/mysqld.sock --user=root"


class MariadbServer:
    def __init__(self, site, server, database, number):
        self.site, self.server, self.database, self.number = site, server, database, number
        self.data, self.binlog = site.path(server, "mysql"), site.path(server, "binlog")
        self.settings = site.path(server, "etc", "my.cnf")
        self.log = site.logs / server / f"{database}.log"

    def commands(self):
        site, name = self.site, self.database
        site.script(f"start-{name}", self.server, [
            f"setsid mariadbd --defaults-file={self.settings} </dev/null >>{self.log} 2>&1 &",
            "try=0", f"until {CLIENT} -e 'SELECT 1' </dev/null >/dev/null 2>&1; do",
            f"  try=$((try + 1)); [ $try -lt 300 ] || {{ tail -n 5 {self.log} >&2; exit 1; }}", "  sleep 0.1", "done"])
        site.script(f"stop-{name}", self.server, ["mariadb-admin --no-defaults --socket=/run/mysqld/mysqld.sock --user=root shutdown </dev/null"])
        site.script(f"check-{name}", self.server, [f"{CLIENT} -BN {name} -e 'SELECT COUNT(*) FROM journal' </dev/null"])

    def make(self):
        site = self.site
        for folder in (self.data, self.binlog, self.settings.parent):
            folder.mkdir(parents=True, exist_ok=True)
        site.on(self.server, "chown", "mysql:mysql", self.data, self.binlog)
        self.settings.write_text(f"""[mariadbd]
datadir = {self.data}
socket = /run/mysqld/mysqld.sock
pid-file = /run/mysqld/mysqld.pid
user = mysql
bind-address = {site.address(self.server)}
port = 3306
server-id = {self.number}
log-bin = {self.binlog}/{self.database}-bin
binlog-format = MIXED
sync-binlog = 0
innodb-flush-log-at-trx-commit = 2
innodb-log-file-size = {site.size.redo_mib}M
innodb-buffer-pool-size = 128M
innodb-file-per-table = 1
character-set-server = utf8mb4
collation-server = utf8mb4_unicode_ci
default-time-zone = +05:30
skip-name-resolve
performance-schema = off
local-infile = 1
""")
        site.on(self.server, "mariadb-install-db", f"--defaults-file={self.settings}", "--user=mysql", "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-log-bin")

    def sql(self, text, database="", **options):
        return self.site.on(self.server, *CLIENT.split(), "-BN", *([database] if database else []), text=text, **options).stdout

    def fill(self, schema, tables, records):
        self.sql(f"SET sql_log_bin=0; CREATE DATABASE {self.database}; CREATE USER backup@'{spaces.NETWORK}.%' IDENTIFIED BY 'drill'; GRANT REPLICATION SLAVE, REPLICATION CLIENT, BINLOG MONITOR ON *.* TO backup@'{spaces.NETWORK}.%';")
        self.sql("SET sql_log_bin=0;\n" + schema, self.database)
        for table in tables:
            rows = self.site.path(self.server, f"{table}.rows")
            with open(rows, "w", encoding="utf-8") as out:
                for line in getattr(records, table)():
                    out.write(line + "\n")
            self.sql(f"SET sql_log_bin=0, unique_checks=0, foreign_key_checks=0; LOAD DATA LOCAL INFILE '{rows}' INTO TABLE {table} CHARACTER SET utf8mb4;", self.database)
            rows.unlink()
