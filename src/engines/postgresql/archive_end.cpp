// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/archive_end.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "engines/postgresql/backup_files.h"
#include "engines/postgresql/cluster_copy.h"
#include "engines/postgresql/control_file.h"
#include "engines/postgresql/wal_archive.h"
#include "engines/postgresql/wal_reader.h"
#include "engines/scratch_copy.h"

namespace lastgood::engines::postgresql {

namespace {

constexpr std::int64_t k_epoch_s = 946'684'800;  // 2000-01-01
constexpr std::size_t k_control_bytes = 8192;
constexpr std::size_t k_label_bytes_max = std::size_t{64} << 10U;
/// So many of the last segments are looked at for a commit, twice as many each time.
constexpr std::uint64_t k_segments_read_max = 64;

struct Segment {
  const UnitView* view = nullptr;
  std::string path;
  std::string name;
  std::uint64_t bytes = 0;
};

/// By number: their first byte's position divided by the size of one. Of two timelines the later counts.
using Segments = std::map<std::uint64_t, Segment>;

void take_segments(const UnitView& view, const std::string& folder, const std::vector<UnitEntry>& entries,
                   std::uint64_t segment_bytes, Segments& out) {
  const std::uint64_t per_high = (std::uint64_t{1} << 32U) / segment_bytes;
  std::vector<const UnitEntry*> sorted;
  for (const UnitEntry& entry : entries) {
    if (entry.kind == model::EntryKind::regular && archived_name(entry.name).size() == 24) sorted.push_back(&entry);
  }
  // Whole segments come after partial ones and replace them.
  std::sort(sorted.begin(), sorted.end(), [](const UnitEntry* a, const UnitEntry* b) {
    const bool a_partial = a->name.ends_with(".partial");
    const bool b_partial = b->name.ends_with(".partial");
    return a_partial != b_partial ? a_partial : a->name < b->name;
  });
  for (const UnitEntry* entry : sorted) {
    const std::string name = archived_name(entry->name);
    const std::uint64_t high = std::stoull(name.substr(8, 8), nullptr, 16);
    const std::uint64_t low = std::stoull(name.substr(16, 8), nullptr, 16);
    if (low < per_high)
      out.insert_or_assign(
          high * per_high + low,
          Segment{.view = &view, .path = join(folder, entry->name), .name = name, .bytes = entry->size_bytes});
  }
}

std::int64_t last_commit_ns(const ControlFile& control, const Segments& segments, std::uint64_t first,
                            std::uint64_t last) {
  const OpenSegment open = [&](std::uint64_t number) -> std::unique_ptr<base::ByteSource> {
    const auto at = segments.find(number);
    if (at == segments.end() || number > last) return nullptr;
    auto opened = at->second.view->open(at->second.path);
    return opened.ok() ? std::move(opened).value() : nullptr;
  };
  for (std::uint64_t count = 1; count <= k_segments_read_max; count *= 2) {
    const std::uint64_t from = last - std::min(last - first, count - 1);
    const WalSurvey survey = survey_wal({.from = from * control.wal_segment_bytes,
                                         .system_id = control.system_id,
                                         .page_bytes = control.wal_block_bytes,
                                         .segment_bytes = control.wal_segment_bytes},
                                        open);
    if (survey.last_commit_us > 0 && survey.last_commit_us < std::int64_t{1} << 60)
      return (survey.last_commit_us + k_epoch_s * 1'000'000) * 1000;
    if (from == first) return 0;
  }
  return 0;
}

std::string name_of_segment(const ControlFile& control, std::uint64_t number) {
  const std::uint64_t per_high = (std::uint64_t{1} << 32U) / control.wal_segment_bytes;
  return fmt::format("{:08X}{:08X}{:08X}", control.timeline, number / per_high, number % per_high);
}

}  // namespace

base::Result<LogEnd> find_archive_end(const UnitView& archive, const UnitView& copy, const std::string& folder) {
  LogEnd end;
  LG_ASSIGN(const std::vector<UnitEntry> archived, archive.list({}));
  const std::string bytes = read_text(copy, join(folder, "global/pg_control"), k_control_bytes);
  const ControlOpinion opinion = parse_control(base::ByteView(std::string_view(bytes)));
  if (!opinion.control) {
    end.missing = "the copy does not say where in its log it stands";
    return end;
  }
  const ControlFile& control = *opinion.control;
  const auto label = parse_backup_label(read_text(copy, join(folder, "backup_label"), k_label_bytes_max));
  Segments segments;
  const auto own = copy.list(join(folder, "pg_wal"));
  if (own.ok()) take_segments(copy, join(folder, "pg_wal"), own.value(), control.wal_segment_bytes, segments);
  take_segments(archive, {}, archived, control.wal_segment_bytes, segments);
  const std::uint64_t first = (label ? label->start : control.redo) / control.wal_segment_bytes;
  std::uint64_t next = first;
  for (auto at = segments.find(next); at != segments.end(); at = segments.find(++next)) {
    const auto source = at->second.view->open(at->second.path);
    if (!source.ok() || !is_segment(*source.value(), at->second.name)) {
      end.missing = fmt::format("{} is no segment of a write-ahead log any more", base::printable(at->second.name));
      break;
    }
    if (at->second.view != &archive) continue;
    ++end.files;
    end.bytes += at->second.bytes;
  }
  const bool has_later = segments.upper_bound(next) != segments.end();
  if (end.missing.empty() && (next == first || has_later))
    end.missing = fmt::format("{} is not among them", name_of_segment(control, next));
  if (end.files > 0) end.last_commit_ns = last_commit_ns(control, segments, first, next - 1);
  return end;
}

}  // namespace lastgood::engines::postgresql
