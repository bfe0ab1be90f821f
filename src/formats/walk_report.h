// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// WalkReport: what one walker found in one content.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "model/region.h"
#include "model/structure.h"

namespace lastgood::formats {

using model::Reach;
using model::Shape;

/// Plain value. At most k_findings_max findings and k_regions_max regions are kept; more are counted, not stored.
struct WalkReport {
  static constexpr std::size_t k_findings_max = 64;
  static constexpr std::size_t k_regions_max = 4096;
  static constexpr std::size_t k_missing_fields_max = 64;

  Shape shape = Shape::foreign;
  Reach reach = Reach::opening;
  std::string format;  // finest name known ("docx", "heic"); empty: the Format's id
  /// First byte that no longer belongs to the content by the format's own account; empty when the format cannot tell.
  std::optional<std::uint64_t> end_bytes;
  /// Bytes after `end_bytes` that this format's tools are known to append and the walker recognised (a zip comment,
  /// tape padding, a signature block): the verdict then does not count them as foreign trailing bytes.
  std::uint64_t allowed_trailing_bytes = 0;
  std::vector<model::Finding> findings;
  std::vector<model::Region> regions;  // ascending, not overlapping; what is not named is judged by statistics
  std::vector<model::ByteRange> missing_fields;  // see misses_fields
  std::uint64_t findings_left_out = 0;
  std::uint64_t regions_left_out = 0;

  /// An invariant holds: say what was checked, with numbers.
  void holds(std::string_view rule, std::string sentence, model::ByteRange range = {});
  /// Worth telling, decides nothing.
  void remarks(std::string_view rule, std::string sentence, model::ByteRange range = {});
  /// An invariant fails: shape becomes `broken`. `range` names the bytes that should have fitted.
  void breaks(std::string_view rule, std::string sentence, model::ByteRange range = {});
  /// Call beside `breaks` where the format's own fields (a header, a directory, a table) must stand in `range` and do
  /// not. Fields never look random, also not in formats whose payload does: random bytes in `range` are foreign ones.
  void misses_fields(model::ByteRange range);
  /// Adds a region behind the last one; merges with it when kind and edge agree; drops what is empty or not ascending.
  void region(std::uint64_t from, std::uint64_t to, model::RegionKind kind);

 private:
  void add(std::string_view rule, std::string sentence, model::Weight weight, model::ByteRange range);
};

}  // namespace lastgood::formats
