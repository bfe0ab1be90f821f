// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// TIFF, BigTIFF and the raw files of cameras that are built as TIFF. Specifications: TIFF Revision 6.0, BigTIFF, Adobe
// DNG 1.7, Exif (CIPA DC-008).
//
//   file      = order("II" | "MM") magic(2: 42, BigTIFF 43) offset-of-first-directory ... directory ... values ...
//   strips directory = count(2 or 8) entry(12 or 20)*count offset-of-next(4 or 8) entry     = tag(2) type(2) count(4 or
//   8) values or their offset(4 or 8) Everything is found by offsets; nothing says where the file ends but the highest
//   byte that something points at.
#include "formats/tiff/tiff_walker.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "formats/tiff/tiff_directory.h"
#include "formats/tiff/tiff_strips.h"
#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {
    NameClaim{"tif", Promise::firm},  NameClaim{"tiff", Promise::firm}, NameClaim{"btf", Promise::loose},
    NameClaim{"dng", Promise::firm},  NameClaim{"nef", Promise::firm},  NameClaim{"cr2", Promise::firm},
    NameClaim{"arw", Promise::firm},  NameClaim{"pef", Promise::firm},  NameClaim{"orf", Promise::firm},
    NameClaim{"rw2", Promise::firm},  NameClaim{"svs", Promise::firm},  NameClaim{"ndpi", Promise::firm},
    NameClaim{"scn", Promise::loose}, NameClaim{"srw", Promise::firm}};
constexpr std::size_t k_directories_max = 16'384;
constexpr std::uint64_t k_gap_bytes_max = 16;  // padding behind the last thing
constexpr std::uint64_t k_filling_bytes_max = 64 * 1024;

struct Kind {
  std::string_view magic;
  std::string_view id;
  TiffWriting writing;
};
constexpr std::array k_kinds = {Kind{"II\x2A\0"sv, "tiff", {.is_big_endian = false, .is_wide = false}},
                                Kind{"MM\0\x2A"sv, "tiff", {.is_big_endian = true, .is_wide = false}},
                                Kind{"II\x2B\0\x08\0\0\0"sv, "tiff", {.is_big_endian = false, .is_wide = true}},
                                Kind{"MM\0\x2B\0\x08\0\0"sv, "tiff", {.is_big_endian = true, .is_wide = true}},
                                Kind{"IIRO"sv, "orf", {.is_big_endian = false, .is_wide = false}},
                                Kind{"IIRS"sv, "orf", {.is_big_endian = false, .is_wide = false}},
                                Kind{"MMOR"sv, "orf", {.is_big_endian = true, .is_wide = false}},
                                Kind{"IIU\0"sv, "rw2", {.is_big_endian = false, .is_wide = false}}};

const Kind* find_kind(ByteView head) {
  for (const Kind& kind : k_kinds) {
    if (head.matches(0, kind.magic)) return &kind;
  }
  return nullptr;
}

Likeness recognise(const Edges& edges) {
  // Some scanners leave a TIFF header in the preamble of a DICOM object, which then says what the content is.
  if (edges.head.matches(128, "DICM"sv)) return Likeness::none;
  return find_kind(edges.head) != nullptr ? Likeness::strong : Likeness::none;
}

class TiffWalk {
 public:
  TiffWalk(WalkInput& input, const Kind& kind, WalkReport& report)
      : input_(input), writing_(kind.writing), report_(report) {}
  void walk(std::string_view id);

 private:
  void directory(std::uint64_t offset);
  void follow(const TiffEntry& entry);
  void remember(std::uint64_t from, std::uint64_t to, RegionKind kind);
  void name_regions();
  void finish(std::string_view id);

  WalkInput& input_;
  TiffWriting writing_;
  WalkReport& report_;
  std::vector<std::uint64_t> open_;  // offsets of directories yet to read
  std::set<std::uint64_t> seen_;
  std::vector<TiffBlock> blocks_;
  std::uint64_t end_ = 0;
  std::uint64_t strips_ = 0;
  std::uint64_t decoded_ = 0;
  bool is_camera_file_ = false;  // makers put things into these that nothing standard points at
};

void TiffWalk::remember(std::uint64_t from, std::uint64_t to, RegionKind kind) {
  end_ = std::max(end_, to);
  if (from < to) blocks_.push_back({.range = {.from = from, .to = to}, .kind = kind});
}

/// Sub-directories, and tags that tell a camera's raw file.
void TiffWalk::follow(const TiffEntry& entry) {
  constexpr std::uint64_t k_children_max = 256;
  switch (entry.tag) {
    case 330:      // SubIFDs
    case 34665:    // Exif
    case 34853:    // GPS
    case 40965: {  // interoperability
      if (entry.type == 1 || entry.type == 2) return;
      for (const std::uint64_t offset : read_tiff_values(input_, entry, writing_, k_children_max))
        open_.push_back(offset);
      return;
    }
    case 37500:  // MakerNote
    case 50706:  // DNGVersion
    case 50740:  // DNGPrivateData
    case 50215:  // Oce, Hasselblad and others keep private blocks
    case 65420:  // slide scanners (NDPI)
      is_camera_file_ = true;
      return;
    default: return;
  }
}

void TiffWalk::directory(std::uint64_t offset) {
  const std::optional<TiffDirectory> directory = read_tiff_directory(input_, offset, writing_);
  if (input_.stopped()) return;
  if (!directory) {
    const std::uint64_t from = std::min(offset, input_.size_bytes());
    report_.breaks("tiff.directory", fmt::format("no directory stands at byte {}", offset),
                   {.from = from, .to = std::min(from + 4096, input_.size_bytes())});
    return;
  }
  remember(directory->from, directory->to, RegionKind::structured);
  if (directory->bad_entry) {
    report_.breaks("tiff.entry",
                   fmt::format("the entry at byte {} has a type or values that cannot be", *directory->bad_entry),
                   {.from = directory->from, .to = directory->to});
  }
  for (const TiffEntry& entry : directory->entries) {
    const bool is_elsewhere = entry.values_from < directory->from || entry.values_from >= directory->to;
    const bool is_opaque = entry.tag == 37500 || entry.tag == 50740 || entry.tag == 34377 || entry.tag == 37724;
    if (is_elsewhere)
      remember(entry.values_from, entry.values_from + entry.values_bytes,
               is_opaque ? RegionKind::compressed : RegionKind::plain);
    follow(entry);
  }
  const TiffStrips strips = check_tiff_strips(input_, *directory, writing_, report_);
  strips_ += strips.count;
  decoded_ += strips.decoded;
  for (const TiffBlock& block : strips.blocks) remember(block.range.from, block.range.to, block.kind);
  if (directory->next != 0) open_.push_back(directory->next);
}

void TiffWalk::name_regions() {
  std::sort(blocks_.begin(), blocks_.end(),
            [](const TiffBlock& a, const TiffBlock& b) { return a.range.from < b.range.from; });
  for (const TiffBlock& block : blocks_) report_.region(block.range.from, block.range.to, block.kind);
}

void TiffWalk::finish(std::string_view id) {
  const std::uint64_t size = input_.size_bytes();
  report_.reach = decoded_ > 0 && decoded_ == strips_ ? Reach::sampled : Reach::frame;
  if (is_camera_file_ || id != "tiff" || report_.shape == Shape::broken) {
    if (end_ == size) report_.end_bytes = end_;
  } else {
    report_.end_bytes = end_;
    const std::uint64_t rest = size - end_;
    const bool is_filling = rest <= k_filling_bytes_max && zero_run_bytes(input_, end_, rest) == rest;
    if (is_filling || rest < k_gap_bytes_max) report_.allowed_trailing_bytes = rest;
  }
  if (report_.shape == Shape::broken) return;
  if (strips_ == 0 && !is_camera_file_) report_.remarks("tiff.no-pixels", "no directory points at a picture");
  report_.holds(
      "tiff.directories",
      fmt::format("{} directories and {} blocks of pixels lie in the content, the last one to byte {}{}", seen_.size(),
                  strips_, end_, decoded_ > 0 ? fmt::format("; {} of them decoded", decoded_) : ""));
}

void TiffWalk::walk(std::string_view id) {
  const std::uint64_t header_bytes = writing_.is_wide ? 16 : 8;
  remember(0, std::min(header_bytes, input_.size_bytes()), RegionKind::structured);
  open_.push_back(writing_.offset(input_.head(), writing_.is_wide ? 8 : 4));
  while (!open_.empty() && seen_.size() < k_directories_max && input_.may_continue()) {
    const std::uint64_t offset = open_.back();
    open_.pop_back();
    if (seen_.insert(offset).second) directory(offset);
  }
  name_regions();
  if (input_.stopped() || input_.read_error()) {
    report_.remarks("tiff.limit", fmt::format("stopped by a limit after {} directories", seen_.size()));
    return;
  }
  finish(id);
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const Kind* kind = find_kind(input.head());
  if (kind == nullptr) return report;
  report.shape = Shape::whole;
  report.format = kind->id;
  TiffWalk(input, *kind, report).walk(kind->id);
  return report;
}

}  // namespace

const Format k_tiff_format = {.id = "tiff",
                              .title = "TIFF image",
                              .family = Family::image,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
