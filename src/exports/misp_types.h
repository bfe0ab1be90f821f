// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which MISP attribute a value is, and which pairs of category and type MISP takes ("describeTypes" of its core
// format). Private to exports/.
#pragma once

#include <optional>
#include <string_view>

namespace lastgood::exports {

struct MispType {
  std::string_view category;
  std::string_view type;
  bool can_alert = false;  // it is something that a sensor can look for
};

/// Nothing: a wallet, which is an object of its own.
[[nodiscard]] std::optional<MispType> misp_type_of(std::string_view kind, std::string_view value);
/// MISP takes an attribute of this type in this category.
[[nodiscard]] bool is_misp_pair(std::string_view category, std::string_view type);

/// A template of the MISP objects project, by which importers know what an object is.
struct MispTemplate {
  std::string_view name;
  std::string_view meta_category;
  std::string_view uuid;
  std::string_view version;
  std::string_view description;
};
inline constexpr MispTemplate k_misp_coin_address = {
    "coin-address", "financial", "d0e6997e-78da-4815-a6a1-cfc1c1cb8a46", "7", "An address used in a cryptocurrency"};
inline constexpr MispTemplate k_misp_email = {"email", "network", "a0c666e0-fc65-4be8-b48f-3423d788b552", "15",
                                              "Email object describing an email with meta-information"};
inline constexpr MispTemplate k_misp_file = {"file", "file", "688c46fb-5edb-40a3-8273-1af7923e2215", "23",
                                             "File object describing a file with meta-information"};
inline constexpr MispTemplate k_misp_connection = {"network-connection", "network",
                                                   "af16764b-f8e5-4603-9de1-de34d272f80b", "2",
                                                   "A local or remote network connection."};
inline constexpr MispTemplate k_misp_incident = {
    "incident", "misc", "38597424-f9bb-4865-9b4b-819172df0334", "1",
    "Incident object template as described in STIX 2.1 Incident object and its core extension."};

}  // namespace lastgood::exports
