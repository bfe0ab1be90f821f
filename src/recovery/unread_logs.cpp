// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/unread_logs.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "engines/packed_log.h"
#include "os/paths.h"
#include "recovery/case_sources.h"
#include "recovery/choose_version.h"
#include "recovery/log_folders.h"
#include "recovery/log_names.h"
#include "recovery/verdict_table.h"
#include "sources/content_bytes.h"

namespace lastgood::recovery {

namespace {

std::string_view name_in(std::string_view path) { return path.substr(path.rfind('/') + 1); }

struct SeenLog {
  std::string name;
  std::uint64_t size_bytes = 0;  // of the longest of this name
  bool is_unfinished = false;
};
/// By series, then by number; where one is packed it is the same log.
using SeenLogs = std::map<LogName, SeenLog>;

void add_log(SeenLogs& logs, std::string_view name, std::uint64_t size_bytes) {
  auto parsed = parse_saved_log_name(name);
  if (!parsed || parsed->form == SavedLogName::Form::struck) return;
  const bool is_unfinished = parsed->form == SavedLogName::Form::unfinished;
  const auto [at, is_new] = logs.try_emplace(std::move(parsed->log));
  SeenLog& log = at->second;
  const bool is_better = is_unfinished != log.is_unfinished ? log.is_unfinished : size_bytes >= log.size_bytes;
  if (is_new || is_better) log = {.name = std::string(name), .size_bytes = size_bytes, .is_unfinished = is_unfinished};
}

/// What judging saw in the snapshots of a source of the folder that lay at `path`, up to that moment; 0: in all.
base::Result<SeenLogs> read_seen_logs(casefile::CaseStore& store, const model::BackupSource& record,
                                      const std::string& path, std::int64_t not_after_ns) {
  SeenLogs seen;
  const auto stored = stored_path_of(record, path);
  if (!stored) return seen;
  LG_ASSIGN(const std::vector<model::JudgedSnapshot> judged, store.backups().snapshots(record.name));
  LG_ASSIGN(const std::vector<model::Scan> scans, store.scans());
  std::vector<model::Snapshot> snapshots;
  for (const model::JudgedSnapshot& one : judged) snapshots.push_back(one.snapshot);
  const std::vector<std::string> labels = label_snapshots(snapshots);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (not_after_ns != 0 && snapshots[i].time_ns > not_after_ns) continue;
    const std::string folder = fmt::format("/{}/{}{}", record.name, labels[i], *stored);
    for (const model::Scan& scan : scans) {
      if (scan.source != record.name) continue;
      LG_TRY(store.visit_files({.scan_id = scan.id, .verdicts = {}, .path = {}, .path_below = folder, .details = false},
                               [&](const model::FileRecord& file) {
                                 if (!is_bad_log(file.verdict)) add_log(seen, name_in(file.path), file.size_bytes);
                                 return true;
                               }));
    }
  }
  return seen;
}

base::Result<bool> may_have_logs(casefile::CaseStore& store, const std::string& name, const std::string& path) {
  LG_ASSIGN(const model::BackupSource record, find_source(store, name));
  if (!stored_path_of(record, path)) return false;
  LG_ASSIGN(const std::vector<model::JudgedSnapshot> judged, store.backups().snapshots(name));
  if (judged.empty()) return true;
  LG_ASSIGN(const SeenLogs seen, read_seen_logs(store, record, path, 0));
  if (!seen.empty()) return true;
  return std::any_of(judged.begin(), judged.end(), [](const model::JudgedSnapshot& one) { return one.open > 0; });
}

/// Of a folder of logs, as far as these are replayed.
void add_logs_in(sources::Source& source, const std::string& subtree, SeenLogs& out, int depth) {
  const auto folder = source.read_folder(subtree);
  if (!folder.ok()) return;
  for (const model::TreeEntry& entry : folder.value().entries) {
    if (entry.kind == model::EntryKind::regular) add_log(out, entry.name, entry.content.size_bytes);
    if (is_segment_folder(entry) && depth == 0) add_logs_in(source, entry.subtree, out, depth + 1);
  }
}

/// The last of a series; null: there is none.
const SeenLogs::value_type* find_last(const SeenLogs& logs, const std::string& series) {
  auto behind = logs.upper_bound({.series = series, .number = "~"});
  return behind == logs.begin() || std::prev(behind)->first.series != series ? nullptr : &*std::prev(behind);
}

/// What is there of a log has less than what was seen of it. Where one is packed nobody can tell.
bool is_shorter(const SeenLog& there, const SeenLog& seen) {
  if (there.is_unfinished != seen.is_unfinished && there.is_unfinished) return true;
  const auto is_packed = [](const SeenLog& log) {
    return engines::without_packing(log.name).size() != log.name.size();
  };
  return is_packed(there) == is_packed(seen) && there.size_bytes < seen.size_bytes;
}

std::string begin_of(const model::BackupSource& record) {
  return fmt::format("source '{}' ({})", base::printable(record.name), base::printable(record.address));
}

/// The last log of each series that judging saw in this source and no source has any more, or a shorter one.
std::vector<std::string> describe_lost_ends(const model::BackupSource& record, const SeenLogs& seen,
                                            const SeenLogs& there, const SeenLogs& aside, const std::string& path) {
  std::vector<std::string> out;
  for (auto at = seen.begin(); at != seen.end(); ++at) {
    const auto next = std::next(at);
    if (next != seen.end() && next->first.series == at->first.series) continue;
    const auto* const last = find_last(there, at->first.series);
    // What a server wrote after it, with others removed meanwhile, is no loss.
    if (last != nullptr && last->first.number > at->first.number) continue;
    const bool is_same = last != nullptr && last->first.number == at->first.number;
    if (is_same && !is_shorter(last->second, at->second)) continue;
    if (aside.contains(at->first)) continue;  // described with them
    const std::string name = base::printable(at->second.name);
    const std::string folder = base::printable(path);
    out.push_back(begin_of(record) +
                  (is_same ? fmt::format(" has a shorter '{}' in '{}' than judging saw: it was cut, or another disk is "
                                         "mounted there",
                                         base::printable(last->second.name), folder)
                           : fmt::format(" no longer has '{}' in '{}', the last of its logs that judging saw: it was "
                                         "deleted or cannot be read, or another disk is mounted there",
                                         name, folder)));
  }
  return out;
}

/// What the newest snapshot of a source that has the folder calls it; nothing: none has it.
std::optional<std::string> find_newest_subtree(const OpenedSource& opened, const std::string& path,
                                               std::int64_t not_after_ns) {
  const auto stored = stored_path_of(opened.record, path);
  const auto parts = stored ? parts_of(*stored) : std::nullopt;
  for (auto at = opened.snapshots.rbegin(); parts && at != opened.snapshots.rend(); ++at) {
    if (not_after_ns != 0 && at->time_ns > not_after_ns) continue;
    const auto subtree = find_subtree(*opened.source, at->root, *parts);
    if (subtree.ok() && subtree.value()) return *subtree.value();
  }
  return std::nullopt;
}

/// Logs in other folders below the one that was named.
class AsideLogs {
 public:
  explicit AsideLogs(std::string inner) : inner_(std::move(inner)) {}

  /// Of the newest snapshot of a source that has the folder.
  void look(const OpenedSource& opened, const std::string& path, std::int64_t not_after_ns) {
    if (const auto subtree = find_newest_subtree(opened, path, not_after_ns))
      look_below(*opened.source, *subtree, {}, 0);
  }

  /// The first folder that has a log behind the last one of its series in `there`, and how many such logs there are;
  /// the folder is empty where there is none.
  [[nodiscard]] std::pair<std::string, std::size_t> find_later(const SeenLogs& there) const {
    std::pair<std::string, std::size_t> out;
    for (const auto& [log, folder] : folders_) {
      const auto* const last = find_last(there, log.series);
      if (last == nullptr || last->first.number >= log.number) continue;
      if (out.second++ == 0) out.first = folder;
    }
    return out;
  }
  [[nodiscard]] const SeenLogs& logs() const { return logs_; }

 private:
  void look_below(sources::Source& source, const std::string& subtree, const std::string& folder_name, int depth) {
    if (depth > k_log_levels_below_max || folders_read_++ == k_log_folders_read_max) return;
    const auto folder = source.read_folder(subtree);
    if (!folder.ok()) return;
    const bool is_where_logs_are = folder_name == inner_;
    for (const model::TreeEntry& entry : folder.value().entries) {
      if (entry.kind == model::EntryKind::regular && !is_where_logs_are) add(entry, folder_name);
      if (entry.kind != model::EntryKind::folder || is_servers_own_log(entry.name)) continue;
      if (is_where_logs_are && is_segment_folder(entry)) continue;
      look_below(source, entry.subtree, folder_name.empty() ? entry.name : folder_name + "/" + entry.name, depth + 1);
    }
  }

  void add(const model::TreeEntry& entry, const std::string& folder) {
    const std::size_t count = logs_.size();
    add_log(logs_, entry.name, entry.content.size_bytes);
    if (logs_.size() == count) return;
    if (const auto parsed = parse_saved_log_name(entry.name)) folders_.try_emplace(parsed->log, folder);
  }

  std::string inner_;  // LogPlace::inner
  SeenLogs logs_;
  std::map<LogName, std::string> folders_;
  std::size_t folders_read_ = 0;
};

/// Logs that an attack has renamed, most likely to encrypt them, or put something else in the place of.
struct StruckLogs {
  std::size_t count = 0;
  std::string first;
  std::size_t unknown_count = 0;  // encrypted, or nobody knows what they are, and no name says which log it was
  std::string first_unknown;
  std::string listed;  // the last that the server's own list names, where nobody has it
};

/// Read once, where anything asks for them.
class LazyVerdicts {
 public:
  explicit LazyVerdicts(casefile::CaseStore& store) : store_(store) {}
  base::Result<const VerdictTable*> get() {
    if (!table_) {
      LG_ASSIGN(table_, VerdictTable::read(store_));
    }
    return &*table_;
  }

 private:
  casefile::CaseStore& store_;
  std::optional<VerdictTable> table_;
};

/// The folder of logs of one snapshot, as far as it is of use.
class StruckSearch {
 public:
  StruckSearch(sources::Source& source, const SeenLogs& there, LazyVerdicts& verdicts)
      : source_(source), there_(there), verdicts_(verdicts) {}

  base::Result<StruckLogs> look(const std::string& subtree) {
    LG_TRY(look_in(subtree, 0));
    // Others go on behind what this folder has: what is encrypted in it is most likely there.
    if (!reaches_end()) found_.unknown_count = 0;
    return found_;
  }

 private:
  base::Status look_in(const std::string& subtree, int depth) {
    const auto folder = source_.read_folder(subtree);
    if (!folder.ok()) return base::Done{};
    for (const model::TreeEntry& entry : folder.value().entries) {
      if (entry.kind == model::EntryKind::folder && depth == 0) LG_TRY(look_in(entry.subtree, depth + 1));
      const auto parsed = parse_saved_log_name(entry.name);
      const bool is_file = entry.kind == model::EntryKind::regular;
      const bool is_struck = parsed && (parsed->form == SavedLogName::Form::struck || !is_file);
      const bool is_renamed = parsed && is_file && !is_struck && is_behind_prefix(parsed->log.series);
      if (parsed && is_file && !is_struck && !is_renamed) add_log(own_, entry.name, entry.content.size_bytes);
      if (is_file && entry.name.ends_with(".index")) look_at_list(entry);
      if (is_file && (!parsed || is_renamed)) LG_TRY(look_at_unknown(entry));
      if (!is_struck) continue;
      // What good ones go on behind is missed by whoever replays them.
      const auto* const last = find_last(there_, parsed->log.series);
      if (last != nullptr && last->first.number >= parsed->log.number) continue;
      if (found_.count++ == 0) found_.first = entry.name;
    }
    return base::Done{};
  }

  base::Status look_at_unknown(const model::TreeEntry& entry) {
    LG_ASSIGN(const VerdictTable* const verdicts, verdicts_.get());
    const VerdictTable::Row* const row = verdicts->find(entry.content.key);
    const bool may_be_struck = row != nullptr && (is_hit(row->verdict) || row->verdict == model::Verdict::undecided);
    if (!may_be_struck) return base::Done{};
    if (found_.unknown_count++ == 0) found_.first_unknown = entry.name;
    return base::Done{};
  }

  /// MariaDB's list of its binary logs: it may name the one that was being written when the others were saved.
  void look_at_list(const model::TreeEntry& entry) {
    constexpr std::size_t k_end_bytes = 4096;
    auto content = source_.open_content(entry.content);
    if (!content.ok()) return;
    sources::ContentBytes bytes(std::move(content).value());
    std::vector<std::uint8_t> end(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size_bytes(), k_end_bytes)));
    const auto got = bytes.read(bytes.size_bytes() - end.size(), end);
    if (!got.ok()) return;
    std::string text(end.begin(), end.begin() + static_cast<std::ptrdiff_t>(got.value()));
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    const std::string_view name = name_in(std::string_view(text).substr(text.rfind('\n') + 1));
    const auto listed = parse_saved_log_name(name);
    if (!listed || listed->form != SavedLogName::Form::whole || listed->log.series.empty()) return;
    const auto* const last = find_last(there_, listed->log.series);
    const auto number = [](const std::string& digits) { return std::strtoull(digits.c_str(), nullptr, 10); };
    if (last != nullptr && number(listed->log.number) > number(last->first.number) + 1) found_.listed = name;
  }

  /// "locked_mysql-bin" beside "mysql-bin".
  [[nodiscard]] bool is_behind_prefix(std::string_view series) const {
    return std::any_of(there_.begin(), there_.end(), [&](const auto& log) {
      const std::string& other = log.first.series;
      return !other.empty() && series.size() > other.size() && series.ends_with(other);
    });
  }

  [[nodiscard]] bool reaches_end() const {
    return std::all_of(there_.begin(), there_.end(), [&](const auto& log) {
      if (is_behind_prefix(log.first.series)) return true;
      const auto* const last = find_last(own_, log.first.series);
      return last != nullptr && last->first.number >= log.first.number;
    });
  }

  sources::Source& source_;
  const SeenLogs& there_;
  LazyVerdicts& verdicts_;
  SeenLogs own_;
  StruckLogs found_;
};

/// Of the newest snapshot of a source that has the folder; `path`: that in which the logs lie.
base::Result<std::string> describe_struck(LazyVerdicts& verdicts, const OpenedSource& opened, const SeenLogs& there,
                                          const std::string& path, std::int64_t not_after_ns) {
  const auto subtree = find_newest_subtree(opened, path, not_after_ns);
  if (!subtree) return std::string();
  LG_ASSIGN(const StruckLogs struck, StruckSearch(*opened.source, there, verdicts).look(*subtree));
  const auto first_of = [](std::size_t count, const std::string& name) {
    return fmt::format("'{}'{}", base::printable(name), count == 1 ? "" : " first");
  };
  if (struck.count > 0)
    return fmt::format("{} has {} in '{}' only under other names, as an encryption leaves them, or as no file: {}",
                       begin_of(opened.record), base::counted(struck.count, "later log"), base::printable(path),
                       first_of(struck.count, struck.first));
  if (struck.unknown_count > 0)
    return fmt::format("{} has {} in '{}', which may have been its later logs: {}", begin_of(opened.record),
                       base::counted(struck.unknown_count, "file that is encrypted or of no known kind",
                                     "files that are encrypted or of no known kind"),
                       base::printable(path), first_of(struck.unknown_count, struck.first_unknown));
  if (!struck.listed.empty())
    return fmt::format("{} has the server's own list of its logs in '{}', which goes on to '{}', and not all of them",
                       begin_of(opened.record), base::printable(path), base::printable(struck.listed));
  return std::string();
}

/// Sources whose logs nobody can look for: what holds nothing at all, and what could not be opened.
base::Result<std::vector<std::string>> describe_unopened(casefile::CaseStore& store, const OpenedSources& sources,
                                                         const std::string& path,
                                                         const std::set<std::string>& folders) {
  std::vector<std::string> out;
  // Judging has seen nothing in it either: its disk was away then, too, or nobody has put anything there yet.
  for (const OpenedSource& opened : sources.opened) {
    if (opened.snapshots.empty() && stored_path_of(opened.record, path))
      out.push_back(begin_of(opened.record) + " holds nothing (is it mounted?)");
  }
  for (std::size_t i = 0; i < sources.failures.size(); ++i) {
    bool is_of_it = false;
    for (const std::string& folder : folders) {
      LG_ASSIGN(const bool may_have, may_have_logs(store, sources.not_opened[i], folder));
      is_of_it = is_of_it || may_have;
    }
    if (is_of_it) out.push_back(describe_failure(sources.failures[i]));
  }
  return out;
}

/// Empty: it is clear where the logs are.
std::string describe_rivals(const OpenedSources& sources, const std::string& path) {
  constexpr std::size_t k_named_max = 5;
  const std::vector<std::string> rivals = find_rival_log_folders(sources, path);
  if (rivals.empty()) return {};
  std::string named;
  for (std::size_t i = 0; i < std::min(rivals.size(), k_named_max); ++i)
    named += fmt::format("{}'{}'", i == 0 ? "" : ", ", base::printable(rivals[i]));
  if (rivals.size() > k_named_max) named += fmt::format(" and {} more", rivals.size() - k_named_max);
  return fmt::format(
      "'{}' itself has no log files, several folders below it have ({}), and none of them is used, because whose they "
      "are is not known: 'logs' has to name the one that is this database's",
      base::printable(path), named);
}

std::string describe_aside(const AsideLogs& aside, const SeenLogs& there, const std::string& path) {
  const auto [folder, count] = aside.find_later(there);
  if (count == 0) return {};
  return fmt::format("{} in the folder '{}' below '{}', where {} not looked for: put them into one folder",
                     base::counted(count, "later log lies", "later logs lie"), base::printable(folder),
                     base::printable(path), count == 1 ? "it is" : "they are");
}

}  // namespace

base::Result<std::string> describe_unread_logs(casefile::CaseStore& store, const OpenedSources& sources,
                                               const std::string& path, const std::vector<LogPlace>& places,
                                               std::int64_t as_of_ns) {
  const std::set<std::string> folders = {path, os::follow_links(path)};
  LG_ASSIGN(std::vector<std::string> out, describe_unopened(store, sources, path, folders));
  const auto say = [&out](std::string sentence) {
    if (!sentence.empty()) out.push_back(std::move(sentence));
  };
  const std::string rivals = places.empty() ? describe_rivals(sources, path) : std::string();
  say(rivals);
  const std::string inner = places.empty() ? std::string() : places.front().inner;
  LazyVerdicts verdicts(store);
  SeenLogs there;
  for (const LogPlace& place : places) add_logs_in(*sources.opened[place.source].source, place.subtree, there, 0);
  AsideLogs aside(inner);
  for (const OpenedSource& opened : sources.opened) {
    for (const std::string& folder : folders) aside.look(opened, folder, as_of_ns);
  }
  say(describe_aside(aside, there, path));
  for (const OpenedSource& opened : sources.opened) {
    for (const std::string& folder : folders) {
      if (!rivals.empty()) continue;
      LG_ASSIGN(const SeenLogs seen, read_seen_logs(store, opened.record, folder, as_of_ns));
      for (std::string& lost : describe_lost_ends(opened.record, seen, there, aside.logs(), folder))
        say(std::move(lost));
      const std::string logs_at = inner.empty() ? folder : folder + "/" + inner;
      LG_ASSIGN(std::string struck, describe_struck(verdicts, opened, there, logs_at, as_of_ns));
      say(std::move(struck));
    }
  }
  return fmt::format("{}", fmt::join(out, "; "));
}

}  // namespace lastgood::recovery
