// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/key_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/base64.h"
#include "sources/restic/faults.h"
#include "sources/restic/go_text.h"
#include "sources/restic/json.h"

namespace lastgood::sources::restic {

namespace {

constexpr std::size_t k_salt_bytes = 64;

std::vector<std::uint8_t> padded(base::ByteView text) {
  std::vector<std::uint8_t> bytes(text.size() + k_json_padding_bytes);
  std::copy(text.begin(), text.end(), bytes.begin());
  return bytes;
}

struct KeyFields {
  KeyFile file;
  std::string kdf;
  std::string host;
  std::optional<std::string> salt;
  std::optional<std::string> sealed;
};

void read_key_field(std::string_view key, json::value& value, KeyFields& fields) {
  if (key == "N") fields.file.costs.n = number_in(value).value_or(0);
  if (key == "r") fields.file.costs.r = number_in(value).value_or(0);
  if (key == "p") fields.file.costs.p = number_in(value).value_or(0);
  if (key == "kdf") fields.kdf = text_in(value).value_or("");
  if (key == "hostname") fields.host = text_in(value).value_or("");
  if (key == "username") fields.file.user = text_in(value).value_or("");
  if (key == "salt") fields.salt = base::parse_base64(text_in(value).value_or("?"));
  if (key == "data") fields.sealed = base::parse_base64(text_in(value).value_or("?"));
}

/// Base64 of exactly as many bytes as `into` has.
template <std::size_t size>
bool copy_key(json::value& value, std::array<std::uint8_t, size>& into) {
  const auto text = text_in(value);
  const auto bytes = text ? base::parse_base64(*text) : std::nullopt;
  if (!bytes || bytes->size() != size) return false;
  std::copy(bytes->begin(), bytes->end(), into.begin());
  return true;
}

}  // namespace

base::Result<KeyFile> parse_key_file(base::ByteView text) {
  if (text.size() > k_key_file_bytes_max)
    return broken(fmt::format("its {} bytes are too many for a key", text.size()));
  const std::vector<std::uint8_t> bytes = padded(text);
  json::parser parser;
  json::document document;
  json::object object;
  KeyFields fields;
  const auto visit = [&](std::string_view key, json::value& value) { read_key_field(key, value, fields); };
  if (!begin_json(parser, bytes, document) || document.get_object().get(object) != simdjson::SUCCESS ||
      !for_each_field(object, visit)) {
    return broken("it is no JSON object");
  }
  if (fields.kdf != "scrypt") {
    return base::Error{.code = base::ErrorCode::unsupported,
                       .what = fmt::format("its key derivation is '{}', not scrypt", base::printable(fields.kdf))};
  }
  if (!fields.salt || fields.salt->size() != k_salt_bytes) return broken("its salt is not 64 bytes of base64");
  if (!fields.sealed || fields.sealed->size() < k_seal_bytes) return broken("its sealed master key is cut");
  const ScryptCosts& costs = fields.file.costs;
  if (!within_limits(costs)) {
    return base::Error{
        .code = base::ErrorCode::limit_reached,
        .what = fmt::format("its scrypt costs N={} r={} p={} are not within 1 GiB", costs.n, costs.r, costs.p)};
  }
  fields.file.salt = std::move(*fields.salt);
  fields.file.sealed = std::move(*fields.sealed);
  if (!fields.host.empty()) fields.file.user += "@" + fields.host;
  return std::move(fields.file);
}

base::Result<MasterKey> parse_master_key(base::ByteView text) {
  if (text.size() > k_key_file_bytes_max) return broken("it is too long for a master key");
  const std::vector<std::uint8_t> bytes = padded(text);
  json::parser parser;
  json::document document;
  json::object object;
  MasterKey key;
  unsigned parts = 0;
  const auto visit_mac = [&](std::string_view name, json::value& value) {
    if (name == "k" && copy_key(value, key.mac_k)) parts |= 1U;
    if (name == "r" && copy_key(value, key.mac_r)) parts |= 2U;
  };
  const auto visit = [&](std::string_view name, json::value& value) {
    json::object mac;
    if (name == "encrypt" && copy_key(value, key.encryption)) parts |= 4U;
    if (name == "mac" && value.get_object().get(mac) == simdjson::SUCCESS && !for_each_field(mac, visit_mac))
      parts = 8U;
  };
  if (!begin_json(parser, bytes, document) || document.get_object().get(object) != simdjson::SUCCESS ||
      !for_each_field(object, visit) || parts != 7U) {
    return broken("it is no master key: 'mac' with 'k' and 'r' of 16 bytes and 'encrypt' of 32 are wanted");
  }
  return key;
}

}  // namespace lastgood::sources::restic
