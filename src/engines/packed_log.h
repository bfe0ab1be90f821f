// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Logs as archives keep them: compressed by the archive command (gzip, zstd, LZ4), or as the server wrote them. What is
// compressed is known by its first bytes, not by its name: some archives leave the ending away. Private to engines/.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/byte_source.h"
#include "base/result.h"

namespace lastgood::engines {

/// A log's own bytes.
struct OpenedLog {
  std::unique_ptr<base::ByteSource> bytes;
  /// Why it ends too early: what stands before that is good. Empty: it is whole.
  std::string broken;
};

/// `packed` as it is where no mark of a compressor stands at its beginning; else unpacked, at most `bytes_max`, to a
/// file without a name on the file system of `folder`. RFC 1952, RFC 8878, and LZ4's frame format 1.6.
[[nodiscard]] base::Result<OpenedLog> open_packed_log(std::unique_ptr<base::ByteSource> packed,
                                                      const std::string& folder, std::uint64_t bytes_max);

/// Of a log that a bad sector cut: what stands before it, as far as it can be read in one go; `broken` is the error
/// then. ErrorCode::busy_retry: not damage cut it but somebody who wrote there.
[[nodiscard]] base::Result<OpenedLog> readable_front(OpenedLog log);

/// `name` without the ending of a compressor.
[[nodiscard]] std::string_view without_packing(std::string_view name);

}  // namespace lastgood::engines
