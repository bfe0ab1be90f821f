// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a base backup says about itself: backup_label, backup_manifest and tablespace_map. Facts: PostgreSQL
// documentation, "Backup Manifest Format" and "Making a Base Backup". Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_view.h"
#include "engines/postgresql/control_file.h"

namespace lastgood::engines::postgresql {

struct BackupLabel {
  Lsn start = 0;
  Lsn checkpoint = 0;
  std::uint32_t timeline = 0;
  bool is_from_standby = false;
  bool is_incremental = false;  // of PostgreSQL 17 and newer: holds what changed since another backup, and no more
  std::string start_time;       // as it stands there
};
/// Nothing when the three lines that recovery needs are not all there.
std::optional<BackupLabel> parse_backup_label(std::string_view text);

/// A line of tablespace_map, which a backup in tar form has in place of links: the server makes them when it starts.
struct MappedTablespace {
  std::string number;  // "16384"
  std::string target;  // where its files lay on the victim
};
inline constexpr std::size_t k_tablespace_map_bytes_max = 1U << 20;
/// Lines that are none are left out.
std::vector<MappedTablespace> parse_tablespace_map(std::string_view text);

struct ManifestFile {
  std::string path;
  std::uint64_t size_bytes = 0;
  std::string algorithm;  // "CRC32C", "SHA256", ...; empty: none
  std::string checksum;   // lower-case hexadecimal
};

struct BackupManifest {
  std::vector<ManifestFile> files;
  Lsn wal_start = 0;
  Lsn wal_end = 0;
  std::string checksum;             // of the manifest itself
  std::uint64_t covered_bytes = 0;  // that this checksum is of
};

inline constexpr std::size_t k_manifest_bytes_max = 256U << 20;
inline constexpr std::size_t k_manifest_files_max = 2'000'000;

/// Nothing when it is no manifest, is cut or has too many files.
std::optional<BackupManifest> parse_backup_manifest(base::ByteView bytes);

}  // namespace lastgood::engines::postgresql
