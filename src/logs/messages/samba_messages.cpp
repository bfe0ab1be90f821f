// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Samba 4.17. vfs_full_audit(8) writes PREFIX|operation|result|arguments, where the prefix is configured
// (full_audit:prefix; "%u|%I" unless set, often "%u|%I|%m|%S") and the arguments are joined by '|' without any escape:
//   desk|10.0.0.7|ws7|records|renameat|ok|/srv/records/a.dcm|/srv/records/a.dcm.bak9
//   desk|10.0.0.7|ws7|records|openat|fail (No such file or directory)|r|/srv/records/none
//   desk|10.0.0.7|ws7|records|create_file|ok|0x12019f|file|overwrite_if|/srv/records/a
#include <array>
#include <vector>

#include "logs/messages/message_table.h"
#include "logs/text_cursor.h"

namespace lastgood::logs {

namespace {

using model::EventKind;

enum class Arguments : std::uint8_t { none, path, two_paths, mode_path, path_last };

struct Operation {
  std::string_view name;
  EventKind kind;
  Arguments arguments;
};

constexpr std::array k_operations = {
    Operation{"connect", EventKind::login, Arguments::none},
    Operation{"disconnect", EventKind::logout, Arguments::none},
    Operation{"openat", EventKind::file_read, Arguments::mode_path},
    Operation{"open", EventKind::file_read, Arguments::mode_path},
    Operation{"create_file", EventKind::file_read, Arguments::path_last},
    Operation{"renameat", EventKind::file_renamed, Arguments::two_paths},
    Operation{"rename", EventKind::file_renamed, Arguments::two_paths},
    Operation{"unlinkat", EventKind::file_deleted, Arguments::path},
    Operation{"unlink", EventKind::file_deleted, Arguments::path},
    Operation{"rmdir", EventKind::file_deleted, Arguments::path},
    Operation{"mkdirat", EventKind::file_created, Arguments::path},
    Operation{"mkdir", EventKind::file_created, Arguments::path},
    Operation{"pwrite", EventKind::file_written, Arguments::path},
    Operation{"pwrite_send", EventKind::file_written, Arguments::path},
    Operation{"pwrite_recv", EventKind::file_written, Arguments::path},
    Operation{"write", EventKind::file_written, Arguments::path},
    Operation{"ftruncate", EventKind::file_written, Arguments::path},
    Operation{"fallocate", EventKind::file_written, Arguments::path},
    Operation{"offload_write_recv", EventKind::file_written, Arguments::path_last},
    Operation{"pread", EventKind::file_read, Arguments::path},
    Operation{"pread_send", EventKind::file_read, Arguments::path},
    Operation{"pread_recv", EventKind::file_read, Arguments::path},
    Operation{"read", EventKind::file_read, Arguments::path},
    Operation{"sendfile", EventKind::file_read, Arguments::path},
    Operation{"linkat", EventKind::file_created, Arguments::two_paths},
    Operation{"symlinkat", EventKind::file_created, Arguments::path_last},
    Operation{"fchmod", EventKind::file_metadata_changed, Arguments::path},
    Operation{"chmod", EventKind::file_metadata_changed, Arguments::path},
    Operation{"fchown", EventKind::file_metadata_changed, Arguments::path},
    Operation{"lchown", EventKind::file_metadata_changed, Arguments::path},
    Operation{"fntimes", EventKind::file_metadata_changed, Arguments::path},
    Operation{"fset_nt_acl", EventKind::file_metadata_changed, Arguments::path},
    Operation{"fset_dos_attributes", EventKind::file_metadata_changed, Arguments::path},
    Operation{"opendir", EventKind::file_read, Arguments::path},
    Operation{"fdopendir", EventKind::file_read, Arguments::path},
    Operation{"readdir", EventKind::file_read, Arguments::path},
    Operation{"closedir", EventKind::other, Arguments::path},
    Operation{"close", EventKind::other, Arguments::path},
    Operation{"stat", EventKind::other, Arguments::path},
    Operation{"fstat", EventKind::other, Arguments::path},
    Operation{"lstat", EventKind::other, Arguments::path},
    Operation{"fstatat", EventKind::other, Arguments::path},
    Operation{"fsync_send", EventKind::other, Arguments::path},
    Operation{"fsync_recv", EventKind::other, Arguments::path},
    Operation{"lock", EventKind::other, Arguments::path},
    Operation{"get_alloc_size", EventKind::other, Arguments::path},
    Operation{"realpath", EventKind::other, Arguments::path},
    Operation{"chdir", EventKind::other, Arguments::path},
    Operation{"getwd", EventKind::other, Arguments::path},
    Operation{"fgetxattr", EventKind::other, Arguments::path},
    Operation{"fsetxattr", EventKind::file_metadata_changed, Arguments::path},
};

constexpr std::size_t k_prefix_fields_max = 12;

struct Split {
  std::vector<std::string_view> prefix;
  const Operation* operation = nullptr;
  bool succeeded = true;
  std::string_view result;
  std::string_view arguments;
};

const Operation* find_operation(std::string_view name) {
  for (const Operation& operation : k_operations) {
    if (operation.name == name) return &operation;
  }
  return nullptr;
}

/// The first field that is an operation with a result behind it ends the prefix.
std::optional<Split> split_message(std::string_view message) {
  Split split;
  TextCursor cursor(message);
  while (split.prefix.size() <= k_prefix_fields_max) {
    const auto field = cursor.take_until("|");
    if (!field) return std::nullopt;
    const bool ok = cursor.rest() == "ok" || cursor.rest().starts_with("ok|");
    const bool failed = cursor.rest().starts_with("fail (") || cursor.rest().starts_with("fail|");
    split.operation = ok || failed ? find_operation(*field) : nullptr;
    if (split.operation == nullptr) {
      split.prefix.push_back(*field);
      continue;
    }
    split.succeeded = ok;
    // The reason of a failure may hold any text of the C library, but no '|'.
    const auto result = cursor.take_until("|");
    split.result = result.value_or(cursor.rest());
    split.arguments = result ? cursor.rest() : std::string_view();
    return split;
  }
  return std::nullopt;
}

std::string_view letter_value(const Split& split, std::string_view prefix, char letter) {
  TextCursor cursor(prefix);
  for (const std::string_view field : split.prefix) {
    const std::size_t bar = cursor.rest().find('|');
    const std::string_view shape = cursor.rest().substr(0, bar);
    if (shape.size() == 2 && shape[0] == '%' && shape[1] == letter) return field;
    if (bar == std::string_view::npos) break;
    cursor.skip(bar + 1);
  }
  return {};
}

void set_who(const Split& split, const LogContext& context, model::Event& event, std::string& words) {
  if (!context.samba_prefix.empty()) {
    std::string_view account = letter_value(split, context.samba_prefix, 'u');
    if (account.empty()) account = letter_value(split, context.samba_prefix, 'U');
    event.account = event_text(account);
    event.address = event_address(letter_value(split, context.samba_prefix, 'I'));
    for (const char letter : {'m', 'S'}) {
      const std::string_view value = letter_value(split, context.samba_prefix, letter);
      if (!value.empty()) words += std::string(letter == 'm' ? ", client " : ", share ").append(value);
    }
    return;
  }
  // The address tells itself; the account stands before it in every prefix that is usual, or else behind it.
  std::size_t address_at = split.prefix.size();
  for (std::size_t i = 0; i < split.prefix.size() && address_at == split.prefix.size(); ++i) {
    event.address = event_address(split.prefix[i]);
    if (!event.address.empty()) address_at = i;
  }
  const std::size_t account_at = address_at == 0 ? 1 : address_at == split.prefix.size() ? 0 : address_at - 1;
  if (account_at < split.prefix.size()) event.account = event_text(split.prefix[account_at]);
  bool is_first = true;
  for (std::size_t i = 0; i < split.prefix.size(); ++i) {
    if (i == address_at || i == account_at) continue;
    words += is_first ? ", " : " ";
    words += split.prefix[i];
    is_first = false;
  }
}

/// Names may hold '|': two absolute paths part at the first "|/".
void set_two_paths(std::string_view arguments, model::Event& event) {
  std::size_t at = arguments.find("|/");
  if (at == std::string_view::npos) at = arguments.find('|');
  if (at == std::string_view::npos) {
    event.path = event_text(arguments);
    return;
  }
  event.path = event_text(arguments.substr(0, at));
  event.path_to = event_text(arguments.substr(at + 1));
}

void set_opened(std::string_view mode, model::Event& event) {
  if (mode.find('w') != std::string_view::npos) event.kind = EventKind::file_written;
}

void set_arguments(const Split& split, model::Event& event) {
  const std::string_view arguments = split.arguments;
  switch (split.operation->arguments) {
    case Arguments::none: break;
    case Arguments::path: event.path = event_text(arguments); break;
    case Arguments::two_paths: set_two_paths(arguments, event); break;
    case Arguments::mode_path: {
      const std::size_t bar = arguments.find('|');
      if (bar == std::string_view::npos) break;
      set_opened(arguments.substr(0, bar), event);
      event.path = event_text(arguments.substr(bar + 1));
      break;
    }
    case Arguments::path_last: {
      const std::size_t at = arguments.find("|/");
      const std::size_t bar = at == std::string_view::npos ? arguments.rfind('|') : at;
      const std::string_view before = bar == std::string_view::npos ? std::string_view() : arguments.substr(0, bar);
      event.path = event_text(bar == std::string_view::npos ? arguments : arguments.substr(bar + 1));
      if (before.ends_with("|create")) event.kind = EventKind::file_created;
      if (before.ends_with("|supersede") || before.ends_with("|overwrite")) event.kind = EventKind::file_written;
      break;
    }
  }
}

}  // namespace

bool read_full_audit(std::string_view message, const LogContext& context, model::Event& event) {
  message = trimmed(message);
  const auto split = split_message(message);
  if (!split || split->prefix.empty()) return false;
  std::string words(split->operation->name);
  event.kind = split->operation->kind;
  event.succeeded = split->succeeded;
  set_who(*split, context, event, words);
  set_arguments(*split, event);
  if (!split->succeeded) {
    words += ": ";
    words += split->result;
    if (event.kind == EventKind::login) event.kind = EventKind::login_failed;
  }
  event.what = event_words(words);
  return true;
}

bool read_samba_auth(std::string_view message, const LogContext& /*context*/, model::Event& event) {
  message = trimmed(message);
  if (!message.starts_with("Auth: [")) return false;
  // The names of user and workstation are the client's own words: what the server adds is read from behind them.
  const auto user = find_between(message, " user [", "] at [");
  const std::size_t status_at = message.find("] status [NT_STATUS_");
  const std::size_t remote_at = message.rfind("] remote host [");
  if (!user || status_at == std::string_view::npos || remote_at == std::string_view::npos) return false;
  const auto remote = find_between(message.substr(remote_at), "remote host [", "]");
  if (!remote) return false;
  event.succeeded = message.substr(status_at).starts_with("] status [NT_STATUS_OK]");
  event.kind = event.succeeded ? EventKind::login : EventKind::login_failed;
  const std::size_t name_at = user->find("]\\[");
  event.account = event_text(name_at == std::string_view::npos ? *user : user->substr(name_at + 3));
  std::string_view address = *remote;
  for (const std::string_view family : {"ipv4:", "ipv6:"}) {
    if (address.starts_with(family)) address.remove_prefix(family.size());
  }
  const std::size_t colon = address.rfind(':');
  if (colon != std::string_view::npos) {
    event.address = event_address(address.substr(0, colon));
    event.port = parse_port(address.substr(colon + 1));
  }
  event.what = event_words(message);
  return true;
}

}  // namespace lastgood::logs
