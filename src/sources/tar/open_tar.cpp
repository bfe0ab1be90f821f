// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/tar/open_tar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <utility>

#include "os/directory_list.h"
#include "sources/name_time.h"
#include "sources/tar/tar_header.h"
#include "sources/tar/tar_source.h"

namespace lastgood::sources::tar {

namespace {

constexpr std::int64_t k_day_ns = 86'400'000'000'000;
constexpr std::size_t k_archives_max = 100'000;

struct Seen {
  Packing packing = Packing::none;
  os::FileStatus status;
  bool is_archive = false;  // a member's header stands at the front
};

base::Result<Seen> look_at(const os::Descriptor& folder, const std::string& name, const std::string& path) {
  LG_ASSIGN(os::EvidenceFile file, os::open_evidence_file(folder, name, path));
  Seen seen;
  seen.status = file.status();
  std::array<std::uint8_t, k_block_bytes> block{};
  LG_ASSIGN(const std::size_t got, file.read(0, block));
  seen.packing = find_packing(base::ByteView(std::span<const std::uint8_t>(block).first(got)));
  const auto unpacked = open_unpacked(file, seen.packing, path);
  const auto front = unpacked->read(block);
  if (!front.ok() || front.value() < block.size()) return seen;
  const base::ByteView view{std::span<const std::uint8_t>(block)};
  seen.is_archive = is_zero_block(view) || parse_tar_header(view).has_value();
  return seen;
}

model::Finding remark(std::string rule, std::string sentence) {
  return model::Finding{.rule = std::move(rule), .sentence = std::move(sentence)};
}

/// The name's time goes first; then the newest file inside, when the index was read and nobody set it into the future;
/// then the archive's own.
model::Snapshot snapshot_of(const TarArchive& archive, const TarIndex* index, std::size_t number,
                            std::string_view names_in) {
  model::Snapshot snapshot;
  snapshot.id = archive.name();
  snapshot.root = std::to_string(number);
  snapshot.stored_ns = archive.status().mtime_ns;
  const bool has_members = index != nullptr && index->member_count() > 0;
  if (date_by_name(snapshot, archive.name(), names_in, "tar.time.name")) {
    // said there
  } else if (has_members && index->newest_mtime_ns() <= archive.status().mtime_ns + k_day_ns) {
    snapshot.time_ns = index->newest_mtime_ns();
    snapshot.findings.push_back(remark("tar.time.member", "the time is that of the newest member"));
  } else {
    snapshot.time_ns = archive.status().mtime_ns;
    snapshot.findings.push_back(remark("tar.time.file", "the time is that of the archive file"));
  }
  if (index == nullptr) return snapshot;
  for (model::Finding& finding : index->tally().findings()) snapshot.findings.push_back(std::move(finding));
  return snapshot;
}

base::Error no_archive(const std::string& path, std::string_view what) {
  return base::Error{.code = base::ErrorCode::unsupported,
                     .what = fmt::format("cannot open '{}': {}", base::printable(path), what),
                     .path = path,
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "give a tar archive, plain or packed with gzip, zstd, xz or bzip2, or a folder of them"};
}

base::Status add_single(const std::string& parent, const std::string& name, const std::string& location,
                        std::string_view names_in, FoundArchives& found) {
  LG_ASSIGN(os::Descriptor folder, os::open_evidence_root(parent));
  found.folder = std::make_unique<os::Descriptor>(std::move(folder));
  LG_ASSIGN(const Seen seen, look_at(*found.folder, name, location));
  auto archive = std::make_unique<TarArchive>(*found.folder, name, location, seen.packing, seen.status,
                                              std::make_shared<UnpackedBlocks>());
  LG_ASSIGN(const TarIndex* index, archive->index());
  // Where the first header is broken the rest may still be worth having.
  if (!seen.is_archive && index->member_count() == 0) return no_archive(location, "no tar archive is in it");
  found.snapshots.push_back(snapshot_of(*archive, index, 0, names_in));
  found.archives.push_back(std::move(archive));
  return base::Done{};
}

/// What `pg_basebackup -Ft` calls an archive, as a place in the cluster: "base.tar.gz" is the top itself.
std::optional<std::string> place_in_cluster(std::string_view name) {
  const std::size_t dot = name.find(".tar");
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const std::string_view packing = name.substr(dot + 4);
  if (!packing.empty() && (packing.front() != '.' || packing.find('.', 1) != std::string_view::npos))
    return std::nullopt;
  const std::string stem(name.substr(0, dot));
  if (stem == "base") return std::string();
  if (stem == "pg_wal") return stem;
  // A tablespace goes by its number.
  if (stem.find_first_not_of("0123456789") == std::string::npos) return "pg_tblspc/" + stem;
  return std::nullopt;
}

constexpr std::string_view k_manifest = "backup_manifest";
constexpr std::size_t k_parts_max = 4096;  // no cluster has more tablespaces

/// The manifest lies beside the archives. False: it is not there.
bool add_manifest(const std::string& location, const std::shared_ptr<UnpackedBlocks>& blocks, FoundArchives& found) {
  const std::string name(k_manifest);
  const auto status = os::status_at(*found.folder, name, location + "/" + name);
  if (!status.ok() || status.value().kind != os::FileKind::regular) return false;
  found.joined->parts.push_back({.archive = found.archives.size(), .at = {}});
  found.archives.push_back(std::make_unique<TarArchive>(*found.folder, name, location + "/" + name, Packing::none,
                                                        status.value(), blocks, TarArchive::Form::single_file));
  return true;
}

/// Archives that `pg_basebackup -Ft` wrote side by side are one backup: found by their names, and by what is in the
/// first of them. True: a manifest beside them belongs to it.
bool join_base_backup(const std::string& location, const std::shared_ptr<UnpackedBlocks>& blocks,
                      std::string_view names_in, FoundArchives& found) {
  JoinedArchives joined{.base = found.archives.size(), .parts = {}};
  for (std::size_t i = 0; i < found.archives.size(); ++i) {
    const auto place = place_in_cluster(found.archives[i]->name());
    if (!place) continue;
    if (!place->empty())
      joined.parts.push_back({.archive = i, .at = *place});
    else if (joined.base == found.archives.size())
      joined.base = i;
    else
      return false;  // two of them: whose the others are nobody can say
  }
  if (joined.base == found.archives.size() || joined.parts.size() > k_parts_max) return false;
  const auto index = found.archives[joined.base]->index();
  const TarIndex::Children* const top = index.ok() ? index.value()->find_folder("") : nullptr;
  if (top == nullptr || !top->contains("PG_VERSION") || !top->contains("global")) return false;
  const std::string root = std::to_string(joined.base);
  const std::size_t count = joined.parts.size() + 1;
  std::erase_if(found.snapshots, [&](const model::Snapshot& snapshot) {
    return snapshot.root == root || std::any_of(joined.parts.begin(), joined.parts.end(), [&](const auto& part) {
             return snapshot.root == std::to_string(part.archive);
           });
  });
  model::Snapshot snapshot = snapshot_of(*found.archives[joined.base], index.value(), joined.base, names_in);
  snapshot.findings.push_back(remark("tar.base_backup", fmt::format("{} archives are one base backup of PostgreSQL "
                                                                    "(pg_basebackup -Ft)",
                                                                    count)));
  found.snapshots.push_back(std::move(snapshot));
  found.joined = std::move(joined);
  return add_manifest(location, blocks, found);
}

base::Status add_folder(const std::string& location, std::string_view names_in, FoundArchives& found) {
  LG_ASSIGN(os::Descriptor folder, os::open_evidence_root(location));
  found.folder = std::make_unique<os::Descriptor>(std::move(folder));
  std::vector<std::string> names;
  LG_TRY(os::list_directory(*found.folder, location, [&](std::string_view name, std::optional<os::FileKind> kind) {
    if (kind.value_or(os::FileKind::regular) == os::FileKind::regular) names.emplace_back(name);
    return names.size() < k_archives_max;
  }));
  std::sort(names.begin(), names.end());
  std::size_t others = 0;
  const auto blocks = std::make_shared<UnpackedBlocks>();
  for (const std::string& name : names) {
    const std::string path = location + "/" + name;
    const auto seen = look_at(*found.folder, name, path);
    if (!seen.ok()) {
      found.findings.push_back(remark("tar.open", seen.error().what));
    } else if (!seen.value().is_archive) {
      ++others;
    } else {
      auto archive =
          std::make_unique<TarArchive>(*found.folder, name, path, seen.value().packing, seen.value().status, blocks);
      found.snapshots.push_back(snapshot_of(*archive, nullptr, found.archives.size(), names_in));
      found.archives.push_back(std::move(archive));
    }
  }
  if (found.archives.empty()) return no_archive(location, "no tar archive is in this folder");
  if (join_base_backup(location, blocks, names_in, found)) --others;
  if (others > 0) {
    found.findings.push_back(remark("tar.beside", fmt::format("{} files beside the archives are none", others)));
  }
  return base::Done{};
}

}  // namespace

base::Result<std::unique_ptr<Source>> open_tar(const std::string& location, const SourceSecrets& /*secrets*/,
                                               const OpenOptions& options) {
  const std::size_t slash = location.rfind('/');
  const std::string parent = slash == 0 || slash == std::string::npos ? "/" : location.substr(0, slash);
  const std::string name = location.substr(slash == std::string::npos ? 0 : slash + 1);
  FoundArchives found;
  bool is_folder = name.empty();
  if (!is_folder) {
    LG_ASSIGN(const os::Descriptor folder, os::open_evidence_root(parent));
    LG_ASSIGN(const os::FileStatus status, os::status_at(folder, name, location));
    is_folder = status.kind == os::FileKind::directory;
  }
  LG_TRY(is_folder ? add_folder(location, options.names_in, found)
                   : add_single(parent, name, location, options.names_in, found));
  if (options.as_of_ns) {
    std::erase_if(found.snapshots,
                  [&](const model::Snapshot& snapshot) { return snapshot.time_ns > *options.as_of_ns; });
  }
  std::sort(found.snapshots.begin(), found.snapshots.end(), [](const model::Snapshot& a, const model::Snapshot& b) {
    return std::tie(a.time_ns, a.id) < std::tie(b.time_ns, b.id);
  });
  return std::unique_ptr<Source>(std::make_unique<TarSource>(std::move(found)));
}

}  // namespace lastgood::sources::tar
