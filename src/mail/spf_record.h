// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The text of an SPF record: RFC 7208 section 12 (the collected grammar) and section 7 (macros). Used by spf.cpp only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/ip_address.h"

namespace lastgood::mail {

enum class SpfMechanism : std::uint8_t { all, include, a, mx, ptr, ip4, ip6, exists };
std::string_view name_of(SpfMechanism mechanism);

struct SpfTerm {
  char qualifier = '+';
  SpfMechanism mechanism = SpfMechanism::all;
  std::string domain;       // with macros; empty: the current domain
  unsigned prefix_v4 = 32;  // of a and mx
  unsigned prefix_v6 = 128;
  std::optional<model::IpBlock> block;  // of ip4 and ip6
  std::string text;                     // as written
};

struct SpfRecord {
  std::vector<SpfTerm> terms;
  std::optional<std::string> redirect;
  std::optional<std::string> explanation;
};

/// True when a TXT record is one of SPF's, right or wrong.
bool is_spf_record(std::string_view text);

/// Nothing where any term breaks the grammar (section 4.6: then the whole record is an error); `trouble` names the
/// term.
[[nodiscard]] std::optional<SpfRecord> parse_spf_record(std::string_view text, std::string& trouble);

enum class MacroUse : std::uint8_t { domain, explanation };

/// Values of the macro letters.
struct MacroValues {
  std::string sender;
  std::string domain;
  std::string helo;
  model::IpAddress ip;
  std::string receiver = "unknown";
  std::int64_t time_seconds = 0;
  std::function<std::string()> validated_name;  // of "p", asked only when it is used
};

/// Nothing where the grammar does not hold.
[[nodiscard]] std::optional<std::string> expand_macros(std::string_view text, const MacroValues& values, MacroUse use);

/// The address as the DNS names it: "1.2.0.192" without suffix, or nibbles.
std::string dotted(const model::IpAddress& ip);

}  // namespace lastgood::mail
