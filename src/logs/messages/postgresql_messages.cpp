// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Messages of PostgreSQL 15's server log (log_connections, log_disconnections, log_statement), English.
#include <array>

#include "logs/messages/message_table.h"
#include "logs/text_cursor.h"

namespace lastgood::logs {

namespace {

using model::EventKind;

void set_names(std::string_view text, model::Event& event) {
  if (const auto user = find_between(text, "user=", " ")) event.account = event_text(*user);
  const auto host = find_between(text, "host=", "");
  if (host) event.address = event_address(TextCursor(*host).take_word());
  const auto port = find_between(text, "port=", "");
  if (port) event.port = parse_port(TextCursor(*port).take_word());
}

bool read_log_message(std::string_view text, model::Event& event) {
  if (text.starts_with("connection received:")) {
    event.kind = EventKind::connection;
    set_names(text, event);
    return true;
  }
  if (text.starts_with("connection authorized:")) {
    event.kind = EventKind::login;
    set_names(text, event);
    return true;
  }
  if (text.starts_with("disconnection:")) {
    event.kind = EventKind::logout;
    set_names(text, event);
    return true;
  }
  for (const std::string_view begin : {"statement:", "execute ", "duration:"}) {
    if (!text.starts_with(begin)) continue;
    event.kind = EventKind::request;
    return true;
  }
  for (const std::string_view begin :
       {"database system is ", "starting PostgreSQL", "received fast shutdown", "received smart shutdown",
        "received immediate shutdown", "received SIGHUP", "database system was "}) {
    if (!text.starts_with(begin)) continue;
    event.kind = EventKind::service_changed;
    return true;
  }
  return false;
}

}  // namespace

bool read_postgresql(std::string_view message, const LogContext& /*context*/, model::Event& event) {
  constexpr std::array<std::string_view, 13> k_severities = {"LOG",    "ERROR",  "FATAL",  "PANIC", "WARNING",
                                                             "NOTICE", "INFO",   "DETAIL", "HINT",  "STATEMENT",
                                                             "DEBUG1", "DEBUG2", "CONTEXT"};
  const std::size_t colon = message.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view severity = message.substr(0, colon);
  bool is_known = false;
  for (const std::string_view known : k_severities) is_known = is_known || severity == known;
  if (!is_known) return false;
  const std::string_view text = trimmed(message.substr(colon + 1));
  event.what = event_words(message);
  const bool is_bad = severity == "ERROR" || severity == "FATAL" || severity == "PANIC";
  if (is_bad) event.succeeded = false;
  if (severity == "FATAL" && text.find("authentication failed for user \"") != std::string_view::npos) {
    event.kind = EventKind::login_failed;
    event.account = event_text(find_between(text, "for user \"", "\"").value_or(""));
    return true;
  }
  if (text.starts_with("no pg_hba.conf entry for host \"")) {
    event.kind = EventKind::login_failed;
    event.account = event_text(find_between(text, "user \"", "\"").value_or(""));
    event.address = event_address(find_between(text, "host \"", "\"").value_or(""));
    return true;
  }
  if (!read_log_message(text, event)) event.kind = EventKind::other;
  return true;
}

}  // namespace lastgood::logs
