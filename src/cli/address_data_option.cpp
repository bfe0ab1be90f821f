// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/address_data_option.h"

#include <ostream>

#include "dossier/dossier.h"

namespace lastgood::cli {

namespace {

constexpr const char* k_default_folder = "/var/lib/lastgood/address-data";

}  // namespace

void add_address_data_option(CLI::App& app, std::string& folder) {
  app.add_option("--data", folder, "folder of data sets about addresses")
      ->type_name("DIR")
      ->envname("LASTGOOD_ADDRESS_DATA");
}

base::Result<OpenedAddressData> open_address_data_option(const std::string& given, Context& context) {
  auto opened = network::open_address_data(given.empty() ? k_default_folder : given);
  if (!opened.ok()) {
    if (given.empty() && opened.error().code == base::ErrorCode::not_found) return OpenedAddressData();
    base::Error error = std::move(opened).error();
    if (error.hint.empty()) error.hint = dossier::how_to_install();
    return error;
  }
  for (const base::Error& trouble : opened.value().troubles()) {
    context.err << "lastgood: error: " << trouble.what << ", skipping this set\n";
    if (!trouble.hint.empty()) context.err << "hint: " << trouble.hint << "\n";
  }
  return OpenedAddressData(std::move(opened).value());
}

}  // namespace lastgood::cli
