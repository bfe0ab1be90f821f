// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/file_place.h"

namespace lastgood::casefile {

base::Result<FilePlace> place_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (path.empty() || path.front() != '/' || slash + 1 == path.size()) {
    return base::Error{.code = base::ErrorCode::misuse,
                       .what = "cannot record '" + base::printable(path) + "': not the absolute path of a file",
                       .path = std::string(path),
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = {}};
  }
  return FilePlace{.folder = path.substr(0, slash), .name = path.substr(slash + 1)};
}

std::string_view without_end_slash(std::string_view folder) {
  if (folder.ends_with('/')) folder.remove_suffix(1);
  return folder;
}

bool is_at_or_below(std::string_view folder, std::string_view top) {
  return folder.starts_with(top) && (folder.size() == top.size() || folder[top.size()] == '/');
}

}  // namespace lastgood::casefile
