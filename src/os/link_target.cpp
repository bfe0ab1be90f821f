// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/link_target.h"

#include <unistd.h>

#include <cerrno>

namespace lastgood::os {

base::Result<std::string> read_link_target(const Descriptor& directory, const std::string& name,
                                           std::string_view path_for_messages) {
  constexpr std::size_t k_target_bytes_max = 64 * 1024;
  for (std::size_t room = 256; room <= k_target_bytes_max; room *= 4) {
    std::string target(room, '\0');
    const ssize_t length = ::readlinkat(directory.get(), name.c_str(), target.data(), target.size());
    if (length < 0) return base::system_error("read the link", path_for_messages, errno);
    if (static_cast<std::size_t>(length) == room) continue;  // perhaps cut
    target.resize(static_cast<std::size_t>(length));
    return target;
  }
  return base::system_error("read the link", path_for_messages, ENAMETOOLONG);
}

}  // namespace lastgood::os
