// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Lists inside one column (schema.md): texts as netstrings "5:hello,", numbers as "1 2 3", ranges as "0-64 192-256".
// Readable in any SQLite browser, exact for any bytes. What is read is untrusted: nullopt when it is no such list.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/file_record.h"

namespace lastgood::casefile {

std::string pack_texts(const std::vector<std::string>& texts);
std::optional<std::vector<std::string>> unpack_texts(std::string_view packed);

/// Rule and sentence in turns.
std::string pack_reasons(const std::vector<model::Reason>& reasons);
std::optional<std::vector<model::Reason>> unpack_reasons(std::string_view packed);

std::string pack_ranges(const std::vector<model::ByteRange>& ranges);
std::optional<std::vector<model::ByteRange>> unpack_ranges(std::string_view packed);

std::string pack_counts(const model::ScanCounts& counts);
std::optional<model::ScanCounts> unpack_counts(std::string_view packed);

}  // namespace lastgood::casefile
