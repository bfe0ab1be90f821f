// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exports/observable.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/checksum.h"
#include "exports/uuid.h"
#include "ledger/canonical_json.h"
#include "model/ip_address.h"

namespace lastgood::exports {

namespace {

using nlohmann::ordered_json;

struct Contributing {
  std::string_view type;
  std::array<std::string_view, 4> properties;
};
// STIX 2.1 section 6, "ID Contributing Properties". Of a file's hashes the first of MD5, SHA-1, SHA-256, SHA-512
// counts.
constexpr std::array<Contributing, 10> k_contributing = {
    {{"domain-name", {"value"}},
     {"email-addr", {"value"}},
     {"ipv4-addr", {"value"}},
     {"ipv6-addr", {"value"}},
     {"url", {"value"}},
     {"email-message", {"body", "from_ref", "subject"}},
     {"file", {"hashes", "name"}},
     {"user-account", {"account_login", "account_type", "user_id"}},
     {"autonomous-system", {"number"}},
     {k_wallet_type, {"value"}}}};
constexpr std::array<std::string_view, 4> k_hash_order = {"MD5", "SHA-1", "SHA-256", "SHA-512"};
constexpr std::array<std::string_view, 10> k_wallet_kinds = {"btc", "ltc", "doge", "dash", "zec",
                                                             "bch", "trx", "xrp",  "xmr",  "eth"};
constexpr std::array<std::string_view, 4> k_account_kinds = {"jabber", "tox", "session", "telegram"};

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// RFC 3986: a scheme, and behind it nothing but its characters and whole escapes.
bool is_uri(std::string_view text) {
  const std::size_t colon = text.find("://");
  if (colon == 0 || colon == std::string_view::npos || text.size() > 4096) return false;
  for (const char c : text.substr(0, colon))
    if (!is_alnum(c) && c != '+' && c != '-' && c != '.') return false;
  if (!is_alnum(text[0]) || (text[0] >= '0' && text[0] <= '9')) return false;
  const std::string_view rest = text.substr(colon + 3);
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '%') {
      if (i + 2 >= rest.size() || !is_hex_digit(rest[i + 1]) || !is_hex_digit(rest[i + 2])) return false;
    } else if (!is_alnum(rest[i]) && std::string_view("-._~:/?#@!$&'()*+,;=").find(rest[i]) == std::string_view::npos) {
      return false;
    }
  }
  return !rest.empty() && std::count(rest.begin(), rest.end(), '#') <= 1;
}

/// Labels of letters, digits and hyphens (RFC 1123); nothing that is an address.
bool is_domain(std::string_view text) {
  if (text.empty() || text.size() > 253 || model::parse_ip(text)) return false;
  std::size_t label = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || text[i] == '.') {
      if (label == 0 || label > 63 || text[i - 1] == '-' || text[i - label] == '-') return false;
      label = 0;
    } else if (is_alnum(text[i]) || text[i] == '-') {
      ++label;
    } else {
      return false;
    }
  }
  return text.find('.') != std::string_view::npos;
}

bool is_mail_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos || at > 64 || text.find('@', at + 1) != std::string_view::npos)
    return false;
  for (const char c : text.substr(0, at))
    if (!is_alnum(c) && std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) == std::string_view::npos) return false;
  return is_domain(text.substr(at + 1));
}

bool is_plain(std::string_view text) {
  return !text.empty() && text.size() <= 512 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

std::string_view hash_name_of(std::string_view digits) {
  if (!std::all_of(digits.begin(), digits.end(), is_hex_digit)) return {};
  switch (digits.size()) {
    case 32: return "MD5";
    case 40: return "SHA-1";
    case 64: return "SHA-256";
    case 128: return "SHA-512";
    default: return {};
  }
}

Observable finish(ordered_json object, std::string pattern) {
  object["id"] = observable_id(object).value_or("");
  ordered_json ordered = {{"type", object["type"]}, {"spec_version", "2.1"}, {"id", object["id"]}};
  for (const auto& [name, value] : object.items()) ordered[name] = value;
  return {.object = std::move(ordered), .pattern = std::move(pattern)};
}

Observable simple(std::string_view type, std::string_view value) {
  return finish({{"type", type}, {"value", value}}, fmt::format("[{}:value = {}]", type, pattern_text(value)));
}

/// Canonical JSON of a text or an object of texts; our contributing properties are no other.
void append_canonical(std::string& out, const ordered_json& value) {
  if (value.is_string()) return ledger::append_text(out, value.get_ref<const std::string&>());
  if (value.is_number_integer()) {
    out += std::to_string(value.get<std::int64_t>());
    return;
  }
  out += '{';
  for (const std::string_view name : k_hash_order) {
    const auto found = value.find(std::string(name));
    if (found == value.end()) continue;
    ledger::append_text(out, name);
    out += ':';
    append_canonical(out, *found);
    break;
  }
  out += '}';
}

}  // namespace

bool is_wallet_kind(std::string_view kind) { return holds(k_wallet_kinds, kind); }

std::optional<std::string> observable_id(const ordered_json& object) {
  const std::string type = object.value("type", "");
  const auto row = std::find_if(k_contributing.begin(), k_contributing.end(),
                                [&](const Contributing& candidate) { return candidate.type == type; });
  if (row == k_contributing.end()) return std::nullopt;
  std::string canonical = "{";
  for (const std::string_view property : row->properties) {  // in the order of their names, as RFC 8785 wants
    if (property.empty()) break;
    const auto found = object.find(std::string(property));
    if (found == object.end()) continue;
    if (canonical.size() > 1) canonical += ',';
    ledger::append_text(canonical, property);
    canonical += ':';
    append_canonical(canonical, *found);
  }
  if (canonical.size() == 1) return std::nullopt;
  canonical += '}';
  return type + "--" + text_of(uuid_of(k_observable_space, canonical));
}

std::optional<Observable> find_observable(std::string_view kind, std::string_view value) {
  if (kind == "email" && is_mail_address(value)) return simple("email-addr", value);
  if ((kind == "onion" || kind == "domain") && is_domain(value)) return simple("domain-name", value);
  if (kind == "url" && is_uri(value)) return simple("url", value);
  if (kind == "ipv4" || kind == "ipv6") {
    const auto ip = model::parse_ip(value);
    if (!ip) return std::nullopt;
    return simple(ip->is_v6 ? "ipv6-addr" : "ipv4-addr", model::text_of(*ip));
  }
  if (kind == "hash") {
    const std::string_view name = hash_name_of(value);
    if (name.empty()) return std::nullopt;
    return finish({{"type", "file"}, {"hashes", {{name, value}}}},
                  fmt::format("[file:hashes.'{}' = {}]", name, pattern_text(value)));
  }
  if (holds(k_account_kinds, kind) && is_plain(value)) {
    return finish({{"type", "user-account"}, {"user_id", value}, {"account_type", kind}},
                  fmt::format("[user-account:user_id = {} AND user-account:account_type = {}]", pattern_text(value),
                              pattern_text(kind)));
  }
  if (is_wallet_kind(kind) && is_plain(value) && value.find('@') == std::string_view::npos) {
    return finish({{"type", k_wallet_type},
                   {"value", value},
                   {"currency", kind},
                   {"extensions", {{k_wallet_extension, {{"extension_type", "new-sco"}}}}}},
                  fmt::format("[{}:value = {}]", k_wallet_type, pattern_text(value)));
  }
  return std::nullopt;
}

Observable file_observable(std::string_view name, std::string_view sha256) {
  ordered_json object = {{"type", "file"}};
  std::string pattern;
  if (hash_name_of(sha256) == "SHA-256") {
    object["hashes"] = {{"SHA-256", sha256}};
    pattern = fmt::format("[file:hashes.'SHA-256' = {}]", pattern_text(sha256));
  }
  if (!name.empty()) object["name"] = name;
  return finish(std::move(object), std::move(pattern));
}

}  // namespace lastgood::exports
