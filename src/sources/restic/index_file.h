// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Index files as values (design.rst, "Indexing"; packs_to_delete is rustic's). No I/O.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sources/restic/blob_id.h"

namespace lastgood::sources::restic {

enum class BlobKind : std::uint8_t { data, tree };

/// One blob as an index or a pack's header tells it.
struct BlobPlace {
  BlobId id{};
  BlobKind kind = BlobKind::data;
  std::uint32_t offset_bytes = 0;
  std::uint32_t length_bytes = 0;        // sealed
  std::uint32_t plain_length_bytes = 0;  // 0: not compressed
};

struct IndexedPack {
  BlobId pack{};
  std::vector<BlobPlace> blobs;
  std::size_t refused = 0;  // entries that make no sense: no id, lengths beyond what a pack can hold
};

struct IndexEnd {
  bool whole = false;       // the text was read to its end
  std::size_t refused = 0;  // packs without a name
};

/// Shows each pack to `visit`, which may move its blobs away. `bytes` ends with k_json_padding_bytes of padding; very
/// old indexes are a bare array of packs. Entries before a break are shown.
[[nodiscard]] IndexEnd parse_index(const std::vector<std::uint8_t>& bytes,
                                   const std::function<void(IndexedPack&)>& visit);

}  // namespace lastgood::sources::restic
