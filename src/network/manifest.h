// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// manifest.json of a folder of address data, as tools/get_address_data.sh writes it: which sets are there, of which
// date, under which licence, and the SHA-256 of each file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_view.h"
#include "base/result.h"

namespace lastgood::network {

/// What a set of data tells of an address.
enum class SetKind : std::uint8_t {
  country_registered,  // the registries' records: where the holder of the block is registered
  country_announced,   // where the network that announces it is registered
  country_estimated,   // somebody's guess of where it is used
  networks,            // which network announces it
  hosting,
  vpn,
  cdn,
  mobile,
  access,
  tor_exits,
};
inline constexpr std::size_t k_set_kind_count = 10;
/// "country.registered", "networks", "list.hosting", ...
[[nodiscard]] std::string_view name_of(SetKind kind);

enum class SetFormat : std::uint8_t { mmdb, csv, blocks, tor_exits };

struct SetFile {
  std::string path;  // relative to the folder, without ".."
  std::string sha256;
};

struct DataSet {
  SetKind kind = SetKind::country_registered;
  SetFormat format = SetFormat::mmdb;
  std::string name;
  std::string version;
  std::string licence;
  std::string attribution;  // what the licence asks to be said; may be empty
  std::string date;         // "2026-06-17": of the data, not of the installation
  std::int64_t date_ns = 0;
  std::vector<SetFile> files;
};

inline constexpr std::uint64_t k_manifest_bytes_max = 1U << 20U;

/// ErrorCode::damaged_container for whatever is not as described. Pure.
[[nodiscard]] base::Result<std::vector<DataSet>> parse_manifest(base::ByteView bytes);

}  // namespace lastgood::network
