// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/spill_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace lastgood::os {

base::Result<SpillFile> SpillFile::make(const std::string& folder) {
  int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
  if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
    // NFS and some others have no nameless files: the name goes at once.
    std::string name = folder + "/.lastgood-spill-XXXXXX";
    fd = ::mkostemp(name.data(), O_CLOEXEC);
    if (fd >= 0) ::unlink(name.c_str());
  }
  if (fd < 0) return base::system_error("make a spill file in", folder, errno);
  return SpillFile(Descriptor(fd), folder);
}

base::Status SpillFile::append(base::ByteView bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t put =
        ::pwrite(file_.get(), bytes.begin() + done, bytes.size() - done, static_cast<off_t>(size_bytes_ + done));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return base::system_error("write a spill file in", folder_, errno);
    done += static_cast<std::size_t>(put);
  }
  size_bytes_ += bytes.size();
  return base::Done{};
}

base::Status SpillFile::read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) const {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t got =
        ::pread(file_.get(), into.data() + done, into.size() - done, static_cast<off_t>(offset_bytes + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return base::system_error("read a spill file in", folder_, errno);
    if (got == 0) return base::system_error("read a spill file in", folder_, EIO);
    done += static_cast<std::size_t>(got);
  }
  return base::Done{};
}

}  // namespace lastgood::os
