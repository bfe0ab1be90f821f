// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/stands_as_seen.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "os/evidence.h"
#include "os/evidence_entry.h"
#include "os/identity.h"
#include "recovery/below.h"

namespace lastgood::recovery {

bool stands_as_seen(const std::string& path, const SeenFile& seen) {
  const std::size_t slash = path.rfind('/');
  const auto folder = os::open_evidence_root(path.substr(0, std::max<std::size_t>(slash, 1)));
  if (!folder.ok()) return false;
  const auto status = os::status_at(folder.value(), path.substr(slash + 1), path);
  return status.ok() && status.value().size_bytes == seen.size_bytes && status.value().mtime_ns == seen.mtime_ns;
}

namespace {

template <typename IsMeant>
StruckStill find_still(const SeenFiles& seen, const std::string& path, IsMeant is_meant) {
  std::map<std::string, SeenFile> struck = seen.find_struck_below(path);
  const auto file = seen.find_seen(path);
  if (file) struck.emplace(path, *file);
  StruckStill still;
  for (const auto& [one, as_seen] : struck) {
    if (is_meant(as_seen) && stands_as_seen(one, as_seen) && still.files++ == 0) still.first = one;
  }
  return still;
}

}  // namespace

Stands what_stands_at(const std::string& path) {
  std::error_code trouble;
  const std::filesystem::file_type type = std::filesystem::status(path, trouble).type();
  if (type == std::filesystem::file_type::not_found) return Stands::nothing;
  if (type == std::filesystem::file_type::regular)
    return std::filesystem::file_size(path, trouble) == 0 ? Stands::emptied : Stands::something;
  if (type != std::filesystem::file_type::directory) return Stands::something;
  std::filesystem::directory_iterator entries(path, trouble);
  while (!trouble && entries != std::filesystem::directory_iterator() && entries->path().filename() == "lost+found")
    entries.increment(trouble);
  return !trouble && entries == std::filesystem::directory_iterator() ? Stands::emptied : Stands::something;
}

namespace {

bool is_around(const model::Scan& scan, const std::string& path) {
  return std::any_of(scan.roots.begin(), scan.roots.end(),
                     [&](const std::string& root) { return is_at_or_below(path, root); });
}

base::Result<bool> is_of_this_machine(const model::Scan& scan, casefile::CaseStore& store) {
  constexpr std::size_t k_looked_at_max = 200;
  if (scan.host == os::host_name()) return true;
  std::size_t looked_at = 0;
  bool stands = false;
  LG_TRY(store.visit_files({.scan_id = scan.id, .verdicts = {}, .path = {}, .path_below = {}, .details = false},
                           [&](const model::FileRecord& file) {
                             stands = stands_as_seen(
                                 file.path,
                                 {.size_bytes = file.size_bytes, .mtime_ns = file.mtime_ns, .verdict = file.verdict});
                             return !stands && ++looked_at < k_looked_at_max;
                           }));
  return stands;
}

base::Result<bool> has_seen_bytes(const model::Scan& scan, const std::string& path, casefile::CaseStore& store) {
  bool out = false;
  const auto look = [&](const model::FileRecord& file) {
    out = file.size_bytes > 0;
    return !out;
  };
  LG_TRY(
      store.visit_files({.scan_id = scan.id, .verdicts = {}, .path = path, .path_below = {}, .details = false}, look));
  if (!out)
    LG_TRY(store.visit_files({.scan_id = scan.id, .verdicts = {}, .path = {}, .path_below = path, .details = false},
                             look));
  return out;
}

}  // namespace

base::Result<LeftHere> find_left_here(casefile::CaseStore& store, const std::string& path) {
  const Stands stands = what_stands_at(path);
  if (stands == Stands::something) return LeftHere::something;
  LG_ASSIGN(const std::vector<model::Scan> scans, store.scans());
  for (auto scan = scans.rbegin(); scan != scans.rend(); ++scan) {
    if (!scan->source.empty() || scan->finished_ns == 0 || !is_around(*scan, path)) continue;
    LG_ASSIGN(const bool is_here, is_of_this_machine(*scan, store));
    if (!is_here) continue;
    LG_ASSIGN(const bool had_bytes, has_seen_bytes(*scan, path, store));
    if (stands == Stands::nothing) return had_bytes ? LeftHere::gone : LeftHere::nothing;
    return had_bytes ? LeftHere::emptied : LeftHere::something;
  }
  return LeftHere::not_known;
}

StruckStill find_struck_still(const SeenFiles& seen, const std::string& path) {
  return find_still(seen, path, &is_encrypted);
}

StruckStill find_doubtful_still(const SeenFiles& seen, const std::string& path) {
  return find_still(seen, path, [](const SeenFile& file) {
    return is_encrypted(file) || file.verdict == model::Verdict::damaged || file.verdict == model::Verdict::undecided;
  });
}

}  // namespace lastgood::recovery
