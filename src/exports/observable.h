// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How STIX 2.1 says a value: which cyber-observable object it is, its identifier and the pattern that finds it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace lastgood::exports {

/// Our one object of our own: a wallet, for which STIX has none. An "extension-definition" goes with it.
inline constexpr std::string_view k_wallet_type = "cryptocurrency-wallet";
inline constexpr std::string_view k_wallet_extension = "extension-definition--ad273cf8-7779-52a8-a3c0-29f4db82d9af";

struct Observable {
  nlohmann::ordered_json object;  // type, spec_version, id and what the value is; without markings
  std::string pattern;            // STIX patterning, section 9; empty: nothing that a sensor could look for
};

/// `kind` as of indicators ("email", "onion", "btc", "ipv4", ...). Nothing: STIX has no object for it, or `value` is
/// not of the shape that its object must have.
[[nodiscard]] std::optional<Observable> find_observable(std::string_view kind, std::string_view value);
/// A file by its name and, where known (64 hex digits), its SHA-256. REQUIRES: UTF-8; one of the two.
[[nodiscard]] Observable file_observable(std::string_view name, std::string_view sha256);

/// "TYPE--UUID" of an observable: version 5 over the canonical JSON (RFC 8785) of its properties that contribute to
/// its identifier (each section "ID Contributing Properties"). Nothing: none of them is there.
[[nodiscard]] std::optional<std::string> observable_id(const nlohmann::ordered_json& object);

/// A string constant of a pattern: in single quotes, with backslashes and single quotes escaped.
[[nodiscard]] std::string pattern_text(std::string_view value);
/// Names that end in `ending`, as a comparison: MATCHES with a regular expression, LIKE has no escape for "%" and "_".
[[nodiscard]] std::string name_ends_with(std::string_view ending);
/// It reads as one or more observation expressions: brackets, quotes and escapes balance, each comparison has an object
/// path, an operator and a constant. Not the whole grammar.
[[nodiscard]] bool is_pattern(std::string_view pattern);

[[nodiscard]] bool is_wallet_kind(std::string_view kind);

}  // namespace lastgood::exports
