// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Three envelopes, with or without "<PRI>":
//   RFC 3164 section 4.1   Nov 23 07:07:00 db1 sshd[4711]: Accepted password for ...
//   rsyslog's own form     2022-11-23T07:07:00.123456+05:30 db1 sshd[4711]: Accepted password for ...
//   RFC 5424 section 6     <34>1 2022-11-23T01:37:00.123Z db1 sshd 4711 ID47 [sd@1 a="b"] Accepted password for ...
#include "logs/log_formats.h"
#include "logs/log_time.h"
#include "logs/messages/message_table.h"
#include "logs/text_cursor.h"

namespace lastgood::logs {

namespace {

struct Envelope {
  CivilTime time;
  std::string_view host;
  std::string_view program;
  std::string_view message;
};

void take_priority(TextCursor& cursor) {
  TextCursor ahead = cursor;
  if (!ahead.take("<")) return;
  const auto number = ahead.take_number(3);
  if (number && ahead.take(">")) cursor = ahead;
}

/// Structured data is "-" or elements in brackets, with '\' before a bracket that is part of a value.
bool skip_structured_data(TextCursor& cursor) {
  if (cursor.take("-")) return true;
  while (cursor.next() == '[') {
    const std::string_view rest = cursor.rest();
    std::size_t at = 1;
    while (at < rest.size() && rest[at] != ']') at += rest[at] == '\\' ? 2U : 1U;
    if (at >= rest.size()) return false;
    cursor.skip(at + 1);
  }
  return true;
}

std::optional<Envelope> take_rfc5424(TextCursor cursor) {
  if (!cursor.take("1 ")) return std::nullopt;
  Envelope envelope;
  const auto time = take_date_time(cursor);
  if (!time || !cursor.take(" ")) return std::nullopt;
  envelope.time = *time;
  envelope.host = cursor.take_word();
  cursor.skip(1);
  envelope.program = cursor.take_word();
  cursor.skip(1);
  (void)cursor.take_word();  // process
  cursor.skip(1);
  (void)cursor.take_word();  // message id
  cursor.skip(1);
  if (!skip_structured_data(cursor)) return std::nullopt;
  (void)cursor.take(" ");
  (void)cursor.take("\xEF\xBB\xBF");
  envelope.message = cursor.rest();
  if (envelope.host == "-") envelope.host = {};
  return envelope;
}

/// "sshd[4711]: text", "kernel: text", "smbd_audit: text".
void take_tag(TextCursor& cursor, Envelope& envelope) {
  const std::string_view rest = cursor.rest();
  const std::size_t colon = rest.find(": ");
  const std::size_t end = colon == std::string_view::npos && rest.ends_with(':') ? rest.size() - 1 : colon;
  const std::string_view tag = rest.substr(0, end);
  if (end == std::string_view::npos || tag.empty() || tag.size() > 128 || tag.find(' ') != std::string_view::npos) {
    envelope.message = rest;
    return;
  }
  envelope.program = tag.substr(0, tag.find('['));
  envelope.message = rest.substr(std::min(rest.size(), end + 2));
}

std::optional<Envelope> take_envelope(std::string_view line) {
  TextCursor cursor(line);
  take_priority(cursor);
  if (auto newer = take_rfc5424(cursor)) return newer;
  Envelope envelope;
  auto time = take_syslog_time(cursor);
  if (!time) {
    // Every line of a date may begin so: here 'T' must stand between date and clock.
    const std::size_t letter = cursor.rest().find_first_of("T ");
    if (letter == std::string_view::npos || cursor.rest()[letter] != 'T') return std::nullopt;
    time = take_date_time(cursor);
  }
  if (!time || !cursor.take(" ")) return std::nullopt;
  envelope.time = *time;
  envelope.host = cursor.take_word();
  if (envelope.host.ends_with(':')) {  // no host: the tag stands in its place
    envelope.program = envelope.host.substr(0, envelope.host.find_first_of("[:"));
    envelope.host = {};
    cursor.skip(1);
    envelope.message = cursor.rest();
    return envelope;
  }
  if (!cursor.take(" ")) return std::nullopt;
  take_tag(cursor, envelope);
  return envelope;
}

class SyslogParser final : public LogParser {
 public:
  explicit SyslogParser(const LogContext& context) : context_(context), years_(context.first_year) {}

  LineReading take(const LogLine& line, const EventSink& sink) override {
    if (line.text.empty()) return LineReading::nothing_to_say;
    auto envelope = take_envelope(line.text);
    if (!envelope) return LineReading::not_understood;
    if (!envelope->time.year_is_written) envelope->time.year = years_.take(envelope->time.month);
    const auto time = time_of(envelope->time, context_);
    if (!time) return LineReading::bad_time;
    model::Event event;
    event.at_ns = time->at_ns;
    event.basis = time->basis;
    event.host = envelope->host.empty() ? context_.host : event_text(envelope->host);
    event.offset_bytes = line.offset_bytes;
    event.parser = "syslog";
    event.what = event_words(envelope->message);
    if (!read_message(envelope->program, envelope->message, context_, event) && !envelope->program.empty()) {
      event.what = event_words(std::string(envelope->program) + ": " + std::string(envelope->message));
    }
    sink(std::move(event));
    return LineReading::taken;
  }

 private:
  LogContext context_;
  YearCounter years_;
};

}  // namespace

OpenedParser open_syslog(const LogContext& context) { return std::make_unique<SyslogParser>(context); }

}  // namespace lastgood::logs
