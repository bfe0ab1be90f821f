// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which pages of a tablespace are in use by its own extent descriptors: a page of zeros that is not in use was never
// written, one that is in use was lost. Facts: MariaDB, storage/innobase/include/fsp0fsp.h. Private to
// engines/mariadb/.
//
//   descriptor page = every N-th page, N the bytes of a page; entries from byte 150, one for each extent
//   entry           = segment(8) list(12) state(4) bitmap: 2 bits a page, the lower one set while the page is free
#pragma once

#include <cstdint>
#include <vector>

#include "base/byte_view.h"
#include "model/pages/innodb_page.h"

namespace lastgood::engines::mariadb {

class PagesInUse {
 public:
  explicit PagesInUse(const model::pages::InnodbLayout& layout);
  [[nodiscard]] bool is_descriptor(std::uint64_t number) const { return number % layout_.page_bytes == 0; }
  /// Keeps a descriptor page until the next.
  void take(std::uint64_t number, base::ByteView page);
  /// False as well where the descriptor of `number` was not taken last.
  [[nodiscard]] bool has(std::uint64_t number) const;
  /// Behind the last page that the descriptor taken last speaks of.
  [[nodiscard]] std::uint64_t end() const { return kept_.empty() ? 0 : first_ + layout_.page_bytes; }

 private:
  const model::pages::InnodbLayout& layout_;
  std::uint64_t extent_pages_;
  std::uint64_t entry_bytes_;
  std::uint64_t first_ = 0;
  std::vector<std::uint8_t> kept_;
};

}  // namespace lastgood::engines::mariadb
