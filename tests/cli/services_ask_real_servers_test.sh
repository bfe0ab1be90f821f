# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# A service on a real PostgreSQL: asked in SQL while it is up, restore-tested by the start that answers its sheet, not
# started while what came back would run a planted command, and started after `replay` has put a clean copy there.
. "$TESTS/expect.sh"
[ "$(id -u)" = 0 ] || { echo "skipped: servers are locked in by root only"; exit 0; }
here=$PWD
B=/usr/lib/postgresql/15/bin
chmod 711 .
mkdir db backup && chown postgres: db
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups -- sh -c "cd $here/db; $1"; }
trap 'as_postgres "$B/pg_ctl -D data -m immediate stop" >/dev/null 2>&1 || true
  as_postgres "$B/pg_ctl -D $here/r$here/db/data -m immediate stop" >/dev/null 2>&1 || true' EXIT
echo top-secret >password
cp password db/password && chown postgres: db/password
as_postgres "$B/initdb -D data -A scram-sha-256 --pwfile=password --no-sync -U owner >init.log
  printf \"unix_socket_directories='$here/db'\nlisten_addresses=''\nfsync=off\narchive_mode=on\narchive_command='touch $here/db/planted'\n\" >>data/postgresql.conf
  $B/pg_ctl -D data -w -l log start >/dev/null </dev/null
  export PGPASSWORD=top-secret PGHOST=$here/db PGUSER=owner
  $B/psql -X -d postgres -qc 'create database his'
  $B/psql -X -d his -qc 'create table ward(id int, name text)' -c \"insert into ward select i, 'W-'||i from generate_series(1,50) i\"
  $B/pg_basebackup -D base -c fast --no-sync"
mkdir backup/2022-11-22 backup/2022-11-21
cp -a db/base backup/2022-11-21/data
mv db/base backup/2022-11-22/data
write_services() { # write_services FOLDER
  cat >services.toml <<T
[service.his]
start = ["$B/pg_ctl", "-D", "$1", "-w", "-s", "-l", "$here/db/log", "start"]
user = "postgres"
healthcheck = { sql = "SELECT count(*) FROM ward", socket = "$here/db", user = "owner", password_file = "$here/password", interval = "200ms" }
[[service.his.data]]
kind = "postgresql"
path = "$1"
database = "his"
[[service.his.sheet]]
id = "wards"
sql = "SELECT id, name FROM ward ORDER BY id"
T
}
write_services "$here/db/data"

expect_exit 0 "$LASTGOOD" case new c
expect_exit 0 "$LASTGOOD" --case c.case backups add nas "folder:$here/backup" --map "=$here/db"
"$LASTGOOD" --case c.case backups judge >out
expect_exit 0 "$LASTGOOD" --case c.case services set services.toml
# A copy that was judged and not yet tried has a size: what comes back takes time.
"$LASTGOOD" --case c.case services status --json >out 2>err || true
python3 -c 'import json; assert any(json.loads(l).get("bytes", 0) > 10_000_000 for l in open("out"))' || { cat out err; exit 1; }
expect_exit 0 "$LASTGOOD" --case c.case services check
expect_text out 'answers; no table refused to'
expect_text out 'sheet wards: 50 rows'

# A password that everybody may read is not sent; then the live server answers.
expect_exit 1 "$LASTGOOD" --case c.case services status
expect_text out 'chmod 600'
chmod 600 password
expect_exit 0 "$LASTGOOD" --case c.case services status
expect_text out 'answered with rows'
as_postgres "$B/pg_ctl -D data -w -m immediate stop" >/dev/null
rm -f db/planted
expect_exit 1 "$LASTGOOD" --case c.case services status
expect_text out 'restorable'

# What came back would run a command: not started, until a clean copy is there.
expect_exit 0 "$LASTGOOD" --case c.case restore --service his --to r
expect_text out "'$here/r' is open to you alone: before a server is started on a database in it: chmod 711"
chmod 755 r
folder="$here/r$here/db/data"
write_services "$folder"
expect_exit 0 "$LASTGOOD" --case c.case services set services.toml
expect_exit 1 "$LASTGOOD" --case c.case services start
expect_text out "archive_command = 'touch"
expect_text out "lastgood --case c.case replay $folder"
[ ! -e "$folder/postmaster.pid" ]
"$LASTGOOD" --case c.case replay "$folder" >out 2>err || { cat out err; exit 1; }
expect_text out 'not in force any more'
expect_exit 0 "$LASTGOOD" --case c.case services start
expect_text out 'healthy     his'
expect_text out 'answered with rows'
[ ! -e db/planted ]
expect_exit 0 "$LASTGOOD" --case c.case ledger verify
