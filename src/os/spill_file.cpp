// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/spill_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace lastgood::os {

base::Result<SpillFile> open_spill_file(const std::string& folder) {
  Descriptor file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!file.open() && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
    // A file system without files that have no name: the name is taken away at once.
    std::string name = folder + "/.spill.XXXXXX";
    file = Descriptor(::mkostemp(name.data(), O_CLOEXEC));
    if (file.open()) (void)::unlink(name.c_str());
  }
  if (!file.open()) return base::system_error("make a temporary file in", folder, errno);
  return SpillFile(std::move(file), folder);
}

base::Status SpillFile::append(base::ByteView bytes) {
  std::string_view rest = bytes.text();
  while (!rest.empty()) {
    const ssize_t count = ::pwrite(file_.get(), rest.data(), rest.size(), static_cast<off_t>(size_bytes_));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return base::system_error("write a temporary file in", folder_, errno);
    rest.remove_prefix(static_cast<std::size_t>(count));
    size_bytes_ += static_cast<std::uint64_t>(count);
  }
  return base::Done{};
}

base::Result<std::size_t> SpillFile::read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t count =
        ::pread(file_.get(), into.data() + done, into.size() - done, static_cast<off_t>(offset_bytes + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return base::system_error("read a temporary file in", folder_, errno);
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

base::Status SpillFile::read_all(std::uint64_t offset_bytes, std::span<std::uint8_t> into) {
  LG_ASSIGN(const std::size_t got, read(offset_bytes, into));
  if (got < into.size()) return base::system_error("read a temporary file in", folder_, EIO);
  return base::Done{};
}

}  // namespace lastgood::os
