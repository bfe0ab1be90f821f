// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/sqlite/wal_frames.h"
#include "model/pages/sqlite_log_sums.h"

#include <algorithm>
#include <bit>
#include <vector>

namespace lastgood::engines::sqlite {

using base::ByteView;

namespace {

constexpr std::uint64_t k_wal_header_bytes = 32;
constexpr std::uint64_t k_frame_header_bytes = 24;
constexpr std::uint32_t k_wal_magic = 0x377F0682;  // the lowest bit tells big-endian checksums

using model::pages::LogByteOrder;
using model::pages::LogSums;

LogSums frame_sums(ByteView frame, LogByteOrder order, LogSums before) {
  return model::pages::add_to_log_sums(frame.part(k_frame_header_bytes), order,
                                       model::pages::add_to_log_sums(frame.part(0, 8), order, before));
}

bool is_page_size(std::uint32_t bytes) { return bytes >= 512 && bytes <= 65536 && std::has_single_bit(bytes); }

/// Frames in order, until one does not fit.
class FrameReader {
 public:
  FrameReader(base::ByteSource& source, WalFrames& wal, ByteView header)
      : source_(source),
        wal_(wal),
        order_((header.be32(0) & 1U) != 0 ? LogByteOrder::big : LogByteOrder::little),
        salts_(header.be64(16)),
        before_(model::pages::stored_log_sums(header, 24)),
        frame_(k_frame_header_bytes + wal.page_bytes) {
    wal_.salts = salts_;
  }

  base::Status read_all() {
    PageOffsets pending;
    for (std::uint64_t at = k_wal_header_bytes; wal_.frames < k_frames_max; at += frame_.size()) {
      LG_ASSIGN(const bool is_whole, read_frame(at));
      if (!is_whole) return base::Done{};
      const LogSums stored = model::pages::stored_log_sums(view(), 16);
      const bool is_ours = view().be64(8) == salts_ && view().be32(0) != 0;
      if (!is_ours || frame_sums(view(), order_, before_) != stored) return look_behind(at);
      before_ = stored;
      ++wal_.frames;
      ++wal_.uncommitted;
      if (view().be32(0) == 1 && wal_.first_page_at == 0) wal_.first_page_at = at + k_frame_header_bytes;
      pending[view().be32(0)] = at + k_frame_header_bytes;
      if (view().be32(4) == 0) continue;
      ++wal_.commits;
      wal_.uncommitted = 0;
      wal_.pages_after = view().be32(4);
      for (const auto& [page, offset] : pending) wal_.pages[page] = offset;
      pending.clear();
    }
    return base::Done{};
  }

 private:
  [[nodiscard]] ByteView view() const { return ByteView(std::span<const std::uint8_t>(frame_)); }

  base::Result<bool> read_frame(std::uint64_t at) {
    LG_ASSIGN(const std::size_t got, source_.read(at, frame_));
    return got == frame_.size();
  }

  /// A frame that was torn by a crash is the last one written. One that others of the same use of the log stand behind
  /// was changed later: two that fit one behind the other prove it.
  base::Status look_behind(std::uint64_t at) {
    const bool is_zeros = std::all_of(frame_.begin(), frame_.end(), [](std::uint8_t byte) { return byte == 0; });
    bool has_before = false;
    LogSums before{};
    for (std::uint64_t next = at + (is_zeros ? frame_.size() : 0); next < source_.size_bytes(); next += frame_.size()) {
      LG_ASSIGN(const bool is_whole, read_frame(next));
      if (!is_whole) break;
      const bool is_ours = view().be64(8) == salts_ && view().be32(0) != 0;
      const LogSums stored = model::pages::stored_log_sums(view(), 16);
      if (is_ours && has_before && frame_sums(view(), order_, before) == stored) {
        wal_.broken_at = at;
        return base::Done{};
      }
      has_before = is_ours;
      before = stored;
    }
    if (is_zeros) wal_.zeros_at = at;
    return base::Done{};
  }

  base::ByteSource& source_;
  WalFrames& wal_;
  LogByteOrder order_;
  std::uint64_t salts_;
  LogSums before_;
  std::vector<std::uint8_t> frame_;
};

}  // namespace

base::Result<WalFrames> read_wal_frames(base::ByteSource& source) {
  WalFrames wal;
  std::vector<std::uint8_t> bytes(k_wal_header_bytes);
  LG_ASSIGN(const std::size_t got, source.read(0, bytes));
  const ByteView header(std::span<const std::uint8_t>(bytes.data(), got));
  if (header.empty()) return wal;
  const LogByteOrder order = (header.be32(0) & 1U) != 0 ? LogByteOrder::big : LogByteOrder::little;
  if (got < k_wal_header_bytes || (header.be32(0) & ~1U) != k_wal_magic || header.be32(4) != 3007000) {
    wal.fault = "it does not begin as a log";
  } else if (!is_page_size(header.be32(8))) {
    wal.fault = "its page size cannot be";
  } else if (model::pages::add_to_log_sums(header.part(0, 24), order, {}) !=
             model::pages::stored_log_sums(header, 24)) {
    wal.fault = "the checksum of its header does not fit";
  }
  if (!wal.fault.empty()) return wal;
  wal.page_bytes = header.be32(8);
  LG_TRY(FrameReader(source, wal, header).read_all());
  return wal;
}

base::Result<Journal> read_journal(base::ByteSource& source) {
  using namespace std::string_view_literals;
  constexpr std::string_view k_magic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"sv;
  Journal journal;
  std::vector<std::uint8_t> bytes(28);
  std::uint64_t at = 0;
  while (journal.records < k_frames_max) {
    LG_ASSIGN(const std::size_t got, source.read(at, bytes));
    const ByteView header(std::span<const std::uint8_t>(bytes.data(), got));
    if (got < bytes.size() || !header.matches(0, k_magic)) return journal;
    const std::uint32_t sector_bytes = header.be32(20);
    const std::uint32_t page_bytes = header.be32(24);
    if (!is_page_size(page_bytes) || sector_bytes < 32 || sector_bytes > 65536 || !std::has_single_bit(sector_bytes) ||
        (journal.is_hot && page_bytes != journal.page_bytes)) {
      journal.fault = "its header's sizes cannot be";
      return journal;
    }
    if (!journal.is_hot) journal.pages_before = header.be32(16);
    journal.is_hot = true;
    journal.page_bytes = page_bytes;
    const std::uint32_t nonce = header.be32(12);
    const std::uint32_t count = header.be32(8);
    std::vector<std::uint8_t> record(std::size_t{page_bytes} + 8);
    at += sector_bytes;
    for (std::uint64_t i = 0; count == 0xFFFFFFFF || i < count; ++i, at += record.size()) {
      LG_ASSIGN(const std::size_t read, source.read(at, record));
      const ByteView view{std::span<const std::uint8_t>(record)};
      std::uint32_t sum = nonce;
      for (std::uint32_t byte = page_bytes; byte > 200;) {
        byte -= 200;
        sum += view.u8(4 + byte);
      }
      if (read < record.size() || view.be32(0) == 0 || sum != view.be32(4 + page_bytes)) {
        // The count is written when the records are on disk; until then it is 0, or says that nobody counts.
        if (count != 0xFFFFFFFF) journal.lost_at = at;
        return journal;
      }
      journal.pages.emplace(view.be32(0), at + 4);  // the first record of a page is how it was
      if (++journal.records >= k_frames_max) return journal;
    }
    at = (at + sector_bytes - 1) / sector_bytes * sector_bytes;
  }
  return journal;
}

}  // namespace lastgood::engines::sqlite
