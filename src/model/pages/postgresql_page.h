// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One page of a PostgreSQL relation, checked by itself. Facts: PostgreSQL documentation, "Database Page Layout".
#pragma once

#include <cstdint>
#include <string_view>

#include "base/byte_view.h"

namespace lastgood::model::pages {

/// What the file is to its relation, told by its name ("16384_fsm").
enum class RelationFork : std::uint8_t { main, free_space, visibility };

/// Page size as the header says it, when the header is one of a page; else 0.
std::uint32_t postgresql_page_bytes(base::ByteView page);

/// Why `page` cannot be a page of a relation; empty when it can. An all-zero page is the caller's concern.
std::string_view find_postgresql_page_fault(base::ByteView page, std::uint32_t page_bytes, RelationFork fork);

/// Checksum of a page by its contents and its number in the relation (storage/checksum_impl.h describes it: 32 FNV-1a
/// sums side by side, folded to 1..65535).
std::uint16_t postgresql_page_sum(base::ByteView page, std::uint32_t block_number);

}  // namespace lastgood::model::pages
