// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What every parser of a log is given and gives: lines in, events out. Pure; memory does not grow with the log. One
// thread an object.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "logs/zone.h"
#include "model/event.h"

namespace lastgood::logs {

/// Longer lines are cut here, and counted (LineSplitter).
inline constexpr std::size_t k_line_bytes_max = 64 * 1024;

struct LogLine {
  std::string_view text;  // without LF and CR
  std::uint64_t offset_bytes = 0;
  bool is_cut = false;
};

/// What a log does not say itself. `first_year` is the year of the first line, for logs without years.
struct LogContext {
  Zone zone;
  int first_year = 1970;
  std::string host;          // of lines that name none
  std::string samba_prefix;  // as in full_audit:prefix, "%u|%I|%m|%S"; empty: told from each line
};

enum class LineReading : std::uint8_t {
  taken,           // one or more events, now or later
  nothing_to_say,  // belongs to the format: a header, a comment, a continuation
  not_understood,
  bad_time,  // understood, and its time is no day of the years 1970 to 2261: no event
};

using EventSink = std::function<void(model::Event&&)>;

/// Sets everything of an event but `evidence`.
class LogParser {
 public:
  virtual ~LogParser() = default;
  LogParser() = default;
  LogParser(const LogParser&) = delete;
  LogParser& operator=(const LogParser&) = delete;
  [[nodiscard]] virtual LineReading take(const LogLine& line, const EventSink& sink) = 0;
  /// After the last line: what still waited for one.
  virtual void finish(const EventSink& /*sink*/) {}
};

/// One row of the table of formats.
struct LogFormat {
  std::string_view name;   // "samba", "syslog", "bodyfile"
  std::string_view words;  // for people
  std::unique_ptr<LogParser> (*open)(const LogContext& context);
};

/// `text` as the words of an event: at most k_event_words_bytes_max bytes, whole UTF-8 characters, no control bytes.
std::string event_words(std::string_view text);
/// The same for a path or a name: bytes as they are, at most k_line_bytes_max of them.
std::string event_text(std::string_view text);
/// An address in its shortest spelling; empty when `text` is none. A port behind it ("1.2.3.4:80", "[::1]:80") goes to
/// `port` where one is asked for.
std::string event_address(std::string_view text, std::uint16_t* port = nullptr);

}  // namespace lastgood::logs
