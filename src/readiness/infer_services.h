// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A first services file from what lies on a server: databases and stores that are found, and what the settings of their
// engines say as text. Nothing is asked of running programs and nothing is followed; every guess is a comment.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace lastgood::readiness {

struct InferredServices {
  std::string text;  // TOML without mistakes
  std::size_t services = 0;
  std::uint64_t folders = 0;          // looked at
  std::vector<std::string> left_out;  // "12 more SQLite files below /home"; what may have been one and was struck
};

/// `path`: "/" of a running server, a part of it, or where its disk is mounted; then `root` is that place, and paths
/// are written as they are below it. At most a million folders, 24 deep; kernel file systems and links are left out.
[[nodiscard]] base::Result<InferredServices> infer_services(const std::string& path, const std::string& root);

}  // namespace lastgood::readiness
