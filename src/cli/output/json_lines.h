// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The JSON lines that scripts rely on; docs/json.md describes every field.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include <nlohmann/json.hpp>

#include "model/file_record.h"
#include "scan/scan_request.h"

namespace lastgood::cli {

/// {"type":"file",...}: fields of the specification; `path_b64` where the path is not UTF-8.
nlohmann::ordered_json json_of(const model::FileRecord& file);
nlohmann::ordered_json json_of(const model::Campaign& campaign);
/// {"type":"summary",...}
nlohmann::ordered_json json_of(const scan::ScanOutcome& outcome);

/// Sets `name` to the readable text and, where it is not UTF-8, `name`_b64 to the exact bytes.
void set_text(nlohmann::ordered_json& object, const std::string& name, const std::string& bytes);

/// RFC 3339 in UTC; null for 0, which is no time.
nlohmann::ordered_json time_or_null(std::int64_t time_ns);

}  // namespace lastgood::cli
