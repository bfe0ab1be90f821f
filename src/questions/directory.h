// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The directory of providers and agencies: dated files under share/providers and share/agencies, one JSON object each.
// Every statement names its source and day; what nobody has checked lately is marked, and the letters say so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/byte_view.h"
#include "base/result.h"

namespace lastgood::questions {

struct Said {
  std::string text;
  std::string source;
  std::string as_of;         // "2026-11-26"
  bool check_first = false;  // general knowledge: to be checked before it is relied on
};

struct Provider {
  std::string id;
  std::string name;
  std::string kind;                  // "mail", "telegram", "network", "registry"
  std::string country;               // two letters; empty: unknown
  std::vector<std::string> domains;  // "*": any that no other provider has
  std::vector<Said> who_may_ask;
  std::vector<Said> held;
  std::vector<Said> not_held;
  std::vector<Said> how_to_ask;
  int preservation_days = 0;  // 0: no preservation is needed
  Said preservation;
  std::string authority;  // id of the agency through which a foreign request goes; may be empty
};

struct Agency {
  std::string id;
  std::string name;
  std::string kind;  // "police", "interpol", "mla", "cert", "coordination", "foreign-central"
  std::string country;
  std::string step;          // what it does on the way
  std::string only_offence;  // concerned only where this section is named; empty: always
  std::vector<Said> role;
};

struct Directory {
  std::vector<Provider> providers;
  std::vector<Agency> agencies;
  /// The provider of a mail domain, the longest match; else the one for any ("*"); nullptr when there is none.
  [[nodiscard]] const Provider* provider_of(std::string_view kind, std::string_view domain) const;
  [[nodiscard]] const Agency* agency(std::string_view id) const;
  [[nodiscard]] const Agency* agency_of(std::string_view kind, std::string_view country) const;
};

inline constexpr std::uint64_t k_directory_file_bytes_max = 1U << 18U;

/// ErrorCode::damaged_container for whatever is not as above. Pure.
[[nodiscard]] base::Result<Provider> parse_provider(base::ByteView bytes);
[[nodiscard]] base::Result<Agency> parse_agency(base::ByteView bytes);

/// All *.json of both folders, by name.
[[nodiscard]] base::Result<Directory> read_directory(const std::string& providers_folder,
                                                     const std::string& agencies_folder);

}  // namespace lastgood::questions
