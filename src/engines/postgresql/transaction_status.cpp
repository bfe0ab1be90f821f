// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/transaction_status.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/postgresql/cluster_copy.h"
#include "engines/postgresql/copy_stand.h"
#include "engines/scratch_copy.h"
#include "engines/unit_check.h"

namespace lastgood::engines::postgresql {

namespace {

constexpr std::size_t k_label_begin_bytes = 8192;
constexpr std::uint32_t k_pages_in_file = 32;           // access/slru.h: SLRU_PAGES_PER_SEGMENT
constexpr std::uint32_t k_transactions_in_byte = 4;     // access/transam/clog.c: CLOG_XACTS_PER_BYTE
constexpr std::uint64_t k_status_bytes_max = 1U << 20;  // 32 pages of 32 KiB

std::optional<std::uint32_t> segment_number(std::string_view name) {
  std::uint32_t number = 0;
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number, 16);
  const bool is_name = name.size() >= 4 && name.size() <= 6 && parsed.ptr == name.data() + name.size();
  return is_name ? std::optional(number) : std::nullopt;
}

base::Error broken(const std::string& path, std::string_view why) {
  return base::Error{.code = base::ErrorCode::damaged_source,
                     .what = fmt::format("which transactions were committed cannot be told: {} {}", path, why),
                     .path = path,
                     .hint = "rows would be missing or wrong without a sign: take another copy"};
}

base::Status check_file(const UnitView& view, const std::string& folder, const std::string& path,
                        std::uint32_t page_bytes) {
  const auto source = view.open(join(folder, path));
  if (!source.ok()) return broken(path, "could not be read: " + source.error().what);
  const std::uint64_t size_bytes = source.value()->size_bytes();
  if (size_bytes % page_bytes != 0 || size_bytes > k_status_bytes_max)
    return broken(path, fmt::format("has {} bytes, which are no whole pages", size_bytes));
  constexpr std::uint64_t k_piece_bytes = 4096;
  std::vector<std::uint8_t> piece(k_piece_bytes);
  for (std::uint64_t at = 0; at < size_bytes; at += k_piece_bytes) {
    const auto got = source.value()->read(at, piece);
    if (!got.ok()) return broken(path, "could not be read: " + got.error().what);
    if (looks_random(base::ByteView(std::span<const std::uint8_t>(piece.data(), got.value()))))
      return broken(path, fmt::format("looks encrypted at byte {}", at));
  }
  return base::Done{};
}

}  // namespace

base::Status check_transaction_status(const UnitView& view, const std::string& folder) {
  const std::optional<ControlFile> control = read_control(view, folder);
  if (!control) return base::Done{};  // the server will say why it does not start
  std::set<std::uint32_t> commits;
  for (const std::string status : {"pg_xact", "pg_multixact/offsets", "pg_multixact/members"}) {
    const auto entries = view.list(join(folder, status));
    for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>{}) {
      const auto number = segment_number(entry.name);
      if (!number || entry.kind != model::EntryKind::regular) continue;
      LG_TRY(check_file(view, folder, status + "/" + entry.name, control->block_bytes));
      if (status == "pg_xact") commits.insert(*number);
    }
  }
  // A base backup's log makes the newest ones; older ones than the oldest were not needed any more.
  const std::uint32_t in_file = control->block_bytes * k_pages_in_file * k_transactions_in_byte;
  const std::uint32_t newest = (control->next_transaction - 1) / in_file;
  const bool is_base_backup = !read_text(view, join(folder, "backup_label"), k_label_begin_bytes).empty();
  if (!is_base_backup && !commits.contains(newest))
    return broken(fmt::format("pg_xact/{:04X}", newest), "is not there");
  if (commits.empty() || newest < *commits.begin()) return base::Done{};  // numbers began anew
  for (std::uint32_t number = *commits.begin(); number < std::min(newest, *commits.rbegin()); ++number) {
    if (!commits.contains(number)) return broken(fmt::format("pg_xact/{:04X}", number), "is not there");
  }
  return base::Done{};
}

}  // namespace lastgood::engines::postgresql
