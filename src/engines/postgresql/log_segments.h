// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The segments of the write-ahead log that a cluster's recovery would read: its own, wherever a link put them, and
// those of an archive. Private to engines/postgresql/.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "engines/postgresql/control_file.h"
#include "engines/postgresql/wal_archive.h"
#include "engines/unit.h"

namespace lastgood::engines::postgresql {

struct LogSegment {
  const UnitView* view = nullptr;
  std::string path;
  std::string name;
};

/// One thread. The views must outlive it.
class LogSegments {
 public:
  /// `archive`: its root is the archive's folder; null: none. Of two timelines' segments the later counts, of two of
  /// the same name the archive's, where it is one. Those of the archive on a timeline that the cluster has left are of
  /// no use to it.
  [[nodiscard]] static base::Result<LogSegments> list(const UnitView& copy, const std::string& folder,
                                                      const ControlFile& control, const UnitView* archive,
                                                      std::string spill_folder);

  /// By number: its first byte's position divided by the size of a segment; null: there is none.
  [[nodiscard]] const LogSegment* find(std::uint64_t number) const;
  [[nodiscard]] bool has_later_than(std::uint64_t number) const {
    return segments_.upper_bound(number) != segments_.end();
  }
  /// Those of `view` behind `number` that are on no earlier timeline than `name`, in order.
  [[nodiscard]] std::vector<const LogSegment*> list_behind(std::uint64_t number, const UnitView& view,
                                                           std::string_view name) const;
  /// Its own bytes, unpacked; null when they are not those of this segment.
  [[nodiscard]] std::unique_ptr<base::ByteSource> open(const LogSegment& segment) const;

 private:
  void take(const UnitView& view, const std::vector<ArchivedFile>& files);
  void take_own(const UnitView& copy, const std::string& folder);

  std::map<std::uint64_t, LogSegment> segments_;
  std::unique_ptr<UnitView> linked_;
  std::uint64_t segment_bytes_ = 0;
  std::string spill_folder_;
};

}  // namespace lastgood::engines::postgresql
