// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where data sets about addresses lie: --data, $LASTGOOD_ADDRESS_DATA, else /var/lib/lastgood/address-data.
#pragma once

#include <optional>
#include <string>

#include "cli/command.h"
#include "network/address_data.h"

namespace lastgood::cli {

/// What could be opened: nothing where no data is installed.
class OpenedAddressData {
 public:
  OpenedAddressData() = default;
  explicit OpenedAddressData(network::AddressData data) : data_(std::move(data)) {}
  [[nodiscard]] const network::AddressData* get() const { return data_ ? &*data_ : nullptr; }
  /// False when a set that is installed could not be used.
  [[nodiscard]] bool is_whole() const { return !data_ || data_->troubles().empty(); }

 private:
  std::optional<network::AddressData> data_;
};

void add_address_data_option(CLI::App& app, std::string& folder);

/// `given` is what the option holds. Sets that cannot be used are said on stderr. No data at all is no error unless the
/// person named the folder.
[[nodiscard]] base::Result<OpenedAddressData> open_address_data_option(const std::string& given, Context& context);

}  // namespace lastgood::cli
