// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A copy of a data directory and MariaDB running on it, locked in, without accounts and plugins of the copy. Private to
// engines/mariadb/.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engines/mariadb/data_copy.h"
#include "engines/mariadb/maria_session.h"
#include "engines/mariadb/struck_files.h"
#include "engines/scratch_copy.h"
#include "engines/start_watch.h"

namespace lastgood::engines::mariadb {

enum class ViewRights : std::uint8_t {
  asker,  // views are read with the rights of who asks
  owner,  // as in the copy
};

/// One thread.
struct DataRoom {
  ScratchCopy copy;
  std::optional<os::LockedRoom> room;
  std::vector<std::string> layout;
  std::vector<PlainView> views;
  std::string first_words;  // of all starts up to the first that answered
  bool has_answered = false;
  FencedFiles fenced;  // not there when the server starts, so that their tables answer with an error
  const UnitView* view = nullptr;
  std::string folder;

  [[nodiscard]] std::string socket() const { return room->path_of("/room/own/s"); }
};

/// Copies, prepares where that was not done, and starts. For whom asks (ViewRights::asker), files that are not what the
/// server wrote are fenced, and what the log has for them is left out; `view` is used as long as the room is there.
[[nodiscard]] base::Result<std::unique_ptr<DataRoom>> start_data(const UnitView& view, const std::string& folder,
                                                                 const ScratchServerOptions& options, ViewRights rights,
                                                                 ScratchStart& start);
/// Starts the server (again) on the copy and waits until it answers.
[[nodiscard]] base::Status start_again(DataRoom& data, const ScratchServerOptions& options);

/// A session with the running server, root's where `target` names nobody, with `watch` looking while it opens and later
/// while it waits. ErrorCode::busy_retry: the server has ended. ErrorCode::limit_reached, cancelled: as
/// StartWatch::look.
[[nodiscard]] base::Result<MariaSession> open_watched(DataRoom& data, MariaTarget target, StartWatch& watch);

/// Takes a file away from the running server, which must not have it open.
[[nodiscard]] base::Status fence_now(DataRoom& data, const std::string& path, const std::string& why);

/// Programs that a room for MariaDB's own ones needs.
[[nodiscard]] std::vector<std::string> maria_programs();

}  // namespace lastgood::engines::mariadb
