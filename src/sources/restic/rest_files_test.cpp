// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Repositories behind the REST protocol: against a real server (rclone serve restic), and against small ones of our own
// that speak the first version, know no ranges, or fail.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

#include "sources/restic/testing/made_repository.h"

namespace lastgood::sources::restic::testing {
namespace {

using os::testing::read_file;
using os::testing::write_file;

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    std::abort();
  }
  ::close(fd);
  return ntohs(address.sin_port);
}

/// `rclone serve restic` on loopback, ended with the test.
class RcloneServer {
 public:
  explicit RcloneServer(const std::string& folder) : port_(free_port()) {
    const std::string address = "127.0.0.1:" + std::to_string(port_);
    child_ = ::fork();
    if (child_ == 0) {
      ::execlp("rclone", "rclone", "--config", "/dev/null", "-q", "serve", "restic", "--addr", address.c_str(),
               "--user", "ward", "--pass", "p@ss:1", folder.c_str(), nullptr);
      ::_exit(127);
    }
    httplib::Client probe("127.0.0.1", port_);
    for (int i = 0; i < 200; ++i) {
      if (probe.Get("/")) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ADD_FAILURE() << "rclone does not answer";
  }
  ~RcloneServer() {
    ::kill(child_, SIGTERM);
    ::waitpid(child_, nullptr, 0);
  }
  RcloneServer(const RcloneServer&) = delete;
  RcloneServer& operator=(const RcloneServer&) = delete;
  [[nodiscard]] std::string location(const std::string& login) const {
    return "rest:http://" + login + "127.0.0.1:" + std::to_string(port_) + "/";
  }

 private:
  int port_;
  pid_t child_ = -1;
};

void make_backup(const MadeRepository& repository) {
  std::filesystem::create_directories(repository.tree());
  write_file(repository.tree() + "/large", noise(6 * k_mib, 9));
  for (int i = 0; i < 50; ++i)
    write_file(repository.tree() + "/small" + std::to_string(i), noise(2000, static_cast<std::uint64_t>(i)));
  repository.back_up("--pack-size 4");
}

void expect_whole(Source& source, const MadeRepository& repository) {
  const auto snapshots = source.snapshots();
  ASSERT_TRUE(snapshots.ok()) << snapshots.error().what;
  ASSERT_EQ(snapshots.value().size(), 1U);
  EXPECT_TRUE(source.findings().empty()) << all_of(source.findings());
  const Entries entries = entries_of(source, snapshots.value()[0].root);
  ASSERT_EQ(entries.size(), 51U);
  for (const auto& [path, entry] : entries) {
    EXPECT_TRUE(read_content(source, entry.content) == read_file(repository.tree() + "/" + path)) << path;
  }
}

TEST(RestRepository, reads_from_a_real_server_with_many_threads) {
  const MadeRepository repository;
  make_backup(repository);
  const RcloneServer server(repository.path());
  auto source = open_restic(server.location("ward:p%40ss%3A1@"), {.password = k_password, .key_file = {}}, {});
  ASSERT_TRUE(source.ok()) << source.error().what;
  expect_whole(*source.value(), repository);
  const Entries entries = entries_of(*source.value(), source.value()->snapshots().value()[0].root);
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (const auto& [path, entry] : entries) {
        if (read_content(*source.value(), entry.content) != read_file(repository.tree() + "/" + path)) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(RestRepository, a_wrong_login_is_denied_and_the_password_is_not_repeated) {
  const MadeRepository repository;
  const RcloneServer server(repository.path());
  const auto source = open_restic(server.location("ward:secret7@"), {.password = k_password, .key_file = {}}, {});
  ASSERT_FALSE(source.ok());
  EXPECT_EQ(source.error().code, base::ErrorCode::denied);
  EXPECT_EQ(source.error().what.find("secret7"), std::string::npos) << source.error().what;
  EXPECT_EQ(source.error().path.find("secret7"), std::string::npos);
}

TEST(RestRepository, without_a_server_the_error_says_so) {
  const auto source =
      open_restic("rest:http://127.0.0.1:" + std::to_string(free_port()) + "/", {.password = "x", .key_file = {}}, {});
  ASSERT_FALSE(source.ok());
  EXPECT_EQ(source.error().code, base::ErrorCode::busy_retry);
  EXPECT_FALSE(source.error().hint.empty());
  EXPECT_EQ(open_restic("rest:ftp://a/b", {.password = "x", .key_file = {}}, {}).error().code, base::ErrorCode::misuse);
  EXPECT_EQ(open_restic("rest:https://a/b", {.password = "x", .key_file = {}}, {}).error().code,
            base::ErrorCode::unsupported);
}

TEST(RestRepository, a_server_that_is_gone_is_not_waited_for_again_and_again) {
  const MadeRepository repository;
  make_backup(repository);
  auto server = std::make_unique<RcloneServer>(repository.path());
  auto source = open_restic(server->location("ward:p%40ss%3A1@"), {.password = k_password, .key_file = {}}, {});
  ASSERT_TRUE(source.ok()) << source.error().what;
  const auto entry = entries_of(*source.value(), source.value()->snapshots().value().at(0).root).at("small7");
  server.reset();
  const auto begin = std::chrono::steady_clock::now();
  std::thread([&] {  // it has no bytes read ahead
    for (int i = 0; i < 1000; ++i) {
      std::vector<std::uint8_t> bytes;
      const base::Status read = source.value()->open_content(entry.content).value()->read_piece(0, bytes);
      ASSERT_FALSE(read.ok());
      ASSERT_EQ(read.error().code, base::ErrorCode::busy_retry);
    }
  })
      .join();
  // One request that is tried three times waits 0.6 s; a thousand of them would wait ten minutes.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

/// Serves a repository as the first version of the protocol does: lists are names only. `whole_files` knows no ranges.
class OldServer {
 public:
  enum class Ranges : std::uint8_t { known, unknown };
  OldServer(std::string folder, Ranges ranges) : folder_(std::move(folder)) {
    server_.Get("/(keys|snapshots|index|data)/", [this](const httplib::Request& request, httplib::Response& response) {
      std::string list = "[";
      for (const auto& entry :
           std::filesystem::recursive_directory_iterator(folder_ + "/" + std::string(request.matches[1]))) {
        if (entry.is_regular_file()) list += (list.size() > 1 ? ",\"" : "\"") + entry.path().filename().string() + "\"";
      }
      response.set_content(list + "]", "application/vnd.x.restic.rest.v1");
    });
    server_.Get(R"(/(config|(?:keys|snapshots|index|data)/.+))",
                [this, ranges](const httplib::Request& request, httplib::Response& response) {
                  if (failures_left_ > 0 && failures_left_-- > 0) {
                    response.status = 503;
                    return;
                  }
                  std::string path = request.matches[1];
                  if (path.starts_with("data/")) path.insert(5, path.substr(5, 2) + "/");
                  if (!std::filesystem::exists(folder_ + "/" + path)) {
                    response.status = 404;
                    return;
                  }
                  response.set_content(read_file(folder_ + "/" + path), "application/octet-stream");
                  // httplib cuts ranges out by itself where it sees them in the request.
                  if (ranges == Ranges::unknown) const_cast<httplib::Request&>(request).ranges.clear();
                });
    server_.set_tcp_nodelay(true);
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~OldServer() {
    server_.stop();
    thread_.join();
  }
  OldServer(const OldServer&) = delete;
  OldServer& operator=(const OldServer&) = delete;
  [[nodiscard]] std::string location() const { return "rest:http://127.0.0.1:" + std::to_string(port_); }
  /// Answers the next `count` requests for files with 503.
  void fail_next(int count) { failures_left_ = count; }

 private:
  std::string folder_;
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
  std::atomic<int> failures_left_{0};
};

TEST(RestRepository, reads_from_a_server_of_the_first_version) {
  const MadeRepository repository;
  make_backup(repository);
  for (const OldServer::Ranges ranges : {OldServer::Ranges::known, OldServer::Ranges::unknown}) {
    const OldServer server(repository.path(), ranges);
    httplib::Client probe(server.location().substr(5));
    const auto answer = probe.Get("/config", httplib::Headers{{"Range", "bytes=5-8"}});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, ranges == OldServer::Ranges::known ? 206 : 200);
    auto source = open_restic(server.location(), {.password = k_password, .key_file = {}}, {});
    ASSERT_TRUE(source.ok()) << source.error().what;
    expect_whole(*source.value(), repository);
  }
}

TEST(RestRepository, sizes_are_asked_for_where_no_index_names_a_pack) {
  const MadeRepository repository;
  make_backup(repository);
  for (const std::string& path : repository.files_of("index")) std::filesystem::remove(path);
  const OldServer server(repository.path(), OldServer::Ranges::known);
  auto source = open_restic(server.location(), {.password = k_password, .key_file = {}}, {});
  ASSERT_TRUE(source.ok()) << source.error().what;
  EXPECT_TRUE(has_rule(source.value()->findings(), "restic.index.none"));
  EXPECT_EQ(entries_of(*source.value(), source.value()->snapshots().value().at(0).root).size(), 51U);
}

TEST(RestRepository, a_server_that_fails_for_a_while_is_no_damage) {
  const MadeRepository repository;
  make_backup(repository);
  OldServer server(repository.path(), OldServer::Ranges::known);
  auto source = open_restic(server.location(), {.password = k_password, .key_file = {}}, {});
  ASSERT_TRUE(source.ok());
  const auto entry = entries_of(*source.value(), source.value()->snapshots().value().at(0).root).at("small7");
  const auto content = source.value()->open_content(entry.content);
  std::vector<std::uint8_t> bytes;
  // Another thread has no bytes read ahead.
  std::thread([&] {
    server.fail_next(1);
    const base::Status failed = content.value()->read_piece(0, bytes);
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code, base::ErrorCode::busy_retry);
    EXPECT_TRUE(content.value()->read_piece(0, bytes).ok());
  }).join();
}

}  // namespace
}  // namespace lastgood::sources::restic::testing
