// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/saved_logs.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "engines/log_end.h"
#include "os/paths.h"
#include "recovery/choose_version.h"
#include "recovery/log_folders.h"
#include "recovery/unread_logs.h"
#include "sources/content_bytes.h"

namespace lastgood::recovery {

namespace {

using engines::UnitEntry;

constexpr std::size_t k_tried_alone_max = 16;

base::Error nothing_there(std::string_view path) {
  return {.code = base::ErrorCode::not_found,
          .what = path.empty() ? std::string("the logs that were listed are not there any more")
                               : fmt::format("'{}' is in none of these snapshots", base::printable(path)),
          .path = std::string(path)};
}

/// Of one source: each snapshot that has logs in `folder` or near below it, newest first.
void add_places(const OpenedSource& opened, std::size_t number, const std::string& folder, std::int64_t not_after_ns,
                std::vector<LogPlace>& out) {
  const auto stored_path = stored_path_of(opened.record, folder);
  const auto parts = stored_path ? parts_of(*stored_path) : std::nullopt;
  if (!parts) return;
  std::set<std::string> known;
  for (auto at = opened.snapshots.rbegin(); at != opened.snapshots.rend(); ++at) {
    if (not_after_ns != 0 && at->time_ns > not_after_ns) continue;
    const auto subtree = find_subtree(*opened.source, at->root, *parts);
    if (!subtree.ok() || !subtree.value() || !known.insert(*subtree.value()).second) continue;
    for (LogFolder& found : find_log_folders(*opened.source, *subtree.value())) {
      out.push_back(
          {.source = number, .snapshot = *at, .subtree = std::move(found.subtree), .inner = std::move(found.inner)});
    }
  }
}

/// All places of logs in the folder itself and near below it, newest first.
std::vector<LogPlace> list_places(const OpenedSources& sources, const std::string& path, std::int64_t not_after_ns) {
  std::vector<LogPlace> out;
  const std::set<std::string> folders = {path, os::follow_links(path)};
  for (std::size_t i = 0; i < sources.opened.size(); ++i) {
    for (const std::string& folder : folders) add_places(sources.opened[i], i, folder, not_after_ns, out);
  }
  std::stable_sort(out.begin(), out.end(), [](const LogPlace& one, const LogPlace& than) {
    return one.snapshot.time_ns > than.snapshot.time_ns;
  });
  return out;
}

/// Of the folder itself where any snapshot has logs in it, else of what lies below it.
void keep_nearest(std::vector<LogPlace>& places) {
  const bool is_any_direct =
      std::any_of(places.begin(), places.end(), [](const LogPlace& place) { return place.inner.empty(); });
  if (is_any_direct) std::erase_if(places, [](const LogPlace& place) { return !place.inner.empty(); });
}

std::set<std::string> inner_folders(const std::vector<LogPlace>& places) {
  std::set<std::string> out;
  for (const LogPlace& place : places) out.insert(place.inner);
  return out;
}

/// One file, and where it is taken from.
struct ChosenFile {
  sources::Source* source = nullptr;
  model::TreeEntry entry;
  std::size_t place = 0;
  enum class Judged : std::uint8_t { good, undecided, bad } judged = Judged::good;
};
using ChosenFolder = std::map<std::string, ChosenFile, std::less<>>;

/// Good until something speaks against it: a snapshot may have come since the last judging.
ChosenFile::Judged judged_as(const VerdictTable::Row* row) {
  if (row == nullptr) return ChosenFile::Judged::good;
  if (is_bad_log(row->verdict)) return ChosenFile::Judged::bad;
  return row->verdict == model::Verdict::undecided ? ChosenFile::Judged::undecided : ChosenFile::Judged::good;
}

class JoinedView final : public engines::UnitView {
 public:
  explicit JoinedView(std::map<std::string, ChosenFolder, std::less<>> folders) : folders_(std::move(folders)) {}

  [[nodiscard]] base::Result<std::vector<UnitEntry>> list(std::string_view folder) const override {
    const auto at = folders_.find(folder);
    if (folders_.empty() || (at == folders_.end() && !folder.empty())) return nothing_there(folder);
    std::vector<UnitEntry> out;
    static const ChosenFolder k_none;
    for (const auto& [name, file] : at == folders_.end() ? k_none : at->second) {
      out.push_back({.name = name,
                     .kind = file.entry.kind,
                     .size_bytes = file.entry.content.size_bytes,
                     .mtime_ns = file.entry.mtime_ns,
                     .link_target = file.entry.link_target});
    }
    if (!folder.empty()) return out;
    for (const auto& [name, inner] : folders_) {
      if (!name.empty()) out.push_back({.name = name, .kind = model::EntryKind::folder});
    }
    return out;
  }

  [[nodiscard]] base::Result<std::unique_ptr<base::ByteSource>> open(std::string_view file) const override {
    const std::size_t slash = file.find('/');
    const auto folder = folders_.find(slash == std::string_view::npos ? std::string_view() : file.substr(0, slash));
    if (folder == folders_.end()) return nothing_there(file);
    const auto at = folder->second.find(slash == std::string_view::npos ? file : file.substr(slash + 1));
    if (at == folder->second.end() || at->second.entry.kind != model::EntryKind::regular) return nothing_there(file);
    LG_ASSIGN(std::unique_ptr<sources::Content> content, at->second.source->open_content(at->second.entry.content));
    return std::unique_ptr<base::ByteSource>(std::make_unique<sources::ContentBytes>(std::move(content)));
  }

 private:
  std::map<std::string, ChosenFolder, std::less<>> folders_;  // "" and the folders of segments in it
};

/// Chooses as places are added, newest first.
class LogJoin {
 public:
  LogJoin(OpenedSources& sources, const VerdictTable& verdicts) : sources_(sources), verdicts_(verdicts) {}

  void add(const LogPlace& place) {
    add_folder(place, place.subtree, "");
    ++places_;
  }

  JoinedLogs finish(const std::vector<LogPlace>& places) {
    JoinedLogs out;
    std::set<std::size_t> used;
    for (const auto& [folder, files] : folders_) {
      for (const auto& [name, file] : files) {
        used.insert(file.place);
      }
    }
    for (const std::size_t place : used) out.places.push_back(places[place]);
    out.view = std::make_unique<JoinedView>(std::move(folders_));
    return out;
  }

 private:
  void add_folder(const LogPlace& place, const std::string& subtree, const std::string& name) {
    sources::Source& source = *sources_.opened[place.source].source;
    const auto folder = source.read_folder(subtree);
    if (!folder.ok()) return;
    for (const model::TreeEntry& entry : folder.value().entries) {
      const bool is_segments = name.empty() && is_segment_folder(entry);
      if (is_segments) add_folder(place, entry.subtree, entry.name);
      const bool is_log = !name.empty() || is_log_name(entry.name) || is_unfinished_log_name(entry.name);
      if (entry.kind != model::EntryKind::regular || !is_log) continue;
      const VerdictTable::Row* const row = verdicts_.find(entry.content.key);
      ChosenFile file{.source = &source, .entry = entry, .place = places_, .judged = judged_as(row)};
      const auto [at, is_new] = folders_[name].try_emplace(entry.name, file);
      if (!is_new && file.judged < at->second.judged) at->second = std::move(file);
    }
  }

  OpenedSources& sources_;
  const VerdictTable& verdicts_;
  std::size_t places_ = 0;
  std::map<std::string, ChosenFolder, std::less<>> folders_;
};

}  // namespace

bool is_bad_log(model::Verdict verdict) {
  return is_hit(verdict) || verdict == model::Verdict::damaged || verdict == model::Verdict::unreadable;
}

std::vector<LogPlace> find_log_places(OpenedSources& sources, const std::string& path, std::int64_t not_after_ns) {
  std::vector<LogPlace> out = list_places(sources, path, not_after_ns);
  keep_nearest(out);
  // Logs of two servers, or of two versions of one, have the same names.
  if (inner_folders(out).size() > 1) out.clear();
  return out;
}

std::vector<std::string> find_rival_log_folders(const OpenedSources& sources, const std::string& path) {
  std::vector<LogPlace> places = list_places(sources, path, 0);
  keep_nearest(places);
  const std::set<std::string> inner = inner_folders(places);
  if (inner.size() < 2) return {};
  return {inner.begin(), inner.end()};
}

JoinedLogs join_logs(OpenedSources& sources, const std::vector<LogPlace>& places, const VerdictTable& verdicts) {
  LogJoin join(sources, verdicts);
  for (const LogPlace& place : places) join.add(place);
  return join.finish(places);
}

base::Result<JoinedLogs> find_furthest_logs(OpenedSources& sources, const std::vector<LogPlace>& places,
                                            const VerdictTable& verdicts, const engines::UnitView& copy,
                                            const engines::FoundUnit& unit) {
  JoinedLogs best = join_logs(sources, places, verdicts);
  if (places.size() < 2) return best;
  LG_ASSIGN(engines::LogEnd end, engines::find_log_end(*best.view, copy, unit, k_spill_folder));
  // One place alone may lack just the log that speaks against the place where the copy seems to stand.
  if (end.missing.empty() || end.missing == engines::k_place_unknown) return best;
  for (std::size_t i = 0; i < places.size() && i < k_tried_alone_max; ++i) {
    JoinedLogs alone = join_logs(sources, {places[i]}, verdicts);
    const auto other = engines::find_log_end(*alone.view, copy, unit, k_spill_folder);
    if (!other.ok() || other.value().files == 0 || other.value().last_commit_ns <= end.last_commit_ns) continue;
    best = std::move(alone);
    end = other.value();
  }
  return best;
}

std::optional<JoinedLogs> find_completing_logs(OpenedSources& sources, const std::vector<LogPlace>& places,
                                               const VerdictTable& verdicts, const engines::UnitView& copy,
                                               const engines::FoundUnit& unit, std::string& why) {
  why = "no snapshot has a log file there";
  if (places.empty()) return std::nullopt;
  JoinedLogs all = join_logs(sources, places, verdicts);
  const auto lacks = [&](const JoinedLogs& logs) {
    const auto shortfall = engines::find_shortfall(*logs.view, copy, unit, k_spill_folder);
    return shortfall.ok() ? shortfall.value() : shortfall.error().what;
  };
  why = lacks(all);
  if (why.empty()) return all;
  if (!all.places.empty()) {
    const LogPlace& newest = all.places.front();
    why += fmt::format(
        " ({})", describe_places(sources.opened[newest.source].record.name, newest.snapshot.id, all.places.size() - 1));
  }
  for (std::size_t i = 0; i < places.size() && places.size() > 1 && i < k_tried_alone_max; ++i) {
    JoinedLogs alone = join_logs(sources, {places[i]}, verdicts);
    if (lacks(alone).empty()) return alone;
  }
  return std::nullopt;
}

std::string describe_places(const std::string& source, const std::string& snapshot, std::size_t older_count) {
  std::string out = base::printable(fmt::format("{} {}", source, model::short_id(snapshot)));
  if (older_count > 0) out += " and " + base::counted(older_count, "older snapshot");
  return out;
}

std::string OpenedLogs::place() const {
  if (joined.places.empty()) return {};
  const LogPlace& newest = joined.places.front();
  return describe_places(sources.opened[newest.source].record.name, newest.snapshot.id, joined.places.size() - 1);
}

OpenedLogs keep_open(OpenedSources sources, JoinedLogs joined) {
  std::set<std::size_t> used;
  for (const LogPlace& place : joined.places) used.insert(place.source);
  for (std::size_t i = 0; i < sources.opened.size(); ++i) {
    if (!used.contains(i)) sources.opened[i].source.reset();
  }
  return {.sources = std::move(sources), .joined = std::move(joined)};
}

base::Result<FoundLogs> open_logs(casefile::CaseStore& store, const std::string& path, PasswordPrompt& prompt,
                                  const LogUser* copy) {
  // The copy itself was opened: a source that cannot be is no failure, but it is said.
  LG_ASSIGN(OpenedSources sources, open_sources(store, {}, {}, prompt));
  FoundLogs found;
  const std::vector<LogPlace> places = find_log_places(sources, path, 0);
  LG_ASSIGN(found.not_opened, describe_unread_logs(store, sources, path, places, 0));
  if (places.empty()) return found;
  LG_ASSIGN(const VerdictTable verdicts, VerdictTable::read(store));
  JoinedLogs joined;
  if (copy != nullptr) {
    LG_ASSIGN(joined, find_furthest_logs(sources, places, verdicts, copy->view, copy->unit));
  } else {
    joined = join_logs(sources, places, verdicts);
  }
  found.logs = keep_open(std::move(sources), std::move(joined));
  return found;
}

base::Result<OpenedLogs> open_completing_logs(casefile::CaseStore& store, const std::string& path,
                                              PasswordPrompt& prompt, const engines::UnitView& copy,
                                              const engines::FoundUnit& unit) {
  LG_ASSIGN(OpenedSources sources, open_sources(store, {}, {}, prompt));
  LG_ASSIGN(const VerdictTable verdicts, VerdictTable::read(store));
  std::string why;
  const std::vector<LogPlace> places = find_log_places(sources, path, 0);
  LG_ASSIGN(const std::string not_opened, describe_unread_logs(store, sources, path, places, 0));
  std::optional<JoinedLogs> joined = find_completing_logs(sources, places, verdicts, copy, unit, why);
  if (!joined)
    return base::Error{
        .code = base::ErrorCode::damaged_source,
        .what = fmt::format("it needs its log, and the logs at '{}' do not complete it: {}{}", base::printable(path),
                            why, not_opened.empty() ? not_opened : "; not looked at: " + not_opened),
        .path = path};
  return keep_open(std::move(sources), std::move(*joined));
}

}  // namespace lastgood::recovery
