// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The content of a file as pieces, one a blob; also where some of its blobs are gone.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sources/restic/blob_index.h"
#include "sources/restic/blob_reader.h"
#include "sources/source.h"

namespace lastgood::sources::restic {

/// How the blobs of a file lie one after another.
struct BlobLayout {
  std::vector<std::uint64_t> ends;  // of each blob
  // Blobs [lost_from, lost_to) cannot be placed: the first and the last are named by no index and no pack, and so their
  // lengths are unknown. Between them others may be whose bytes could be read, and nobody knows where they belong.
  std::size_t lost_from = 0;
  std::size_t lost_to = 0;
  std::size_t unknown = 0;  // blobs that no index and no pack names
  std::size_t gone = 0;     // blobs that are in no pack that is there; the unknown ones among them
  [[nodiscard]] std::uint64_t size_bytes() const { return ends.empty() ? 0 : ends.back(); }
};

/// `said_bytes` is the size that the file's node gives; it says how long the lost part is, where it can be right.
[[nodiscard]] BlobLayout lay_out(const BlobIndex& index, const std::vector<BlobId>& blobs, std::uint64_t said_bytes);

/// 32-byte ids one after another, as ContentRef::handle has them.
[[nodiscard]] std::string handle_of(const std::vector<BlobId>& blobs);

/// ErrorCode::misuse for a handle that is none. The content lives at most as long as what it is given.
[[nodiscard]] base::Result<std::unique_ptr<Content>> open_blob_content(const BlobIndex& index, const BlobReader& reader,
                                                                       const model::ContentRef& content);

}  // namespace lastgood::sources::restic
