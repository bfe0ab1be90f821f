// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Zeek's conn.log, as tab-separated values with "#fields" in front, and as JSON lines (Zeek, "conn.log"): flows with
// the bytes that either side sent. One event for the side that opened it; a second one for the answer where that goes
// from inside to outside: what is taken out by a connection from outside leaves, too.
#include <vector>

#include <fmt/format.h>

#include "logs/flat_record.h"
#include "logs/log_formats.h"
#include "logs/log_time.h"
#include "logs/text_cursor.h"
#include "model/ip_address.h"

namespace lastgood::logs {

namespace {

bool is_outside(const std::string& address) {
  const auto ip = model::parse_ip(address);
  if (!ip) return false;
  // Addresses of documentation stand for outside ones in practice incidents, and are in no real log.
  const model::IpScope scope = model::scope_of(*ip);
  return scope == model::IpScope::global || scope == model::IpScope::documentation;
}

class ZeekParser final : public LogParser {
 public:
  explicit ZeekParser(const LogContext& context) : context_(context) {}

  LineReading take(const LogLine& line, const EventSink& sink) override {
    if (line.text.empty()) return LineReading::nothing_to_say;
    if (line.text.starts_with('#')) return take_comment(line.text);
    if (line.text.starts_with('{')) {
      if (!json_.read(line.text, record_)) return LineReading::not_understood;
    } else if (!take_row(line.text)) {
      return LineReading::not_understood;
    }
    return take_record(line, sink);
  }

 private:
  LineReading take_comment(std::string_view line) {
    TextCursor cursor(line);
    if (!cursor.take("#fields\t")) {
      return line.starts_with("#separator ") || line.starts_with("#set_separator\t") || line.starts_with("#path\t") ||
                     line.starts_with("#types\t") || line.starts_with("#open\t") || line.starts_with("#close\t") ||
                     line.starts_with("#empty_field\t") || line.starts_with("#unset_field\t")
                 ? LineReading::nothing_to_say
                 : LineReading::not_understood;
    }
    names_.clear();
    while (names_.size() < k_record_fields_max) {
      const auto name = cursor.take_until("\t");
      names_.emplace_back(name.value_or(cursor.rest()));
      if (!name) break;
    }
    return LineReading::nothing_to_say;
  }

  bool take_row(std::string_view line) {
    record_.clear();
    TextCursor cursor(line);
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const auto value = cursor.take_until("\t");
      record_.add(names_[i], std::string(value.value_or(cursor.rest())));
      if (!value) return i + 1 == names_.size();
    }
    return false;
  }

  LineReading take_record(const LogLine& line, const EventSink& sink) {
    model::Event event;
    event.address = event_address(record_.value("id.orig_h"));
    event.to_address = event_address(record_.value("id.resp_h"));
    const std::string_view stamp = record_.value("ts");
    if (event.address.empty() || event.to_address.empty() || stamp.empty()) return LineReading::not_understood;
    std::optional<std::int64_t> at_ns = parse_epoch_seconds(stamp);
    if (!at_ns) {
      TextCursor cursor(stamp);
      const auto civil = take_date_time(cursor);
      const auto time = civil ? time_of(*civil, context_) : std::nullopt;
      if (time) at_ns = time->at_ns;
    }
    if (!at_ns) return LineReading::bad_time;
    event.at_ns = *at_ns;
    event.kind = model::EventKind::connection;
    event.parser = "zeek";
    event.host = context_.host;
    event.offset_bytes = line.offset_bytes;
    event.port = parse_port(record_.value("id.orig_p"));
    event.to_port = parse_port(record_.value("id.resp_p"));
    event.bytes_out = parse_number(record_.value("orig_bytes")).value_or(0);
    const std::uint64_t answered = parse_number(record_.value("resp_bytes")).value_or(0);
    const std::string_view state = record_.value("conn_state");
    event.succeeded = state != "S0" && state != "REJ";
    event.what = event_words(fmt::format("{} {} {}, {} bytes sent, {} received", record_.value("proto"),
                                         record_.first_of({"service", "proto"}), state, event.bytes_out, answered));
    model::Event answer = event;
    const bool leaves = is_outside(event.address) && !is_outside(event.to_address) && answered > 0;
    sink(std::move(event));
    if (!leaves) return LineReading::taken;
    std::swap(answer.address, answer.to_address);
    std::swap(answer.port, answer.to_port);
    answer.bytes_out = answered;
    answer.what = event_words("answer: " + answer.what);
    sink(std::move(answer));
    return LineReading::taken;
  }

  LogContext context_;
  std::vector<std::string> names_;
  JsonReader json_;
  FlatRecord record_;
};

}  // namespace

OpenedParser open_zeek_flows(const LogContext& context) { return std::make_unique<ZeekParser>(context); }

}  // namespace lastgood::logs
