// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/made_folder.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include <fmt/format.h>

#include "os/folder.h"
#include "os/random.h"

namespace lastgood::os {
namespace {

constexpr std::string_view k_marker_meaning =
    "Made by a lastgood drill. Everything here is invented; the folder may be deleted.\nid ";

int open_below(int folder, const std::string& relative, int flags, unsigned mode = 0) {
  struct open_how how {};
  how.flags = static_cast<unsigned>(flags | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
  return static_cast<int>(::syscall(SYS_openat2, folder, relative.c_str(), &how, sizeof how));
}

base::Error refusal(std::string_view what, std::string_view path, std::string_view why) {
  return base::Error{.code = base::ErrorCode::misuse,
                     .what = fmt::format("refused to {} '{}': {}", what, base::printable(path), why),
                     .path = std::string(path),
                     .hint = "a drill works only on files that it made itself, inside the folder that it made itself"};
}

/// The parts of a relative path; nothing when it could lead elsewhere.
std::optional<std::vector<std::string>> parts_of(std::string_view relative) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t slash = relative.find('/');
    const std::string_view part = relative.substr(0, slash);
    if (part.empty() || part == "." || part == ".." || part.size() > 255 || part.find('\0') != std::string_view::npos)
      return std::nullopt;
    parts.emplace_back(part);
    if (slash == std::string_view::npos) return parts;
    relative.remove_prefix(slash + 1);
  }
}

base::Status write_all(const Descriptor& file, base::ByteView bytes, std::string_view path) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const base::ByteView rest = bytes.part(at);
    const ssize_t count = ::write(file.get(), rest.span().data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return base::system_error("write", path, errno);
    at += static_cast<std::size_t>(count);
  }
  return base::Done{};
}

base::Result<std::vector<std::uint8_t>> read_all(const Descriptor& file, std::uint64_t size_bytes,
                                                 std::string_view path) {
  std::vector<std::uint8_t> bytes(size_bytes);
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t count = ::pread(file.get(), bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return base::system_error("read", path, errno);
    if (count == 0) return refusal("read", path, "it became shorter while it was read");
    at += static_cast<std::size_t>(count);
  }
  return bytes;
}

/// Opens for reading what must be a plain file of ours.
base::Result<Descriptor> open_own_file(const Descriptor& folder, std::string_view relative) {
  const std::optional<std::vector<std::string>> parts = parts_of(relative);
  if (!parts) return refusal("open", relative, "not a plain path inside the folder");
  Descriptor file(open_below(folder.get(), std::string(relative), O_RDONLY | O_NONBLOCK));
  if (!file.open()) {
    if (errno == ELOOP || errno == EXDEV)
      return refusal("open", relative, "a link or another file system stands in the way");
    return base::system_error("open", relative, errno);
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return base::system_error("stat", relative, errno);
  if (!S_ISREG(status.st_mode)) return refusal("open", relative, "not a regular file");
  if (status.st_nlink != 1) return refusal("open", relative, "it has more than one name");
  if (status.st_uid != ::geteuid()) return refusal("open", relative, "it belongs to another user");
  if (static_cast<std::uint64_t>(status.st_size) > MadeFolder::k_file_bytes_max)
    return refusal("open", relative, "it is larger than 1 GiB");
  return file;
}

base::Status set_mtime(const Descriptor& file, std::int64_t mtime_ns, std::string_view path) {
  constexpr std::int64_t ns_per_s = 1'000'000'000;
  std::int64_t seconds = mtime_ns / ns_per_s;
  std::int64_t rest = mtime_ns % ns_per_s;
  if (rest < 0) {
    rest += ns_per_s;
    --seconds;
  }
  const std::array<timespec, 2> times{timespec{.tv_sec = seconds, .tv_nsec = rest},
                                      timespec{.tv_sec = seconds, .tv_nsec = rest}};
  if (::futimens(file.get(), times.data()) != 0) return base::system_error("set the time of", path, errno);
  return base::Done{};
}

/// "a/b/c" is "a/b" and "c"; a path without a slash lies in the current folder.
std::pair<std::string, std::string> split_last(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

}  // namespace

base::Result<MadeFolder> MadeFolder::make(const std::string& path) {
  const auto [parent, name] = split_last(path);
  if (!parts_of(name)) return refusal("make", path, "not the name of a folder");
  LG_ASSIGN(const std::string resolved_parent, resolve_folder(parent));
  const Descriptor above(::open(resolved_parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!above.open()) return base::system_error("open", resolved_parent, errno);
  if (::mkdirat(above.get(), name.c_str(), 0700) != 0) {
    if (errno == EEXIST) return refusal("use", path, "it exists already");
    return base::system_error("make folder", path, errno);
  }
  Descriptor folder(open_below(above.get(), name, O_RDONLY | O_DIRECTORY));
  if (!folder.open()) return base::system_error("open", path, errno);

  std::array<std::uint8_t, 16> random{};
  fill_random(random);
  const std::string id = base::hex(base::ByteView(random));
  MadeFolder made(std::move(folder), (resolved_parent == "/" ? "" : resolved_parent) + "/" + name, id);
  const std::string text = fmt::format("{}{}\n", k_marker_meaning, id);
  LG_TRY(made.write_new(k_marker, base::ByteView(std::string_view(text))));
  return made;
}

base::Result<Descriptor> MadeFolder::open_parent(std::string_view relative) const {
  const std::optional<std::vector<std::string>> parts = parts_of(relative);
  if (!parts) return refusal("write", relative, "not a plain path inside the folder");
  Descriptor parent(open_below(folder_.get(), ".", O_RDONLY | O_DIRECTORY));
  for (std::size_t i = 0; i + 1 < parts->size() && parent.open(); ++i) {
    const std::string& part = (*parts)[i];
    if (::mkdirat(parent.get(), part.c_str(), 0700) != 0 && errno != EEXIST)
      return base::system_error("make folder", relative, errno);
    parent = Descriptor(open_below(parent.get(), part, O_RDONLY | O_DIRECTORY));
  }
  if (!parent.open()) {
    if (errno == ELOOP || errno == EXDEV || errno == ENOTDIR)
      return refusal("write", relative, "something that is no folder of its own stands in the way");
    return base::system_error("open", relative, errno);
  }
  return parent;
}

base::Status MadeFolder::write_new(std::string_view relative, base::ByteView bytes,
                                   std::optional<std::int64_t> mtime_ns) {
  if (bytes.size() > k_file_bytes_max) return refusal("write", relative, "it is larger than 1 GiB");
  LG_ASSIGN(const Descriptor parent, open_parent(relative));
  const std::string name(relative.substr(relative.rfind('/') == std::string_view::npos ? 0 : relative.rfind('/') + 1));
  const Descriptor file(open_below(parent.get(), name, O_WRONLY | O_CREAT | O_EXCL, 0600));
  if (!file.open()) {
    if (errno == EEXIST) return refusal("write", relative, "it exists already");
    return base::system_error("make", relative, errno);
  }
  LG_TRY(write_all(file, bytes, relative));
  if (mtime_ns) LG_TRY(set_mtime(file, *mtime_ns, relative));
  LG_ASSIGN(const FileStatus status, status_of(file, relative));
  files_.insert_or_assign(std::string(relative), Identity{status.device, status.inode});
  return base::Done{};
}

base::Status MadeFolder::take_in(std::string_view relative, const base::Sha256Digest& sha256) {
  if (files_.contains(relative)) return refusal("take in", relative, "it is on the list already");
  LG_ASSIGN(const Descriptor file, open_own_file(folder_, relative));
  LG_ASSIGN(const FileStatus status, status_of(file, relative));
  LG_ASSIGN(const std::vector<std::uint8_t> bytes, read_all(file, status.size_bytes, relative));
  if (base::sha256(base::ByteView(bytes)) != sha256)
    return refusal("take in", relative, "its SHA-256 is not the one reported by its maker");
  files_.emplace(std::string(relative), Identity{status.device, status.inode});
  return base::Done{};
}

base::Result<MadeFile> MadeFolder::read(std::string_view relative) const {
  const auto found = files_.find(relative);
  if (found == files_.end()) return refusal("read", relative, "it is not on the list of files made here");
  LG_ASSIGN(const Descriptor file, open_own_file(folder_, relative));
  LG_ASSIGN(const FileStatus status, status_of(file, relative));
  if (status.device != found->second.device || status.inode != found->second.inode)
    return refusal("read", relative, "it was replaced by another file");
  LG_ASSIGN(std::vector<std::uint8_t> bytes, read_all(file, status.size_bytes, relative));
  return MadeFile{.bytes = std::move(bytes), .mtime_ns = status.mtime_ns};
}

base::Status MadeFolder::check_still_there() const {
  const Descriptor now(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!now.open()) return base::system_error("open", path_, errno);
  LG_ASSIGN(const FileStatus there, status_of(now, path_));
  LG_ASSIGN(const FileStatus ours, status_of(folder_, path_));
  if (there.device != ours.device || there.inode != ours.inode)
    return refusal("use", path_, "another folder took its place");
  LG_ASSIGN(const MadeFile marker, read(k_marker));
  if (base::ByteView(marker.bytes).find(id_) == base::ByteView::npos)
    return refusal("use", path_, "its marker was changed");
  return base::Done{};
}

}  // namespace lastgood::os
