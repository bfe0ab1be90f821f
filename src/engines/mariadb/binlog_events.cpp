// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
//
//   file  = 0xFE "bin" event*        0xFD "bin" when encrypted
//   event = time(4) type(1) server(4) length(4) end(4) flags(2) body [crc32(4)]
//   body of the first, the format = version(2) server_version(50) made(4) header_length(1) lengths* algorithm(1)
#include "engines/mariadb/binlog_events.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/checksum.h"

namespace lastgood::engines::mariadb {

namespace {

constexpr std::uint64_t k_header_bytes = 19;
constexpr std::uint64_t k_checksum_bytes = 4;
constexpr std::uint64_t k_flags_at = 17;

/// Reads forward in large pieces.
class Window {
 public:
  explicit Window(base::ByteSource& source) : source_(source), buffer_(std::size_t{1} << 20U) {}

  /// At most a buffer of it; shorter where the source ends.
  base::Result<base::ByteView> look(std::uint64_t at, std::uint64_t length) {
    const std::uint64_t wanted = std::min<std::uint64_t>(length, buffer_.size());
    if (at < from_ || at + wanted > from_ + got_) {
      from_ = at;
      got_ = 0;
      while (got_ < buffer_.size()) {
        LG_ASSIGN(const std::size_t got, source_.read(from_ + got_, std::span(buffer_).subspan(got_)));
        if (got == 0) break;
        got_ += got;
      }
    }
    return base::ByteView(std::span<const std::uint8_t>(buffer_.data(), got_)).part(at - from_, wanted);
  }

 private:
  base::ByteSource& source_;
  std::vector<std::uint8_t> buffer_;
  std::uint64_t from_ = 0;
  std::size_t got_ = 0;
};

enum class Checksums : std::uint8_t { none, crc32 };

/// Does the event end with the checksum of what it is? A mark says in the first event that the log is in use, and is
/// no part of it.
base::Result<bool> holds(Window& window, const BinlogEvent& event) {
  if (event.length < k_header_bytes + k_checksum_bytes) return false;
  const std::uint64_t end = event.at + event.length - k_checksum_bytes;
  std::uint32_t sum = 0;
  for (std::uint64_t at = event.at; at < end;) {
    LG_ASSIGN(const base::ByteView bytes, window.look(at, end - at));
    if (bytes.empty()) return false;
    std::uint64_t done = 0;
    if (at == event.at && event.type == k_format_event) {
      std::array<std::uint8_t, k_header_bytes> head{};
      std::copy_n(bytes.begin(), head.size(), head.begin());
      head[k_flags_at] &= 0xFEU;
      sum = base::crc32(base::ByteView(std::span<const std::uint8_t>(head)));
      done = head.size();
    }
    sum = base::crc32(bytes.part(done), sum);
    at += bytes.size();
  }
  LG_ASSIGN(const base::ByteView noted, window.look(end, k_checksum_bytes));
  return noted.size() == k_checksum_bytes && noted.le32(0) == sum;
}

/// What the first event says of all others. Logs of before there were checksums have none there either.
base::Result<Checksums> read_algorithm(Window& window, const BinlogEvent& event, BinlogWalk& walk) {
  LG_ASSIGN(const bool is_held, holds(window, event));
  LG_ASSIGN(const base::ByteView bytes, window.look(event.at, event.length));
  if (is_held) return bytes.u8(event.length - k_checksum_bytes - 1) == 1 ? Checksums::crc32 : Checksums::none;
  constexpr std::uint64_t k_version_at = k_header_bytes + 2;
  constexpr std::uint64_t k_version_bytes = 50;
  if (bytes.part(k_version_at, k_version_bytes).find("MariaDB") != base::ByteView::npos)
    walk.broken = "its first event does not fit its checksum";
  return Checksums::none;
}

/// Which events end a transaction that is kept: of one that a broken log cuts, statements stand there and no end.
class CommitMarks {
 public:
  bool is_commit(const BinlogEvent& event) {
    constexpr std::uint64_t k_gtid_flags_at = 12;
    constexpr std::uint8_t k_standalone = 1;  // its one statement is all of it
    if (event.type == k_gtid_event) is_open_ = (event.body.u8(k_gtid_flags_at) & k_standalone) == 0;
    const bool is_end = event.type == k_commit_event ||
                        (event.type == k_query_event && (!is_open_ || is_commit_text(statement_of(event))));
    if (is_end) is_open_ = false;
    return is_end;
  }

 private:
  static bool is_commit_text(std::string_view text) { return text == "COMMIT" || text.starts_with("XA COMMIT"); }

  /// body = thread(4) seconds(4) length of the database's name(1) error(2) length of variables(2) variables name 0 text
  static std::string_view statement_of(const BinlogEvent& event) {
    return event.body.part(std::uint64_t{14} + event.body.u8(8) + event.body.le16(11)).text();
  }

  bool is_open_ = false;  // a transaction of several events has begun
};

}  // namespace

base::Result<BinlogWalk> walk_binlog(base::ByteSource& source,
                                     const std::function<void(const BinlogEvent&)>& on_event) {
  BinlogWalk walk;
  Window window(source);
  LG_ASSIGN(const base::ByteView magic, window.look(0, 4));
  walk.is_sealed = magic.be32(0) == 0xFD62696E;
  walk.is_binlog = magic.be32(0) == 0xFE62696E || walk.is_sealed;
  if (!walk.is_binlog || walk.is_sealed) return walk;
  Checksums checksums = Checksums::none;
  CommitMarks marks;
  walk.whole_bytes = magic.size();
  while (walk.whole_bytes < source.size_bytes()) {
    const std::uint64_t at = walk.whole_bytes;
    LG_ASSIGN(const base::ByteView head, window.look(at, k_header_bytes));
    BinlogEvent event{.at = at,
                      .length = head.le32(9),
                      .time_s = head.le32(0),
                      .server = head.le32(5),
                      .type = head.u8(4),
                      .body = {}};
    if (head.size() < k_header_bytes || event.length < k_header_bytes || event.length > source.size_bytes() - at) {
      walk.broken = fmt::format("its event at {} is not whole", at);
      return walk;
    }
    if (event.type == k_start_encryption_event) {
      walk.is_sealed = true;
      return walk;
    }
    if (event.type == k_format_event) {
      LG_ASSIGN(checksums, read_algorithm(window, event, walk));
    } else if (checksums == Checksums::crc32) {
      LG_ASSIGN(const bool is_held, holds(window, event));
      if (!is_held) walk.broken = fmt::format("its event at {} does not fit its checksum", at);
    }
    if (!walk.broken.empty()) return walk;
    const std::uint64_t tail = checksums == Checksums::crc32 ? k_checksum_bytes : 0;
    if (event.length < k_header_bytes + tail) {
      walk.broken = fmt::format("its event at {} is not whole", at);
      return walk;
    }
    LG_ASSIGN(const base::ByteView all, window.look(at, event.length - tail));
    event.body = all.part(k_header_bytes);
    if (marks.is_commit(event)) walk.last_commit_s = std::max(walk.last_commit_s, event.time_s);
    on_event(event);
    walk.whole_bytes += event.length;
  }
  return walk;
}

}  // namespace lastgood::engines::mariadb
