// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a compound file is in truth (doc, xls, ppt, msg, msi, ...), whether its owner encrypted it, and whether the
// records of its main streams follow one another. Used by ole2_walker.cpp.
#pragma once

#include <string_view>
#include <vector>

#include "formats/ole2/ole2_streams.h"

namespace lastgood::formats {

/// The kind told by the names of streams in the root; empty when unknown.
std::string_view find_ole2_kind(const Ole2Directory& directory);

enum class Ole2Secrecy : std::uint8_t { open, encrypted };

struct Ole2ContentFacts {
  Ole2Secrecy secrecy = Ole2Secrecy::open;
  std::uint64_t records = 0;  // of workbook and presentation streams
};

/// The stream says whether streams beside it are encrypted.
bool tells_ole2_secrecy(std::string_view name);

/// Looks into one opened stream, names its sectors and adds what does not fit to `flaws`.
void check_ole2_stream(WalkInput& input, const Ole2Directory& directory, const Ole2Entry& entry,
                       const Ole2Stream& stream, Ole2Streams& streams, Ole2ContentFacts& facts,
                       std::vector<Ole2Flaw>& flaws);

}  // namespace lastgood::formats
