// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A path taken apart as stores keep it, and what "below" means for folders kept as bytes. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lastgood::casefile {

/// "/srv/lab/a.docx" is folder "/srv/lab" and name "a.docx"; "/a" is folder "" and name "a".
struct FilePlace {
  std::string_view folder;
  std::string_view name;
};

/// ErrorCode::misuse unless `path` begins with a slash and ends in a name. Points into `path`.
[[nodiscard]] base::Result<FilePlace> place_of(std::string_view path);

/// A folder as stores keep it: without a slash at its end, so that the root is "".
std::string_view without_end_slash(std::string_view folder);

/// `folder` is `top` or below it; both as stores keep them. Nothing is above "".
bool is_at_or_below(std::string_view folder, std::string_view top);

}  // namespace lastgood::casefile
