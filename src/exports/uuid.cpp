// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exports/uuid.h"

#include "base/checksum.h"
#include "base/digest.h"
#include "ledger/canonical_json.h"

namespace lastgood::exports {

namespace {

constexpr std::array<std::size_t, 4> k_dashes = {8, 13, 18, 23};

}  // namespace

std::string text_of(const Uuid& uuid) {
  std::string text = base::hex(base::ByteView(std::span<const std::uint8_t>(uuid)));
  for (const std::size_t dash : k_dashes) text.insert(dash, 1, '-');
  return text;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash != (text[i] == '-')) return std::nullopt;
    if (!is_dash) digits += text[i];
  }
  const auto bytes = base::parse_hex(digits);
  if (!bytes || bytes->size() != 16) return std::nullopt;
  Uuid uuid{};
  for (std::size_t i = 0; i < uuid.size(); ++i) uuid.at(i) = static_cast<std::uint8_t>((*bytes)[i]);
  return uuid;
}

Uuid uuid_of(const Uuid& space, std::string_view name) {
  base::Digest sha1(base::DigestKind::sha1);
  sha1.update(base::ByteView(std::span<const std::uint8_t>(space)));
  sha1.update(base::ByteView(name));
  const std::vector<std::uint8_t> digest = sha1.finish();
  Uuid uuid{};
  for (std::size_t i = 0; i < uuid.size(); ++i) uuid.at(i) = digest.at(i);
  uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0FU) | 0x50U);  // version 5
  uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3FU) | 0x80U);  // variant of RFC 9562
  return uuid;
}

Uuid uuid_of(const Uuid& space, std::initializer_list<std::string_view> parts) {
  std::string name = "[";
  for (const std::string_view part : parts) {
    if (name.size() > 1) name += ',';
    ledger::append_text(name, part);
  }
  name += ']';
  return uuid_of(space, name);
}

}  // namespace lastgood::exports
