// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The throw-away copy that a scratch server works on, and the room it is locked in. Private to engines/.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engines/scratch_server.h"
#include "os/locked_room.h"
#include "os/scratch_tree.h"

namespace lastgood::engines {

/// What is chosen of a unit's folder.
struct CopyRules {
  std::function<bool(std::string_view path)> is_wanted;
  std::vector<std::string> empty_folders;  // made if they are not there
};

/// A copy of a unit's files in `data` below `tree`, or `lower` to be seen there through an overlay.
struct ScratchCopy {
  os::ScratchTree tree;
  os::TreeGuard guard;  // let go of before the tree is removed by us
  CopyWay way = CopyWay::copy;
  std::optional<std::string> lower;  // what is not wanted of it is hidden already
  CopyRules rules;
  /// Files that are not in the copy because they could not be read, by path in the unit's folder, and why.
  std::map<std::string, std::string, std::less<>> unread;
};

/// Files that cannot be read are left out and said in `start.unusable`. ErrorCode::io: a great many in a row cannot be,
/// because what they lie on went away.
[[nodiscard]] base::Result<ScratchCopy> make_scratch_copy(const UnitView& view, const std::string& folder,
                                                          const ScratchServerOptions& options, CopyRules rules,
                                                          ScratchStart& start);

/// The error of an engine that did not start, with what of the copy could not be read: a backup that went away
/// meanwhile is no broken database.
[[nodiscard]] base::Error with_unread(base::Error error, const ScratchStart& start);

/// A room over the copy. `settle` gets the data folder before anything runs: what it writes is there at the start.
[[nodiscard]] base::Result<os::LockedRoom> make_room(const ScratchCopy& copy, os::RoomPlan plan,
                                                     const std::function<base::Status(os::ScratchTree& data)>& settle);

/// Libraries and data that every program of Debian needs to run.
[[nodiscard]] std::vector<std::string> shared_libraries();

/// The text of a small file of a unit; empty when it cannot be read.
[[nodiscard]] std::string read_text(const UnitView& view, const std::string& path, std::size_t bytes_max);

/// A name that nobody has: `prefix` and 16 random hexadecimal digits.
[[nodiscard]] std::string random_name(std::string_view prefix);

/// What a person does where a copy is written while it is read or asked.
inline constexpr std::string_view k_written_hint =
    "let what writes there come to its end, judge that backup again, and ask again";
/// Whether `error` is of a file that somebody wrote, exchanged or removed since its folder was listed (ESTALE).
[[nodiscard]] bool was_changed_meanwhile(const base::Error& error);
/// Of a copy whose files somebody writes while they are read; `first` is of one of them.
[[nodiscard]] base::Error written_meanwhile(const base::Error& first);

}  // namespace lastgood::engines
