// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which sheets are asked of which data unit, in the order in which services come back. Pure.
#pragma once

#include <string>
#include <vector>

#include "services/services_file.h"
#include "sheets/prepared_sheet.h"

namespace lastgood::sheets {

struct WantedSheet {
  const services::Service* service = nullptr;
  const services::Sheet* sheet = nullptr;
  std::string database;  // of the unit
};

/// One folder of a database server, however many services and databases there are in it.
struct WantedUnit {
  services::DataUnit data;
  std::vector<WantedSheet> sheets;
};

/// `service` empty: all. Sheets whose data unit cannot be found, and those for which the file has a
/// mistake, are in `lost`, with the reason.
struct Wanted {
  std::vector<WantedUnit> units;
  std::vector<std::pair<WantedSheet, std::string>> lost;
};
[[nodiscard]] Wanted wanted_sheets(const services::ServicesFile& file, const std::string& service);

/// Leaves the packets of one ward, clinic or desk; all of them when the sheet is `for` it. False: none is left.
[[nodiscard]] bool keep_for(PreparedSheet& sheet, const std::string& audience);

}  // namespace lastgood::sheets
