// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/copy_stand.h"

#include <fmt/format.h>

#include "engines/postgresql/cluster_copy.h"
#include "engines/scratch_copy.h"

namespace lastgood::engines::postgresql {

std::optional<ControlFile> read_control(const UnitView& copy, const std::string& folder) {
  constexpr std::size_t k_control_bytes = 8192;
  const std::string bytes = read_text(copy, join(folder, "global/pg_control"), k_control_bytes);
  return parse_control(base::ByteView(std::string_view(bytes))).control;
}

std::optional<CopyStand> read_stand(const UnitView& copy, const std::string& folder) {
  constexpr std::size_t k_backup_label_bytes_max = std::size_t{64} << 10U;
  const std::optional<ControlFile> control = read_control(copy, folder);
  if (!control) return std::nullopt;
  return CopyStand{
      .control = *control,
      .label = parse_backup_label(read_text(copy, join(folder, "backup_label"), k_backup_label_bytes_max))};
}

std::string name_of_segment(const ControlFile& control, std::uint64_t number) {
  const std::uint64_t per_high = (std::uint64_t{1} << 32U) / control.wal_segment_bytes;
  return fmt::format("{:08X}{:08X}{:08X}", control.timeline, number / per_high, number % per_high);
}

}  // namespace lastgood::engines::postgresql
