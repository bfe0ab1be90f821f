// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The end records and the central directory of a ZIP archive. Used by zip_walker.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "formats/walk_input.h"
#include "formats/zip/zip_kind.h"
#include "model/finding.h"

namespace lastgood::formats {

inline constexpr std::uint64_t k_zip_local_header_bytes = 30;
inline constexpr std::uint64_t k_zip_central_header_bytes = 46;
inline constexpr std::uint64_t k_zip_end_bytes = 22;

enum class ZipParts : std::uint8_t { single, split };

struct ZipEnd {
  std::uint64_t from = 0;  // first end record: ZIP64 or plain
  std::uint64_t to = 0;    // behind the comment
  std::uint64_t directory_from = 0;
  std::uint64_t directory_bytes = 0;
  std::uint64_t entries = 0;
  std::uint64_t entries_modulo = 0;  // 65536 when the count is only kept in 16 bits, else 0
  std::uint64_t shift = 0;           // bytes before the archive that its offsets do not count
  ZipParts parts = ZipParts::single;
  std::uint64_t missing_bytes = 0;  // a directory stands before the record, by so much earlier than it says
  bool fits = false;                // a directory stands where the record says
};

/// The last end record, the one whose directory is there before one whose directory is not. Nothing: no end record.
std::optional<ZipEnd> find_zip_end(WalkInput& input);

struct ZipEntry {
  std::uint64_t header_from = 0;
  std::uint64_t packed_bytes = 0;
  std::uint64_t unpacked_bytes = 0;
  std::uint32_t crc32 = 0;
  std::uint32_t name_crc32 = 0;
  std::uint16_t name_bytes = 0;
  std::uint16_t flags = 0;
  std::uint16_t method = 0;

  [[nodiscard]] bool encrypted() const { return (flags & 1U) != 0; }
  [[nodiscard]] bool has_descriptor() const { return (flags & 8U) != 0; }
};

struct ZipDirectory {
  static constexpr std::size_t k_entries_max = 1'000'000;  // held in memory; more are counted only

  std::vector<ZipEntry> entries;  // ascending by header_from once read
  std::uint64_t count = 0;
  std::uint64_t read_to = 0;  // where reading stopped
  bool complete = false;      // headers tile the directory
  bool elsewhere = false;     // an entry begins behind the directory or before the archive
  ZipKindSigns signs;
  std::optional<ZipEntry> mimetype;
  std::optional<ZipEntry> odf_manifest;
  std::optional<ZipEntry> epub_encryption;
};

/// `directory` is reused from call to call, so that small archives cost no allocation.
void read_zip_directory(WalkInput& input, const ZipEnd& end, ZipDirectory& directory);

/// Sizes of 0xFFFFFFFF stand in the ZIP64 extra field (APPNOTE 4.5.3), in the order unpacked, packed, offset.
struct Zip64Sizes {
  std::uint64_t unpacked_bytes = 0;
  std::uint64_t packed_bytes = 0;
  std::uint64_t header_offset = 0;
};
void apply_zip64_extra(base::ByteView extra, Zip64Sizes& sizes);

}  // namespace lastgood::formats
