// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// InnoDB tablespace of MySQL and MariaDB: .ibd, ibdata1, undo tablespaces. Facts: MySQL Internals Manual, "InnoDB Page
// Structure"; MariaDB documentation, "innodb_checksum_algorithm".
//
//   file   = page*                    page 0 holds the header of the tablespace
//   page   = checksum(4) number(4) previous(4) next(4) LSN(8) type(2) flush LSN or key(8) space(4) body trailer(8)
//   header = space(4) unused(4) pages(4) limit(4) flags(4) ..., at byte 38 of page 0
//
// In MariaDB's full_crc32 form the first field is the version of the key and the CRC-32C of the whole page is its end.
// Pages of zeros are room not yet used. Pages encrypted by the server keep header and checksum: they make `sealed`.
#include "formats/innodb/innodb_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/pages/page_survey.h"
#include "model/pages/innodb_page.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using namespace model::pages;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"ibd", Promise::firm}, NameClaim{"ibu", Promise::loose}};
constexpr std::array<std::uint32_t, 6> k_page_sizes = {16384, 4096, 8192, 32768, 65536, 2048};

Likeness recognise(const Edges& edges) {
  const std::optional<InnodbLayout> layout = parse_innodb_header(edges.head);
  if (!layout) return Likeness::none;
  return layout->tablespace_pages != 0 ? Likeness::strong : Likeness::weak;
}

bool is_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

/// When page 0 was replaced: a page further on or at the end whose checksum fits tells the layout.
std::optional<InnodbLayout> find_layout(WalkInput& input) {
  if (const auto layout = parse_innodb_header(input.head())) return layout;
  const ByteView head = input.head();
  const ByteView tail = input.tail();
  for (const std::uint32_t page_bytes : k_page_sizes) {
    for (std::uint64_t index = 1; head.has(index * page_bytes, page_bytes); ++index) {
      if (const auto layout = guess_innodb_layout(head.part(index * page_bytes), page_bytes, index)) return layout;
    }
    const std::uint64_t tail_from = input.size_bytes() - tail.size();
    for (std::uint64_t index = (tail_from + page_bytes - 1) / page_bytes;
         tail.has(index * page_bytes - tail_from, page_bytes); ++index) {
      if (const auto layout = guess_innodb_layout(tail.part(index * page_bytes - tail_from), page_bytes, index))
        return layout;
    }
  }
  return std::nullopt;
}

/// The system tablespace holds copies of other pages in two extents of 64 pages, or of a mebibyte if that is more; page
/// 5 says where.
class DoubleWrite {
 public:
  DoubleWrite(WalkInput& input, const InnodbLayout& layout)
      : extent_pages_(std::max<std::uint64_t>(64, 1024 * 1024 / layout.page_bytes)) {
    if (layout.space_id != 0 || layout.is_zipped) return;
    constexpr std::uint32_t k_magic = 536853855;
    const std::uint64_t at = 5 * std::uint64_t{layout.page_bytes} + layout.page_bytes - 200 + 10;
    const ByteView fields = input.at(at, 12);
    if (fields.be32(0) != k_magic) return;
    blocks_ = {fields.be32(4), fields.be32(8)};
  }
  [[nodiscard]] bool has(std::uint64_t index) const {
    return std::any_of(blocks_.begin(), blocks_.end(), [&](std::uint64_t block) {
      return block != 0 && index >= block && index - block < extent_pages_;
    });
  }

 private:
  std::uint64_t extent_pages_;
  std::array<std::uint64_t, 2> blocks_{};
};

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::optional<InnodbLayout> found = find_layout(input);
  if (!found) return report;
  const InnodbLayout& layout = *found;
  report.shape = Shape::whole;
  const PageLayout pages{
      .page_bytes = layout.page_bytes, .page_count = input.size_bytes() / layout.page_bytes, .rule = "innodb.page"};
  report.end_bytes = pages.page_count * layout.page_bytes;
  // The system tablespace may go on in further files (ibdata2): its header counts the pages of all.
  if (layout.space_id != 0 && layout.tablespace_pages > pages.page_count) {
    report.breaks("innodb.length",
                  fmt::format("the tablespace has {} pages of {} bytes, the content has {}", layout.tablespace_pages,
                              layout.page_bytes, pages.page_count),
                  {.from = std::min<std::uint64_t>(38, input.size_bytes()),
                   .to = std::min<std::uint64_t>(58, input.size_bytes())});
  }
  const DoubleWrite double_write(input, layout);
  std::uint64_t sealed = 0;
  const PageSurvey survey = survey_pages(input, report, pages, [&](std::uint64_t index, ByteView page) -> PageOpinion {
    if (page.be64(0) == 0 && is_zero(page)) return {.kind = RegionKind::zero, .fault = {}};
    if (double_write.has(index)) return {.kind = RegionKind::compressed, .fault = {}};
    const std::string_view owner_fault = find_innodb_owner_fault(layout, index, page);
    if (!owner_fault.empty()) return {.fault = owner_fault};
    const InnodbPageOpinion opinion = judge_innodb_page(layout, page);
    if (opinion.is_sealed && opinion.fault.empty()) ++sealed;
    return {.kind = opinion.kind, .fault = opinion.fault};
  });
  const bool all_proven = survey.verified + survey.zero == survey.looked_at;
  report.reach = !survey.every_page ? Reach::frame : all_proven ? Reach::content : Reach::sampled;
  if (report.shape != Shape::whole) return report;
  if (sealed != 0) {
    report.shape = Shape::sealed;
    report.remarks("innodb.encrypted", fmt::format("{} of the pages looked at are encrypted by the server", sealed));
  }
  report.holds(
      "innodb.pages",
      fmt::format("{} of {} bytes have the number and tablespace of their place, {} unused, {} proven by checksum",
                  pages_looked_at(survey, pages), layout.page_bytes, survey.zero, survey.verified));
  return report;
}

}  // namespace

const Format k_innodb_format = {.id = "innodb",
                                .title = "InnoDB tablespace",
                                .family = Family::database,
                                .claims = k_claims,
                                .recognise = recognise,
                                .walk = walk};

}  // namespace lastgood::formats
