// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The members of a ZIP archive: local header, payload, data descriptor. Used by zip_walker.cpp and zip_salvage.cpp.
#pragma once

#include <cstdint>
#include <string>

#include "formats/broken_units.h"
#include "formats/walk_input.h"
#include "formats/walk_report.h"
#include "formats/zip/zip_directory.h"

namespace lastgood::formats {

enum class ZipPayloads : std::uint8_t {
  none,      // headers only
  doubtful,  // small stored payloads that nothing explains
  small,     // what decodes in memory at once
  all,
};

enum class ZipSecrecy : std::uint8_t {
  as_flagged,          // members are encrypted where their flags say so
  inside_the_package,  // OpenDocument and EPUB encrypt payloads without telling the ZIP layer
};

struct ZipMemberOptions {
  ZipPayloads payloads = ZipPayloads::none;
  ZipSecrecy secrecy = ZipSecrecy::as_flagged;
  std::uint64_t stride = 1;  // every how many-th local header is looked at
};

struct ZipMemberCounts {
  std::uint64_t headers = 0;    // local headers that agree with the directory
  std::uint64_t verified = 0;   // payloads whose CRC-32 fits
  std::uint64_t encrypted = 0;  // by their flags
  std::uint64_t gap_bytes = 0;  // bytes between members that belong to none
  std::uint64_t shared = 0;     // directory entries that name the same local header
};

struct ZipLocalHeader {
  std::uint64_t data_from = 0;
  std::uint64_t packed_bytes = 0;
  std::uint64_t unpacked_bytes = 0;
  std::uint32_t crc32 = 0;
  std::uint32_t name_crc32 = 0;
  std::uint16_t name_bytes = 0;
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
};

/// Nothing when no local header stands at `from`.
std::optional<ZipLocalHeader> read_zip_local_header(WalkInput& input, std::uint64_t from);

enum class ZipPayload : std::uint8_t { fits, fails, unknown };

/// Decodes `entry`'s payload at `data_from` and compares size and CRC-32.
ZipPayload check_zip_payload(WalkInput& input, const ZipEntry& entry, std::uint64_t data_from);

/// The decoded content of a member of at most `bytes_max`; empty when it is longer or does not decode.
std::string read_zip_member(WalkInput& input, const ZipEntry& entry, std::uint64_t bytes_max);

/// Length of the data descriptor at `from` that fits `entry`; 0 when none does (APPNOTE 4.3.9).
std::uint64_t find_zip_descriptor_bytes(WalkInput& input, const ZipEntry& entry, std::uint64_t from);

/// Adds regions for every member and the failing ones to `broken`. Entries ascend.
ZipMemberCounts check_zip_members(WalkInput& input, const ZipEnd& end, const ZipDirectory& directory,
                                  const ZipMemberOptions& options, BrokenUnits& broken, WalkReport& report);

}  // namespace lastgood::formats
