// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// PostgreSQL 15, "Error Reporting and Logging": stderr with a log_line_prefix that begins with a time (%m or %t) and
// has the process in brackets ("%m [%p] %q%u@%d "), and csvlog. A line that begins with a tab goes on with the one
// before.
#include <unordered_map>

#include "logs/delimited_row.h"
#include "logs/log_formats.h"
#include "logs/log_time.h"
#include "logs/messages/message_table.h"
#include "logs/text_cursor.h"

namespace lastgood::logs {

namespace {

using model::EventKind;

/// Who is behind a server process: told once, when the connection comes in.
class Peers {
 public:
  void note_or_fill(std::uint64_t process, model::Event& event) {
    if (event.kind == EventKind::connection) {
      if (peers_.size() == k_peers_max) peers_.clear();
      peers_[process] = {event.address, event.port};
    } else if (const auto at = peers_.find(process); at != peers_.end() && event.address.empty()) {
      event.address = at->second.address;
      event.port = at->second.port;
      if (event.kind == EventKind::logout) peers_.erase(at);
    }
  }

 private:
  static constexpr std::size_t k_peers_max = 65'536;
  struct Peer {
    std::string address;
    std::uint16_t port = 0;
  };
  std::unordered_map<std::uint64_t, Peer> peers_;
};

class PostgresqlLogParser final : public LogParser {
 public:
  explicit PostgresqlLogParser(const LogContext& context) : context_(context) {}

  LineReading take(const LogLine& line, const EventSink& sink) override {
    if (line.text.empty() || line.text.starts_with('\t')) return LineReading::nothing_to_say;
    TextCursor cursor(line.text);
    const auto civil = take_date_time(cursor);
    if (!civil) return LineReading::not_understood;
    // The prefix ends where a severity begins: "] user@database LOG:  ".
    const auto process = find_between(cursor.rest(), "[", "]");
    const std::size_t severity_end = cursor.rest().find(":  ");
    if (!process || severity_end == std::string_view::npos) return LineReading::not_understood;
    const std::size_t blank = cursor.rest().substr(0, severity_end).rfind(' ');
    const std::size_t severity_at = blank == std::string_view::npos ? 0 : blank + 1;
    const auto time = time_of(*civil, context_);
    model::Event event;
    if (!read_postgresql(cursor.rest().substr(severity_at), context_, event)) return LineReading::not_understood;
    if (!time) return LineReading::bad_time;
    event.at_ns = time->at_ns;
    event.basis = time->basis;
    event.host = context_.host;
    event.offset_bytes = line.offset_bytes;
    event.parser = "postgresql";
    set_account(cursor.rest().substr(0, severity_at), event);
    peers_.note_or_fill(parse_number(process->substr(0, process->find('-'))).value_or(0), event);
    sink(std::move(event));
    return LineReading::taken;
  }

 private:
  /// "user@database" in the prefix.
  static void set_account(std::string_view prefix, model::Event& event) {
    if (!event.account.empty()) return;
    const std::size_t at = prefix.rfind('@');
    if (at == std::string_view::npos) return;
    const std::size_t blank = prefix.substr(0, at).rfind(' ');
    event.account = event_text(prefix.substr(blank == std::string_view::npos ? 0 : blank + 1)
                                   .substr(0, at - (blank == std::string_view::npos ? 0 : blank + 1)));
    if (event.account == "[unknown]") event.account.clear();
  }

  LogContext context_;
  Peers peers_;
};

/// Columns by their number: log_time, user_name, database_name, process_id, connection_from, ..., error_severity
/// (12th), sql_state_code, message (14th).
class PostgresqlCsvParser final : public LogParser {
 public:
  explicit PostgresqlCsvParser(const LogContext& context) : context_(context) {}

  LineReading take(const LogLine& line, const EventSink& sink) override {
    constexpr std::size_t k_columns_min = 23;
    switch (rows_.take(line)) {
      case RowJoiner::State::waiting: return LineReading::nothing_to_say;
      case RowJoiner::State::broken: return LineReading::not_understood;
      case RowJoiner::State::complete: break;
    }
    const std::vector<std::string>& fields = rows_.row().fields;
    if (fields.size() < k_columns_min || fields.size() > 40) return LineReading::not_understood;
    TextCursor cursor(fields[0]);
    const auto civil = take_date_time(cursor);
    if (!civil || !parse_number(fields[3])) return LineReading::not_understood;
    const auto time = time_of(*civil, context_);
    if (!time) return LineReading::bad_time;
    model::Event event;
    if (!read_postgresql(fields[11] + ": " + fields[13], context_, event)) return LineReading::not_understood;
    event.at_ns = time->at_ns;
    event.basis = time->basis;
    event.host = context_.host;
    event.offset_bytes = rows_.row().offset_bytes;
    event.parser = "postgresql";
    if (event.account.empty()) event.account = event_text(fields[1]);
    if (event.address.empty()) event.address = event_address(fields[4], &event.port);
    sink(std::move(event));
    return LineReading::taken;
  }

 private:
  LogContext context_;
  RowJoiner rows_{','};
};

}  // namespace

OpenedParser open_postgresql_log(const LogContext& context) { return std::make_unique<PostgresqlLogParser>(context); }
OpenedParser open_postgresql_csv(const LogContext& context) { return std::make_unique<PostgresqlCsvParser>(context); }

}  // namespace lastgood::logs
