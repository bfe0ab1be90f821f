// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Gives a restored file its name. In place, what stood there goes to the kept tree; what is not the damaged file that
// the scan saw is never touched.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "recovery/restore/restore_run.h"

namespace lastgood::recovery::restore {

/// A file that is whole, or as whole as it can be, and has not its name yet.
struct WrittenFile {
  std::uint32_t file = 0;  // index in RestoreItems::files
  os::NewFile opened;
  std::uint32_t hidden_in = k_no_folder;  // the folder of its hidden name, when that is not its own
  DoneState state;
  std::vector<model::ByteRange> lost;
  std::vector<FilledEntry> fills;    // of large files their segments have them
  std::optional<Original> original;  // in place: the damaged file that it takes the place of
  std::string kept_path;
};

/// What stands where a file belongs, looked at before anything is written.
struct Standing {
  enum class Answer : std::uint8_t {
    free,     // nothing: it can be named
    damaged,  // the file that the scan saw: it goes to the kept tree
    refused,  // something else; was reported
  } answer = Answer::free;
  Original original;
  std::string kept_path;
};

/// Beside: always free, links and the like are found when the name is given.
[[nodiscard]] base::Result<Standing> look_at_place(RestoreRun& run, FolderCache& cache, const RestoreFile& file);

enum class Placed : std::uint8_t { done, incomplete, refused };

/// `kept_cache`: a second one, because two folders are needed at once. An Error stops the restore.
[[nodiscard]] base::Result<Placed> place_file(RestoreRun& run, FolderCache& cache, FolderCache& kept_cache,
                                              WrittenFile& written);

/// Finishes or takes back what an earlier run had announced and not reported as done. One thread, before the files.
[[nodiscard]] base::Status settle_intents(RestoreRun& run);

}  // namespace lastgood::recovery::restore
