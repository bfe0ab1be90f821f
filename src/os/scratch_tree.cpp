// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/scratch_tree.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace lastgood::os {

namespace {

constexpr unsigned k_nobody_id = 65534;

int open_inside(int folder, const std::string& relative, int flags, unsigned mode) {
  struct open_how how {};
  how.flags = static_cast<unsigned>(flags | O_NOFOLLOW | O_CLOEXEC);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(::syscall(SYS_openat2, folder, relative.c_str(), &how, sizeof how));
}

base::Status give_away(int file, std::string_view path) {
  const PlainAccount account = plain_account();
  if (!has_root_rights() || ::fchown(file, account.user_id, account.group_id) == 0) return base::Done{};
  return base::system_error("give away", path, errno);
}

base::Status write_at(int file, std::uint64_t offset, base::ByteView bytes, std::string_view path) {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(file, bytes.span().data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return base::system_error("write", path, errno);
    offset += static_cast<std::uint64_t>(count);
    bytes = bytes.part(static_cast<std::uint64_t>(count));
  }
  return base::Done{};
}

/// The folder a path lies in, opened, and its last part.
struct Parent {
  Descriptor folder;
  std::string name;
};

base::Result<Parent> open_parent(const Descriptor& root, std::string_view relative) {
  const std::size_t slash = relative.rfind('/');
  const std::string folder(slash == std::string_view::npos ? "." : relative.substr(0, slash));
  Parent parent{.folder = Descriptor(open_inside(root.get(), folder, O_PATH | O_DIRECTORY, 0)),
                .name = std::string(slash == std::string_view::npos ? relative : relative.substr(slash + 1))};
  if (!parent.folder.open()) return base::system_error("open", relative, errno);
  const bool is_name =
      !parent.name.empty() && parent.name != "." && parent.name != ".." && parent.name.find('\0') == std::string::npos;
  if (!is_name) return base::system_error("make", relative, EINVAL);
  return parent;
}

}  // namespace

bool has_root_rights() { return ::geteuid() == 0; }

PlainAccount plain_account() {
  if (has_root_rights()) return {.user_id = k_nobody_id, .group_id = k_nobody_id};
  return {.user_id = ::geteuid(), .group_id = ::getegid()};
}

base::Result<ScratchTree> ScratchTree::make(const std::string& parent) {
  std::string pattern = parent + "/lastgood-scratch.XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) return base::system_error("make a folder in", parent, errno);
  Descriptor folder(::open(pattern.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder.open()) return base::system_error("open", pattern, errno);
  LG_TRY(give_away(folder.get(), pattern));
  return ScratchTree(std::move(folder), std::move(pattern));
}

base::Result<ScratchTree> ScratchTree::inside(const std::string& path) {
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.open()) return base::system_error("open", path, errno);
  ScratchTree tree(std::move(folder), path);
  tree.end_ = End::left;
  return tree;
}

ScratchTree::ScratchTree(ScratchTree&& other) noexcept
    : folder_(std::move(other.folder_)),
      path_(std::exchange(other.path_, {})),
      written_bytes_(other.written_bytes_),
      shared_bytes_(other.shared_bytes_),
      can_share_(other.can_share_),
      end_(other.end_) {}

ScratchTree::~ScratchTree() {
  std::error_code ignored;
  if (!path_.empty() && end_ == End::removed) std::filesystem::remove_all(path_, ignored);
}

base::Status ScratchTree::make_folder(std::string_view relative) {
  for (std::size_t end = relative.find('/');; end = relative.find('/', end + 1)) {
    const std::string_view part = relative.substr(0, end);
    LG_ASSIGN(const Parent parent, open_parent(folder_, part));
    if (::mkdirat(parent.folder.get(), parent.name.c_str(), 0700) == 0) {
      const Descriptor made(open_inside(folder_.get(), std::string(part), O_RDONLY | O_DIRECTORY, 0));
      if (!made.open()) return base::system_error("open", part, errno);
      LG_TRY(give_away(made.get(), part));
    } else if (errno != EEXIST) {
      return base::system_error("make the folder", part, errno);
    }
    if (end == std::string_view::npos) return base::Done{};
  }
}

namespace {

/// The file of this machine that has these bytes; nullptr: none.
const EvidenceFile* file_behind(const base::ByteSource& source) {
  if (const auto* const file = dynamic_cast<const EvidenceFile*>(&source)) return file;
  const auto* const maybe = dynamic_cast<const MaybeOwnFile*>(&source);
  return maybe == nullptr ? nullptr : maybe->own_file();
}

/// Since it was opened.
bool is_unchanged(const EvidenceFile& file) {
  const base::Result<FileStatus> now = file.status_now();
  const FileStatus& then = file.status();
  return now.ok() && now.value().size_bytes == then.size_bytes && now.value().mtime_ns == then.mtime_ns &&
         now.value().ctime_ns == then.ctime_ns;
}

}  // namespace

bool ScratchTree::can_share(const base::ByteSource& source) const {
  const EvidenceFile* const local = file_behind(source);
  if (local == nullptr) return false;
  const Descriptor file(::openat(folder_.get(), ".", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600));
  return file.open() && ::ioctl(file.get(), FICLONE, local->descriptor().get()) == 0;
}

namespace {

/// All of `source` to an empty file.
base::Status write_all(int file, base::ByteSource& source, std::string_view relative, std::uint64_t& written_bytes) {
  const std::uint64_t size_bytes = source.size_bytes();
  if (::ftruncate(file, static_cast<off_t>(size_bytes)) != 0) return base::system_error("write", relative, errno);
  std::vector<std::uint8_t> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(1U << 20, size_bytes)));
  for (std::uint64_t at = source.next_data(0); at < size_bytes; at = source.next_data(at)) {
    LG_ASSIGN(const std::size_t got, source.read(at, buffer));
    if (got == 0)
      return base::Error{.code = base::ErrorCode::damaged_source,
                         .what = fmt::format("ends after {} of {} bytes", at, size_bytes),
                         .path = std::string(relative)};
    LG_TRY(write_at(file, at, base::ByteView(std::span<const std::uint8_t>(buffer.data(), got)), relative));
    at += got;
    written_bytes += got;
  }
  return base::Done{};
}

}  // namespace

base::Status ScratchTree::write_file(std::string_view relative, base::ByteSource& source) {
  const Descriptor file(open_inside(folder_.get(), std::string(relative), O_WRONLY | O_CREAT | O_EXCL, 0600));
  if (!file.open()) return base::system_error("make", relative, errno);
  LG_TRY(give_away(file.get(), relative));
  const EvidenceFile* const local = file_behind(source);
  if (local != nullptr && can_share_ && source.size_bytes() > 0) {
    if (::ioctl(file.get(), FICLONE, local->descriptor().get()) == 0) {
      shared_bytes_ += source.size_bytes();
      if (is_unchanged(*local)) return base::Done{};
      LG_TRY(remove(relative));
      return base::Error{.code = base::ErrorCode::damaged_source,
                         .what = fmt::format("'{}' was changed while it was copied", base::printable(relative)),
                         .path = std::string(relative)};
    }
    can_share_ = false;
  }
  base::Status written = write_all(file.get(), source, relative, written_bytes_);
  // An engine takes the zeros of a half file for pages that are empty.
  if (!written.ok()) LG_TRY(remove(relative));
  return written;
}

base::Status ScratchTree::make_link_inside(std::string_view relative, const std::string& target) {
  LG_ASSIGN(const Parent parent, open_parent(folder_, relative));
  if (::symlinkat(target.c_str(), parent.folder.get(), parent.name.c_str()) != 0)
    return base::system_error("make the link", relative, errno);
  return base::Done{};
}

std::string ScratchTree::read_end(std::string_view relative, std::size_t bytes_max) const {
  const Descriptor file(open_inside(folder_.get(), std::string(relative), O_RDONLY | O_NONBLOCK, 0));
  if (!file.open()) return {};
  const off_t size = ::lseek(file.get(), 0, SEEK_END);
  if (size <= 0) return {};
  const off_t from = std::max<off_t>(0, size - static_cast<off_t>(bytes_max));
  std::string text(static_cast<std::size_t>(size - from), '\0');
  const ssize_t got = ::pread(file.get(), text.data(), text.size(), from);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

base::Status ScratchTree::remove(std::string_view relative) {
  const base::Result<Parent> parent = open_parent(folder_, relative);
  if (!parent.ok()) return parent.error().system_errno == ENOENT ? base::Status(base::Done{}) : parent.error();
  if (::unlinkat(parent.value().folder.get(), parent.value().name.c_str(), 0) == 0 || errno == ENOENT)
    return base::Done{};
  if (errno != EISDIR) return base::system_error("remove", relative, errno);
  std::error_code trouble;
  std::filesystem::remove_all(path_ + "/" + std::string(relative), trouble);  // follows no links
  return trouble ? base::system_error("remove", relative, trouble.value()) : base::Status(base::Done{});
}

base::Status ScratchTree::give_all_away() {
  LG_TRY(give_away(folder_.get(), path_));
  const PlainAccount account = plain_account();
  std::error_code trouble;
  for (std::filesystem::recursive_directory_iterator at(path_, trouble), end; !trouble && at != end;
       at.increment(trouble)) {
    const char* const path = at->path().c_str();
    struct stat status {};
    if (::lstat(path, &status) != 0) return base::system_error("look at", path, errno);
    if (has_root_rights() && ::lchown(path, account.user_id, account.group_id) != 0)
      return base::system_error("give away", path, errno);
    // What was kept write-protected is to be worked on here.
    const mode_t needed = S_ISDIR(status.st_mode) ? S_IRWXU : S_ISREG(status.st_mode) ? S_IRUSR | S_IWUSR : 0U;
    if ((status.st_mode & needed) != needed && ::chmod(path, (status.st_mode & 0777U) | needed) != 0)
      return base::system_error("open to its owner", path, errno);
  }
  return trouble ? base::system_error("list", path_, trouble.value()) : base::Status(base::Done{});
}

base::Status ScratchTree::move_out(std::string_view relative, const std::string& path) {
  LG_ASSIGN(const Parent parent, open_parent(folder_, relative));
  if (::renameat2(parent.folder.get(), parent.name.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) != 0)
    return base::system_error("move", path, errno);
  return base::Done{};
}

base::Status ScratchTree::write_file(std::string_view relative, base::ByteView bytes) {
  base::MemorySource source(bytes);
  return write_file(relative, source);
}

base::Status ScratchTree::make_link(std::string_view relative, std::string_view target) {
  const Descriptor there(open_inside(folder_.get(), std::string(target), O_PATH, 0));
  if (!there.open()) return base::system_error("link to", target, errno);
  LG_ASSIGN(const Parent parent, open_parent(folder_, relative));
  const std::string absolute = path_ + "/" + std::string(target);
  if (::symlinkat(absolute.c_str(), parent.folder.get(), parent.name.c_str()) != 0)
    return base::system_error("make the link", relative, errno);
  return base::Done{};
}

}  // namespace lastgood::os
