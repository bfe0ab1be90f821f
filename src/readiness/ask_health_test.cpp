// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that what services say of themselves comes to the right word, asked over HTTP, by a command and in SQL.
#include "readiness/ask_health.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "os/tcp_connect.h"
#include "os/testing/scratch_folder.h"
#include "readiness/ask_http.h"
#include "readiness/testing/services_story.h"

namespace lastgood::readiness {
namespace {

using testing::write;

bool never() { return false; }

services::ServicesFile parse(const std::string& text) {
  auto read = services::parse_services(text, "s");
  EXPECT_TRUE(read.mistakes.empty()) << read.mistakes.front().sentence;
  return std::move(read.file);
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
  EXPECT_EQ(ask_http("http://127.0.0.1:1/health", 1).sentence,
            "http://127.0.0.1:1/health does not answer: the connection is refused, or cannot be made");
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

}  // namespace
}  // namespace lastgood::readiness
