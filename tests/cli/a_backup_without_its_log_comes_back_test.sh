#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# A base backup that holds none of its log ('pg_basebackup -X none', as Barman and pgBackRest lay it) comes back with the
# archive that the services file names: judged, tried, asked for sheets, planned, restored, replayed. Where the archive
# has a gap nothing of it is called usable.
set -eu
. "$TESTS/expect.sh"
[ "$(id -u)" = 0 ] || { echo "skipped: servers are locked in by root only"; exit 0; }

B=/usr/lib/postgresql/15/bin
chmod 711 "$PWD"
mkdir db && chown postgres: db
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups -- sh -c "cd $PWD/db; $1"; }
trap 'as_postgres "$B/pg_ctl -D data -m immediate stop" >/dev/null 2>&1 || true' EXIT
as_postgres "$B/initdb -D data -k -A trust --no-sync --wal-segsize=1 >init.log; mkdir wal
  printf \"unix_socket_directories='\$PWD'\nlisten_addresses=''\nfsync=off\narchive_mode=on\narchive_command='cp %%p \$PWD/wal/%%f'\n\" >>data/postgresql.conf
  $B/pg_ctl -D data -w -l log start >/dev/null </dev/null"
ask() { as_postgres "$B/psql -h \$PWD -d postgres -v ON_ERROR_STOP=1 -qAtc \"$1\""; }
ask "create table visits(id serial primary key, ward text default 'W1')"
ask "insert into visits select from generate_series(1, 1000)"
as_postgres "$B/pg_basebackup -h \$PWD -D base -X none -c fast" 2>/dev/null
ask "insert into visits select from generate_series(1, 500)"
ask "select pg_switch_wal()" >/dev/null
ask "insert into visits select from generate_series(1, 17)"
ask "select pg_switch_wal()" >/dev/null
while ls db/data/pg_wal/archive_status | grep -q ready; do sleep 0.1; done
as_postgres "$B/pg_ctl -D data -m immediate stop" >/dev/null
[ "$(ls db/base/pg_wal | grep -c '^0')" -eq 0 ]

mkdir -p nas/2022-11-21/srv/pg nas/2022-11-22/srv
seq 9 >nas/2022-11-21/srv/pg/x
cp -a db/base nas/2022-11-22/srv/pg
cp -a db/wal nas/2022-11-22/srv/wal
cat >services.toml <<T
[service.db]
title = "Visits"
tier = 1
start = ["/bin/true"]
[[service.db.data]]
kind = "postgresql"
path = "/srv/pg"
logs = "/srv/wal"
[[service.db.sheet]]
id = "all"
title = "All visits"
for = "ward"
group_by = "ward"
sql = "select ward, count(*) as visits from visits group by ward"
T
expect_exit 0 "$LASTGOOD" case new way
expect_exit 0 "$LASTGOOD" --case way.case backups add nas "folder:$PWD/nas"
expect_exit 0 "$LASTGOOD" --case way.case backups judge
expect_exit 0 "$LASTGOOD" --case way.case backups list
expect_text out "needs_log"

# Nobody has said where its log lies: it cannot be used, and what helps is said.
sed '/^logs/d' services.toml >without.toml
expect_exit 1 "$LASTGOOD" --case way.case plan --services without.toml --service db --out without.json
expect_text out "Visits NOT back"
expect_text out "it is without its log: "
expect_text out "'logs' of the services file says where that lies"

expect_exit 0 "$LASTGOOD" --case way.case services set services.toml
expect_exit 1 "$LASTGOOD" --case way.case services status
expect_text out "its saved logs may complete it: 'lastgood --case $PWD/way.case services check' tries that"
expect_exit 0 "$LASTGOOD" --case way.case services check
expect_text out "it needs its log, and was started with the saved ones in 'nas 2022-11-22"
expect_exit 1 "$LASTGOOD" --case way.case services status
expect_text out "restorable"
mkdir paper
expect_exit 0 "$LASTGOOD" --case way.case sheets --to paper
expect_text out "with its saved logs"
grep -rq "1517" paper/current/

expect_exit 0 "$LASTGOOD" --case way.case plan --service db --out way.json
expect_text out "Visits back at about"
expect_text out "it cannot be started before that replay"
expect_text out "it can be used only when these logs are replayed"
expect_text out "Nothing is known to be lost."
grep -q '"needs_log":true' way.json
expect_exit 0 "$LASTGOOD" --case way.case restore way.json --to restored
grep -q "replayed .* files of '/srv/wal' in nas" out
expect_exit 0 "$LASTGOOD" --case way.case verify way.json --at restored
chmod 711 restored restored/srv
chown -R postgres: restored/srv/pg
as_postgres "$B/pg_ctl -D ../restored/srv/pg -w -l ../db/log2 -o '-c unix_socket_directories=$PWD/db' start >/dev/null </dev/null" || { cat db/log2; exit 1; }
[ "$(ask 'select count(*) from visits')" -eq 1517 ]
as_postgres "$B/pg_ctl -D ../restored/srv/pg -m fast -w stop" >/dev/null

# Left out by a person: said what that means, and not called good; by hand it comes to the same end.
expect_exit 3 "$LASTGOOD" --case way.case restore way.json --to bare --no-replay
expect_text out "CANNOT BE STARTED YET: "
expect_text out "never remove its backup_label"
expect_exit 1 "$LASTGOOD" --case way.case verify way.json --at bare
expect_text out "needs_log"
expect_exit 0 "$LASTGOOD" --case way.case replay bare/srv/pg --logs db/wal
expect_exit 0 "$LASTGOOD" --case way.case verify way.json --at bare

# In place the struck folder is kept. It is read for its digests when the log has been replayed and all is said.
mkdir -p struck/srv && cp -a db/data struck/srv/pg
openssl rand -out struck/srv/pg/global/pg_control 8192
files=$(find struck/srv/pg ! -type d | wc -l)
# Killed while it replays: all files are in place, and nothing is started on them before the same command has gone on.
begun() { grep -c replay-begun way.case/ledger || true; }
before=$(begun)
"$LASTGOOD" --case way.case restore way.json --in-place --root struck >/dev/null 2>&1 &
restore=$!
while [ "$(begun)" -eq "$before" ] && kill -0 $restore; do sleep 0.02; done
kill -9 $restore && ! wait $restore
expect_exit 1 "$LASTGOOD" --case way.case services status
expect_text out "postgresql: the restore that brings it back has not replayed its saved logs"
expect_no_text out "its data are in place"
expect_exit 1 "$LASTGOOD" --case way.case services start
expect_text out "nothing is started on it: the restore that brings it back has not replayed its saved logs"
expect_exit 0 "$LASTGOOD" --case way.case restore way.json --in-place --root struck
grep -E '^(replayed|next|digests)' out | cut -d' ' -f1 | tr '\n' ' ' | grep -qx 'replayed next: digests '
expect_text out "digests taken of the databases that were put aside (1): $files files"
expect_exit 0 "$LASTGOOD" --case way.case kept verify way.json
expect_text out "/srv/pg ($files files)"
expect_exit 0 "$LASTGOOD" --case way.case restore way.json --in-place --root struck
[ "$(grep -c digests out)" -eq 0 ]
expect_exit 0 "$LASTGOOD" --case way.case services start

# --- the archive lost the very segment that the backup needs ---
needed=$(sed -n 's/^START WAL LOCATION.*file \([0-9A-F]*\)).*/\1/p' db/base/backup_label)
rm "nas/2022-11-22/srv/wal/$needed"
expect_exit 1 "$LASTGOOD" --case way.case plan --service db --out gap.json
expect_text out "Visits NOT back"
expect_text out "the logs at '/srv/wal' do not complete it: segment $needed is not there, which it needs (nas 2022-11-22"
expect_exit 1 "$LASTGOOD" --case way.case services check
expect_text out "cannot be used: it needs its log, and the logs at '/srv/wal' do not complete it: segment $needed"
rm -rf paper; mkdir paper
expect_exit 3 "$LASTGOOD" --case way.case sheets --from-backups --to paper
expect_text out "segment $needed is not there"
expect_exit 3 "$LASTGOOD" --case way.case restore way.json --to apart --json
grep -q "unstartable.*apart.srv.pg" out
expect_exit 3 "$LASTGOOD" --case way.case restore way.json --to apart
expect_text out "not replayed: "
expect_text out "CANNOT BE STARTED YET: "
expect_exit 0 "$LASTGOOD" --case way.case ledger verify
