// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/rollback_segments.h"

#include <map>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "engines/mariadb/data_copy.h"

namespace lastgood::engines::mariadb {

namespace {

constexpr std::size_t k_page_bytes = 16384;  // of nearly every server
constexpr std::size_t k_segments = 128;
constexpr std::uint32_t k_none = 0xFFFFFFFF;

/// Pages of the tablespaces that rollback segments lie in.
class Pages {
 public:
  Pages(const UnitView& view, std::string folder) : view_(view), folder_(std::move(folder)) {}

  /// Empty: it is not there, or another page.
  std::vector<std::uint8_t> read(std::uint32_t space, std::uint32_t number) {
    base::ByteSource* const file = open(space);
    std::vector<std::uint8_t> page(k_page_bytes);
    if (file == nullptr) return {};
    const auto got = file->read(std::uint64_t{number} * k_page_bytes, page);
    const base::ByteView bytes{std::span<const std::uint8_t>(page)};
    if (!got.ok() || got.value() != k_page_bytes || bytes.be32(4) != number || bytes.be32(34) != space) return {};
    return page;
  }

 private:
  base::ByteSource* open(std::uint32_t space) {
    constexpr std::uint32_t k_undo_spaces_max = 127;
    if (space > k_undo_spaces_max) return nullptr;
    auto& file = files_[space];
    if (!file) {
      auto opened = view_.open(join(folder_, space == 0 ? std::string("ibdata1") : fmt::format("undo{:03}", space)));
      if (opened.ok()) file = std::move(opened).value();
    }
    return file.get();
  }

  const UnitView& view_;
  std::string folder_;
  std::map<std::uint32_t, std::unique_ptr<base::ByteSource>> files_;
};

}  // namespace

std::optional<BinlogPlace> read_binlog_place(const UnitView& view, const std::string& folder) {
  constexpr std::uint32_t k_list_page = 5;
  constexpr std::uint16_t k_list_type = 7;
  constexpr std::uint64_t k_lsn_at = 16;
  constexpr std::uint64_t k_place_at = 4176;
  constexpr std::uint64_t k_name_bytes = 512;
  Pages pages(view, folder);
  const std::vector<std::uint8_t> list = pages.read(0, k_list_page);
  const base::ByteView slots{std::span<const std::uint8_t>(list)};
  if (list.empty() || slots.be16(24) != k_list_type) return std::nullopt;
  std::optional<BinlogPlace> place;
  std::uint64_t newest = 0;
  for (std::uint64_t slot = 0; slot < k_segments; ++slot) {
    const std::uint32_t space = slots.be32(56 + 8 * slot);
    const std::uint32_t number = slots.be32(60 + 8 * slot);
    if (space == k_none || number == k_none) continue;
    const std::vector<std::uint8_t> page = pages.read(space, number);
    if (page.empty()) return std::nullopt;
    const base::ByteView segment{std::span<const std::uint8_t>(page)};
    if (segment.be32(38) != 0) return std::nullopt;  // of a version before 10.3
    const std::string_view text = segment.part(k_place_at + 8, k_name_bytes).text();
    const std::string_view name = text.substr(0, text.find('\0'));
    // Which of them was written last their pages' LSN says.
    if (name.empty() || segment.be64(k_lsn_at) < newest) continue;
    newest = segment.be64(k_lsn_at);
    place = BinlogPlace{.file = std::string(name.substr(name.rfind('/') + 1)), .offset = segment.be64(k_place_at)};
  }
  return place;
}

}  // namespace lastgood::engines::mariadb
