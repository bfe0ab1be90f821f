// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/check_manifest.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

#include "base/checksum.h"
#include "base/digest.h"
#include "engines/missing_tablespace.h"
#include "engines/postgresql/backup_files.h"
#include "engines/postgresql/missing_tablespaces.h"

namespace lastgood::engines::postgresql {

using base::ByteView;

namespace {

constexpr std::size_t k_read_bytes = 1U << 20;

/// The sum of a whole file as the manifest writes it; empty when the algorithm is none or not known, or reading failed.
std::string checksum_of(UnitCheck& check, base::ByteSource& source, std::string_view shown,
                        std::string_view algorithm) {
  const bool is_crc = algorithm == "CRC32C";
  const bool is_sha512 = algorithm == "SHA512";
  if (!is_crc && !is_sha512 && algorithm != "SHA256") return {};
  std::uint32_t crc = 0;
  base::Digest digest(is_sha512 ? base::DigestKind::sha512 : base::DigestKind::sha256);
  std::vector<std::uint8_t> buffer(
      static_cast<std::size_t>(std::min<std::uint64_t>(k_read_bytes, source.size_bytes())));
  for (std::uint64_t at = 0; at < source.size_bytes();) {
    const std::size_t got = check.read(source, shown, at, buffer);
    if (got == 0) return {};
    const ByteView piece(std::span<const std::uint8_t>(buffer.data(), got));
    if (is_crc) crc = base::crc32c(piece, crc);
    if (!is_crc) digest.update(piece);
    at += got;
  }
  if (!is_crc) return base::hex(ByteView(std::span<const std::uint8_t>(digest.finish())));
  // As the bytes lie in memory on a little-endian machine.
  return fmt::format("{:02x}{:02x}{:02x}{:02x}", crc & 0xFF, crc >> 8 & 0xFF, crc >> 16 & 0xFF, crc >> 24);
}

struct Found {
  const Place* place = nullptr;
  std::string path;
  std::uint64_t size_bytes = 0;
};

/// Every file of the cluster by its path there.
std::unordered_map<std::string, Found> files_by_path(const ClusterFiles& files) {
  std::unordered_map<std::string, Found> found;
  const auto take = [&](const Place* place, const std::string& path, std::uint64_t size_bytes) {
    const std::string& home = files.places.front().shown;
    std::string shown = place->show(path);
    if (!home.empty() && shown.size() > home.size()) shown.erase(0, home.size() + 1);
    found.emplace(std::move(shown), Found{.place = place, .path = path, .size_bytes = size_bytes});
  };
  for (const RelationFile& file : files.relations) take(file.place, file.path, file.size_bytes);
  for (const auto& [path, file] : files.others) take(file.place, file.place_path, file.size_bytes);
  return found;
}

/// What is wrong with one file; empty when it fits.
std::string find_fault(UnitCheck& check, const ManifestFile& expected, const Found& found) {
  if (found.size_bytes != expected.size_bytes)
    return fmt::format("has {} bytes, the manifest says {}", found.size_bytes, expected.size_bytes);
  if (check.depth() == model::Depth::quick) return {};
  const std::unique_ptr<base::ByteSource> source = check.open(*found.place, found.path);
  if (!source) return {};
  const std::string checksum = checksum_of(check, *source, expected.path, expected.algorithm);
  if (checksum.empty() || checksum == expected.checksum) return {};
  return fmt::format("its {} is {}, the manifest says {}", expected.algorithm, checksum, expected.checksum);
}

/// Settings and signals hold no row, and people change them after the backup (pg_basebackup itself, with -R): as
/// pg_verifybackup does, nothing is held against the backup for them.
bool is_setting(std::string_view path) {
  constexpr std::array<std::string_view, 6> k_settings = {"postgresql.auto.conf", "standby.signal", "recovery.signal",
                                                          "postgresql.conf",      "pg_hba.conf",    "pg_ident.conf"};
  return std::find(k_settings.begin(), k_settings.end(), path) != k_settings.end();
}

void check_files(UnitCheck& check, const BackupManifest& manifest, const ClusterFiles& files) {
  const std::unordered_map<std::string, Found> found = files_by_path(files);
  std::uint64_t fitting = 0;
  std::uint64_t bad = 0;
  std::map<std::string, std::uint64_t> lost;  // files of tablespaces that are not there
  constexpr std::uint64_t k_named_max = 64;
  for (const ManifestFile& expected : manifest.files) {
    if (const MissingTablespace* const missing = find_missing_tablespace(files, expected.path)) {
      ++lost[missing->path];
      continue;
    }
    const auto file = found.find(expected.path);
    const std::string fault =
        file == found.end() ? "is in the manifest and not there" : find_fault(check, expected, file->second);
    if (fault.empty()) {
      ++fitting;
    } else if (is_setting(expected.path)) {
      check.remarks(files.places.front().show(expected.path), "postgresql.manifest.setting",
                    fault + ": a setting that was changed after the backup was taken");
    } else if (++bad <= k_named_max) {
      check.damaged(files.places.front().show(expected.path), "postgresql.manifest.file", fault,
                    {.from = 0, .to = expected.size_bytes});
    }
  }
  for (const auto& [path, count] : lost)
    check.unread(files.places.front().show(path), std::string(k_missing_tablespace_rule),
                 fmt::format("is not in this copy, and the manifest names {} files in it", count));
  check.holds(files.places.front().show("backup_manifest"), "postgresql.manifest",
              fmt::format("{} of {} files are as it says{}", fitting, manifest.files.size(),
                          check.depth() == model::Depth::quick ? ", by size" : ", by content"));
}

}  // namespace

void check_manifest(UnitCheck& check, const ClusterFiles& files, BackupUse use) {
  if (!files.others.contains("backup_manifest")) {
    if (use == BackupUse::untouched)
      check.at_most(model::Certainty::strong, "postgresql.manifest", "the base backup has no backup_manifest");
    return;
  }
  const std::string shown = check.home().show("backup_manifest");
  if (use == BackupUse::started) {
    check.remarks(shown, "postgresql.manifest", "the backup was started since it was taken: its manifest is history");
    return;
  }
  const auto bytes = check.read_small(check.home(), "backup_manifest", k_manifest_bytes_max);
  if (!bytes) {
    check.unread(shown, "postgresql.manifest.size", fmt::format("is longer than {} bytes", k_manifest_bytes_max));
    return;
  }
  const ByteView view{std::span<const std::uint8_t>(*bytes)};
  const std::optional<BackupManifest> manifest = parse_backup_manifest(view);
  if (!manifest) {
    const bool is_random = looks_random(view.part(0, 64 * 1024));
    is_random ? check.encrypted(shown, "postgresql.manifest", "is no manifest, and its bytes look random")
              : check.damaged(shown, "postgresql.manifest", "is no manifest, or is cut");
    return;
  }
  const base::Sha256Digest own = base::sha256(view.part(0, manifest->covered_bytes));
  if (base::hex(ByteView(std::span<const std::uint8_t>(own))) != manifest->checksum) {
    check.damaged(shown, "postgresql.manifest.sum", "its own SHA-256 does not fit");
    return;
  }
  check_files(check, *manifest, files);
}

}  // namespace lastgood::engines::postgresql
