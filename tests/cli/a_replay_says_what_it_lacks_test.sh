#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# Of a database restored with logs of which the last were struck: the restore, the replay that it names, status, the start, the
# sheets and the report all say that later commits may be missing; once people work in it, paper says it and the exit code does
# not. Its age is that of the last commit: neither a checkpoint nor a base backup makes it younger, a commit does.
set -eu
. "$TESTS/expect.sh"
[ "$(id -u)" = 0 ] || { echo "skipped: servers are locked in by root only"; exit 0; }

B=/usr/lib/postgresql/15/bin
home=$PWD
chmod 711 "$PWD"
mkdir db srv && chown postgres: db
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups -- sh -c "cd $home/db; $1"; }
stop_all() {
  for data in "$home/db/data" "$home/srv/pg"; do
    as_postgres "$B/pg_ctl -D $data -m immediate stop" >/dev/null 2>&1 || true
  done
}
trap stop_all EXIT
as_postgres "$B/initdb -D data -k -A trust --no-sync --wal-segsize=1 >init.log; mkdir wal
  printf \"unix_socket_directories='\$PWD'\nlisten_addresses=''\nfsync=off\nautovacuum=off\narchive_mode=on\narchive_command='test -d \$PWD/wal && cp %%p \$PWD/wal/%%f'\n\" >>data/postgresql.conf
  $B/pg_ctl -D data -w -l log start >/dev/null </dev/null"
ask() { as_postgres "$B/psql -h \$PWD -d postgres -v ON_ERROR_STOP=1 -qAtc \"$1\""; }
ask "create table bed(ward text, name text)"
as_postgres "$B/pg_basebackup -h \$PWD -D base -X stream -c fast"
for ward in A B C D; do
  ask "insert into bed select '$ward', g from generate_series(1, 10) g"
  ask "select pg_switch_wal()" >/dev/null
done
while ls db/data/pg_wal/archive_status | grep -q ready; do sleep 0.1; done
as_postgres "$B/pg_ctl -D data -m immediate stop" >/dev/null

mkdir -p nas/srv && cp -a db/base nas/srv/pg && cp -a db/wal nas/srv/wal
sed -i "s,^archive_.*,,; s,^unix_socket_directories.*,unix_socket_directories='$home/db'," nas/srv/pg/postgresql.conf
for log in $(ls nas/srv/wal | grep -v '\.' | tail -2); do
  random_bytes 1048576 >"nas/srv/wal/$log.bak9"
  rm "nas/srv/wal/$log"
done
cat >services.toml <<TOML
[service.wards]
title = "Wards"
tier = 1
start = ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "$B/pg_ctl", "-D", "$home/srv/pg", "-w", "-l", "$home/db/log2", "start"]
[[service.wards.data]]
kind = "postgresql"
path = "$home/srv/pg"
logs = "$home/srv/wal"
[[service.wards.sheet]]
id = "beds"
sql = "SELECT ward, name FROM bed ORDER BY 1, 2"
stale_after = "1h"
TOML

# Of two sources the newer one has a log that is broken inside: the sheets take the older one's.
expect_exit 0 "$LASTGOOD" case new two
expect_exit 0 "$LASTGOOD" --case two.case services set services.toml
for source in old new; do
  mkdir -p $source/srv && cp -a db/base $source/srv/pg && cp -a db/wal $source/srv/wal
  [ $source = old ] || random_bytes 200 | dd of="new/srv/wal/$(ls db/wal | grep -v '\.' | tail -2 | head -1)" bs=200 seek=1 conv=notrunc 2>/dev/null
  expect_exit 0 "$LASTGOOD" --case two.case backups add $source "folder:$home/$source" --map "=$home"
done
expect_exit 0 "$LASTGOOD" --case two.case backups judge
(cd / && "$LASTGOOD" --case "$home/two.case" sheets --to "$home/both" --form csv >"$home/out" 2>"$home/err") || { cat out err; exit 1; }
expect_text out "40 rows"
# A replay with fewer logs than the backups have says so, and is no whole one for the restore behind it.
expect_exit 0 "$LASTGOOD" --case two.case restore --service wards --in-place --no-replay
mkdir part && cp $(ls -d db/wal/0* | grep -v '\.' | head -3) part
expect_exit 3 "$LASTGOOD" --case two.case replay srv/pg --logs part
expect_text out "NOT SURE to be all"
expect_text out "backups have later ones"
expect_exit 3 "$LASTGOOD" --case two.case restore --service wards --in-place
expect_text out "replayed before: $home/part"
expect_exit 32 "$LASTGOOD" --case two.case case new old/inner
rm -r old new srv/*

expect_exit 0 "$LASTGOOD" case new night
L="$LASTGOOD --case night.case"
expect_exit 0 $L services set services.toml
expect_exit 0 $L backups add nas "folder:$home/nas" --map "=$home"
expect_exit 0 $L backups judge nas
expect_exit 3 $L restore --service wards --in-place
expect_text out "NOT SURE to be all"
expect_text out "start nothing on it before that is done"
grep -o "replay $home/srv/pg --logs-in-backups [^ ]*" out | head -1 >told
expect_exit 3 $L $(cat told)
expect_text out "NOT SURE to be all"
expect_text out "2 later logs"
expect_exit 1 $L services status
expect_text out "may lack what was committed last"
expect_text out "NOT SURE to be all"
beds() { # EXPECTED-EXIT: the sheets, from elsewhere
  rm -rf papers
  (cd / && expect_into "$1")
}
expect_into() {
  status=0
  $LASTGOOD --case "$home/night.case" sheets --to "$home/papers" --form csv >"$home/out" 2>"$home/err" || status=$?
  [ "$status" = "$1" ] || { echo "sheets: exit $status instead of $1"; cat "$home/out" "$home/err"; exit 1; }
}
age() { grep -o 'data as of 20[0-9: -]*' papers/current/sheets/beds.csv | head -1; }
beds 3
expect_text out "20 rows"
expect_text out "NOT SURE to be all"
first=$(age)
expect_exit 0 $L report --form day-1
expect_text out "NOT SURE to be all"
chown -R postgres: srv
expect_exit 0 $L services start
expect_text out "NOT SURE to be all"
sleep 1.1
ask "checkpoint"
as_postgres "$B/pg_basebackup -h \$PWD -D again -X stream -c fast"
beds 0
expect_text out "NOT SURE to be all"
[ "$(age)" = "$first" ] || { echo "nobody has entered anything: $(age), not $first"; exit 1; }
ask "insert into bed values ('E', 'of today')"
as_postgres "rm -r again; $B/pg_basebackup -h \$PWD -D again -X stream -c fast"
ask "checkpoint"
beds 0
[ "$(age)" != "$first" ] || { echo "the commit of today is not seen: $(age)"; exit 1; }
expect_text papers/current/sheets/beds.csv "of today"
