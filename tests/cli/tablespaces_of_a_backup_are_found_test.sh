#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# 'pg_basebackup -T OLD=NEW' leaves links to where the job wrote a tablespace, beside the data in the same copy: they are
# followed there, also where the job has renamed the folder since, and never into another copy. What a restore brings
# has no link into the backup. Where a tablespace is in no copy its tables are silent, the others fill sheets, and nothing
# is restored as whole; one that holds nothing is missed by nobody.
set -eu
. "$TESTS/expect.sh"
[ "$(id -u)" = 0 ] || { echo "skipped: servers are locked in by root only"; exit 0; }

B=/usr/lib/postgresql/15/bin
chmod 711 "$PWD"
mkdir db bk && chown postgres: db bk
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups -- sh -c "cd $PWD/db; $1"; }
trap 'as_postgres "$B/pg_ctl -D data -m immediate stop; $B/pg_ctl -D ../restored/srv/pg -m immediate stop" >/dev/null 2>&1 || true' EXIT
as_postgres "$B/initdb -D data -k -A trust --no-sync --wal-segsize=1 >init.log; mkdir fast spare
  printf \"unix_socket_directories='\$PWD'\nlisten_addresses=''\nfsync=off\nautovacuum=off\narchive_command='true'\n\" >>data/postgresql.conf
  $B/pg_ctl -D data -w -l log start >/dev/null </dev/null"
ask() { as_postgres "$B/psql -h \$PWD -d postgres -v ON_ERROR_STOP=1 -qAtc \"$1\""; }
ask "create tablespace fast location '$PWD/db/fast'"
ask "create tablespace spare location '$PWD/db/spare'"
ask "create table visits as select generate_series(1, 1000) as i"
back_up() {
  as_postgres "mkdir $1; $B/pg_basebackup -h \$PWD -D $1/pg -T \$PWD/fast=$1/fast -T \$PWD/spare=$1/spare -X stream -c fast --no-sync"
}
ask "create table lab tablespace fast as select generate_series(1, 500) as i"
# By day, and by a job that calls the newest "current" until it is done.
back_up "$PWD/bk/2022-11-21"
ask "insert into lab select generate_series(501, 777)"
back_up "$PWD/bk/current"
mv bk/current bk/2022-11-22
as_postgres "$B/pg_basebackup -h \$PWD -D ../bk/away -Ft -X stream -c fast --no-sync" && mv bk/away away
as_postgres "$B/pg_ctl -D data -m immediate stop" >/dev/null
rm -r db/fast

cat >services.toml <<T
[service.db]
title = "Visits"
[[service.db.data]]
kind = "postgresql"
path = "/srv/pg"
[[service.db.sheet]]
id = "visits"
title = "Visits"
for = "ward"
sql = "select count(*) as n, 'visits' as what from visits"
[[service.db.sheet]]
id = "lab"
title = "Lab"
for = "ward"
sql = "select count(*) as n, 'lab' as what from lab"
T
begin_case() {
  expect_exit 0 "$LASTGOOD" case new "$1"
  expect_exit 0 "$LASTGOOD" --case "$1.case" backups add bk folder:bk --map "=/srv"
  expect_exit 0 "$LASTGOOD" --case "$1.case" backups judge
  expect_exit 0 "$LASTGOOD" --case "$1.case" services set services.toml
}
begin_case whole
expect_exit 0 "$LASTGOOD" --case whole.case services check
expect_text out "2 of 2 sheets good"
expect_exit 0 "$LASTGOOD" --case whole.case sheets --to sheets --form csv
cat $(find sheets -name '*.csv') >rows
expect_text rows "777,lab"
expect_exit 0 "$LASTGOOD" --case whole.case plan --service db --out whole.json
expect_text out "comes to lie in the folder itself; the backup job had it at '$PWD/bk/current/fast'"
expect_exit 3 "$LASTGOOD" --case whole.case restore whole.json --to restored
expect_text out "CANNOT BE STARTED YET: "
[ -z "$(find restored -type l)" ] || { echo "a link leads out of what was restored"; find restored -type l -ls; exit 1; }
expect_exit 0 "$LASTGOOD" --case whole.case verify whole.json --at restored
expect_exit 0 "$LASTGOOD" --case whole.case replay restored/srv/pg
chmod 711 restored restored/srv
chown -R postgres: restored/srv/pg
as_postgres "$B/pg_ctl -D ../restored/srv/pg -w -l log2 -o '-c unix_socket_directories=$PWD/db' start >/dev/null </dev/null" || { cat db/log2; exit 1; }
[ "$(ask 'select (select count(*) from visits) + (select count(*) from lab)')" -eq 1777 ]
as_postgres "$B/pg_ctl -D ../restored/srv/pg -m fast -w stop" >/dev/null

# A link that leads to the data themselves brings nothing twice: an older copy has its turn.
ln -s "$PWD/bk/current/pg" bk/2022-11-22/pg/pg_tblspc/99999
begin_case twice
expect_exit 0 "$LASTGOOD" --case twice.case plan --service db --out twice.json
expect_text out "from bk 2022-11-21"
rm bk/2022-11-22/pg/pg_tblspc/99999

# A backup in tar form that somebody unpacked has no links; its tablespace_map names the places on the victim, and a server
# would go there.
mkdir -p tars/2022-11-23 && mv away tars/2022-11-23/pg
for tar in tars/2022-11-23/pg/[0-9]*.tar; do
  number=$(basename "$tar" .tar)
  place=$(tar xOf tars/2022-11-23/pg/base.tar tablespace_map | sed -n "s/^$number //p")
  mkdir "tars/2022-11-23/$(basename "$place")" && tar xf "$tar" -C "tars/2022-11-23/$(basename "$place")" && rm "$tar"
done
(cd tars/2022-11-23/pg && tar xf base.tar && tar xf pg_wal.tar -C pg_wal && rm ./*.tar)
begin_mapped() {
  expect_exit 0 "$LASTGOOD" case new "$1"
  expect_exit 0 "$LASTGOOD" --case "$1.case" backups add tars folder:tars --map "=$PWD/db"
  expect_exit 0 "$LASTGOOD" --case "$1.case" backups judge
  sed "s#/srv/pg#$PWD/db/pg#" services.toml >mapped.toml
  expect_exit 0 "$LASTGOOD" --case "$1.case" services set mapped.toml
}
begin_mapped mapped
expect_exit 0 "$LASTGOOD" --case mapped.case services check
expect_text out "2 of 2 sheets good"
expect_exit 0 "$LASTGOOD" --case mapped.case plan --out mapped.json
expect_no_text mapped.json '"path":"'"$PWD/db/fast/PG_"
expect_exit 3 "$LASTGOOD" --case mapped.case restore mapped.json --to from-map
expect_text out "CANNOT BE STARTED YET: "
expect_exit 0 "$LASTGOOD" --case mapped.case verify mapped.json --at from-map
expect_exit 0 "$LASTGOOD" --case mapped.case replay "from-map$PWD/db/pg"
[ ! -e "from-map$PWD/db/pg/tablespace_map" ] || { echo "a server would still go to the live folder"; exit 1; }
rm -r tars/2022-11-23/fast
begin_mapped unmapped
expect_exit 0 "$LASTGOOD" --case unmapped.case backups list --json
expect_text out "leads to '$PWD/db/fast', which is not in this copy: "
expect_exit 1 "$LASTGOOD" --case unmapped.case plan --service db --out unmapped.json
"$LASTGOOD" --case unmapped.case services check >out 2>err || true
expect_text out "passed      db sheet visits: 1 row"
expect_text out "failed      db sheet lab: "

# The tablespace without anything in it was not copied.
rm -r bk/*/spare
begin_case spare
expect_exit 0 "$LASTGOOD" --case spare.case services check
expect_text out "2 of 2 sheets good"
expect_exit 0 "$LASTGOOD" --case spare.case plan --service db --out spare.json
expect_text out "nothing of any database is in it"

# Nor was the one with tables; what another day has is not taken for it.
rm -r bk/2022-11-22/fast
begin_case part
expect_exit 0 "$LASTGOOD" --case part.case backups list --json
grep '"snapshot":"2022-11-22","kind":"postgresql"' out | grep -q '"state":"undecided"' || { cat out; exit 1; }
expect_text out "leads to '$PWD/bk/current/fast', which is not in this copy: tables of a database are in it"
rm -r bk/2022-11-21
begin_case alone
expect_exit 3 "$LASTGOOD" --case alone.case sheets --to alone --form csv
cat $(find alone -name '*.csv') >rows
expect_text rows "1000,visits"
expect_no_text rows ",lab"
expect_text out "1 could not be made"
expect_exit 1 "$LASTGOOD" --case alone.case plan --service db --out alone.json
expect_text out "NOT back: no usable copy has '/srv/pg'"
expect_text out "it is undecided: pg/pg_tblspc/"
