// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A file of our own that only grows. Tests put testing/faulty_append_file.h in its place.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/byte_source.h"
#include "base/result.h"

namespace lastgood::os {

/// One thread at a time; several processes may have it open, and take turns by the lock.
class AppendFile : public base::ByteSource {
 public:
  /// Adds `bytes` at the end in one write. After an error none, some or all of them may be there.
  [[nodiscard]] virtual base::Status append(base::ByteView bytes) = 0;
  /// Returns when everything appended is on disk. After an error nobody knows what is: open the file anew.
  [[nodiscard]] virtual base::Status sync() = 0;
  /// Waits for other processes a few seconds at most, then ErrorCode::busy_retry.
  [[nodiscard]] virtual base::Status lock() = 0;
  virtual void unlock() = 0;
};

enum class OpenAs : std::uint8_t {
  made_new,  // must not be there, or be empty
  existing,  // must be there
};

/// Links and everything else that is no regular file are refused. What an earlier writer may have left in memory only
/// is put on disk first, and read from there. A new file's name is on disk when this returns.
[[nodiscard]] base::Result<std::unique_ptr<AppendFile>> open_append_file(const std::string& path, OpenAs open_as);

/// The same file for reading alone, also from a read-only disk.
[[nodiscard]] base::Result<std::unique_ptr<base::ByteSource>> open_own_file(const std::string& path);

/// All of a small one: a key, a certificate, a head. ErrorCode::limit_reached when it is larger than `bytes_max`.
[[nodiscard]] base::Result<std::string> read_own_file(const std::string& path, std::size_t bytes_max);

}  // namespace lastgood::os
