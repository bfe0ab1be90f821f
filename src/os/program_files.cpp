// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/program_files.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>

namespace lastgood::os {

base::Result<std::string> find_program_file(std::string_view name) {
  std::array<char, PATH_MAX> buffer{};
  const ssize_t length = ::readlink("/proc/self/exe", buffer.data(), buffer.size() - 1);
  if (length <= 0) return base::system_error("find", "/proc/self/exe", errno);
  const std::string program(buffer.data(), static_cast<std::size_t>(length));
  const std::string folder = program.substr(0, program.rfind('/'));
  for (const std::string_view place : {"/../share/lastgood/", "/../../share/", "/../../src/drill/", "/../../tools/"}) {
    std::string path = folder + std::string(place) + std::string(name);
    if (::access(path.c_str(), R_OK) == 0) return path;
  }
  return base::Error{.code = base::ErrorCode::not_found,
                     .what = "cannot find '" + std::string(name) + "' beside the program",
                     .path = std::string(name),
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "install the whole package, or run the program from the build folder of its source tree"};
}

}  // namespace lastgood::os
