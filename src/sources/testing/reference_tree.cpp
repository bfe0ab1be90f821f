// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/testing/reference_tree.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <initializer_list>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <string_view>

namespace lastgood::sources::testing {

namespace {

using namespace std::string_view_literals;
using namespace std::string_literals;

constexpr std::int64_t k_second_ns = 1'000'000'000;
constexpr std::size_t k_mib = 1024UL * 1024UL;

/// Bytes that no compressor makes smaller; the same for the same seed.
std::string random_bytes(std::uint64_t seed, std::size_t size) {
  std::mt19937_64 numbers(seed);
  std::string bytes;
  bytes.reserve(size + 8);
  while (bytes.size() < size) {
    const std::uint64_t number = numbers();
    for (unsigned shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>(number >> shift));
  }
  bytes.resize(size);
  return bytes;
}

std::string letter_bytes(std::uint64_t seed, std::size_t size) {
  static constexpr std::string_view k_words[] = {"ward ",       "bed ", "result ", "sodium ", "142 mmol/l\n",
                                                 "discharged ", "OPD ", "12",      "Patient "};
  std::mt19937_64 numbers(seed);
  std::string bytes;
  while (bytes.size() < size) bytes += k_words[numbers() % std::size(k_words)];
  bytes.resize(size);
  return bytes;
}

/// Remembers the first failure; everything after it does nothing.
class TreeMaker {
 public:
  explicit TreeMaker(std::string root) : root_(std::move(root)), is_root_(::geteuid() == 0) { made_[""] = {}; }

  void folder(const std::string& name, mode_t mode = 0755) {
    check("make folder", name, ::mkdir(path(name).c_str(), 0700));
    made_[name] = {};
    modes_[name] = mode;
  }
  void file(const std::string& name, std::string_view bytes, mode_t mode = 0644) {
    const int fd = ::open(path(name).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    check("make", name, fd);
    if (fd < 0) return;
    write_at(fd, name, 0, bytes);
    ::close(fd);
    made_[name] = {};
    modes_[name] = mode;
  }
  /// A file of `size` bytes with `bytes` at each of `offsets` and holes elsewhere.
  void sparse_file(const std::string& name, off_t size, std::string_view bytes, std::initializer_list<off_t> offsets) {
    const int fd = ::open(path(name).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    check("make", name, fd);
    if (fd < 0) return;
    check("lengthen", name, ::ftruncate(fd, size));
    for (const off_t offset : offsets) write_at(fd, name, offset, bytes);
    ::close(fd);
    made_[name] = {};
  }
  void link(const std::string& name, const std::string& target) {
    check("link", name, ::symlink(target.c_str(), path(name).c_str()));
    made_[name] = {};
  }
  void hard_link(const std::string& name, const std::string& there) {
    check("hard-link", name, ::link(path(there).c_str(), path(name).c_str()));
  }
  /// Where the system refuses to make a device, there is none: a container may not.
  void node(const std::string& name, mode_t mode, dev_t device) {
    const int result = ::mknod(path(name).c_str(), mode, device);
    if (result != 0 && errno == EPERM && !S_ISFIFO(mode)) return;
    check("make node", name, result);
    made_[name] = {};
  }
  void owner(const std::string& name, uid_t user, gid_t group) {
    if (is_root_) check("change owner of", name, ::lchown(path(name).c_str(), user, group));
  }
  void attribute(const std::string& name, const char* key, std::string_view value) {
    check("set attribute of", name, ::lsetxattr(path(name).c_str(), key, value.data(), value.size(), 0));
  }
  void time(const std::string& name, std::int64_t mtime_ns) { made_[name] = mtime_ns; }

  /// Modes, then times, folders after what is in them. Call last.
  void finish() {
    for (const auto& [name, mode] : modes_) {
      // Setting the mode of a file with an ACL would rewrite the mask in it; those have the mode they need.
      if (::lgetxattr(path(name).c_str(), "system.posix_acl_access", nullptr, 0) > 0) continue;
      check("change mode of", name, ::chmod(path(name).c_str(), mode));
    }
    std::int64_t number = 0;
    for (auto at = made_.rbegin(); at != made_.rend(); ++at) {
      ++number;
      const std::int64_t ns = at->second.value_or(1'600'000'000 * k_second_ns + number * 86'400'123'456'789);
      const timespec seconds{.tv_sec = ns / k_second_ns, .tv_nsec = ns % k_second_ns};
      const timespec times[2] = {{.tv_sec = 1'000'000'000, .tv_nsec = 0}, seconds};
      check("set time of", at->first, ::utimensat(AT_FDCWD, path(at->first).c_str(), times, AT_SYMLINK_NOFOLLOW));
    }
  }
  [[nodiscard]] bool is_root() const { return is_root_; }
  [[nodiscard]] base::Status status() const {
    if (failed_) return *failed_;
    return base::Done{};
  }

 private:
  [[nodiscard]] std::string path(const std::string& name) const { return name.empty() ? root_ : root_ + "/" + name; }
  void check(std::string_view verb, const std::string& name, int result) {
    if (result < 0 && !failed_) failed_ = base::system_error(verb, path(name), errno);
  }
  void write_at(int fd, const std::string& name, off_t offset, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), offset);
      check("write", name, written < 0 ? -1 : 0);
      if (written <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(written));
      offset += written;
    }
  }

  std::string root_;
  bool is_root_;
  std::map<std::string, std::optional<std::int64_t>> made_;  // with the time it shall have
  std::map<std::string, mode_t> modes_;
  std::optional<base::Error> failed_;
};

void make_sizes(TreeMaker& tree) {
  tree.folder("sizes");
  tree.file("sizes/0", "");
  tree.file("sizes/1", "x");
  for (const std::size_t size : {511UL, 512UL, 513UL, 4095UL, 4096UL, 4097UL}) {
    tree.file("sizes/" + std::to_string(size), random_bytes(size, size));
  }
  tree.file("sizes/600k-random", random_bytes(600, 600 * 1024));
  tree.file("sizes/600k-letters", letter_bytes(600, 600 * 1024));
  tree.file("sizes/600k-random-again", random_bytes(600, 600 * 1024));
  tree.file("sizes/9m-random", random_bytes(9, 9 * k_mib));
  tree.file("sizes/9m-letters", letter_bytes(9, 9 * k_mib));
  tree.file("sizes/zeros", std::string(300'000, '\0'));

  tree.folder("sparse");
  tree.sparse_file("sparse/holes-between", 7 * k_mib + 11, random_bytes(7, 5000), {0, 3 * k_mib, 5 * k_mib + 100});
  tree.sparse_file("sparse/hole-first", 2 * k_mib, random_bytes(8, 4096), {2 * k_mib - 4096});
  tree.sparse_file("sparse/hole-last", 2 * k_mib + 1, random_bytes(9, 4096), {0});
  tree.sparse_file("sparse/hole-only", k_mib + 3, "", {});
}

void make_links(TreeMaker& tree) {
  tree.folder("links");
  tree.folder("links/a");
  tree.folder("links/b");
  tree.file("links/a/first", random_bytes(21, 70'000));
  tree.hard_link("links/b/second", "links/a/first");
  tree.hard_link("links/third", "links/a/first");
  tree.file("links/a/other", letter_bytes(22, 10));
  tree.hard_link("links/a/other-again", "links/a/other");
  tree.file("links/a/same-bytes-other-file", random_bytes(21, 70'000));
  tree.link("links/to-nowhere", "nowhere/at all");
  tree.link("links/absolute", "/etc/passwd");
  tree.link("links/to-folder", "../sizes");
  tree.link("links/to-itself", "to-itself");
  tree.link("links/up-and-away", "../../../../../../../../../../tmp");
  tree.link("links/odd", "new\nline 'quote' \"double\" back\\slash");
  tree.link("links/not-utf8", "\xff\xfe/\x80");
  tree.link("links/long", std::string(1500, 'l'));
  tree.node("links/pipe", S_IFIFO | 0600, 0);
  if (tree.is_root()) {
    tree.node("links/character", S_IFCHR | 0666, ::makedev(1, 3));
    tree.node("links/block", S_IFBLK | 0660, ::makedev(7, 250));
  }
}

void make_names(TreeMaker& tree) {
  tree.folder("names");
  int number = 0;
  for (const std::string& name : {"new\nline"s,
                                  "tab\tand bell\x07"s,
                                  "single ' quote"s,
                                  "double \" quote"s,
                                  "back\\slash"s,
                                  "\\x41\\n\\\""s,
                                  "not utf8 \xff\xfe\x80"s,
                                  "half \xc3"s,
                                  "-rf"s,
                                  " "s,
                                  "..."s,
                                  ".hidden"s,
                                  "*?[a]{b}"s,
                                  "%00%2f"s,
                                  "~"s,
                                  "nfc \xc3\xa9"s,
                                  "nfd e\xcc\x81"s,
                                  "\xe0\xa4\xb0\xe0\xa5\x8b\xe0\xa4\x97\xe0\xa5\x80"s,
                                  "emoji \xf0\x9f\x8f\xa5"s,
                                  "line separator \xe2\x80\xa8"s,
                                  "del\x7f"s,
                                  "colon:equals=semi;"s,
                                  std::string(100, 'm'),
                                  std::string(255, 'n')}) {
    tree.file("names/" + name, "file " + std::to_string(++number));
  }
  tree.folder("names/folder \xff\n");
  tree.file("names/folder \xff\n/inside", "in an odd folder");
  tree.folder("names/" + std::string(155, 'd'));
  tree.file("names/" + std::string(155, 'd') + "/" + std::string(101, 'e'), "beyond the 256 bytes of a ustar name");

  tree.folder("many");
  for (int i = 0; i < 1000; ++i) {
    const std::string name = std::to_string(10'000 + i).substr(1);
    tree.file("many/" + name, random_bytes(static_cast<std::uint64_t>(i), static_cast<std::size_t>(i % 200)));
  }
  tree.folder("empty");
  std::string deep = "deep";
  tree.folder(deep);
  for (int i = 1; i < k_reference_depth; ++i) {
    deep += "/level" + std::to_string(i);
    tree.folder(deep);
  }
  tree.file(deep + "/bottom", "the end");
}

/// POSIX ACL as the kernel takes it (linux/posix_acl_xattr.h): version 2, then tag, permissions, id, little endian.
std::string acl_bytes(std::initializer_list<std::array<std::uint32_t, 3>> entries) {
  std::string bytes("\x02\0\0\0"sv);
  for (const auto& [tag, permissions, id] : entries) {
    for (const std::uint32_t half : {tag, permissions}) {
      bytes.push_back(static_cast<char>(half));
      bytes.push_back('\0');
    }
    for (unsigned shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(id >> shift));
  }
  return bytes;
}

void make_metadata(TreeMaker& tree) {
  constexpr std::uint32_t k_nobody = UINT32_MAX;
  const std::string access = acl_bytes({{1, 6, k_nobody},
                                        {2, 4, 1000},
                                        {2, 6, 65'533},
                                        {4, 4, k_nobody},
                                        {8, 4, 2000},
                                        {16, 6, k_nobody},
                                        {32, 0, k_nobody}});
  const std::string folder_access =
      acl_bytes({{1, 7, k_nobody}, {2, 5, 1001}, {4, 5, k_nobody}, {16, 5, k_nobody}, {32, 5, k_nobody}});
  tree.folder("metadata");
  tree.file("metadata/no-rights", "nobody may", 0000);
  tree.file("metadata/read-only", "read me", 0444);
  tree.file("metadata/program", "#!/bin/false\n", 0755);
  tree.folder("metadata/sticky", 01777);
  tree.folder("metadata/private", 0700);
  tree.file("metadata/private/inside", "secret", 0600);

  tree.file("metadata/owned", "1000", 0640);
  tree.owner("metadata/owned", 1000, 1000);
  tree.file("metadata/owned-by-many", "54321", 0664);
  tree.owner("metadata/owned-by-many", 12'345, 54'321);
  tree.file("metadata/owned-by-large-number", "beyond 2^31 and beyond seven octal digits");
  tree.owner("metadata/owned-by-large-number", 3'000'000'000, 2'900'000'000);
  tree.folder("metadata/owned-folder", 0750);
  tree.owner("metadata/owned-folder", 33, 33);
  tree.link("metadata/owned-link", "owned");
  tree.owner("metadata/owned-link", 1000, 1001);
  if (tree.is_root()) {
    tree.file("metadata/setuid", "setuid", 04755);
    tree.file("metadata/setgid", "setgid", 02755);
    tree.folder("metadata/setgid-folder", 02775);
    tree.file("metadata/capable", "capability");
    tree.attribute("metadata/capable", "security.capability", "\x01\0\0\x02\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv);
  }
  tree.file("metadata/attributes", "has attributes");
  tree.attribute("metadata/attributes", "user.comment", "patient 4711");
  tree.attribute("metadata/attributes", "user.binary", "\0\xff\n=\" \0"sv);
  tree.attribute("metadata/attributes", "user.long", random_bytes(31, 2000));
  tree.attribute("metadata/attributes", "user.name with = and \xc3\xa9", "odd name");
  tree.folder("metadata/attributes-folder");
  tree.attribute("metadata/attributes-folder", "user.folder", "yes");
  tree.file("metadata/acl", "acl", 0664);
  tree.attribute("metadata/acl", "system.posix_acl_access", access);
  tree.folder("metadata/acl-folder");
  tree.attribute("metadata/acl-folder", "system.posix_acl_access", folder_access);
  tree.attribute("metadata/acl-folder", "system.posix_acl_default", access);

  tree.file("metadata/time-1980", "old");
  tree.time("metadata/time-1980", 315'619'200 * k_second_ns + 123'456'789);
  tree.file("metadata/time-2001", "1e9");
  tree.time("metadata/time-2001", 1'000'000'000 * k_second_ns);
  tree.file("metadata/time-2040", "beyond 2^31");
  tree.time("metadata/time-2040", 2'208'988'800 * k_second_ns + 999'999'999);
  tree.file("metadata/time-fine", "one nanosecond");
  tree.time("metadata/time-fine", 1'669'100'000 * k_second_ns + 1);
}

}  // namespace

base::Status make_reference_tree(const std::string& path) {
  TreeMaker tree(path);
  make_sizes(tree);
  make_links(tree);
  make_names(tree);
  make_metadata(tree);
  tree.finish();
  return tree.status();
}

}  // namespace lastgood::sources::testing
