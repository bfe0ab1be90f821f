// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/append_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include "os/evidence.h"
#include "os/folder.h"

namespace lastgood::os {

namespace {

constexpr std::chrono::milliseconds k_lock_step{10};
constexpr int k_lock_steps_max = 200;  // 2 seconds; whoever holds the lock needs a few milliseconds

base::Result<std::size_t> read_from(const Descriptor& file, const std::string& path, std::uint64_t offset_bytes,
                                    std::span<std::uint8_t> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t got =
        ::pread(file.get(), into.data() + done, into.size() - done, static_cast<off_t>(offset_bytes + done));
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return base::system_error("read", path, errno);
    done += static_cast<std::size_t>(got);
  }
  return done;
}

/// The size now: the file grows while it is open.
std::uint64_t size_of(const Descriptor& file) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || status.st_size < 0) return 0;
  return static_cast<std::uint64_t>(status.st_size);
}

base::Status check_is_file(const Descriptor& file, const std::string& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return base::system_error("open", path, errno);
  if (S_ISREG(status.st_mode)) return base::Done{};
  return base::Error{.code = base::ErrorCode::misuse,
                     .what = "cannot open '" + base::printable(path) + "': it is no regular file",
                     .path = path,
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = {}};
}

class SystemAppendFile final : public AppendFile {
 public:
  SystemAppendFile(Descriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  [[nodiscard]] std::uint64_t size_bytes() const override { return size_of(file_); }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    return read_from(file_, path_, offset_bytes, into);
  }

  [[nodiscard]] base::Status append(base::ByteView bytes) override {
    ssize_t count = -1;
    do {
      count = ::write(file_.get(), bytes.text().data(), bytes.size());
    } while (count < 0 && errno == EINTR);
    if (count < 0) return base::system_error("append to", path_, errno);
    // A short write on a regular file: the disk, the quota or the permitted size is used up.
    if (static_cast<std::size_t>(count) < bytes.size()) return base::system_error("append to", path_, ENOSPC);
    return base::Done{};
  }

  [[nodiscard]] base::Status sync() override {
    if (::fdatasync(file_.get()) != 0) return base::system_error("sync", path_, errno);
    return base::Done{};
  }

  [[nodiscard]] base::Status lock() override {
    for (int step = 0; step < k_lock_steps_max; ++step) {
      if (set_lock(F_WRLCK)) return base::Done{};
      if (errno != EAGAIN && errno != EACCES) return base::system_error("lock", path_, errno);
      std::this_thread::sleep_for(k_lock_step);
    }
    base::Error error = base::system_error("lock", path_, EAGAIN);
    error.hint = "another process of lastgood has held it for 2 seconds; see whether one hangs";
    return error;
  }

  void unlock() override { (void)set_lock(F_UNLCK); }

 private:
  bool set_lock(int kind) const {
    struct flock whole {};
    whole.l_type = static_cast<short>(kind);
    whole.l_whence = SEEK_SET;
    return ::fcntl(file_.get(), F_OFD_SETLK, &whole) == 0;
  }

  Descriptor file_;
  std::string path_;
};

class OwnFile final : public base::ByteSource {
 public:
  OwnFile(Descriptor file, std::string path)
      : file_(std::move(file)), path_(std::move(path)), size_bytes_(size_of(file_)) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return size_bytes_; }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    return read_from(file_, path_, offset_bytes, into);
  }

 private:
  Descriptor file_;
  std::string path_;
  std::uint64_t size_bytes_;
};

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

base::Result<std::unique_ptr<AppendFile>> open_append_file(const std::string& path, OpenAs open_as) {
  const int create = open_as == OpenAs::made_new ? O_CREAT : 0;
  Descriptor file(::open(path.c_str(), O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | create, 0600));
  if (!file.open()) return base::system_error("open", path, errno);
  LG_TRY(check_is_file(file, path));
  if (open_as == OpenAs::made_new) {
    if (size_of(file) != 0)
      return base::Error{.code = base::ErrorCode::misuse,
                         .what = "cannot make '" + base::printable(path) + "': it is there already",
                         .path = path,
                         .offset_bytes = {},
                         .system_errno = 0,
                         .hint = {}};
    LG_TRY(sync_folder(folder_of(path)));
  }
  // After a failed write-back Linux keeps the pages and calls them clean, though the disk has other bytes. Dropped
  // pages are read from the disk again.
  if (::fdatasync(file.get()) != 0) return base::system_error("sync", path, errno);
  (void)::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
  return std::unique_ptr<AppendFile>(std::make_unique<SystemAppendFile>(std::move(file), path));
}

base::Result<std::unique_ptr<base::ByteSource>> open_own_file(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.open()) return base::system_error("open", path, errno);
  LG_TRY(check_is_file(file, path));
  return std::unique_ptr<base::ByteSource>(std::make_unique<OwnFile>(std::move(file), path));
}

base::Result<std::string> read_own_file(const std::string& path, std::size_t bytes_max) {
  LG_ASSIGN(const auto file, open_own_file(path));
  // As much as it says it has, and a byte more; what has no size or grew is read again with more room.
  const std::uint64_t expected = std::max<std::uint64_t>(file->size_bytes(), 4095);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(std::min<std::uint64_t>(expected, bytes_max)) + 1);
  std::size_t count = 0;
  while (true) {
    LG_ASSIGN(count, file->read(0, bytes));
    if (count < bytes.size() || count > bytes_max) break;
    bytes.resize(std::min(bytes.size() * 2, bytes_max + 1));
  }
  if (count > bytes_max) {
    return base::Error{.code = base::ErrorCode::limit_reached,
                       .what = "cannot read '" + base::printable(path) + "': it is larger than " +
                               std::to_string(bytes_max) + " bytes",
                       .path = path,
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = {}};
  }
  return std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
}

}  // namespace lastgood::os
