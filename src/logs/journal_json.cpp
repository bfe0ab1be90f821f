// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// "journalctl -o json": one object a line, times in microseconds as text, MESSAGE as text or as a list of bytes
// (systemd, "Journal JSON Format").
#include "logs/flat_record.h"
#include "logs/log_formats.h"
#include "logs/log_time.h"
#include "logs/messages/message_table.h"
#include "logs/text_cursor.h"

namespace lastgood::logs {

namespace {

class JournalParser final : public LogParser {
 public:
  explicit JournalParser(const LogContext& context) : context_(context) {}

  LineReading take(const LogLine& line, const EventSink& sink) override {
    if (line.text.empty()) return LineReading::nothing_to_say;
    if (!json_.read(line.text, record_)) return LineReading::not_understood;
    const std::string_view stamp = record_.first_of({"_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP"});
    if (record_.value("__REALTIME_TIMESTAMP").empty()) return LineReading::not_understood;
    const auto micros = parse_number(stamp);
    constexpr std::uint64_t k_micros_max = 9'214'646'400'000'000;
    if (!micros || *micros >= k_micros_max) return LineReading::bad_time;
    model::Event event;
    event.at_ns = static_cast<std::int64_t>(*micros) * 1000;
    event.host = event_text(record_.value("_HOSTNAME"));
    if (event.host.empty()) event.host = context_.host;
    event.offset_bytes = line.offset_bytes;
    event.parser = "journald";
    const std::string_view program = record_.first_of({"SYSLOG_IDENTIFIER", "_COMM"});
    const std::string_view message = record_.value("MESSAGE");
    event.what = event_words(message);
    if (!read_message(program, message, context_, event) && !program.empty()) {
      event.what = event_words(std::string(program) + ": " + std::string(message));
    }
    sink(std::move(event));
    return LineReading::taken;
  }

 private:
  LogContext context_;
  JsonReader json_;
  FlatRecord record_;
};

}  // namespace

OpenedParser open_journal_json(const LogContext& context) { return std::make_unique<JournalParser>(context); }

}  // namespace lastgood::logs
