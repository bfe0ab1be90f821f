// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves against real servers that a live one is asked over its socket and the loopback address, as an account with a
// password; that a question cannot write, cannot be two, and cannot take for ever; and that nothing of the environment
// counts.
#include "engines/ask_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cstdlib>

#include "engines/testing/real_engine.h"

namespace lastgood::engines {
namespace {

using std::chrono::milliseconds;

std::string answer_of(const LiveServer& server, const std::string& sql, int limit_ms = 5000) {
  const auto answer = ask_server(server, sql, milliseconds(limit_ms));
  if (!answer.ok()) return std::string(base::name_of(answer.error().code)) + ": " + answer.error().what;
  return answer.value().engine.substr(0, answer.value().engine.find(' ')) +
         (answer.value().has_rows ? " rows" : " none");
}

/// The text up to its first ':'.
std::string code_of(const std::string& answer) { return answer.substr(0, answer.find(':')); }

std::uint16_t read_port(const std::string& path) {
  std::ifstream file(path);
  unsigned port = 0;
  file >> port;
  return static_cast<std::uint16_t>(port);
}

class LivePostgresql : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<testing::EngineFolder>("postgres");
    folder_->shell(R"sh(B=/usr/lib/postgresql/15/bin; P=$((20000 + $$ % 20000)); echo $P >port
      echo top-secret >password
      $B/initdb -D data -A scram-sha-256 --pwfile=password --no-sync -U owner >init.log
      printf "unix_socket_directories='$PWD'\nlisten_addresses='127.0.0.1'\nport=$P\nfsync=off\n" >>data/postgresql.conf
      $B/pg_ctl -D data -w -l log start >/dev/null
      export PGPASSWORD=top-secret; q() { $B/psql -X -U owner -h 127.0.0.1 -p $P -d "$1" -v ON_ERROR_STOP=1 -qAtc "$2"; }
      q postgres "create database his"; q his "create table p(id int)"; q his "insert into p values (1), (2)")sh");
    server_.port = read_port(*folder_ / "port");
  }
  static void TearDownTestSuite() {
    folder_->shell("/usr/lib/postgresql/15/bin/pg_ctl -D data -w -m immediate stop >/dev/null");
    folder_.reset();
  }
  static std::unique_ptr<testing::EngineFolder> folder_;
  static LiveServer server_;
};
std::unique_ptr<testing::EngineFolder> LivePostgresql::folder_;
LiveServer LivePostgresql::server_{.kind = UnitKind::postgresql,
                                   .socket = {},
                                   .address = "127.0.0.1",
                                   .port = 0,
                                   .user = "owner",
                                   .password = "top-secret",
                                   .database = "his"};

TEST_F(LivePostgresql, answers_over_loopback_and_its_socket) {
  EXPECT_EQ(answer_of(server_, "SELECT id FROM p"), "PostgreSQL rows");
  EXPECT_EQ(answer_of(server_, "SELECT 1 WHERE false"), "PostgreSQL none");
  LiveServer by_socket = server_;
  by_socket.socket = folder_->path();
  by_socket.address.clear();
  EXPECT_EQ(answer_of(by_socket, "SELECT id FROM p"), "PostgreSQL rows");
  by_socket.database.clear();
  EXPECT_EQ(code_of(answer_of(by_socket, "SELECT id FROM p")), "misuse") << "another database";
}

TEST_F(LivePostgresql, lets_a_question_only_read_and_only_once) {
  for (const char* sql :
       {"INSERT INTO p VALUES (3)", "DROP TABLE p", "COPY p TO PROGRAM 'cat'",
        "WITH x AS (DELETE FROM p RETURNING id) SELECT * FROM x",
        "SELECT set_config('transaction_read_only', 'off', false)", "SELECT 1; SELECT 2", "SELEC", ""})
    EXPECT_EQ(code_of(answer_of(server_, sql)), "misuse") << sql;
  EXPECT_EQ(answer_of(server_, "SELECT 1 FROM p HAVING count(*) = 2"), "PostgreSQL rows") << "nothing was written";
}

TEST_F(LivePostgresql, is_not_waited_for_longer_than_asked) {
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(code_of(answer_of(server_, "SELECT pg_sleep(60)", 300)), "limit_reached");
  EXPECT_EQ(answer_of(server_, "SELECT generate_series(1, 1000000000)", 2000), "PostgreSQL rows")
      << "the first row is enough";
  EXPECT_LT(std::chrono::steady_clock::now() - begun, milliseconds(5000));
}

TEST_F(LivePostgresql, says_who_is_not_let_in_and_who_is_not_there) {
  LiveServer wrong = server_;
  wrong.password = "wrong";
  EXPECT_EQ(code_of(answer_of(wrong, "SELECT 1")), "denied");
  EXPECT_EQ(answer_of(wrong, "SELECT 1").find("wrong"), std::string::npos) << "no password in a sentence";
  LiveServer absent = server_;
  absent.port = 1;
  EXPECT_EQ(code_of(answer_of(absent, "SELECT 1")), "busy_retry");
  LiveServer far = server_;
  far.address = "192.0.2.1";
  EXPECT_EQ(code_of(answer_of(far, "SELECT 1")), "misuse");
}

TEST_F(LivePostgresql, takes_nothing_from_the_environment) {
  for (const char* name : {"PGSERVICE", "PGHOSTADDR", "PGPASSWORD", "PGOPTIONS", "PGREQUIREPEER", "PGCHANNELBINDING"}) {
    ::setenv(name, "127.0.0.2", 1);
    EXPECT_EQ(code_of(answer_of(server_, "SELECT 1")), "misuse") << name;
    ::unsetenv(name);
  }
}

class LiveMariadb : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<testing::EngineFolder>("mysql");
    folder_->shell(R"sh(S=$PWD/s.sock; P=$((40000 + $$ % 20000)); echo $P >port
      mariadb-install-db --no-defaults --datadir=$PWD/data --auth-root-authentication-method=normal --skip-test-db >init.log 2>&1
      setsid mariadbd --no-defaults --datadir=$PWD/data --socket=$S --bind-address=127.0.0.1 --port=$P --pid-file=$PWD/pid \
          --innodb-log-file-size=8M --innodb-buffer-pool-size=32M --innodb-flush-method=nosync --secure-file-priv= >log 2>&1 </dev/null &
      for i in $(seq 300); do mariadb-admin --no-defaults -u root -S $S ping >/dev/null 2>&1 && break; sleep 0.1; done
      mariadb --no-defaults -u root -S $S -e "create database lis; use lis; create table p(id int primary key) engine=innodb;
        insert into p values (1), (2); create user owner@'%' identified by 'top-secret'; grant all on *.* to owner@'%'")sh");
    server_.port = read_port(*folder_ / "port");
  }
  static void TearDownTestSuite() {
    folder_->shell("mariadb-admin --no-defaults -u root -S $PWD/s.sock shutdown");
    folder_.reset();
  }
  static std::unique_ptr<testing::EngineFolder> folder_;
  static LiveServer server_;
};
std::unique_ptr<testing::EngineFolder> LiveMariadb::folder_;
LiveServer LiveMariadb::server_{.kind = UnitKind::mariadb,
                                .socket = {},
                                .address = "127.0.0.1",
                                .port = 0,
                                .user = "owner",
                                .password = "top-secret",
                                .database = "lis"};

TEST_F(LiveMariadb, answers_over_loopback_and_its_socket) {
  EXPECT_EQ(answer_of(server_, "SELECT id FROM p"), "MariaDB rows");
  EXPECT_EQ(answer_of(server_, "SELECT 1 FROM p WHERE false"), "MariaDB none");
  LiveServer by_socket = server_;
  by_socket.socket = *folder_ / "s.sock";
  by_socket.address.clear();
  EXPECT_EQ(answer_of(by_socket, "SELECT id FROM p"), "MariaDB rows");
}

TEST_F(LiveMariadb, lets_a_question_only_read_and_only_once) {
  for (const std::string& sql :
       {std::string("INSERT INTO p VALUES (3)"), std::string("DROP TABLE p"),
        "SELECT id FROM p INTO OUTFILE '" + (*folder_ / "written") + "'", std::string("SELECT 1; DELETE FROM p"),
        std::string("/*!DROP TABLE p*/"), std::string("SELEC"), std::string()})
    EXPECT_EQ(code_of(answer_of(server_, sql)), "misuse") << sql;
  EXPECT_FALSE(std::filesystem::exists(*folder_ / "written"));
  EXPECT_EQ(answer_of(server_, "SELECT 1 FROM p HAVING count(*) = 2"), "MariaDB rows") << "nothing was written";
}

TEST_F(LiveMariadb, is_not_waited_for_longer_than_asked) {
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_NE(answer_of(server_, "SELECT sleep(60)", 300).substr(0, 7), "MariaDB") << "it was ended before it answered";
  EXPECT_EQ(answer_of(server_, "SELECT seq FROM seq_1_to_1000000000", 2000), "MariaDB rows");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, milliseconds(5000));
  LiveServer wrong = server_;
  wrong.password = "wrong";
  EXPECT_EQ(code_of(answer_of(wrong, "SELECT 1")), "denied");
  wrong.port = 1;
  EXPECT_EQ(code_of(answer_of(wrong, "SELECT 1")), "busy_retry");
}

TEST(LiveServer, that_never_speaks_is_given_up) {
  const int listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(::bind(listening, plain, size), 0);
  ASSERT_EQ(::listen(listening, 8), 0);
  ASSERT_EQ(::getsockname(listening, plain, &size), 0);
  for (const UnitKind kind : {UnitKind::postgresql, UnitKind::mariadb}) {
    const auto begun = std::chrono::steady_clock::now();
    const std::string answer = answer_of({.kind = kind,
                                          .socket = {},
                                          .address = "127.0.0.1",
                                          .port = ntohs(address.sin_port),
                                          .user = "u",
                                          .password = "p",
                                          .database = {}},
                                         "SELECT 1", 500);
    EXPECT_EQ(code_of(answer), "busy_retry") << answer;
    EXPECT_LT(std::chrono::steady_clock::now() - begun, milliseconds(7000));
  }
  ::close(listening);
  EXPECT_EQ(code_of(answer_of({.kind = UnitKind::sqlite, .socket = "/s"}, "SELECT 1")), "unsupported");
}

}  // namespace
}  // namespace lastgood::engines
