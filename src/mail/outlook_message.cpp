// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/outlook_message.h"

#include <algorithm>
#include <vector>

#include "base/utf8.h"

namespace lastgood::mail {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_stream_max = 4U << 20U;
constexpr std::size_t k_entries_max = 1U << 16U;
constexpr std::uint32_t k_no_sector_from = 0xFFFFFFFA;  // free, end of chain and kin ([MS-CFB] section 2.1)
constexpr std::uint32_t k_no_entry = 0xFFFFFFFF;
constexpr std::size_t k_entry_bytes = 128;
constexpr std::size_t k_header_difat = 109;

struct Entry {
  std::string name;  // UTF-8
  std::uint8_t kind = 0;
  std::uint32_t left = k_no_entry;
  std::uint32_t right = k_no_entry;
  std::uint32_t child = k_no_entry;
  std::uint32_t first_sector = k_no_sector_from;
  std::uint64_t size_bytes = 0;
};

/// A container, opened as far as one stream of the root storage needs it. Chains end at the latest when they would be
/// longer than the file.
class Container {
 public:
  explicit Container(base::ByteView bytes) : bytes_(bytes) {}

  bool open() {
    const unsigned shift = bytes_.le16(30);
    if (!is_ole2(bytes_) || (shift != 9 && shift != 12) || bytes_.le16(32) != 6) return false;
    sector_bytes_ = std::size_t{1} << shift;
    for (std::size_t i = 0; i < k_header_difat; ++i) add_table_sector(bytes_.le32(76 + 4 * i));
    // Tables of large files go on in sectors of their own, each with the number of the next at its end.
    std::uint32_t more = bytes_.le32(68);
    for (std::size_t steps = 0; more < k_no_sector_from && steps <= sectors_max(); ++steps) {
      const base::ByteView sector = sector_at(more);
      if (sector.empty()) break;
      for (std::size_t at = 0; at + 4 < sector_bytes_; at += 4) add_table_sector(sector.le32(at));
      more = sector.le32(sector_bytes_ - 4);
    }
    directory_ = read_chain(bytes_.le32(48), k_entries_max * k_entry_bytes);
    return directory_.size() >= k_entry_bytes;
  }

  /// A stream directly below the root: an attached message has streams of the same names below its own storage.
  std::optional<std::string> find_stream(std::string_view name) const {
    std::vector<std::uint32_t> waiting = {entry_at(0).child};
    for (std::size_t steps = 0; !waiting.empty() && steps < k_entries_max; ++steps) {
      const std::uint32_t id = waiting.back();
      waiting.pop_back();
      if ((std::size_t{id} + 1) * k_entry_bytes > directory_.size()) continue;
      const Entry entry = entry_at(id);
      if (entry.kind == 2 && entry.name == name) return read_stream(entry);
      waiting.push_back(entry.left);
      waiting.push_back(entry.right);
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::size_t sectors_max() const { return bytes_.size() / sector_bytes_ + 1; }

  void add_table_sector(std::uint32_t sector) {
    if (sector < k_no_sector_from && table_.size() < sectors_max()) table_.push_back(sector);
  }

  [[nodiscard]] base::ByteView sector_at(std::uint32_t sector) const {
    return bytes_.part((std::uint64_t{sector} + 1) * sector_bytes_, sector_bytes_);
  }

  [[nodiscard]] std::uint32_t sector_after(std::uint32_t sector) const {
    const std::size_t entries = sector_bytes_ / 4;
    if (sector / entries >= table_.size()) return k_no_entry;
    const base::ByteView table = sector_at(table_[sector / entries]);
    return table.has(4 * (sector % entries), 4) ? table.le32(4 * (sector % entries)) : k_no_entry;
  }

  [[nodiscard]] std::string read_chain(std::uint32_t sector, std::size_t bytes_max) const {
    std::string chain;
    for (std::size_t steps = 0; sector < k_no_sector_from && steps <= sectors_max() && chain.size() < bytes_max;
         ++steps) {
      const base::ByteView bytes = sector_at(sector);
      if (bytes.empty()) break;
      chain += bytes.text();
      sector = sector_after(sector);
    }
    return chain.substr(0, bytes_max);
  }

  [[nodiscard]] Entry entry_at(std::uint32_t id) const {
    const base::ByteView bytes = base::ByteView(directory_).part(std::uint64_t{id} * k_entry_bytes, k_entry_bytes);
    Entry entry;
    const std::size_t name_bytes = bytes.le16(64);
    if (name_bytes >= 2 && name_bytes <= 64) {
      entry.name = base::utf8_of_utf16(bytes.part(0, name_bytes - 2).text(), base::ByteOrder::little);
    }
    entry.kind = bytes.u8(66);
    entry.left = bytes.le32(68);
    entry.right = bytes.le32(72);
    entry.child = bytes.le32(76);
    entry.first_sector = bytes.le32(116);
    entry.size_bytes = bytes.le32(120);
    return entry;
  }

  [[nodiscard]] std::string read_stream(const Entry& entry) const {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(entry.size_bytes, k_stream_max));
    if (entry.size_bytes >= bytes_.le32(56)) return read_chain(entry.first_sector, size);
    // Small streams lie in 64-byte pieces of the root's own stream.
    const Entry root = entry_at(0);
    const std::string pieces = read_chain(
        root.first_sector, static_cast<std::size_t>(std::min<std::uint64_t>(root.size_bytes, bytes_.size())));
    const std::string table = read_chain(bytes_.le32(60), bytes_.size());
    std::string stream;
    std::uint32_t piece = entry.first_sector;
    for (std::size_t steps = 0; piece < k_no_sector_from && steps <= size / 64 && stream.size() < size; ++steps) {
      const base::ByteView bytes = base::ByteView(pieces).part(std::uint64_t{piece} * 64, 64);
      if (bytes.empty()) break;
      stream += bytes.text();
      const base::ByteView next = base::ByteView(table).part(std::uint64_t{piece} * 4, 4);
      piece = next.size() == 4 ? next.le32(0) : k_no_entry;
    }
    return stream.substr(0, size);
  }

  base::ByteView bytes_;
  std::size_t sector_bytes_ = 512;
  std::vector<std::uint32_t> table_;  // sectors that hold the table of chains
  std::string directory_;
};

}  // namespace

bool is_ole2(base::ByteView bytes) { return bytes.matches(0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv); }

std::optional<std::string> find_transport_headers(base::ByteView bytes) {
  Container container(bytes);
  if (!container.open()) return std::nullopt;
  if (auto wide = container.find_stream("__substg1.0_007D001F")) {
    return base::utf8_of_utf16(*wide, base::ByteOrder::little);
  }
  return container.find_stream("__substg1.0_007D001E");
}

}  // namespace lastgood::mail
