// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which words with dots are names of hosts: by the public suffix list that libpsl carries. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lastgood::indicators {

/// How a name stands in the text.
enum class HostEvidence : std::uint8_t {
  bare,   // just the word: "setup.py", "event.target" and "done.It" look the same
  named,  // behind "://", "@" or "www.", before a port or a path, or written so that nobody clicks on it
};

/// The name in lower case when it is one: labels as RFC 1123 wants them, and below a suffix under which names are given
/// out. A bare name of two labels under a suffix that is also a file's extension, a word or a name in programs is none.
[[nodiscard]] std::optional<std::string> find_host_name(std::string_view name, HostEvidence evidence);

/// The part that somebody registered: "ac.example.co.in" gives "example.co.in". REQUIRES: find_host_name gave `host`.
[[nodiscard]] std::string registered_part(const std::string& host);

}  // namespace lastgood::indicators
