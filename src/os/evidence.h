// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The only way to a file of a victim's disk or backup: read-only, never through a link, never changing access times.
// Linux only: openat2(2), O_NOATIME, SEEK_DATA.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_source.h"
#include "base/result.h"

namespace lastgood::os {

/// An open file descriptor, closed at the end of its life.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

enum class FileKind : std::uint8_t { regular, directory, link, other };

struct FileStatus {
  FileKind kind = FileKind::other;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size_bytes = 0;
  std::uint64_t allocated_bytes = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
};

/// Opens a directory for listing. A trailing part that is a link is refused; `path` itself is given by a person, so
/// links before its last part are theirs to choose.
[[nodiscard]] base::Result<Descriptor> open_evidence_root(const std::string& path);

/// Opens a directory below `root` without following any link; `relative` may be longer than PATH_MAX; "" is the root.
[[nodiscard]] base::Result<Descriptor> open_evidence_directory(const Descriptor& root, std::string_view relative);

[[nodiscard]] base::Result<FileStatus> status_of(const Descriptor& file, std::string_view path_for_messages);
/// Of an entry of `directory`; a link is described itself.
[[nodiscard]] base::Result<FileStatus> status_at(const Descriptor& directory, const std::string& name,
                                                 std::string_view path_for_messages);

/// Where `directory`, which was opened by `path`, lies on this machine, without links; nothing when that path leads
/// elsewhere by now.
[[nodiscard]] std::optional<std::string> find_real_path(const Descriptor& directory, const std::string& path);

/// A kind of file system whose files are made up by the kernel (proc, sysfs, cgroup, ...): nothing there is data.
[[nodiscard]] bool is_pseudo_file_system(const Descriptor& directory);

/// One regular file, open for reading. Reads are retried after a signal; holes are told apart from data.
class EvidenceFile final : public base::ByteSource {
 public:
  EvidenceFile(Descriptor file, FileStatus status, std::string path);
  [[nodiscard]] std::uint64_t size_bytes() const override { return status_.size_bytes; }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override;
  [[nodiscard]] std::uint64_t next_data(std::uint64_t offset_bytes) override;
  [[nodiscard]] const FileStatus& status() const { return status_; }
  /// For sharing its blocks (RestoreTarget::share_blocks).
  [[nodiscard]] const Descriptor& descriptor() const { return file_; }
  /// The status now: differs from `status()` when somebody writes at the same time.
  [[nodiscard]] base::Result<FileStatus> status_now() const { return status_of(file_, path_); }

 private:
  Descriptor file_;
  FileStatus status_;
  std::string path_;
};

/// Bytes that may be those of one file of this machine and nothing else.
class MaybeOwnFile {
 public:
  virtual ~MaybeOwnFile() = default;
  /// For sharing its blocks; nullptr: they lie packed.
  [[nodiscard]] virtual const EvidenceFile* own_file() const = 0;
};

/// Opens `name` in `directory`. Anything but a regular file is ErrorCode::misuse. `path_for_messages` is kept.
[[nodiscard]] base::Result<EvidenceFile> open_evidence_file(const Descriptor& directory, const std::string& name,
                                                            std::string path_for_messages);

}  // namespace lastgood::os
