// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Files of borg 1.x repositories. Specification: Borg documentation, "Data structures and file formats".
//
//   segment = "BORG_SEG" ("ATTICSEG") entry*
//   entry   = crc32(4, over the rest of the entry) size(4, of the whole entry) tag(1: 0 put, 1 delete, 2 commit)
//             [key(32), not of commit] [data, of put]; all little endian
//   index   = "BORG_IDX" entries(4) buckets(4) key size(1) value size(1), then bucket[buckets]
//   The data of an entry is encrypted by its owner, or compressed; the checksums cover it either way.
#include "formats/borg/borg_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/checksum.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::ByteRange;
using model::RegionKind;

constexpr std::uint64_t k_magic_bytes = 8;
constexpr std::uint64_t k_header_bytes = 9;
constexpr std::uint64_t k_key_bytes = 32;
constexpr std::uint64_t k_entry_bytes_max = 21ULL * 1024 * 1024;
constexpr std::uint8_t k_put = 0;
constexpr std::uint8_t k_delete = 1;
constexpr std::uint8_t k_commit = 2;

bool is_segment(ByteView head) { return head.matches(0, "BORG_SEG") || head.matches(0, "ATTICSEG"); }
bool is_index(ByteView head) { return head.matches(0, "BORG_IDX") || head.matches(0, "ATTICIDX"); }

Likeness recognise(const Edges& edges) {
  return is_segment(edges.head) || is_index(edges.head) ? Likeness::strong : Likeness::none;
}

struct Counts {
  std::uint64_t puts = 0;
  std::uint64_t deletes = 0;
  std::uint64_t commits = 0;
  std::uint64_t sealed = 0;  // puts whose envelope says that its content is encrypted
};

/// True when the envelope byte (0: keyfile, 1: passphrase, 3: repokey, 4 and 5: the same with BLAKE2) means encryption.
bool is_encrypted(std::uint8_t envelope) { return envelope <= 5 && envelope != 2; }

bool is_entry(ByteView header) {
  const std::uint64_t size = header.le32(4);
  const std::uint8_t tag = header.u8(8);
  if (header.size() < k_header_bytes || size > k_entry_bytes_max || tag > k_commit) return false;
  if (tag == k_commit) return size == k_header_bytes;
  return tag == k_delete ? size == k_header_bytes + k_key_bytes : size >= k_header_bytes + k_key_bytes;
}

bool crc_fits(WalkInput& input, std::uint64_t from, std::uint64_t size, std::uint32_t stored) {
  std::uint32_t crc = 0;
  for (std::uint64_t at = from + 4; at < from + size;) {
    const ByteView piece =
        input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(from + size - at, 256 * 1024)));
    if (piece.empty()) return false;
    crc = base::crc32(piece, crc);
    at += piece.size();
  }
  return crc == stored;
}

void conclude_segment(WalkInput& input, const Counts& counts, std::uint64_t at, WalkReport& report) {
  if (report.shape == Shape::broken) return;
  const bool checked = report.reach == Reach::content;
  report.end_bytes = at;
  if (at == input.size_bytes() && counts.sealed * 2 > counts.puts) report.shape = Shape::sealed;
  report.holds("borg.entries",
               fmt::format("{} puts, {} deletes and {} commits tile the segment to byte {}{}", counts.puts,
                           counts.deletes, counts.commits, at, checked ? ", every checksum fits" : ""));
}

void walk_segment(WalkInput& input, WalkReport& report) {
  const std::uint64_t size = input.size_bytes();
  const bool check_sums = input.depth() == model::Depth::full || !input.whole().empty();
  Counts counts;
  std::uint64_t at = k_magic_bytes;
  report.region(0, at, RegionKind::structured);
  report.reach = check_sums ? Reach::content : Reach::frame;
  while (at < size) {
    if (!input.may_continue()) {
      report.reach = Reach::opening;
      report.remarks("borg.limit", fmt::format("stopped by a limit at byte {}", at));
      return;
    }
    const ByteView opening = input.at(at, k_header_bytes + k_key_bytes + 1);
    const ByteView header = opening.part(0, k_header_bytes);
    if (!is_entry(header) || header.le32(4) > size - at) {
      if (counts.commits > 0 && size - at < k_header_bytes) break;
      report.breaks(
          is_entry(header) || header.size() < k_header_bytes ? "borg.cut" : "borg.entry",
          fmt::format("no entry stands at byte {} after {} puts and {} commits", at, counts.puts, counts.commits),
          {.from = at, .to = size});
      return;
    }
    const std::uint64_t entry_bytes = header.le32(4);
    const std::uint8_t tag = header.u8(8);
    const std::uint32_t stored = header.le32(0);
    const std::uint8_t envelope = opening.u8(k_header_bytes + k_key_bytes);
    const std::uint64_t fields_end = at + std::min(entry_bytes, k_header_bytes + k_key_bytes);
    const bool crc = !(check_sums || tag == k_commit) || crc_fits(input, at, entry_bytes, stored);
    if (!crc && (input.stopped() || input.read_error())) return;
    if (!crc) {
      report.breaks("borg.crc",
                    fmt::format("the checksum of the entry at byte {} does not fit its {} bytes", at, entry_bytes),
                    {.from = at, .to = at + entry_bytes});
    }
    counts.puts += tag == k_put ? 1U : 0U;
    counts.deletes += tag == k_delete ? 1U : 0U;
    counts.commits += tag == k_commit ? 1U : 0U;
    counts.sealed += tag == k_put && is_encrypted(envelope) ? 1U : 0U;
    const bool proven = check_sums && crc;
    report.region(at, fields_end, proven ? RegionKind::verified : RegionKind::structured);
    report.region(fields_end, at + entry_bytes, proven ? RegionKind::verified : RegionKind::compressed);
    at += entry_bytes;
  }
  conclude_segment(input, counts, at, report);
}

void walk_index(WalkInput& input, WalkReport& report) {
  constexpr std::uint64_t k_index_header_bytes = 18;
  report.format = "borg-index";
  const ByteView head = input.head();
  const std::uint64_t entries = head.le32(8);
  const std::uint64_t buckets = head.le32(12);
  const std::uint64_t bucket_bytes = std::uint64_t{head.u8(16)} + head.u8(17);
  const std::uint64_t end = k_index_header_bytes + buckets * bucket_bytes;
  if (head.size() < k_index_header_bytes || entries > buckets || bucket_bytes < 8 || end > input.size_bytes()) {
    report.breaks("borg.index",
                  fmt::format("{} buckets of {} bytes for {} entries do not fit the file's {} bytes", buckets,
                              bucket_bytes, entries, input.size_bytes()),
                  {.from = 0, .to = std::min(k_index_header_bytes, input.size_bytes())});
    return;
  }
  report.end_bytes = end;
  report.reach = Reach::frame;
  report.region(0, k_index_header_bytes, RegionKind::structured);
  report.region(k_index_header_bytes, end, RegionKind::compressed);  // keys are digests
  // Empty buckets end in a value of all ones, used ones in small numbers: count them where that is cheap.
  if (input.whole().empty() && input.depth() != model::Depth::full) {
    report.holds("borg.index", fmt::format("{} buckets fill the file to byte {}", buckets, end));
    return;
  }
  const std::uint64_t value_at = head.u8(16);
  std::uint64_t used = 0;
  for (std::uint64_t i = 0; i < buckets; ++i) {
    if (i % 256 == 0 && !input.may_continue()) return;
    const std::uint32_t value = input.at(k_index_header_bytes + i * bucket_bytes + value_at, 4).le32(0);
    if (value < 0xFFFFFFFE) ++used;
  }
  if (used != entries) {
    report.breaks("borg.index", fmt::format("{} buckets are in use, the header counts {} entries", used, entries),
                  {.from = k_index_header_bytes, .to = end});
    return;
  }
  report.reach = Reach::sampled;
  report.holds("borg.index",
               fmt::format("{} of {} buckets are in use, as the header says; they end at byte {}", used, buckets, end));
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (recognise({.head = head}) == Likeness::none) return report;
  report.shape = Shape::whole;
  if (is_segment(head)) {
    walk_segment(input, report);
  } else {
    walk_index(input, report);
  }
  return report;
}

}  // namespace

const Format k_borg_format = {.id = "borg",
                              .title = "borg repository file",
                              .family = Family::backup,
                              .claims = {},
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
