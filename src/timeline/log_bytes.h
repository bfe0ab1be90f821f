// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A log's bytes from its beginning to its end, unpacked where it was rotated and packed (gzip). Memory stays the same
// whatever it unpacks to.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/byte_source.h"
#include "base/result.h"

namespace lastgood::timeline {

struct LogBytesRead {
  std::string sha256;            // of the file as it lies there, packed or not
  std::uint64_t file_bytes = 0;  // of the same
  bool is_packed = false;        // offsets are then those of the unpacked text
  std::string broken;            // why the rest could not be unpacked; empty: all of it was
};

/// `show` gets the text piece by piece; false ends showing, and the file is still digested to its end.
[[nodiscard]] base::Result<LogBytesRead> read_log_bytes(base::ByteSource& file,
                                                        const std::function<bool(base::ByteView)>& show);

}  // namespace lastgood::timeline
