// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// cpio: new (newc, crc), old portable (odc) and old binary. Specification: POSIX.1-1988 for odc; cpio(5);
// Linux Documentation/driver-api/early-userspace/buffer-format.rst for what an initramfs adds.
//
//   content = (archive zero* )+ [compressed stream]              an initramfs: plain archives, then a compressed one
//   archive = entry* entry("TRAILER!!!")
//   newc    = "070701" | "070702"  13 fields of 8 hex digits, name NUL, pad to 4, data, pad to 4
//   odc     = "070707"  fields of 6 and 11 octal digits, name NUL, data
//   binary  = 71C7 in either byte order, 12 words, name NUL, pad to 2, data, pad to 2
#include "formats/cpio/cpio_walker.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "formats/codec/decode_stream.h"
#include "formats/decoded_unit.h"
#include "formats/payload_nature.h"
#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::Depth;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"cpio", Promise::firm}};
constexpr std::uint64_t k_name_bytes_max = 4096;
constexpr std::uint64_t k_named_after_break_bytes = 64 * 1024;
constexpr std::uint32_t k_trailer_name_bytes = 11;

struct Entry {
  std::uint64_t header_bytes = 0;
  std::uint64_t name_bytes = 0;  // with its NUL
  std::uint64_t data_bytes = 0;
  std::uint64_t align = 1;
  std::optional<std::uint32_t> sum;  // of a file's data, "crc" archives only
};

std::optional<std::uint64_t> parse_digits(ByteView field, unsigned bits) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : field) {
    unsigned digit = 16;
    if (byte >= '0' && byte <= '9') digit = byte - unsigned{'0'};
    if (byte >= 'a' && byte <= 'f') digit = byte - unsigned{'a'} + 10;
    if (byte >= 'A' && byte <= 'F') digit = byte - unsigned{'A'} + 10;
    if (digit >> bits != 0) return std::nullopt;
    value = (value << bits) | digit;
  }
  return value;
}

std::optional<Entry> parse_newc(ByteView bytes) {
  if (!bytes.has(0, 110)) return std::nullopt;
  for (std::uint64_t at = 6; at < 110; at += 8) {
    if (!parse_digits(bytes.part(at, 8), 4)) return std::nullopt;
  }
  Entry entry{.header_bytes = 110, .align = 4};
  entry.data_bytes = *parse_digits(bytes.part(54, 8), 4);
  entry.name_bytes = *parse_digits(bytes.part(94, 8), 4);
  const bool regular_file = (*parse_digits(bytes.part(14, 8), 4) & 0170000U) == 0100000U;
  if (bytes.u8(5) == '2' && regular_file) entry.sum = static_cast<std::uint32_t>(*parse_digits(bytes.part(102, 8), 4));
  return entry;
}

std::optional<Entry> parse_odc(ByteView bytes) {
  if (!bytes.has(0, 76) || !parse_digits(bytes.part(0, 76), 3)) return std::nullopt;
  return Entry{.header_bytes = 76,
               .name_bytes = *parse_digits(bytes.part(59, 6), 3),
               .data_bytes = *parse_digits(bytes.part(65, 11), 3)};
}

std::optional<Entry> parse_binary(ByteView bytes) {
  if (!bytes.has(0, 26)) return std::nullopt;
  const bool little = bytes.le16(0) == 070707;
  const auto word = [&](std::uint64_t at) { return std::uint64_t{little ? bytes.le16(at) : bytes.be16(at)}; };
  return Entry{.header_bytes = 26, .name_bytes = word(20), .data_bytes = (word(22) << 16) | word(24), .align = 2};
}

bool is_binary(ByteView head) { return head.le16(0) == 070707 || head.be16(0) == 070707; }

/// Header fields and a name of printable bytes that ends with its only NUL.
std::optional<Entry> parse_entry(ByteView bytes) {
  std::optional<Entry> entry;
  if (bytes.matches(0, "070701"sv) || bytes.matches(0, "070702"sv))
    entry = parse_newc(bytes);
  else if (bytes.matches(0, "070707"sv))
    entry = parse_odc(bytes);
  else if (is_binary(bytes))
    entry = parse_binary(bytes);
  if (!entry || entry->name_bytes < 2 || entry->name_bytes > k_name_bytes_max) return std::nullopt;
  const ByteView name = bytes.part(entry->header_bytes, entry->name_bytes);
  if (name.size() != entry->name_bytes || name.find("\0"sv) != name.size() - 1) return std::nullopt;
  return entry;
}

Likeness recognise(const Edges& edges) {
  if (!parse_entry(edges.head.part(0, 26 + k_name_bytes_max))) return Likeness::none;
  return is_binary(edges.head) ? Likeness::weak : Likeness::strong;
}

struct Walk {
  WalkInput& input;
  WalkReport& report;
  std::uint64_t at = 0;
  std::uint64_t entries = 0;
  std::uint64_t archives = 0;
  std::uint64_t summed = 0;
};

enum class Next : std::uint8_t { entry, trailer, stop };

std::uint64_t aligned(std::uint64_t at, std::uint64_t align) { return (at + align - 1) / align * align; }

std::uint32_t sum_of(WalkInput& input, std::uint64_t from, std::uint64_t to) {
  std::uint32_t sum = 0;
  while (from < to) {
    const ByteView piece = input.at(from, static_cast<std::size_t>(std::min<std::uint64_t>(to - from, 256 * 1024)));
    if (piece.empty()) break;
    for (const std::uint8_t byte : piece) sum += byte;
    from += piece.size();
  }
  return sum;
}

void check_data(Walk& walk, const Entry& entry, std::uint64_t from, std::uint64_t to) {
  if (from == to || walk.input.depth() == Depth::quick) return;
  const bool affordable = walk.input.depth() == Depth::full || !walk.input.whole().empty();
  if (entry.sum && affordable && walk.input.may_continue((to - from) / 1024)) {
    ++walk.summed;
    if (sum_of(walk.input, from, to) == *entry.sum) {
      walk.report.region(from, to, RegionKind::verified);
      return;
    }
    walk.report.breaks("cpio.sum", fmt::format("the sum of the {} bytes at byte {} does not fit", to - from, from),
                       {.from = from, .to = to});
    return;
  }
  const ByteView head = walk.input.at(from, static_cast<std::size_t>(std::min<std::uint64_t>(to - from, 300)));
  if (find_payload_nature(head) == PayloadNature::compressed) walk.report.region(from, to, RegionKind::compressed);
}

Next check_entry(Walk& walk) {
  const std::uint64_t size = walk.input.size_bytes();
  const ByteView bytes = walk.input.at(walk.at, 110 + k_name_bytes_max);
  const std::optional<Entry> entry = parse_entry(bytes);
  if (!entry) {
    walk.report.breaks("cpio.header",
                       fmt::format("no entry stands at byte {}, after {} entries", walk.at, walk.entries),
                       {.from = walk.at, .to = std::min(size, walk.at + k_named_after_break_bytes)});
    return Next::stop;
  }
  const bool trailer = entry->name_bytes == k_trailer_name_bytes && entry->data_bytes == 0 &&
                       bytes.matches(entry->header_bytes, "TRAILER!!!"sv);
  const std::uint64_t name_end = walk.at + entry->header_bytes + entry->name_bytes;
  const std::uint64_t from = std::min(size, aligned(name_end, entry->align));
  if (entry->data_bytes > size - from) {
    walk.report.breaks("cpio.length",
                       fmt::format("the entry at byte {} has {} bytes of data, the content ends at byte {}", walk.at,
                                   entry->data_bytes, size),
                       {.from = walk.at, .to = size});
    return Next::stop;
  }
  walk.report.region(walk.at, from, RegionKind::structured);
  const std::uint64_t to = from + entry->data_bytes;
  check_data(walk, *entry, from, to);
  walk.at = std::min(size, aligned(to, entry->align));
  if (trailer) return Next::trailer;
  ++walk.entries;
  return Next::entry;
}

/// The compressed archive an initramfs ends with. Its end is known when every byte is decoded.
void check_compressed_rest(Walk& walk, Codec codec) {
  const std::uint64_t size = walk.input.size_bytes();
  if (walk.input.depth() != Depth::full) {
    walk.report.region(walk.at, size, RegionKind::compressed);
    walk.report.end_bytes.reset();
    return;
  }
  const Decoded decoded = decode_stream(walk.input, walk.at, size, codec, UINT64_MAX);
  (void)report_decoding_to_end(walk.report, decoded, {.from = walk.at, .to = size}, "cpio.compressed",
                               "the compressed archive");
  walk.report.end_bytes.reset();
  if (decoded.end == DecodeEnd::complete) walk.at += decoded.consumed_bytes;
  if (decoded.end == DecodeEnd::complete) walk.report.end_bytes = walk.at;
}

/// Behind a trailer: padding, another archive, a compressed one, or nothing that belongs here.
Next pass_trailer(Walk& walk) {
  const std::uint64_t size = walk.input.size_bytes();
  ++walk.archives;
  walk.report.end_bytes = walk.at;
  const std::uint64_t zeros = zero_run_bytes(walk.input, walk.at);
  const std::uint64_t next = walk.at + zeros;
  if (next == size) {
    walk.report.allowed_trailing_bytes = zeros;
    return Next::stop;
  }
  const ByteView head = walk.input.at(next, 110 + k_name_bytes_max);
  const std::optional<Codec> codec = find_codec(head);
  if (!codec && !parse_entry(head)) return Next::stop;
  walk.report.region(walk.at, next, RegionKind::structured);
  walk.at = next;
  if (!codec) return Next::entry;
  check_compressed_rest(walk, *codec);
  return Next::stop;
}

WalkReport walk_entries(WalkInput& input) {
  WalkReport report;
  if (recognise({.head = input.head(), .size_bytes = input.size_bytes()}) == Likeness::none) return report;
  report.shape = Shape::whole;
  Walk walk{.input = input, .report = report};
  while (input.may_continue()) {
    Next next = check_entry(walk);
    if (next == Next::trailer) next = pass_trailer(walk);
    if (next == Next::stop) break;
  }
  if (input.stopped()) {
    report.remarks("cpio.limit", fmt::format("stopped by a limit after {} entries", walk.entries));
    return report;
  }
  report.reach = walk.summed > 0 ? Reach::sampled : Reach::frame;
  if (report.shape != Shape::whole) return report;
  report.holds("cpio.entries", fmt::format("{} entries in {} archives tile the content to byte {}", walk.entries,
                                           walk.archives, walk.at));
  return report;
}

}  // namespace

const Format k_cpio_format = {.id = "cpio",
                              .title = "cpio archive",
                              .family = Family::archive,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk_entries};

}  // namespace lastgood::formats
