// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/lost_pages.h"

#include <fmt/format.h>

#include "engines/page_reader.h"

namespace lastgood::engines::postgresql {

using base::ByteView;

namespace {

constexpr std::uint64_t k_header_bytes = 24;
constexpr std::uint64_t k_blocks_in_byte = 4;

/// Whether what is on disk does not matter, because replay puts a whole page there.
bool is_made_anew(const RelationFile& file, std::uint64_t block, const PageRules& rules) {
  if (rules.stand == PageRules::Stand::shut_down) return false;
  if (!rules.wal->are_facts_whole || rules.wal->truncated.contains(file.name.relation)) return true;
  const BlockFacts* const facts = rules.wal->find({.tablespace = file.folder.tablespace,
                                                   .database = file.folder.database,
                                                   .relation = file.name.relation,
                                                   .block = static_cast<std::uint32_t>(block)});
  return facts != nullptr && facts->has_image;
}

}  // namespace

void FilledBlocks::fill(std::uint64_t block) {
  if (block >= k_blocks_max) return;
  if (block >= filled_.size()) filled_.resize(static_cast<std::size_t>(block) + 1);
  filled_[block] = true;
}

void check_first_block(UnitCheck& check, std::span<const RelationFile> main, const FilledBlocks& filled,
                       const PageRules& rules) {
  if (!filled.is_any_filled() || filled.is_filled(0) || is_made_anew(main[0], 0, rules)) return;
  check.damaged(main[0].place->show(main[0].path), "postgresql.page.emptied",
                "its first page is empty and later ones are not");
}

void check_against_map(UnitCheck& check, std::span<const RelationFile> main, const FilledBlocks& filled,
                       std::span<const RelationFile> map, const PageRules& rules) {
  std::uint64_t lost = 0;
  std::uint64_t first = 0;
  const std::uint64_t blocks_in_page = (rules.block_bytes - k_header_bytes) * k_blocks_in_byte;
  const auto visit = [&](std::uint64_t page_number, ByteView page) {
    for (std::uint64_t at = k_header_bytes; at < page.size(); ++at) {
      const std::uint8_t bits = page.u8(at);
      for (std::uint64_t i = 0; bits != 0 && i < k_blocks_in_byte; ++i) {
        const std::uint64_t block = page_number * blocks_in_page + (at - k_header_bytes) * k_blocks_in_byte + i;
        if ((bits >> (2 * i) & 1) == 0 || filled.is_filled(block) || is_made_anew(main[0], block, rules)) continue;
        if (lost++ == 0) first = block;
      }
    }
  };
  for (const RelationFile& file : map) {
    const std::unique_ptr<base::ByteSource> source = check.open(*file.place, file.path);
    if (!source) continue;
    const std::string shown = file.place->show(file.path);
    const std::uint64_t before = std::uint64_t{file.name.segment} * rules.segment_blocks;
    visit_pages(check, {.source = source.get(), .shown = shown, .page_bytes = rules.block_bytes},
                [&](std::uint64_t index, ByteView page) {
                  const bool is_page = model::pages::find_postgresql_page_fault(page, rules.block_bytes,
                                                                                model::pages::RelationFork::visibility)
                                           .empty();
                  if (is_page) visit(before + index, page);
                });
  }
  if (lost == 0) return;
  check.damaged(
      main[0].place->show(main[0].path), "postgresql.page.emptied",
      fmt::format("{} pages, page {} among them, are empty or cut off, and the visibility map says that there "
                  "are rows",
                  lost, first));
}

}  // namespace lastgood::engines::postgresql
