# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# A restore of a database whose server still runs says how to stop it, and nothing of verifying; the same again, after it
# came back and was started, says that it is back, also when other places were scanned meanwhile, and its plan stays.
. "$TESTS/expect.sh"
[ "$(id -u)" = 0 ] || { echo "skipped: servers are run as their own account by root only"; exit 0; }
here=$PWD
B=/usr/lib/postgresql/15/bin
chmod 711 .
mkdir db other && chown postgres: db && seq 99 >other/list.txt
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups -- sh -c "cd $here/db; $1"; }
sql() { as_postgres "$B/psql -X -h $here/db -d postgres -qAtc \"$1\""; }
trap 'as_postgres "$B/pg_ctl -D data -m immediate stop" >/dev/null 2>&1 || true' EXIT
as_postgres "$B/initdb -D data -A trust --no-sync -U postgres >init.log
  printf \"unix_socket_directories='$here/db'\nlisten_addresses=''\nfsync=off\n\" >>data/postgresql.conf
  $B/pg_ctl -D data -w -l log start >/dev/null </dev/null"
sql 'create table visits as select generate_series(1, 5000) as id'
table=$(sql "select pg_relation_filepath('visits')")
as_postgres "$B/pg_basebackup -h $here/db -D base -c fast --no-sync"
mkdir -p backup/2022-11-22T070000Z && mv db/base backup/2022-11-22T070000Z/data
chmod 755 backup/2022-11-22T070000Z/data   # as tools leave it that copy without modes
chown root: backup/2022-11-22T070000Z/data # and without owners
cat >services.toml <<T
[service.his]
stop = ["$B/pg_ctl", "-D", "$here/db/data", "-w", "-m", "fast", "stop"]
user = "postgres"
healthcheck = { test = ["CMD", "/usr/bin/test", "-e", "$here/db/data/postmaster.pid"] }
[[service.his.data]]
kind = "postgresql"
path = "$here/db/data"
T
expect_exit 0 "$LASTGOOD" case new c
expect_exit 0 "$LASTGOOD" backups add nas "folder:$here/backup" --map "=$here/db"
expect_exit 0 "$LASTGOOD" backups judge
expect_exit 0 "$LASTGOOD" services set services.toml
openssl rand -out "db/data/$table.bak9" 180000 && rm "db/data/$table"
"$LASTGOOD" scan "$here/db" >out 2>err || true

expect_exit 3 "$LASTGOOD" restore --service his --in-place
expect_text out 'restore.in-use'
expect_text out 'services stop his'
expect_text out 'then: the same command again'
expect_no_text out 'verify'
expect_no_text out 'services start'
expect_exit 0 "$LASTGOOD" services stop his
expect_exit 0 "$LASTGOOD" restore --service his --in-place
expect_text out 'going on by the plan of'
expect_text out 'verify'
expect_text out 'restore.mode'
[ "$(stat -c %a db/data)" = 700 ]
expect_text out "before it is started: $here/db/data belongs to root, as in the backup: chown -R postgres: $here/db/data"
chown -R postgres: db/data
as_postgres "$B/pg_ctl -D data -w -l log start >/dev/null </dev/null"
[ "$(sql 'select count(*) from visits')" -eq 5000 ]
sql 'insert into visits values (5001)'
# Of one that could be asked and was not nobody says that it has stopped.
expect_exit 1 "$LASTGOOD" services status --no-health
expect_text out 'not asked   his'
expect_no_text out 'stopped'
# One service, by its name; what has a '/' or the ending .toml is a file.
expect_exit 1 "$LASTGOOD" services status his --no-health
expect_text out 'not asked   his'
expect_exit 2 "$LASTGOOD" services status hiss
expect_text err "did you mean 'his'?"
expect_exit 1 "$LASTGOOD" services status ./services.toml
plan=$(sha256sum c.case/services/plans/his.json)
# Other places say nothing of it.
expect_exit 0 "$LASTGOOD" scan "$here/other"
expect_exit 0 "$LASTGOOD" restore --service his --in-place
expect_text out 'all of it was restored at'
expect_text out 'leaves what stands there as it is'
[ "$plan" = "$(sha256sum c.case/services/plans/his.json)" ]
[ "$(sql 'select count(*) from visits')" -eq 5001 ]
expect_exit 0 "$LASTGOOD" kept verify c.case/services/plans/his.json
# A scan of its own place does.
"$LASTGOOD" scan "$here/db" >out 2>err || true
"$LASTGOOD" restore --service his --in-place >out 2>err || true
expect_no_text out 'all of it was restored at'
[ "$(sql 'select count(*) from visits')" -eq 5001 ]
