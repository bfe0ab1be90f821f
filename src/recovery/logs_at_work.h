// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Folders of saved logs whose server is at work: it makes, removes and counts what lies there, and what a backup has of
// an earlier moment would come between its own files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "os/folder_user.h"
#include "recovery/live_state.h"
#include "recovery/plan_builder.h"
#include "services/services_file.h"

namespace lastgood::recovery {

class LogsAtWork {
 public:
  /// Looks at this machine's processes. Not of a database that is encrypted itself: that has to be stopped first, and
  /// its logs come back with it.
  void look(const services::ServicesFile& file, const LiveState& live);
  /// Nothing is planned there.
  [[nodiscard]] bool holds(std::string_view path) const;
  /// Takes what is struck there out of what is lost, and says that it stays.
  void leave_struck(LiveState& live, PlanBuilder& builder) const;

 private:
  struct Place {
    std::string logs;
    os::FolderUser user;
  };
  std::vector<Place> places_;
};

/// Is `path` what a MariaDB removes when it starts and writes when it stops: "binlog.state" beside "binlog.index"? That
/// it is missing is no loss, and an old one says what is no longer so.
[[nodiscard]] bool is_state_of_binlog(const std::string& path, const LiveState& live);

}  // namespace lastgood::recovery
