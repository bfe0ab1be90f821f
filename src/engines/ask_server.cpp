// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/ask_server.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "engines/mariadb/maria_session.h"
#include "engines/mariadb/quiet_data.h"
#include "engines/postgresql/pg_session.h"

namespace lastgood::engines {

namespace {

using std::chrono::milliseconds;

constexpr std::uint16_t k_postgresql_port = 5432;
constexpr std::uint16_t k_mariadb_port = 3306;
constexpr milliseconds k_grace{2'000};

class AnyRow final : public RowSink {
 public:
  bool has_rows = false;
  void on_columns(std::span<const std::string> /*names*/) override {}
  bool on_row(std::span<const std::optional<std::string_view>> /*values*/) override {
    has_rows = true;
    return false;
  }
};

/// libpq takes whole seconds, two at least.
int whole_seconds(milliseconds limit) {
  return static_cast<int>(std::clamp<std::int64_t>((limit.count() + 999) / 1000, 2, 3600));
}

/// What an account with many rights could write to the server's disk with, transaction or not.
bool writes_a_file(std::string_view sql) {
  std::string lower;
  for (const char c : sql) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower.find("outfile") != std::string::npos || lower.find("dumpfile") != std::string::npos;
}

base::Status check_question(const LiveServer& server, const std::string& sql) {
  const bool is_here = !server.socket.empty() || server.address == "127.0.0.1" || server.address == "::1";
  if (!is_here)
    return base::Error{.code = base::ErrorCode::misuse,
                       .what = fmt::format("'{}' is not of this machine: the password would go over the network",
                                           base::printable(server.address)),
                       .hint = "give 'socket', or 'host' as 127.0.0.1, ::1 or localhost"};
  if (mariadb::begins_as_question(sql) && !writes_a_file(sql)) return base::Done{};
  return base::Error{.code = base::ErrorCode::misuse,
                     .what = "the statement is no question",
                     .hint = "it must begin with SELECT, WITH, VALUES, TABLE or SHOW, and write no file"};
}

base::Result<LiveAnswer> ask_postgresql(const LiveServer& server, const std::string& sql, milliseconds limit) {
  LG_ASSIGN(postgresql::PgSession session,
            postgresql::PgSession::open(
                {.socket_folder = server.socket,
                 .database = server.database.empty() ? "postgres" : server.database,
                 .user = server.user,
                 .options = fmt::format("-c default_transaction_read_only=on -c statement_timeout={}", limit.count()),
                 .address = server.socket.empty() ? server.address : std::string(),
                 .port = std::to_string(server.port == 0 ? k_postgresql_port : server.port),
                 .password = server.password,
                 .connect_limit_s = whole_seconds(limit)}));
  const RowLimits limits{.statement_time = limit, .grace = k_grace};
  AnyRow sink;
  std::uint64_t given = 0;
  // A BEGIN of our own: what the statement sets cannot make it writable any more.
  LG_TRY(session.stream("BEGIN READ ONLY", limits, sink, &given));
  LG_TRY(session.stream(sql, limits, sink, &given));
  const int version = session.server_version();
  return LiveAnswer{.engine = fmt::format("PostgreSQL {}.{}", version / 10000, version % 10000),
                    .has_rows = sink.has_rows};
}

base::Result<LiveAnswer> ask_mariadb(const LiveServer& server, const std::string& sql, milliseconds limit) {
  const auto seconds = static_cast<unsigned>(whole_seconds(limit));
  LG_ASSIGN(mariadb::MariaSession session,
            mariadb::MariaSession::open({.socket = server.socket,
                                         .user = server.user,
                                         .password = server.password,
                                         .database = server.database,
                                         .address = server.socket.empty() ? server.address : std::string(),
                                         .port = server.port == 0 ? k_mariadb_port : server.port,
                                         .connect_limit_s = seconds,
                                         .silence_limit_s = seconds + 2}));
  const RowLimits limits{.statement_time = limit, .grace = k_grace};
  AnyRow sink;
  std::uint64_t given = 0;
  LiveAnswer out;
  out.engine = "MariaDB " + session.server_version();
  LG_TRY(session.stream(
      fmt::format("SET SESSION max_statement_time = {:.3f}", static_cast<double>(limit.count()) / 1000.0), limits, sink,
      &given));
  LG_TRY(session.stream("START TRANSACTION READ ONLY", limits, sink, &given));
  LG_TRY(session.stream(sql, limits, sink, &given));
  out.has_rows = sink.has_rows;
  return out;
}

}  // namespace

base::Result<LiveAnswer> ask_server(const LiveServer& server, const std::string& sql, milliseconds limit) {
  LG_TRY(check_question(server, sql));
  const auto begun = std::chrono::steady_clock::now();
  const milliseconds bounded = std::clamp(limit, milliseconds(1), milliseconds(3'600'000));
  base::Result<LiveAnswer> answer =
      base::Error{.code = base::ErrorCode::unsupported,
                  .what = fmt::format("a unit of kind '{}' has no server that can be asked", name_of(server.kind))};
  if (server.kind == UnitKind::postgresql) answer = ask_postgresql(server, sql, bounded);
  if (server.kind == UnitKind::mariadb) answer = ask_mariadb(server, sql, bounded);
  if (answer.ok())
    answer.value().seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  return answer;
}

}  // namespace lastgood::engines
