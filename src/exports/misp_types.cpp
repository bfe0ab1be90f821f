// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exports/misp_types.h"

#include <algorithm>
#include <array>

#include "exports/observable.h"

namespace lastgood::exports {

namespace {

struct Pair {
  std::string_view category;
  std::string_view type;
};
// Those of the table that exports use; docs/exports.md says from which edition.
constexpr std::array<Pair, 23> k_pairs = {{{"Payload delivery", "email-src"},
                                           {"Payload delivery", "email-subject"},
                                           {"Payload delivery", "email-message-id"},
                                           {"Payload delivery", "md5"},
                                           {"Payload delivery", "sha1"},
                                           {"Payload delivery", "sha256"},
                                           {"Payload delivery", "sha512"},
                                           {"Artifacts dropped", "filename"},
                                           {"Artifacts dropped", "sha256"},
                                           {"Artifacts dropped", "text"},
                                           {"Network activity", "domain"},
                                           {"Network activity", "url"},
                                           {"Network activity", "ip-src"},
                                           {"Network activity", "ip-dst"},
                                           {"Network activity", "port"},
                                           {"Network activity", "email-dst"},
                                           {"Network activity", "stix2-pattern"},
                                           {"Social network", "jabber-id"},
                                           {"Social network", "text"},
                                           {"Financial fraud", "btc"},
                                           {"Financial fraud", "xmr"},
                                           {"Other", "text"},
                                           {"Other", "datetime"}}};

}  // namespace

std::optional<MispType> misp_type_of(std::string_view kind, std::string_view value) {
  if (is_wallet_kind(kind)) return std::nullopt;
  if (kind == "email") return MispType{"Payload delivery", "email-src", true};
  if (kind == "onion" || kind == "domain") return MispType{"Network activity", "domain", true};
  if (kind == "url") return MispType{"Network activity", "url", true};
  if (kind == "jabber") return MispType{"Social network", "jabber-id", false};
  if (kind == "tox" || kind == "session" || kind == "telegram") return MispType{"Social network", "text", false};
  if (kind == "hash") {
    if (value.size() == 32) return MispType{"Payload delivery", "md5", true};
    if (value.size() == 40) return MispType{"Payload delivery", "sha1", true};
    if (value.size() == 64) return MispType{"Payload delivery", "sha256", true};
    if (value.size() == 128) return MispType{"Payload delivery", "sha512", true};
  }
  return MispType{"Other", "text", false};
}

bool is_misp_pair(std::string_view category, std::string_view type) {
  return std::any_of(k_pairs.begin(), k_pairs.end(),
                     [&](const Pair& pair) { return pair.category == category && pair.type == type; });
}

}  // namespace lastgood::exports
