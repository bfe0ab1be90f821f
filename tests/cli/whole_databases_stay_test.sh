#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# A database that is whole as it stands does not give way to an older backup because the scan has something against a
# file of it: rows that were committed since would be lost. One with an encrypted file does, also where a folder beside
# it, whose name begins like its own, has struck files.
set -eu
. "$TESTS/expect.sh"
[ "$(id -u)" = 0 ] || { echo "skipped: databases are put back by root only"; exit 0; }

B=/usr/lib/postgresql/15/bin
chmod 711 "$PWD"
mkdir srv && chown postgres: srv
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups -- sh -c "cd $PWD/srv; $1"; }
ask() {
  as_postgres "$B/pg_ctl -D pg -w -o '-c unix_socket_directories=$PWD/srv -c listen_addresses=' -l log start >/dev/null </dev/null
    $B/psql -h $PWD/srv -d postgres -v ON_ERROR_STOP=1 -qAtc \"$1\"
    $B/pg_ctl -D pg -w stop >/dev/null"
}
as_postgres "$B/initdb -D pg -k -A trust --no-sync >init.log"
ask "create table visits as select generate_series(1, 1000) as id"
printf 'a report\n' >report.txt && python3 -c 'import zipfile; zipfile.ZipFile("srv/pg/reports.zip", "w").write("report.txt")'
here=$PWD
mkdir -p "nas/2022-11-21$here/srv" && cp -a srv/pg "nas/2022-11-21$here/srv/"
ask "insert into visits values (1001)"

expect_exit 0 "$LASTGOOD" case new c
expect_exit 0 "$LASTGOOD" --case c.case backups add nas folder:nas --map =
expect_exit 0 "$LASTGOOD" --case c.case backups judge
# Something spoilt a file in the folder that the server does not know.
head -c 60 srv/pg/reports.zip >cut && cat cut >srv/pg/reports.zip
expect_exit 1 "$LASTGOOD" --case c.case scan srv
as_postgres "$B/pg_ctl -D pg -w -o '-c unix_socket_directories=$here/srv -c listen_addresses=' -l log start >/dev/null </dev/null"
expect_exit 0 "$LASTGOOD" --case c.case plan --only "$here/srv/pg" --out working.json
expect_text out "unit.in-use: the scan has something against 1 file of it ('$here/srv/pg/reports.zip'), and postgres (process "
expect_text out "0 files, 0 B come back"
as_postgres "$B/pg_ctl -D pg -w stop >/dev/null"
expect_exit 0 "$LASTGOOD" --case c.case plan --only "$here/srv/pg" --out plan.json
expect_text out "unit.whole: the scan has something against 1 file of it ('$here/srv/pg/reports.zip')"
expect_exit 0 "$LASTGOOD" --case c.case restore plan.json --in-place
expect_text out "0 files, 0 B restored"
[ "$(ask 'select count(*) from visits')" -eq 1001 ]
[ ! -e /.lastgood-kept/"$(sha256sum plan.json | cut -c1-16)" ]

# Now it is struck, and so is a folder beside it.
mkdir srv/pg-old && openssl rand -out srv/pg-old/dump.sql.bak9 200000
table=$(ask "select pg_relation_filepath('visits')")
openssl rand -out "srv/pg/$table" "$(stat -c %s "srv/pg/$table")" && mv "srv/pg/$table" "srv/pg/$table.bak9"
openssl rand -out srv/pg/global/pg_control 8192
expect_exit 1 "$LASTGOOD" --case c.case scan srv
expect_exit 1 "$LASTGOOD" --case c.case plan --out plan2.json
expect_text out "srv/pg-old/dump.sql"
expect_exit 0 "$LASTGOOD" --case c.case restore plan2.json --in-place
[ "$(ask 'select count(*) from visits')" -eq 1000 ]
expect_exit 0 "$LASTGOOD" --case c.case kept verify plan2.json

# It was worked in since, and then a table of it was deleted: nothing starts on it, and what is given up is said.
ask "insert into visits values (2002)"
ask "vacuum analyze visits"
rm "srv/pg/$(ask "select pg_relation_filepath('visits')")"
expect_exit 1 "$LASTGOOD" --case c.case plan --out plan3.json
expect_exit 3 "$LASTGOOD" --case c.case restore plan3.json --in-place
expect_text out "restore.damaged: nothing that the scan found damaged in it stands there any more"
expect_text out "and 'visits' has its rows in it. Start nothing on it."
expect_text out "next: lastgood --case $here/c.case scan $here/srv/pg"
expect_no_text out "verify"
expect_exit 0 "$LASTGOOD" --case c.case scan srv/pg
expect_exit 0 "$LASTGOOD" --case c.case plan --only "$here/srv/pg" --exchange-damaged --out plan4.json
expect_text out "what stands there, which was at work until 20"
expect_text out "goes as a whole, and is kept aside: what was committed to it after the copy is in that alone"
expect_text out "Nothing else is known to be lost"

# On a new machine, which nobody has scanned, a package has made an empty database in its place: whose it is no byte tells, so
# that a person moves it away; nobody is told to start it.
rm -rf srv/pg && as_postgres "$B/initdb -D pg -k -A trust --no-sync >init.log"
expect_exit 0 "$LASTGOOD" case new new
expect_exit 0 "$LASTGOOD" --case new.case backups add nas folder:nas --map =
expect_exit 0 "$LASTGOOD" --case new.case backups judge
expect_exit 0 "$LASTGOOD" --case new.case plan --only "$here/srv/pg" --out new.json
expect_exit 3 "$LASTGOOD" --case new.case restore new.json --in-place
expect_text out "restore.unstruck: what stands there is whole (consistent), and no scan has anything against it now"
expect_text out "move it away and run the same command again"
expect_no_text out "services start"
mv srv/pg empty
expect_exit 0 "$LASTGOOD" --case new.case restore new.json --in-place
[ "$(ask 'select count(*) from visits')" -eq 1000 ]
