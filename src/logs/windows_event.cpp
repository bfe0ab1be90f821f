// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "logs/windows_event.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "logs/text_cursor.h"

namespace lastgood::logs {

namespace {

using model::EventKind;

constexpr std::size_t k_values_max = 64;

bool is_session_manager(std::string_view channel) {
  return channel.find("LocalSessionManager") != std::string_view::npos || channel == "RDS-LSM";
}

/// Where a value stands among those of an event; the templates are Windows' own, and only ever grow at their ends.
struct ValueName {
  std::uint64_t number;
  std::size_t place;
  std::string_view name;
};

constexpr std::array k_security_values = {
    ValueName{4624, 5, "TargetUserName"},  ValueName{4624, 18, "IpAddress"},
    ValueName{4624, 19, "IpPort"},         ValueName{4625, 5, "TargetUserName"},
    ValueName{4625, 19, "IpAddress"},      ValueName{4625, 20, "IpPort"},
    ValueName{4634, 1, "TargetUserName"},  ValueName{4647, 1, "TargetUserName"},
    ValueName{4648, 5, "TargetUserName"},  ValueName{4648, 12, "IpAddress"},
    ValueName{4648, 13, "IpPort"},         ValueName{4688, 1, "SubjectUserName"},
    ValueName{4663, 1, "SubjectUserName"}, ValueName{4663, 6, "ObjectName"},
    ValueName{5145, 1, "SubjectUserName"}, ValueName{5145, 5, "IpAddress"},
    ValueName{5145, 6, "IpPort"},          ValueName{5145, 9, "RelativeTargetName"},
};
constexpr std::array k_session_values = {
    ValueName{21, 0, "User"},    ValueName{21, 2, "Address"}, ValueName{25, 0, "User"},
    ValueName{25, 2, "Address"}, ValueName{23, 0, "User"},    ValueName{24, 0, "User"},
};

/// "'a', 'it\'s', \"b\"" up to the closing bracket, as Python writes lists; no values for what is none.
std::vector<std::string> parse_python_list(std::string_view text) {
  std::vector<std::string> values;
  TextCursor cursor(text);
  while (values.size() < k_values_max) {
    const bool is_single = cursor.take("'");
    if (!is_single && !cursor.take("\"")) return {};
    const char quote = is_single ? '\'' : '"';
    std::string value;
    std::string_view rest = cursor.rest();
    std::size_t at = 0;
    for (; at < rest.size() && rest[at] != quote; ++at) {
      if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
      value += rest[at];
    }
    if (at == rest.size()) return {};
    values.push_back(std::move(value));
    cursor = TextCursor(rest.substr(at + 1));
    if (!cursor.take(", ")) return values;
  }
  return values;
}

/// Of the list that the tool itself gave, or of its message. A message that also holds the event's own text is not
/// looked into: what a stranger called himself could pass for the list.
std::vector<std::string> find_values(const FlatRecord& record) {
  std::vector<std::string> values;
  for (std::size_t place = 0; place < k_values_max; ++place) {
    const std::string name = fmt::format("strings.{}", place);
    const bool is_there = std::any_of(record.fields().begin(), record.fields().end(),
                                      [&](const auto& field) { return field.first == name; });
    if (!is_there) break;
    values.emplace_back(record.value(name));
  }
  if (!values.empty()) return values;
  const std::string_view message = record.first_of({"message", "desc"});
  constexpr std::string_view k_begin = "Strings: [";
  const std::size_t at = message.find(k_begin);
  if (at == std::string_view::npos || message.substr(0, at).find("Message string:") != std::string_view::npos)
    return {};
  return parse_python_list(message.substr(at + k_begin.size()));
}

template <typename Names>
void add_named(const Names& names, std::uint64_t number, FlatRecord& record) {
  const bool is_named =
      std::any_of(names.begin(), names.end(), [&](const ValueName& each) { return each.number == number; });
  if (!is_named) return;
  const std::vector<std::string> values = find_values(record);
  for (const ValueName& each : names) {
    if (each.number != number || each.place >= values.size() || record.size() >= k_record_fields_max) continue;
    record.add(std::string(each.name), values[each.place]);
  }
}

}  // namespace

EventKind kind_of_windows_event(std::string_view channel, std::uint64_t number) {
  struct WindowsEvent {
    std::uint64_t number;
    EventKind kind;
  };
  constexpr std::array k_events = {
      WindowsEvent{4624, EventKind::login},           WindowsEvent{4625, EventKind::login_failed},
      WindowsEvent{4648, EventKind::login},           WindowsEvent{4634, EventKind::logout},
      WindowsEvent{4647, EventKind::logout},          WindowsEvent{4778, EventKind::login},
      WindowsEvent{4688, EventKind::command_run},     WindowsEvent{4104, EventKind::command_run},
      WindowsEvent{4697, EventKind::service_changed}, WindowsEvent{7045, EventKind::service_changed},
      WindowsEvent{7036, EventKind::service_changed}, WindowsEvent{4720, EventKind::account_changed},
      WindowsEvent{4722, EventKind::account_changed}, WindowsEvent{4724, EventKind::account_changed},
      WindowsEvent{4726, EventKind::account_changed}, WindowsEvent{4728, EventKind::account_changed},
      WindowsEvent{4732, EventKind::account_changed}, WindowsEvent{4756, EventKind::account_changed},
      WindowsEvent{4660, EventKind::file_deleted},    WindowsEvent{4663, EventKind::file_read},
      WindowsEvent{5145, EventKind::file_read},       WindowsEvent{5156, EventKind::connection},
      WindowsEvent{1102, EventKind::log_cleared},     WindowsEvent{104, EventKind::log_cleared},
  };
  if (channel.find("Sysmon") != std::string_view::npos) {
    if (number == 1) return EventKind::command_run;
    if (number == 3) return EventKind::connection;
    if (number == 11) return EventKind::file_created;
    if (number == 23 || number == 26) return EventKind::file_deleted;
    return EventKind::other;
  }
  // What is left of logins over remote desktop when the log of security has turned over.
  if (is_session_manager(channel)) {
    if (number == 21 || number == 25) return EventKind::login;
    return number == 23 || number == 24 ? EventKind::logout : EventKind::other;
  }
  for (const WindowsEvent& event : k_events) {
    if (event.number == number) return event.kind;
  }
  return EventKind::other;
}

void name_windows_values(std::string_view source, std::uint64_t number, FlatRecord& record) {
  if (source.find("Security-Auditing") != std::string_view::npos) return add_named(k_security_values, number, record);
  if (is_session_manager(source)) add_named(k_session_values, number, record);
}

}  // namespace lastgood::logs
