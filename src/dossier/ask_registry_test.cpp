// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves, against a server on the loopback, that a registry's answer is asked for, kept with its digest and told; that
// too much, too strange and too far are refused; and that nothing on the loopback is asked unless a person named it.
#include "dossier/ask_registry.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include <httplib.h>

#include "base/rfc3339.h"
#include "ledger/read_ledger.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::dossier {
namespace {

const model::IpAddress k_asked = model::parse_ip("193.0.6.139").value();

constexpr std::string_view k_golden =
    R"({"objectClassName": "ip network", "handle": "H-1", "startAddress": "193.0.0.0", "endAddress": "193.0.7.255",)"
    R"("name": "NET-ONE", "country": "NL", "entities": [{"roles": ["registrant"], "vcardArray": ["vcard",)"
    R"([["kind", {}, "text", "org"], ["fn", {}, "text", "Net One Ltd"]]]}]})";

class AskRegistry : public testing::Test {
 protected:
  AskRegistry() : ledger_(ledger::create_ledger(case_.path()).value()) {
    server_.Get(".*", [this](const httplib::Request& request, httplib::Response& response) {
      ++asked_;
      path_ = request.path;
      if (!to_.empty() && request.path.starts_with("/away")) return response.set_redirect(to_);
      response.status = status_;
      response.set_content(body_, "application/rdap+json");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~AskRegistry() override {
    server_.stop();
    thread_.join();
  }
  AskRegistry(const AskRegistry&) = delete;
  AskRegistry& operator=(const AskRegistry&) = delete;

  std::string at(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
  base::Result<KeptReply> ask(const std::string& path = "/rdap", ServerChoice choice = ServerChoice::person) {
    return ask_and_keep({.address = k_asked, .server = at(path), .choice = choice}, case_.path(), *ledger_);
  }
  std::vector<std::string> kinds() {
    std::vector<std::string> out;
    EXPECT_TRUE(ledger::read_ledger(
                    case_.path() + "/ledger", {},
                    [&](const ledger::Entry& entry, std::string_view, std::uint64_t) { out.push_back(entry.kind); })
                    .ok());
    return out;
  }

  os::testing::ScratchFolder case_;
  std::unique_ptr<ledger::Ledger> ledger_;
  httplib::Server server_;
  std::thread thread_;
  int port_ = 0;
  std::atomic<int> asked_ = 0;
  std::string path_;
  std::string body_{k_golden};
  std::string to_;
  int status_ = 200;
};

TEST_F(AskRegistry, the_answer_is_kept_as_it_came_and_becomes_a_level_of_its_own) {
  const auto kept = ask();
  ASSERT_TRUE(kept.ok()) << kept.error().what;
  EXPECT_EQ(path_, "/rdap/ip/193.0.6.139");
  EXPECT_EQ(os::testing::read_file(kept.value().path), body_);
  EXPECT_EQ(kinds().back(), "registry-answered");
  const auto all = read_kept_replies(case_.path());
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all.value().size(), 1U);
  const RegistryAnswer answer = read_registry_answer(all.value()[0], k_asked, "E-0009");
  ASSERT_TRUE(answer.network) << answer.why;
  Dossier dossier = make_dossier(nullptr, k_asked, base::parse_rfc3339("2000-01-01T00:00:00Z"));
  add_registry_answers(dossier, std::span(&answer, 1));
  ASSERT_GE(dossier.statements.size(), 2U);
  const Statement& statement = dossier.statements[1];
  EXPECT_EQ(statement.level, Level::registered_to);
  EXPECT_EQ(statement.strength, Strength::lowered);  // asked long after the observation
  EXPECT_NE(statement.says.find("the block 193.0.0.0 to 193.0.7.255, with the country NL"), std::string::npos);
  EXPECT_TRUE(statement.quoted.starts_with("Net One Ltd; network NET-ONE; handle H-1")) << statement.quoted;
  EXPECT_NE(statement.sources[0].find("asked at 20"), std::string::npos);
  EXPECT_NE(statement.sources[0].find("kept as E-0009"), std::string::npos);
}

TEST_F(AskRegistry, a_second_answer_gets_a_file_of_its_own) {
  ASSERT_TRUE(ask().ok());
  ASSERT_TRUE(ask().ok());
  EXPECT_EQ(read_kept_replies(case_.path()).value().size(), 2U);
  EXPECT_TRUE(std::filesystem::exists(case_.path() + "/registry/0002.json"));
}

TEST_F(AskRegistry, empty_cut_deep_and_negative_answers_are_kept_and_say_unknown) {
  struct Case {
    std::string body;
    int status;
  };
  for (const Case& one : {Case{"", 200}, Case{std::string(k_golden.substr(0, 80)), 200},
                          Case{std::string(10'000, '['), 200}, Case{R"({"errorCode":404})", 404}, Case{"", 500}}) {
    body_ = one.body;
    status_ = one.status;
    const auto kept = ask();
    ASSERT_TRUE(kept.ok()) << kept.error().what;
    const RegistryAnswer answer = read_registry_answer(kept.value(), k_asked, {});
    EXPECT_FALSE(answer.network);
    EXPECT_FALSE(answer.why.empty());
    Dossier dossier = make_dossier(nullptr, k_asked, {});
    add_registry_answers(dossier, std::span(&answer, 1));
    EXPECT_TRUE(dossier.statements[1].says.starts_with("unknown: "));
    EXPECT_EQ(dossier.statements[1].strength, Strength::unknown);
  }
}

TEST_F(AskRegistry, a_huge_answer_is_refused_and_that_is_in_the_ledger) {
  body_ = std::string(network::k_rdap_bytes_max * 3, 'x');
  const auto kept = ask();
  ASSERT_FALSE(kept.ok());
  EXPECT_EQ(kept.error().code, base::ErrorCode::limit_reached) << kept.error().what;
  EXPECT_EQ(kinds().back(), "registry-silent");
  EXPECT_TRUE(read_kept_replies(case_.path()).value().empty());
}

TEST_F(AskRegistry, an_answer_that_never_says_how_long_it_is_ends_at_the_limit) {
  httplib::Server endless;
  endless.Get(".*", [](const httplib::Request&, httplib::Response& response) {
    response.set_chunked_content_provider("application/json", [](std::size_t, httplib::DataSink& sink) {
      const std::string piece(65536, 'x');
      return sink.write(piece.data(), piece.size());
    });
  });
  const int port = endless.bind_to_any_port("127.0.0.1");
  std::thread thread([&] { endless.listen_after_bind(); });
  const auto kept = ask_and_keep(
      {.address = k_asked, .server = "http://127.0.0.1:" + std::to_string(port) + "/", .choice = ServerChoice::person},
      case_.path(), *ledger_);
  endless.stop();
  thread.join();
  ASSERT_FALSE(kept.ok());
  EXPECT_EQ(kept.error().code, base::ErrorCode::limit_reached) << kept.error().what;
}

TEST_F(AskRegistry, redirects_to_plain_http_to_the_house_and_to_other_schemes_are_refused) {
  for (const std::string& to :
       {at("/rdap/ip/193.0.6.139"), std::string("https://127.0.0.1/ip/193.0.6.139"), std::string("https://10.0.0.1/"),
        std::string("https://[::1]/"), std::string("file:///etc/passwd"), std::string("http://rdap.example/")}) {
    to_ = to;
    asked_ = 0;
    const auto kept = ask("/away");
    ASSERT_FALSE(kept.ok()) << to;
    EXPECT_EQ(asked_, 1) << to;
  }
}

TEST_F(AskRegistry, the_loopback_is_never_asked_unless_a_person_names_it) {
  EXPECT_FALSE(ask("/rdap", ServerChoice::bootstrap).ok());
  EXPECT_EQ(asked_, 0);
  for (const char* server : {"http://rdap.example/", "ftp://127.0.0.1/", "http://127.0.0.1@rdap.example/", "x", ""}) {
    const auto kept =
        ask_and_keep({.address = k_asked, .server = server, .choice = ServerChoice::person}, case_.path(), *ledger_);
    ASSERT_FALSE(kept.ok()) << server;
    EXPECT_EQ(kept.error().code, base::ErrorCode::misuse) << server;
  }
}

TEST_F(AskRegistry, no_registry_is_asked_about_an_address_of_the_house) {
  const auto kept =
      ask_and_keep({.address = model::parse_ip("10.0.0.1").value(), .server = at("/"), .choice = ServerChoice::person},
                   case_.path(), *ledger_);
  EXPECT_FALSE(kept.ok());
  EXPECT_EQ(asked_, 0);
}

TEST_F(AskRegistry, a_kept_answer_that_somebody_changed_says_nothing) {
  const auto kept = ask();
  ASSERT_TRUE(kept.ok());
  std::filesystem::permissions(kept.value().path, std::filesystem::perms::owner_all);
  os::testing::write_file(kept.value().path, std::string(k_golden) + " ");
  EXPECT_NE(read_registry_answer(kept.value(), k_asked, {}).why.find("somebody changed it"), std::string::npos);
  std::filesystem::remove(kept.value().path);
  EXPECT_NE(read_registry_answer(kept.value(), k_asked, {}).why.find("cannot be read"), std::string::npos);
}

}  // namespace
}  // namespace lastgood::dossier
