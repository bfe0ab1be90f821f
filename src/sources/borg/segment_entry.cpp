// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/segment_entry.h"

#include <algorithm>
#include <array>

#include "base/checksum.h"

namespace lastgood::sources::borg {

using base::ByteView;
using base::Result;

namespace {

constexpr std::size_t k_window_bytes = 4096;
constexpr std::size_t k_scan_bytes = 1U << 20;
// An entry up to this size is checked by its CRC at once; a larger one only when another head follows it, as noise
// looks like a large entry now and then and like a small one hardly ever.
constexpr std::uint32_t k_small_entry_bytes = 65'536;
// A walk gives up looking for entries when it has digested so many bytes for it: forged heads could ask for more.
constexpr std::uint64_t k_search_bytes_max = 8ULL << 30;
constexpr std::string_view k_commit_entry("\x40\xF4\x3C\x25\x09\x00\x00\x00\x02", 9);
constexpr std::size_t k_entry_findings_max = 100;

/// One walk: what is read, where it stands, what it found.
class Walk {
 public:
  Walk(base::ByteSource& file, std::uint32_t number, const EntryVisitor& visitor)
      : file_(file), number_(number), visitor_(visitor) {}

  Result<std::vector<model::Finding>> run() {
    LG_ASSIGN(const ByteView magic, bytes_at(0, k_segment_magic.size()));
    if (magic.matches(0, k_segment_magic)) {
      at_ = k_segment_magic.size();
    } else if (file_.size_bytes() > 0) {
      add("borg.segment.magic", "does not begin with BORG_SEG", 0);
    }
    while (at_ < file_.size_bytes()) {
      LG_ASSIGN(const bool shown, show_entry());
      if (shown) continue;
      LG_ASSIGN(const bool found, find_next());
      if (!found) break;
    }
    return std::move(findings_);
  }

 private:
  Result<ByteView> bytes_at(std::uint64_t offset, std::size_t length) {
    if (offset >= window_from_ && offset + length <= window_from_ + window_.size()) {
      return ByteView(window_).part(offset - window_from_, length);
    }
    window_.resize(std::max(length, k_window_bytes));
    LG_ASSIGN(const std::size_t got, file_.read(offset, window_));
    window_.resize(got);
    window_from_ = offset;
    return ByteView(window_).part(0, length);
  }

  void add(const char* rule, const std::string& what, std::uint64_t offset) {
    if (findings_.size() >= k_entry_findings_max) return;
    findings_.push_back(
        {.rule = rule,
         .sentence = "segment " + std::to_string(number_) + " " + what + " (byte " + std::to_string(offset) + ")",
         .weight = model::Weight::contradicts});
  }

  /// Passes the entry at `at_`; false when none stands there.
  Result<bool> show_entry() {
    LG_ASSIGN(const ByteView bytes, bytes_at(at_, k_put_head_bytes));
    const std::optional<EntryHead> head = parse_entry_head(bytes);
    if (!head || head->size_bytes > file_.size_bytes() - at_) return false;
    SegmentEntry entry{.tag = head->tag, .offset_bytes = at_, .size_bytes = head->size_bytes};
    if (head->tag != EntryTag::commit) {
      const ByteView key = bytes.part(k_entry_head_bytes, entry.key.size());
      std::copy(key.begin(), key.end(), entry.key.begin());
    }
    // An entry is shown when the next one has been seen to stand where this one ends.
    show_held();
    held_ = entry;
    at_ += head->size_bytes;
    if (at_ == file_.size_bytes()) show_held();
    return true;
  }

  void show_held() {
    if (held_) visitor_(*held_);
    held_.reset();
  }

  Result<bool> fits_at(std::uint64_t offset, std::uint32_t size) {
    searched_bytes_ += size;
    entry_.resize(size);
    LG_ASSIGN(const std::size_t got, file_.read(offset, entry_));
    return got == size && entry_fits(ByteView(entry_));
  }

  /// After a head that makes no sense: the next entry that fits its CRC, from the end of the last one that did.
  Result<bool> find_next() {
    const std::uint64_t broken_at = at_;
    std::uint64_t from = at_;
    if (held_) {
      LG_ASSIGN(const bool fits, fits_at(held_->offset_bytes, held_->size_bytes));
      if (fits) {
        show_held();
      } else {
        from = held_->offset_bytes + 1;
        held_.reset();
      }
    }
    LG_ASSIGN(const std::optional<std::uint64_t> next, search(from));
    const std::uint64_t end = next ? *next : file_.size_bytes();
    add(next ? "borg.segment.entry" : "borg.segment.end",
        "has no entry here, " + std::to_string(end - from) + " bytes are passed over", std::min(from, broken_at));
    if (!next) return false;
    at_ = *next;
    return true;
  }

  Result<std::optional<std::uint64_t>> search(std::uint64_t from) {
    // Small steps at first: the next entry is mostly near, and a forger may break every second one.
    std::vector<std::uint8_t> block;
    std::size_t step = k_window_bytes;
    for (; from + k_entry_head_bytes <= file_.size_bytes(); step = std::min(step * 2, k_scan_bytes)) {
      block.resize(static_cast<std::size_t>(std::min<std::uint64_t>(step, file_.size_bytes() - from)));
      LG_ASSIGN(const std::size_t got, file_.read(from, block));
      block.resize(got);
      const ByteView view(block);
      if (got < k_entry_head_bytes) break;
      for (std::size_t i = 0; i + k_entry_head_bytes <= got; ++i) {
        const std::optional<EntryHead> head = parse_entry_head(view.part(i, k_entry_head_bytes));
        if (!head || head->size_bytes > file_.size_bytes() - from - i) continue;
        LG_ASSIGN(const bool fits, is_entry(from + i, *head));
        if (fits) return std::optional<std::uint64_t>(from + i);
        if (searched_bytes_ > k_search_bytes_max) {
          add("borg.segment.search", "is not searched any further", from + i);
          return std::optional<std::uint64_t>();
        }
      }
      from += got - (k_entry_head_bytes - 1);
    }
    return std::optional<std::uint64_t>();
  }

  Result<bool> is_entry(std::uint64_t offset, const EntryHead& head) {
    const std::uint64_t end = offset + head.size_bytes;
    if (head.size_bytes > k_small_entry_bytes && end != file_.size_bytes()) {
      std::array<std::uint8_t, k_entry_head_bytes> next{};
      LG_ASSIGN(const std::size_t got, file_.read(end, next));
      searched_bytes_ += k_entry_head_bytes;
      if (!parse_entry_head(ByteView(next).part(0, got))) return false;
    }
    return fits_at(offset, head.size_bytes);
  }

  base::ByteSource& file_;
  std::uint32_t number_;
  const EntryVisitor& visitor_;
  std::uint64_t at_ = 0;
  std::vector<std::uint8_t> window_;
  std::uint64_t window_from_ = 0;
  std::vector<std::uint8_t> entry_;
  std::optional<SegmentEntry> held_;
  std::uint64_t searched_bytes_ = 0;
  std::vector<model::Finding> findings_;
};

}  // namespace

std::optional<EntryHead> parse_entry_head(ByteView bytes) {
  if (!bytes.has(0, k_entry_head_bytes)) return std::nullopt;
  const std::uint8_t tag = bytes.u8(8);
  if (tag > 2) return std::nullopt;
  const EntryHead head{.crc32 = bytes.le32(0), .size_bytes = bytes.le32(4), .tag = static_cast<EntryTag>(tag)};
  switch (head.tag) {
    case EntryTag::put:
      if (head.size_bytes < k_put_head_bytes || head.size_bytes > k_entry_bytes_max) return std::nullopt;
      break;
    case EntryTag::remove:
      if (head.size_bytes != k_put_head_bytes) return std::nullopt;
      break;
    case EntryTag::commit:
      if (head.size_bytes != k_entry_head_bytes) return std::nullopt;
      break;
  }
  return head;
}

bool entry_fits(ByteView entry) {
  return entry.has(0, k_entry_head_bytes) && base::crc32(entry.part(4)) == entry.le32(0);
}

Result<std::vector<model::Finding>> walk_segment(base::ByteSource& file, std::uint32_t number,
                                                 const EntryVisitor& visitor) {
  return Walk(file, number, visitor).run();
}

Result<bool> ends_with_commit(base::ByteSource& file) {
  if (file.size_bytes() < k_segment_magic.size() + k_entry_head_bytes) return false;
  std::array<std::uint8_t, k_entry_head_bytes> tail{};
  LG_ASSIGN(const std::size_t got, file.read(file.size_bytes() - tail.size(), tail));
  return got == tail.size() && ByteView(tail).matches(0, k_commit_entry);
}

}  // namespace lastgood::sources::borg
