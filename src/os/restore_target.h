// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// RestoreTarget: the only door through which a restore writes. Its root is opened once; from then on every step goes
// from an open folder to one name in it, never through a link and never by a longer path: whoever swaps folders for
// links meanwhile cannot lead a write elsewhere. Linux only: openat2(2), O_TMPFILE, renameat2(2).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_view.h"
#include "base/result.h"
#include "os/evidence.h"

namespace lastgood::os {

/// What the target is about to be asked for; tests make these fail, or let somebody else act just before them.
enum class TargetCall : std::uint8_t {
  open_folder,
  make_folder,
  make_file,
  make_node,
  write,
  share,
  set_owner,
  set_mode,
  set_attribute,
  set_times,
  set_flags,
  link,
  rename,
  remove,
  sync,
};

/// Asked before each call. Any thread, several at once.
class TargetGate {
 public:
  virtual ~TargetGate() = default;
  TargetGate() = default;
  TargetGate(const TargetGate&) = delete;
  TargetGate& operator=(const TargetGate&) = delete;
  /// 0, or the errno with which the call shall fail without having done anything.
  [[nodiscard]] virtual int refuses(TargetCall /*call*/) { return 0; }
};

/// Whether a step may lead into another file system that is mounted there.
enum class Mounts : std::uint8_t { stay, cross };

enum class TargetKind : std::uint8_t { regular, folder, link, fifo, socket, character_device, block_device };

/// What stands under a name; a link is described itself.
struct TargetStatus {
  TargetKind kind = TargetKind::regular;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t mount = 0;
  std::uint64_t links = 0;
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;
  std::uint64_t device_number = 0;
  std::uint32_t mode = 0;  // 07777
  std::uint32_t user_id = 0;
  std::uint32_t group_id = 0;
};

/// A file that nobody can see yet. Where the file system has no unnamed files it has a hidden name.
struct NewFile {
  Descriptor file;
  std::string hidden_name;  // empty: no name at all
};

struct Owner {
  std::uint32_t user_id = 0;
  std::uint32_t group_id = 0;
};

struct SpaceLeft {
  std::uint64_t free_bytes = 0;
  std::uint64_t free_files = 0;  // UINT64_MAX: the file system does not count them
};

/// Any thread, several at once, apart from what is said below. Names are checked by is_entry_name; `path` arguments
/// are for messages only. Errors carry errno; see `stops_restore`.
class RestoreTarget {
 public:
  /// `path` is given by a person: links before its last part are theirs to choose. REQUIRES: `gate`, when given,
  /// outlives this.
  [[nodiscard]] static base::Result<RestoreTarget> open(const std::string& path, Mounts mounts,
                                                        TargetGate* gate = nullptr);

  [[nodiscard]] const Descriptor& root() const { return root_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  /// A folder to reach names in (O_PATH). ErrorCode::not_found when it is not there; a link is refused.
  [[nodiscard]] base::Result<Descriptor> open_folder(const Descriptor& parent, const std::string& name,
                                                     std::string_view path) const;
  /// The same folder for reading it, its metadata and syncs.
  [[nodiscard]] base::Result<Descriptor> reopen_folder(const Descriptor& folder, std::string_view path) const;
  /// Mode 0700. EEXIST, whatever stands there, is an error with ErrorCode::misuse and that errno.
  [[nodiscard]] base::Status make_folder(const Descriptor& parent, const std::string& name,
                                         std::string_view path) const;

  /// `hidden_name` is used where the file system has no unnamed files; a leftover under that name is replaced.
  [[nodiscard]] base::Result<NewFile> make_file(const Descriptor& folder, const std::string& hidden_name,
                                                std::string_view path) const;
  /// With that name, which must be free.
  [[nodiscard]] base::Result<Descriptor> make_named_file(const Descriptor& folder, const std::string& name,
                                                         std::string_view path) const;
  /// A regular file that is there, for reading, or for reading and writing.
  enum class Access : std::uint8_t { read, write };
  [[nodiscard]] base::Result<Descriptor> open_file(const Descriptor& folder, const std::string& name, Access access,
                                                   std::string_view path) const;
  /// For reading, without changing its access time where the system grants that.
  [[nodiscard]] base::Result<Descriptor> open_to_read(const Descriptor& folder, const std::string& name,
                                                      std::string_view path) const;
  /// Anything but a folder, only to name it again (O_PATH).
  [[nodiscard]] base::Result<Descriptor> open_node(const Descriptor& folder, const std::string& name,
                                                   std::string_view path) const;

  [[nodiscard]] base::Status write(const Descriptor& file, std::uint64_t offset_bytes, base::ByteView bytes,
                                   std::string_view path) const;
  [[nodiscard]] base::Status set_size(const Descriptor& file, std::uint64_t size_bytes, std::string_view path) const;
  /// Lets `file` have the blocks of the whole of `from` without copying one (FICLONE); it is then as long as that. No:
  /// they lie on different file systems, or theirs cannot do that, and `file` is as it was.
  enum class Shared : std::uint8_t { no, yes };
  [[nodiscard]] base::Result<Shared> share_blocks(const Descriptor& file, const EvidenceFile& from,
                                                  std::string_view path) const;
  /// Makes a hole of what lies there; the size stays.
  [[nodiscard]] base::Status make_hole(const Descriptor& file, std::uint64_t offset_bytes, std::uint64_t length_bytes,
                                       std::string_view path) const;
  [[nodiscard]] base::Status sync_file(const Descriptor& file, std::string_view path) const;

  /// Gives `file` (unnamed, or of another name) a name that must be free: EEXIST otherwise.
  [[nodiscard]] base::Status name_file(const Descriptor& file, const Descriptor& folder, const std::string& name,
                                       std::string_view path) const;
  /// The new name must be free.
  [[nodiscard]] base::Status move_new(const Descriptor& from, const std::string& from_name, const Descriptor& to,
                                      const std::string& to_name, std::string_view path) const;
  /// What stood under the new name is gone: for leftovers of our own only.
  [[nodiscard]] base::Status move_over(const Descriptor& from, const std::string& from_name, const Descriptor& to,
                                       const std::string& to_name, std::string_view path) const;
  /// Both names must be there; they change places in one step.
  [[nodiscard]] base::Status exchange(const Descriptor& one, const std::string& one_name, const Descriptor& other,
                                      const std::string& other_name, std::string_view path) const;
  /// Leftovers of our own, and what a person released. No folder.
  [[nodiscard]] base::Status remove_file(const Descriptor& folder, const std::string& name,
                                         std::string_view path) const;
  [[nodiscard]] base::Status remove_empty_folder(const Descriptor& parent, const std::string& name,
                                                 std::string_view path) const;

  [[nodiscard]] base::Status make_link(const Descriptor& folder, const std::string& name, const std::string& target,
                                       std::string_view path) const;
  /// A fifo, a socket's name or a device.
  [[nodiscard]] base::Status make_node(const Descriptor& folder, const std::string& name, TargetKind kind,
                                       std::uint64_t device_number, std::string_view path) const;

  [[nodiscard]] base::Status set_owner(const Descriptor& file, Owner owner, std::string_view path) const;
  [[nodiscard]] base::Status set_mode(const Descriptor& file, std::uint32_t mode, std::string_view path) const;
  [[nodiscard]] base::Status set_attribute(const Descriptor& file, const std::string& name, const std::string& value,
                                           std::string_view path) const;
  [[nodiscard]] base::Status remove_attribute(const Descriptor& file, const std::string& name,
                                              std::string_view path) const;
  /// The time of last change; that of last access stays.
  [[nodiscard]] base::Status set_mtime(const Descriptor& file, std::int64_t mtime_ns, std::string_view path) const;
  /// Append only, immutable, no dump (FS_IOC_SETFLAGS), beside those that are set already.
  [[nodiscard]] base::Status set_flags(const Descriptor& file, std::uint32_t flags, std::string_view path) const;
  /// The same for a name that may be a link or device, which is not followed. `mode` is not set on links.
  [[nodiscard]] base::Status set_node_owner(const Descriptor& folder, const std::string& name, Owner owner,
                                            std::string_view path) const;
  [[nodiscard]] base::Status set_node_mode(const Descriptor& folder, const std::string& name, std::uint32_t mode,
                                           std::string_view path) const;
  [[nodiscard]] base::Status set_node_mtime(const Descriptor& folder, const std::string& name, std::int64_t mtime_ns,
                                            std::string_view path) const;

  /// Returns when everything written so far below `folders` (one of each mount) is on disk.
  [[nodiscard]] base::Status sync_all(const std::vector<Descriptor>& folders) const;
  [[nodiscard]] base::Result<SpaceLeft> space_left(const Descriptor& folder, std::string_view path) const;

 private:
  RestoreTarget(Descriptor root, std::string path, Mounts mounts, TargetGate* gate)
      : root_(std::move(root)), path_(std::move(path)), mounts_(mounts), gate_(gate) {}
  [[nodiscard]] bool refused(TargetCall call) const;
  [[nodiscard]] base::Status rename(const Descriptor& from, const std::string& from_name, const Descriptor& to,
                                    const std::string& to_name, unsigned flags, std::string_view path) const;

  Descriptor root_;
  std::string path_;
  Mounts mounts_;
  TargetGate* gate_;
};

/// True for what may be one name in a folder: not empty, ".", "..", longer than 255 bytes, or with '/' or NUL.
[[nodiscard]] bool is_entry_name(std::string_view name);

/// True when an error means that no further write will succeed (disk full, read-only, unplugged, out of descriptors),
/// rather than that this one name is refused.
[[nodiscard]] bool stops_restore(const base::Error& error);

[[nodiscard]] base::Result<TargetStatus> target_status(const Descriptor& file, std::string_view path);
/// ErrorCode::not_found when nothing stands there.
[[nodiscard]] base::Result<TargetStatus> target_status_at(const Descriptor& folder, const std::string& name,
                                                          std::string_view path);
[[nodiscard]] base::Result<std::string> read_target_link(const Descriptor& folder, const std::string& name,
                                                         std::string_view path);

/// Fills `into` as far as the file goes and says how many bytes that were.
[[nodiscard]] base::Result<std::size_t> read_at(const Descriptor& file, std::uint64_t offset_bytes,
                                                std::span<std::uint8_t> into, std::string_view path);

struct ReadAttribute {
  std::string name;
  std::string value;
};
/// Sorted by name; ACLs are among them.
[[nodiscard]] base::Result<std::vector<ReadAttribute>> read_attributes(const Descriptor& file, std::string_view path);
/// As FS_IOC_GETFLAGS says; 0 where the file system has none.
[[nodiscard]] std::uint32_t read_flags(const Descriptor& file);
/// Drops what memory holds of a file and the disk has as well, so that the next read comes from the disk.
void forget_pages(const Descriptor& file);

/// True when `path` (a folder or a file) is `above` or lies below it, by what they are and not by how they are spelled.
[[nodiscard]] base::Result<bool> lies_inside(const std::string& path, const std::string& above);

/// Lets this process open as many files as the system grants it; says how many that are.
std::uint64_t raise_open_files();

}  // namespace lastgood::os
