// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Binary log and relay log of MySQL and MariaDB. Facts: MySQL Internals Manual, "The Binary Log", and MariaDB
// documentation, "Replication Protocol".
//
//   file  = fe "bin" event*               fd "bin": encrypted by MySQL 8 with its owner's key
//   event = time(4) type(1) server(4) length(4) next position(4) flags(2) body [crc32(4)]
//
// The first event (type 15, "format description") says in its last bytes whether events end with a CRC-32. MariaDB's
// event 164 says that the events behind it are encrypted: of those only the length is readable.
#include "formats/mysql_binlog/mysql_binlog_walker.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/checksum.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::Depth;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::string_view k_magic = "\xfe\x62\x69\x6e"sv;
constexpr std::string_view k_magic_sealed = "\xfd\x62\x69\x6e"sv;
constexpr std::uint64_t k_header_bytes = 19;
constexpr std::uint64_t k_sum_bytes = 4;
constexpr std::uint8_t k_format_description = 15;
constexpr std::uint8_t k_start_encryption = 164;
constexpr std::uint64_t k_event_bytes_max = (std::uint64_t{1} << 30) + (1 << 20);
constexpr std::uint64_t k_usual_event_bytes_max = 1024 * 1024;
/// Beyond memory, below `full`: so much of the log's start is followed event by event.
constexpr std::uint64_t k_start_bytes = 1024 * 1024;

Likeness recognise(const Edges& edges) {
  return edges.head.matches(0, k_magic) || edges.head.matches(0, k_magic_sealed) ? Likeness::strong : Likeness::none;
}

/// 1 to 42 are MySQL's, 160 to 171 MariaDB's.
bool is_event_type(std::uint8_t type) { return (type >= 1 && type <= 48) || (type >= 160 && type <= 180); }

struct LogForm {
  bool has_sums = false;
  bool is_sealed = false;  // from here on
};

bool event_fits(WalkInput& input, std::uint64_t at, std::uint64_t length) {
  const std::uint64_t end = at + length - k_sum_bytes;
  std::uint32_t sum = 0;
  for (std::uint64_t from = at; from < end;) {
    const ByteView piece = input.at(from, static_cast<std::size_t>(std::min<std::uint64_t>(end - from, 256 * 1024)));
    if (piece.empty()) return false;
    if (from == at && piece.u8(4) == k_format_description) {
      // The flag "in use" is set after the sum was taken and is cleared when the log is closed.
      std::array<std::uint8_t, k_header_bytes> header{};
      std::copy_n(piece.begin(), std::min<std::size_t>(piece.size(), k_header_bytes), header.begin());
      header[17] &= 0xFE;
      sum = base::crc32(piece.part(k_header_bytes), base::crc32(ByteView(std::span<const std::uint8_t>(header)), sum));
    } else {
      sum = base::crc32(piece, sum);
    }
    from += piece.size();
  }
  return input.at(end, k_sum_bytes).le32(0) == sum;
}

/// Does an event stand here whose own next position agrees with its place?
bool is_in_step(ByteView bytes, std::uint64_t at_in_view, std::uint64_t at) {
  const std::uint32_t length = bytes.le32(at_in_view + 9);
  return length >= k_header_bytes && bytes.le32(at_in_view + 13) == static_cast<std::uint32_t>(at + length) &&
         is_event_type(bytes.u8(at_in_view + 4));
}

/// An event begins at `at`, and the content ends before it does. Of an encrypted one only the length is readable.
bool ends_inside(ByteView header, const LogForm& form, std::uint64_t at, std::uint64_t size) {
  if (header.size() < k_header_bytes) return true;
  const std::uint64_t length = header.le32(9);
  if (length <= size - at) return false;
  return form.is_sealed ? length <= k_usual_event_bytes_max : is_in_step(header, 0, at);
}

struct Chain {
  std::uint64_t events = 0;
  std::uint64_t at = 0;  // where it ended
  bool is_broken = false;
};

/// Follows events from `at` to the end of the content, or to `stop_at`.
Chain walk_events(WalkInput& input, WalkReport& report, LogForm& form, std::uint64_t at, std::uint64_t stop_at) {
  Chain chain{.at = at};
  const bool check_sums = input.depth() == Depth::full || !input.whole().empty();
  while (chain.at < stop_at && input.may_continue()) {
    const ByteView header = input.at(chain.at, k_header_bytes);
    const std::uint64_t length = header.le32(9);
    const bool fits = header.size() == k_header_bytes && length >= k_header_bytes && length <= k_event_bytes_max &&
                      length <= input.size_bytes() - chain.at && (form.is_sealed || is_event_type(header.u8(4)));
    const std::uint8_t type = header.u8(4);
    if (!fits) {
      const bool is_unwritten = header.le64(0) == 0 && header.le64(8) == 0;  // room reserved ahead
      if (is_unwritten) return chain;
      report.breaks(ends_inside(header, form, chain.at, input.size_bytes()) ? "mysql-binlog.cut" : "mysql-binlog.event",
                    fmt::format("no event header at byte {} after {} events", chain.at, chain.events),
                    {.from = chain.at, .to = input.size_bytes()});
      chain.is_broken = true;
      return chain;
    }
    if (check_sums && form.has_sums && !form.is_sealed && !event_fits(input, chain.at, length)) {
      if (input.stopped()) return chain;
      report.breaks(
          "mysql-binlog.crc",
          fmt::format("event of type {} at byte {}: its CRC-32 does not fit its {} bytes", type, chain.at, length),
          {.from = chain.at, .to = chain.at + length});
      chain.is_broken = true;
    }
    if (form.is_sealed) {
      report.region(chain.at, chain.at + length, RegionKind::compressed);
    } else {
      report.region(chain.at, chain.at + length,
                    check_sums && form.has_sums ? RegionKind::verified : RegionKind::structured);
    }
    if (type == k_start_encryption && !form.is_sealed) form.is_sealed = true;
    chain.at += length;
    ++chain.events;
  }
  return chain;
}

constexpr std::size_t k_not_found = SIZE_MAX;

/// Place in `bytes`, which stand at `from`, of the first event in step.
std::size_t find_event(ByteView bytes, std::uint64_t from) {
  for (std::size_t i = 0; i + k_header_bytes <= bytes.size(); ++i) {
    if (is_in_step(bytes, i, from + i)) return i;
  }
  return k_not_found;
}

/// Follows headers alone from an event to the first one at or behind `to`; gives the place where no header fits, or
/// nothing when all do.
std::optional<std::uint64_t> find_break(WalkInput& input, std::uint64_t at, std::uint64_t to) {
  while (at < to && input.may_continue()) {
    const ByteView header = input.at(at, k_header_bytes);
    const std::uint64_t length = header.le32(9);
    const bool fits = header.size() == k_header_bytes && is_in_step(header, 0, at) && length <= input.size_bytes() - at;
    if (!fits) return at;
    at += length;
  }
  return std::nullopt;
}

/// Windows in the middle, where the chain is not followed. Where a window has no event in step, one long event must
/// cover it: then the chain from the event before leads across.
void check_middle(WalkInput& input, WalkReport& report, std::uint64_t from) {
  constexpr std::size_t k_window = 32 * 1024;
  constexpr std::uint64_t k_stretch_bytes = 1024 * 1024;
  constexpr std::uint64_t k_named_max = 40;
  const std::uint64_t windows_max = input.depth() == Depth::quick ? 64 : 1024;
  const std::uint64_t stride = std::max(k_stretch_bytes, input.size_bytes() / windows_max);
  std::optional<std::uint64_t> before = from;  // an event in step; empty behind a break
  std::uint64_t windows = 0;
  std::uint64_t bad = 0;
  for (std::uint64_t at = from + stride / 2; at + k_edge_bytes < input.size_bytes(); at += stride) {
    if (!input.may_continue(k_window / 1024)) return;
    ++windows;
    const std::size_t found = find_event(input.at(at, k_window), at);
    if (found == k_not_found && bad < k_named_max) {
      const std::optional<std::uint64_t> break_at = before ? find_break(input, *before, at + k_window) : at;
      if (!break_at || input.stopped()) continue;
      ++bad;
      report.breaks("mysql-binlog.middle",
                    fmt::format("no event header at byte {} and none in step to byte {}", *break_at, at + k_window),
                    {.from = *break_at, .to = at + k_window});
    }
    before = found == k_not_found ? std::nullopt : std::optional(at + found);
  }
  if (bad == 0)
    report.holds("mysql-binlog.middle", fmt::format("events are in step in {} windows of the middle", windows));
}

/// The log's end, when its middle is not read: from the first event in step in the tail the chain must reach the end.
void check_end(WalkInput& input, WalkReport& report, LogForm& form, const Chain& start) {
  const ByteView tail = input.tail();
  const std::uint64_t tail_from = input.size_bytes() - tail.size();
  const std::size_t first = find_event(tail, tail_from);
  if (first == k_not_found) {
    report.remarks("mysql-binlog.end", "no event begins in the last 64 KiB",
                   {.from = tail_from, .to = input.size_bytes()});
    return;
  }
  const Chain chain = walk_events(input, report, form, tail_from + first, input.size_bytes());
  if (chain.is_broken) return;
  report.end_bytes = chain.at;
  report.reach = Reach::frame;
  report.holds("mysql-binlog.end",
               fmt::format("{} events from byte {} reach the end", chain.events, tail_from + first));
  check_middle(input, report, start.at);
}

/// Reads the format description; false when it is none.
bool parse_description(ByteView head, LogForm& form) {
  const std::uint64_t length = head.le32(4 + 9);
  if (head.u8(4 + 4) != k_format_description || length < 80 || length > 1024) return false;
  // A name of fifty bytes, then times and lengths of headers; versions that know sums end with the method and a sum.
  const std::uint8_t method = head.u8(4 + length - 5);
  const bool knows_sums =
      base::crc32(head.part(4, length - k_sum_bytes)) == head.le32(4 + length - k_sum_bytes) || method <= 1;
  form.has_sums = knows_sums && method == 1;
  return true;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (head.matches(0, k_magic_sealed) && head.u8(4) == 1) {
    report.shape = Shape::sealed;
    report.region(0, std::min<std::uint64_t>(512, input.size_bytes()), RegionKind::structured);
    report.region(512, input.size_bytes(), RegionKind::compressed);
    report.holds("mysql-binlog.encrypted", "the header of a log encrypted by the server");
    return report;
  }
  if (!head.matches(0, k_magic)) return report;
  report.shape = Shape::whole;
  report.region(0, 4, RegionKind::structured);
  LogForm form;
  if (input.size_bytes() == 4) {
    report.end_bytes = 4;
    report.holds("mysql-binlog.empty", "a log without events");
    return report;
  }
  if (!parse_description(head, form)) {
    report.breaks("mysql-binlog.description", "the first event is no format description",
                  {.from = 4, .to = std::min<std::uint64_t>(128, input.size_bytes())});
    return report;
  }
  const bool follow_all = input.depth() == Depth::full || !input.whole().empty();
  const Chain chain = walk_events(input, report, form, 4,
                                  follow_all ? input.size_bytes() : std::min(k_start_bytes, input.size_bytes()));
  if (chain.is_broken) return report;
  if (form.is_sealed) report.shape = Shape::sealed;
  report.holds("mysql-binlog.events", fmt::format("{} events follow each other to byte {}{}", chain.events, chain.at,
                                                  form.has_sums ? ", with CRC-32" : ""));
  if (input.stopped()) return report;
  if (!follow_all && !form.is_sealed) {
    check_end(input, report, form, chain);
  } else if (follow_all) {
    report.end_bytes = chain.at;
    report.reach = form.has_sums && !form.is_sealed ? Reach::content : Reach::frame;
  }
  return report;
}

}  // namespace

const Format k_mysql_binlog_format = {.id = "mysql_binlog",
                                      .title = "MySQL binary log",
                                      .family = Family::database,
                                      .claims = {},
                                      .recognise = recognise,
                                      .walk = walk};

}  // namespace lastgood::formats
