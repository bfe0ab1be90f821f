// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Packs: sheets for hospital systems whose tables are known. A pack is a services file (NAME.toml, of which the sheets
// are taken) and a fingerprint (NAME.json: which tables and columns its databases must have). Reading is pure but for
// read_packs.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engines/scratch_server.h"
#include "services/services_file.h"

namespace lastgood::sheets {

struct TableNeed {
  std::string table;
  std::vector<std::string> columns;
};

/// By what one database of a pack is known.
struct Fingerprint {
  std::string data;  // the name of the data unit in the pack's services file
  services::DataKind kind = services::DataKind::files;
  std::vector<TableNeed> needs;
};

struct Pack {
  std::string id;
  std::string title;
  std::string about;
  std::vector<Fingerprint> fingerprints;
  services::ServicesFile file;
  std::string patient_data;  // where `patient_sql` is asked; empty: the pack has none
  std::string patient_sql;   // columns number, name, sex, birth_date, phone: for finding who was entered twice
};

/// ErrorCode::misuse with a sentence. At most 1 MiB each, 200 fingerprints, 2,000 tables.
[[nodiscard]] base::Result<Pack> parse_pack(std::string_view fingerprint_json, std::string_view services_toml,
                                            const std::string& path);

/// Those that came along, or those in `folder`; sorted by id.
[[nodiscard]] base::Result<std::vector<Pack>> read_packs(const std::string& folder);

struct Likeness {
  std::size_t needed = 0;  // columns
  std::size_t found = 0;
  std::vector<std::string> missing;  // "appointment.token", "table allergy"; at most 20
  [[nodiscard]] bool fits() const { return needed > 0 && found == needed; }
  /// Most of it is there: another version, or somebody's own changes.
  [[nodiscard]] bool is_near() const { return !fits() && needed > 0 && found * 5 >= needed * 4; }
};
/// Names are compared without regard to capitals, as the engines of most systems do.
[[nodiscard]] Likeness compare(const Fingerprint& fingerprint, std::span<const engines::TableName> tables);

}  // namespace lastgood::sheets
