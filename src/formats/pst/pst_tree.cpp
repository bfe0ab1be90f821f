// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/checksum.h"
#include "formats/pst/pst_layout.h"

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::uint64_t k_ranges_max = 2'000'000;
constexpr std::uint8_t k_level_max = 8;

/// Section 5.5: place and number of a page or block, folded.
std::uint16_t signature(std::uint64_t at, std::uint64_t id) {
  const std::uint64_t mixed = at ^ id;
  return static_cast<std::uint16_t>((mixed >> 16 & 0xFFFF) ^ (mixed & 0xFFFF));
}

struct PageHead {
  std::uint64_t entries = 0;
  std::uint64_t entry_bytes = 0;
  std::uint64_t entries_max = 0;
  std::uint8_t level = 0;
};

/// BTPAGE, section 2.2.2.7.7.1.
PageHead parse_page_head(const PstLayout& layout, ByteView page) {
  if (layout.form == PstForm::unicode_4k) {
    const std::uint64_t at = layout.page_bytes - layout.page_trailer_bytes - 16;
    return {.entries = page.le16(at), .entry_bytes = page.u8(at + 4), .entries_max = at, .level = page.u8(at + 5)};
  }
  const std::uint64_t at = layout.page_bytes - layout.page_trailer_bytes - (layout.form == PstForm::ansi ? 4 : 8);
  return {.entries = page.u8(at), .entry_bytes = page.u8(at + 2), .entries_max = at, .level = page.u8(at + 3)};
}

struct Child {
  std::uint64_t at = 0;
  std::uint8_t level = 0;
};

struct BlockEntry {
  std::uint64_t id = 0;
  std::uint64_t at = 0;
  std::uint64_t length = 0;
};

class TreeWalk {
 public:
  TreeWalk(WalkInput& input, const PstLayout& layout, PstPageType type, PstBlocks blocks)
      : input_(input), layout_(layout), type_(type), blocks_(blocks) {}

  PstTree run(std::uint64_t root_at, std::uint64_t pages_max) {
    pending_.push_back({.at = root_at, .level = k_level_max});
    while (!pending_.empty() && tree_.pages < pages_max) {
      if (!input_.may_continue()) return std::move(tree_);
      const Child next = pending_.back();
      pending_.pop_back();
      visit(next);
    }
    tree_.is_complete = pending_.empty() && !input_.stopped();
    return std::move(tree_);
  }

 private:
  void bad(std::uint64_t at, std::uint64_t length, std::string_view fault) {
    if (tree_.bad.empty()) tree_.first_fault = fault;
    const std::uint64_t from = std::min(at, input_.size_bytes());
    if (tree_.bad.size() < k_ranges_max)
      tree_.bad.push_back({.from = from, .to = from + std::min(length, input_.size_bytes() - from)});
  }

  void good(std::uint64_t at, std::uint64_t length) {
    if (tree_.verified.size() < k_ranges_max) tree_.verified.push_back({.from = at, .to = at + length});
  }

  void visit(const Child& child) {
    const ByteView page = input_.at(child.at, static_cast<std::size_t>(layout_.page_bytes));
    const std::string_view fault = find_pst_page_fault(layout_, page, child.at, type_);
    if (!fault.empty()) return bad(child.at, layout_.page_bytes, fault);
    const PageHead head = parse_page_head(layout_, page);
    ++tree_.pages;
    const bool is_root = child.level == k_level_max;
    const bool fits = head.entry_bytes >= 12 && head.entry_bytes <= 32 &&
                      head.entries * head.entry_bytes <= head.entries_max &&
                      (is_root ? head.level < k_level_max : head.level == child.level);
    if (!fits) return bad(child.at, layout_.page_bytes, "a tree page's level or entries cannot be");
    good(child.at, layout_.page_bytes);
    if (head.level > 0) {
      push_children(page, head);
    } else if (blocks_ == PstBlocks::check) {
      check_blocks(page, head);
    }
  }

  void push_children(ByteView page, const PageHead& head) {
    for (std::uint64_t i = 0; i < head.entries; ++i) {
      const std::uint64_t entry = i * head.entry_bytes;
      const std::uint64_t at = layout_.form == PstForm::ansi ? page.le32(entry + 8) : page.le64(entry + 16);
      pending_.push_back({.at = at, .level = static_cast<std::uint8_t>(head.level - 1)});
    }
  }

  void check_blocks(ByteView page, const PageHead& head) {
    std::vector<BlockEntry> entries;  // reading a block ends the page's view
    entries.reserve(static_cast<std::size_t>(head.entries));
    for (std::uint64_t i = 0; i < head.entries; ++i) {
      const std::uint64_t at = i * head.entry_bytes;
      if (layout_.form == PstForm::ansi) {
        entries.push_back({.id = page.le32(at), .at = page.le32(at + 4), .length = page.le16(at + 8)});
      } else {
        entries.push_back({.id = page.le64(at), .at = page.le64(at + 8), .length = page.le16(at + 16)});
      }
    }
    for (const BlockEntry& entry : entries) {
      if (!input_.may_continue()) return;
      check_block(entry);
    }
  }

  /// BLOCKTRAILER, section 2.2.2.8.1.
  void check_block(const BlockEntry& entry) {
    const std::uint64_t trailer_bytes = layout_.form == PstForm::ansi ? 12 : layout_.page_trailer_bytes;
    const std::uint64_t align = layout_.block_align_bytes;
    const std::uint64_t total = (entry.length + trailer_bytes + align - 1) / align * align;
    const ByteView block = input_.at(entry.at, static_cast<std::size_t>(total));
    if (block.size() < total) return bad(entry.at, total, "a block ends behind the content");
    const std::uint64_t trailer = total - trailer_bytes;
    const bool is_ansi = layout_.form == PstForm::ansi;
    const std::uint32_t sum = block.le32(trailer + (is_ansi ? 8 : 4));
    const std::uint64_t id = is_ansi ? block.le32(trailer + 4) : block.le64(trailer + 8);
    if (block.le16(trailer) != entry.length || id != entry.id)
      return bad(entry.at, total, "a block's trailer is not that of the block");
    if (sum != pst_sum(block.part(0, entry.length))) return bad(entry.at, total, "a block's CRC does not fit");
    ++tree_.blocks;
    good(entry.at, total);
  }

  WalkInput& input_;
  const PstLayout& layout_;
  PstPageType type_;
  PstBlocks blocks_;
  PstTree tree_;
  std::vector<Child> pending_;
};

}  // namespace

std::uint32_t pst_sum(ByteView bytes) { return ~base::crc32(bytes, 0xFFFFFFFF); }

std::string_view find_pst_page_fault(const PstLayout& layout, ByteView page, std::uint64_t at, PstPageType type) {
  if (page.size() < layout.page_bytes) return "a page ends behind the content";
  const std::uint64_t trailer = layout.page_bytes - layout.page_trailer_bytes;
  const bool is_ansi = layout.form == PstForm::ansi;
  if (page.u8(trailer) != static_cast<std::uint8_t>(type) || page.u8(trailer + 1) != page.u8(trailer))
    return "a page's type is not the one that must stand here";
  const std::uint64_t id = is_ansi ? page.le32(trailer + 4) : page.le64(trailer + 8);
  if (type != PstPageType::allocation && page.le16(trailer + 2) != signature(at, id))
    return "a page's signature does not fit its place";
  if (page.le32(trailer + (is_ansi ? 8 : 4)) != pst_sum(page.part(0, trailer))) return "a page's CRC does not fit";
  return {};
}

PstTree walk_pst_tree(WalkInput& input, const PstLayout& layout, PstPageType type, PstBlocks blocks,
                      std::uint64_t pages_max) {
  const std::uint64_t root_at = type == PstPageType::blocks ? layout.blocks_root_at : layout.nodes_root_at;
  return TreeWalk(input, layout, type, blocks).run(root_at, pages_max);
}

}  // namespace lastgood::formats
