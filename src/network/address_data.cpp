// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "network/address_data.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/checksum.h"
#include "network/mmdb.h"
#include "os/append_file.h"

namespace lastgood::network {

namespace {

constexpr std::uint64_t k_set_bytes_max = k_mmdb_bytes_max;

/// What was read of one set; which part is filled follows from its format.
struct Table {
  std::vector<Mmdb> countries;  // one per file: IPv4 and IPv6 may lie apart
  RangeTable ranges;
  TorExits exits;
};

bool is_country(SetKind kind) {
  return kind == SetKind::country_registered || kind == SetKind::country_announced ||
         kind == SetKind::country_estimated;
}

base::Status add_file(const DataSet& set, base::ByteView bytes, Table& table) {
  switch (set.format) {
    case SetFormat::mmdb: {
      LG_ASSIGN(Mmdb read, parse_mmdb(bytes));
      table.countries.push_back(std::move(read));
      return base::Done{};
    }
    case SetFormat::csv: return table.ranges.add_csv(bytes);
    case SetFormat::blocks: return table.ranges.add_blocks(bytes);
    case SetFormat::tor_exits: return table.exits.add_lists(bytes);
  }
  return base::Done{};
}

}  // namespace

struct AddressData::Tables {
  std::vector<Table> of_set;
};

AddressData::AddressData() : tables_(std::make_unique<Tables>()) {}
AddressData::AddressData(AddressData&&) noexcept = default;
AddressData& AddressData::operator=(AddressData&&) noexcept = default;
AddressData::~AddressData() = default;

bool AddressData::has(SetKind kind) const {
  return std::any_of(sets_.begin(), sets_.end(), [&](const DataSet& set) { return set.kind == kind; });
}

base::Status AddressData::add_set(const std::string& folder, DataSet set) {
  Table table;
  for (const SetFile& file : set.files) {
    const std::string path = folder + "/" + file.path;
    LG_ASSIGN(const std::string read, os::read_own_file(path, k_set_bytes_max));
    const base::ByteView bytes{std::string_view(read)};
    if (base::hex(base::ByteView(std::span<const std::uint8_t>(base::sha256(bytes)))) != file.sha256) {
      base::Error error;
      error.code = base::ErrorCode::damaged_container;
      error.what =
          fmt::format("'{}' is not what was installed: its SHA-256 differs from the manifest's", base::printable(path));
      error.path = path;
      error.hint = "install the data again with tools/get_address_data.sh";
      return error;
    }
    if (auto added = add_file(set, bytes, table); !added.ok()) {
      base::Error error = std::move(added).error();
      error.what = fmt::format("cannot use '{}': {}", base::printable(path), error.what);
      error.path = path;
      return error;
    }
  }
  table.ranges.finish();
  sets_.push_back(std::move(set));
  tables_->of_set.push_back(std::move(table));
  return base::Done{};
}

base::Result<AddressData> open_address_data(const std::string& folder) {
  LG_ASSIGN(const std::string read, os::read_own_file(folder + "/manifest.json", k_manifest_bytes_max));
  LG_ASSIGN(std::vector<DataSet> sets, parse_manifest(base::ByteView(std::string_view(read))));
  AddressData data;
  for (DataSet& set : sets) {
    if (auto added = data.add_set(folder, std::move(set)); !added.ok())
      data.troubles_.push_back(std::move(added).error());
  }
  return data;
}

AddressFacts AddressData::look_up(const model::IpAddress& address, std::int64_t seen_at_ns) const {
  AddressFacts facts;
  facts.address = address;
  for (std::size_t i = 0; i < sets_.size(); ++i) {
    const SetKind kind = sets_[i].kind;
    const Table& table = tables_->of_set[i];
    if (is_country(kind)) {
      CountrySaid said{.set = i, .country = {}};
      for (const Mmdb& mmdb : table.countries) {
        if (const auto found = mmdb.find_country(address)) said.country = std::string(found->data(), found->size());
      }
      facts.countries.push_back(std::move(said));
    } else if (kind == SetKind::networks) {
      facts.networks = i;
      if (auto found = table.ranges.find_network(address)) facts.network = std::move(found);
    } else if (kind == SetKind::tor_exits) {
      facts.tor_set = i;
      const TorAnswer answer = table.exits.find(address, seen_at_ns);
      if (answer == TorAnswer::listed || facts.tor == TorAnswer::no_list) facts.tor = answer;
    } else if (table.ranges.contains(address)) {
      facts.classes.push_back({.set = i, .kind = kind});
    }
  }
  return facts;
}

}  // namespace lastgood::network
