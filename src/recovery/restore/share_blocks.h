// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where the source is a plain copy on the target's file system, a restored file can have the same blocks (reflink): no
// byte is copied. What then stands in the target is read back and hashed like everything else.
#pragma once

#include <optional>

#include "recovery/restore/filled_content.h"
#include "recovery/restore/write_content.h"

namespace lastgood::recovery::restore {

/// Below this, writing costs less than sharing (XFS: 45 us against 90 us for 64 KiB, 1.8 ms against 0.3 ms for 1 MB).
inline constexpr std::uint64_t k_share_bytes_min = std::uint64_t{256} << 10;

/// Fills RestoreRun::shares by trying it with one file of each source that has files of its own.
void find_sharing(RestoreRun& run);

/// Yes: the new `opened` has all blocks of the content. No: it is as it was.
[[nodiscard]] base::Result<os::RestoreTarget::Shared> share_content(RestoreRun& run, const RestoreFile& file,
                                                                    const FilledContent& content,
                                                                    const os::Descriptor& opened);

/// Reads shared pieces back from the target. Nothing: that failed, and there are holes in their place.
[[nodiscard]] base::Result<std::optional<WrittenContent>> read_shared(RestoreRun& run, const FilledContent& content,
                                                                      PieceSpan span, const os::Descriptor& opened,
                                                                      WriteBuffers& buffers, std::string_view path);

/// The whole content into a new file, shared where that can be, else written.
[[nodiscard]] base::Result<WrittenContent> share_or_write(RestoreRun& run, const RestoreFile& file,
                                                          FilledContent& content, const os::Descriptor& opened,
                                                          WriteBuffers& buffers);

}  // namespace lastgood::recovery::restore
