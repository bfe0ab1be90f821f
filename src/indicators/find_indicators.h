// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Finds everything in bytes that can be searched for or asked about: addresses of mail, hosts and networks, wallets,
// messenger IDs, digests, the numbers a victim was given. Text in ASCII, UTF-8 and UTF-16 of either order, as it stands
// and as people write it so that nobody clicks on it. Pure; made to run over whole disks.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_view.h"

namespace lastgood::indicators {

enum class TextEncoding : std::uint8_t { ascii, utf16le, utf16be };  // ASCII: also within UTF-8 and 8-bit text
[[nodiscard]] std::string_view name_of(TextEncoding encoding);

struct FoundIndicator {
  std::string_view kind;   // "email", "jabber", "onion", "url", "domain", "ipv4", "ipv6", "hash", "tox", "session",
                           // "telegram", "victim_id", and what find_coin_address names
  std::string value;       // one spelling for equal ones: lower case where case means nothing, no brackets
  std::string_view level;  // "checksum": its own checksum fits; "shape": looks like one; "context": words around say so
  TextEncoding encoding = TextEncoding::ascii;
  std::uint64_t offset_bytes = 0;  // of its first byte in the file
  std::uint32_t length_bytes = 0;  // as it stands there
  std::optional<std::uint16_t> port;
  enum class Form : std::uint8_t { plain, defanged } form = Form::plain;
};

/// Longest text that an indicator can take, with the words around it that are looked at.
inline constexpr std::size_t k_indicator_bytes_max = 4096;

using IndicatorSink = std::function<void(FoundIndicator)>;

/// Shows all that begin in [core_from, core_to) of `bytes`, in no certain order, equal ones each time. Whoever reads a
/// file in windows lets them overlap by k_indicator_bytes_max on both sides of the core. `offset_bytes` is that of the
/// first byte of `bytes` in the file.
void find_indicators(base::ByteView bytes, std::size_t core_from, std::size_t core_to, std::uint64_t offset_bytes,
                     const IndicatorSink& sink);

}  // namespace lastgood::indicators
