// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/readers.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "os/account_names.h"
#include "os/evidence.h"

namespace lastgood::os {

base::Result<Readers> find_readers(const std::string& word) {
  if (word.empty()) return Readers{};
  if (word == k_everybody) return Readers{.who = Readers::Who::everybody, .group_id = 0};
  const auto group = find_group_id(word);
  if (group) return Readers{.who = Readers::Who::group, .group_id = *group};
  return base::Error{.code = base::ErrorCode::misuse,
                     .what = "there is no group '" + base::printable(word) + "' on this machine",
                     .path = {},
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "name one of /etc/group, or '" + std::string(k_everybody) +
                             "' where any account, on any machine that the disk is put into, may read"};
}

base::Status let_read(const std::string& path, const Readers& readers) {
  if (readers.who == Readers::Who::owner) return base::Done{};
  const Descriptor opened(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!opened.open() || ::fstat(opened.get(), &status) != 0) return base::system_error("open", path, errno);
  const mode_t wanted = S_ISDIR(status.st_mode) ? 0755 : 0644;
  const bool is_for_all = readers.who == Readers::Who::everybody;
  if ((status.st_mode & wanted & 0007U) == (wanted & 0007U)) return base::Done{};  // also where no modes are kept
  if (!is_for_all && ::fchown(opened.get(), static_cast<uid_t>(-1), readers.group_id) != 0)
    return base::system_error("give to its readers", path, errno);
  if (::fchmod(opened.get(), is_for_all ? wanted : wanted & 0770U) != 0)
    return base::system_error("make readable", path, errno);
  if (::fsync(opened.get()) != 0) return base::system_error("sync", path, errno);
  return base::Done{};
}

std::optional<std::uint32_t> find_only_reader(const std::string& folder) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) return std::nullopt;
  return (status.st_mode & 0055U) == 0 ? std::optional<std::uint32_t>(status.st_uid) : std::nullopt;
}

std::string find_closed_above(const std::string& path, const Readers& readers) {
  if (readers.who == Readers::Who::owner) return {};
  std::error_code trouble;
  const std::filesystem::path whole = std::filesystem::canonical(path, trouble);
  if (trouble) return {};
  std::filesystem::path above;
  for (const std::filesystem::path& part : whole.parent_path()) {
    above /= part;
    struct stat status {};
    if (::stat(above.c_str(), &status) != 0) continue;
    const bool is_of_group = readers.who == Readers::Who::group && status.st_gid == readers.group_id;
    const bool is_open = (status.st_mode & 0001U) != 0 || (is_of_group && (status.st_mode & 0010U) != 0);
    if (!is_open) return above.string();
  }
  return {};
}

}  // namespace lastgood::os
