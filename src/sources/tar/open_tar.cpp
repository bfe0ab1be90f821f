// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/tar/open_tar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <utility>

#include "base/counted.h"
#include "os/directory_list.h"
#include "sources/name_time.h"
#include "sources/tar/tar_header.h"
#include "sources/tar/tar_source.h"

namespace lastgood::sources::tar {

namespace {

constexpr std::int64_t k_day_ns = 86'400'000'000'000;
constexpr std::size_t k_archives_max = 100'000;
constexpr std::size_t k_folders_max = 4096;  // each is held open
constexpr std::string_view k_rule_by_name = "tar.time.name";

struct Seen {
  Packing packing = Packing::none;
  os::FileStatus status;
  std::string first_member;  // whose header stands at the front, "/" where it ends at once; empty: it is no archive
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
  const auto header = parse_tar_header(view);
  if (header) seen.first_member = header->name;
  if (is_zero_block(view) || (header && seen.first_member.empty())) seen.first_member = "/";
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
  if (date_by_name(snapshot, archive.name(), names_in, std::string(k_rule_by_name))) {
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
  found.folders.push_back(std::make_unique<os::Descriptor>(std::move(folder)));
  LG_ASSIGN(const Seen seen, look_at(*found.folders.back(), name, location));
  auto archive = std::make_unique<TarArchive>(*found.folders.back(), name, location, seen.packing, seen.status,
                                              std::make_shared<UnpackedBlocks>());
  LG_ASSIGN(const TarIndex* index, archive->index());
  // Where the first header is broken the rest may still be worth having.
  if (seen.first_member.empty() && index->member_count() == 0) return no_archive(location, "no tar archive is in it");
  found.snapshots.push_back(snapshot_of(*archive, index, 0, names_in));
  found.archives.push_back(std::move(archive));
  return base::Done{};
}

constexpr std::string_view k_manifest = "backup_manifest";
constexpr std::size_t k_parts_max = 4096;  // no cluster has more tablespaces

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

/// Looks for the archives of a folder and, where it has none, of the folders in it.
class ArchiveFinder {
 public:
  ArchiveFinder(std::string location, std::string_view names_in, FoundArchives& found)
      : location_(std::move(location)), names_in_(names_in), found_(found) {}

  base::Status find() {
    LG_ASSIGN(os::Descriptor folder, os::open_evidence_root(location_));
    LG_ASSIGN(const Listing top, list(folder, location_));
    LG_TRY(add_folder(std::move(folder), top.files, ""));
    if (found_.archives.empty()) {
      others_ = 0;
      LG_TRY(add_folders_below(top.folders));
    } else {
      LG_TRY(add_folders_of_days(top.folders));
    }
    if (found_.archives.empty())
      return no_archive(location_, top.folders.empty()
                                       ? "no tar archive is in this folder"
                                       : "no tar archive is in this folder or in the folders that lie in it");
    if (others_ > 0)
      found_.findings.push_back(remark("tar.beside", fmt::format("{} files beside the archives are none", others_)));
    return base::Done{};
  }

 private:
  struct Listing {
    std::vector<std::string> files;
    std::vector<std::string> folders;
  };
  static base::Result<Listing> list(const os::Descriptor& folder, const std::string& path) {
    Listing listing;
    LG_TRY(os::list_directory(folder, path, [&](std::string_view name, std::optional<os::FileKind> kind) {
      const os::FileKind is = kind.value_or(os::FileKind::regular);
      if (is == os::FileKind::regular) listing.files.emplace_back(name);
      if (is == os::FileKind::directory) listing.folders.emplace_back(name);
      return listing.files.size() + listing.folders.size() < k_archives_max;
    }));
    std::sort(listing.files.begin(), listing.files.end());
    std::sort(listing.folders.begin(), listing.folders.end());
    return listing;
  }

  /// Beside archives only folders are read that are called by a day: others may be whole trees of anything.
  base::Status add_folders_of_days(const std::vector<std::string>& names) {
    std::vector<std::string> days;
    std::copy_if(names.begin(), names.end(), std::back_inserter(days),
                 [&](const std::string& name) { return find_time_in_name(name, names_in_).has_value(); });
    const std::size_t unread = names.size() - days.size();
    if (unread > 0)
      found_.findings.push_back(
          remark("tar.folders",
                 fmt::format("{} beside the archives {} not read: no day is in {}", base::counted(unread, "folder"),
                             unread == 1 ? "is" : "are", unread == 1 ? "its name" : "their names")));
    return add_folders_below(days);
  }

  /// A nightly job makes a folder for each day.
  base::Status add_folders_below(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      if (found_.folders.size() > k_folders_max || found_.archives.size() >= k_archives_max) {
        found_.findings.push_back(remark("tar.folders", fmt::format("from '{}' on the folders are not read: there are "
                                                                    "too many",
                                                                    base::printable(name))));
        break;
      }
      auto folder = os::open_evidence_directory(*found_.folders.front(), name);
      if (!folder.ok()) {
        found_.findings.push_back(remark("tar.open", folder.error().what));
        continue;
      }
      LG_ASSIGN(const Listing listing, list(folder.value(), location_ + "/" + name));
      LG_TRY(add_folder(std::move(folder).value(), listing.files, name + "/"));
    }
    return base::Done{};
  }

  /// `below`: the folder within the source, "" or "2022-11-22/".
  base::Status add_folder(os::Descriptor opened, const std::vector<std::string>& names, const std::string& below) {
    found_.folders.push_back(std::make_unique<os::Descriptor>(std::move(opened)));
    const os::Descriptor& folder = *found_.folders.back();
    const std::size_t first = found_.archives.size();
    std::vector<Seen> all;
    for (const std::string& name : names) {
      const std::string path = location_ + "/" + below + name;
      auto seen = look_at(folder, name, path);
      if (!seen.ok()) {
        found_.findings.push_back(remark("tar.open", seen.error().what));
      } else if (seen.value().first_member.empty()) {
        ++others_;
      } else {
        auto archive =
            std::make_unique<TarArchive>(folder, name, path, seen.value().packing, seen.value().status, blocks_);
        found_.snapshots.push_back(snapshot_of(*archive, nullptr, found_.archives.size(), names_in_));
        if (!below.empty()) name_by_folder(below + name, below, found_.snapshots.back());
        found_.archives.push_back(std::move(archive));
        all.push_back(std::move(seen).value());
      }
    }
    if (join_base_backup(folder, first, all, below)) --others_;
    return base::Done{};
  }

  /// Known by its folder, too; that one's name dates it where its own does not.
  void name_by_folder(const std::string& id, const std::string& below, model::Snapshot& snapshot) const {
    snapshot.id = id;
    const bool is_dated = std::any_of(snapshot.findings.begin(), snapshot.findings.end(),
                                      [](const model::Finding& finding) { return finding.rule == k_rule_by_name; });
    model::Snapshot by_folder;
    if (is_dated || !date_by_name(by_folder, below, names_in_, std::string(k_rule_by_name))) return;
    std::erase_if(snapshot.findings, [](const auto& finding) { return finding.rule.starts_with("tar.time."); });
    snapshot.time_ns = by_folder.time_ns;
    snapshot.findings.push_back(std::move(by_folder.findings.front()));
  }

  /// The first of the archives says it where a folder has one of many: reading all through would take hours. The one
  /// that is the source itself is read.
  bool is_base(std::size_t archive, const Seen& seen, const std::string& below) {
    if (!below.empty()) return seen.first_member == "backup_label";
    const auto index = found_.archives[archive]->index();
    const TarIndex::Children* const top = index.ok() ? index.value()->find_folder("") : nullptr;
    return top != nullptr && top->contains("PG_VERSION") && top->contains("global");
  }

  /// Archives that `pg_basebackup -Ft` wrote side by side are one backup: found by their names, and by what is in the
  /// first of them. True: a manifest beside them belongs to it.
  bool join_base_backup(const os::Descriptor& folder, std::size_t first, const std::vector<Seen>& seen,
                        const std::string& below) {
    const std::size_t end = found_.archives.size();
    JoinedArchives joined{.base = end, .parts = {}};
    for (std::size_t i = first; i < end; ++i) {
      const auto place = place_in_cluster(found_.archives[i]->name());
      if (!place) continue;
      if (!place->empty())
        joined.parts.push_back({.archive = i, .at = *place});
      else if (joined.base == end)
        joined.base = i;
      else
        return false;  // two of them: whose the others are nobody can say
    }
    if (joined.base == end || joined.parts.size() > k_parts_max) return false;
    if (!is_base(joined.base, seen[joined.base - first], below)) return false;
    const std::string root = std::to_string(joined.base);
    const auto is_part = [&](const model::Snapshot& snapshot) {
      return std::any_of(joined.parts.begin(), joined.parts.end(),
                         [&](const auto& part) { return snapshot.root == std::to_string(part.archive); });
    };
    std::erase_if(found_.snapshots, is_part);
    const auto snapshot = std::find_if(found_.snapshots.begin(), found_.snapshots.end(),
                                       [&](const model::Snapshot& one) { return one.root == root; });
    if (below.empty()) {
      const auto index = found_.archives[joined.base]->index();
      *snapshot =
          snapshot_of(*found_.archives[joined.base], index.ok() ? index.value() : nullptr, joined.base, names_in_);
    } else {
      snapshot->id = below.substr(0, below.size() - 1);
    }
    snapshot->findings.push_back(remark(
        "tar.base_backup",
        fmt::format("{} archives are one base backup of PostgreSQL (pg_basebackup -Ft)", joined.parts.size() + 1)));
    const bool has_manifest = add_manifest(folder, below, joined);
    found_.joined.push_back(std::move(joined));
    return has_manifest;
  }

  /// The manifest lies beside the archives. False: it is not there.
  bool add_manifest(const os::Descriptor& folder, const std::string& below, JoinedArchives& joined) {
    const std::string name(k_manifest);
    const std::string path = location_ + "/" + below + name;
    const auto status = os::status_at(folder, name, path);
    if (!status.ok() || status.value().kind != os::FileKind::regular) return false;
    joined.parts.push_back({.archive = found_.archives.size(), .at = {}});
    found_.archives.push_back(std::make_unique<TarArchive>(folder, name, path, Packing::none, status.value(), blocks_,
                                                           TarArchive::Form::single_file));
    return true;
  }

  std::string location_;
  std::string_view names_in_;
  FoundArchives& found_;
  std::shared_ptr<UnpackedBlocks> blocks_ = std::make_shared<UnpackedBlocks>();
  std::size_t others_ = 0;  // files that are no archives
};

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
  LG_TRY(is_folder ? ArchiveFinder(location, options.names_in, found).find()
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
