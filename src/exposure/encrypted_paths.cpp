// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exposure/encrypted_paths.h"

#include <algorithm>
#include <functional>
#include <set>

namespace lastgood::exposure {

namespace {

std::uint64_t hash_of(std::string_view path) { return std::hash<std::string_view>{}(path); }

void make_set(std::vector<std::uint64_t>& hashes) {
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

bool has(const std::vector<std::uint64_t>& hashes, std::string_view path) {
  return std::binary_search(hashes.begin(), hashes.end(), hash_of(path));
}

/// What the campaigns of one scan appended to names, with dots. A judge takes it off only where an extension that it
/// knows stands before it: "pg_control.bak9" and "ibdata1.bak9" keep theirs.
using Appended = std::vector<std::string>;

base::Result<Appended> appended_in(casefile::CaseStore& store, const std::vector<model::Scan>& scans) {
  Appended out;
  for (const model::Scan& scan : scans) {
    LG_ASSIGN(const std::vector<model::Campaign> campaigns, store.campaigns(scan.id));
    for (const model::Campaign& campaign : campaigns) {
      if (campaign.extension.size() > 1 && campaign.extension[0] == '.') out.push_back(campaign.extension);
    }
  }
  return out;
}

std::string original_path(const model::FileRecord& file, const Appended& appended) {
  const std::size_t name_at = file.path.rfind('/') + 1;
  if (!file.original_name.empty()) return file.path.substr(0, name_at) + file.original_name;
  for (const std::string& extension : appended) {
    if (file.path.size() > name_at + extension.size() && file.path.ends_with(extension))
      return file.path.substr(0, file.path.size() - extension.size());
  }
  return file.path;
}

}  // namespace

base::Result<EncryptedPaths> EncryptedPaths::read(casefile::CaseStore& store) {
  EncryptedPaths out;
  LG_ASSIGN(const std::vector<model::Scan> scans, store.scans());
  LG_ASSIGN(const Appended appended, appended_in(store, scans));
  std::set<std::pair<std::string, std::vector<std::string>>> seen;
  for (auto scan = scans.rbegin(); scan != scans.rend(); ++scan) {
    // Contents of backups are judged in scans too; they are not the affected system.
    if (!scan->source.empty()) continue;
    const bool is_newest = seen.emplace(scan->host, scan->roots).second;
    if (is_newest) out.roots_.insert(out.roots_.end(), scan->roots.begin(), scan->roots.end());
    casefile::FileFilter filter;
    filter.scan_id = scan->id;
    filter.verdicts = {model::Verdict::encrypted, model::Verdict::partly_encrypted};
    LG_TRY(store.visit_files(filter, [&](const model::FileRecord& file) {
      if (is_newest) out.present_.push_back(hash_of(file.path));
      out.originals_.push_back(hash_of(original_path(file, appended)));
      return true;
    }));
  }
  make_set(out.originals_);
  make_set(out.present_);
  return out;
}

bool EncryptedPaths::is_encrypted(std::string_view path) const { return has(present_, path); }

bool EncryptedPaths::is_copy_of_one(std::string_view path, std::string_view root) const {
  if (originals_.empty()) return false;
  if (has(originals_, path)) return true;
  if (!path.starts_with(root) || path.size() <= root.size()) return false;
  std::string_view below = path.substr(root.size());
  if (below[0] == '/') below.remove_prefix(1);
  if (has(originals_, "/" + std::string(below))) return true;
  return std::any_of(roots_.begin(), roots_.end(), [&](const std::string& scanned) {
    return has(originals_, scanned + (scanned.ends_with('/') ? "" : "/") + std::string(below));
  });
}

}  // namespace lastgood::exposure
