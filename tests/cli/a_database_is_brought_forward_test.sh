#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# A restored database is brought forward to its last saved commit: of two real servers with a backup and logs written
# after it. What was planted in the backup does not run, a broken log ends the replay where it is broken and is named, the
# folder as it was restored is kept, and a second replay with better logs begins again from there.
set -eu
. "$TESTS/expect.sh"
[ "$(id -u)" = 0 ] || { echo "skipped: servers are locked in by root only"; exit 0; }

B=/usr/lib/postgresql/15/bin
chmod 711 "$PWD"
mkdir db && chown postgres: db
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups -- sh -c "cd $PWD/db; $1"; }
stop_all() {
  as_postgres "$B/pg_ctl -D data -m immediate stop" >/dev/null 2>&1 || true
  as_postgres "$B/pg_ctl -D ../restored/pgdata -m immediate stop" >/dev/null 2>&1 || true
  [ -f maria/pid ] && kill -9 "$(cat maria/pid)" 2>/dev/null || true
}
trap stop_all EXIT

# --- PostgreSQL: a base backup, then work that only the archive has ---
as_postgres "$B/initdb -D data -k -A trust --no-sync >init.log; mkdir wal
  printf \"unix_socket_directories='\$PWD'\nlisten_addresses=''\nfsync=off\narchive_mode=on\narchive_command='cp %%p \$PWD/wal/%%f'\n\" >>data/postgresql.conf
  $B/pg_ctl -D data -w -l log start >/dev/null </dev/null"
ask() { as_postgres "$B/psql -h \$PWD -d postgres -v ON_ERROR_STOP=1 -qAtc \"$1\""; }
ask "create table visits(id serial primary key, at timestamptz default clock_timestamp())"
ask "insert into visits select from generate_series(1, 1000)"
ask "create table spoiled(id int)"
ask "insert into spoiled select generate_series(1, 300)"
ask "alter role all set dynamic_library_path to '/usr/lib/postgresql/15/lib'"
as_postgres "$B/pg_basebackup -h \$PWD -D base -X stream -c fast"
for i in 1 2 3 4 5; do
  ask "insert into visits select from generate_series(1, 100)"
  ask "select pg_switch_wal()" >/dev/null
done
ask "delete from spoiled where id <= 200"
ask "drop table spoiled"
ask "select pg_switch_wal()" >/dev/null
ask "insert into visits default values"   # after the last archived commit: lost, and nobody says otherwise
while ls db/data/pg_wal/archive_status | grep -q ready; do sleep 0.1; done
as_postgres "$B/pg_ctl -D data -m immediate stop" >/dev/null

mkdir restored
cp -a db/base restored/pgdata
echo "archive_command = 'touch $PWD/canary-archive'" >>restored/pgdata/postgresql.conf
echo "restore_command = 'touch $PWD/canary-restore'" >restored/pgdata/postgresql.auto.conf
touch restored/pgdata/recovery.signal
chown -R postgres: restored/pgdata
chmod 755 restored/pgdata
expect_exit 0 "$LASTGOOD" case new night
expect_exit 0 "$LASTGOOD" --case night.case replay restored/pgdata --logs db/wal
expect_text out "its folder had mode 0755, on which PostgreSQL does not start"
[ "$(stat -c %a restored/pgdata)" = 700 ]
expect_text out "data as of 20"
# An attacker's deletions come back with the hospital's commits: people see which, and when.
expect_text out "200 rows deleted from spoiled (database postgres)"
expect_text out "table spoiled dropped (database postgres)"
expect_text out "not in force any more: postgresql.conf"
# What its server goes on to obey is not called left out.
expect_text out "stays in the folder, in force once its server runs: postgresql.conf: unix_socket_directories"
expect_text out "stays in the folder, in force once its server runs: pg_hba.conf"
expect_text out "left out: recovery.signal"
expect_no_text out "left out: postgresql"
expect_text out "in force once its server runs: setting of all roles: dynamic_library_path"
[ "$(ls | grep -c canary)" -eq 0 ] || { echo "something planted ran"; exit 1; }
[ "$(ls -d restored/pgdata.before-replay-* | wc -l)" -eq 1 ]
[ ! -e restored/pgdata/recovery.signal ]
# Again, on what that made: nothing is newer, and the time of our own run is no commit of the hospital's.
last=$(sed -n 's/.*data as of \(.*\), was.*/\1/p' out)
expect_exit 0 "$LASTGOOD" --case night.case replay restored/pgdata --logs db/wal
expect_text out "data as of $last, was $last"
expect_text out "began again from the folder as it was restored: $PWD/restored/pgdata.before-replay-"
expect_exit 0 "$LASTGOOD" --case night.case replay restored/pgdata
expect_text out "data as of $last, was $last"
expect_text out "no server has run on it since"
rm -rf restored/pgdata.before-replay-*
[ "$(ls -d restored/lastgood-scratch* 2>/dev/null | wc -l)" -eq 0 ]
# The server starts on it as the hospital would start it, and has every commit that was archived.
as_postgres "$B/pg_ctl -D ../restored/pgdata -w -l ../db/log2 -o '-c unix_socket_directories=$PWD/db' start >/dev/null </dev/null" || { cat db/log2; exit 1; }
[ "$(ask 'select count(*) from visits')" -eq 1500 ]
[ "$(ls | grep -c canary)" -eq 0 ] || { echo "something planted ran at the start"; exit 1; }
as_postgres "$B/pg_ctl -D ../restored/pgdata -m fast -w stop" >/dev/null

# --- a log that the attack reached: replay ends before it ---
rm -rf restored/pgdata*
cp -a db/base restored/pgdata
cp -a db/wal struck
third=$(ls struck | grep -E '^[0-9A-F]{24}$' | sed -n 4p)
random_bytes 16777216 >"struck/$third"
expect_exit 3 "$LASTGOOD" --case night.case replay restored/pgdata --logs struck
expect_text out "NOT COMPLETE: log $third is not readable as a segment of a write-ahead log; what was committed in it and in"
expect_text out "next: look for a whole copy of that log"
expect_no_text out "then start the service"
rows_of() {
  as_postgres "$B/pg_ctl -D ../$1 -w -l ../db/log3 -o '-c unix_socket_directories=$PWD/db' start >/dev/null </dev/null" || { cat db/log3; exit 1; }
  rows=$(ask 'select count(*) from visits')
  as_postgres "$B/pg_ctl -D ../$1 -m fast -w stop" >/dev/null
}
cp -a restored/pgdata restored/looked-at; rows_of restored/looked-at
[ "$rows" -ge 1000 ] && [ "$rows" -lt 1500 ] && [ $((rows % 100)) -eq 0 ] || { echo "$rows rows"; exit 1; }
# One that is missing is named as well; with the whole archive it goes on, from the folder as it was restored.
rm "struck/$third"
expect_exit 3 "$LASTGOOD" --case night.case replay restored/pgdata --logs struck
expect_text out "NOT COMPLETE: log $third is not among them; what was committed in it and in"
expect_exit 0 "$LASTGOOD" --case night.case replay restored/pgdata --logs db/wal
expect_text out "data as of $last, was"
expect_text out "began again from the folder as it was restored: $PWD/restored/pgdata.before-replay-"
# With less it does not go back, unless that is said; logs of nobody, of another engine: nothing is changed.
count_kept() { ls -d restored/pgdata.before-replay-* | wc -l; }
kept=$(count_kept)
expect_exit 30 "$LASTGOOD" --case night.case replay restored/pgdata --logs struck
expect_text err "and the folder has what was committed up to"
mkdir empty strange; seq 9 >strange/binlog.000001
for logs in empty strange; do
  expect_exit 30 "$LASTGOOD" --case night.case replay restored/pgdata --logs $logs
  expect_text err "none of these logs goes on from this folder"
  expect_text err "nothing was changed; give the folder of the logs that the server wrote"
done
# What it was restored as is gone: said with its name, before anything is changed.
mkdir away; base=$(sed -n 's/.*"base":"\([^"]*\)".*/\1/p' night.case/ledger | tail -1); mv "$base" away
expect_exit 30 "$LASTGOOD" --case night.case replay restored/pgdata --logs db/wal
expect_text err "which is not in '$base' any more"
mv away/* restored
[ "$(count_kept)" -eq "$kept" ]
# As a kill within the exchange leaves it, still under the name of what was made.
made=$(sed -n 's/.*"made":"\([^"]*\)".*/\1/p' night.case/ledger | tail -1); mv "$base" "$made"
expect_exit 0 "$LASTGOOD" --case night.case replay restored/pgdata --logs db/wal
expect_text out "began again from the folder as it was restored: $made"
base=$made; kept=$(count_kept)
rows_of restored/pgdata
[ "$rows" -eq 1500 ] || { echo "$rows rows"; exit 1; }
# A server has run on it since: left alone, and the way that is left is said.
expect_exit 30 "$LASTGOOD" --case night.case replay restored/pgdata --logs db/wal
expect_text err "lastgood --case $PWD/night.case replay $base --logs $PWD/db/wal"
[ "$(count_kept)" -eq "$kept" ]
expect_exit 0 "$LASTGOOD" --case night.case replay "$base" --logs db/wal
expect_text out "$base: data as of $last"
rm -rf restored/pgdata* restored/looked-at

# --- MariaDB: mariadb-backup, then work that only the binary logs have ---
mkdir maria && chown mysql: maria
as_mysql() { setpriv --reuid=mysql --regid=mysql --init-groups -- sh -c "cd $PWD/maria; $1"; }
as_mysql "mariadb-install-db --no-defaults --datadir=\$PWD/data --auth-root-authentication-method=normal --skip-test-db >init.log 2>&1"
start_maria() {
  setsid setpriv --reuid=mysql --regid=mysql --init-groups -- mariadbd --no-defaults --datadir="$1" --socket="$PWD/maria/s" \
    --skip-networking --pid-file="$PWD/maria/pid" --log-bin=binlog --server-id=1 --innodb-flush-method=nosync \
    >>maria/log 2>&1 </dev/null &
  tries=0
  until mariadb-admin --no-defaults -u root -S maria/s ping >/dev/null 2>&1; do
    tries=$((tries + 1)); [ $tries -lt 200 ] || { cat maria/log; exit 1; }; sleep 0.1
  done
}
sql() { mariadb --no-defaults -u root -S maria/s -N -e "$1"; }
start_maria "$PWD/maria/data"
sql "create database billing; create table billing.bills(id int auto_increment primary key, v varchar(20)) engine=innodb"
i=0; while [ $i -lt 20 ]; do sql "insert into billing.bills(v) values('a'),('b'),('c'),('d'),('e')"; i=$((i + 1)); done
mariadb-backup --no-defaults --backup -u root -S "$PWD/maria/s" --target-dir="$PWD/maria/full" >maria/mb.log 2>&1
i=0; while [ $i -lt 10 ]; do sql "insert into billing.bills(v) values('later')"; i=$((i + 1)); done
sql "flush binary logs"
mkdir binlogs; cp maria/data/binlog.0* binlogs/
kill -9 "$(cat maria/pid)"; rm -f maria/pid
cp -a maria/full restored/mysql; touch restored/mysql/master.info restored/mysql/db-relay-bin.000001; chown -R mysql: restored/mysql
# Too little, a broken log, then all of them: each begins from what was restored.
mkdir part; cp binlogs/binlog.000001 part; cut=$(($(stat -c %s part/binlog.000001) - 200)); truncate -s $cut part/binlog.000001
cp binlogs/binlog.000002 part
expect_exit 3 "$LASTGOOD" --case night.case replay restored/mysql --logs part
expect_text out "NOT COMPLETE: log binlog.000001 is broken: its event at"
expect_text out "left out: master.info"
expect_text out "left out: 1 relay log"
expect_text out "and in 1 later log file is not there"
kept=$(ls -d restored/mysql* | wc -l)
expect_exit 30 "$LASTGOOD" --case night.case replay restored/mysql --logs db/wal
expect_text err "none of these logs goes on from this folder"
[ "$(ls -d restored/mysql* | wc -l)" -eq "$kept" ]
expect_exit 0 "$LASTGOOD" --case night.case replay restored/mysql --logs binlogs
expect_text out "began again from the folder as it was restored: $PWD/restored/mysql.before-replay-"
sleep 1
start_maria "$PWD/restored/mysql"
[ "$(sql 'select count(*) from billing.bills')" -eq 110 ]
kill -9 "$(cat maria/pid)"; rm -f maria/pid

# --- restore --service does all of it: said beforehand, both times, and planted settings are out of force ---
rm -rf restored; mkdir -p nas/2022-11-22 nas/2022-11-21 usb/2022-11-21 usb/2022-11-20
cp -a db/base nas/2022-11-22/pg; cp -a db/wal nas/2022-11-22/wal
cp -a maria/full nas/2022-11-22/mysql; cp -a binlogs nas/2022-11-22/binlog
cp -a db/base usb/2022-11-21/pg; mkdir -p nas/2022-11-21/pg nas/2022-11-21/wal usb/2022-11-20/pg; seq 9 >nas/2022-11-21/pg/x; seq 9 >nas/2022-11-21/wal/x; seq 9 >usb/2022-11-20/pg/x
# The server had cleaned its archive: what it needs of that is in an older backup alone.
mkdir usb/2022-11-20/wal
for name in $(ls nas/2022-11-22/wal | grep -E '^[0-9A-F]{24}$' | sed -n 1,5p); do mv "nas/2022-11-22/wal/$name" usb/2022-11-20/wal; done
cat >services.toml <<T
[service.db]
title = "Visits"
tier = 1
[[service.db.data]]
kind = "postgresql"
path = "/srv/pg"
logs = "/srv/wal"
[service.billing]
title = "Billing"
tier = 5
depends_on = ["db"]
[[service.billing.data]]
kind = "mariadb"
path = "/srv/mysql"
logs = "/srv/binlog"
T
expect_exit 0 "$LASTGOOD" case new way
expect_exit 0 "$LASTGOOD" --case way.case backups add nas "folder:$PWD/nas" --map "=/srv"
expect_exit 0 "$LASTGOOD" --case way.case backups add usb "folder:$PWD/usb" --map "=/srv"
expect_exit 0 "$LASTGOOD" --case way.case backups judge
expect_exit 0 "$LASTGOOD" --case way.case services set services.toml
expect_exit 0 "$LASTGOOD" --case way.case plan --service billing --out way.json
expect_text out "Visits back at about"
expect_text out "after replay of saved logs ("
expect_text out "log files are replayed into its databases once they are there"
grep -q "data as of 20.* at best" out
expect_text out "sources agree on its last commit: the same in usb"
before=$(sed -n 's/.*Visits back.*data as of \(.*\) after.*/\1/p' out)
expect_exit 0 "$LASTGOOD" --case way.case restore way.json --to restored
grep -q "replayed .* files of '/srv/wal' in nas 2022-11-22 and 1 older snapshot" out
expect_text out "not in force any more: postgresql.conf"
expect_text out "restored/srv/pg: data as of $before"
expect_text out "restored/srv/mysql: data as of"
expect_text out "its server starts after 'chown -R mysql: FOLDER'"
[ "$(ls | grep -c canary)" -eq 0 ] || { echo "something planted ran"; exit 1; }
[ "$(ls -d restored/srv/*.before-replay-* | wc -l)" -eq 2 ]
# What was restored is still proven, and what is there now is judged by its engine.
expect_exit 0 "$LASTGOOD" --case way.case verify way.json --at restored
expect_text out "brought forward by its logs: "
expect_text out "0 different, 0 missing, 0 not restored, 0 extra"
# Again: nothing is done twice.
expect_exit 0 "$LASTGOOD" --case way.case restore way.json --to restored
expect_text out "replayed before"
[ "$(ls -d restored/srv/*.before-replay-* | wc -l)" -eq 2 ]
chmod 711 restored restored/srv
as_postgres "$B/pg_ctl -D ../restored/srv/pg -w -l ../db/log4 -o '-c unix_socket_directories=$PWD/db' start >/dev/null </dev/null" || { cat db/log4; exit 1; }
[ "$(ask 'select count(*) from visits')" -eq 1500 ]
as_postgres "$B/pg_ctl -D ../restored/srv/pg -m fast -w stop" >/dev/null
chown -R mysql: restored/srv/mysql
start_maria "$PWD/restored/srv/mysql"
[ "$(sql 'select count(*) from billing.bills')" -eq 110 ]
kill -9 "$(cat maria/pid)"; rm -f maria/pid
expect_exit 0 "$LASTGOOD" --case way.case services check
expect_text out "saved log files reach to $before"
expect_exit 1 "$LASTGOOD" --case way.case services status
expect_text out "data as of $before"
expect_text out "postgresql: the last commit is the same in nas, usb"
# A test asks the copy alone: its rows are not those of the sheets, and that is said.
{ cat services.toml; printf '[[service.db.sheet]]\nid = "visits"\nsql = "SELECT count(*) FROM visits"\n'; } >asked.toml
expect_exit 0 "$LASTGOOD" --case way.case services check asked.toml --service db
expect_text out "from the copy alone: 'sheets' replays its saved logs, too"
# What a service stands on and no source has is a loss, not silence.
sed 's|"/srv/mysql"|"/srv/mysql-of-old"|' services.toml >other.toml
expect_exit 1 "$LASTGOOD" --case way.case plan --services other.toml --out other.json
expect_text out "service.none: 'billing' stands on it, and no source that could be opened has anything good there"
# And whoever reports later reads it there, without the plan.
expect_exit 3 "$LASTGOOD" --case way.case restore other.json --to without --no-replay
expect_exit 0 "$LASTGOOD" --case way.case report --form final
expect_text out "cannot be brought back, as no source has a good version: 1 file: '/srv/mysql-of-old'"
# A person may leave it out; the logs may be gone when they are wanted: the rest is restored, and said.
expect_exit 0 "$LASTGOOD" --case way.case restore way.json --to bare --no-replay
[ "$(ls -d bare/srv/*.before-replay-* 2>/dev/null | wc -l)" -eq 0 ]
# Its server works then, and rows come in: logs that were replayed after that would take their place.
chmod 711 bare bare/srv; chown -R mysql: bare/srv/mysql
start_maria "$PWD/bare/srv/mysql"
sql "insert into billing.bills(v) values('of today')"
mariadb-admin --no-defaults -u root -S maria/s shutdown; while [ -e maria/pid ]; do sleep 0.1; done
expect_exit 3 "$LASTGOOD" --case way.case restore way.json --to bare
expect_text out "bare/srv/mysql stays as it is: a server has run on it since this restore put it there"
grep -q 'replayed .* files of .*srv/wal' out  # the other was used by nobody
expect_exit 3 "$LASTGOOD" --case way.case restore way.json --to bare --json
grep -q '"type":"replay".*"state":"used"' out
start_maria "$PWD/bare/srv/mysql"
[ "$(sql "select count(*) from billing.bills where v = 'of today'")" -eq 1 ]
kill -9 "$(cat maria/pid)"; rm -f maria/pid
mv nas/2022-11-22/wal nas/2022-11-22/gone
expect_exit 3 "$LASTGOOD" --case way.case restore way.json --to apart
expect_text out "not replayed: "
expect_text out "is as it was restored, because"
expect_exit 3 "$LASTGOOD" --case way.case restore way.json --to apart --json
grep -q '"type":"replay".*"state":"failed"' out
grep -q '"type":"replay".*"state":"known"' out
mv nas/2022-11-22/gone nas/2022-11-22/wal
expect_exit 0 "$LASTGOOD" --case way.case restore way.json --to apart
expect_text out "apart/srv/pg: data as of $before"
expect_exit 0 "$LASTGOOD" --case way.case ledger verify
# A log that is broken in the source: the restore says so with its code, again when it is run again, and how to go on.
random_bytes 16777216 >"usb/2022-11-20/wal/$third"
expect_exit 3 "$LASTGOOD" --case way.case restore way.json --to early
expect_text out "NOT COMPLETE: log $third is not readable as a segment"
expect_text out "then: look for a whole copy of the logs that are named above, and go on with them: lastgood --case $PWD/way.case replay"
expect_exit 3 "$LASTGOOD" --case way.case restore way.json --to early
expect_text out "NOT COMPLETE: log $third is not readable as a segment"
expect_exit 0 "$LASTGOOD" --case way.case replay early/srv/pg --logs db/wal
expect_text out "data as of $before"
expect_exit 0 "$LASTGOOD" --case way.case restore way.json --to early
# One that is broken inside begins as a log does, and yet plan, test and status say before the restore where it will end.
cp "db/wal/$third" "usb/2022-11-20/wal/$third"
random_bytes 200 | dd of="usb/2022-11-20/wal/$third" bs=200 seek=1 conv=notrunc 2>/dev/null
expect_exit 3 "$LASTGOOD" --case way.case plan --service db --out inside.json
expect_text out "at best; they end there, because log $third is broken at "
told=$(sed -n 's/.*Visits back.*data as of \(.*\) after.*/\1/p' out)
expect_exit 3 "$LASTGOOD" --case way.case services check --service db
expect_text out "saved log files reach to $told; of its saved logs NOT ALL COME BACK: log $third is broken at "
expect_text out "1 data unit WITHOUT later commits that saved logs have, or may have"
expect_exit 1 "$LASTGOOD" --case way.case services status
expect_text out "data as of $told"
expect_exit 3 "$LASTGOOD" --case way.case restore inside.json --to inside
expect_text out "inside/srv/pg: data as of $told"
expect_text out "NOT COMPLETE: log $third is broken at "
# With a whole copy of it in another source nothing is missing, and nothing is said.
cp -a db/wal "nas/2022-11-21/wal.whole"; rm -r nas/2022-11-21/wal; mv nas/2022-11-21/wal.whole nas/2022-11-21/wal
expect_exit 0 "$LASTGOOD" --case way.case plan --service db --out whole.json
expect_text out "data as of $before after"
expect_exit 0 "$LASTGOOD" --case way.case services check --service db
expect_text out "saved log files reach to $before"
expect_exit 0 "$LASTGOOD" --case way.case restore whole.json --to whole
expect_text out "whole/srv/pg: data as of $before"

# --- what is no database, and a log folder that is not there ---
mkdir nothing
expect_exit 30 "$LASTGOOD" --case night.case replay nothing --logs binlogs
expect_text err "no folder of PostgreSQL or MariaDB"
expect_exit 11 "$LASTGOOD" --case night.case replay restored/mysql --logs gone
expect_exit 0 "$LASTGOOD" --case night.case ledger verify
