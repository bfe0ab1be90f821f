# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# Dumps as pg_dump, pg_dumpall, mariadb-dump and sqlite3 write them are intact, and each of them cut in the middle is
# damaged, at every depth: no plan may choose one. So is a packed one that ends in the middle of its text.
. "$TESTS/expect.sh"
[ "$(id -u)" -eq 0 ] || { echo "needs root"; exit 1; }
chmod 711 . && mkdir pg my dumps && chown postgres pg && chown mysql my
bin=/usr/lib/postgresql/15/bin
as() { user=$1 && shift && setpriv --reuid="$user" --regid="$user" --init-groups -- "$@"; }

as postgres "$bin/initdb" -D "$PWD/pg/data" -A trust --no-sync >pg.log
as postgres "$bin/pg_ctl" -D "$PWD/pg/data" -w -l "$PWD/pg/log" -o "-c unix_socket_directories=$PWD/pg -c listen_addresses=" start >pg.log
export PGHOST="$PWD/pg" PGUSER=postgres
createdb his
psql -q -X -d his -v ON_ERROR_STOP=1 >psql.log <<'SQL'
create table patients as select i as id, 'Patient ' || md5(i::text) as name from generate_series(1,3000) i;
create table visits as select i as id, repeat('seen ', i % 7) as note from generate_series(1,2000) i;
select lo_from_bytea(0, decode(repeat('00ff41', 20000), 'hex'));
SQL
for level in 0 1 6 9; do pg_dump -Fc -Z$level -f dumps/level$level.dump his; done
pg_dump -Fc his | cat >dumps/through_a_pipe.backup
pg_dump -Fc -s -f dumps/schema.dump his
pg_dump -Fd -f directory his && cp directory/toc.dat dumps
pg_dump his >dumps/rows.sql
pg_dump --inserts his >dumps/inserts
pg_dumpall >dumps/all.sql
as postgres "$bin/pg_ctl" -D "$PWD/pg/data" -w stop >pg.log

as mysql mariadb-install-db --no-defaults --datadir="$PWD/my/data" --auth-root-authentication-method=normal --skip-test-db >my.log 2>&1
as mysql mariadbd --no-defaults --datadir="$PWD/my/data" --socket="$PWD/my/s" --skip-networking --pid-file="$PWD/my/pid" >my.log 2>&1 &
for _ in $(seq 300); do mariadb-admin --no-defaults -u root -S "$PWD/my/s" ping >/dev/null 2>&1 && break; sleep 0.1; done
mariadb --no-defaults -u root -S "$PWD/my/s" -e "create database lis; use lis; create table orders as select seq id, md5(seq) code from seq_1_to_2000"
mariadb-dump --no-defaults -u root -S "$PWD/my/s" lis >dumps/lis.sql
mariadb-dump --no-defaults -u root -S "$PWD/my/s" --skip-comments lis >dumps/lis_no_comments.sql
mariadb-dump --no-defaults -u root -S "$PWD/my/s" --skip-dump-date --all-databases >dumps/lis_all.sql
kill -9 "$(cat my/pid)" && wait || true
sqlite3 :memory: "create table ward(id); insert into ward select value from generate_series(1,200);" .dump >dumps/ward.sql

for dump in dumps/*; do
  name=${dump#dumps/}
  size=$(stat -c %s "$dump")
  for depth in quick standard full; do
    expect_exit 0 "$LASTGOOD" explain --depth $depth "$dump"
    expect_text out 'intact'
    for kept in $((size / 3)) $((size / 2)) $((size - 300)); do
      head -c $kept "$dump" >"cut_$name"
      "$LASTGOOD" explain --depth $depth "cut_$name" >out 2>err && { echo "$name cut to $kept of $size bytes passes at depth $depth"; cat out; exit 1; }
      expect_text out 'damaged'
    done
  done
done

# A dump whose program died while the compressor closed its file in good order.
pack() { python3 -c 'import bz2, gzip, lzma, sys; sys.stdout.buffer.write({"gz": gzip, "bz2": bz2, "xz": lzma}[sys.argv[1]].compress(sys.stdin.buffer.read()))' "$1"; }
for packing in gz bz2 xz; do
  for dump in rows lis; do
    pack $packing <dumps/$dump.sql >packed.sql.$packing
    expect_exit 0 "$LASTGOOD" explain packed.sql.$packing
    head -c 20000 dumps/$dump.sql | pack $packing >packed.sql.$packing
    expect_exit 1 "$LASTGOOD" explain packed.sql.$packing
    expect_text out 'damaged'
    expect_text out '.dump.cut'
  done
done

# Which table is lost is said.
head -c $(($(stat -c %s dumps/level6.dump) - 2000)) dumps/level6.dump >lost.dump
expect_exit 1 "$LASTGOOD" explain lost.dump
expect_text out "have no data in the content: data of"

# Overwritten in the middle by ciphertext: a part of it is encrypted, and where is said.
pages=$(($(stat -c %s dumps/level0.dump) / 4096))
[ $pages -gt 40 ] || { echo "a dump of $pages pages is too small for this"; exit 1; }
cp dumps/level0.dump struck.dump
seeded_bytes 65536 3 | dd of=struck.dump bs=4096 seek=10 conv=notrunc status=none
expect_exit 1 "$LASTGOOD" explain struck.dump
expect_text out 'partly_encrypted'
