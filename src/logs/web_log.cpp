// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Web servers, Apache 2.4 and nginx.
//   Common and combined, with or without "HOST:PORT " in front (vhost_combined):
//     203.0.113.5 - desk [23/Nov/2022:07:07:00 +0530] "POST /login HTTP/1.1" 200 512 "-" "curl/7.88"
//   Apache error: [Wed Nov 23 07:07:00.123456 2022] [core:error] [pid 12] [client 203.0.113.5:4711] AH00126: ...
//   nginx error:  2022/11/23 07:07:00 [error] 12#12: *1 open() failed, client: 203.0.113.5, server: x, request: "..."
#include <fmt/format.h>

#include "logs/log_formats.h"
#include "logs/log_time.h"
#include "logs/text_cursor.h"

namespace lastgood::logs {

namespace {

using model::EventKind;

/// A quoted part; '\' keeps a quote inside (Apache writes it so, nginx as \x22).
std::optional<std::string_view> take_quoted(TextCursor& cursor) {
  const std::string_view rest = cursor.rest();
  if (!rest.starts_with('"')) return std::nullopt;
  std::size_t at = 1;
  while (at < rest.size() && rest[at] != '"') at += rest[at] == '\\' ? 2U : 1U;
  if (at >= rest.size()) return std::nullopt;
  cursor.skip(at + 1);
  return rest.substr(1, at - 1);
}

struct Access {
  std::string_view host;
  std::string_view client;
  std::string_view account;
  CivilTime time;
  std::string_view request;
  std::uint64_t status = 0;
  std::string_view bytes;
  std::string_view agent;
};

std::optional<Access> take_access(std::string_view line) {
  Access access;
  const std::size_t bracket = line.find(" [");
  if (bracket == std::string_view::npos) return std::nullopt;
  TextCursor who(line.substr(0, bracket));
  access.client = who.take_word();
  who.skip(1);
  std::string_view second = who.take_word();
  who.skip(1);
  if (second != "-" && !event_address(second).empty()) {  // vhost_combined
    access.host = access.client.substr(0, access.client.rfind(':'));
    access.client = second;
    second = who.take_word();
    who.skip(1);
  }
  access.account = who.rest();  // may hold blanks
  if (access.client.empty() || second.empty() || access.account.empty()) return std::nullopt;
  TextCursor cursor(line.substr(bracket + 2));
  const auto time = take_web_time(cursor);
  if (!time || !cursor.take("] ")) return std::nullopt;
  access.time = *time;
  const auto request = take_quoted(cursor);
  if (!request || !cursor.take(" ")) return std::nullopt;
  access.request = *request;
  const auto status = cursor.take_number(3);
  if (!status || !cursor.take(" ")) return std::nullopt;
  access.status = *status;
  access.bytes = cursor.take_word();
  if (cursor.take(" ") && take_quoted(cursor) && cursor.take(" ")) access.agent = take_quoted(cursor).value_or("");
  return access;
}

class WebAccessParser final : public LogParser {
 public:
  explicit WebAccessParser(const LogContext& context) : context_(context) {}

  LineReading take(const LogLine& line, const EventSink& sink) override {
    if (line.text.empty()) return LineReading::nothing_to_say;
    const auto access = take_access(line.text);
    if (!access) return LineReading::not_understood;
    const auto time = time_of(access->time, context_);
    if (!time) return LineReading::bad_time;
    model::Event event;
    event.at_ns = time->at_ns;
    event.basis = time->basis;
    event.kind = EventKind::request;
    event.parser = "web.access";
    event.succeeded = access->status < 400;
    event.host = access->host.empty() ? context_.host : event_text(access->host);
    event.address = event_address(access->client);
    if (access->account != "-") event.account = event_text(access->account);
    TextCursor request(access->request);
    (void)request.take_word();
    request.skip(1);
    event.path = event_text(request.take_word());
    event.what = event_words(fmt::format("{} -> {}, {} bytes{}{}", access->request, access->status, access->bytes,
                                         access->agent.empty() ? "" : ", ", access->agent));
    event.offset_bytes = line.offset_bytes;
    sink(std::move(event));
    return LineReading::taken;
  }

 private:
  LogContext context_;
};

class WebErrorParser final : public LogParser {
 public:
  explicit WebErrorParser(const LogContext& context) : context_(context) {}

  LineReading take(const LogLine& line, const EventSink& sink) override {
    if (line.text.empty()) return LineReading::nothing_to_say;
    TextCursor cursor(line.text);
    const bool is_apache = cursor.take("[");
    const auto civil = is_apache ? take_asctime(cursor) : take_date_time(cursor);
    if (!civil || !cursor.take(is_apache ? "] [" : " [")) return LineReading::not_understood;
    const auto level = cursor.take_until("]");
    if (!level || level->find(' ') != std::string_view::npos) return LineReading::not_understood;
    const auto time = time_of(*civil, context_);
    if (!time) return LineReading::bad_time;
    model::Event event;
    event.at_ns = time->at_ns;
    event.basis = time->basis;
    event.parser = "web.error";
    event.host = context_.host;
    event.succeeded = false;
    // nginx adds "client:" behind what the client may have written, so the last one counts.
    const std::string_view text = cursor.rest();
    if (is_apache) {
      event.address = event_address(find_between(text, "[client ", "]").value_or(""), &event.port);
    } else if (const std::size_t client = text.rfind(", client: "); client != std::string_view::npos) {
      const std::string_view behind = text.substr(client + 10);
      event.address = event_address(behind.substr(0, behind.find(',')));
    }
    event.what = event_words(fmt::format("[{}]{}", *level, text));
    event.offset_bytes = line.offset_bytes;
    sink(std::move(event));
    return LineReading::taken;
  }

 private:
  LogContext context_;
};

}  // namespace

OpenedParser open_web_access(const LogContext& context) { return std::make_unique<WebAccessParser>(context); }
OpenedParser open_web_error(const LogContext& context) { return std::make_unique<WebErrorParser>(context); }

}  // namespace lastgood::logs
