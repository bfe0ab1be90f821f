// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/pg_session.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "base/assert.h"
#include "os/locked_room.h"

namespace lastgood::engines::postgresql {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::uint64_t k_own_bytes_max = std::uint64_t{256} << 20U;

struct FreeResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, FreeResult>;

std::string one_line(const char* text) {
  std::string line(text == nullptr ? "" : text);
  while (!line.empty() && line.back() == '\n') line.pop_back();
  for (std::size_t at = line.find("\n\t"); at != std::string::npos; at = line.find("\n\t")) line.replace(at, 2, " ");
  std::replace(line.begin(), line.end(), '\n', ' ');
  return base::printable(line);
}

/// By SQLSTATE: PostgreSQL documentation, appendix A.
base::ErrorCode code_of(std::string_view state) {
  using base::ErrorCode;
  if (state == "53100") return ErrorCode::no_space;
  if (state == "57014" || state.starts_with("53") || state.starts_with("54")) return ErrorCode::limit_reached;
  // Internal errors are what broken catalogues and pages lead to.
  if (state.starts_with("XX") || state.starts_with("58") || state.starts_with("57P")) return ErrorCode::damaged_source;
  if (state.empty()) return ErrorCode::damaged_source;  // the connection broke: the server fell over the data
  if (state == "55000" || state == "22021") return ErrorCode::damaged_source;
  return ErrorCode::misuse;
}

base::Error error_of(const PGresult* answer, pg_conn* connection) {
  const char* const state = answer == nullptr ? nullptr : PQresultErrorField(answer, PG_DIAG_SQLSTATE);
  const char* const message = answer == nullptr ? nullptr : PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY);
  base::Error error{.code = code_of(state == nullptr ? "" : state),
                    .what = one_line(message == nullptr ? PQerrorMessage(connection) : message)};
  if (state != nullptr) error.hint = fmt::format("PostgreSQL's code for it is {}", one_line(state));
  if (error.code == base::ErrorCode::no_space) error.hint = std::string(k_more_room);
  return error;
}

/// The next answer; waits until `until`. Null at the end of the statement.
base::Result<Answer> next_answer(pg_conn* connection, steady_clock::time_point until) {
  while (PQisBusy(connection) == 1) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
    if (!os::wait_readable(PQsocket(connection), std::max(left, milliseconds(0))))
      return base::Error{.code = base::ErrorCode::limit_reached, .what = "the statement takes too long"};
    if (PQconsumeInput(connection) == 0) return error_of(nullptr, connection);
  }
  return Answer(PQgetResult(connection));
}

/// Gives a row on; false when the sink has enough.
bool give_row(const PGresult* answer, int columns, std::vector<std::optional<std::string_view>>& values, RowSink& sink,
              std::uint64_t& bytes) {
  for (int column = 0; column < columns; ++column) {
    auto& value = values[static_cast<std::size_t>(column)];
    value.reset();
    if (PQgetisnull(answer, 0, column) == 1) continue;
    value.emplace(PQgetvalue(answer, 0, column), static_cast<std::size_t>(PQgetlength(answer, 0, column)));
    bytes += value->size();
  }
  return sink.on_row(values);
}

void ignore_notice(void* /*unused*/, const PGresult* /*notice*/) {}

}  // namespace

void PgSession::Close::operator()(pg_conn* connection) const { PQfinish(connection); }

base::Result<PgSession> PgSession::open(const PgTarget& target) {
  // What is not given here would be taken from the environment, and an empty value counts as not given.
  for (const char* const name :
       {"PGSERVICE", "PGHOSTADDR", "PGPASSWORD", "PGOPTIONS", "PGREQUIREPEER", "PGCHANNELBINDING"}) {
    if (std::getenv(name) != nullptr)
      return base::Error{.code = base::ErrorCode::misuse,
                         .what = fmt::format("{} is set: a connection takes nothing from there", name),
                         .hint = "unset it for this command"};
  }
  const std::string limit = std::to_string(target.connect_limit_s);
  const std::string& host = target.address.empty() ? target.socket_folder : target.address;
  const std::array<const char*, 16> names{"host",
                                          "port",
                                          "user",
                                          "dbname",
                                          "options",
                                          "sslmode",
                                          "gssencmode",
                                          "passfile",
                                          "password",
                                          "client_encoding",
                                          "connect_timeout",
                                          "application_name",
                                          "hostaddr",
                                          "target_session_attrs",
                                          "replication",
                                          nullptr};
  const std::array<const char*, 16> values{host.c_str(),
                                           target.port.c_str(),
                                           target.user.c_str(),
                                           target.database.c_str(),
                                           target.options.c_str(),
                                           "disable",
                                           "disable",
                                           "/dev/null/none",
                                           target.password.c_str(),
                                           "UTF8",
                                           limit.c_str(),
                                           "lastgood",
                                           target.address.c_str(),
                                           "any",
                                           "false",
                                           nullptr};
  PgSession session;
  session.connection_.reset(PQconnectdbParams(names.data(), values.data(), 0));
  pg_conn* const connection = session.connection_.get();
  if (connection == nullptr) return base::Error{.code = base::ErrorCode::io, .what = "no memory for a connection"};
  if (PQstatus(connection) != CONNECTION_OK) {
    const std::string message = one_line(PQerrorMessage(connection));
    const bool is_refused = message.find("FATAL:") != std::string::npos &&
                            message.find("the database system is ") == std::string::npos;  // starting, in recovery, ...
    return base::Error{.code = is_refused ? base::ErrorCode::denied : base::ErrorCode::busy_retry, .what = message};
  }
  PQsetNoticeReceiver(connection, ignore_notice, nullptr);
  return session;
}

int PgSession::socket() const { return PQsocket(connection_.get()); }

int PgSession::server_version() const { return PQserverVersion(connection_.get()); }

base::Result<std::vector<PgRow>> PgSession::rows(const std::string& sql) {
  class Keep final : public RowSink {
   public:
    std::vector<PgRow> rows;
    void on_columns(std::span<const std::string> /*names*/) override {}
    bool on_row(std::span<const std::optional<std::string_view>> values) override {
      PgRow& row = rows.emplace_back();
      for (const auto& value : values) row.push_back(value ? std::optional<std::string>(*value) : std::nullopt);
      return true;
    }
  } keep;
  std::uint64_t given = 0;
  const RowLimits limits{.bytes = k_own_bytes_max, .statement_time = milliseconds(120'000)};
  LG_TRY(stream(sql, limits, keep, &given));
  return std::move(keep.rows);
}

base::Status PgSession::stream(const std::string& sql, const RowLimits& limits, RowSink& sink, std::uint64_t* given) {
  if (sql.find('\0') != std::string::npos)
    return base::Error{.code = base::ErrorCode::misuse, .what = "the statement holds a zero byte"};
  pg_conn* const connection = connection_.get();
  const auto until = steady_clock::now() + limits.statement_time + limits.grace;
  if (PQsendQueryParams(connection, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) == 0 ||
      PQsetSingleRowMode(connection) == 0) {
    is_over_ = true;
    return error_of(nullptr, connection);
  }
  is_over_ = true;  // until all of the answer was taken
  std::vector<std::optional<std::string_view>> values;
  std::uint64_t bytes = 0;
  bool has_columns = false;
  std::optional<base::Error> trouble;
  while (true) {
    LG_ASSIGN(const Answer answer, next_answer(connection, until));
    if (!answer) break;
    const ExecStatusType status = PQresultStatus(answer.get());
    if (status == PGRES_FATAL_ERROR) {
      trouble = error_of(answer.get(), connection);
      continue;
    }
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH)
      return base::Error{.code = base::ErrorCode::misuse, .what = "COPY is not a question"};
    const int columns = PQnfields(answer.get());
    if (!has_columns && (status == PGRES_SINGLE_TUPLE || status == PGRES_TUPLES_OK)) {
      has_columns = true;
      std::vector<std::string> names;
      for (int column = 0; column < columns; ++column) names.emplace_back(PQfname(answer.get(), column));
      values.resize(names.size());
      sink.on_columns(names);
    }
    if (status != PGRES_SINGLE_TUPLE) continue;
    if (*given >= limits.rows || bytes > limits.bytes)
      return base::Error{.code = base::ErrorCode::limit_reached,
                         .what = fmt::format("more than {} rows or {} bytes", limits.rows, limits.bytes)};
    ++*given;
    if (!give_row(answer.get(), columns, values, sink, bytes)) return base::Done{};
  }
  is_over_ = PQstatus(connection) != CONNECTION_OK;
  if (trouble) return *std::move(trouble);
  return base::Done{};
}

std::string quote_name(std::string_view name) {
  std::string quoted = "\"";
  for (const char letter : name) quoted += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  return quoted + "\"";
}

std::string quote_text(std::string_view text) {
  // E'' reads the same whatever standard_conforming_strings says.
  std::string quoted = "E'";
  for (const char letter : text) {
    if (letter == '\'' || letter == '\\') quoted += letter == '\'' ? '\'' : '\\';
    quoted += letter;
  }
  return quoted + "'";
}

}  // namespace lastgood::engines::postgresql
