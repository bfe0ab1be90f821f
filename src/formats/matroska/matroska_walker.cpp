// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Matroska and WebM. Specifications: RFC 8794 (EBML), RFC 9559 (Matroska).
//
//   file    = EBML-header Segment
//   element = id(1..4, its length in the leading zeros) length(1..8, likewise; all ones: unknown) payload
//   Segment = SeekHead Info Tracks Cues Chapters Tags Attachments and Clusters; Cluster = time and blocks
//   A master element may begin with a CRC-32 over the rest of its payload.
#include "formats/matroska/matroska_walker.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/checksum.h"
#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"mkv", Promise::firm}, NameClaim{"webm", Promise::firm},
                                 NameClaim{"mka", Promise::firm}, NameClaim{"mks", Promise::firm}};
constexpr std::uint32_t k_header = 0x1A45'DFA3;
constexpr std::uint32_t k_segment = 0x1853'8067;
constexpr std::uint32_t k_cluster = 0x1F43'B675;
constexpr std::uint32_t k_attachments = 0x1941'A469;
constexpr std::uint32_t k_tracks = 0x1654'AE6B;
constexpr std::uint32_t k_void = 0xEC;
constexpr std::uint32_t k_crc = 0xBF;
constexpr std::array<std::uint32_t, 10> k_in_segment = {0x114D'9B74, 0x1549'A966, k_tracks,      k_cluster, 0x1C53'BB6B,
                                                        0x1043'A770, 0x1254'C367, k_attachments, k_void,    k_crc};
constexpr std::array<std::uint32_t, 11> k_in_cluster = {0xE7, 0x5854, 0xA7,  0xAB, 0xA3, 0xA0,
                                                        0xAF, k_void, k_crc, 0xA1, 0xA4};
constexpr std::uint64_t k_clusters_entered = 64;  // where not all are
constexpr std::uint64_t k_bad_bytes = 64 * 1024;
constexpr std::uint64_t k_filling_bytes_max = 64 * 1024;

struct Element {
  std::uint32_t id = 0;
  std::uint64_t from = 0;
  std::uint64_t payload = 0;
  std::uint64_t end = 0;
  bool is_open = false;  // of unknown length
};

/// Empty where no element fits before `limit`.
std::optional<Element> read_element(WalkInput& input, std::uint64_t at, std::uint64_t limit) {
  const ByteView bytes = input.at(at, 12);
  const unsigned first = bytes.u8(0);
  std::uint64_t id_bytes = 1;
  while (id_bytes <= 4 && (first & (0x100U >> id_bytes)) == 0) ++id_bytes;
  if (bytes.empty() || id_bytes > 4) return std::nullopt;
  Element element{.from = at};
  for (std::uint64_t i = 0; i < id_bytes; ++i) element.id = element.id << 8U | bytes.u8(i);
  const unsigned size_first = bytes.u8(id_bytes);
  std::uint64_t size_bytes = 1;
  while (size_bytes <= 8 && (size_first & (0x100U >> size_bytes)) == 0) ++size_bytes;
  if (size_bytes > 8 || bytes.size() < id_bytes + size_bytes) return std::nullopt;
  std::uint64_t length = size_first & ((0x100U >> size_bytes) - 1);
  bool all_ones = length == (0x100U >> size_bytes) - 1;
  for (std::uint64_t i = 1; i < size_bytes; ++i) {
    const std::uint64_t byte = bytes.u8(id_bytes + i);
    all_ones = all_ones && byte == 0xFF;
    length = length << 8U | byte;
  }
  element.payload = at + id_bytes + size_bytes;
  element.is_open = all_ones;
  if (element.payload > limit || (!all_ones && length > limit - element.payload)) return std::nullopt;
  element.end = all_ones ? limit : element.payload + length;
  return element;
}

bool begins_ebml(ByteView head) { return head.be32(0) == k_header; }

Likeness recognise(const Edges& edges) { return begins_ebml(edges.head) ? Likeness::strong : Likeness::none; }

template <std::size_t n>
bool lists(const std::array<std::uint32_t, n>& ids, std::uint32_t id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

class MatroskaWalk {
 public:
  MatroskaWalk(WalkInput& input, WalkReport& report)
      : input_(input), report_(report), all_(input.depth() == model::Depth::full || !input.whole().empty()) {}
  void walk();

 private:
  [[nodiscard]] bool segment(const Element& segment);
  [[nodiscard]] bool cluster(const Element& cluster, std::uint64_t segment_end);
  void check_crc(const Element& master);
  void no_element(std::uint64_t at, std::uint64_t limit, std::string_view where);
  [[nodiscard]] bool enters(const Element& cluster);
  void finish();

  WalkInput& input_;
  WalkReport& report_;
  bool all_;
  std::uint64_t at_ = 0;
  std::uint64_t elements_ = 0;
  std::uint64_t clusters_ = 0;
  std::uint64_t blocks_ = 0;
  std::uint64_t checked_ = 0;
  std::uint64_t next_entered_ = 0;  // offset from which on a cluster is entered again
  bool has_tracks_ = false;
};

void MatroskaWalk::no_element(std::uint64_t at, std::uint64_t limit, std::string_view where) {
  if (input_.stopped() || input_.read_error()) return;
  report_.breaks("matroska.element",
                 fmt::format("no element of {} fits at byte {}, behind {} whole ones and {} blocks", where, at,
                             elements_, blocks_),
                 {.from = at, .to = std::max(at, std::min({limit, input_.size_bytes(), at + k_bad_bytes}))});
}

/// RFC 8794, 11.3.1.
void MatroskaWalk::check_crc(const Element& master) {
  const std::optional<Element> first = read_element(input_, master.payload, master.end);
  if (!all_ || master.is_open || !first || first->id != k_crc || first->end - first->payload != 4) return;
  const std::uint32_t stored = input_.at(first->payload, 4).le32(0);
  std::uint32_t crc = 0;
  for (std::uint64_t at = first->end; at < master.end && input_.may_continue();) {
    const ByteView piece =
        input_.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(256 * 1024, master.end - at)));
    if (piece.empty()) return;
    crc = base::crc32(piece, crc);
    at += piece.size();
  }
  if (input_.stopped()) return;
  ++checked_;
  if (crc == stored) return;
  report_.breaks(
      "matroska.crc",
      fmt::format("checksum of the element at byte {} does not fit its bytes up to {}", master.from, master.end),
      {.from = master.from, .to = master.end});
}

bool MatroskaWalk::enters(const Element& cluster) {
  if (all_ || cluster.is_open) return true;
  if (input_.depth() == model::Depth::quick || cluster.from < next_entered_) return false;
  next_entered_ = cluster.from + input_.size_bytes() / k_clusters_entered;
  return true;
}

/// Walks the blocks of a cluster. False: a cluster of unknown length broke, so that nobody knows where to go on.
bool MatroskaWalk::cluster(const Element& cluster, std::uint64_t segment_end) {
  ++clusters_;
  report_.region(cluster.from, cluster.payload, RegionKind::structured);
  std::uint64_t at = cluster.payload;
  const bool is_entered = enters(cluster);
  while (is_entered && at < cluster.end && input_.may_continue()) {
    const std::optional<Element> child = read_element(input_, at, cluster.end);
    if (child && cluster.is_open && lists(k_in_segment, child->id) && !lists(k_in_cluster, child->id)) break;
    if (!child || !lists(k_in_cluster, child->id) || child->is_open) {
      report_.region(cluster.payload, at, RegionKind::compressed);
      no_element(at, cluster.end, "a cluster");
      if (cluster.is_open) return false;
      at_ = cluster.end;
      return true;
    }
    ++blocks_;
    at = child->end;
  }
  const std::uint64_t end = cluster.is_open ? std::min(at, segment_end) : cluster.end;
  report_.region(cluster.payload, end, RegionKind::compressed);
  at_ = end;
  return true;
}

/// False: it broke, and it has been said.
bool MatroskaWalk::segment(const Element& segment) {
  report_.region(segment.from, segment.payload, RegionKind::structured);
  at_ = segment.payload;
  while (at_ < segment.end && input_.may_continue()) {
    const std::optional<Element> child = read_element(input_, at_, segment.end);
    if (segment.is_open && child && child->id == k_header) return true;  // another file follows
    if (!child || !lists(k_in_segment, child->id) || (child->is_open && child->id != k_cluster)) {
      const bool is_behind = segment.is_open && clusters_ > 0 && input_.size_bytes() - at_ <= 4096 && !child;
      if (is_behind) return true;
      no_element(at_, segment.end, "the segment");
      return false;
    }
    ++elements_;
    has_tracks_ = has_tracks_ || child->id == k_tracks;
    check_crc(*child);
    if (child->id == k_cluster) {
      if (!cluster(*child, segment.end)) return false;
      continue;
    }
    report_.region(child->from, child->payload, RegionKind::structured);
    report_.region(child->payload, child->end, child->id == k_attachments ? RegionKind::compressed : RegionKind::plain);
    at_ = child->end;
  }
  return !input_.stopped();
}

void MatroskaWalk::finish() {
  report_.reach = Reach::frame;
  if (!has_tracks_ && report_.shape != Shape::broken)
    report_.breaks("matroska.tracks", "no element says which tracks there are", {.from = 0, .to = at_});
  if (report_.shape == Shape::broken) return;
  report_.end_bytes = at_;
  const std::uint64_t rest = input_.size_bytes() - at_;
  if (rest <= k_filling_bytes_max && zero_run_bytes(input_, at_, rest) == rest) report_.allowed_trailing_bytes = rest;
  report_.holds(
      "matroska.elements",
      fmt::format("{} elements tile the content to byte {}; {} clusters, {} blocks in those entered, {} checksums fit",
                  elements_, at_, clusters_, blocks_, checked_));
}

void MatroskaWalk::walk() {
  const std::uint64_t size = input_.size_bytes();
  const ByteView head = input_.head().part(0, 128);
  report_.format = head.find("webm"sv) != ByteView::npos ? "webm" : "mkv";
  // Several files behind one another are one file to players.
  while (at_ < size && input_.may_continue()) {
    const std::optional<Element> header = read_element(input_, at_, size);
    if (!header || header->id != k_header || header->is_open) break;
    const std::optional<Element> body = read_element(input_, header->end, size);
    const bool is_cut = !body && input_.at(header->end, 4).be32(0) == k_segment;
    if (is_cut) {
      report_.breaks("matroska.cut",
                     fmt::format("the segment at byte {} goes beyond the content's end at byte {}", header->end, size),
                     {.from = size, .to = size});
      return;
    }
    if (!body || body->id != k_segment) {
      no_element(header->end, size, "the file");
      return;
    }
    report_.region(at_, header->end, RegionKind::structured);
    if (!segment(*body)) break;
  }
  if (input_.stopped() || input_.read_error()) {
    report_.remarks("matroska.limit", fmt::format("stopped by a limit after {} elements, at byte {}", elements_, at_));
    return;
  }
  if (elements_ == 0 && report_.shape != Shape::broken) no_element(0, size, "the file");
  finish();
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!begins_ebml(input.head())) return report;
  report.shape = Shape::whole;
  MatroskaWalk(input, report).walk();
  return report;
}

}  // namespace

const Format k_matroska_format = {.id = "mkv",
                                  .title = "Matroska or WebM",
                                  .family = Family::audio_video,
                                  .claims = k_claims,
                                  .recognise = recognise,
                                  .walk = walk};

}  // namespace lastgood::formats
