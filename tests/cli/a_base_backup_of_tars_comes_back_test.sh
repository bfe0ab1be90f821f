#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# What 'pg_basebackup -Ft -z' wrote into a folder is one backup: base, log, tablespace and manifest in one tree, judged
# as a whole, started, restored, and a server starts on it. A table is larger than what is written in one go.
set -eu
. "$TESTS/expect.sh"
[ "$(id -u)" = 0 ] || { echo "skipped: servers are locked in by root only"; exit 0; }

B=/usr/lib/postgresql/15/bin
chmod 711 "$PWD"
mkdir db && chown postgres: db
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups -- sh -c "cd $PWD/db; $1"; }
trap 'as_postgres "$B/pg_ctl -D data -m immediate stop; $B/pg_ctl -D ../restored/srv/pg -m immediate stop" >/dev/null 2>&1 || true' EXIT
as_postgres "$B/initdb -D data -k -A trust --no-sync --wal-segsize=1 >init.log; mkdir space
  printf \"unix_socket_directories='\$PWD'\nlisten_addresses=''\nfsync=off\nautovacuum=off\nmax_wal_size=64MB\n\" >>data/postgresql.conf
  $B/pg_ctl -D data -w -l log start >/dev/null </dev/null"
ask() { as_postgres "$B/psql -h \$PWD -d postgres -v ON_ERROR_STOP=1 -qAtc \"$1\""; }
ask "create table visits as select i, repeat(md5(i::text), 3) as v from generate_series(1, 300000) i"
ask "create tablespace fast location '$PWD/db/space'"
ask "create table lab tablespace fast as select i from generate_series(1, 700) i"
as_postgres "$B/pg_basebackup -h \$PWD -D ../db/tars -Ft -z -X stream -c fast"
as_postgres "$B/pg_ctl -D data -m immediate stop" >/dev/null
ls db/tars | grep -q '^[0-9]*\.tar\.gz$'

cat >services.toml <<T
[service.db]
title = "Visits"
[[service.db.data]]
kind = "postgresql"
path = "/srv/pg"
[[service.db.sheet]]
id = "all"
title = "All"
for = "ward"
sql = "select (select count(*) from visits) as visits, (select count(*) from lab) as lab"
T
expect_exit 0 "$LASTGOOD" case new way
expect_exit 0 "$LASTGOOD" --case way.case backups add tars "tar:$PWD/db/tars" --map "=/srv/pg"
expect_exit 0 "$LASTGOOD" --case way.case backups judge
expect_text out "3 archives are one base backup of PostgreSQL"
expect_text out "needs_recovery"
expect_exit 0 "$LASTGOOD" --case way.case backups list --json
grep -q '"state":"needs_recovery","certainty":"proven"' out
expect_exit 0 "$LASTGOOD" --case way.case services set services.toml
expect_exit 0 "$LASTGOOD" --case way.case services check
expect_text out "answers; no table refused to"
expect_exit 0 "$LASTGOOD" --case way.case plan --service db --out way.json
# Its tablespace comes to lie in the folder itself, where no server looks for it before a replay has put that right.
expect_exit 3 "$LASTGOOD" --case way.case restore way.json --to restored
expect_text out "CANNOT BE STARTED YET: "
expect_text out "has its tablespaces in it, where no server takes them before a replay"
expect_exit 0 "$LASTGOOD" --case way.case verify way.json --at restored
expect_exit 0 "$LASTGOOD" --case way.case replay restored/srv/pg
chmod 711 restored restored/srv
chown -R postgres: restored/srv/pg
as_postgres "$B/pg_ctl -D ../restored/srv/pg -w -l ../db/log2 -o '-c unix_socket_directories=$PWD/db' start >/dev/null </dev/null" || { cat db/log2; exit 1; }
[ "$(ask 'select (select count(*) from visits) + (select count(*) from lab)')" -eq 300700 ]
as_postgres "$B/pg_ctl -D ../restored/srv/pg -m fast -w stop" >/dev/null

# A nightly job has a folder for each night.
mkdir nights && cp -a db/tars nights/2022-11-21 && cp -a db/tars nights/2022-11-22_193000
expect_exit 0 "$LASTGOOD" case new nights
expect_exit 0 "$LASTGOOD" --case nights.case case describe --zone +05:30
expect_exit 0 "$LASTGOOD" --case nights.case backups add nights "tar:$PWD/nights" --map "=/srv/pg"
expect_text out "2 snapshots, 2022-11-21 00:00:00 +05:30 to 2022-11-22 19:30:00 +05:30"
expect_exit 0 "$LASTGOOD" --case nights.case backups judge
expect_exit 0 "$LASTGOOD" --case nights.case services set services.toml
expect_exit 0 "$LASTGOOD" --case nights.case services check
expect_text out "its engine started on the copy in 'nights 2022-11-22_193000'"
expect_text out "1 of 1 sheet good"
rm -r nights
mkdir -p empty/2022-11-21 && echo text >empty/2022-11-21/notes
expect_exit 13 "$LASTGOOD" --case nights.case backups add none "tar:$PWD/empty"
expect_text err "no tar archive is in this folder or in the folders that lie in it"

# An archive of it that is cut is no small thing.
head -c 300 db/tars/pg_wal.tar.gz >cut && mv cut db/tars/pg_wal.tar.gz
expect_exit 0 "$LASTGOOD" case new cut
expect_exit 0 "$LASTGOOD" --case cut.case backups add tars "tar:$PWD/db/tars" --map "=/srv/pg"
expect_exit 0 "$LASTGOOD" --case cut.case backups judge
expect_exit 0 "$LASTGOOD" --case cut.case backups list --json
if grep '"kind":"postgresql"' out | grep -q '"state":"needs_recovery"'; then echo "called whole"; exit 1; fi
