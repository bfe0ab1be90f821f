// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The Linux audit log (auditd, "raw" and "enriched"): records of one event share a serial and are joined by it.
//   type=SYSCALL msg=audit(1669166820.123:456): arch=c000003e syscall=264 success=yes ... auid=1000 uid=0 comm="mv"
//   type=CWD msg=audit(1669166820.123:456): cwd="/srv"
//   type=PATH msg=audit(1669166820.123:456): item=2 name="a.dcm" ... nametype=DELETE
//   type=USER_LOGIN msg=audit(1669166821.0:457): pid=1 uid=0 auid=0 ses=1 msg='op=login acct="root" ... res=success'
// Values without quotes that are hexadecimal are bytes; enriched names stand behind a byte 0x1d.
#include <array>
#include <deque>
#include <vector>

#include <fmt/format.h>

#include "logs/log_formats.h"
#include "logs/log_time.h"
#include "logs/text_cursor.h"

namespace lastgood::logs {

namespace {

using model::EventKind;

constexpr std::size_t k_open_events_max = 64;
constexpr std::size_t k_paths_max = 8;

/// The value of "NAME=", with its quotes off; it ends at a blank, a quote or 0x1d.
std::string_view field_of(std::string_view text, std::string_view name) {
  std::size_t at = 0;
  while ((at = text.find(name, at)) != std::string_view::npos) {
    const char before = at == 0 ? ' ' : text[at - 1];
    at += name.size();
    if ((before != ' ' && before != '\'' && before != '\x1d') || at >= text.size() || text[at] != '=') continue;
    const std::string_view value = text.substr(at + 1);
    if (value.starts_with('"')) return value.substr(1, value.find('"', 1) - 1);
    return value.substr(0, value.find_first_of(" '\x1d"));
  }
  return {};
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// A name as the kernel logs it: in quotes, or as capital hexadecimal digits where it holds a blank or worse.
std::string name_of_field(std::string_view text, std::string_view name) {
  const std::string_view value = field_of(text, name);
  const std::string quoted = std::string(name) + "=\"";
  if (text.find(quoted) != std::string_view::npos || value.size() % 2 != 0) return event_text(value);
  std::string bytes;
  for (std::size_t i = 0; i < value.size(); i += 2) {
    const int high = digit_of(value[i]);
    const int low = digit_of(value[i + 1]);
    if (high < 0 || low < 0) return event_text(value);
    bytes += static_cast<char>(static_cast<std::uint8_t>(high * 16 + low));
  }
  return bytes == "(null)" ? std::string() : bytes;
}

EventKind kind_of_call(std::string_view arch, std::string_view number, std::string_view name) {
  struct Call {
    std::string_view name;
    std::string_view x86_64;
    std::string_view aarch64;
    EventKind kind;
  };
  constexpr std::array k_calls = {
      Call{"execve", "59", "221", EventKind::command_run},
      Call{"execveat", "322", "281", EventKind::command_run},
      Call{"open", "2", "-", EventKind::file_read},
      Call{"openat", "257", "56", EventKind::file_read},
      Call{"openat2", "437", "437", EventKind::file_read},
      Call{"creat", "85", "-", EventKind::file_created},
      Call{"rename", "82", "-", EventKind::file_renamed},
      Call{"renameat", "264", "38", EventKind::file_renamed},
      Call{"renameat2", "316", "276", EventKind::file_renamed},
      Call{"unlink", "87", "-", EventKind::file_deleted},
      Call{"unlinkat", "263", "35", EventKind::file_deleted},
      Call{"rmdir", "84", "-", EventKind::file_deleted},
      Call{"truncate", "76", "45", EventKind::file_written},
      Call{"ftruncate", "77", "46", EventKind::file_written},
      Call{"mkdir", "83", "-", EventKind::file_created},
      Call{"mkdirat", "258", "34", EventKind::file_created},
      Call{"chmod", "90", "-", EventKind::file_metadata_changed},
      Call{"fchmodat", "268", "53", EventKind::file_metadata_changed},
      Call{"fchownat", "260", "54", EventKind::file_metadata_changed},
      Call{"connect", "42", "203", EventKind::connection},
  };
  for (const Call& call : k_calls) {
    if (call.name == name || (arch == "c000003e" && call.x86_64 == number) ||
        (arch == "c00000b7" && call.aarch64 == number)) {
      return call.kind;
    }
  }
  return EventKind::other;
}

EventKind kind_of_type(std::string_view type) {
  if (type == "USER_LOGIN") return EventKind::login;
  if (type == "USER_LOGOUT") return EventKind::logout;
  if (type == "USER_CMD") return EventKind::command_run;
  if (type == "SERVICE_START" || type == "SERVICE_STOP") return EventKind::service_changed;
  for (const std::string_view changed : {"ADD_USER", "DEL_USER", "ADD_GROUP", "DEL_GROUP", "USER_CHAUTHTOK",
                                         "USER_MGMT", "GRP_MGMT", "ACCT_LOCK", "ACCT_UNLOCK"}) {
    if (type == changed) return EventKind::account_changed;
  }
  return EventKind::other;
}

bool opens_for_writing(std::string_view record) {
  // Flags are the second argument of open, the third of openat, in hexadecimal: O_WRONLY 1, O_RDWR 2.
  const std::string_view call = field_of(record, "syscall");
  const std::string_view flags = field_of(record, call == "2" ? "a1" : "a2");
  return !flags.empty() && (flags.back() == '1' || flags.back() == '2');
}

struct OpenEvent {
  std::string serial;
  model::Event event;
  std::string cwd;
  std::string arguments;
  std::vector<std::pair<std::string, std::string>> paths;  // nametype, name
};

std::string absolute(const std::string& cwd, const std::string& name) {
  if (name.empty() || name.starts_with('/') || cwd.empty()) return name;
  return cwd + (cwd.ends_with('/') ? "" : "/") + name;
}

class AuditParser final : public LogParser {
 public:
  explicit AuditParser(const LogContext& context) : context_(context) {}

  LineReading take(const LogLine& line, const EventSink& sink) override {
    if (line.text.empty()) return LineReading::nothing_to_say;
    TextCursor cursor(line.text);
    std::string_view node;
    if (cursor.take("node=")) {
      node = cursor.take_word();
      cursor.skip(1);
    }
    if (!cursor.take("type=")) return LineReading::not_understood;
    const std::string_view type = cursor.take_word();
    if (!cursor.take(" msg=audit(")) return LineReading::not_understood;
    const auto stamp = cursor.take_until(":");
    const auto serial = cursor.take_until(")");
    if (!stamp || !serial || !parse_number(*serial) || !cursor.take(":")) return LineReading::not_understood;
    const auto at_ns = parse_epoch_seconds(*stamp);
    if (!at_ns) return LineReading::bad_time;
    if (type == "EOE" || type == "PROCTITLE") return LineReading::nothing_to_say;
    OpenEvent& open = event_of(std::string(*stamp) + ":" + std::string(*serial), sink);
    if (open.event.parser.empty()) {
      open.event.at_ns = *at_ns;
      open.event.parser = "auditd";
      open.event.host = node.empty() ? context_.host : event_text(node);
      open.event.offset_bytes = line.offset_bytes;
      open.event.what = event_words(type);
    }
    add(type, cursor.rest(), open);
    return LineReading::taken;
  }

  void finish(const EventSink& sink) override {
    while (!open_.empty()) close_oldest(sink);
  }

 private:
  OpenEvent& event_of(const std::string& serial, const EventSink& sink) {
    for (auto at = open_.rbegin(); at != open_.rend(); ++at) {
      if (at->serial == serial) return *at;
    }
    if (open_.size() == k_open_events_max) close_oldest(sink);
    open_.push_back({.serial = serial, .event = {}, .cwd = {}, .arguments = {}, .paths = {}});
    return open_.back();
  }

  static void set_account(std::string_view record, model::Event& event) {
    // The enriched name, then what the login was, then the number.
    std::string_view account = field_of(record, "acct");
    if (account.empty()) account = field_of(record, "AUID");
    if (account.empty() || account == "unset") account = field_of(record, "UID");
    if (!account.empty() && account != "unset") {
      event.account = event_text(account);
      return;
    }
    const std::string_view login = field_of(record, "auid");
    const bool is_set = !login.empty() && login != "4294967295" && login != "-1";
    const std::string_view number = is_set ? login : field_of(record, "uid");
    if (!number.empty()) event.account = "uid " + event_text(number);
  }

  static void add(std::string_view type, std::string_view record, OpenEvent& open) {
    model::Event& event = open.event;
    if (type == "SYSCALL") {
      event.kind = kind_of_call(field_of(record, "arch"), field_of(record, "syscall"), field_of(record, "SYSCALL"));
      if (event.kind == EventKind::file_read && opens_for_writing(record)) event.kind = EventKind::file_written;
      event.succeeded = field_of(record, "success") != "no";
      set_account(record, event);
      event.what = event_words(fmt::format("{} ({})", name_of_field(record, "exe"), name_of_field(record, "comm")));
    } else if (type == "CWD") {
      open.cwd = name_of_field(record, "cwd");
    } else if (type == "PATH") {
      if (open.paths.size() < k_paths_max)
        open.paths.emplace_back(field_of(record, "nametype"), name_of_field(record, "name"));
    } else if (type == "EXECVE") {
      for (unsigned i = 0; i < 64 && open.arguments.size() < model::k_event_words_bytes_max; ++i) {
        const std::string argument = name_of_field(record, fmt::format("a{}", i));
        if (argument.empty()) break;
        open.arguments += (i == 0 ? "" : " ") + argument;
      }
    } else if (event.kind == EventKind::other) {
      event.succeeded = field_of(record, "res") != "failed" && field_of(record, "res") != "0";
      event.kind = kind_of_type(type);
      if (event.kind == EventKind::login && !event.succeeded) event.kind = EventKind::login_failed;
      set_account(record, event);
      event.address = event_address(field_of(record, "addr"));
      event.what = event_words(fmt::format("{} {} {}", type, field_of(record, "op"), name_of_field(record, "exe")));
    }
  }

  static std::string path_of(const OpenEvent& open, std::string_view type) {
    for (const auto& [nametype, name] : open.paths) {
      if (nametype == type) return absolute(open.cwd, name);
    }
    return {};
  }

  void close_oldest(const EventSink& sink) {
    OpenEvent& open = open_.front();
    if (open.event.kind == EventKind::file_renamed) {
      open.event.path = path_of(open, "DELETE");
      open.event.path_to = path_of(open, "CREATE");
    } else {
      for (const std::string_view type : {"CREATE", "DELETE", "NORMAL"}) {
        if (open.event.path.empty()) open.event.path = path_of(open, type);
      }
    }
    if (!open.arguments.empty()) open.event.what = event_words(open.arguments);
    sink(std::move(open.event));
    open_.pop_front();
  }

  LogContext context_;
  std::deque<OpenEvent> open_;
};

}  // namespace

OpenedParser open_audit_log(const LogContext& context) { return std::make_unique<AuditParser>(context); }

}  // namespace lastgood::logs
