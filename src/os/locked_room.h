// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// LockedRoom: another program (a database server) that works on hostile files, in a room of its own: its own file tree
// with only what it needs to run, no network, own processes, an account without rights. From the room it sees
// `/room`, a scratch tree of ours, on which nothing can be executed, and the programs named, which it cannot change.
// Linux only: namespaces(7), pivot_root(2), mount(2), overlayfs. Needs root.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "os/evidence.h"
#include "os/process_effort.h"

namespace lastgood::os {

struct RoomPlan {
  std::string tree;                   // a scratch tree: /room
  std::vector<std::string> programs;  // files and folders of this machine, inside at the same path, read-only
  std::vector<std::pair<std::string, std::string>> stand_ins;  // files: of this machine, and where they are inside
  /// Links: their place inside, below no folder of `programs`, and where they lead inside.
  std::vector<std::pair<std::string, std::string>> links;
  std::vector<std::string> command;  // command[0] is an absolute path inside
  std::vector<std::string> environment;
  std::string input = "/dev/null";  // what it reads from, as the account without rights may
  /// A folder of this machine that is seen through /room/data: what is written goes to `upper` in the tree.
  std::optional<std::string> lower;
};

/// One thread; the program ends with the room, and when this process ends, however that is.
class LockedRoom {
 public:
  /// Makes the room; nothing runs in it yet. ErrorCode::unsupported where the system refuses to lock in.
  [[nodiscard]] static base::Result<LockedRoom> make(const RoomPlan& plan);
  LockedRoom(LockedRoom&& other) noexcept;
  LockedRoom& operator=(LockedRoom&& other) noexcept;
  LockedRoom(const LockedRoom&) = delete;
  LockedRoom& operator=(const LockedRoom&) = delete;
  ~LockedRoom();

  /// How this process reaches a path of the room ("/room/data") while the room is there.
  [[nodiscard]] std::string path_of(std::string_view inside) const;
  /// Starts the program.
  [[nodiscard]] base::Status start();
  /// Its exit code, 128 + n when signal n ended it; nothing: it still ran when `patience` was over.
  [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds patience);
  /// Asks it by `signal` to end, and waits. Nothing: it did not end in time.
  [[nodiscard]] std::optional<int> stop(int signal, std::chrono::milliseconds patience);
  /// What the processes in the room have done so far; empty where the system does not say.
  [[nodiscard]] std::vector<ProcessEffort> efforts() const;
  /// What it printed: the last `bytes_max` bytes, printable.
  [[nodiscard]] std::string last_words(std::size_t bytes_max) const;
  /// How much it printed so far.
  [[nodiscard]] std::uint64_t printed_bytes() const;
  /// All it printed so far, at most `bytes_max` from the beginning.
  [[nodiscard]] std::string first_words(std::size_t bytes_max) const;

 private:
  LockedRoom() = default;
  void end();

  int keeper_ = -1;       // the process that made the room; -1: gone
  int first_inside_ = 0;  // process 1 of the room, as numbered here
  Descriptor control_;    // closed: everything inside ends
  Descriptor reports_;
  Descriptor printed_;
  std::optional<int> exit_code_;
};

/// Removes a folder with all in it when this process ends or lets go of it; a process of its own watches.
class TreeGuard {
 public:
  [[nodiscard]] static base::Result<TreeGuard> watch(const std::string& path);
  TreeGuard() = default;
  TreeGuard(TreeGuard&& other) noexcept;
  TreeGuard& operator=(TreeGuard&& other) noexcept;
  TreeGuard(const TreeGuard&) = delete;
  TreeGuard& operator=(const TreeGuard&) = delete;
  ~TreeGuard();
  /// The folder stays.
  void let_live();

 private:
  int watcher_ = -1;
  Descriptor line_;
};

/// Waits until `file` can be read. False: not within `patience`.
[[nodiscard]] bool wait_readable(int file, std::chrono::milliseconds patience);

/// Nothing comes and goes through `socket` any more; it stays open.
void close_both_ways(int socket);

}  // namespace lastgood::os
