// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/follow_log.h"

#include <algorithm>
#include <map>
#include <memory>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/log_end.h"
#include "engines/packed_log.h"
#include "engines/postgresql/unfilled_segment.h"

namespace lastgood::engines::postgresql {

namespace {

constexpr std::size_t k_timeline_digits = 8;

/// Where the log could not be read further.
struct LogStop {
  WalSurvey survey;
  std::uint64_t number = 0;             // of the segment
  const LogSegment* segment = nullptr;  // null: it is not there
  bool can_be_opened = false;
  std::uint64_t bytes = 0;
  bool is_struck = false;  // something stands behind it that no server leaves in a segment which it has archived
};

LogStop find_stop(const ControlFile& control, const LogSegments& segments, Lsn from, const OpenSegment& open) {
  LogStop stop{.survey = survey_wal({.from = from,
                                     .system_id = control.system_id,
                                     .page_bytes = control.wal_block_bytes,
                                     .segment_bytes = control.wal_segment_bytes,
                                     .notes = WalNotes::no_pages},
                                    open)};
  stop.number = stop.survey.end / control.wal_segment_bytes;
  // A record may begin in one segment and go on in those behind it: the first that is not there is the one.
  while (true) {
    stop.segment = segments.find(stop.number);
    const auto bytes = stop.segment == nullptr ? nullptr : segments.open(*stop.segment);
    stop.can_be_opened = bytes != nullptr;
    stop.bytes = bytes == nullptr ? 0 : bytes->size_bytes();
    const bool is_full = stop.bytes == control.wal_segment_bytes && stop.survey.end % control.wal_segment_bytes != 0;
    stop.is_struck = is_full && is_struck_behind(*bytes, stop.survey.end, control);
    if (stop.survey.stop != WalStop::missing_segment || !stop.can_be_opened) return stop;
    ++stop.number;
  }
}

/// How many log files of the archive there are behind it; 0 when the first that could be read is none of this use.
std::size_t count_behind(const LogStop& stop, const LogSegments& segments, const UnitView& archive,
                         std::string_view last_name) {
  const std::vector<const LogSegment*> behind = segments.list_behind(stop.number, archive, last_name);
  const bool is_any_real = std::any_of(behind.begin(), behind.end(),
                                       [&](const LogSegment* segment) { return segments.open(*segment) != nullptr; });
  return is_any_real ? behind.size() : 0;
}

/// pg_receivewal makes each as long as it will be, but what it compresses: "X.gz.partial".
bool may_be_short(std::string_view path) {
  constexpr std::string_view k_end = ".partial";
  std::string_view name = without_packing(path);
  if (!name.ends_with(k_end)) return false;
  name.remove_suffix(k_end.size());
  return without_packing(name).size() + k_end.size() != path.size();
}

/// pg_receivewal has made it, and nothing was written to it.
bool is_unused_yet(const LogSegment& segment) {
  if (!segment.path.ends_with(".partial")) return false;
  const auto source = segment.view->open(segment.path);
  return source.ok() && look_at_segment(*source.value(), segment.name) == SegmentStart::unused;
}

/// Empty: the log ends there.
std::string describe_stop(const LogStop& stop, const std::string& name, const ControlFile& control,
                          const UnitView& archive, std::size_t behind) {
  const bool is_archived = stop.segment != nullptr && stop.segment->view == &archive;
  if (stop.segment == nullptr)
    return behind == 0 ? std::string()
                       : with_lost_commits(fmt::format("log {} is not among them", name), "in it", behind);
  if (!stop.can_be_opened && behind == 0 && is_unused_yet(*stop.segment)) return {};
  if (!stop.can_be_opened)
    return is_archived || behind > 0
               ? with_lost_commits(fmt::format("log {} is not readable as a segment of a write-ahead log", name),
                                   "in it", behind)
               : std::string();
  if (!is_archived && behind == 0) return {};
  if (stop.bytes < control.wal_segment_bytes && !may_be_short(stop.segment->path))
    return with_lost_commits(
        fmt::format("log {} is cut: it has {} of {} bytes", name, stop.bytes, control.wal_segment_bytes),
        "behind that place", behind);
  const bool is_unfinished = stop.segment->path.find(".partial") != std::string::npos;
  if (stop.survey.stop == WalStop::end && behind == 0 && (!stop.is_struck || is_unfinished)) return {};
  return with_lost_commits(
      fmt::format("log {} is broken at {} ({})", name, format_lsn(stop.survey.end), base::printable(stop.survey.fault)),
      "behind that place", behind);
}

}  // namespace

FollowedLog follow_log(const CopyStand& stand, const LogSegments& segments, const UnitView& archive, Lsn from,
                       const std::function<bool()>& is_cancelled) {
  const ControlFile& control = stand.control;
  std::map<std::uint64_t, std::uint64_t> opened_bytes;  // by number of the segment
  const OpenSegment open = [&](std::uint64_t number) -> std::unique_ptr<base::ByteSource> {
    const LogSegment* const segment = segments.find(number);
    auto source = segment == nullptr || (is_cancelled && is_cancelled()) ? nullptr : segments.open(*segment);
    if (source != nullptr && segment->view == &archive) opened_bytes[number] = source->size_bytes();
    return source;
  };
  LogStop stop = find_stop(control, segments, from, open);
  FollowedLog out;
  std::string last_name = name_of_segment(control, stand.first_segment());
  for (std::uint64_t number = stand.first_segment(); number <= stop.number; ++number) {
    const LogSegment* const segment = segments.find(number);
    if (segment == nullptr) continue;
    if (segment->view == &archive && (number < stop.number || stop.can_be_opened)) ++out.files;
    last_name = segment->name;
  }
  for (const auto& [number, bytes] : opened_bytes) out.bytes += number <= stop.number ? bytes : 0;
  const std::size_t behind = count_behind(stop, segments, archive, last_name);
  std::string stop_name = name_of_segment(control, stop.number);
  if (stop.segment != nullptr) stop_name = stop.segment->name;
  if (stop.segment == nullptr) stop_name.replace(0, k_timeline_digits, last_name, 0, k_timeline_digits);
  out.ends_early = describe_stop(stop, stop_name, control, archive, behind);
  out.survey = std::move(stop.survey);
  return out;
}

}  // namespace lastgood::engines::postgresql
