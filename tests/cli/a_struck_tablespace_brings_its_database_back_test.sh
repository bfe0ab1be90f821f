#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# A tablespace, or the log, that lies outside of a server's folder and is struck there while the folder is sound: the
# database comes back as one, from one snapshot, with its log replayed. Its files by themselves would be put into a
# database of another moment: committed rows would be missing without a word.
set -eu
. "$TESTS/expect.sh"
[ "$(id -u)" = 0 ] || { echo "skipped: servers are locked in by root only"; exit 0; }

B=/usr/lib/postgresql/15/bin
chmod 711 "$PWD"
here=$PWD
mkdir srv bk && chown postgres: srv bk
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups -- sh -c "cd $here/srv; $1"; }
start() { as_postgres "$B/pg_ctl -D pg -w -l log start >/dev/null </dev/null" || { cat srv/log; exit 1; }; }
stop() { as_postgres "$B/pg_ctl -D pg -m fast -w stop" >/dev/null; }
ask() { as_postgres "$B/psql -h $here/srv -d postgres -v ON_ERROR_STOP=1 -qAtc \"$1\""; }
trap 'stop >/dev/null 2>&1 || true' EXIT
as_postgres "$B/initdb -D pg -X $here/srv/log-disk -k -A trust --no-sync --wal-segsize=1 >init.log; mkdir ts archive
  printf \"unix_socket_directories='$here/srv'\nlisten_addresses=''\nfsync=off\nautovacuum=off\narchive_mode=on\narchive_command='cp %%p $here/bk/wal-%%f'\n\" >>pg/postgresql.conf"
start
ask "create tablespace fast location '$here/srv/ts'"
ask "create table visits as select generate_series(1, 1000) as i"
ask "create table lab tablespace fast as select generate_series(1, 500) as i"
for n in 1 2 3 4; do ask "create table more$n tablespace fast as select generate_series(1, 30000) as i"; done
as_postgres "mkdir -p ../bk/2022-11-22/wal; $B/pg_basebackup -h $here/srv -D ../bk/2022-11-22/pg -T $here/srv/ts=$here/bk/2022-11-22/ts -X none -c fast --no-sync 2>>log"
ask "insert into lab values (501)"
ask "insert into visits values (1001)"
ask "select pg_switch_wal()" >/dev/null
table=$(ask "select pg_relation_filepath('lab')")
stop
mkdir srv/docs && for n in $(seq 40); do seq "$n" 900 >"srv/docs/d$n.txt"; done && cp -a srv/docs bk/2022-11-22
for file in bk/wal-*; do mv "$file" "bk/2022-11-22/wal/${file#bk/wal-}"; done

cat >services.toml <<T
[service.db]
title = "Visits"
[[service.db.data]]
kind = "postgresql"
path = "$here/srv/pg"
logs = "$here/srv/wal"
T
expect_exit 0 "$LASTGOOD" case new c
expect_exit 0 "$LASTGOOD" --case c.case backups add bk folder:bk --map "=$here/srv"
expect_exit 0 "$LASTGOOD" --case c.case backups judge
expect_exit 0 "$LASTGOOD" --case c.case services set services.toml
# Sound, it stays as it is.
expect_exit 0 "$LASTGOOD" --case c.case scan srv
expect_exit 0 "$LASTGOOD" --case c.case plan --service db --out sound.json
expect_text out "nothing of its own data has to come back"
cp -a srv sound

# The tablespace, and letters beside.
strike() { { printf 'KEY-MARK-7f3a contact: help-desk@dnmx.org\n'; random_bytes 100000; } >"$1.bak9" && rm "$1"; }
for n in $(seq 40); do strike "srv/docs/d$n.txt"; done
for file in $(find srv/ts -type f -name '[0-9]*'); do
  strike "$file"
done
struck=srv/ts/${table#pg_tblspc/*/}
[ -f "$struck.bak9" ]
expect_exit 1 "$LASTGOOD" --case c.case scan srv
expect_exit 0 "$LASTGOOD" --case c.case plan --out all.json
expect_text out "postgresql   $here/srv/pg"
expect_no_text all.json '"path":"'"$here/srv/ts/PG_"
expect_exit 0 "$LASTGOOD" --case c.case plan --service db --out ts.json
expect_text out "'$here/srv/ts', where its pg_tblspc/"
expect_text out "are replayed after it"
expect_exit 0 "$LASTGOOD" --case c.case restore ts.json --in-place
expect_text out "the log of the struck database itself, in $here/srv/log-disk, goes on to"
[ -f "$struck.bak9" ] || { echo "the struck original is gone"; exit 1; }
[ -z "$(find srv/pg -type l)" ] || { find srv/pg -type l -ls; exit 1; }
start
[ "$(ask 'select (select count(*) from visits) + (select count(*) from lab)')" -eq 1502 ]
stop
# What was struck lies beside, and nothing of the database is missing.
expect_exit 1 "$LASTGOOD" --case c.case scan srv
expect_exit 0 "$LASTGOOD" --case c.case plan --out after.json
expect_no_text out "postgresql   $here/srv/pg"
expect_text out "Nothing is known to be lost."

# The log on its disk alone.
rm -rf srv && cp -a sound srv
expect_exit 0 "$LASTGOOD" case new log
expect_exit 0 "$LASTGOOD" --case log.case backups add bk folder:bk --map "=$here/srv"
expect_exit 0 "$LASTGOOD" --case log.case backups judge
expect_exit 0 "$LASTGOOD" --case log.case services set services.toml
for file in srv/docs/* srv/log-disk/0*; do strike "$file"; done
expect_exit 1 "$LASTGOOD" --case log.case scan srv
"$LASTGOOD" --case log.case services status >out 2>err || true
expect_text out "and in $here/srv/log-disk, where links of it lead, in the newest scan"
expect_exit 0 "$LASTGOOD" --case log.case plan --service db --out log.json
expect_text out "'$here/srv/log-disk', where its pg_wal is now, stays as it is"
expect_exit 0 "$LASTGOOD" --case log.case restore log.json --in-place
start
[ "$(ask 'select (select count(*) from visits) + (select count(*) from lab)')" -eq 1502 ]
