// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "base/checksum.h"
#include "os/random.h"

namespace lastgood::os {

namespace {

constexpr std::size_t k_pending_bytes = 64U * 1024U;
// Of the 255 bytes a name may have, what the longest ".NAME.0123456789abcdef.part" leaves for NAME.
constexpr std::size_t k_name_bytes_max = 255 - 1 - 1 - 16 - 5;

base::Error refused(const std::string& path, std::string_view reason, std::string hint = "choose another name") {
  return base::Error{.code = base::ErrorCode::misuse,
                     .what = "cannot write '" + base::printable(path) + "': " + std::string(reason),
                     .path = path,
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = std::move(hint)};
}

/// Looks at what stands under the name now. The rename does not follow links either: this is for a clear answer.
base::Status check_place(const Descriptor& folder, const std::string& name, const std::string& path,
                         Overwrite overwrite) {
  struct stat status {};
  if (::fstatat(folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return base::Done{};
    return base::system_error("write", path, errno);
  }
  if (S_ISLNK(status.st_mode)) return refused(path, "a link is in its place");
  if (!S_ISREG(status.st_mode)) return refused(path, "something that is no file is in its place");
  if (overwrite == Overwrite::no)
    return refused(path, "it is there already", "choose another name, or say --overwrite where the command has it");
  return base::Done{};
}

}  // namespace

base::Result<AtomicFile> begin_atomic_file(const std::string& path, Overwrite overwrite) {
  AtomicFile out;
  out.path_ = path;
  out.overwrite_ = overwrite;
  const std::size_t slash = path.rfind('/');
  out.name_ = slash == std::string::npos ? path : path.substr(slash + 1);
  if (out.name_.empty() || out.name_ == "." || out.name_ == "..") return refused(path, "it names no file");
  const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  out.folder_ = Descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!out.folder_.open()) return base::system_error("write", path, errno);
  LG_TRY(check_place(out.folder_, out.name_, path, overwrite));

  std::array<std::uint8_t, 8> random{};
  fill_random(random);
  std::string part = "." + out.name_.substr(0, k_name_bytes_max) + "." +
                     base::hex(base::ByteView(std::span<const std::uint8_t>(random))) + ".part";
  out.file_ =
      Descriptor(::openat(out.folder_.get(), part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!out.file_.open()) return base::system_error("write", path, errno);
  out.part_name_ = std::move(part);
  return out;
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      name_(std::move(other.name_)),
      part_name_(std::exchange(other.part_name_, std::string())),
      folder_(std::move(other.folder_)),
      file_(std::move(other.file_)),
      pending_(std::move(other.pending_)),
      overwrite_(other.overwrite_) {}

AtomicFile::~AtomicFile() {
  if (!part_name_.empty()) (void)::unlinkat(folder_.get(), part_name_.c_str(), 0);
}

base::Status AtomicFile::write(base::ByteView bytes) {
  pending_.append(bytes.text());
  return pending_.size() < k_pending_bytes ? base::Status(base::Done{}) : flush();
}

base::Status AtomicFile::flush() {
  std::size_t done = 0;
  while (done < pending_.size()) {
    const ssize_t count = ::write(file_.get(), pending_.data() + done, pending_.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return base::system_error("write", path_, errno);
    done += static_cast<std::size_t>(count);
  }
  pending_.clear();
  return base::Done{};
}

base::Status AtomicFile::commit() {
  LG_TRY(flush());
  if (::fsync(file_.get()) != 0) return base::system_error("sync", path_, errno);
  LG_TRY(check_place(folder_, name_, path_, overwrite_));
  LG_TRY(put_name());
  part_name_.clear();
  if (::fsync(folder_.get()) != 0 && errno != EINVAL) return base::system_error("sync the folder of", path_, errno);
  return base::Done{};
}

base::Status AtomicFile::put_name() {
  const unsigned flags = overwrite_ == Overwrite::yes ? 0 : RENAME_NOREPLACE;
  if (::renameat2(folder_.get(), part_name_.c_str(), folder_.get(), name_.c_str(), flags) == 0) return base::Done{};
  if (errno == EEXIST) return refused(path_, "it is there already");
  if (errno != EINVAL || overwrite_ == Overwrite::yes) return base::system_error("rename to", path_, errno);
  // This file system cannot refuse to replace; a second name can, and is refused when the name is taken.
  if (::linkat(folder_.get(), part_name_.c_str(), folder_.get(), name_.c_str(), 0) != 0) {
    if (errno == EEXIST) return refused(path_, "it is there already");
    return base::system_error("rename to", path_, errno);
  }
  (void)::unlinkat(folder_.get(), part_name_.c_str(), 0);
  return base::Done{};
}

base::Status write_atomic_file(const std::string& path, base::ByteView bytes, Overwrite overwrite) {
  LG_ASSIGN(AtomicFile file, begin_atomic_file(path, overwrite));
  LG_TRY(file.write(bytes));
  return file.commit();
}

}  // namespace lastgood::os
