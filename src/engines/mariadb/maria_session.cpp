// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/maria_session.h"

#include <errmsg.h>
#include <mysql.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/assert.h"
#include "os/locked_room.h"

namespace lastgood::engines::mariadb {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// By error number: MariaDB documentation, "MariaDB Error Codes".
base::ErrorCode code_of(unsigned number) {
  using base::ErrorCode;
  constexpr std::array k_broken = {1016U, 1017U, 1030U, 1033U, 1034U, 1035U, 1194U, 1195U, 1296U,
                                   1707U, 1712U, 1813U, 1814U, 1815U, 1877U, 1932U, 1812U, 1958U,
                                   1975U, 4092U, 1105U, 2006U, 2013U, 1053U, 1005U, 1459U};
  // Below stand what engines and the file system say; but that memory or the disk is full is no fault of the copy.
  constexpr unsigned k_of_engine_max = 199;
  constexpr std::array k_full = {5U, 20U, 21U, 128U, 135U};
  if (number != 0 && number <= k_of_engine_max)
    return std::find(k_full.begin(), k_full.end(), number) == k_full.end() ? ErrorCode::damaged_source
                                                                           : ErrorCode::limit_reached;
  constexpr std::array k_limits = {1969U, 3024U, 1317U, 1038U, 1114U, 1041U, 1021U, 1226U};
  if (std::find(k_broken.begin(), k_broken.end(), number) != k_broken.end()) return ErrorCode::damaged_source;
  if (std::find(k_limits.begin(), k_limits.end(), number) != k_limits.end()) return ErrorCode::limit_reached;
  return ErrorCode::misuse;
}

base::Error error_of(MYSQL* connection) {
  constexpr unsigned k_read_only = 1792;
  const unsigned number = mysql_errno(connection);
  if (number == k_read_only)
    return {.code = code_of(number),
            .what = "a function or view that it asks wants to write: it was put out of force, as questions only read",
            .hint = fmt::format("MariaDB's number for it is {}", number)};
  return {.code = code_of(number),
          .what = base::printable(mysql_error(connection)),
          .hint = fmt::format("MariaDB's number for it is {}", number)};
}

struct FreeResult {
  void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};

/// Gives a row on; false when the sink has enough.
bool give_row(MYSQL_ROW row, const unsigned long* lengths, std::vector<std::optional<std::string_view>>& values,
              RowSink& sink, std::uint64_t& bytes) {
  for (std::size_t column = 0; column < values.size(); ++column) {
    values[column].reset();
    if (row[column] == nullptr) continue;
    values[column].emplace(row[column], lengths[column]);
    bytes += lengths[column];
  }
  return sink.on_row(values);
}

}  // namespace

void MariaSession::Close::operator()(st_mysql* connection) const { mysql_close(connection); }

base::Result<MariaSession> MariaSession::open(const MariaTarget& target) {
  static const int library = mysql_library_init(0, nullptr, nullptr);
  if (library != 0) return base::Error{.code = base::ErrorCode::io, .what = "libmariadb does not start"};
  MariaSession session;
  session.watch_ = target.watch;
  session.connection_.reset(mysql_init(nullptr));
  MYSQL* const connection = session.connection_.get();
  if (connection == nullptr) return base::Error{.code = base::ErrorCode::io, .what = "no memory for a connection"};
  const unsigned off = 0;
  const bool is_tcp = !target.address.empty();
  const unsigned protocol = is_tcp ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET;
  const unsigned seconds = target.connect_limit_s;
  mysql_options(connection, MYSQL_OPT_LOCAL_INFILE, &off);
  mysql_options(connection, MYSQL_OPT_PROTOCOL, &protocol);
  mysql_options(connection, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
  const unsigned silence_s = target.silence_limit_s;
  mysql_options(connection, MYSQL_OPT_READ_TIMEOUT, &silence_s);
  mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  mysql_options(connection, MYSQL_PLUGIN_DIR, "/dev/null");
  mysql_options(connection, MYSQL_DEFAULT_AUTH, "mysql_native_password");
  if (mysql_real_connect(connection, is_tcp ? target.address.c_str() : nullptr, target.user.c_str(),
                         target.password.c_str(), target.database.empty() ? nullptr : target.database.c_str(),
                         target.port, is_tcp ? nullptr : target.socket.c_str(), 0) == nullptr) {
    base::Error error = error_of(connection);
    const unsigned number = mysql_errno(connection);
    if (number == CR_CONNECTION_ERROR || number == CR_SERVER_LOST || number == CR_CONN_HOST_ERROR)
      error.code = base::ErrorCode::busy_retry;
    constexpr std::array k_not_let_in = {1044U, 1045U, 1698U};
    if (std::find(k_not_let_in.begin(), k_not_let_in.end(), number) != k_not_let_in.end())
      error.code = base::ErrorCode::denied;
    return error;
  }
  return session;
}

int MariaSession::socket() const { return static_cast<int>(mysql_get_socket(connection_.get())); }

std::string MariaSession::server_version() const {
  const unsigned long version = mysql_get_server_version(connection_.get());
  return fmt::format("{}.{}.{}", version / 10000, version / 100 % 100, version % 100);
}

base::Result<std::vector<MariaRow>> MariaSession::rows(const std::string& sql) {
  class Keep final : public RowSink {
   public:
    std::vector<MariaRow> rows;
    void on_columns(std::span<const std::string> /*names*/) override {}
    bool on_row(std::span<const std::optional<std::string_view>> values) override {
      MariaRow& row = rows.emplace_back();
      for (const auto& value : values) row.push_back(value ? std::optional<std::string>(*value) : std::nullopt);
      return true;
    }
  } keep;
  std::uint64_t given = 0;
  const RowLimits limits{.statement_time = milliseconds(120'000)};
  LG_TRY(stream(sql, limits, keep, &given));
  return std::move(keep.rows);
}

base::Status MariaSession::stream(const std::string& sql, const RowLimits& limits, RowSink& sink,
                                  std::uint64_t* given) {
  MYSQL* const connection = connection_.get();
  const auto ended_at = steady_clock::now() + limits.statement_time;
  const auto until = ended_at + limits.grace;
  is_over_ = true;  // until all of the answer was taken
  if (mysql_send_query(connection, sql.data(), sql.size()) != 0) return error_of(connection);
  // The wait for the first row is where a statement can take for ever; later ones come while it runs.
  constexpr milliseconds k_look_every(1000);
  if (watch_ != nullptr) watch_->begin_question();
  while (true) {
    const auto left = std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(until - steady_clock::now()));
    if (os::wait_readable(static_cast<int>(mysql_get_socket(connection)),
                          watch_ == nullptr ? left : std::min(left, k_look_every)))
      break;
    if (left == milliseconds(0))
      return base::Error{.code = base::ErrorCode::limit_reached, .what = "the statement takes too long"};
    if (watch_ != nullptr) LG_TRY(watch_->look());
  }
  if (mysql_read_query_result(connection) != 0) {
    const base::Error error = error_of(connection);
    is_over_ = error.hint.ends_with(" 2006") || error.hint.ends_with(" 2013");
    return error;
  }
  const std::unique_ptr<MYSQL_RES, FreeResult> result(mysql_use_result(connection));
  if (!result) {
    if (mysql_field_count(connection) != 0) return error_of(connection);
    is_over_ = false;
    return base::Done{};
  }
  const unsigned columns = mysql_num_fields(result.get());
  const MYSQL_FIELD* const fields = mysql_fetch_fields(result.get());
  std::vector<std::string> names;
  for (unsigned column = 0; column < columns; ++column) names.emplace_back(fields[column].name);
  sink.on_columns(names);
  std::vector<std::optional<std::string_view>> values(columns);
  std::uint64_t bytes = 0;
  // Giving a result back reads what is left of it: a session that is given up closes its connection first.
  const auto give_up = [&] { os::close_both_ways(static_cast<int>(mysql_get_socket(connection))); };
  while (MYSQL_ROW row = mysql_fetch_row(result.get())) {
    if (*given >= limits.rows || bytes > limits.bytes || ((*given & 1023U) == 0 && steady_clock::now() > until)) {
      give_up();
      return base::Error{.code = base::ErrorCode::limit_reached,
                         .what = fmt::format("more than {} rows, {} bytes or {} ms", limits.rows, limits.bytes,
                                             limits.statement_time.count())};
    }
    ++*given;
    if (give_row(row, mysql_fetch_lengths(result.get()), values, sink, bytes)) continue;
    give_up();
    return base::Done{};
  }
  if (mysql_errno(connection) != 0) {
    const base::Error error = error_of(connection);
    is_over_ = error.hint.ends_with(" 2006") || error.hint.ends_with(" 2013");
    return error;
  }
  is_over_ = false;
  // benchmark() and the like, stopped in the middle, answer as if they had come to their end.
  if (steady_clock::now() >= ended_at)
    return base::Error{.code = base::ErrorCode::limit_reached, .what = "the statement takes too long"};
  return base::Done{};
}

std::string quote_name(std::string_view name) {
  std::string quoted = "`";
  for (const char letter : name) quoted += letter == '`' ? std::string("``") : std::string(1, letter);
  return quoted + "`";
}

std::string quote_text(std::string_view text) {
  std::string quoted = "'";
  for (const char letter : text) {
    if (letter == '\'' || letter == '\\') quoted += '\\';
    quoted += letter;
  }
  return quoted + "'";
}

}  // namespace lastgood::engines::mariadb
