// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/redo_log.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/checksum.h"
#include "engines/unit_check.h"

namespace lastgood::engines::mariadb {

using base::ByteView;

namespace {

constexpr std::uint64_t k_ring_at = 12288;
constexpr std::uint64_t k_transaction_bytes_max = 1U << 20;
constexpr std::size_t k_files_max = 100'000;
constexpr std::uint64_t k_looked_back_bytes_max = std::uint64_t{1} << 30;
constexpr std::size_t k_pages_max = 4'000'000;
constexpr std::uint32_t k_format_stream = 0x50687973;
constexpr std::uint32_t k_format_sealed = 0xF09F979D;

struct Number {
  std::uint32_t value = 0;
  std::uint64_t length = 0;  // 0: there is none
};

/// One to five bytes; the longer ones count on from where the shorter ones end.
Number parse_number(ByteView bytes, std::uint64_t at) {
  constexpr std::uint32_t k_two = 1U << 7;
  constexpr std::uint32_t k_three = k_two + (1U << 14);
  constexpr std::uint32_t k_four = k_three + (1U << 21);
  constexpr std::uint32_t k_five = k_four + (1U << 28);
  const std::uint8_t first = bytes.u8(at);
  const Number number = first < 0x80   ? Number{first, 1}
                        : first < 0xC0 ? Number{(bytes.be16(at) & 0x3FFFU) + k_two, 2}
                        : first < 0xE0 ? Number{(bytes.be24(at) & 0x1FFFFFU) + k_three, 3}
                        : first < 0xF0 ? Number{(bytes.be32(at) & 0xFFFFFFFU) + k_four, 4}
                                       : Number{bytes.be32(at + 1) + k_five, 5};
  return bytes.has(at, number.length) ? number : Number{};
}

/// The ring as one long row of bytes, read in pieces.
class Ring {
 public:
  Ring(base::ByteSource& source, Lsn first) : source_(source), first_(first), size_(source.size_bytes() - k_ring_at) {}

  [[nodiscard]] std::uint8_t end_mark(Lsn lsn) const {
    return ((lsn - first_) / size_ & 1) == 0 ? std::uint8_t{1} : std::uint8_t{0};
  }
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Up to twice the longest mini-transaction from `lsn` on. Valid until the next call.
  base::Result<ByteView> from(Lsn lsn) {
    if (lsn < window_from_ || lsn + k_transaction_bytes_max + 16 > window_from_ + window_.size()) {
      const std::uint64_t wanted = std::min<std::uint64_t>(4 * k_transaction_bytes_max, size_);
      window_.resize(static_cast<std::size_t>(wanted));
      window_from_ = lsn;
      std::uint64_t done = 0;
      while (done < wanted) {
        const std::uint64_t in_ring = (lsn - first_ + done) % size_;
        const std::uint64_t step = std::min(wanted - done, size_ - in_ring);
        LG_ASSIGN(const std::size_t got,
                  source_.read(k_ring_at + in_ring, std::span(window_).subspan(static_cast<std::size_t>(done),
                                                                               static_cast<std::size_t>(step))));
        if (got == 0) break;
        done += got;
      }
      window_.resize(static_cast<std::size_t>(done));
    }
    return ByteView(std::span<const std::uint8_t>(window_)).part(lsn - window_from_);
  }

 private:
  base::ByteSource& source_;
  Lsn first_;
  std::uint64_t size_;
  std::vector<std::uint8_t> window_;
  Lsn window_from_ = 0;
};

/// Length of the records of the mini-transaction at the start of `bytes`, without its end; nothing when none is there.
std::optional<std::uint64_t> records_length(ByteView bytes) {
  std::uint64_t at = 0;
  while (at < bytes.size() && at < k_transaction_bytes_max) {
    const std::uint8_t kind = bytes.u8(at);
    if (kind <= 1) return at == 0 ? std::nullopt : std::optional(at);
    ++at;
    std::uint64_t length = kind & 0xFU;
    if (length == 0) {
      const Number more = parse_number(bytes, at);
      if (more.length == 0) return std::nullopt;
      length = std::uint64_t{more.value} + 15;
    }
    at += length;
  }
  return std::nullopt;
}

class Follower {
 public:
  Follower(RedoLog& log, Lsn settled) : log_(log), settled_(settled) {}

  /// Takes one mini-transaction that ends at `end`.
  void take(ByteView records, Lsn end) {
    std::uint64_t at = 0;
    PageId page = 0;
    bool has_page = false;
    while (at < records.size()) {
      const std::uint8_t kind = records.u8(at++);
      std::uint64_t length = kind & 0xFU;
      std::uint64_t skip = 0;
      if (length == 0) {
        const Number more = parse_number(records, at);
        length = std::uint64_t{more.value} + 15;
        skip = more.length;
      }
      const ByteView body = records.part(at + skip, length - std::min(length, skip));
      at += length;
      if ((kind & 0x80U) != 0 && has_page) {
        take_page(page, kind & 0x70U, end);
        continue;
      }
      const Number space = parse_number(body, 0);
      const Number number = parse_number(body, space.length);
      if ((kind & 0x80U) == 0) {
        page = page_id(space.value, number.value);
        has_page = true;
        take_page(page, kind & 0x70U, end);
      } else {
        take_file(kind & 0xF0U, space.value, body, end);
      }
    }
  }

 private:
  void take_page(PageId page, std::uint32_t operation, Lsn end) {
    constexpr std::uint32_t k_free = 0x00;
    constexpr std::uint32_t k_make = 0x10;
    constexpr std::uint32_t k_option = 0x70;
    if (operation == k_option) return;
    const bool is_settled = end <= settled_;
    if (!is_settled) log_.has_changes = true;
    if (log_.pages.size() >= k_pages_max && !log_.pages.contains(page)) {
      log_.are_facts_whole = false;
      return;
    }
    PageFacts& facts = log_.pages[page];
    if (is_settled) {
      facts.written_min = operation == k_free ? 0 : end;
    } else {
      facts.is_made_anew = facts.is_made_anew || operation == k_free || operation == k_make;
      facts.is_freed = facts.is_freed || operation == k_free;
    }
  }

  void take_file(std::uint32_t operation, std::uint32_t space, ByteView body, Lsn end) {
    constexpr std::uint32_t k_delete = 0x90;
    constexpr std::uint32_t k_checkpoint = 0xF0;
    constexpr std::uint32_t k_create = 0x80;
    // What was made before the checkpoint, replay does not make again.
    if (operation == k_create && end > settled_ && log_.made_files.size() < k_files_max) {
      std::string_view name = body.part(parse_number(body, 0).length + 1).text();
      if (name.starts_with("./")) name.remove_prefix(2);
      log_.made_files.emplace(name);
    }
    if (operation == k_delete) log_.deleted_spaces[space] = end;
    // Two zeros for tablespace and page, then the checkpoint's LSN.
    if (operation == k_checkpoint && body.be64(2) == log_.checkpoint) log_.saw_checkpoint = true;
  }

  RedoLog& log_;
  Lsn settled_;
};

bool is_zero_block(ByteView block) {
  return std::all_of(block.begin(), block.end(), [](std::uint8_t byte) { return byte == 0; });
}

/// From `from` to the last mini-transaction that fits, whose end is given; `only_to`: not beyond.
base::Result<Lsn> follow(Ring& ring, RedoLog& log, Follower& follower, Lsn from, Lsn only_to) {
  Lsn at = from;
  while (at < only_to && at - from < ring.size()) {
    LG_ASSIGN(const ByteView bytes, ring.from(at));
    const std::optional<std::uint64_t> length = records_length(bytes);
    if (!length || !bytes.has(*length, 5) || bytes.u8(*length) != ring.end_mark(at + *length)) break;
    if (base::crc32c(bytes.part(0, *length)) != bytes.be32(*length + 1)) break;
    const Lsn end = at + *length + 5;
    follower.take(bytes.part(0, *length), end);
    ++log.transactions;
    at = end;
  }
  log.end = std::max(log.end, at);
  return at;
}

}  // namespace

namespace {

/// The first place at or behind `from` where mini-transactions follow each other, or `to`: what was overwritten by the
/// ring's newest pass has no beginning.
base::Result<Lsn> find_start(Ring& ring, Lsn from, Lsn to) {
  std::uint64_t summed_bytes = 0;
  constexpr std::uint64_t k_summed_bytes_max = 64U << 20;
  for (Lsn at = from; at < to && summed_bytes < k_summed_bytes_max; ++at, ++summed_bytes) {
    LG_ASSIGN(const ByteView bytes, ring.from(at));
    const std::optional<std::uint64_t> length = records_length(bytes);
    if (!length || !bytes.has(*length, 5) || bytes.u8(*length) != ring.end_mark(at + *length)) continue;
    summed_bytes += *length;
    if (base::crc32c(bytes.part(0, *length)) == bytes.be32(*length + 1)) return at;
  }
  return to;
}

}  // namespace

namespace {

/// What the log says from `oldest` to the checkpoint. A stretch that breaks off before it is of no use: a page may have
/// been freed behind it, and such a page is not written.
base::Status look_back(Ring& ring, RedoLog& log, Follower& follower, Lsn oldest) {
  constexpr int k_stretches_max = 64;
  Lsn at = oldest;
  for (int i = 0; i < k_stretches_max && at < log.checkpoint; ++i) {
    if (i > 0 || oldest != log.first) {
      LG_ASSIGN(at, find_start(ring, at, log.checkpoint));
    }
    if (at >= log.checkpoint) break;
    LG_ASSIGN(const Lsn end, follow(ring, log, follower, at, log.checkpoint));
    if (end >= log.checkpoint) return base::Done{};
    for (auto& [page, facts] : log.pages) facts.written_min = 0;
    at = std::max(end, at + 1);
  }
  return base::Done{};
}

/// Whether two mini-transactions stand at `at` one behind the other, written in this pass through the ring, or, where
/// `turned` is 1, in one before.
base::Result<bool> stand_at(Ring& ring, Lsn at, std::uint8_t turned) {
  for (int i = 0; i < 2; ++i) {
    constexpr std::uint64_t k_short_bytes = 4096;  // most are; long ones would be summed from each of their bytes on
    LG_ASSIGN(const ByteView ahead, ring.from(at));
    const ByteView bytes = ahead.part(0, k_short_bytes);
    const std::optional<std::uint64_t> length = records_length(bytes);
    if (!length || !bytes.has(*length, 5) || bytes.u8(*length) != (ring.end_mark(at + *length) ^ turned)) return false;
    if (base::crc32c(bytes.part(0, *length)) != bytes.be32(*length + 1)) return false;
    at += *length + 5;
  }
  return true;
}

base::Result<bool> goes_on(Ring& ring, Lsn from, Lsn to, std::uint8_t turned) {
  for (Lsn at = from; at < to; ++at) {
    LG_ASSIGN(const bool stands, stand_at(ring, at, turned));
    if (stands) return true;
  }
  return false;
}

}  // namespace

base::Result<std::string> find_lost_end(base::ByteSource& source, const RedoLog& log) {
  constexpr std::uint64_t k_looked_for_bytes_max = std::uint64_t{1} << 20U;
  constexpr std::uint64_t k_of_old_bytes_max = std::uint64_t{256} << 10U;
  constexpr std::uint64_t k_block_bytes = 4096;
  if (log.form != RedoLog::Form::stream || log.is_sealed || !log.fault.empty() || source.size_bytes() <= k_ring_at + 16)
    return std::string();
  Ring ring(source, log.first);
  // Blocks are written whole: what stands behind the end in the last one may be of a write before.
  const std::uint64_t in_block = (k_ring_at + (log.end - log.first) % ring.size()) % k_block_bytes;
  const Lsn behind = log.end + k_block_bytes - in_block;
  const std::uint64_t free_bytes = ring.size() - std::min(ring.size(), behind - log.checkpoint);
  LG_ASSIGN(const bool is_broken, goes_on(ring, behind, behind + std::min(free_bytes, k_looked_for_bytes_max), 0));
  if (is_broken) return fmt::format("it is broken at {} and goes on behind that", log.end);
  if (free_bytes < k_block_bytes) return std::string();
  LG_ASSIGN(const ByteView bytes, ring.from(behind));
  if (!looks_random(bytes.part(0, k_block_bytes))) return std::string();
  // What was written in the pass before may hold compressed or encrypted values.
  LG_ASSIGN(const bool is_old, goes_on(ring, behind, behind + std::min(free_bytes, k_of_old_bytes_max), 1));
  return is_old ? std::string() : fmt::format("the bytes behind its end, at {}, look random", log.end);
}

base::Result<RedoLog> read_redo_log(base::ByteSource& source) {
  RedoLog log;
  std::vector<std::uint8_t> start(static_cast<std::size_t>(k_ring_at));
  LG_ASSIGN(const std::size_t got, source.read(0, start));
  const ByteView head(std::span<const std::uint8_t>(start.data(), got));
  const std::uint32_t format = head.be32(0);
  const bool sum_fits = head.size() >= 512 && base::crc32c(head.part(0, 508)) == head.be32(508);
  if (format != k_format_stream && format != k_format_sealed) {
    const bool is_older = sum_fits || (head.be32(0) == 0 && head.size() >= 512);
    log.form = is_older ? RedoLog::Form::blocks : RedoLog::Form::none;
    if (!is_older) log.fault = "it does not begin as a redo log";
    return log;
  }
  log.form = RedoLog::Form::stream;
  log.is_sealed = format == k_format_sealed;
  if (!sum_fits) log.fault = "the CRC-32C of its header does not fit";
  const std::string_view creator = head.part(16, 32).text();
  log.creator = std::string(creator.substr(0, creator.find('\0')));
  log.first = head.be64(8);
  for (const std::uint64_t at : {std::uint64_t{4096}, std::uint64_t{8192}}) {
    const ByteView block = head.part(at, 64);
    if (is_zero_block(block) || base::crc32c(block.part(0, 60)) != block.be32(60)) continue;
    const Lsn lsn = block.be64(0);
    if (lsn < log.first) continue;
    log.checkpoint = std::max(log.checkpoint, lsn);
  }
  log.end = std::max(log.first, log.checkpoint);
  if (log.fault.empty() && log.checkpoint == 0 && source.size_bytes() > k_ring_at + 16)
    log.fault = "none of its checkpoints fits its CRC-32C";
  if (!log.fault.empty() || log.is_sealed || source.size_bytes() <= k_ring_at + 16) return log;
  Ring ring(source, log.first);
  Follower follower(log, log.checkpoint);
  LG_ASSIGN([[maybe_unused]] const Lsn end, follow(ring, log, follower, log.checkpoint, UINT64_MAX));
  // What stands before the checkpoint needs no replay, and tells how old pages may be.
  const std::uint64_t kept_bytes = ring.size() - std::min(ring.size(), log.end - log.checkpoint);
  const std::uint64_t back_bytes = std::min({kept_bytes, log.checkpoint - log.first, k_looked_back_bytes_max});
  const Lsn oldest = log.checkpoint - back_bytes;
  LG_TRY(look_back(ring, log, follower, oldest));
  return log;
}

}  // namespace lastgood::engines::mariadb
