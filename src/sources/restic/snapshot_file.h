// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Snapshot and config files as values (design.rst, "Snapshots", "Repository Format"). No I/O.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "model/snapshot.h"
#include "sources/restic/blob_id.h"

namespace lastgood::sources::restic {

inline constexpr std::size_t k_snapshot_bytes_max = std::size_t{64} << 20;
inline constexpr std::size_t k_config_bytes_max = std::size_t{1} << 20;

/// `bytes` ends with k_json_padding_bytes of padding. The id is the caller's to set. ErrorCode::damaged_source without
/// a tree or a time, or where the text breaks.
[[nodiscard]] base::Result<model::Snapshot> parse_snapshot(const std::vector<std::uint8_t>& bytes);

/// The version of the repository's format. ErrorCode::damaged_source where there is none.
[[nodiscard]] base::Result<std::uint64_t> parse_config_version(const std::vector<std::uint8_t>& bytes);

}  // namespace lastgood::sources::restic
