// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The bytes of the write-ahead log without its page headers, across segments.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engines/postgresql/wal_reader.h"

namespace lastgood::engines::postgresql {

class WalStream {
 public:
  WalStream(const WalPlan& plan, const OpenSegment& open_segment) : plan_(plan), open_segment_(open_segment) {}

  [[nodiscard]] Lsn at() const { return at_; }
  /// Goes to `lsn`, or behind the record that runs into the page when `lsn` is a page's first byte. False: stopped.
  bool enter(Lsn lsn);
  /// Goes to the next multiple of eight.
  void align() { at_ = (at_ + 7) / 8 * 8; }
  /// Whether the next byte stands on a page of this log (reads its header when the page begins here).
  bool is_on_page();
  /// Appends `length` bytes to `into`. `rest` bytes of the record follow at a page's start, which its header must say.
  bool read(std::uint64_t length, std::uint64_t rest, std::vector<std::uint8_t>& into);
  /// To the first byte of the next segment.
  void to_next_segment() { at_ = (at_ / plan_.segment_bytes + 1) * plan_.segment_bytes; }

  /// A page of this use of the log stands behind `lsn`, at most to the end of the segment after it.
  bool has_pages_behind(Lsn lsn);

  [[nodiscard]] WalStop stop() const { return stop_; }
  [[nodiscard]] const std::string& fault() const { return fault_; }
  /// The page says that the record before it was given up.
  [[nodiscard]] bool was_given_up() const { return was_given_up_; }

 private:
  bool fail(WalStop stop, std::string fault);
  /// The page that `lsn` stands on; empty when the segment is not there or ends before.
  base::ByteView page_of(Lsn lsn);
  bool is_current(base::ByteView page, Lsn page_lsn) const;

  const WalPlan& plan_;
  const OpenSegment& open_segment_;
  Lsn at_ = 0;
  std::uint64_t segment_ = UINT64_MAX;
  std::unique_ptr<base::ByteSource> source_;
  std::vector<std::uint8_t> buffer_;
  std::uint64_t buffer_from_ = 0;  // in the segment
  bool is_unreadable_ = false;
  bool was_given_up_ = false;
  WalStop stop_ = WalStop::end;
  std::string fault_;
};

}  // namespace lastgood::engines::postgresql
