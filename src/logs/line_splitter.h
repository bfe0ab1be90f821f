// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// LineSplitter: cuts bytes that come in pieces into lines. A line of a gigabyte costs k_line_bytes_max of memory: its
// beginning is shown, its end is skipped and counted.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/byte_view.h"
#include "logs/log_parser.h"

namespace lastgood::logs {

class LineSplitter {
 public:
  /// False ends the feeding of this piece.
  using LineSink = std::function<bool(const LogLine& line)>;

  /// The lines that end in `bytes`. False when the sink said so.
  bool feed(base::ByteView bytes, const LineSink& sink);
  /// A last line without an end.
  void finish(const LineSink& sink);

  [[nodiscard]] std::uint64_t lines() const { return lines_; }
  [[nodiscard]] std::uint64_t cut_lines() const { return cut_lines_; }

 private:
  bool show(std::string_view line, const LineSink& sink);
  void keep(std::string_view part);

  std::string pending_;
  std::uint64_t pending_skipped_ = 0;  // bytes of the pending line beyond its limit
  std::uint64_t line_offset_ = 0;
  std::uint64_t lines_ = 0;
  std::uint64_t cut_lines_ = 0;
};

}  // namespace lastgood::logs
