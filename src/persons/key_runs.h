// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Sets of small records in 256 parts by their first byte, each part a sorted beginning and an unsorted rest. Parts go
// to a nameless file as sorted runs when told to, and come back as one sorted set without equal ones.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <utility>
#include <vector>

#include "base/result.h"
#include "os/spill_file.h"

namespace lastgood::persons {

inline constexpr std::size_t k_parts = 256;

/// `Record`: trivially copyable, ordered, with `part()` below k_parts. One thread at a time.
template <typename Record>
class KeyRuns {
 public:
  /// True when memory grew.
  bool add(const Record& record) {
    Part& part = parts_[record.part()];
    if (part.records.size() < part.records.capacity()) {
      part.records.push_back(record);
      return false;
    }
    return add_to_full(part, record);
  }
  [[nodiscard]] std::uint64_t memory_bytes() const { return capacity_records_ * sizeof(Record); }
  [[nodiscard]] bool empty() const { return is_empty_; }

  /// Everything to the file; the memory is free then.
  [[nodiscard]] base::Status spill(os::SpillFile& file) {
    for (Part& part : parts_) {
      sort(part);
      LG_TRY(file.append(bytes_of(part.records)));
      if (!part.records.empty())
        part.runs.push_back({file.size_bytes() - part.records.size() * sizeof(Record), part.records.size()});
      release(part);
    }
    return base::Done{};
  }

  /// The whole part, sorted, each once; it is gone from here.
  [[nodiscard]] base::Result<std::vector<Record>> take(std::size_t index, os::SpillFile* file) {
    Part& part = parts_.at(index);
    if (part.runs.empty()) {
      sort(part);
      std::vector<Record> out = std::exchange(part.records, std::vector<Record>());
      capacity_records_ -= out.capacity();
      return out;
    }
    std::vector<Record> out;
    std::size_t total = part.records.size();
    for (const Run& run : part.runs) total += run.records;
    out.resize(total);
    std::size_t at = 0;
    for (const Run& run : part.runs) {
      LG_TRY(file->read_all(run.offset_bytes, {bytes_at(out, at), run.records * sizeof(Record)}));
      at += run.records;
    }
    std::copy(part.records.begin(), part.records.end(), out.begin() + static_cast<std::ptrdiff_t>(at));
    release(part);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

 private:
  static constexpr std::size_t k_first_records = 256;
  struct Run {
    std::uint64_t offset_bytes = 0;
    std::size_t records = 0;
  };
  struct Part {
    std::vector<Record> records;
    std::size_t sorted = 0;  // of them, from the beginning, without equal ones
    std::vector<Run> runs;
  };

  static base::ByteView bytes_of(const std::vector<Record>& records) {
    return base::ByteView(std::string_view(static_cast<const char*>(static_cast<const void*>(records.data())),
                                           records.size() * sizeof(Record)));
  }
  static std::uint8_t* bytes_at(std::vector<Record>& records, std::size_t index) {
    return static_cast<std::uint8_t*>(static_cast<void*>(records.data() + index));
  }

  bool add_to_full(Part& part, const Record& record) {
    is_empty_ = false;
    const std::size_t before = part.records.capacity();
    sort(part);
    // Grows only when sorting did not help; by half, so that little stands empty.
    if (part.records.size() * 3 > part.records.capacity() * 2)
      part.records.reserve(std::max(k_first_records, part.records.capacity() * 3 / 2));
    part.records.push_back(record);
    capacity_records_ += part.records.capacity() - before;
    return part.records.capacity() > before;
  }

  /// Sorts the rest, puts it among the sorted beginning, drops equal ones.
  void sort(Part& part) {
    if (part.sorted == part.records.size()) return;
    const auto rest = part.records.begin() + static_cast<std::ptrdiff_t>(part.sorted);
    std::sort(rest, part.records.end());
    part.records.erase(std::unique(rest, part.records.end()), part.records.end());
    if (part.sorted > 0) {
      scratch_.clear();
      std::set_union(part.records.begin(), part.records.begin() + static_cast<std::ptrdiff_t>(part.sorted),
                     part.records.begin() + static_cast<std::ptrdiff_t>(part.sorted), part.records.end(),
                     std::back_inserter(scratch_));
      part.records.assign(scratch_.begin(), scratch_.end());
    }
    part.sorted = part.records.size();
  }
  void release(Part& part) {
    capacity_records_ -= part.records.capacity();
    part.records = std::vector<Record>();  // `= {}` would keep the memory
    part.sorted = 0;
  }

  std::array<Part, k_parts> parts_;
  std::vector<Record> scratch_;
  std::uint64_t capacity_records_ = 0;
  bool is_empty_ = true;
};

}  // namespace lastgood::persons
