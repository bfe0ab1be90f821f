// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Databases that a restore in place put back, or was putting back, and whose saved logs it has not replayed, because it
// was stopped or could not: a server that is started on one has the backup and lacks what was committed since.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace lastgood::recovery {

struct AwaitedReplay {
  std::string path;    // on the victim, as the plan and the services file name it
  std::string folder;  // where it was put
};

/// By the ledger of the case: each database of which nothing says that its logs were replayed, or were left out at
/// somebody's wish, since the restore was begun that was to do it.
[[nodiscard]] base::Result<std::vector<AwaitedReplay>> find_awaited_replays(const std::string& case_folder);

/// Why nothing of `service` is started on the database in `folder` yet, with the ways on. `logs`: where they lay on the
/// victim; empty: not known. For people.
[[nodiscard]] std::string describe_awaited(const std::string& service, const std::string& folder,
                                           const std::string& logs);

}  // namespace lastgood::recovery
