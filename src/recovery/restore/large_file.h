// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A file that several threads write at once, segment by segment, under a hidden name in the parts folder. Segments that
// the journal knows are read back and compared; an interruption costs those that were not synced.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "recovery/restore/filled_content.h"
#include "recovery/restore/place_file.h"
#include "recovery/restore/write_content.h"

namespace lastgood::recovery::restore {

/// Files larger than this are written in segments of about this size.
inline constexpr std::uint64_t k_segment_bytes = std::uint64_t{16} << 20;
inline constexpr std::uint64_t k_large_file_bytes = std::uint64_t{32} << 20;

struct LargeFile {
  std::uint32_t file = 0;  // index in RestoreItems::files
  std::unique_ptr<FilledContent> content;
  os::Descriptor part;
  os::RestoreTarget::Shared shared = os::RestoreTarget::Shared::no;  // all of it is there, and only read back
  std::unique_ptr<OneWriter> one_writer = std::make_unique<OneWriter>();
  Standing standing;
  std::vector<PieceSpan> spans;
  std::vector<SegmentEntry> segments;  // by span
  std::vector<std::uint32_t> missing;  // spans to be written
  std::vector<model::ByteRange> lost;  // by offset, once all is written
  std::size_t left = 0;                // spans that are not on disk yet
};

/// nullopt: refused or wholly lost, and reported.
[[nodiscard]] base::Result<std::optional<LargeFile>> open_large_file(RestoreRun& run, FolderCache& cache,
                                                                     WriteBuffers& buffers, std::uint32_t file);

/// Everything but the name, when all segments are on disk.
[[nodiscard]] base::Result<WrittenFile> finish_large_file(RestoreRun& run, LargeFile& large);

}  // namespace lastgood::recovery::restore
