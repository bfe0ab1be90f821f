# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# The only backup of a real MariaDB lacks one table's file, another's is a pipe: nothing is restored from it, and its
# whole tables still fill sheets; sheet, check and status say which tables are missing.
. "$TESTS/expect.sh"
[ "$(id -u)" = 0 ] || { echo "skipped: servers are locked in by root only"; exit 0; }
here=$PWD
chmod 711 .
mkdir db && chown mysql: db
as_mysql() { setpriv --reuid=mysql --regid=mysql --init-groups -- sh -c "cd $here/db; $1"; }
as_mysql 'mariadb-install-db --no-defaults --datadir=$PWD/data --auth-root-authentication-method=normal --skip-test-db >init.log 2>&1
  mariadbd --no-defaults --datadir=$PWD/data --socket=$PWD/s --skip-networking --pid-file=$PWD/pid --innodb-flush-method=nosync >log 2>&1 &
  for i in $(seq 900); do mariadb-admin --no-defaults -u root -S $PWD/s ping >/dev/null 2>&1 && break; sleep 0.1; done
  q() { mariadb --no-defaults -u root -S $PWD/s -e "$1"; }
  q "create database lis; use lis; create table lis.ward(id int primary key, name varchar(20)) engine=innodb; create table lis.drug like lis.ward;
     create table lis.bed like lis.ward; insert into lis.ward select seq, concat(\"W-\", seq) from seq_1_to_40;
     insert into lis.drug select * from lis.ward; insert into lis.bed select * from lis.ward"
  mariadb-admin --no-defaults -u root -S $PWD/s shutdown; wait'
mkdir -p backup
cp -a db/data backup/
rm backup/data/lis/drug.ibd backup/data/lis/bed.ibd
mkfifo backup/data/lis/bed.ibd
cat >services.toml <<T
[service.lis]
[[service.lis.data]]
kind = "mariadb"
path = "$here/db/data"
database = "lis"
[[service.lis.sheet]]
id = "wards"
sql = "SELECT id, name FROM ward ORDER BY id"
[[service.lis.sheet]]
id = "drugs"
sql = "SELECT id, name FROM drug ORDER BY id"
T
expect_exit 0 "$LASTGOOD" case new c
expect_exit 0 "$LASTGOOD" --case c.case backups add nas "folder:$here/backup" --map "=$here/db"
expect_exit 1 "$LASTGOOD" --case c.case backups judge
expect_exit 0 "$LASTGOOD" --case c.case services set services.toml
expect_exit 1 "$LASTGOOD" --case c.case services status
expect_text out 'its whole tables may still fill sheets'
"$LASTGOOD" --case c.case services check >out 2>err && { cat out err; exit 1; }
expect_text out 'its only copy cannot be used: damaged: '
expect_text out '2 tables of this copy do not answer: lis.bed, lis.drug'
expect_text out 'sheet wards: 40 rows'
expect_exit 1 "$LASTGOOD" --case c.case services status
expect_text out 'down'
expect_text out '2 tables of this copy do not answer: lis.bed, lis.drug'
mkdir pages
"$LASTGOOD" --case c.case sheets --to pages --services services.toml >out 2>err && { cat out err; exit 1; }
expect_text out '2 tables of this copy do not answer: lis.bed, lis.drug'
expect_text pages/current/sheets/wards.html 'W-40'
expect_text pages/current/sheets/wards.html 'a damaged copy'
grep -rq 'W-40' pages/current/sheets/drugs.html && exit 1
expect_exit 0 "$LASTGOOD" --case c.case ledger verify
