// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/data_files.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "engines/mariadb/pages_in_use.h"
#include "engines/page_reader.h"
#include "model/pages/innodb_page.h"

namespace lastgood::engines::mariadb {

using base::ByteView;
using namespace model::pages;

namespace {

/// Bytes 4 and 16 of a page's header.
std::uint32_t number_of(ByteView page) { return page.be32(4); }
Lsn lsn_of(ByteView page) { return page.be64(16); }

struct Doublewrite {
  std::array<std::uint64_t, 2> extents{};
  std::uint64_t extent_pages = 0;
  std::set<std::uint64_t> never_written;  // its segment's single pages: taken to get whole extents
};

class TablespaceCheck {
 public:
  /// `there`: how many pages the file has.
  TablespaceCheck(const InnodbLayout& layout, const TablespaceRules& rules, TablespaceCounts& counts,
                  std::uint64_t there)
      : layout_(layout), rules_(rules), counts_(counts), faults_(layout.page_bytes), there_(there), in_use_(layout) {}

  void visit(std::uint64_t index, ByteView page) {
    ++counts_.pages;
    if (is_doublewrite(index)) return;
    const PageId id = page_id(layout_.space_id, static_cast<std::uint32_t>(layout_.first_number + index));
    const auto found = rules_.log->pages.find(id);
    const bool is_made_anew = found != rules_.log->pages.end() && found->second.is_made_anew;
    const Lsn written_min = found == rules_.log->pages.end() || found->second.is_freed ? 0 : found->second.written_min;
    if (page.be64(0) == 0 && is_zero(page)) {
      if (is_made_anew || !is_needed(index)) return check_age(index, 0, written_min);  // not yet used
      return note_lost(index, id);
    }
    std::string_view fault = find_innodb_owner_fault(layout_, index, page);
    InnodbPageOpinion opinion;
    if (fault.empty()) {
      opinion = judge_innodb_page(layout_, page);
      fault = opinion.fault;
    }
    if (!fault.empty()) {
      if (rules_.is_to_be_replayed && !looks_random(page) && (is_made_anew || rules_.spare_copies.contains(id)))
        ++counts_.to_be_replaced;
      else
        faults_.add(index, fault, page);
      return;
    }
    if (opinion.is_sealed)
      ++counts_.sealed;
    else if (layout_.first_number == 0 && in_use_.is_descriptor(index))
      take_descriptor(index, page);
    check_age(index, lsn_of(page), written_min);
  }

  /// Pages that no block of the file is kept for: zeros, and not visited. Behind what the last descriptor speaks of
  /// none is known to be in use, however long a hole makes the file.
  void pass_hole(std::uint64_t from, std::uint64_t to) {
    to = std::min(to, std::max<std::uint64_t>(1, in_use_.end()));
    for (std::uint64_t index = from; index < to; ++index) {
      const PageId id = page_id(layout_.space_id, static_cast<std::uint32_t>(layout_.first_number + index));
      const auto found = rules_.log->pages.find(id);
      const bool is_made_anew = found != rules_.log->pages.end() && found->second.is_made_anew;
      if (!is_made_anew && !is_doublewrite(index) && is_needed(index)) note_lost(index, id);
    }
  }

  void set_doublewrite(const Doublewrite& buffer) { doublewrite_ = buffer; }

  void say(UnitCheck& check, std::string_view shown) const {
    faults_.say(check, shown, "mariadb.page");
    if (missing_count_ > 0)
      check.damaged(shown, "mariadb.tablespace.length",
                    fmt::format("{} pages of {} bytes are here, {} behind them are in use, page {} among them", there_,
                                layout_.page_bytes, missing_count_, missing_first_),
                    {.from = there_ * layout_.page_bytes, .to = (missing_first_ + 1) * layout_.page_bytes});
    if (newer_count_ > 0)
      check.torn(shown, "mariadb.page.newer",
                 fmt::format("{} pages, page {} with LSN {} among them, were written after the end of the log at {}",
                             newer_count_, newer_first_, newer_lsn_, rules_.newest),
                 {.from = newer_first_ * layout_.page_bytes, .to = (newer_first_ + 1) * layout_.page_bytes});
    if (older_count_ > 0)
      check.torn(shown, "mariadb.page.older",
                 fmt::format("{} pages, page {} with LSN {} among them, are older than the log says they were at {}",
                             older_count_, older_first_, older_lsn_, older_expected_),
                 {.from = older_first_ * layout_.page_bytes, .to = (older_first_ + 1) * layout_.page_bytes});
  }

 private:
  [[nodiscard]] bool is_doublewrite(std::uint64_t index) const {
    const auto& extents = doublewrite_.extents;
    return doublewrite_.never_written.contains(index) ||
           std::any_of(extents.begin(), extents.end(), [&](std::uint64_t extent) {
             return extent != 0 && index >= extent && index - extent < doublewrite_.extent_pages;
           });
  }

  /// Whether a page of zeros is one that was lost, unless the log makes it: page 0 is always in use.
  [[nodiscard]] bool is_needed(std::uint64_t index) const {
    if (rules_.is_to_be_replayed && !is_log_known()) return false;
    return (index == 0 && layout_.first_number == 0) || in_use_.has(index);
  }
  void note_lost(std::uint64_t index, PageId id) {
    if (rules_.is_to_be_replayed && rules_.spare_copies.contains(id))
      ++counts_.to_be_replaced;
    else
      faults_.add(index, "the page is in use and holds zeros", {});
  }
  [[nodiscard]] bool is_log_known() const {
    return rules_.newest != 0 && rules_.log->are_facts_whole && !rules_.log->deleted_spaces.contains(layout_.space_id);
  }

  void take_descriptor(std::uint64_t index, ByteView page) {
    in_use_.take(index, page);
    // Of the system tablespace later files may hold what is behind the end.
    if (layout_.space_id == 0 || (rules_.is_to_be_replayed && !is_log_known())) return;
    for (std::uint64_t number = std::max(there_, index); number < in_use_.end(); ++number) {
      if (!in_use_.has(number)) continue;
      const auto found = rules_.log->pages.find(page_id(layout_.space_id, static_cast<std::uint32_t>(number)));
      if (found != rules_.log->pages.end() && found->second.is_made_anew) continue;
      if (missing_count_++ == 0) missing_first_ = number;
    }
  }

  void check_age(std::uint64_t index, Lsn lsn, Lsn written_min) {
    if (rules_.newest != 0 && lsn > rules_.newest) {
      if (newer_count_++ == 0) {
        newer_first_ = index;
        newer_lsn_ = lsn;
      }
    } else if (lsn < written_min && !rules_.log->deleted_spaces.contains(layout_.space_id)) {
      if (older_count_++ == 0) {
        older_first_ = index;
        older_lsn_ = lsn;
        older_expected_ = written_min;
      }
    }
  }

  const InnodbLayout& layout_;
  const TablespaceRules& rules_;
  TablespaceCounts& counts_;
  PageFaults faults_;
  std::uint64_t there_;
  PagesInUse in_use_;
  std::uint64_t missing_count_ = 0;
  std::uint64_t missing_first_ = 0;
  Doublewrite doublewrite_;
  std::uint64_t newer_count_ = 0;
  std::uint64_t newer_first_ = 0;
  Lsn newer_lsn_ = 0;
  std::uint64_t older_count_ = 0;
  std::uint64_t older_first_ = 0;
  Lsn older_lsn_ = 0;
  Lsn older_expected_ = 0;
};

/// The single pages of the doublewrite buffer's segment: its header (space, page, offset of the segment's entry) stands
/// before the buffer's magic, the entry holds their numbers.
std::set<std::uint64_t> read_single_pages(UnitCheck& check, base::ByteSource& source, std::string_view shown,
                                          const InnodbLayout& layout) {
  constexpr std::uint64_t k_pages_at = 64;
  constexpr std::size_t k_pages_max = 128;
  std::array<std::uint8_t, 10> header{};
  if (check.read(source, shown, 6 * std::uint64_t{layout.page_bytes} - 200, header) < header.size()) return {};
  const ByteView segment{std::span<const std::uint8_t>(header)};
  const std::size_t count =
      std::max<std::size_t>(32, std::min(k_pages_max, std::size_t{512 * 1024} / layout.page_bytes));
  std::vector<std::uint8_t> entry(count * 4);
  const std::uint64_t at = std::uint64_t{segment.be32(4)} * layout.page_bytes + segment.be16(8) + k_pages_at;
  if (check.read(source, shown, at, entry) < entry.size()) return {};
  std::set<std::uint64_t> pages;
  for (std::size_t i = 0; i < count; ++i) pages.insert(ByteView(std::span<const std::uint8_t>(entry)).be32(i * 4));
  return pages;
}

/// Page 5 of the system tablespace says where the copies are: two extents of 64 pages, or of a mebibyte if that is
/// more.
Doublewrite read_doublewrite(UnitCheck& check, base::ByteSource& source, std::string_view shown,
                             const InnodbLayout& layout) {
  if (layout.space_id != 0 || layout.is_zipped || layout.first_number != 0) return {};
  constexpr std::uint32_t k_magic = 536853855;
  std::array<std::uint8_t, 12> fields{};
  if (source.size_bytes() < 6 * std::uint64_t{layout.page_bytes}) return {};
  if (check.read(source, shown, 6 * std::uint64_t{layout.page_bytes} - 190, fields) < fields.size()) return {};
  const ByteView view{std::span<const std::uint8_t>(fields)};
  if (view.be32(0) != k_magic) return {};
  return {.extents = {view.be32(4), view.be32(8)},
          .extent_pages = std::max<std::uint64_t>(64, 1024 * 1024 / layout.page_bytes),
          .never_written = read_single_pages(check, source, shown, layout)};
}

/// The layout by the first page, or by another when that is broken.
std::optional<InnodbLayout> read_layout(UnitCheck& check, base::ByteSource& source, std::string_view shown) {
  std::vector<std::uint8_t> start(256 * 1024);
  const std::size_t got = check.read(source, shown, 0, start);
  const ByteView head(std::span<const std::uint8_t>(start.data(), got));
  if (auto layout = parse_innodb_header(head)) return layout;
  for (const std::uint32_t page_bytes : {16384U, 4096U, 8192U, 32768U, 65536U}) {
    for (std::uint64_t index = 1; head.has(index * page_bytes, page_bytes); ++index) {
      if (auto layout = guess_innodb_layout(head.part(index * page_bytes), page_bytes, index)) return layout;
    }
  }
  return std::nullopt;
}

}  // namespace

void read_spare_copies(UnitCheck& check, base::ByteSource& system_tablespace, std::string_view shown,
                       TablespaceRules& rules) {
  const std::optional<InnodbLayout> layout = read_layout(check, system_tablespace, shown);
  if (!layout) return;
  const Doublewrite buffer = read_doublewrite(check, system_tablespace, shown, *layout);
  std::vector<std::uint8_t> bytes(layout->page_bytes);
  for (const std::uint64_t extent : buffer.extents) {
    for (std::uint64_t i = 0; extent != 0 && i < buffer.extent_pages; ++i) {
      const std::size_t got = check.read(system_tablespace, shown, (extent + i) * layout->page_bytes, bytes);
      const ByteView page(std::span<const std::uint8_t>(bytes.data(), got));
      InnodbLayout of_page = *layout;
      of_page.space_id = page.be32(34);
      if (page.size() == bytes.size() && !is_zero(page) && judge_innodb_page(of_page, page).fault.empty())
        rules.spare_copies.insert(page_id(page.be32(34), number_of(page)));
    }
  }
}

void check_tablespace(UnitCheck& check, base::ByteSource& source, const std::string& shown,
                      const TablespaceRules& rules, TablespaceCounts& counts) {
  ++counts.files;
  const std::optional<InnodbLayout> layout = read_layout(check, source, shown);
  if (!layout) {
    const bool is_random = looks_random(check, source, shown);
    if (is_random)
      check.encrypted(shown, "mariadb.tablespace", "is no tablespace, and its bytes look random",
                      {.from = 0, .to = source.size_bytes()});
    else if (rules.is_to_be_replayed)
      check.remarks(shown, "mariadb.tablespace", "not yet written: replay makes it");
    else
      check.damaged(shown, "mariadb.tablespace", "is no tablespace", {.from = 0, .to = source.size_bytes()});
    return;
  }
  const std::uint64_t there = source.size_bytes() / layout->page_bytes;
  TablespaceCheck pages(*layout, rules, counts, there);
  const Doublewrite buffer = read_doublewrite(check, source, shown, *layout);
  pages.set_doublewrite(buffer);
  std::uint64_t next = 0;
  const auto pass_hole = [&](std::uint64_t to) {
    if (check.depth() != model::Depth::quick) pages.pass_hole(next, to);  // quick: most are not visited
  };
  visit_pages(check, {.source = &source, .shown = shown, .page_bytes = layout->page_bytes},
              [&](std::uint64_t index, ByteView page) {
                pass_hole(index);
                pages.visit(index, page);
                next = index + 1;
              });
  pass_hole(there);
  pages.say(check, shown);
  const bool is_own_length = layout->space_id != 0 || rules.is_system_one_file;
  if (is_own_length && layout->tablespace_pages > there && !rules.is_to_be_replayed)
    check.damaged(shown, "mariadb.tablespace.length",
                  fmt::format("{} pages of {} bytes are here, {} belong to it", there, layout->page_bytes,
                              layout->tablespace_pages),
                  {.from = source.size_bytes(), .to = layout->tablespace_pages * layout->page_bytes});
}

}  // namespace lastgood::engines::mariadb
