// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A folder of data sets about addresses, and what they say of one address. Nothing here asks a network. Each answer
// names its set, because no set tells the truth: it tells what its maker believed on a day.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/ip_address.h"
#include "network/manifest.h"
#include "network/range_table.h"
#include "network/tor_exits.h"

namespace lastgood::network {

struct CountrySaid {
  std::size_t set = 0;                 // number in AddressData::sets()
  std::optional<std::string> country;  // two letters; nothing: the set does not know the address
};

struct ClassSaid {
  std::size_t set = 0;
  SetKind kind = SetKind::hosting;  // one of the lists
};

/// What the sets say of one address. Empty parts are unknown, not "no".
struct AddressFacts {
  model::IpAddress address;
  std::vector<CountrySaid> countries;   // one for each set about countries
  std::optional<AnnouncedBy> network;   // who announces it
  std::optional<std::size_t> networks;  // the set that was asked
  std::vector<ClassSaid> classes;       // lists that have it
  TorAnswer tor = TorAnswer::no_list;
  std::optional<std::size_t> tor_set;
};

/// Any number of threads.
class AddressData {
 public:
  AddressData();
  AddressData(AddressData&&) noexcept;
  AddressData& operator=(AddressData&&) noexcept;
  ~AddressData();

  /// The sets that can be used, in the manifest's order.
  [[nodiscard]] const std::vector<DataSet>& sets() const { return sets_; }
  /// Sets that were left out: changed since they were installed, broken, or gone. Never silently.
  [[nodiscard]] const std::vector<base::Error>& troubles() const { return troubles_; }
  [[nodiscard]] bool has(SetKind kind) const;

  /// `seen_at_ns` matters for what changes by the hour; 0: unknown.
  [[nodiscard]] AddressFacts look_up(const model::IpAddress& address, std::int64_t seen_at_ns) const;

 private:
  struct Tables;
  friend base::Result<AddressData> open_address_data(const std::string& folder);
  base::Status add_set(const std::string& folder, DataSet set);

  std::vector<DataSet> sets_;
  std::vector<base::Error> troubles_;
  std::unique_ptr<Tables> tables_;  // one for each set
};

/// Reads the whole folder. ErrorCode::not_found when it has no manifest, ErrorCode::damaged_container when that is
/// broken; a set that cannot be used is a trouble, and the others are read.
[[nodiscard]] base::Result<AddressData> open_address_data(const std::string& folder);

}  // namespace lastgood::network
