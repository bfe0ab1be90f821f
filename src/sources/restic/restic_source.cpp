// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/restic_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/checksum.h"
#include "base/human.h"
#include "sources/restic/blob_content.h"
#include "sources/restic/faults.h"
#include "sources/restic/json.h"
#include "sources/restic/load_index.h"
#include "sources/restic/orphan_trees.h"
#include "sources/restic/snapshot_file.h"
#include "sources/restic/tree_file.h"

namespace lastgood::sources::restic {

namespace {

constexpr std::int64_t k_day_ns = 86'400'000'000'000;

BlobId digest_of(base::ByteView bytes) { return base::sha256(bytes); }

/// The SHA-256 of the content where that is known: of nothing, or of the only blob. Else of the list of blobs.
model::ContentKey key_of(const std::vector<BlobId>& blobs, std::string_view handle) {
  if (blobs.size() == 1) return std::string(handle);
  return std::string(bytes_of(digest_of(base::ByteView(handle))));
}

void set_content(const BlobIndex& index, TreeNode& node) {
  model::TreeEntry& entry = node.entry;
  const std::uint64_t said_bytes = node.size_bytes.value_or(0);
  const BlobLayout layout = lay_out(index, node.content, said_bytes);
  entry.content.handle = handle_of(node.content);
  entry.content.key = key_of(node.content, entry.content.handle);
  entry.content.size_bytes = layout.size_bytes();
  if (node.size_bytes && said_bytes != layout.size_bytes()) {
    entry.findings.push_back(
        bad("restic.node.size", fmt::format("its node says {} bytes, its {} blobs have {}", said_bytes,
                                            node.content.size(), layout.size_bytes())));
  }
  if (layout.gone > 0) {
    entry.findings.push_back(
        bad("restic.content.gone", fmt::format("{} of its {} blobs are in no pack that is there ({} of "
                                               "unknown length)",
                                               layout.gone, node.content.size(), layout.unknown)));
  }
}

bool is_before(const model::TreeEntry& a, const model::TreeEntry& b) { return a.name < b.name; }

/// Sorted, each name once, the first one stays; restic itself refuses trees that are not so.
void put_in_order(Folder& folder) {
  auto& entries = folder.entries;
  const auto not_before = [](const model::TreeEntry& a, const model::TreeEntry& b) { return !is_before(a, b); };
  if (std::adjacent_find(entries.begin(), entries.end(), not_before) == entries.end()) return;
  if (!std::is_sorted(entries.begin(), entries.end(), is_before)) {
    folder.findings.push_back(bad("restic.tree.order", fmt::format("its {} nodes are not in order", entries.size())));
    std::stable_sort(entries.begin(), entries.end(), is_before);
  }
  const std::size_t before = entries.size();
  const auto same = [](const model::TreeEntry& a, const model::TreeEntry& b) { return a.name == b.name; };
  const auto twice = std::adjacent_find(entries.begin(), entries.end(), same);
  const std::string name = twice == entries.end() ? std::string() : base::printable(twice->name);
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
  if (entries.size() == before) return;
  folder.findings.push_back(
      bad("restic.tree.twice", fmt::format("{} nodes have names that others have before them, such as "
                                           "'{}'; the first ones are kept",
                                           before - entries.size(), name)));
}

model::Snapshot snapshot_of(const OrphanTree& orphan) {
  model::Snapshot snapshot;
  snapshot.id = "orphan-" + hex_of(orphan.id).substr(0, 16);
  snapshot.root = bytes_of(orphan.id);
  snapshot.stored_ns = orphan.stored_ns;
  snapshot.presence = model::Presence::erased;
  // A file's own time may be made up; nothing in a tree can be newer than the pack it was stored in.
  const bool by_content =
      orphan.newest_mtime_ns > 0 && (orphan.stored_ns == 0 || orphan.newest_mtime_ns <= orphan.stored_ns);
  snapshot.time_ns = by_content ? orphan.newest_mtime_ns : orphan.stored_ns;
  snapshot.findings.push_back(
      {.rule = "restic.orphan",
       .sentence =
           fmt::format("no snapshot names this tree: it was forgotten, deleted or never finished; its time is {}",
                       by_content ? "the newest modification time inside" : "when its pack was stored"),
       .weight = model::Weight::remarks});
  return snapshot;
}

}  // namespace

ResticSource::ResticSource(OpenRepository opened, const OpenOptions& options)
    : files_(std::move(opened.files)),
      key_(opened.key),
      index_(std::move(opened.index)),
      reader_(*files_, index_, key_),
      snapshot_files_(std::move(opened.snapshots)),
      options_(options),
      findings_(std::move(opened.findings)) {
  traits_.format = std::move(opened.format);
  traits_.subtree_ids = SourceTraits::SubtreeIds::named_by_content;
  traits_.pieces = SourceTraits::Pieces::named_by_digest;
}

void ResticSource::add_finding(model::Finding finding) {
  const std::lock_guard lock(findings_mutex_);
  findings_.push_back(std::move(finding));
}

std::vector<model::Finding> ResticSource::findings() const {
  const std::lock_guard lock(findings_mutex_);
  return findings_;
}

base::Result<model::Snapshot> ResticSource::read_snapshot(const StoredFile& file) const {
  LG_ASSIGN(const std::vector<std::uint8_t> sealed,
            files_->read_file(StoredKind::snapshot, file.name, k_snapshot_bytes_max));
  LG_ASSIGN(const std::vector<std::uint8_t> text, open_json(key_, sealed, k_snapshot_bytes_max));
  LG_ASSIGN(model::Snapshot snapshot, parse_snapshot(text));
  snapshot.id = hex_of(file.name);
  snapshot.stored_ns = file.stored_ns;
  if (digest_of(base::ByteView(std::span<const std::uint8_t>(sealed))) != file.name) {
    snapshot.findings.push_back(
        bad("restic.snapshot.name", "the file's SHA-256 is another than its name: it was renamed"));
  }
  return snapshot;
}

void ResticSource::add_findings_of(model::Snapshot& snapshot) const {
  const auto root = id_from_bytes(snapshot.root);
  const std::span<const BlobRecord> copies = root ? index_.copies_of(*root) : std::span<const BlobRecord>{};
  if (copies.empty() || !index_.packs().is_present(copies.front().pack())) {
    snapshot.findings.push_back(bad("restic.snapshot.root", "its root tree is in no pack that is there"));
  }
  if (options_.as_of_ns && snapshot.stored_ns != 0 && snapshot.stored_ns - k_day_ns > *options_.as_of_ns) {
    snapshot.findings.push_back(bad(
        "restic.snapshot.time", fmt::format("it says {}, but its file was stored {}: its time may be made up, or the "
                                            "repository was copied since",
                                            base::utc_time(snapshot.time_ns), base::utc_time(snapshot.stored_ns))));
  }
}

void ResticSource::add_orphans(const std::vector<BlobId>& roots, std::vector<model::Snapshot>& snapshots) {
  OrphanSearch search = find_orphan_trees(index_, reader_, roots);
  for (model::Finding& finding : search.findings) add_finding(std::move(finding));
  for (const OrphanTree& orphan : search.orphans) {
    model::Snapshot snapshot = snapshot_of(orphan);
    if (!options_.as_of_ns || snapshot.time_ns <= *options_.as_of_ns) snapshots.push_back(std::move(snapshot));
  }
}

base::Result<std::vector<model::Snapshot>> ResticSource::snapshots() {
  std::vector<model::Snapshot> all;
  std::vector<BlobId> roots;
  for (const StoredFile& file : snapshot_files_) {
    auto read = read_snapshot(file);
    if (!read.ok()) {
      if (read.error().code == base::ErrorCode::busy_retry) return std::move(read).error();
      add_finding(bad("restic.snapshot.file",
                      fmt::format("snapshot {} cannot be read: {}", short_hex_of(file.name), read.error().what)));
      continue;
    }
    model::Snapshot snapshot = std::move(read).value();
    if (const auto root = id_from_bytes(snapshot.root)) roots.push_back(*root);
    if (options_.as_of_ns && snapshot.time_ns > *options_.as_of_ns) continue;
    add_findings_of(snapshot);
    all.push_back(std::move(snapshot));
  }
  if (options_.erased == OpenOptions::Erased::include) add_orphans(roots, all);
  std::sort(all.begin(), all.end(), [](const model::Snapshot& a, const model::Snapshot& b) {
    return a.time_ns != b.time_ns ? a.time_ns < b.time_ns : a.id < b.id;
  });
  return all;
}

base::Result<Folder> ResticSource::read_folder(std::string_view subtree) {
  const auto id = id_from_bytes(subtree);
  if (!id) {
    return base::Error{
        .code = base::ErrorCode::misuse,
        .what = fmt::format("cannot read a folder by an id of {} bytes: this source did not give it", subtree.size())};
  }
  thread_local std::vector<std::uint8_t> bytes;
  LG_TRY(reader_.read(*id, index_.copies_of(*id), k_tree_bytes_max, bytes));
  bytes.resize(bytes.size() + k_json_padding_bytes);
  Folder folder;
  folder.findings = parse_tree(bytes, [&](TreeNode&& node) {
    if (node.entry.kind == model::EntryKind::regular) set_content(index_, node);
    folder.entries.push_back(std::move(node.entry));
  });
  constexpr std::size_t k_kept_bytes_max = std::size_t{16} << 20;
  if (bytes.capacity() > k_kept_bytes_max) std::vector<std::uint8_t>().swap(bytes);
  put_in_order(folder);
  return folder;
}

base::Result<std::unique_ptr<Content>> ResticSource::open_content(const model::ContentRef& content) {
  return open_blob_content(index_, reader_, content);
}

std::uint64_t ResticSource::position_of(const model::ContentRef& content) const {
  const auto first = id_from_bytes(std::string_view(content.handle).substr(0, BlobId{}.size()));
  if (!first) return 0;
  const std::span<const BlobRecord> copies = index_.copies_of(*first);
  if (copies.empty()) return 0;
  return std::uint64_t{copies.front().pack()} << 32U | copies.front().offset_bytes;
}

}  // namespace lastgood::sources::restic
