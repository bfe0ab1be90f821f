#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# Files of tables that were deleted or emptied inside of a database: no scan has anything against what is not there, and
# the database knows what it lacks. It comes back as a whole; one that was made whole again meanwhile stays.
set -eu
. "$TESTS/expect.sh"
[ "$(id -u)" = 0 ] || { echo "skipped: databases are put back by root only"; exit 0; }

B=/usr/lib/postgresql/15/bin
here=$PWD
chmod 711 "$PWD"
mkdir srv && chown postgres: srv
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups -- sh -c "cd $here/srv; $1"; }
ask() {
  as_postgres "$B/pg_ctl -D pg -w -o '-c unix_socket_directories=$here/srv -c listen_addresses=' -l log start >/dev/null </dev/null
    $B/psql -h $here/srv -d postgres -v ON_ERROR_STOP=1 -qAtc \"$1\"
    $B/pg_ctl -D pg -w stop >/dev/null"
}
as_postgres "$B/initdb -D pg -k -A trust --no-sync >init.log"
ask "create table visits as select generate_series(1, 1000) as id"
ask "vacuum analyze"
ask "create table uncounted as select generate_series(1, 1000) as id"
ask "select 1 from pg_class" >/dev/null
table=$(ask "select pg_relation_filepath('visits')")
uncounted=$(ask "select pg_relation_filepath('uncounted')")

mkdir srv/my
maria() {
  mariadbd --no-defaults --datadir="$here/srv/my" --user=root --socket="$here/s" --skip-networking --pid-file="$here/pid" \
    >>maria.log 2>&1 &
  for i in $(seq 200); do mariadb-admin --no-defaults -u root -S s ping >/dev/null 2>&1 && break; sleep 0.1; done
  mariadb --no-defaults -u root -S s -e "$1"
  mariadb-admin --no-defaults -u root -S s shutdown && wait
}
mariadb-install-db --no-defaults --datadir="$here/srv/my" --user=root --auth-root-authentication-method=normal \
  --skip-test-db >init.log 2>&1
maria "create database lis; create table lis.orders(id int) engine=innodb; insert into lis.orders values (1), (2);
  create table lis.results(id int) engine=innodb; create table lis.old(id int) engine=myisam; insert into lis.old values (1)"

mkdir -p "nas/2022-11-21$here/srv" && cp -a srv/pg srv/my "nas/2022-11-21$here/srv/"
cat >services.toml <<TOML
[service.opd]
start = ["/bin/true"]
[[service.opd.data]]
kind = "postgresql"
path = "$here/srv/pg"
[service.lab]
start = ["/bin/true"]
[[service.lab.data]]
kind = "mariadb"
path = "$here/srv/my"
TOML
expect_exit 0 "$LASTGOOD" case new c
expect_exit 0 "$LASTGOOD" --case c.case backups add nas folder:nas --map =
expect_exit 0 "$LASTGOOD" --case c.case backups judge
expect_exit 0 "$LASTGOOD" --case c.case services set services.toml
printf 'a note\n' >srv/note.txt

# Nothing was done to them: nothing comes back.
expect_exit 0 "$LASTGOOD" --case c.case scan srv
expect_exit 0 "$LASTGOOD" --case c.case plan --only "$here/srv/pg" --only "$here/srv/my" --out none.json
expect_text out "Nothing is known to be lost"

cp -a srv/pg/"$table" kept-table
rm "srv/pg/$table" srv/my/lis/orders.ibd srv/my/lis/results.ibd srv/my/lis/old.MYD
expect_exit 0 "$LASTGOOD" --case c.case scan srv
expect_exit 1 "$LASTGOOD" --case c.case services status
expect_text out "nothing of it is encrypted as the newest scan saw it, but what stands there is damaged: $table: is not there, and 'visits' has its rows in it"
# Who decides wants to know which tables.
expect_text out "lis/old.frm: the table's data, its .MYD file, is not there (and 2 more files: 'lis/orders.frm', 'lis/results.frm')"
expect_no_text out "services start"
# Nor does anybody start a server on it.
expect_exit 1 "$LASTGOOD" --case c.case services start opd
expect_text out "what stands in its postgresql is damaged: $table: is not there, and 'visits' has its rows in it; nothing is started"
# Nobody exchanges a database for that unasked.
expect_exit 1 "$LASTGOOD" --case c.case plan --service opd --out named.json
expect_text out "opd NOT back: '$here/srv/pg': nothing of it is encrypted as the newest scan saw it, but what stands there is damaged: $table"
expect_text out "unit.in-place: nothing of it is encrypted as the newest scan saw it, but what stands there is damaged: $table"
expect_exit 3 "$LASTGOOD" --case c.case restore --service opd --in-place
expect_no_text out "services start"
[ ! -e "srv/pg/$table" ]
expect_exit 0 "$LASTGOOD" --case c.case plan --service opd --exchange-damaged --out opd.json
expect_text out "unit.in-place: nothing of it is encrypted as the newest scan saw it, but what stands there is damaged: $table"

# Somebody had kept the table and put it back: rows of today do not give way.
cp -a kept-table "srv/pg/$table"
ask "insert into visits values (1001)"
expect_exit 0 "$LASTGOOD" --case c.case services start opd
expect_exit 3 "$LASTGOOD" --case c.case restore opd.json --in-place
expect_text out "restore.whole: what stands there is whole (consistent), though it was not when this was planned"
[ "$(ask 'select count(*) from visits')" = 1001 ]

# An emptied table is a sound one of no rows to its server; its visibility map tells.
: >"srv/pg/$table"
expect_exit 0 "$LASTGOOD" --case c.case scan srv
expect_exit 0 "$LASTGOOD" --case c.case plan --only "$here/srv" --exchange-damaged --out all.json
expect_text out "are empty or cut off, and the visibility map says that there are rows"
expect_exit 0 "$LASTGOOD" --case c.case restore all.json --in-place
[ "$(ask 'select count(*) from visits')" = 1000 ]
maria "select count(*) from lis.orders" | grep -qx 2
expect_exit 0 "$LASTGOOD" --case c.case kept verify all.json

# Of one that was never counted no byte says whether its rows were deleted in good order: it is no loss, and named; so is
# one that was cut, or holds zeros. The copy can be had beside, and never in place of what may be right.
held=$(stat -c %s "srv/pg/$uncounted")
for strike in 'truncate -s 0' 'truncate -s 8192' "cp zeros"; do
  head -c "$held" /dev/zero >zeros
  $strike "srv/pg/$uncounted"
  expect_exit 0 "$LASTGOOD" --case c.case scan srv
  expect_exit 0 "$LASTGOOD" --case c.case plan --service opd --out shrunk.json
  expect_text out "unit.shrunk: 1 file of it holds nothing, or less than in snapshot"
  expect_text out "Nothing else is known to be lost"
  expect_no_text out "NOT back"
done
expect_exit 0 "$LASTGOOD" --case c.case plan --only "$here/srv/pg" --also-intact --out whole.json
expect_exit 32 "$LASTGOOD" --case c.case restore whole.json --in-place
expect_text err "cannot restore in place: the plan brings what stands there whole, too"
expect_exit 0 "$LASTGOOD" --case c.case restore whole.json --to beside
[ "$(stat -c %s "beside$here/srv/pg/$uncounted")" -eq "$held" ]

# Where links lead elsewhere the file that is gone is named, not what they lead to.
mv srv/pg/pg_wal log-disk && chown -h postgres: log-disk && ln -s "$here/log-disk" srv/pg/pg_wal
rm "srv/pg/$table"
expect_exit 0 "$LASTGOOD" --case c.case scan srv
expect_exit 1 "$LASTGOOD" --case c.case services status
expect_text out "what stands there is damaged: $table: is not there, and 'visits' has its rows in it. "

# Struck again, and nobody has scanned since: what was renamed looks random, and is named; a stray beside is not.
cp -a kept-table "srv/pg/$table" && chown postgres: "srv/pg/$table"
rm srv/pg/pg_wal && mv log-disk srv/pg/pg_wal
expect_exit 0 "$LASTGOOD" --case c.case scan srv
head -c 40000 /dev/urandom >srv/pg/base/5/export.zip
head -c 40000 /dev/urandom >srv/my/lis/export.zip
expect_exit 0 "$LASTGOOD" --case c.case services start
head -c 40000 /dev/urandom >"srv/pg/$table.bak9" && rm "srv/pg/$table"
head -c 40000 /dev/urandom >srv/my/lis/orders.ibd.bak9 && rm srv/my/lis/orders.ibd
expect_exit 1 "$LASTGOOD" --case c.case services status
expect_text out "damaged: $table"
expect_text out "damaged: lis/orders"
expect_exit 1 "$LASTGOOD" --case c.case services start
expect_text out "what stands in its postgresql is damaged: $table"

# Gone as a whole since the newest scan, or its disk is not mounted: nothing is started that would make an empty one, and
# the plan says what to do.
for gone in nothing emptied; do
  mv srv/pg pg-elsewhere
  [ $gone = nothing ] || { mkdir srv/pg && chown postgres: srv/pg; }
  expect_exit 1 "$LASTGOOD" --case c.case services start opd
  expect_text out "stands at '$here/srv/pg', where its postgresql belongs; nothing is started"
  expect_exit 1 "$LASTGOOD" --case c.case plan --service opd --out gone.json
  expect_text out "opd NOT back: '$here/srv/pg': nothing"
  expect_text out "or its disk is not mounted"
  expect_no_text out "nothing of its own data has to come back"
  expect_exit 1 "$LASTGOOD" --case c.case scan srv # the laboratory is struck
  expect_exit 0 "$LASTGOOD" --case c.case restore --service opd --in-place
  expect_text out "services start"
  [ "$(ask 'select count(*) from visits')" = 1000 ]
  expect_exit 1 "$LASTGOOD" --case c.case scan srv
  rm -rf pg-elsewhere
done
