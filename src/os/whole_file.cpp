// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/whole_file.h"

#include <fmt/format.h>

#include "os/evidence.h"
#include "os/paths.h"

namespace lastgood::os {

base::Result<std::vector<std::uint8_t>> read_whole_file(const std::string& path, std::uint64_t bytes_max) {
  LG_ASSIGN(const std::string absolute, absolute_path(path));
  const auto slash = absolute.rfind('/');
  LG_ASSIGN(const Descriptor folder, open_evidence_root(slash == 0 ? "/" : absolute.substr(0, slash)));
  LG_ASSIGN(EvidenceFile file, open_evidence_file(folder, absolute.substr(slash + 1), path));
  if (file.size_bytes() > bytes_max) {
    base::Error error;
    error.code = base::ErrorCode::limit_reached;
    error.what =
        fmt::format("'{}' has {} bytes, at most {} are read", base::printable(path), file.size_bytes(), bytes_max);
    error.path = path;
    return error;
  }
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(file.size_bytes()));
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    LG_ASSIGN(const std::size_t got, file.read(filled, std::span(bytes).subspan(filled)));
    if (got == 0) break;  // it shrank meanwhile
    filled += got;
  }
  bytes.resize(filled);
  return bytes;
}

}  // namespace lastgood::os
