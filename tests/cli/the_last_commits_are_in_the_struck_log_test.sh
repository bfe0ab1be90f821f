#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# A server archives a segment of its log only once that is full: what was committed last is nowhere but in the own log of
# the struck database. A plan says so, a restore says where that log lies then, and the command that it names brings
# those commits back. Where that log is struck as well, nothing is promised.
set -eu
. "$TESTS/expect.sh"
[ "$(id -u)" = 0 ] || { echo "skipped: servers are locked in by root only"; exit 0; }

B=/usr/lib/postgresql/15/bin
chmod 711 "$PWD"
here=$PWD
mkdir -p srv bk/2022-11-22 && chown -R postgres: srv bk
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups -- sh -c "cd $here/srv; $1"; }
start() { as_postgres "$B/pg_ctl -D pg -w -l log start >/dev/null </dev/null" || { cat srv/log; exit 1; }; }
ask() { as_postgres "$B/psql -h $here/srv -d postgres -v ON_ERROR_STOP=1 -qAtc \"$1\""; }
trap 'as_postgres "$B/pg_ctl -D pg -m immediate stop" >/dev/null 2>&1 || true' EXIT
as_postgres "$B/initdb -D pg -k -A trust --no-sync --wal-segsize=1 >init.log; mkdir wal
  printf \"unix_socket_directories='$here/srv'\nlisten_addresses=''\nfsync=off\nautovacuum=off\narchive_mode=on\narchive_command='cp %%p $here/srv/wal/%%f'\n\" >>pg/postgresql.conf"
start
ask "create table visits(id serial primary key)"
ask "insert into visits select from generate_series(1, 1000)"
as_postgres "$B/pg_basebackup -h $here/srv -D ../bk/2022-11-22/pg -X stream -c fast --no-sync 2>>log"
ask "insert into visits select from generate_series(1, 100)"
# Segments that the server keeps for later use lie in its log then, under the names that they will have.
for n in 1 2 3 4; do ask "select pg_switch_wal()" >/dev/null; ask "insert into visits default values"; ask checkpoint; done
ask "select pg_switch_wal()" >/dev/null
while ls srv/pg/pg_wal/archive_status | grep -q ready; do sleep 0.1; done
cp -a srv/wal bk/2022-11-22
sleep 1.1  # what is committed now is later than anything that is saved
ask "insert into visits select from generate_series(1, 10)"
kill -9 "$(head -1 srv/pg/postmaster.pid)"; sleep 0.3; rm -f srv/pg/postmaster.pid
table=$(cd srv/pg && ls base/5/[0-9]* | head -1)

strike() { { printf 'KEY-MARK-7f3a contact: help-desk@dnmx.org\n'; random_bytes 100000; } >"$1.bak9" && rm "$1"; }
for file in $(cd srv/pg && ls base/5/[0-9]* | head -30) ; do strike "srv/pg/$file"; done
for file in srv/wal/*; do strike "$file"; done
mkdir srv/docs && for n in $(seq 20); do seq "$n" 900 >"srv/docs/d$n.txt"; strike "srv/docs/d$n.txt"; done
cp -a srv struck

cat >services.toml <<T
[service.db]
title = "Visits"
[[service.db.data]]
kind = "postgresql"
path = "$here/srv/pg"
logs = "$here/srv/wal"
T
begin() {
  expect_exit 0 "$LASTGOOD" case new "$1"
  expect_exit 0 "$LASTGOOD" --case "$1.case" backups add bk folder:bk --map "=$here/srv"
  expect_exit 0 "$LASTGOOD" --case "$1.case" backups judge
  expect_exit 0 "$LASTGOOD" --case "$1.case" services set services.toml
  expect_exit 1 "$LASTGOOD" --case "$1.case" scan srv
}
begin c
expect_exit 0 "$LASTGOOD" --case c.case plan --service db --out db.json
expect_text out "its own log on the server, in '$here/srv/pg/pg_wal', goes on to 20"
grep -q '"own_log":"20' db.json
expect_exit 0 "$LASTGOOD" --case c.case restore db.json --in-place
expect_text out "before it is started: the log of the struck database itself, in "
command=$(sed -n 's/^before it is started: the log of the struck database itself.*: lastgood \(.*\)$/\1/p' out)
"$LASTGOOD" --case c.case services status >status 2>err || true
expect_text status "the log of the struck database itself, in '"
expect_text status "--logs-in-backups $here/srv/wal --logs /"
# Before: all that the backup has. After: the last commits, too.
saved=$(sed -n "s|.*$here/srv/pg: data as of \([^,]*\), was.*|\1|p" out)
mkdir none
expect_exit 11 "$LASTGOOD" --case c.case replay srv/pg --logs-in-backups "$here/srv/wal" --logs none
expect_text err "there are no log files in '$here/none'"
expect_exit 0 sh -c "\"$LASTGOOD\" $command"
expect_no_text out "data as of $saved,"
expect_text out "data as of 20"
expect_text out ", was $saved"
expect_no_text out "NOT COMPLETE"
expect_no_text out "left out: log"
"$LASTGOOD" --case c.case services status >status 2>err || true
expect_no_text status "the log of the struck database itself"
start
[ "$(ask 'select count(*) from visits')" -eq 1114 ] || { ask 'select count(*) from visits'; exit 1; }
as_postgres "$B/pg_ctl -D pg -m fast -w stop" >/dev/null
expect_exit 0 "$LASTGOOD" --case c.case ledger verify

# Beside: it lies where it was.
rm -rf srv && cp -a struck srv
sleep 1.1; touch bk/2022-11-22/wal/*  # a copy by hand has the time of the copying
begin d
expect_exit 0 "$LASTGOOD" --case d.case plan --service db --out beside.json
expect_exit 0 "$LASTGOOD" --case d.case restore beside.json --to beside
expect_text out "replay $here/beside$here/srv/pg --logs-in-backups $here/srv/wal --logs $here/srv/pg/pg_wal"

# Struck as well.
for file in srv/pg/pg_wal/0*; do strike "$file"; done
begin e
expect_exit 0 "$LASTGOOD" --case e.case plan --service db --out none.json
expect_no_text out "its own log"
expect_exit 0 "$LASTGOOD" --case e.case restore none.json --in-place
expect_no_text out "the log of the struck database itself"
