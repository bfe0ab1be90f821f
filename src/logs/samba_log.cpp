// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// smbd's own log file: a header line, then the message on lines that begin with two blanks (lib/util/debug.c):
//   [2022/11/23 07:07:00.123456,  1] ../../source3/modules/vfs_full_audit.c:643(do_log)
//     desk|10.0.0.7|ws7|records|renameat|ok|/srv/records/a.dcm|/srv/records/a.dcm.bak9
#include "logs/log_formats.h"
#include "logs/log_time.h"
#include "logs/messages/message_table.h"
#include "logs/text_cursor.h"

namespace lastgood::logs {

namespace {

class SambaLogParser final : public LogParser {
 public:
  explicit SambaLogParser(const LogContext& context) : context_(context) {}

  LineReading take(const LogLine& line, const EventSink& sink) override {
    if (line.text.starts_with('[')) return take_header(line.text);
    if (line.text.empty()) return LineReading::nothing_to_say;
    if (!line.text.starts_with("  ") || state_ == State::none) return LineReading::not_understood;
    if (state_ == State::bad_time) return LineReading::bad_time;
    model::Event event;
    event.at_ns = time_.at_ns;
    event.basis = time_.basis;
    event.host = context_.host;
    event.offset_bytes = line.offset_bytes;
    event.parser = "samba";
    event.what = event_words(line.text);
    (void)read_message("smbd", trimmed(line.text), context_, event);
    sink(std::move(event));
    return LineReading::taken;
  }

 private:
  enum class State : std::uint8_t { none, time, bad_time };

  LineReading take_header(std::string_view line) {
    TextCursor cursor(line);
    (void)cursor.take("[");
    const auto civil = take_date_time(cursor);
    // Behind the time ",  LEVEL] FILE:LINE(FUNCTION)", with "pid=..., effective(...)" where it was asked for.
    if (!civil || !cursor.take(",") || cursor.rest().find("] ") == std::string_view::npos || !line.ends_with(')')) {
      state_ = State::none;
      return LineReading::not_understood;
    }
    const auto time = time_of(*civil, context_);
    state_ = time ? State::time : State::bad_time;
    if (!time) return LineReading::bad_time;
    time_ = *time;
    return LineReading::nothing_to_say;
  }

  LogContext context_;
  LogTime time_;
  State state_ = State::none;
};

}  // namespace

OpenedParser open_samba_log(const LogContext& context) { return std::make_unique<SambaLogParser>(context); }

}  // namespace lastgood::logs
