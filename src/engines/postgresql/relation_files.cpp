// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/relation_files.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include <fmt/format.h>

#include "engines/page_reader.h"
#include "engines/postgresql/lost_pages.h"

namespace lastgood::engines::postgresql {

using base::ByteView;

namespace {

constexpr std::uint32_t k_default_tablespace = 1663;
constexpr std::uint32_t k_global_tablespace = 1664;

/// The decimal number at the start of `text`, which is shortened by it.
std::optional<std::uint32_t> take_number(std::string_view& text) {
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  return number;
}

bool take(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

auto order_of(const RelationFile& file) {
  return std::tuple(file.folder.tablespace, file.folder.database, file.name.relation, file.name.fork,
                    file.name.segment);
}

bool is_same_fork(const RelationFile& a, const RelationFile& b) {
  return a.folder.tablespace == b.folder.tablespace && a.folder.database == b.folder.database &&
         a.name.relation == b.name.relation && a.name.fork == b.name.fork;
}

/// A segment may only follow one that is full.
void check_segments(UnitCheck& check, std::span<const RelationFile> segments, const PageRules& rules) {
  const std::uint64_t full_bytes = std::uint64_t{rules.segment_blocks} * rules.block_bytes;
  if (segments[0].name.segment != 0) {
    check.damaged(segments[0].place->show(segments[0].path), "postgresql.relation.segment",
                  "a later segment of a relation whose first is not there");
  }
  for (std::size_t i = 1; i < segments.size(); ++i) {
    const std::string shown = segments[i].place->show(segments[i].path);
    const std::uint32_t before = segments[i - 1].name.segment;
    if (segments[i].name.segment != before + 1) {
      check.damaged(shown, "postgresql.relation.segment", fmt::format("segment {} is missing before it", before + 1));
    } else if (segments[i - 1].size_bytes != full_bytes && segments[i].size_bytes != 0) {
      check.damaged(shown, "postgresql.relation.segment",
                    fmt::format("the segment before it has {} bytes, not {}", segments[i - 1].size_bytes, full_bytes));
    }
  }
}

/// The pages of one file.
class FileCheck {
 public:
  FileCheck(const RelationFile& file, const PageRules& rules, PageCounts& counts)
      : file_(file), rules_(rules), counts_(counts), faults_(rules.block_bytes) {}

  void visit(std::uint64_t index, ByteView page, FilledBlocks& filled) {
    ++counts_.pages;
    if (page.le64(0) == 0 && page.le64(8) == 0 && is_zero(page)) {
      check_age(index, 0);
      return;
    }
    filled.fill(std::uint64_t{file_.name.segment} * rules_.segment_blocks + index);
    const std::uint64_t block = std::uint64_t{file_.name.segment} * rules_.segment_blocks + index;
    const std::string_view fault = model::pages::find_postgresql_page_fault(page, rules_.block_bytes, fork());
    const bool sum_fits =
        !rules_.has_sums || page.le16(8) == model::pages::postgresql_page_sum(page, static_cast<std::uint32_t>(block));
    if (sum_fits && rules_.has_sums) ++counts_.proven;
    // A page whose checksum fits is what the server wrote, whatever kind of index put it there.
    const bool fits = rules_.has_sums ? sum_fits : fault.empty();
    const bool is_header_possible = model::pages::postgresql_page_bytes(page) == rules_.block_bytes;
    if (!fits) {
      const BlockFacts* const facts = facts_of(index);
      // Such a page was being written when the copy was made; what replay puts there does not look at it.
      if (rules_.stand == PageRules::Stand::to_be_replayed && is_header_possible && facts != nullptr &&
          facts->has_image) {
        ++counts_.to_be_replaced;
        return;
      }
      faults_.add(index, fault.empty() ? "its checksum does not fit" : fault, page);
      return;
    }
    check_age(index, std::uint64_t{page.le32(0)} << 32 | page.le32(4));
  }

  void say(UnitCheck& check) {
    const std::string shown = file_.place->show(file_.path);
    faults_.say(check, shown, "postgresql.page");
    if (newer_count_ > 0) {
      check.torn(shown, "postgresql.page.newer",
                 fmt::format("{} pages, page {} with LSN {} among them, were written after the end of the log at {}",
                             newer_count_, newer_first_, format_lsn(newer_lsn_), format_lsn(rules_.wal->end)),
                 {.from = newer_first_ * rules_.block_bytes, .to = (newer_first_ + 1) * rules_.block_bytes});
    }
    if (older_count_ > 0) {
      check.torn(shown, "postgresql.page.older",
                 fmt::format("{} pages, page {} with LSN {} among them, are older than the log says they were at {}",
                             older_count_, older_first_, format_lsn(older_lsn_), format_lsn(older_expected_)),
                 {.from = older_first_ * rules_.block_bytes, .to = (older_first_ + 1) * rules_.block_bytes});
    }
  }

 private:
  [[nodiscard]] model::pages::RelationFork fork() const {
    if (file_.name.fork == Fork::free_space) return model::pages::RelationFork::free_space;
    if (file_.name.fork == Fork::visibility) return model::pages::RelationFork::visibility;
    return model::pages::RelationFork::main;
  }

  [[nodiscard]] const BlockFacts* facts_of(std::uint64_t index) const {
    if (file_.name.fork != Fork::main) return nullptr;
    return rules_.wal->find(
        {.tablespace = file_.folder.tablespace,
         .database = file_.folder.database,
         .relation = file_.name.relation,
         .block = static_cast<std::uint32_t>(std::uint64_t{file_.name.segment} * rules_.segment_blocks + index)});
  }

  void check_age(std::uint64_t index, Lsn lsn) {
    if (rules_.is_wal_end_known && lsn > rules_.wal->end && file_.name.fork != Fork::free_space) {
      if (newer_count_++ == 0) {
        newer_first_ = index;
        newer_lsn_ = lsn;
      }
      return;
    }
    const BlockFacts* const facts = facts_of(index);
    if (facts == nullptr || lsn >= facts->written_min || rules_.wal->truncated.contains(file_.name.relation)) return;
    if (older_count_++ == 0) {
      older_first_ = index;
      older_lsn_ = lsn;
      older_expected_ = facts->written_min;
    }
  }

  const RelationFile& file_;
  const PageRules& rules_;
  PageCounts& counts_;
  PageFaults faults_;
  std::uint64_t newer_count_ = 0;
  std::uint64_t newer_first_ = 0;
  Lsn newer_lsn_ = 0;
  std::uint64_t older_count_ = 0;
  std::uint64_t older_first_ = 0;
  Lsn older_lsn_ = 0;
  Lsn older_expected_ = 0;
};

void check_file(UnitCheck& check, const RelationFile& file, const PageRules& rules, PageCounts& counts,
                FilledBlocks& filled) {
  const std::unique_ptr<base::ByteSource> source = check.open(*file.place, file.path);
  if (!source) return;
  ++counts.files;
  const std::string shown = file.place->show(file.path);
  FileCheck pages(file, rules, counts);
  visit_pages(check, {.source = source.get(), .shown = shown, .page_bytes = rules.block_bytes},
              [&](std::uint64_t index, ByteView page) { pages.visit(index, page, filled); });
  pages.say(check);
  const std::uint64_t rest = source->size_bytes() % rules.block_bytes;
  if (rest != 0 && rules.stand == PageRules::Stand::shut_down) {
    check.damaged(shown, "postgresql.relation.length", fmt::format("{} bytes follow its last whole page", rest),
                  {.from = source->size_bytes() - rest, .to = source->size_bytes()});
  }
}

bool is_same_relation(const RelationFile& a, const RelationFile& b) {
  return a.folder.tablespace == b.folder.tablespace && a.folder.database == b.folder.database &&
         a.name.relation == b.name.relation;
}

/// Forks of one relation follow each other, the main one first.
class ForkChecks {
 public:
  ForkChecks(UnitCheck& check, const PageRules& rules, PageCounts& counts)
      : check_(check), rules_(rules), counts_(counts) {}

  void take(std::span<const RelationFile> segments) {
    check_segments(check_, segments, rules_);
    FilledBlocks filled;
    for (const RelationFile& file : segments) check_file(check_, file, rules_, counts_, filled);
    if (check_.depth() == model::Depth::quick) return;  // which saw some of the pages only
    if (segments[0].name.fork == Fork::main) {
      check_first_block(check_, segments, filled, rules_);
      main_ = segments;
      filled_ = std::move(filled);
    } else if (segments[0].name.fork == Fork::visibility && !main_.empty() && is_same_relation(main_[0], segments[0])) {
      check_against_map(check_, main_, filled_, segments, rules_);
    }
  }

 private:
  UnitCheck& check_;
  const PageRules& rules_;
  PageCounts& counts_;
  std::span<const RelationFile> main_;  // the last one that was checked
  FilledBlocks filled_;
};

/// Pages that the log says were written, of relations that are there, behind their ends.
void check_ends(UnitCheck& check, std::span<const RelationFile> files, const PageRules& rules) {
  std::unordered_map<BlockPlace, const RelationFile*, BlockPlaceHash> last;
  std::unordered_map<BlockPlace, std::uint64_t, BlockPlaceHash> blocks;
  for (const RelationFile& file : files) {
    if (file.name.fork != Fork::main) continue;
    const BlockPlace key{
        .tablespace = file.folder.tablespace, .database = file.folder.database, .relation = file.name.relation};
    last[key] = &file;
    blocks[key] = std::uint64_t{file.name.segment} * rules.segment_blocks + file.size_bytes / rules.block_bytes;
  }
  for (const auto& [place, facts] : rules.wal->blocks) {
    if (facts.written_min == 0 || rules.wal->truncated.contains(place.relation)) continue;
    const BlockPlace key{.tablespace = place.tablespace, .database = place.database, .relation = place.relation};
    const auto found = blocks.find(key);
    if (found == blocks.end() || place.block < found->second) continue;
    check.torn(last[key]->place->show(last[key]->path), "postgresql.relation.shorter",
               fmt::format("has {} pages, the log at {} speaks of page {}", found->second,
                           format_lsn(facts.written_min), place.block));
    blocks.erase(found);
  }
}

}  // namespace

std::optional<RelationName> parse_relation_name(std::string_view name) {
  RelationName parsed;
  const std::optional<std::uint32_t> relation = take_number(name);
  if (!relation) return std::nullopt;
  parsed.relation = *relation;
  if (take(name, "_fsm"))
    parsed.fork = Fork::free_space;
  else if (take(name, "_vm"))
    parsed.fork = Fork::visibility;
  else if (take(name, "_init"))
    parsed.fork = Fork::initial;
  if (take(name, ".")) {
    const std::optional<std::uint32_t> segment = take_number(name);
    if (!segment || *segment > 1'000'000) return std::nullopt;
    parsed.segment = *segment;
  }
  return name.empty() ? std::optional(parsed) : std::nullopt;
}

std::optional<std::string_view> find_name_before_ending(std::string_view name) {
  if (parse_relation_name(name)) return std::nullopt;
  for (std::size_t dot = name.rfind('.'); dot != std::string_view::npos && dot > 0; dot = name.rfind('.', dot - 1)) {
    if (parse_relation_name(name.substr(0, dot))) return name.substr(0, dot);
  }
  return std::nullopt;
}

std::optional<RelationFolder> parse_relation_folder(std::string_view folder) {
  if (folder == "global") return RelationFolder{.tablespace = k_global_tablespace};
  RelationFolder parsed{.tablespace = k_default_tablespace};
  if (take(folder, "pg_tblspc/")) {
    const std::optional<std::uint32_t> tablespace = take_number(folder);
    if (!tablespace || !take(folder, "/PG_")) return std::nullopt;
    parsed.tablespace = *tablespace;
    const std::size_t slash = folder.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    folder.remove_prefix(slash + 1);
  } else if (!take(folder, "base/")) {
    return std::nullopt;
  }
  const std::optional<std::uint32_t> database = take_number(folder);
  if (!database || !folder.empty()) return std::nullopt;
  parsed.database = *database;
  return parsed;
}

PageCounts check_relations(UnitCheck& check, std::vector<RelationFile>& files, const PageRules& rules) {
  std::sort(files.begin(), files.end(),
            [](const RelationFile& a, const RelationFile& b) { return order_of(a) < order_of(b); });
  PageCounts counts;
  // An unlogged relation is emptied by replay: its main file may hold anything.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> unlogged;
  for (const RelationFile& file : files) {
    if (file.name.fork == Fork::initial) unlogged.emplace_back(file.folder.database, file.name.relation);
  }
  std::sort(unlogged.begin(), unlogged.end());
  ForkChecks forks(check, rules, counts);
  for (std::size_t first = 0, behind = 0; first < files.size(); first = behind) {
    behind = first + 1;
    while (behind < files.size() && is_same_fork(files[first], files[behind])) ++behind;
    const std::span<const RelationFile> segments(&files[first], behind - first);
    const bool is_unlogged = std::binary_search(unlogged.begin(), unlogged.end(),
                                                std::pair(files[first].folder.database, files[first].name.relation));
    if (is_unlogged && files[first].name.fork != Fork::initial) continue;
    forks.take(segments);
  }
  check_ends(check, files, rules);
  return counts;
}

}  // namespace lastgood::engines::postgresql
