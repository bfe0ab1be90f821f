// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// An SQLite database with its log or its journal: the first byte says which, the next two where it begins.
#include <cstdint>

#include "engines/testing/memory_view.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  const base::ByteView all(std::span<const std::uint8_t>(data, size));
  const base::ByteView bytes = all.part(3);
  const std::size_t cut = std::min<std::size_t>(all.le16(1), bytes.size());
  engines::testing::MemoryView view;
  view.files = {{"a.db", std::string(bytes.part(0, cut).text())},
                {all.u8(0) % 2 == 0 ? "a.db-wal" : "a.db-journal", std::string(bytes.part(cut).text())}};
  (void)engines::check_unit(view, {.kind = engines::UnitKind::sqlite, .path = "a.db"}, model::Depth::standard);
  return 0;
}
