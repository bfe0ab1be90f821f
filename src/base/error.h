// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The one error type: "we could not do it". A bad file is a model::Finding, a broken invariant is LG_ASSERT.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::base {

/// Chosen by what the caller does next, not by what went wrong inside.
enum class ErrorCode : std::uint8_t {
  not_found,          // the thing asked for is not there
  denied,             // permission is missing
  busy_retry,         // somebody else holds it; the same call may work later
  damaged_container,  // our own file (case, ledger, plan) is broken
  damaged_source,     // bytes of a backup are missing or fail their digest; the rest of it may be fine
  unsupported,        // a version or feature this program does not know
  limit_reached,      // a written limit stopped the work
  no_space,           // the disk or quota is full
  cancelled,          // a person or a signal asked to stop
  misuse,             // the request makes no sense
  io,                 // the system failed to read or write
};

struct Error {
  ErrorCode code = ErrorCode::io;
  std::string what;                           // "cannot open 'a/b': permission denied"; no capital, no full stop
  std::string path;                           // object it is about, as given; may be empty
  std::optional<std::uint64_t> offset_bytes;  // where in it
  int system_errno = 0;                       // errno when the system said no, else 0
  std::string hint;                           // what the person can do; may be empty
};

std::string_view name_of(ErrorCode code);

/// An error for a failed system call on `path`: "cannot VERB 'PATH': REASON"; the code follows from `errno_value`.
Error system_error(std::string_view verb, std::string_view path, int errno_value);

/// `path` as it may stand in a message: control bytes and invalid UTF-8 written as \xNN.
std::string printable(std::string_view text);

}  // namespace lastgood::base
