// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// tar: v7, ustar, pax and GNU. Specification: POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar manual, appendix
// D.
//
//   archive = entry* zero-block zero-block padding       end blocks may be missing, archives may follow each other
//   entry   = header(512, its own checksum inside) [sparse-map(512)*] data, padded with zeros to 512
//
// What a member holds is only checked where it is padding: its payload is left to statistics, unless it begins as a
// compressed format.
#include "formats/tar/tar_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/payload_nature.h"
#include "formats/tar/tar_header.h"
#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::Depth;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"tar", Promise::firm}, NameClaim{"ova", Promise::firm},
                                 NameClaim{"gem", Promise::loose}, NameClaim{"gtar", Promise::firm},
                                 NameClaim{"oci", Promise::loose}};
constexpr std::uint64_t k_record_bytes = 20 * k_tar_block_bytes;
constexpr std::uint64_t k_pax_bytes_max = 1024 * 1024;
constexpr std::uint64_t k_resume_bytes_max = 64ULL * 1024 * 1024;
constexpr std::uint64_t k_quick_entries_max = 256;

Likeness recognise(const Edges& edges) {
  return is_tar_header(edges.head.part(0, k_tar_block_bytes)) ? Likeness::strong : Likeness::none;
}

struct Walk {
  WalkInput& input;
  WalkReport& report;
  std::uint64_t at = 0;
  std::uint64_t entries = 0;
  std::uint64_t end = 0;         // behind the last entry or end block that holds
  std::uint64_t zeros_from = 0;  // of the last run of zero blocks
  std::uint64_t pax_size = 0;    // of the next entry
  bool has_pax_size = false;
};

std::uint64_t pad_to_block(std::uint64_t bytes) { return (bytes + k_tar_block_bytes - 1) & ~(k_tar_block_bytes - 1); }

/// A hard link may carry data (pax) or only a size (others): what follows tells.
bool next_is_block(Walk& walk, std::uint64_t at) {
  const ByteView block = walk.input.at(at, k_tar_block_bytes);
  return block.empty() || is_tar_header(block) ||
         zero_run_bytes(walk.input, at, k_tar_block_bytes) == k_tar_block_bytes;
}

void name_payload(Walk& walk, std::uint64_t from, std::uint64_t to) {
  if (from == to || walk.input.depth() == Depth::quick) return;
  const ByteView head = walk.input.at(from, static_cast<std::size_t>(std::min<std::uint64_t>(to - from, 512)));
  if (find_payload_nature(head) == PayloadNature::compressed) walk.report.region(from, to, RegionKind::compressed);
}

/// A pax header gives the size of the next entry when it does not fit the octal field.
void read_pax(Walk& walk, std::uint64_t from, std::uint64_t bytes) {
  const ByteView records = walk.input.at(from, static_cast<std::size_t>(std::min(bytes, k_pax_bytes_max)));
  if (const auto size = find_pax_size(records)) {
    walk.pax_size = *size;
    walk.has_pax_size = true;
  }
}

/// Behind the sparse map's further blocks, of which each says whether one more follows.
std::uint64_t skip_sparse_map(Walk& walk, std::uint64_t at) {
  bool goes_on = true;
  while (goes_on && walk.input.may_continue()) {
    goes_on = walk.input.at(at, k_tar_block_bytes).u8(504) != 0;
    at += k_tar_block_bytes;
  }
  return at;
}

enum class Next : std::uint8_t { entry, stop };

Next check_entry(Walk& walk, const TarHeader& header) {
  const std::uint64_t size = walk.input.size_bytes();
  std::uint64_t from = walk.at + k_tar_block_bytes;
  std::uint64_t data_bytes = header.data_bytes;
  const bool describes_next = header.type == 'x' || header.type == 'X' || header.type == 'L' || header.type == 'K';
  if (!describes_next && header.type != 'g') {
    if (walk.has_pax_size) data_bytes = walk.pax_size;
    walk.has_pax_size = false;
  }
  if (header.sparse_goes_on) from = skip_sparse_map(walk, from);
  if (header.type == '1' && data_bytes > 0 && next_is_block(walk, from)) data_bytes = 0;
  if (from > size || data_bytes > size - from) {
    walk.report.breaks("tar.length",
                       fmt::format("the entry at byte {} has {} bytes of data, the content ends at byte {}", walk.at,
                                   data_bytes, size),
                       {.from = walk.at, .to = size});
    return Next::stop;
  }
  walk.report.region(walk.at, from, RegionKind::structured);
  if (header.type == 'x' || header.type == 'X') read_pax(walk, from, data_bytes);
  const std::uint64_t to = from + data_bytes;
  name_payload(walk, from, to);
  walk.at = std::min(size, from + pad_to_block(data_bytes));
  walk.end = walk.at;
  ++walk.entries;
  return Next::entry;
}

/// After a header that does not hold: the next offset where one does. Every block is looked at, because sizes are gone.
std::uint64_t find_next_header(Walk& walk, std::uint64_t from) {
  const std::uint64_t to = std::min(walk.input.size_bytes(), from + k_resume_bytes_max);
  for (std::uint64_t at = from; at < to; at += k_tar_block_bytes) {
    if (!walk.input.may_continue()) break;
    if (is_tar_header(walk.input.at(at, k_tar_block_bytes))) return at;
  }
  return walk.input.size_bytes();
}

enum class Resumed : std::uint8_t { yes, no };

Resumed pass_broken_header(Walk& walk) {
  const std::uint64_t next = find_next_header(walk, walk.at + k_tar_block_bytes);
  walk.report.breaks("tar.header", fmt::format("no header stands at byte {}, after {} entries", walk.at, walk.entries),
                     {.from = walk.at, .to = next});
  walk.at = next;
  return next == walk.input.size_bytes() ? Resumed::no : Resumed::yes;
}

/// Behind end blocks nothing follows that belongs to the archive, unless the zeros were no end but a hole in it.
Resumed pass_foreign(Walk& walk) {
  const std::uint64_t size = walk.input.size_bytes();
  if (walk.input.depth() == Depth::quick || size - walk.at < k_record_bytes) return Resumed::no;
  const std::uint64_t next = find_next_header(walk, walk.at);
  if (next == size) return Resumed::no;
  walk.report.breaks("tar.hole",
                     fmt::format("zeros from byte {} on are no end: entries go on at byte {}", walk.zeros_from, next),
                     {.from = walk.zeros_from, .to = next});
  walk.at = next;
  return Resumed::yes;
}

void conclude(Walk& walk) {
  WalkReport& report = walk.report;
  const std::uint64_t size = walk.input.size_bytes();
  report.reach = Reach::frame;
  if (walk.input.stopped() || (report.shape != Shape::whole && walk.end < walk.at)) return;
  report.end_bytes = walk.end;
  // Old tools left whatever was in the last record's buffer behind the end blocks.
  const bool whole_records = size % k_record_bytes == 0 && size - walk.end < k_record_bytes;
  if (whole_records) report.allowed_trailing_bytes = size - walk.end;
  if (report.shape != Shape::whole) return;
  report.holds("tar.headers", fmt::format("{} entries with fitting header checksums tile the content to byte {}",
                                          walk.entries, walk.end));
}

/// One or more blocks of zeros: the end, or the seam between two archives.
void pass_zeros(Walk& walk) {
  const std::uint64_t zeros = zero_run_bytes(walk.input, walk.at);
  const std::uint64_t blocks_end = walk.at + zeros / k_tar_block_bytes * k_tar_block_bytes;
  walk.report.region(walk.at, blocks_end, RegionKind::structured);
  walk.zeros_from = walk.at;
  walk.end = walk.at + zeros == walk.input.size_bytes() ? walk.input.size_bytes() : blocks_end;
  walk.at = walk.end;
}

WalkReport walk_entries(WalkInput& input) {
  WalkReport report;
  if (!is_tar_header(input.head().part(0, k_tar_block_bytes))) return report;
  report.shape = Shape::whole;
  Walk walk{.input = input, .report = report};
  bool after_end = false;
  while (walk.at < input.size_bytes()) {
    if (!input.may_continue() || (input.depth() == Depth::quick && walk.entries >= k_quick_entries_max)) {
      report.remarks("tar.limit", fmt::format("stopped after {} entries, at byte {}", walk.entries, walk.at));
      return report;
    }
    const auto header = parse_tar_header(input.at(walk.at, k_tar_block_bytes));
    if (header) {
      after_end = false;
      if (check_entry(walk, *header) == Next::stop) return report;
    } else if (zero_run_bytes(input, walk.at, k_tar_block_bytes) ==
               std::min(k_tar_block_bytes, input.size_bytes() - walk.at)) {
      pass_zeros(walk);
      after_end = true;
    } else if ((after_end ? pass_foreign(walk) : pass_broken_header(walk)) == Resumed::no) {
      break;
    }
  }
  conclude(walk);
  return report;
}

}  // namespace

const Format k_tar_format = {.id = "tar",
                             .title = "tar archive",
                             .family = Family::archive,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk_entries};

}  // namespace lastgood::formats
