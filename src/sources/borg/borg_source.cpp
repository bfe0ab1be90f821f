// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/borg_source.h"

#include <algorithm>
#include <set>

#include "base/checksum.h"
#include "sources/borg/borg_content.h"
#include "sources/borg/open_borg.h"

namespace lastgood::sources::borg {

using base::ByteView;
using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;

namespace {

constexpr std::string_view k_root_prefix = "archive:";
constexpr std::string_view k_joined_prefix = "unfinished:";
// Heads of archives in the tail of a segment are small; file chunks are mostly not.
constexpr std::uint32_t k_head_bytes_max = 1U << 20;

/// "NAME.checkpoint" or "NAME.checkpoint.3": borg did not finish it.
bool is_checkpoint(std::string_view name) {
  const std::size_t at = name.rfind(".checkpoint");
  if (at == std::string_view::npos) return false;
  const std::string_view rest = name.substr(at + std::string_view(".checkpoint").size());
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return rest.empty() || (rest.size() > 1 && rest[0] == '.' && std::all_of(rest.begin() + 1, rest.end(), is_digit));
}

ObjectId id_of_hex(std::string_view hex) {
  ObjectId id{};
  const std::optional<std::string> bytes = parse_hex(hex);
  if (bytes && bytes->size() == id.size()) {
    const ByteView view{std::string_view(*bytes)};
    std::copy(view.begin(), view.end(), id.begin());
  }
  return id;
}

/// What was backed up: the words after the one that names the archive, without options.
std::vector<std::string> paths_of(const std::vector<std::string>& command) {
  std::vector<std::string> paths;
  bool after_archive = false;
  for (const std::string& word : command) {
    if (after_archive && !word.starts_with("-")) paths.push_back(word);
    after_archive = after_archive || word.find("::") != std::string::npos;
  }
  return paths;
}

std::optional<model::Finding> tam_finding(Tam tam) {
  switch (tam) {
    case Tam::valid: return std::nullopt;
    case Tam::missing:
      return model::Finding{
          .rule = "borg.archive.tam",
          .sentence = "the archive does not prove itself genuine; borg before 1.2.5 made none that do",
          .weight = model::Weight::remarks};
    case Tam::invalid:
      return model::Finding{.rule = "borg.archive.tam",
                            .sentence = "the archive's own authentication does not fit: it may be forged",
                            .weight = model::Weight::contradicts};
    case Tam::unknown_suite:
      return model::Finding{.rule = "borg.archive.tam",
                            .sentence = "the archive is authenticated in a way that is not known",
                            .weight = model::Weight::contradicts};
  }
  return std::nullopt;
}

}  // namespace

BorgSource::BorgSource(Repository repository, const OpenOptions& options)
    : repository_(std::move(repository)),
      options_(options),
      traits_{.pieces = SourceTraits::Pieces::named_by_digest,
              .format = "borg 1 " + std::string(name_of(repository_.kind))},
      trees_(*repository_.table,
             repository_.kind == KeyKind::none ? EntryStore::ChunkIds::sha256 : EntryStore::ChunkIds::keyed) {}

std::vector<model::Finding> BorgSource::findings() const {
  const std::lock_guard lock(findings_mutex_);
  return repository_.findings;
}

Result<ArchiveHead> BorgSource::read_head(const ObjectId& id, Tam& tam) {
  std::vector<std::uint8_t> bytes;
  LG_TRY(repository_.reader->read(id, std::nullopt, bytes));
  LG_ASSIGN(ArchiveHead head, parse_archive_head(ByteView(bytes)));
  tam = check_tam(ObjectCodec(repository_.kind, repository_.key), ByteView(bytes), head.tam, "archive");
  return head;
}

std::vector<BorgSource::Candidate> BorgSource::find_archives() {
  std::vector<Candidate> candidates;
  std::set<ObjectId> seen;
  const bool include_erased = options_.erased == OpenOptions::Erased::include;
  const auto take = [&](const Manifest& manifest, model::Presence presence) {
    for (const ManifestArchive& archive : manifest.archives) {
      const bool unfinished = is_checkpoint(archive.name);
      if (unfinished && !include_erased) continue;
      if (!seen.insert(archive.id).second) continue;
      candidates.push_back({.archive = archive, .presence = unfinished ? model::Presence::erased : presence});
    }
  };
  if (repository_.manifest) take(repository_.manifest->manifest, model::Presence::listed);
  for (const DatedManifest& earlier : repository_.earlier) take(earlier.manifest, model::Presence::erased);
  return candidates;
}

std::vector<BorgSource::Candidate> BorgSource::find_unlisted(const std::vector<Candidate>& known) {
  std::set<ObjectId> seen;
  for (const Candidate& candidate : known) seen.insert(candidate.archive.id);
  std::vector<Candidate> found;
  for (const ObjectPlace& place : repository_.tails) {
    if (!seen.insert(place.id).second) continue;
    const std::uint32_t stored_bytes = repository_.reader->stored_bytes(place);
    if (stored_bytes == 0 || stored_bytes > k_head_bytes_max) continue;
    Tam tam = Tam::missing;
    const Result<ArchiveHead> head = read_head(place.id, tam);
    if (!head || head.value().name.empty() || head.value().time_ns == 0) continue;
    found.push_back({.archive = {.name = head.value().name, .id = place.id, .time_ns = head.value().time_ns},
                     .presence = model::Presence::erased});
  }
  return found;
}

model::Snapshot BorgSource::describe(const Candidate& candidate) {
  const ManifestArchive& archive = candidate.archive;
  const std::string_view prefix = is_checkpoint(archive.name) ? k_joined_prefix : k_root_prefix;
  model::Snapshot snapshot{.id = archive.name,
                           .time_ns = archive.time_ns,
                           .program = "borg 1",
                           .root = std::string(prefix) + base::hex(ByteView(archive.id)),
                           .presence = candidate.presence};
  if (const std::optional<std::uint32_t> place = repository_.table->find(archive.id)) {
    const SegmentFile* const segment = repository_.store->find(repository_.table->at(*place).segment);
    if (segment != nullptr) snapshot.stored_ns = segment->mtime_ns;
  }
  Tam tam = Tam::missing;
  Result<ArchiveHead> head = read_head(archive.id, tam);
  if (!head) {
    snapshot.findings.push_back({.rule = "borg.archive.head",
                                 .sentence = "the archive cannot be read: " + head.error().what,
                                 .weight = model::Weight::contradicts});
    return snapshot;
  }
  if (head.value().time_ns != 0) snapshot.time_ns = head.value().time_ns;
  snapshot.host = head.value().host;
  snapshot.user = head.value().user;
  snapshot.paths = paths_of(head.value().command);
  if (!head.value().comment.empty()) snapshot.tags.push_back(head.value().comment);
  if (std::optional<model::Finding> finding = tam_finding(tam)) snapshot.findings.push_back(*std::move(finding));
  if (is_checkpoint(archive.name)) {
    snapshot.findings.push_back({.rule = "borg.archive.checkpoint",
                                 .sentence = "borg did not finish this archive: files at its end are missing",
                                 .weight = model::Weight::contradicts});
  }
  std::size_t missing = 0;
  for (const ObjectId& chunk : head.value().items) missing += repository_.table->find(chunk) ? 0U : 1U;
  if (missing > 0) {
    snapshot.findings.push_back({.rule = "borg.archive.items",
                                 .sentence = std::to_string(missing) + " of " +
                                             std::to_string(head.value().items.size()) +
                                             " parts of the list of items are missing",
                                 .weight = model::Weight::contradicts});
  }
  return snapshot;
}

Result<std::vector<model::Snapshot>> BorgSource::snapshots() {
  std::vector<Candidate> candidates = find_archives();
  for (Candidate& unlisted : find_unlisted(candidates)) candidates.push_back(std::move(unlisted));
  std::vector<model::Snapshot> snapshots;
  std::set<std::string> names;
  for (const Candidate& candidate : candidates) {
    model::Snapshot snapshot = describe(candidate);
    const bool readable = snapshot.findings.empty() || snapshot.findings[0].rule != "borg.archive.head";
    if (candidate.presence == model::Presence::erased && !readable) continue;
    // Deleted archives may have had the name of one that is there.
    if (!names.insert(snapshot.id).second) {
      snapshot.id += "@" + base::hex(ByteView(candidate.archive.id)).substr(0, 12);
      names.insert(snapshot.id);
    }
    snapshots.push_back(std::move(snapshot));
  }
  std::sort(snapshots.begin(), snapshots.end(), [](const model::Snapshot& a, const model::Snapshot& b) {
    return a.time_ns != b.time_ns ? a.time_ns < b.time_ns : a.id < b.id;
  });
  const std::unique_lock lock(trees_mutex_);
  roots_.clear();
  for (const model::Snapshot& snapshot : snapshots) roots_.push_back(snapshot.root);
  return snapshots;
}

Result<ArchiveTree> BorgSource::load_archive(const std::string& root) {
  const bool unfinished = root.starts_with(k_joined_prefix);
  const ObjectId id = id_of_hex(std::string_view(root).substr(root.find(':') + 1));
  Tam tam = Tam::missing;
  LG_ASSIGN(const ArchiveHead head, read_head(id, tam));
  ArchiveTree tree = trees_.build(head.items, unfinished ? ArchiveTrees::Parts::join : ArchiveTrees::Parts::leave_out,
                                  [this](const ObjectId& chunk, std::vector<std::uint8_t>& bytes) {
                                    return repository_.reader->read(chunk, std::nullopt, bytes);
                                  });
  loaded_.emplace(root, tree);
  return tree;
}

Folder BorgSource::list(std::uint32_t folder) const {
  const FolderStore::View view = trees_.folders().view(folder);
  Folder out{.findings = trees_.folders().findings(folder)};
  out.entries.reserve(view.entries.size());
  std::size_t children = 0;
  for (const std::uint32_t entry : view.entries) {
    out.entries.push_back(trees_.entries().tree_entry(entry));
    if (out.entries.back().kind != model::EntryKind::folder) continue;
    out.entries.back().subtree = base::hex(ByteView(trees_.folders().digest(view.children[children++])));
  }
  return out;
}

Result<Folder> BorgSource::read_folder(std::string_view subtree) {
  const std::string name(subtree);
  if (name.starts_with(k_root_prefix) || name.starts_with(k_joined_prefix)) {
    std::shared_lock shared(trees_mutex_);
    auto tree = loaded_.find(name);
    if (tree == loaded_.end()) {
      shared.unlock();
      {
        const std::unique_lock lock(trees_mutex_);
        if (!loaded_.contains(name)) LG_TRY(load_archive(name));
      }
      shared.lock();
      tree = loaded_.find(name);
    }
    Folder folder = list(tree->second.root);
    folder.findings.insert(folder.findings.end(), tree->second.findings.begin(), tree->second.findings.end());
    return folder;
  }
  const Error unknown{.code = ErrorCode::not_found,
                      .what = "no archive has the folder '" + base::printable(name.substr(0, 100)) + "'",
                      .path = repository_.store->location()};
  if (name.size() != 64 || !parse_hex(name)) return unknown;
  const FolderDigest digest = id_of_hex(name);
  {
    const std::shared_lock shared(trees_mutex_);
    if (const std::optional<std::uint32_t> folder = trees_.folders().find(digest)) return list(*folder);
  }
  // Named by an earlier run: the archives that have not been read yet may have it.
  const std::unique_lock lock(trees_mutex_);
  for (auto root = roots_.rbegin(); root != roots_.rend(); ++root) {
    if (const std::optional<std::uint32_t> folder = trees_.folders().find(digest)) return list(*folder);
    if (!loaded_.contains(*root)) ignore_error(load_archive(*root), "another archive may have the folder");
  }
  if (const std::optional<std::uint32_t> folder = trees_.folders().find(digest)) return list(*folder);
  return unknown;
}

Result<std::unique_ptr<Content>> BorgSource::open_content(const model::ContentRef& content) {
  return open_borg_content(*repository_.reader, content);
}

std::uint64_t BorgSource::position_of(const model::ContentRef& content) const {
  const ByteView handle{std::string_view(content.handle)};
  if (handle.size() < k_handle_chunk_bytes) return 0;
  ObjectId id{};
  std::copy_n(handle.begin(), id.size(), id.begin());
  const std::optional<std::uint32_t> place = repository_.table->find(id);
  if (!place) return UINT64_MAX;
  const ObjectPlace& at = repository_.table->at(*place);
  return (std::uint64_t{at.segment} << 32) | at.offset_bytes;
}

Result<std::unique_ptr<Source>> open_borg(const std::string& location, const SourceSecrets& secrets,
                                          const OpenOptions& options) {
  LG_ASSIGN(Repository repository, open_repository(location, secrets, options));
  return std::unique_ptr<Source>(std::make_unique<BorgSource>(std::move(repository), options));
}

}  // namespace lastgood::sources::borg
