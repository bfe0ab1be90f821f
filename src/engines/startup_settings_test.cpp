// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that settings which would run something are seen however they are written, and are out of force in a quieted
// text while nothing else in it changed.
#include "engines/startup_settings.h"

#include <gtest/gtest.h>

#include "engines/testing/memory_view.h"

namespace lastgood::engines {

namespace {

std::vector<std::string> names_in(UnitKind kind, const std::string& text) {
  std::vector<std::string> names;
  for (const StartupSetting& setting : parse_startup_settings(kind, "x.conf", text))
    names.push_back(setting.name + "=" + setting.value);
  return names;
}

using Names = std::vector<std::string>;

TEST(StartupSettings, of_postgresql_are_seen_in_every_spelling) {
  const std::string text =
      "listen_addresses = '*'\n"
      "archive_command = 'cp %p /b/%f'\n"
      "  Restore_Command\t'a ''b'' c' # why\r\n"
      "recovery_end_command=rm\n"
      "include_if_exists = '/tmp/more.conf'\n"
      "shared_preload_libraries = evil";
  EXPECT_EQ(names_in(UnitKind::postgresql, text),
            (Names{"archive_command=cp %p /b/%f", "restore_command=a 'b' c", "recovery_end_command=rm",
                   "include_if_exists=/tmp/more.conf", "shared_preload_libraries=evil"}));
}

TEST(StartupSettings, that_lead_a_server_to_other_data_or_other_rules_of_who_may_log_in_are_seen) {
  EXPECT_EQ(names_in(UnitKind::postgresql,
                     "data_directory='/tmp/d'\nhba_file = /tmp/h\nident_file=/tmp/i\n"
                     "external_pid_file=/tmp/p\n#data_directory = 'ConfigDir'\n"),
            (Names{"data_directory=/tmp/d", "hba_file=/tmp/h", "ident_file=/tmp/i", "external_pid_file=/tmp/p"}));
}

TEST(StartupSettings, that_do_nothing_are_not_named) {
  EXPECT_EQ(names_in(UnitKind::postgresql,
                     "# archive_command = 'x'\narchive_command = ''\nrestore_command =\ndynamic_library_path = "
                     "'$libdir'\nmy_archive_command = 'x'\narchive_commands = 'x'\n\n\x01\xff\n="),
            Names{});
}

TEST(StartupSettings, of_mariadb_are_seen_with_dashes_and_loose_names) {
  EXPECT_EQ(
      names_in(UnitKind::mariadb,
               "[mysqld]\nport=3306\ninit-file=/tmp/x.sql\nloose-plugin_load_add = evil.so\n!includedir /tmp/d\n"),
      (Names{"init_file=/tmp/x.sql", "plugin_load_add=evil.so", "includedir=/tmp/d"}));
  EXPECT_EQ(names_in(UnitKind::mariadb,
                     "event_scheduler=ON\ngeneral_log_file=/etc/cron.d/x\nslow-query-log-file=/x\ngeneral_log=1\n"),
            (Names{"event_scheduler=ON", "general_log_file=/etc/cron.d/x", "slow_query_log_file=/x"}));
  EXPECT_EQ(names_in(UnitKind::mariadb, "event_scheduler=OFF\n"), Names{});
  EXPECT_EQ(names_in(UnitKind::mariadb, "datadir=/tmp/d\nlog-error=/etc/cron.d/x\npid-file=/x\n"),
            (Names{"datadir=/tmp/d", "log_error=/etc/cron.d/x", "pid_file=/x"}));
}

// Each was asked of mariadbd 10.11 (--verbose --help): it takes every one of them.
TEST(StartupSettings, of_mariadb_are_seen_cut_short_and_behind_every_prefix) {
  EXPECT_EQ(names_in(UnitKind::mariadb,
                     "init-fil=/z\nINIT_FILE=/z\nevent-sched=ON\nevent_scheduler\nplugin-load-a=e\npid=/z\nlog-err=/z\n"
                     "init_slav=x\nskip-grant\nskip_grant_tables=1\nlog-slow-query-file=/z\ngeneral_log_f=/z\n"),
            (Names{"init_file=/z", "init_file=/z", "event_scheduler=ON", "event_scheduler=", "plugin_load_add=e",
                   "pid_file=/z", "log_error=/z", "init_slave=x", "skip_grant_tables=", "skip_grant_tables=1",
                   "log_slow_query_file=/z", "general_log_file=/z"}));
  EXPECT_EQ(names_in(UnitKind::mariadb,
                     "loose-init-fil=/z\nloose-loose-init-file=/z\nloose-enable-loose-init-file=/z\nskip-init-file\n"
                     "enable-event-scheduler\nenable-skip-grant-tables\ndisable-plugin-dir=/z\n"),
            (Names{"init_file=/z", "init_file=/z", "init_file=/z",
                   "init_file=", "event_scheduler=", "skip_grant_tables=", "plugin_dir=/z"}));
}

TEST(StartupSettings, of_mariadb_that_are_ordinary_or_turned_off_are_not_named) {
  EXPECT_EQ(names_in(UnitKind::mariadb,
                     "[mysqld]\ngeneral_log=1\nslow-query-log\nlog_slow_query=1\nskip-name-resolve\nskip-networking\n"
                     "skip-host-cache\nskip-slave-start\nlog-bin=x\nplugin-maturity=gamma\nport=3306\nuser=mysql\n"
                     "socket=/run/s\ninnodb_data_home_dir=\nwsrep_on=OFF\ninit-rpl-role=MASTER\nenable-local-infile\n"
                     "event_scheduler=0\nskip-event-scheduler\nevent-sched=disabled\ndisable-skip-grant-tables\n"
                     "skip-grant-tables=OFF\nskip_log_bin\nloose-\n"),
            Names{});
}

TEST(StartupSettings, are_out_of_force_in_a_quieted_text_and_the_rest_is_as_it_was) {
  const std::string text = "port = 5432\narchive_command = 'x'\r\n\nrestore_command 'y'\nwork_mem = 4MB";
  const std::string quiet = quiet_settings(UnitKind::postgresql, "postgresql.conf", text);
  EXPECT_TRUE(parse_startup_settings(UnitKind::postgresql, "postgresql.conf", quiet).empty()) << quiet;
  EXPECT_EQ(quiet,
            "port = 5432\n# lastgood: not in force, it came out of a backup: archive_command = 'x'\r\n\n"
            "# lastgood: not in force, it came out of a backup: restore_command 'y'\nwork_mem = 4MB");
  for (const char* const unchanged : {"", "\n", "a\n\n", "port = 1", "port = 1\n"})
    EXPECT_EQ(quiet_settings(UnitKind::postgresql, "p", unchanged), unchanged);
}

TEST(StartupSettings, of_a_folder_make_a_copy_laid_out_to_run_only_with_a_signal_file) {
  testing::MemoryView view;
  view.files = {{"pg/PG_VERSION", "15\n"},
                {"pg/postgresql.conf", "archive_command = 'cp'\n"},
                {"pg/postgresql.auto.conf", "restore_command = 'sh -c x'\n"},
                {"pg/pg_hba.conf", "include x\n"}};
  const FoundUnit unit{.kind = UnitKind::postgresql, .path = "pg"};
  auto settings = find_startup_settings(view, unit);
  ASSERT_TRUE(settings.ok());
  ASSERT_EQ(settings.value().size(), 2U);
  EXPECT_EQ(settings.value()[0].path, "pg/postgresql.auto.conf");
  EXPECT_FALSE(is_laid_out_to_run(settings.value())) << "a server that was once a standby still has its setting";
  view.files["pg/recovery.signal"] = "";
  settings = find_startup_settings(view, unit);
  ASSERT_TRUE(settings.ok());
  EXPECT_TRUE(is_laid_out_to_run(settings.value()));
  view.files["pg/postgresql.auto.conf"] = "primary_conninfo = 'host=db1'\n";
  settings = find_startup_settings(view, unit);
  ASSERT_TRUE(settings.ok());
  EXPECT_FALSE(is_laid_out_to_run(settings.value())) << "what pg_basebackup -R writes is an honest standby";
}

TEST(StartupSettings, of_an_option_file_in_mariadbs_folder_make_a_copy_laid_out_to_run) {
  testing::MemoryView view;
  view.files = {{"mysql/ibdata1", "x"}, {"mysql/backup-my.cnf", "[mysqld]\nplugin_load=x\n"}};
  const FoundUnit unit{.kind = UnitKind::mariadb, .path = "mysql"};
  auto settings = find_startup_settings(view, unit);
  ASSERT_TRUE(settings.ok());
  EXPECT_FALSE(is_laid_out_to_run(settings.value())) << "mariadb-backup's own record is read by no server";
  view.files["mysql/my.cnf"] = "[mariadbd]\ninit-file=/srv/init.sql\n";
  settings = find_startup_settings(view, unit);
  ASSERT_TRUE(settings.ok());
  EXPECT_TRUE(is_laid_out_to_run(settings.value()));
}

TEST(StartupSettings, of_hostile_files_are_bounded) {
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "archive_command = '" + std::string(100, 'x') + "'\n";
  EXPECT_LE(parse_startup_settings(UnitKind::postgresql, "p", many).size(), 1000U);
  const auto one = parse_startup_settings(UnitKind::postgresql, "p", "archive_command = '" + std::string(1 << 20, 'x'));
  ASSERT_EQ(one.size(), 1U);
  EXPECT_LE(one[0].value.size(), 400U);
  testing::MemoryView view;
  view.files = {{"postgresql.conf", std::string((1U << 20) + 1, 'a')}};
  const auto none = find_startup_settings(view, {.kind = UnitKind::postgresql, .path = ""});
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none.value().empty());
  view.files["a.conf"] = many;
  view.files["b.conf"] = "port = 1\n";
  const auto untold = find_untold_settings(view, {.kind = UnitKind::postgresql, .path = ""});
  ASSERT_TRUE(untold.ok());
  EXPECT_EQ(untold.value(), (std::vector<std::string>{"a.conf: has 1000 settings that run something, or more",
                                                      "postgresql.conf: has 1048577 bytes"}));
}

}  // namespace

}  // namespace lastgood::engines
