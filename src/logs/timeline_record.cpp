// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// plaso's json_line and l2tcsv, Timesketch's and Hayabusa's and Chainsaw's CSV and JSON lines (our own, too),
// Velociraptor's JSON lines, and event logs of Windows as JSON lines of their own ("Event.System.EventID"). None of
// them has a fixed set of names: what is there is taken, what is missing is empty.
#include "logs/timeline_record.h"

#include <array>

#include <fmt/format.h>

#include "logs/log_time.h"
#include "logs/text_cursor.h"
#include "logs/windows_event.h"

namespace lastgood::logs {

namespace {

using model::Event;
using model::EventKind;

constexpr std::string_view k_between_details = " \xC2\xA6 ";

struct When {
  std::optional<LogTime> time;
  bool is_shaped = false;  // something stands there that is meant to be a time
};

When read_when(std::string_view text, const LogContext& context) {
  text = trimmed(text);
  if (text.empty()) return {};
  TextCursor cursor(text);
  if (const auto civil = take_date_time(cursor)) return {time_of(*civil, context), true};
  if (text.find_first_not_of("0123456789.") != std::string_view::npos) return {std::nullopt, true};
  const auto at_ns = parse_epoch_number(text);
  if (!at_ns) return {std::nullopt, true};
  return {LogTime{.at_ns = *at_ns}, true};
}

EventKind kind_of_name(std::string_view name) {
  for (std::size_t i = 0; i < model::k_event_kind_count; ++i) {
    const auto kind = static_cast<EventKind>(i);
    if (model::name_of(kind) == name) return kind;
  }
  return EventKind::other;
}

EventKind kind_of_words(std::string_view description) {
  struct Words {
    std::string_view words;
    EventKind kind;
  };
  constexpr std::array k_words = {
      Words{"Content Modification Time", EventKind::file_written}, Words{"Creation Time", EventKind::file_created},
      Words{"Metadata Modification Time", EventKind::file_metadata_changed},
      Words{"Last Access Time", EventKind::file_read}, Words{"Deletion Time", EventKind::file_deleted}};
  for (const Words& row : k_words) {
    if (same_letters(row.words, description)) return row.kind;
  }
  return EventKind::other;
}

void set_who(const FlatRecord& record, Event& event) {
  event.host =
      event_text(record.first_of({"host", "hostname", "computer", "computer_name", "Event.System.Computer",
                                  "System.Computer", "document.data.Event.System.Computer", "Hostname", "Fqdn"}));
  event.account = event_text(record.first_leaf({"account", "TargetUserName", "TgtUser", "username", "user",
                                                "SubjectUserName", "SrcUser", "Username", "User Name"}));
  std::string_view address =
      record.first_leaf({"address", "source_ip", "src_ip", "IpAddress", "SrcIP", "ip_address", "SourceIp",
                         "SourceAddress", "remote_address", "IP Address", "Source IP", "Source Address"});
  event.address = event_address(address);
  event.port = parse_port(record.first_leaf({"port", "source_port", "src_port", "IpPort", "SrcPort", "SourcePort"}));
  event.to_address =
      event_address(record.first_leaf({"to_address", "dst_ip", "destination_ip", "DestinationIp", "TgtIP"}));
  event.to_port = parse_port(record.first_leaf({"to_port", "dst_port", "destination_port", "DestinationPort"}));
  event.path = event_text(record.first_of({"path", "OSPath", "FullPath"}));
  if (event.path.empty())
    event.path = event_text(record.first_leaf({"TargetFilename", "ObjectName", "RelativeTargetName"}));
  event.path_to = event_text(record.first_leaf({"path_to"}));
}

std::uint64_t windows_number(const FlatRecord& record) {
  std::string_view text =
      record.first_of({"EventID", "event_identifier", "Event.System.EventID", "document.data.Event.System.EventID",
                       "System.EventID.Value", "System.EventID", "EventID.Value", "Event.System.EventID.#text",
                       "document.data.Event.System.EventID.#text", "Event ID"});
  return parse_number(trimmed(text)).value_or(0);
}

/// "TgtUser: desk ¦ SrcIP: 203.0.113.5" is one text in Hayabusa's CSV; lines of one in Chainsaw's.
void add_details(std::string_view details, std::string_view between, FlatRecord& record) {
  TextCursor cursor(details);
  while (record.size() < k_record_fields_max) {
    const auto part = cursor.take_until(between);
    TextCursor pair(part.value_or(cursor.rest()));
    const auto name = pair.take_until(": ");
    if (name) record.add(std::string(trimmed(*name)), std::string(pair.rest()));
    if (!part) return;
  }
}

/// Of Hayabusa, whether its details are one text or an object of their own.
std::string details_of(const FlatRecord& record) {
  std::string all(record.value("Details"));
  for (const auto& [name, value] : record.fields()) {
    if (!name.starts_with("Details.") || all.size() > model::k_event_words_bytes_max) continue;
    all += fmt::format("{}{}: {}", all.empty() ? "" : k_between_details, name.substr(name.find('.') + 1), value);
  }
  return all;
}

void set_words(TimelineTool tool, const FlatRecord& record, Event& event) {
  std::string_view words =
      record.first_of({"message", "RuleTitle", "name", "desc", "short", "Message", "Details", "detections"});
  if (tool == TimelineTool::hayabusa) {
    event.what = event_words(fmt::format("{} {}", words, details_of(record)));
  } else {
    event.what = event_words(words);
  }
  if (event.what.empty()) {
    std::string all;
    for (const auto& [name, value] : record.fields()) {
      if (all.size() > model::k_event_words_bytes_max) break;
      all += fmt::format("{}{}={}", all.empty() ? "" : " ", name, value);
    }
    event.what = event_words(all);
  }
}

std::string_view parser_of(TimelineTool tool) {
  switch (tool) {
    case TimelineTool::plaso: return "plaso";
    case TimelineTool::l2t: return "plaso.l2t";
    case TimelineTool::timesketch: return "timesketch";
    case TimelineTool::hayabusa: return "hayabusa";
    case TimelineTool::chainsaw: return "chainsaw";
    case TimelineTool::velociraptor: return "velociraptor";
    case TimelineTool::windows: return "windows";
    case TimelineTool::other:
    case TimelineTool::none: break;
  }
  return "json";
}

Event describe(TimelineTool tool, const FlatRecord& record, const LogContext& context, std::uint64_t offset_bytes) {
  Event event;
  set_who(record, event);
  set_words(tool, record, event);
  if (event.host.empty()) event.host = context.host;
  if (tool == TimelineTool::chainsaw) event.path.clear();  // "path" is the log's own
  event.offset_bytes = offset_bytes;
  event.parser = parser_of(tool);
  event.bytes_out = parse_number(record.value("bytes_out")).value_or(0);
  const std::string_view description = record.first_of({"timestamp_desc", "type"});
  event.kind = kind_of_name(record.value("kind"));
  const std::uint64_t number = windows_number(record);
  if (event.kind == EventKind::other && number > 0) {
    event.kind = kind_of_windows_event(record.first_leaf({"Channel", "source_name", "Event.System.Provider"}), number);
  }
  const bool is_of_file = record.value("data_type").starts_with("fs:") || record.value("source") == "FILE" ||
                          record.value("source_short") == "FILE";
  if (event.kind == EventKind::other && is_of_file) {
    event.kind = kind_of_words(description);
    event.path = event_text(record.first_of({"filename", "display_name"}));
    event.basis = model::TimeBasis::file_time;
  }
  const std::string_view data_type = record.value("data_type");
  if (data_type == "syslog:ssh:login") event.kind = EventKind::login;
  if (data_type == "syslog:ssh:failed_connection") event.kind = EventKind::login_failed;
  event.succeeded = event.kind != EventKind::login_failed && record.value("succeeded") != "false";
  return event;
}

void set_basis(const FlatRecord& record, const LogTime& time, Event& event) {
  if (event.basis == model::TimeBasis::recorded) event.basis = time.basis;
  const std::string_view basis = record.value("time_basis");
  for (std::size_t i = 0; i < model::k_time_basis_count; ++i) {
    if (model::name_of(static_cast<model::TimeBasis>(i)) == basis) event.basis = static_cast<model::TimeBasis>(i);
  }
}

std::string_view windows_time(const FlatRecord& record) {
  return record.first_of({"Event.System.TimeCreated.#attributes.SystemTime",
                          "Event.System.TimeCreated_attributes.SystemTime", "Event.System.TimeCreated.SystemTime"});
}

/// "11/23/2022" and "07:07:00" in a zone of their own column.
When read_l2t_when(const FlatRecord& record, const LogContext& context) {
  TextCursor date(record.value("date"));
  CivilTime civil;
  const auto month = date.take_number(2);
  if (!month || !date.take("/")) return {};
  const auto day = date.take_number(2);
  if (!day || !date.take("/")) return {};
  const auto year = date.take_number(9);
  TextCursor clock(record.value("time"));
  if (!year || !take_clock(clock, civil)) return {};
  civil.year = static_cast<std::int64_t>(*year);
  civil.month = static_cast<std::uint32_t>(*month);
  civil.day = static_cast<std::uint32_t>(*day);
  if (const auto zone = find_zone_word(record.value("timezone"))) {
    civil.east_s = zone->east_s;
    civil.zone_is_certain = zone->is_certain;
  }
  return {time_of(civil, context), true};
}

When when_of(TimelineTool tool, const FlatRecord& record, const LogContext& context) {
  switch (tool) {
    case TimelineTool::l2t: return read_l2t_when(record, context);
    case TimelineTool::plaso: {
      // Microseconds, whatever their size.
      const auto micros = parse_number(record.value("timestamp"));
      constexpr std::uint64_t k_micros_max = 9'214'646'400'000'000;
      if (!micros) return read_when(record.first_of({"datetime", "timestamp"}), context);
      if (*micros >= k_micros_max) return {std::nullopt, true};
      return {LogTime{.at_ns = static_cast<std::int64_t>(*micros) * 1000}, true};
    }
    case TimelineTool::timesketch: return read_when(record.first_of({"datetime", "timestamp"}), context);
    case TimelineTool::hayabusa: return read_when(record.first_of({"Timestamp", "datetime"}), context);
    case TimelineTool::chainsaw: return read_when(record.value("timestamp"), context);
    case TimelineTool::velociraptor:
    case TimelineTool::other:
      return read_when(record.first_of({"EventTime", "System.TimeCreated.SystemTime", "Timestamp", "timestamp", "Time",
                                        "TimeCreated", "_ts"}),
                       context);
    case TimelineTool::windows: return read_when(windows_time(record), context);
    case TimelineTool::none: break;
  }
  return {};
}

/// Rows of Velociraptor about files hold several times.
std::size_t show_file_times(const FlatRecord& record, const LogContext& context, const Event& event,
                            const EventSink& sink) {
  struct FileTime {
    std::string_view name;
    std::string_view in_mft;  // of $STANDARD_INFORMATION, as file systems show them
    EventKind kind;
  };
  constexpr std::array k_times = {
      FileTime{"Mtime", "LastModified0x10", EventKind::file_written},
      FileTime{"Ctime", "LastRecordChange0x10", EventKind::file_metadata_changed},
      FileTime{"Btime", "Created0x10", EventKind::file_created},
      FileTime{"Atime", "LastAccess0x10", EventKind::file_read},
  };
  std::size_t shown = 0;
  for (const auto& [name, in_mft, kind] : k_times) {
    const When when = read_when(record.first_of({name, in_mft}), context);
    if (!when.time || when.time->at_ns == 0) continue;
    Event one = event;
    one.at_ns = when.time->at_ns;
    one.basis = model::TimeBasis::file_time;
    one.kind = kind;
    sink(std::move(one));
    ++shown;
  }
  return shown;
}

}  // namespace

TimelineTool find_tool(const FlatRecord& record) {
  const auto has = [&](std::string_view name) { return !record.value(name).empty(); };
  if (has("__container_type__")) return TimelineTool::plaso;
  if (has("date") && has("time") && has("timezone") && has("MACB")) return TimelineTool::l2t;
  if (has("message") && has("datetime") && has("timestamp_desc")) return TimelineTool::timesketch;
  if (has("data_type") && has("timestamp")) return TimelineTool::plaso;
  if (has("Timestamp") && (has("RuleTitle") || has("RuleID")) && has("Channel")) return TimelineTool::hayabusa;
  if (has("group") && has("kind") && has("timestamp") && has("document.kind")) return TimelineTool::chainsaw;
  if (has("timestamp") && has("detections")) return TimelineTool::chainsaw;
  if (!windows_time(record).empty()) return TimelineTool::windows;
  if (has("id.orig_h")) return TimelineTool::none;
  if (has("EventTime") || has("System.TimeCreated.SystemTime") || has("_ts") ||
      (has("OSPath") && (has("Mtime") || has("LastModified0x10"))) || (has("FullPath") && has("Mtime"))) {
    return TimelineTool::velociraptor;
  }
  return has("Timestamp") || has("TimeCreated") ? TimelineTool::other : TimelineTool::none;
}

LineReading read_timeline_record(TimelineTool tool, const FlatRecord& record, const LogContext& context,
                                 std::uint64_t offset_bytes, const EventSink& sink) {
  FlatRecord with_details = record;
  if (tool == TimelineTool::hayabusa) {
    for (const std::string_view name : {"Details", "ExtraFieldInfo", "AllFieldInfo"})
      add_details(record.value(name), k_between_details, with_details);
  }
  if (tool == TimelineTool::chainsaw) add_details(record.value("Event Data"), "\n", with_details);
  name_windows_values(record.value("source_name"), windows_number(record), with_details);
  Event event = describe(tool, with_details, context, offset_bytes);
  if (tool == TimelineTool::velociraptor && show_file_times(record, context, event, sink) > 0) {
    return LineReading::taken;
  }
  const When when = when_of(tool, record, context);
  if (!when.time) return when.is_shaped ? LineReading::bad_time : LineReading::not_understood;
  event.at_ns = when.time->at_ns;
  set_basis(record, *when.time, event);
  sink(std::move(event));
  return LineReading::taken;
}

}  // namespace lastgood::logs
