// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The body file of The Sleuth Kit 3 (mactime), as fls and UAC write it:
//   MD5|name|inode|mode_as_string|UID|GID|size|atime|mtime|ctime|crtime
// A name may hold '|': the nine fields behind it are counted from the end. 0 is "not known".
#include <array>

#include <fmt/format.h>

#include "logs/log_formats.h"
#include "logs/log_time.h"
#include "logs/text_cursor.h"

namespace lastgood::logs {

namespace {

using model::EventKind;

struct BodyRow {
  std::string_view name;
  std::array<std::string_view, 9> fields;  // inode, mode, uid, gid, size, atime, mtime, ctime, crtime
};

std::optional<BodyRow> split_row(std::string_view line) {
  BodyRow row;
  for (std::size_t i = row.fields.size(); i-- > 0;) {
    const std::size_t bar = line.rfind('|');
    if (bar == std::string_view::npos) return std::nullopt;
    row.fields.at(i) = line.substr(bar + 1);
    line = line.substr(0, bar);
  }
  const std::size_t bar = line.find('|');
  if (bar == std::string_view::npos) return std::nullopt;
  row.name = line.substr(bar + 1);
  return row;
}

/// "/a -> /b" is a link, "/a (deleted)" is gone.
std::string_view bare_name(std::string_view name) {
  name = name.substr(0, name.find(" -> "));
  for (const std::string_view end : {" (deleted)", " (deleted-realloc)"}) {
    if (name.ends_with(end)) name.remove_suffix(end.size());
  }
  return name;
}

bool is_time(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.-") == std::string_view::npos;
}

class BodyfileParser final : public LogParser {
 public:
  explicit BodyfileParser(const LogContext& context) : context_(context) {}

  LineReading take(const LogLine& line, const EventSink& sink) override {
    if (line.text.empty() || line.text.starts_with('#')) return LineReading::nothing_to_say;
    const auto row = split_row(line.text);
    if (!row || row->name.empty() || !parse_number(row->fields[4])) return LineReading::not_understood;
    for (std::size_t i = 5; i < 9; ++i) {
      if (!is_time(row->fields.at(i))) return LineReading::not_understood;
    }
    constexpr std::array<std::pair<std::size_t, EventKind>, 4> k_times = {{{6, EventKind::file_written},
                                                                           {7, EventKind::file_metadata_changed},
                                                                           {8, EventKind::file_created},
                                                                           {5, EventKind::file_read}}};
    bool any = false;
    bool any_bad = false;
    for (const auto& [field, kind] : k_times) {
      const std::string_view text = row->fields.at(field);
      const auto at_ns = parse_epoch_seconds(text);
      if (at_ns == 0 || text == "-1") continue;
      any_bad = any_bad || !at_ns;
      if (!at_ns) continue;
      any = true;
      show(line, *row, *at_ns, kind, sink);
    }
    if (any_bad) return LineReading::bad_time;
    return any ? LineReading::taken : LineReading::nothing_to_say;
  }

 private:
  void show(const LogLine& line, const BodyRow& row, std::int64_t at_ns, EventKind kind, const EventSink& sink) {
    model::Event event;
    event.at_ns = at_ns;
    event.basis = model::TimeBasis::file_time;
    event.kind = kind;
    event.parser = "bodyfile";
    event.host = context_.host;
    event.path = event_text(bare_name(row.name));
    event.what = event_words(fmt::format("{}, {} bytes, mode {}, uid {}, inode {}{}", model::name_of(kind),
                                         row.fields[4], row.fields[1], row.fields[2], row.fields[0],
                                         row.name.ends_with(" (deleted)") ? ", deleted" : ""));
    event.offset_bytes = line.offset_bytes;
    sink(std::move(event));
  }

  LogContext context_;
};

}  // namespace

OpenedParser open_bodyfile(const LogContext& context) { return std::make_unique<BodyfileParser>(context); }

}  // namespace lastgood::logs
