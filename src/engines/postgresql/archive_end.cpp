// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/archive_end.h"

#include <algorithm>
#include <map>
#include <memory>

#include <fmt/format.h>

#include "engines/packed_log.h"
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
};

/// By number: their first byte's position divided by the size of one. Of two timelines the later counts.
using Segments = std::map<std::uint64_t, Segment>;

void take_segments(const UnitView& view, const std::vector<ArchivedFile>& files, std::uint64_t segment_bytes,
                   Segments& out) {
  constexpr std::size_t k_name_letters = 24;
  const std::uint64_t per_high = (std::uint64_t{1} << 32U) / segment_bytes;
  for (const ArchivedFile& file : files) {
    if (file.name.size() != k_name_letters) continue;
    const std::uint64_t high = std::stoull(file.name.substr(8, 8), nullptr, 16);
    const std::uint64_t low = std::stoull(file.name.substr(16, 8), nullptr, 16);
    if (low < per_high)
      out.insert_or_assign(high * per_high + low, Segment{.view = &view, .path = file.path, .name = file.name});
  }
}

/// Its own bytes, when they are those of this segment; null otherwise.
std::unique_ptr<base::ByteSource> open_segment(const Segment& segment, const std::string& spill_folder) {
  constexpr std::uint64_t k_segment_bytes_max = std::uint64_t{1} << 30U;
  auto packed = segment.view->open(segment.path);
  if (!packed.ok()) return nullptr;
  auto opened = open_packed_log(std::move(packed).value(), spill_folder, k_segment_bytes_max);
  if (!opened.ok() || !is_segment(*opened.value().bytes, segment.name)) return nullptr;
  return std::move(opened.value().bytes);
}

std::int64_t last_commit_ns(const ControlFile& control, const Segments& segments, std::uint64_t first,
                            std::uint64_t last, const std::string& spill_folder) {
  const OpenSegment open = [&](std::uint64_t number) -> std::unique_ptr<base::ByteSource> {
    const auto at = segments.find(number);
    if (at == segments.end() || number > last) return nullptr;
    return open_segment(at->second, spill_folder);
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

bool is_log_segment_name(std::string_view name) {
  return name.size() == 24 && name.find_first_not_of("0123456789ABCDEF") == std::string_view::npos;
}

std::string name_of_segment(const ControlFile& control, std::uint64_t number) {
  const std::uint64_t per_high = (std::uint64_t{1} << 32U) / control.wal_segment_bytes;
  return fmt::format("{:08X}{:08X}{:08X}", control.timeline, number / per_high, number % per_high);
}

}  // namespace

base::Result<LogEnd> find_archive_end(const UnitView& archive, const UnitView& copy, const std::string& folder,
                                      const std::string& spill_folder) {
  LogEnd end;
  std::size_t others = 0;
  LG_ASSIGN(const std::vector<ArchivedFile> archived, list_archive(archive, others));
  const std::string bytes = read_text(copy, join(folder, "global/pg_control"), k_control_bytes);
  const ControlOpinion opinion = parse_control(base::ByteView(std::string_view(bytes)));
  if (!opinion.control) {
    end.missing = "the copy does not say where in its log it stands";
    return end;
  }
  const ControlFile& control = *opinion.control;
  const auto label = parse_backup_label(read_text(copy, join(folder, "backup_label"), k_label_bytes_max));
  Segments segments;
  std::vector<ArchivedFile> own;
  const auto listed = copy.list(join(folder, "pg_wal"));
  for (const UnitEntry& entry : listed.ok() ? listed.value() : std::vector<UnitEntry>()) {
    if (entry.kind == model::EntryKind::regular && is_log_segment_name(entry.name))
      own.push_back({.path = join(join(folder, "pg_wal"), entry.name), .name = entry.name});
  }
  take_segments(copy, own, control.wal_segment_bytes, segments);
  take_segments(archive, archived, control.wal_segment_bytes, segments);
  const std::uint64_t first = (label ? label->start : control.redo) / control.wal_segment_bytes;
  std::uint64_t next = first;
  for (auto at = segments.find(next); at != segments.end(); at = segments.find(++next)) {
    const auto source = open_segment(at->second, spill_folder);
    if (source == nullptr) {
      end.missing = fmt::format("{} is no segment of a write-ahead log any more", base::printable(at->second.name));
      break;
    }
    if (at->second.view != &archive) continue;
    ++end.files;
    end.bytes += source->size_bytes();
  }
  const bool has_later = segments.upper_bound(next) != segments.end();
  if (end.missing.empty() && (next == first || has_later))
    end.missing = fmt::format("{} is not among them", name_of_segment(control, next));
  if (end.files > 0) end.last_commit_ns = last_commit_ns(control, segments, first, next - 1, spill_folder);
  return end;
}

}  // namespace lastgood::engines::postgresql
