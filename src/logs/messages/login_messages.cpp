// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// sshd (OpenSSH auth.c, session messages of 7 to 9), PAM (pam_unix), sudo, su, cron, shadow's tools, systemd.
//
// A stranger chooses the user name that sshd writes: "invalid user x from 10.0.0.1 port 22 ssh2 from 203.0.113.5 port
// 5022 ssh2". Addresses are therefore read from the end of the line.
#include "logs/messages/message_table.h"
#include "logs/text_cursor.h"

namespace lastgood::logs {

namespace {

using model::EventKind;

struct From {
  std::string_view who;
  std::string address;
  std::uint16_t port = 0;
};

/// "WHO from ADDRESS port N ...", the last one in the text.
std::optional<From> find_from(std::string_view text) {
  const std::size_t at = text.rfind(" from ");
  if (at == std::string_view::npos) return std::nullopt;
  TextCursor cursor(text.substr(at + 6));
  From from{.who = trimmed(text.substr(0, at)), .address = event_address(cursor.take_word())};
  if (from.address.empty()) return std::nullopt;
  if (cursor.take(" port ")) from.port = parse_port(cursor.take_word());
  return from;
}

/// "WHO ADDRESS port N ...", as sshd writes it of connections that end: the last " port ".
std::optional<From> find_peer(std::string_view text) {
  const std::size_t port_at = text.rfind(" port ");
  if (port_at == std::string_view::npos) return std::nullopt;
  const std::string_view before = text.substr(0, port_at);
  const std::size_t blank = before.rfind(' ');
  const std::size_t from = blank == std::string_view::npos ? 0 : blank + 1;
  From peer{.who = trimmed(before.substr(0, from)), .address = event_address(before.substr(from))};
  if (peer.address.empty()) return std::nullopt;
  TextCursor cursor(text.substr(port_at + 6));
  if (const auto port = cursor.take_number(5)) peer.port = static_cast<std::uint16_t>(*port);
  return peer;
}

void set_peer(model::Event& event, const From& from, EventKind kind) {
  event.kind = kind;
  event.succeeded = kind != EventKind::login_failed;
  event.account = event_text(from.who);
  event.address = from.address;
  event.port = from.port;
}

/// The value behind "NAME=", up to a blank.
std::string_view value_of(std::string_view text, std::string_view name) {
  std::size_t at = 0;
  while ((at = text.find(name, at)) != std::string_view::npos) {
    const bool begins = at == 0 || text[at - 1] == ' ' || text[at - 1] == ',' || text[at - 1] == ';';
    at += name.size();
    if (begins && text.substr(at).starts_with('=')) return TextCursor(text.substr(at + 1)).take_word();
  }
  return {};
}

std::string_view without_comma(std::string_view text) {
  while (text.ends_with(',') || text.ends_with(';')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool read_sshd(std::string_view message, const LogContext& context, model::Event& event) {
  TextCursor cursor(message);
  if (cursor.take("message repeated ")) {
    const auto inner = find_between(message, "times: [ ", "");
    return inner && inner->ends_with(']') && read_sshd(inner->substr(0, inner->size() - 1), context, event);
  }
  if (cursor.take("Accepted ")) {
    if (cursor.take_word().empty() || !cursor.take(" for ")) return false;
    const auto from = find_from(cursor.rest());
    if (!from) return false;
    set_peer(event, *from, EventKind::login);
    return true;
  }
  if (cursor.take("Failed ")) {
    if (cursor.take_word().empty() || !cursor.take(" for ")) return false;
    (void)cursor.take("invalid user ");
    const auto from = find_from(cursor.rest());
    if (!from) return false;
    set_peer(event, *from, EventKind::login_failed);
    return true;
  }
  if (cursor.take("Invalid user ")) {  // its password's failure has a line of its own
    const auto from = find_from(cursor.rest());
    if (!from) return false;
    set_peer(event, *from, EventKind::other);
    event.succeeded = false;
    return true;
  }
  if (cursor.take("Disconnected from user ")) {
    const auto peer = find_peer(cursor.rest());
    if (!peer) return false;
    set_peer(event, *peer, EventKind::logout);
    return true;
  }
  if (cursor.take("Connection closed by ") || cursor.take("Disconnected from ") ||
      cursor.take("Connection reset by ") || cursor.take("Received disconnect from ") ||
      cursor.take("Connection from ")) {
    for (const std::string_view words : {"authenticating user ", "invalid user "}) (void)cursor.take(words);
    const auto peer = find_peer(cursor.rest());
    if (!peer) return false;
    set_peer(event, *peer, EventKind::other);
    return true;
  }
  return false;
}

bool read_pam(std::string_view message, const LogContext& /*context*/, model::Event& event) {
  TextCursor cursor(message);
  if (!cursor.take("pam_")) return false;
  const auto module = cursor.take_until("(");
  const auto service = cursor.take_until(":");
  if (!module || module->find(' ') != std::string_view::npos || !service || !cursor.take_until("): ")) return false;
  // sshd and cron write lines of their own for what PAM repeats.
  const bool is_repeated = *service == "sshd" || *service == "cron" || *service == "crond" || *service == "sudo" ||
                           *service == "systemd-user";
  if (cursor.take("session opened for user ")) {
    const std::string_view user = cursor.take_word();
    event.account = event_text(user.substr(0, user.find('(')));
    event.kind = is_repeated ? EventKind::other : EventKind::login;
    return true;
  }
  if (cursor.take("session closed for user ")) {
    event.account = event_text(cursor.take_word());
    event.kind = is_repeated ? EventKind::other : EventKind::logout;
    return true;
  }
  if (cursor.rest().starts_with("authentication failure;")) {
    event.account = event_text(value_of(message, "user"));
    event.address = event_address(value_of(message, "rhost"));
    event.kind = is_repeated ? EventKind::other : EventKind::login_failed;
    event.succeeded = false;
    return true;
  }
  return false;
}

bool read_sudo(std::string_view message, const LogContext& /*context*/, model::Event& event) {
  const std::size_t colon = message.find(" : ");
  const auto command = find_between(message, "COMMAND=", "");
  if (colon == std::string_view::npos || !command) return false;
  event.kind = EventKind::command_run;
  event.account = event_text(trimmed(message.substr(0, colon)));
  event.succeeded = message.find("incorrect password") == std::string_view::npos &&
                    message.find("NOT in sudoers") == std::string_view::npos &&
                    message.find("command not allowed") == std::string_view::npos;
  std::string words("as ");
  words += find_between(message, "USER=", " ;").value_or("unknown");
  words += ": ";
  words += *command;
  event.what = event_words(words);
  return true;
}

bool read_su(std::string_view message, const LogContext& /*context*/, model::Event& event) {
  TextCursor cursor(message);
  const bool failed = cursor.take("FAILED SU ");
  if (!cursor.take("(to ")) return false;
  const auto to = cursor.take_until(") ");
  if (!to) return false;
  event.kind = failed ? EventKind::login_failed : EventKind::login;
  event.succeeded = !failed;
  event.account = event_text(*to);
  return true;
}

bool read_cron(std::string_view message, const LogContext& /*context*/, model::Event& event) {
  TextCursor cursor(message);
  if (!cursor.take("(")) return false;
  const auto user = cursor.take_until(") CMD (");
  if (!user || user->find(' ') != std::string_view::npos) return false;
  event.kind = EventKind::command_run;
  event.account = event_text(*user);
  const std::string_view command = cursor.rest();
  event.what = event_words(command.ends_with(')') ? command.substr(0, command.size() - 1) : command);
  return true;
}

bool read_account_tools(std::string_view message, const LogContext& /*context*/, model::Event& event) {
  std::string_view name = without_comma(value_of(message, "name"));
  for (const std::string_view before : {"delete user '", "change user '", "user '", "add '"}) {
    if (name.empty()) name = find_between(message, before, "'").value_or("");
  }
  if (name.empty()) name = find_between(message, "password changed for ", "").value_or("");
  if (name.empty()) return false;
  event.kind = EventKind::account_changed;
  event.account = event_text(name);
  event.succeeded = message.find("failed") == std::string_view::npos;
  return true;
}

bool read_systemd(std::string_view message, const LogContext& /*context*/, model::Event& event) {
  for (const std::string_view begin : {"Started ", "Stopped ", "Failed to start ", "Reloaded "}) {
    if (!message.starts_with(begin)) continue;
    event.kind = EventKind::service_changed;
    event.succeeded = !begin.starts_with("Failed");
    return true;
  }
  return false;
}

bool read_packet_filter(std::string_view message, const LogContext& /*context*/, model::Event& event) {
  const std::string address = event_address(value_of(message, "SRC"));
  const std::string to_address = event_address(value_of(message, "DST"));
  if (address.empty() || to_address.empty() || value_of(message, "PROTO").empty()) return false;
  event.kind = EventKind::connection;
  event.address = address;
  event.to_address = to_address;
  event.port = parse_port(value_of(message, "SPT"));
  event.to_port = parse_port(value_of(message, "DPT"));
  // One packet, not a flow: its LEN is in the words, and is not counted as bytes that left.
  for (const std::string_view refused : {"DROP", "REJECT", "DENY", "BLOCK"}) {
    if (message.substr(0, message.find("SRC=")).find(refused) != std::string_view::npos) event.succeeded = false;
  }
  return true;
}

}  // namespace lastgood::logs
