// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Tree head: what a ledger was at one size, as a few lines of text that a person can read, sign, print and time-stamp
// (heads.md). Pure but for read_head.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ledger/merkle_tree.h"
#include "ledger/read_ledger.h"

namespace lastgood::ledger {

struct TreeHead {
  std::string case_id;        // 32 hex digits
  std::uint64_t entries = 0;  // leaves of the tree
  std::uint64_t bytes = 0;    // of the file, up to and with the LF of the last of them
  base::Sha256Digest root{};
  base::Sha256Digest ledger_sha256{};  // of those bytes: who has only sha256sum can check the whole
  std::string time;                    // RFC 3339, when the head was made
  bool operator==(const TreeHead&) const = default;
};

std::string write_head(const TreeHead& head);
/// nullopt when `text` is not the one spelling of a head.
[[nodiscard]] std::optional<TreeHead> parse_head(std::string_view text);

/// Of the ledger at `path` as `read` has it. ErrorCode::damaged_container when it is not whole or empty.
[[nodiscard]] base::Result<TreeHead> make_head(const std::string& path, const ReadLedger& read, std::string time);

/// "2f3a 9c41 ...": groups of four digits, for reading aloud; eight groups a line.
std::string grouped_digits(std::string_view digits);

}  // namespace lastgood::ledger
