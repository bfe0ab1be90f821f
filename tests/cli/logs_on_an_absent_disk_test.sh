#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# The disk that has a database's saved logs is not mounted: what comes back without them is old, and nobody may think that
# it is all. Sheets, the restore test, the plan and the restore ask for the disk; nothing is started; with the disk there
# the rows come in.
set -eu
. "$TESTS/expect.sh"
[ "$(id -u)" = 0 ] || { echo "skipped: servers are locked in by root only"; exit 0; }

B=/usr/lib/postgresql/15/bin
here=$PWD
chmod 711 "$PWD"
mkdir srv && chown postgres: srv
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups -- sh -c "cd $here/srv; $1"; }
ask() { as_postgres "$B/psql -h $here/srv -d his -v ON_ERROR_STOP=1 -qAtc \"$1\""; }
start() { as_postgres "$B/pg_ctl -D pg -w -o '-c unix_socket_directories=$here/srv -c listen_addresses=' -l log start >/dev/null </dev/null"; }
stop() { as_postgres "$B/pg_ctl -D pg -m ${1:-fast} -w stop >/dev/null"; }
trap 'stop immediate 2>/dev/null || true' EXIT
as_postgres "$B/initdb -D pg -k -A trust --no-sync >init.log; mkdir wal
  printf \"fsync=off\narchive_mode=on\narchive_command='cp %%p $here/srv/wal/%%f'\n\" >>pg/postgresql.conf"
start
as_postgres "$B/createdb -h $here/srv his"
ask "create table visits as select generate_series(1, 300) as id"
mkdir -p "nas/2022-11-22$here/srv" "logs/2022-11-23$here/srv"
chown -R postgres: nas
as_postgres "$B/pg_basebackup -h $here/srv -D $here/nas/2022-11-22$here/srv/pg -X stream -c fast"
ask "insert into visits select generate_series(301, 362)"
ask "select pg_switch_wal()" >/dev/null
while ls srv/pg/pg_wal/archive_status | grep -q ready; do sleep 0.1; done
stop immediate
cp -a srv/wal "logs/2022-11-23$here/srv/"
cat >services.toml <<TOML
[service.opd]
start = ["/bin/true"]
[[service.opd.data]]
kind = "postgresql"
path = "$here/srv/pg"
database = "his"
logs = "$here/srv/wal"
allow_settings = ["archive_command"]
[[service.opd.sheet]]
id = "visits"
sql = "SELECT id FROM visits"
TOML
c="$LASTGOOD --case c.case"
expect_exit 0 "$LASTGOOD" case new c
expect_exit 0 $c backups add nas folder:nas --map =
expect_exit 0 $c backups add logs folder:logs --map =
mkdir -p "homes/2022-11-22/home/desk" && echo a note >homes/2022-11-22/home/desk/note.txt
expect_exit 0 $c backups add homes folder:homes --map =
expect_exit 0 $c backups judge
expect_exit 0 $c services set services.toml
expect_exit 0 $c sheets --to sheets
expect_text out "362 rows"
rm -rf srv/pg srv/wal
expect_exit 0 $c scan srv

# Its mount point is empty; so is that of another disk, which judging knows to have none.
mv logs logs.disk && mkdir logs
mv homes homes.disk && mkdir homes
away="source 'logs' (folder:$here/logs) is empty; it had 1 snapshot when it was judged (is it mounted?"
expect_exit 3 $c sheets --to sheets
expect_text out "300 rows"
expect_text out "saved logs are not there, so that later rows may be missing: $away"
expect_no_text out "homes"
expect_exit 3 $c services check
expect_text out "its logs were not found; saved logs are not there: $away"
expect_exit 3 $c plan --service opd --out opd.json
expect_text out "can be replayed: no snapshot has a log file there; LATER ONES MAY BE MISSING: $away"
expect_exit 3 $c restore --service opd --in-place
expect_text out "NOT replayed: $here/srv/pg: what was committed after its backup is not in it."
expect_text out "$away"
expect_no_text out "services start"
expect_exit 1 $c services start opd
expect_text out "nothing is started on it: the restore that brings it back has not replayed its saved logs"

# Another, older disk under the same name has some of them, and nobody may think that these are all.
rmdir logs
mkdir -p "logs/2022-11-22$here/srv/wal" && cp -a "logs.disk/2022-11-23$here/srv/wal/000000010000000000000001" "logs/2022-11-22$here/srv/wal/"
lost="source 'logs' (folder:$here/logs) no longer has '$(ls "logs.disk/2022-11-23$here/srv/wal" | grep -v '\.' | tail -1)' in '$here/srv/wal', the last of its logs that judging saw"
expect_exit 3 $c sheets --from-backups --to sheets
expect_text out "later rows may be missing: $lost"
expect_exit 3 $c plan --service opd --out older.json
expect_text out "$lost"
expect_text out "source 'logs' (folder:$here/logs) no longer has snapshot '2022-11-23'"
rm -r logs

# The disk is there, and one of its logs is broken: what it had is not on the sheet, and the sheet says so.
cp -a logs.disk logs
last=$(ls "logs/2022-11-23$here/srv/wal" | grep -v '\.' | tail -1)
random_bytes 1000000 >"logs/2022-11-23$here/srv/wal/$last"
expect_exit 3 $c sheets --from-backups --to sheets
expect_text out "300 rows"
expect_text out "NOT COMPLETE: log $last is not readable as a segment of a write-ahead log; what was committed in it is not there"
expect_text out "1 sheet is WITHOUT later rows that saved logs have, or may have"
grep -q "NOT COMPLETE: log $last" sheets/current/sheets/visits.html
rm -r logs

# Mounted again.
mv logs.disk logs
expect_exit 0 $c replay "$here/srv/pg" --logs-in-backups "$here/srv/wal"
expect_exit 0 $c services start opd
start
[ "$(ask 'select count(*) from visits')" = 362 ]
stop

# Older ones in another source do not hide that.
mkdir -p "old/2022-11-22$here/srv/wal"
cp -a "logs/2022-11-23$here/srv/wal/000000010000000000000001" "old/2022-11-22$here/srv/wal/"
expect_exit 0 $c backups add old folder:old --map =
expect_exit 0 $c backups judge old
mv logs logs.disk && mkdir logs
expect_exit 3 $c sheets --from-backups --to sheets
expect_text out "saved logs are not there, so that later rows may be missing: $away"

# Lost for good: who says so is not asked again.
rm -rf srv/pg srv/pg.before*
expect_exit 0 $c scan srv
expect_exit 0 $c restore --service opd --in-place --no-replay
expect_text out "its saved logs were not replayed, as you said"
# That it was restored before is no reason to say that it is there.
mv srv/pg srv/away
expect_exit 3 $c restore --service opd --in-place --no-replay
expect_text out "was restored before, and nothing stands there any more: a new plan brings it back"
expect_no_text out "services start"
mv srv/away srv/pg
expect_exit 0 $c services start opd
start
[ "$(ask 'select count(*) from visits')" = 300 ]

# The server's own folder, added as if it were a backup, is called what it is.
expect_exit 0 $c backups add live "folder:$here/srv" --map =
expect_exit 0 $c backups judge live
expect_text out "'postgres' (process $(head -1 srv/pg/postmaster.pid)) works in it: this is a database in use, no backup of one"
