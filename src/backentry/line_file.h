// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A file of ours with one JSON object a line that only grows, and survives being cut off in the middle of a line: the
// torn line is closed by a line {"torn":true} before the next one is written. Any number of processes take turns.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "os/append_file.h"

namespace lastgood::backentry {

inline constexpr std::uint64_t k_line_file_bytes_max = std::uint64_t{256} << 20U;
inline constexpr std::size_t k_line_bytes_max = 65'536;

/// Pure. Objects in their order. ErrorCode::damaged_container with the line's number when a line that was not torn is
/// no object. A torn end is left out.
[[nodiscard]] base::Result<std::vector<nlohmann::json>> parse_lines(std::string_view text, const std::string& path);

/// One thread. Locked from opening to destruction.
class LineFile {
 public:
  /// Makes the file when it is not there. The folder must be. ErrorCode::busy_retry when another process keeps it.
  static base::Result<LineFile> open(const std::string& path);
  LineFile(LineFile&&) = default;
  LineFile& operator=(LineFile&&) = delete;
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;
  ~LineFile();

  [[nodiscard]] const std::vector<nlohmann::json>& lines() const { return lines_; }
  /// Returns when they are on disk. After an error open it anew.
  [[nodiscard]] base::Status append(const std::vector<nlohmann::ordered_json>& lines);

 private:
  explicit LineFile(std::unique_ptr<os::AppendFile> file) : file_(std::move(file)) {}
  std::unique_ptr<os::AppendFile> file_;
  std::vector<nlohmann::json> lines_;
  bool torn_ = false;
};

/// Without the lock, for reading alone; no lines when there is no file.
[[nodiscard]] base::Result<std::vector<nlohmann::json>> read_lines(const std::string& path);

}  // namespace lastgood::backentry
