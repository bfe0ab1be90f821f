// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/pack_header.h"

#include <algorithm>

#include <fmt/format.h>

#include "sources/restic/crypto.h"
#include "sources/restic/faults.h"

namespace lastgood::sources::restic {

namespace {

// Types of entries: tree or data, compressed or not.
constexpr std::uint8_t k_type_tree = 1;
constexpr std::uint8_t k_type_compressed = 2;
constexpr std::uint8_t k_type_max = 3;

}  // namespace

std::optional<std::size_t> parse_header_length(base::ByteView last_bytes, std::uint64_t pack_bytes) {
  if (last_bytes.size() < k_header_length_bytes || pack_bytes < k_header_length_bytes) return std::nullopt;
  const std::uint32_t length = last_bytes.le32(last_bytes.size() - k_header_length_bytes);
  if (length < k_seal_bytes || length > k_header_bytes_max || length > pack_bytes - k_header_length_bytes) {
    return std::nullopt;
  }
  return length;
}

base::Result<std::vector<BlobPlace>> parse_pack_header(base::ByteView plain, std::uint64_t blobs_end_bytes) {
  std::vector<BlobPlace> blobs;
  blobs.reserve(plain.size() / k_plain_entry_bytes);
  std::uint64_t offset = 0;
  for (std::size_t at = 0; at < plain.size();) {
    const std::uint8_t type = plain.u8(at);
    if (type > k_type_max) return broken(fmt::format("its header names a blob of type {}", type));
    const bool compressed = (type & k_type_compressed) != 0;
    const std::size_t entry_bytes = compressed ? k_compressed_entry_bytes : k_plain_entry_bytes;
    if (!plain.has(at, entry_bytes)) return broken(fmt::format("its header ends within entry {}", blobs.size()));
    BlobPlace blob;
    blob.kind = (type & k_type_tree) != 0 ? BlobKind::tree : BlobKind::data;
    blob.length_bytes = plain.le32(at + 1);
    if (compressed) blob.plain_length_bytes = plain.le32(at + 5);
    const base::ByteView id = plain.part(at + entry_bytes - blob.id.size(), blob.id.size());
    std::copy(id.begin(), id.end(), blob.id.begin());
    if (blob.length_bytes < k_seal_bytes ||
        offset + blob.length_bytes > std::min<std::uint64_t>(blobs_end_bytes, UINT32_MAX)) {
      return broken(fmt::format("its header places blob {} beyond its end", blobs.size()));
    }
    blob.offset_bytes = static_cast<std::uint32_t>(offset);
    offset += blob.length_bytes;
    blobs.push_back(blob);
    at += entry_bytes;
  }
  if (offset != blobs_end_bytes) {
    return broken(fmt::format("its blobs end at byte {}, its header begins at {}", offset, blobs_end_bytes));
  }
  return blobs;
}

}  // namespace lastgood::sources::restic
