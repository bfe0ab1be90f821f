// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/case_versions.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace lastgood::recovery {

namespace {

/// More versions than these are not looked at: each may cost as much reading as what is lost.
constexpr std::size_t k_versions_max = 32;
constexpr std::size_t k_folders_kept = 32;
constexpr std::size_t k_entries_kept = 400'000;

/// Smaller is likelier: the same size and time, the same size, any.
int likeliness(const PlanItem& item, const OtherVersion& version) {
  if (version.content.size_bytes != item.size_bytes) return 2;
  return version.mtime_ns == item.mtime_ns ? 0 : 1;
}

}  // namespace

const CaseVersions::Known& CaseVersions::known() {
  if (known_) return *known_;
  known_.emplace();
  auto layers = find_layers({}, plan_.attack_began_ns, sources_.sources, store_);
  if (layers.ok()) known_->layers = std::move(layers).value();
  auto verdicts = VerdictTable::read(store_);
  if (verdicts.ok()) known_->verdicts = std::move(verdicts).value();
  for (const OpenedSource& opened : sources_.sources.opened)
    known_->labels.push_back(label_snapshots(opened.snapshots));
  return *known_;
}

/// Of the version that the plan names; a file may be restored under another name than it has in its source.
std::string CaseVersions::live_path(const PlanItem& item) const {
  if (item.stored_path.empty()) return item.path;
  const OpenedSource& opened = sources_.sources.opened[plan_.snapshots[item.snapshot].source];
  return live_path_of(opened.record, item.stored_path).value_or(item.path);
}

std::vector<OtherVersion> CaseVersions::find_versions(const PlanItem& item) {
  std::vector<OtherVersion> out;
  std::optional<std::vector<std::string>> parts = parts_of(live_path(item));
  if (!parts || parts->empty()) return out;
  const std::string name = std::move(parts->back());
  parts->pop_back();
  const std::shared_ptr<const LayeredFolder> above = folder(*parts);
  if (above == nullptr) return out;
  const NamedEntry entry = above->find(name);
  for (const EntryForm& form : entry.forms) add_version(item, form, out);
  std::stable_sort(out.begin(), out.end(), [&](const OtherVersion& a, const OtherVersion& b) {
    return likeliness(item, a) < likeliness(item, b);
  });
  if (out.size() > k_versions_max) out.resize(k_versions_max);
  return out;
}

void CaseVersions::add_version(const PlanItem& item, const EntryForm& form, std::vector<OtherVersion>& out) {
  if (form.entry->kind != model::EntryKind::regular) return;
  const Layer& layer = known().layers.layers[form.layers.front()];
  sources::Source* const source = sources_.by_index[layer.source];
  const model::ContentRef& content = form.entry->content;
  // The same content of the same source is lost in the same places.
  if (layer.source == plan_.snapshots[item.snapshot].source && content.key == item.content_key) return;
  const bool is_known = std::any_of(out.begin(), out.end(), [&](const OtherVersion& version) {
    return version.source == source && version.content.key == content.key;
  });
  if (is_known) return;
  const VerdictTable::Row* row = known().verdicts.find(content.key);
  const bool is_judged_good = row != nullptr && is_good(row->verdict);
  out.push_back({.source = source,
                 .content = content,
                 .mtime_ns = form.entry->mtime_ns,
                 .judged = is_judged_good ? OtherVersion::Judged::good : OtherVersion::Judged::not_good,
                 .name = fmt::format("{} {}", sources_.sources.opened[layer.source].record.name,
                                     known().labels[layer.source][layer.snapshot])});
}

/// nullptr: no snapshot has this folder.
std::shared_ptr<const LayeredFolder> CaseVersions::folder(const std::vector<std::string>& parts) {
  std::string path;
  std::shared_ptr<const LayeredFolder> found = keep(path, known().layers.roots);
  for (const std::string& part : parts) {
    path += "/" + part;
    const std::vector<LayerPlace> places = found->below(found->find(part));
    if (places.empty()) return nullptr;
    found = keep(path, places);
  }
  return found;
}

std::shared_ptr<const LayeredFolder> CaseVersions::keep(std::string path, std::span<const LayerPlace> places) {
  const auto at =
      std::find_if(folders_.begin(), folders_.end(), [&](const KnownFolder& known) { return known.path == path; });
  if (at != folders_.end()) {
    folders_.splice(folders_.begin(), folders_, at);
    return at->folder;
  }
  // A folder that cannot be read in one snapshot may be read in another.
  const auto pass_over = [](std::uint32_t /*layer*/, const base::Error& /*error*/) {};
  auto read = std::make_shared<const LayeredFolder>(
      LayeredFolder::read(sources_.sources, known().layers.layers, places, pass_over));
  folders_.push_front({std::move(path), read});
  std::size_t entries = 0;
  std::size_t kept = 0;
  for (auto folder = folders_.begin(); folder != folders_.end(); ++kept) {
    entries += folder->folder->entry_count();
    folder = kept > 0 && (kept >= k_folders_kept || entries > k_entries_kept) ? folders_.erase(folder) : ++folder;
  }
  return read;
}

std::optional<base::Sha256Digest> CaseVersions::find_digest(const model::ContentKey& key) {
  const auto judged = store_.backups().find_content(key);
  if (!judged.ok() || !judged.value()) return std::nullopt;
  std::optional<base::Sha256Digest> out;
  base::ignore_error(store_.visit_files({.scan_id = judged.value()->scan_id,
                                         .verdicts = {},
                                         .path = judged.value()->path,
                                         .path_below = {},
                                         .details = true},
                                        [&](const model::FileRecord& record) {
                                          if (record.sha256.size() != base::Sha256Digest{}.size()) return false;
                                          std::copy(record.sha256.begin(), record.sha256.end(), out.emplace().begin());
                                          return false;
                                        }),
                     "without a digest the content is compared");
  return out;
}

}  // namespace lastgood::recovery
