// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Sheets as a web page that needs nothing from outside and runs nothing: no script, no link, a policy that forbids
// both, every text escaped. Printed by a browser the stamp stands on each page.
#pragma once

#include <string>
#include <vector>

#include "sheets/write_sheet_pdf.h"

namespace lastgood::sheets {

[[nodiscard]] std::string write_sheet_html(const std::vector<Section>& sections);

/// One file of the run: what the index shows.
struct IndexedFile {
  std::string title;
  std::string name;  // relative to the index
};
struct IndexedPacket {
  std::string title;  // "ward W-5", or a sheet's title
  std::string what;   // "census, pending orders; 34 rows; data as of ..."
  bool stale = false;
  std::vector<IndexedFile> files;
};
[[nodiscard]] std::string write_index_html(const std::string& title, const std::vector<std::string>& sentences,
                                           const std::vector<IndexedPacket>& packets,
                                           const std::vector<IndexedPacket>& sheets);

}  // namespace lastgood::sheets
