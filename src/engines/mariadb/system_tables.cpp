// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/system_tables.h"

#include "engines/page_reader.h"

namespace lastgood::engines::mariadb {

using base::ByteView;

namespace {

constexpr std::string_view k_system_tablespace = "ibdata1";
constexpr std::uint64_t k_system_page_bytes = 16384;  // of nearly every server
constexpr std::size_t k_leaves_max = 4096;
constexpr std::uint64_t k_tablespace_at = 41;  // behind the name

bool is_leaf_of_tables(ByteView page) {
  constexpr std::uint16_t k_index_page = 17855;
  constexpr std::uint64_t k_list_of_tables = 1;  // number of the index
  return page.be16(24) == k_index_page && page.be16(64) == 0 && page.be64(66) == k_list_of_tables;
}

}  // namespace

void SystemTables::read() {
  pages_.emplace();
  if (!folder_.paths.contains(std::string(k_system_tablespace))) return;
  const auto source = check_.open(check_.home(), k_system_tablespace);
  if (!source) return;
  const std::string shown = check_.home().show(k_system_tablespace);
  visit_pages(
      check_,
      {.source = source.get(), .shown = shown, .page_bytes = k_system_page_bytes, .pages = PageFile::Pages::all},
      [&](std::uint64_t, ByteView page) {
        if (pages_->size() < k_leaves_max && is_leaf_of_tables(page)) pages_->emplace_back(page.text());
      });
}

SystemTables::Listed SystemTables::find(std::string_view table) {
  if (!pages_) read();
  Listed listed = Listed::no;
  for (const std::string& page : *pages_) {
    for (std::size_t at = page.find(table); at != std::string::npos; at = page.find(table, at + 1)) {
      const ByteView bytes{std::string_view(page)};
      const std::uint64_t behind = at + table.size() + k_tablespace_at;
      if (bytes.has(behind, 4) && bytes.be32(behind) == 0) return Listed::system;
      listed = Listed::file;
    }
  }
  return listed;
}

}  // namespace lastgood::engines::mariadb
