// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A repository, opened: its files, its keys, its objects and the manifest of the moment that was asked for.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sources/borg/manifest.h"
#include "sources/borg/object_reader.h"
#include "sources/open_source.h"

namespace lastgood::sources::borg {

/// A manifest of the past or the one that holds.
struct DatedManifest {
  Manifest manifest;
  Tam tam = Tam::missing;
  /// When the store got it: the repository's own record of transactions, else what the manifest says; never earlier
  /// than the one before it in the log, so that nobody can date a manifest back.
  std::int64_t time_ns = 0;
};

struct Repository {
  std::unique_ptr<SegmentStore> store;
  std::unique_ptr<ObjectTable> table;
  KeyKind kind = KeyKind::none;
  RepoKey key;
  std::unique_ptr<ObjectReader> reader;
  std::optional<DatedManifest> manifest;  // nothing: none can be read
  std::vector<DatedManifest> earlier;     // with Erased::include: newest first
  std::vector<ObjectPlace> tails;         // with Erased::include: where heads of archives are likely
  std::vector<model::Finding> findings;
};

/// Errors as open_source.h says.
[[nodiscard]] base::Result<Repository> open_repository(const std::string& location, const SourceSecrets& secrets,
                                                       const OpenOptions& options);

/// The lines "transaction N, UTC time 2022-11-23T07:07:00.123456" of an append-only repository; others are passed over.
struct TransactionTime {
  std::uint32_t commit = 0;
  std::int64_t time_ns = 0;
};
[[nodiscard]] std::vector<TransactionTime> parse_transactions(std::string_view text);

}  // namespace lastgood::sources::borg
