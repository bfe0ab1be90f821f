// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One thing that happened at a time, with the place in the evidence that says so and how far its clock can be believed.
// Plain values. An address is a server, an account is an account: neither is a person.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::model {

/// Written into event files as numbers: add at the end only.
enum class EventKind : std::uint8_t {
  other,
  file_created,
  file_written,
  file_read,
  file_renamed,
  file_deleted,
  file_metadata_changed,
  login,
  login_failed,
  logout,
  command_run,
  service_changed,  // started, stopped, failed
  account_changed,  // made, removed, rights or password changed
  connection,       // a flow of bytes between two addresses
  request,          // a web or database request
  mail_relayed,     // a hop of a mail
  snapshot_made,    // of a backup
  note_placed,      // a file judged to be a ransom note appeared
  file_encrypted,   // a file judged encrypted got its present content
  log_cleared,
};
inline constexpr std::size_t k_event_kind_count = 20;
/// "file_renamed", ...
std::string_view name_of(EventKind kind);

/// How a time is known, the surest first.
enum class TimeBasis : std::uint8_t {
  recorded,      // written by the program that saw it, with a zone
  zone_assumed,  // written without a zone: one was given or assumed
  year_assumed,  // written without a year, and without a zone
  file_time,     // a file's own time: whoever writes the file can set it
  claimed,       // said by a stranger (a mail's date, a hop below the border)
};
inline constexpr std::size_t k_time_basis_count = 5;
std::string_view name_of(TimeBasis basis);

/// Empty texts: the evidence does not say.
struct Event {
  std::int64_t at_ns = 0;  // since 1970, UTC
  TimeBasis basis = TimeBasis::recorded;
  EventKind kind = EventKind::other;
  bool succeeded = true;        // what was tried came about
  std::string host;             // the machine on which it happened
  std::string account;          // the account that did it, as the log names it
  std::string address;          // the peer's address, as text of RFC 5952
  std::uint16_t port = 0;       // the peer's; 0: not said
  std::string to_address;       // of a connection: where to
  std::uint16_t to_port = 0;    // 0: not said
  std::uint64_t bytes_out = 0;  // of a connection: sent by `address`; 0: not said
  std::string path;             // the file concerned
  std::string path_to;          // what it was renamed to
  std::string what;             // one line in words, at most k_event_words_bytes_max
  std::string parser;           // "samba.full_audit", "sshd", "case.scan", ...
  std::string evidence;         // path of the file that says so; empty: the case itself
  std::uint64_t offset_bytes = 0;

  bool operator==(const Event&) const = default;
};
inline constexpr std::size_t k_event_words_bytes_max = 1024;

}  // namespace lastgood::model
