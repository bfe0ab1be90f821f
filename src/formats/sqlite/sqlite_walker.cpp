// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// SQLite 3 database. Specification: sqlite.org "Database File Format", section 1.
//
//   file   = page(page size)*, page 1 begins with a header of 100 bytes
//   page   = b-tree page | overflow page | free list trunk | free list leaf | pointer map page | the lock page
//   b-tree = type(1) first free block(2) cells(2) cell area(2) fragments(1) [right child(4)] cell pointer(2)* ... cell*
//
// Not every page says what it is. A page on the free list may hold anything; a page that is no b-tree page must begin
// with the number of the overflow page that follows it or 0: ciphertext does so once in (2^32 / pages) pages.
// A database encrypted by its owner with SQLCipher has no magic (with its "plaintext header" option a broken b-tree
// from byte 32 on): it cannot be told from random bytes here, the verdict goes by name and size.
#include "formats/sqlite/sqlite_walker.h"

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include <fmt/format.h>

#include "formats/pages/page_survey.h"
#include "model/pages/sqlite_page.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using namespace model::pages;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"sqlite", Promise::firm},    NameClaim{"sqlite3", Promise::firm},
                                 NameClaim{"db3", Promise::loose},      NameClaim{"db", Promise::loose},
                                 NameClaim{"s3db", Promise::loose},     NameClaim{"sl3", Promise::loose},
                                 NameClaim{"gpkg", Promise::firm},      NameClaim{"mbtiles", Promise::firm},
                                 NameClaim{"sqlitedb", Promise::loose}, NameClaim{"sdb", Promise::loose}};
constexpr std::string_view k_magic = "SQLite format 3\0"sv;
constexpr std::uint64_t k_free_pages_max = 4'000'000;  // remembered as one bit each, up to page k_free_page_number_max
constexpr std::uint64_t k_free_page_number_max = std::uint64_t{1} << 28;

Likeness recognise(const Edges& edges) { return edges.head.matches(0, k_magic) ? Likeness::strong : Likeness::none; }

/// Why the fields of the file header cannot be; empty when they can.
std::string_view find_header_fault(ByteView head) {
  const std::uint32_t page_word = head.be16(16);
  const bool page_size_fits = page_word == 1 || (page_word >= 512 && std::has_single_bit(page_word));
  if (!page_size_fits) return "the page size is no power of two from 512 to 65536";
  if ((page_word == 1 ? 65536U : page_word) - head.u8(20) < 480) return "less than 480 usable bytes per page";
  if (head.u8(18) == 0 || head.u8(18) > 2 || head.u8(19) == 0 || head.u8(19) > 2)
    return "the read or write version is neither 1 nor 2";
  if (head.u8(21) != 64 || head.u8(22) != 32 || head.u8(23) != 32) return "the payload fractions are not 64, 32, 32";
  if (head.be32(44) > 4) return "the schema format is above 4";
  if (head.be32(56) > 3) return "the text encoding is above 3";
  for (std::uint64_t i = 72; i < 92; ++i) {
    if (head.u8(i) != 0) return "a reserved byte is not zero";
  }
  return {};
}

/// The pages on the free list: their content is nobody's.
class FreePages {
 public:
  void add(std::uint32_t page) {
    if (page >= k_free_page_number_max) return;
    if (bits_.size() <= page / 64) bits_.resize(page / 64 + 1);
    bits_[page / 64] |= std::uint64_t{1} << (page % 64);
    ++count_;
  }
  [[nodiscard]] bool has(std::uint64_t page) const {
    return page / 64 < bits_.size() && (bits_[page / 64] >> (page % 64) & 1) != 0;
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  std::vector<std::uint64_t> bits_;
  std::uint64_t count_ = 0;
};

/// Follows the trunks (section 1.5). False when the chain cannot be right.
bool read_free_list(WalkInput& input, WalkReport& report, const SqliteLayout& layout, FreePages& free_pages) {
  const ByteView head = input.head();
  std::uint32_t trunk = head.be32(32);
  const std::uint64_t expected = head.be32(36);
  // At `quick` a few trunks are enough: one trunk of 4 KiB names 1022 pages.
  const std::uint64_t trunks_max =
      input.depth() == model::Depth::quick && input.whole().empty() ? 16 : k_free_pages_max;
  for (std::uint64_t trunks = 0; trunk != 0 && trunks < trunks_max; ++trunks) {
    const std::uint64_t from = (std::uint64_t{trunk} - 1) * layout.page_bytes;
    const model::ByteRange range{.from = from, .to = from + layout.page_bytes};
    if (!input.may_continue()) return true;
    if (!layout.is_page(trunk)) {
      report.breaks("sqlite.free-list",
                    fmt::format("trunk page {} of the free list is behind the last page, {}", trunk, layout.page_count),
                    {.from = 32, .to = 40});
      return false;
    }
    const ByteView page = input.at(from, layout.page_bytes);
    const std::string_view fault = find_trunk_fault(layout, page);
    if (!fault.empty() || free_pages.count() > expected) {
      report.breaks(
          "sqlite.free-list",
          fmt::format("page {}: {}", trunk, fault.empty() ? "the free list is longer than the header says" : fault),
          range);
      return false;
    }
    free_pages.add(trunk);
    const std::uint32_t next = page.be32(0);
    for (std::uint64_t i = 0; i < page.be32(4); ++i) free_pages.add(page.be32(8 + 4 * i));
    trunk = next;
  }
  if (trunk == 0 && free_pages.count() != expected) {
    report.breaks("sqlite.free-list",
                  fmt::format("{} pages on the free list, the header says {}", free_pages.count(), expected),
                  {.from = 32, .to = 40});
    return false;
  }
  return true;
}

/// In memory the children of interior pages are looked up beforehand: each must be a b-tree page of its parent's kind.
/// One number per page: the type of its parent, 0 when none is known.
std::vector<std::uint8_t> parent_types(const SqliteLayout& layout, const FreePages& free_pages, ByteView whole) {
  std::vector<std::uint8_t> types(whole.size() / layout.page_bytes + 1, 0);
  for (std::uint64_t number = 1; number < types.size(); ++number) {
    const ByteView page = whole.part((number - 1) * layout.page_bytes, layout.page_bytes);
    const std::uint64_t header_at = number == 1 ? 100 : 0;
    const std::uint8_t type = page.u8(header_at);
    const bool is_interior = (type == 2 || type == 5) && !free_pages.has(number) && !layout.is_pointer_map(number);
    if (!is_interior || !find_btree_fault(layout, number, page).empty()) continue;
    const auto note = [&](std::uint32_t child) {
      if (child < types.size()) types[child] = type;
    };
    note(page.be32(header_at + 8));
    for (std::uint64_t i = 0; i < page.be16(header_at + 3); ++i) note(page.be32(page.be16(header_at + 12 + 2 * i)));
  }
  return types;
}

struct PageContext {
  SqliteLayout layout;
  FreePages free_pages;
  std::vector<std::uint8_t> parent_types;  // empty when the content is not in memory
};

PageOpinion judge_page(const PageContext& context, std::uint64_t number, ByteView page) {
  const SqliteLayout& layout = context.layout;
  if (page.size() < layout.page_bytes) return {.fault = "the content ends inside the page"};
  if (number == layout.lock_page()) return {.kind = RegionKind::plain, .fault = {}};
  if (layout.is_pointer_map(number)) return {.fault = find_pointer_map_fault(layout, number, page)};
  const bool is_free = context.free_pages.has(number);
  const std::uint8_t parent = number < context.parent_types.size() ? context.parent_types[number] : std::uint8_t{0};
  if (parent != 0 && !is_free && page.u8(0) != parent && page.u8(0) != parent + 8) {
    return {.fault = "a b-tree names it as its child and it is no page of that tree"};
  }
  if (number == 1 || is_btree_type(page.u8(0))) {
    const std::string_view fault = find_btree_fault(layout, number, page);
    if (fault.empty()) return {};
    // The number of the next overflow page can begin with such a byte only in files of 2^25 pages and more.
    if (number == 1 || (!is_free && layout.page_count < 0x02000000)) return {.fault = fault};
  }
  if (is_free) return {.kind = RegionKind::compressed, .fault = {}};
  return {.kind = RegionKind::compressed, .fault = find_overflow_fault(layout, page)};
}

/// Bytes behind the last page: zeros are room that was reserved ahead (SQLITE_FCNTL_CHUNK_SIZE).
void check_trailing(WalkInput& input, WalkReport& report) {
  const std::uint64_t trailing = input.size_bytes() - *report.end_bytes;
  if (trailing == 0) return;
  for (const ByteView part :
       {input.at(*report.end_bytes, 64 * 1024),
        input.tail().part(input.tail().size() - std::min<std::uint64_t>(trailing, input.tail().size()))}) {
    for (const std::uint8_t byte : part) {
      if (byte != 0) return;
    }
  }
  report.allowed_trailing_bytes = trailing;
  report.remarks("sqlite.trailing", fmt::format("{} zero bytes follow the last page", trailing));
}

/// Section 1.3.7: the count of pages in the header is valid when the two change counters agree.
std::uint64_t page_count_of(ByteView head, std::uint64_t size_bytes, std::uint32_t page_bytes) {
  const std::uint32_t in_header = head.be32(28);
  const bool is_valid = in_header != 0 && head.be32(24) == head.be32(92);
  return is_valid ? in_header : size_bytes / page_bytes;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!head.matches(0, k_magic)) return report;
  report.shape = Shape::whole;
  const std::string_view header_fault =
      head.size() < 100 ? "the content ends inside the header" : find_header_fault(head);
  if (!header_fault.empty()) {
    report.breaks("sqlite.header", fmt::format("header: {}", header_fault),
                  {.from = 0, .to = std::min<std::uint64_t>(100, input.size_bytes())});
    // From the reserved bytes on, with the first page's header and pointers behind them.
    report.misses_fields({.from = std::min<std::uint64_t>(72, input.size_bytes()),
                          .to = std::min<std::uint64_t>(160, input.size_bytes())});
    return report;
  }
  PageContext context;
  SqliteLayout& layout = context.layout;
  layout.page_bytes = head.be16(16) == 1 ? 65536 : head.be16(16);
  layout.usable_bytes = layout.page_bytes - head.u8(20);
  layout.page_count = page_count_of(head, input.size_bytes(), layout.page_bytes);
  layout.has_pointer_map = head.be32(52) != 0;
  const std::uint64_t pages_present = input.size_bytes() / layout.page_bytes;
  if (layout.page_count == 0 || layout.page_count > pages_present) {
    report.breaks("sqlite.length",
                  fmt::format("the header counts {} pages of {} bytes, the content has {}",
                              std::max<std::uint64_t>(layout.page_count, 1), layout.page_bytes, pages_present),
                  {.from = 0, .to = 100});
  } else {
    report.end_bytes = layout.page_count * layout.page_bytes;
    check_trailing(input, report);
  }
  const bool free_list_fits = read_free_list(input, report, layout, context.free_pages);
  if (!input.whole().empty()) context.parent_types = parent_types(layout, context.free_pages, input.whole());
  const PageLayout pages{.page_bytes = layout.page_bytes,
                         .page_count = std::min(layout.page_count, pages_present),
                         .first_number = 1,
                         .rule = "sqlite.page"};
  const PageSurvey survey = survey_pages(
      input, report, pages, [&](std::uint64_t index, ByteView page) { return judge_page(context, index + 1, page); });
  report.reach = survey.every_page && free_list_fits ? Reach::sampled : Reach::frame;
  if (report.shape == Shape::whole) {
    report.holds("sqlite.pages",
                 fmt::format("{} of {} bytes hold cells, records and links as they must, {} are on the free list",
                             pages_looked_at(survey, pages), layout.page_bytes, context.free_pages.count()));
  }
  return report;
}

}  // namespace

const Format k_sqlite_format = {.id = "sqlite",
                                .title = "SQLite database",
                                .family = Family::database,
                                .claims = k_claims,
                                .recognise = recognise,
                                .walk = walk};

}  // namespace lastgood::formats
