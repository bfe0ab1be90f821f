// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One writer at a time, by an open file description lock (fcntl(2), F_OFD_SETLK): it ends with its process, however
// that ends, and unlike flock(2) it also holds between machines that share a folder over NFS.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "os/evidence.h"

namespace lastgood::os {

/// Held until the end of its life.
class FileLock {
 public:
  explicit FileLock(Descriptor file) : file_(std::move(file)) {}

 private:
  Descriptor file_;
};

/// Takes the lock on the file `path`, made if it is not there, and writes into it who holds it. nullopt: somebody else
/// does. Never waits. A link in the place of the file is refused.
[[nodiscard]] base::Result<std::optional<FileLock>> try_file_lock(const std::string& path);

/// "process 4711 on ward1", as the holder wrote it; "another process" when it did not come to that. For messages only.
[[nodiscard]] std::string describe_lock_holder(const std::string& path);

}  // namespace lastgood::os
