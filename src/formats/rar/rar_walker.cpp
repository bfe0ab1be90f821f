// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// RAR archives. Specification: the technotes of RAR 4.20 and RAR 5.0.
//
//   file = "Rar!" 1A 07 00 old block* | "Rar!" 1A 07 01 00 new block*     (blocks: rar4_block.cpp, rar5_block.cpp)
// Blocks tile the archive to an end block; before RAR 3 there was none. Every header must fit its checksum; stored
// files are held to theirs, packed ones cannot be unpacked here.
#include "formats/rar/rar_walker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/checksum.h"
#include "formats/broken_units.h"
#include "formats/rar/rar_blocks.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"rar"}, NameClaim{"cbr"}, NameClaim{"rev", Promise::loose},
                                 NameClaim{"r00", Promise::loose}};
constexpr std::string_view k_magic4 = "Rar!\x1A\x07\x00"sv;
constexpr std::string_view k_magic5 = "Rar!\x1A\x07\x01\x00"sv;
constexpr std::uint64_t k_many_blocks = 1000;  // beyond it headers are not regions of their own
constexpr std::uint64_t k_quick_blocks = 256;

enum class Generation : std::uint8_t { old_form, new_form };

std::optional<Generation> find_generation(ByteView head) {
  if (head.matches(0, k_magic4)) return Generation::old_form;
  if (head.matches(0, k_magic5)) return Generation::new_form;
  return std::nullopt;
}

Likeness recognise(const Edges& edges) { return find_generation(edges.head) ? Likeness::strong : Likeness::none; }

enum class Sum : std::uint8_t { fits, fails, unknown };

Sum check_sum(WalkInput& input, model::ByteRange range, std::uint32_t expected) {
  std::uint32_t crc = 0;
  for (std::uint64_t at = range.from; at < range.to;) {
    const ByteView piece = input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(range.to - at, 256 * 1024)));
    if (piece.empty() || !input.may_continue(1 + piece.size() / 16384)) return Sum::unknown;
    crc = base::crc32(piece, crc);
    at += piece.size();
  }
  return crc == expected ? Sum::fits : Sum::fails;
}

struct Counts {
  std::uint64_t blocks = 0;
  std::uint64_t files = 0;
  std::uint64_t verified = 0;
  std::uint64_t encrypted = 0;
};

enum class Step : std::uint8_t { next, done };

class BlockWalk {
 public:
  BlockWalk(WalkInput& input, Generation generation, WalkReport& report)
      : input_(input), generation_(generation), report_(report) {
    sums_ = input.depth() == model::Depth::full || (input.depth() == model::Depth::standard && !input.whole().empty());
    at_ = generation == Generation::old_form ? k_magic4.size() : k_magic5.size();
  }

  void run() {
    report_.region(0, at_, RegionKind::structured);
    while (input_.may_continue()) {
      if (is_quick_end()) break;
      if (at_ == input_.size_bytes()) return finish("no end block, as before RAR 3");
      const RarBlock block =
          generation_ == Generation::old_form ? read_rar4_block(input_, at_) : read_rar5_block(input_, at_);
      if (!block.why.empty()) return fail_header(block);
      if (check_block(block) == Step::done) return;
    }
    report_.region(at_, input_.size_bytes(), RegionKind::compressed);
    report_.remarks("rar.limit", fmt::format("stopped after {} blocks, at byte {}", counts_.blocks, at_));
    broken_.say(report_);
  }

 private:
  [[nodiscard]] bool is_quick_end() const {
    return input_.depth() == model::Depth::quick && input_.whole().empty() && counts_.blocks >= k_quick_blocks;
  }

  void fail_header(const RarBlock& block) {
    if (input_.stopped()) return;
    const std::uint64_t size = input_.size_bytes();
    // A header that was one is a small loss; bytes that are nothing like it may go on to the end.
    const std::uint64_t to = block.looks_like_header ? std::min(size, at_ + 64) : size;
    broken_.say(report_);
    report_.breaks("rar.block", fmt::format("{}, after {} whole blocks", block.why, counts_.blocks),
                   {.from = at_, .to = to});
    report_.region(to, size, RegionKind::compressed);
    report_.reach = Reach::sampled;
  }

  Step check_block(const RarBlock& block) {
    ++counts_.blocks;
    const std::uint64_t size = input_.size_bytes();
    if (block.data_bytes > size - block.header_to) {
      report_.region(at_, block.header_to, RegionKind::structured);
      broken_.say(report_);
      report_.breaks("rar.end",
                     fmt::format("the block at byte {} has {} bytes of data, the content ends after {}", at_,
                                 block.data_bytes, size - block.header_to),
                     {.from = block.header_to, .to = size});
      report_.region(block.header_to, size, RegionKind::compressed);
      return Step::done;
    }
    const std::uint64_t data_to = block.header_to + block.data_bytes;
    if (block.role == RarBlockRole::encryption) {
      accept_encrypted_rest(block.header_to);
      return Step::done;
    }
    check_data(block, data_to);
    at_ = data_to;
    if (block.role != RarBlockRole::end) return Step::next;
    report_.end_bytes = at_;
    finish("an end block");
    return Step::done;
  }

  /// Encrypted headers and files are padded to cipher blocks, each behind a salt (8 bytes) or a vector (16 bytes).
  void accept_encrypted_rest(std::uint64_t from) {
    const std::uint64_t size = input_.size_bytes();
    const std::uint64_t unit = generation_ == Generation::old_form ? 8 : 16;
    report_.region(at_, from, RegionKind::structured);
    report_.region(from, size, RegionKind::compressed);
    if ((size - from) % unit != 0) {
      return report_.breaks("rar.encryption",
                            fmt::format("{} encrypted bytes are no multiple of {}", size - from, unit),
                            {.from = size - (size - from) % unit, .to = size});
    }
    report_.shape = Shape::sealed;
    report_.reach = Reach::opening;
    report_.holds("rar.encryption", "files and names are encrypted by their owner");
  }

  void check_data(const RarBlock& block, std::uint64_t data_to) {
    if (block.role == RarBlockRole::file) {
      ++counts_.files;
      if (block.encrypted) ++counts_.encrypted;
    }
    const model::ByteRange data{.from = block.header_to, .to = data_to};
    const Sum sum = sums_ && block.crc32 ? check_sum(input_, data, *block.crc32) : Sum::unknown;
    if (sum == Sum::fails) {
      report_.region(at_, block.header_to, RegionKind::structured);
      broken_.add(data, fmt::format("the stored file at byte {} does not fit its checksum", at_));
      return;
    }
    if (sum == Sum::fits && block.role == RarBlockRole::file) ++counts_.verified;
    const RegionKind kind = sum == Sum::fits ? RegionKind::verified : RegionKind::compressed;
    report_.region(at_, block.header_to, counts_.blocks > k_many_blocks ? kind : RegionKind::structured);
    report_.region(data.from, data.to, kind);
  }

  void finish(std::string_view how) {
    if (!report_.end_bytes) report_.end_bytes = at_;
    report_.reach = counts_.verified == counts_.files ? Reach::content
                    : counts_.verified > 0            ? Reach::sampled
                                                      : Reach::frame;
    if (!broken_.empty()) return broken_.say(report_);
    if (counts_.encrypted != 0) report_.shape = Shape::sealed;
    report_.holds("rar.blocks",
                  fmt::format("{} blocks tile the archive to {}, {} of {} files fit their checksum{}", counts_.blocks,
                              how, counts_.verified, counts_.files,
                              counts_.encrypted != 0 ? fmt::format(", {} are encrypted", counts_.encrypted) : ""));
  }

  WalkInput& input_;
  Generation generation_;
  WalkReport& report_;
  BrokenUnits broken_ = BrokenUnits("rar.file", "file", "files");
  Counts counts_;
  bool sums_ = false;
  std::uint64_t at_ = 0;
};

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::optional<Generation> generation = find_generation(input.head());
  if (!generation) return report;
  report.shape = Shape::whole;
  report.format = *generation == Generation::old_form ? "rar4" : "rar";
  BlockWalk(input, *generation, report).run();
  return report;
}

std::optional<SurvivingRest> find_rest(WalkInput& input) {
  constexpr std::string_view k_end4 = "\xC4\x3D\x7B\x00\x40\x07\x00"sv;
  constexpr std::string_view k_end5 = "\x1D\x77\x56\x51\x03\x05\x04\x00"sv;
  const std::string_view tail = input.tail().text();
  if (!tail.ends_with(k_end4) && !tail.ends_with(k_end5)) return std::nullopt;
  return SurvivingRest{.sentence = "the content ends with an archive's end block"};
}

}  // namespace

const Format k_rar_format = {.id = "rar",
                             .title = "RAR archive",
                             .family = Family::archive,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk,
                             .find_rest = find_rest};

}  // namespace lastgood::formats
