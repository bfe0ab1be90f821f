// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/control_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/checksum.h"
#include "base/error.h"

namespace lastgood::engines::postgresql {

using base::ByteView;

namespace {

/// Layouts that differ in what stands behind the fields that are read here: where the CRC-32C is.
struct Layout {
  std::uint32_t version;
  std::uint64_t sum_at;
};
constexpr std::array k_layouts = {Layout{.version = 1300, .sum_at = 288}, Layout{.version = 1800, .sum_at = 292}};

bool is_size(std::uint32_t bytes, std::uint32_t least, std::uint32_t most) {
  return bytes >= least && bytes <= most && std::has_single_bit(bytes);
}

/// In other versions the CRC-32C stands behind other fields.
bool has_sum_somewhere(ByteView bytes) {
  for (std::uint64_t at = 160; at <= 512; at += 4) {
    if (bytes.le32(at) != 0 && base::crc32c(bytes.part(0, at)) == bytes.le32(at)) return true;
  }
  return false;
}

}  // namespace

std::string format_lsn(Lsn lsn) { return fmt::format("{:X}/{:X}", lsn >> 32, lsn & 0xFFFFFFFFU); }

std::optional<Lsn> parse_lsn(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash > 8 || text.size() - slash - 1 > 8) return std::nullopt;
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  const char* const middle = text.data() + slash;
  const char* const end = text.data() + text.size();
  if (std::from_chars(text.data(), middle, high, 16).ptr != middle) return std::nullopt;
  if (middle + 1 == end || std::from_chars(middle + 1, end, low, 16).ptr != end) return std::nullopt;
  return high << 32 | low;
}

ControlOpinion parse_control(ByteView bytes) {
  const std::uint32_t version = bytes.le32(8);
  const auto* const known =
      std::find_if(k_layouts.begin(), k_layouts.end(), [&](const Layout& layout) { return layout.version == version; });
  if (known == k_layouts.end() && version >= 800 && version <= 3000 && has_sum_somewhere(bytes))
    return {.control = {}, .fault = {}, .is_other_version = true};
  // A version that cannot be is a fault of its own, which the sum of the oldest layout shows.
  const std::uint64_t sum_at = known == k_layouts.end() ? k_layouts.front().sum_at : known->sum_at;
  if (bytes.size() < sum_at + 4) return {.control = {}, .fault = "it is shorter than its fields"};
  if (base::crc32c(bytes.part(0, sum_at)) != bytes.le32(sum_at))
    return {.control = {}, .fault = "the CRC-32C of its fields does not fit"};
  ControlFile control{.system_id = bytes.le64(0),
                      .version = version,
                      .catalogue = bytes.le32(12),
                      .state = static_cast<ClusterState>(bytes.le32(16)),
                      .time_s = static_cast<std::int64_t>(bytes.le64(24)),
                      .checkpoint = bytes.le64(32),
                      .redo = bytes.le64(40),
                      .timeline = bytes.le32(48),
                      .next_transaction = bytes.le32(64),
                      .checkpoint_time_s = static_cast<std::int64_t>(bytes.le64(104)),
                      .recovery_end_min = bytes.le64(136),
                      .backup_end = bytes.le64(160),
                      .block_bytes = bytes.le32(216),
                      .segment_blocks = bytes.le32(220),
                      .wal_block_bytes = bytes.le32(224),
                      .wal_segment_bytes = bytes.le32(228),
                      .has_page_sums = bytes.le32(252) != 0};
  const bool fits = is_size(control.block_bytes, 1024, 32768) && is_size(control.wal_block_bytes, 1024, 65536) &&
                    is_size(control.wal_segment_bytes, 1U << 20, 1U << 30) && control.segment_blocks != 0 &&
                    bytes.le32(16) <= 6 && control.redo <= control.checkpoint && control.redo != 0;
  if (!fits) return {.control = {}, .fault = "its CRC-32C fits and its fields cannot be"};
  return {.control = control, .fault = {}};
}

std::string_view major_version(const ControlFile& control) {
  using namespace std::string_view_literals;
  constexpr std::array k_catalogues = {std::pair{202007201U, "13"sv}, std::pair{202107181U, "14"sv},
                                       std::pair{202209061U, "15"sv}, std::pair{202307071U, "16"sv},
                                       std::pair{202406281U, "17"sv}, std::pair{202506291U, "18"sv}};
  for (const auto& [catalogue, version] : k_catalogues) {
    if (catalogue == control.catalogue) return version;
  }
  return {};
}

std::string find_version_fault(std::string_view text, const ControlFile& control) {
  const std::string_view expected = major_version(control);
  const std::string_view said = text.substr(0, text.find('\n'));
  if (expected.empty() || said == expected) return {};
  return fmt::format("says '{}', and pg_control is of PostgreSQL {}", base::printable(said), expected);
}

}  // namespace lastgood::engines::postgresql
