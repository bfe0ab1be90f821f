// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/verify_path.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "os/append_file.h"
#include "recovery/restore/journal.h"
#include "recovery/restore/place_others.h"
#include "recovery/restore/put_metadata.h"
#include "recovery/restore/restore_item.h"

namespace lastgood::recovery::restore {

namespace {

/// One item's comparison; the first difference is what is told.
class PathCheck {
 public:
  PathCheck(const VerifyRun& run, VerifyTools& tools, std::uint32_t item, const std::atomic<bool>& stop,
            std::uint64_t& bytes)
      : run_(run), tools_(tools), number_(item), item_(run.plan.items[item]), stop_(stop), bytes_(bytes) {}

  VerifiedPath check() {
    const std::uint32_t done = run_.done_of[number_];
    if (run_.folder_of[number_] == k_no_folder)
      return answer(PathState::unrestored, "no path that a restore may write");
    const auto folder = tools_.folders.open(run_.folder_of[number_]);
    const std::string name = name_in(placed_path(run_, item_.path));
    const auto status = folder.ok() ? os::target_status_at(*folder.value(), name, item_.path)
                                    : base::Result<os::TargetStatus>(folder.error());
    // In place, a folder that stands there already is left as it is, and nothing is recorded of it.
    const bool was_there = run_.mode == RestoreMode::in_place && item_.kind == model::EntryKind::folder &&
                           status.ok() && status.value().kind == os::TargetKind::folder;
    if (done == VerifyRun::k_not_done && was_there) return answer(PathState::same, {});
    if (done == VerifyRun::k_not_done) return answer(PathState::unrestored, "not recorded as restored");
    if (!status.ok()) {
      return status.error().system_errno == ENOENT ? answer(PathState::missing, "was restored and is not there")
                                                   : answer(PathState::unreadable, status.error().what);
    }
    const DoneState& expected = run_.done[done];
    std::string difference = compare_status(expected, status.value());
    if (!difference.empty()) return answer(PathState::differs, std::move(difference));
    if (item_.kind == model::EntryKind::link) return check_link(*folder.value(), name, expected);
    if (item_.kind != model::EntryKind::regular && item_.kind != model::EntryKind::folder) {
      return answer(PathState::same, {});
    }
    return check_opened(*folder.value(), name, expected);
  }

 private:
  [[nodiscard]] VerifiedPath answer(PathState state, std::string sentence) const {
    return {item_.path, state, std::move(sentence)};
  }

  [[nodiscard]] std::string compare_status(const DoneState& expected, const os::TargetStatus& now) const {
    if (now.kind != target_kind(item_.kind)) return "something else stands there";
    if (item_.kind == model::EntryKind::regular && now.size_bytes != expected.size_bytes)
      return fmt::format("has {} bytes, was restored with {}", now.size_bytes, expected.size_bytes);
    if (item_.kind != model::EntryKind::link && now.mode != expected.mode)
      return fmt::format("mode is {:04o}, was restored as {:04o}", now.mode, expected.mode);
    if (now.user_id != expected.user_id || now.group_id != expected.group_id) {
      return fmt::format("belongs to {}:{}, was restored for {}:{}", now.user_id, now.group_id, expected.user_id,
                         expected.group_id);
    }
    // A replay in a folder sets that folder's time.
    const bool is_stirred = std::any_of(run_.moved.begin(), run_.moved.end(), [&](const MovedPath& moved) {
      return moved.path.substr(0, moved.path.rfind('/')) == item_.path;
    });
    if (now.mtime_ns != expected.mtime_ns && !is_stirred)
      return "was changed: its time is not the one that was restored";
    return {};
  }

  VerifiedPath check_link(const os::Descriptor& folder, const std::string& name, const DoneState& expected) {
    const auto target = os::read_target_link(folder, name, item_.path);
    if (!target.ok()) return answer(PathState::unreadable, target.error().what);
    const bool same = content_hash(base::ByteView(std::string_view(target.value())), run_.seed) == expected.hash;
    return same ? answer(PathState::same, {}) : answer(PathState::differs, "the link leads elsewhere");
  }

  VerifiedPath check_opened(const os::Descriptor& folder, const std::string& name, const DoneState& expected) {
    const bool regular = item_.kind == model::EntryKind::regular;
    base::Result<os::Descriptor> opened = regular ? run_.target.open_to_read(folder, name, item_.path)
                                                  : run_.target.open_folder(folder, name, item_.path);
    if (opened.ok() && !regular) opened = run_.target.reopen_folder(opened.value(), item_.path);
    if (!opened.ok()) return answer(PathState::unreadable, opened.error().what);
    const auto attributes = os::read_attributes(opened.value(), item_.path);
    if (!attributes.ok()) return answer(PathState::unreadable, attributes.error().what);
    std::vector<std::pair<std::string, std::string>> found;
    for (const os::ReadAttribute& attribute : attributes.value()) {
      // The machine's own labels come with every file and are not the source's.
      if (attribute.name != "security.selinux") found.emplace_back(attribute.name, attribute.value);
    }
    if (hash_attributes(found) != expected.attributes) {
      return answer(PathState::differs, "attributes or access list are not those that were restored");
    }
    if (!regular) return answer(PathState::same, {});
    os::forget_pages(opened.value());
    const base::Result<bool> same = expected.segments > 0
                                        ? has_segments(opened.value(), expected)
                                        : has_content(opened.value(), 0, expected.size_bytes, expected.hash);
    if (!same.ok()) return answer(PathState::unreadable, same.error().what);
    return same.value() ? answer(PathState::same, {}) : answer(PathState::differs, "content differs");
  }

  base::Result<bool> has_content(const os::Descriptor& file, std::uint64_t offset, std::uint64_t length,
                                 const Hash128& expected) {
    tools_.hash.begin();
    for (std::uint64_t done = 0; done < length;) {
      if (stop_) return false;
      tools_.buffer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(k_read_bytes, length - done)));
      LG_ASSIGN(const std::size_t got, os::read_at(file, offset + done, tools_.buffer, item_.path));
      if (got == 0) return false;
      tools_.hash.update(base::ByteView(std::span<const std::uint8_t>(tools_.buffer).first(got)));
      done += got;
      bytes_ += got;
    }
    return tools_.hash.finish() == expected;
  }

  base::Result<bool> has_segments(const os::Descriptor& file, const DoneState& expected) {
    const auto recorded = run_.segments.find(number_);
    if (recorded == run_.segments.end()) return false;
    std::string hashes;
    std::uint64_t at = 0;
    std::uint32_t count = 0;
    for (const SegmentEntry& segment : recorded->second) {
      if (segment.offset_bytes != at) continue;  // an older record of the same segment
      LG_ASSIGN(const bool same, has_content(file, at, segment.length_bytes, segment.hash));
      if (!same) return false;
      hashes.append(segment.hash.begin(), segment.hash.end());
      at += segment.length_bytes;
      ++count;
    }
    return at == expected.size_bytes && count == expected.segments &&
           content_hash(base::ByteView(std::string_view(hashes)), run_.seed) == expected.hash;
  }

  const VerifyRun& run_;
  VerifyTools& tools_;
  std::uint32_t number_;
  const PlanItem& item_;
  const std::atomic<bool>& stop_;
  std::uint64_t& bytes_;
};

/// Takes in what was done; the last word on an item counts.
struct RestoredReader {
  VerifyRun& run;
  HeaderRecord header{};
  bool has_header = false;

  void operator()(HeaderRecord&& record) {
    if (!has_header) header = record;
    has_header = true;
  }
  void operator()(DoneRecord&& record) {
    for (DoneEntry& entry : record.entries) {
      if (entry.item >= run.done_of.size()) continue;
      std::uint32_t& at = run.done_of[entry.item];
      if (at == VerifyRun::k_not_done) {
        at = static_cast<std::uint32_t>(run.done.size());
        run.done.push_back(entry.state);
      } else {
        run.done[at] = entry.state;
      }
    }
  }
  void operator()(SegmentsRecord&& record) {
    for (const SegmentEntry& entry : record.entries) {
      if (entry.item < run.done_of.size()) run.segments[entry.item].push_back(entry);
    }
  }
  template <typename Other>
  void operator()(Other&& /*record*/) {}
};

}  // namespace

std::vector<MovedPath> moved_paths(const std::vector<MovedUnit>& units, const std::string& target) {
  const std::string root = target == "/" ? std::string() : target;
  std::vector<MovedPath> out;
  for (const MovedUnit& unit : units) {
    const bool is_below = unit.folder.starts_with(root + "/") && unit.kept_as.starts_with(root + "/");
    if (is_below) out.push_back({.path = unit.folder.substr(root.size()), .kept = unit.kept_as.substr(root.size())});
  }
  return out;
}

std::string placed_path(const VerifyRun& run, const std::string& path) {
  for (const MovedPath& moved : run.moved) {
    const bool is_of_it =
        path.starts_with(moved.path) && (path.size() == moved.path.size() || path[moved.path.size()] == '/');
    if (is_of_it) return moved.kept + path.substr(moved.path.size());
  }
  return path;
}

base::Status read_restored(VerifyRun& run, const std::string& journal_path) {
  run.done_of.assign(run.plan.items.size(), VerifyRun::k_not_done);
  auto file = os::open_own_file(journal_path);
  if (!file.ok()) {
    base::Error error = std::move(file).error();
    if (error.system_errno == ENOENT) error.hint = "restore this plan to this folder first";
    return error;
  }
  RestoredReader reader{run};
  LG_ASSIGN(run.journal_damages,
            read_journal(*file.value(), [&](JournalRecord&& record) { std::visit(reader, std::move(record)); }));
  if (!reader.has_header || reader.header.items != run.plan.items.size()) {
    base::Error error;
    error.code = base::ErrorCode::misuse;
    error.what = "cannot verify: '" + base::printable(journal_path) + "' is no journal of this plan";
    error.path = journal_path;
    return error;
  }
  run.seed = reader.header.seed;
  for (auto& [item, segments] : run.segments) {
    // By place; of several records of one segment the last one comes first.
    std::reverse(segments.begin(), segments.end());
    std::stable_sort(segments.begin(), segments.end(),
                     [](const SegmentEntry& a, const SegmentEntry& b) { return a.index < b.index; });
  }
  run.folder_of.reserve(run.plan.items.size());
  for (const PlanItem& item : run.plan.items) {
    const std::string path = placed_path(run, item.path);
    const std::size_t slash = path.rfind('/');
    const bool good = slash != std::string::npos && os::is_entry_name(name_in(path));
    run.folder_of.push_back(good ? run.tree.add(std::string_view(path).substr(0, slash)) : k_no_folder);
  }
  return base::Done{};
}

VerifiedPath verify_path(const VerifyRun& run, VerifyTools& tools, std::uint32_t item, const std::atomic<bool>& stop,
                         std::uint64_t& bytes) {
  return PathCheck(run, tools, item, stop, bytes).check();
}

}  // namespace lastgood::recovery::restore
