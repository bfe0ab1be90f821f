// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which patients of the database 'sheets match' has shown for which entry: CASE/backentry/shown.jsonl. A decision names
// one of them, so that a number with a wrong digit becomes nobody's, and a slip of the line no stranger's.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lastgood::backentry {

/// By number what speaks against each: "Sunita, F, ...: another telephone than entry 2: ..."; empty: nothing does.
using ShownOfEntry = std::map<std::string, std::string>;
/// By the entry below which they stood. Of a correction others were shown than of what it corrects.
using ShownPatients = std::map<std::uint64_t, ShownOfEntry>;

/// Those that are not there yet, or not so, are added. Makes CASE/backentry.
[[nodiscard]] base::Status keep_shown(const std::string& case_folder, const ShownPatients& patient_numbers);
[[nodiscard]] base::Result<ShownPatients> read_shown(const std::string& case_folder);
/// The number as the database spells it: "uh0001640" was typed of UH0001640. Nothing: it was not shown for this entry.
[[nodiscard]] std::optional<std::string> shown_as(const ShownPatients& shown, std::uint64_t entry,
                                                  std::string_view patient_number);

}  // namespace lastgood::backentry
