// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The file that `explain` looks at: one on the disk, or one version in a backup of the case.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/byte_source.h"
#include "cli/command.h"
#include "cli/open_session.h"
#include "recovery/opened_source.h"

namespace lastgood::cli {

struct ExplainedFile {
  std::string path;   // as it is shown
  std::string name;   // the last part: it promises a format
  std::string where;  // "snapshot 3fa1c2d0 of 'nas', 2022-11-22T02:00:00Z"; empty: on the disk
  std::int64_t mtime_ns = 0;
  std::optional<model::FileRecord> recorded;  // what the case says of it
  recovery::OpenedSources sources;            // `bytes` may read from them
  std::unique_ptr<base::ByteSource> bytes;
};

[[nodiscard]] std::variant<ExplainedFile, Failure> open_live_file(const std::string& path, const Context& context);

/// `path` as on the victim. An empty `snapshot`: the newest that has the file.
[[nodiscard]] std::variant<ExplainedFile, Failure> open_backup_file(const std::string& path, const std::string& source,
                                                                    const std::string& snapshot,
                                                                    const Context& context);

}  // namespace lastgood::cli
