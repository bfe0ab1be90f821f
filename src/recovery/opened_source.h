// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Sources of the case, opened together, and paths looked up in their snapshots.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/backup_record.h"
#include "recovery/case_sources.h"
#include "sources/source.h"

namespace lastgood::recovery {

struct OpenedSource {
  model::BackupSource record;
  std::unique_ptr<sources::Source> source;
  std::vector<model::Snapshot> snapshots;  // oldest first
};

struct OpenedSources {
  std::vector<OpenedSource> opened;
  std::vector<base::Error> failures;    // of those that could not be opened
  std::vector<std::string> not_opened;  // their names, in the same order
  std::vector<std::string> shrunk;      // describe_newest_gone, of those opened as they are now that have lost theirs
  /// All were opened, and none has lost what it had.
  [[nodiscard]] bool are_whole() const { return failures.empty() && shrunk.empty(); }
  /// describe_failure of each; empty: all were opened.
  [[nodiscard]] std::string describe_failures() const;
};
/// "source 'usb' (folder:/mnt/usb) is empty; ... (is it mounted? ...)". For people.
[[nodiscard]] std::string describe_failure(const base::Error& failure);

/// All sources of the case, or those named. One that cannot be opened does not stop the rest.
[[nodiscard]] base::Result<OpenedSources> open_sources(casefile::CaseStore& store,
                                                       const std::vector<std::string>& names,
                                                       const sources::OpenOptions& options, PasswordPrompt& prompt);

/// "/srv/lab/" becomes {"srv", "lab"}; "." is dropped. Nothing: a part is "..".
[[nodiscard]] std::optional<std::vector<std::string>> parts_of(std::string_view path);

/// The folder at `parts` below `root`; nothing when it is not there. Links are not followed.
[[nodiscard]] base::Result<std::optional<std::string>> find_subtree(sources::Source& source, const std::string& root,
                                                                    const std::vector<std::string>& parts);

/// The entry called `name`; nullptr: there is none.
[[nodiscard]] const model::TreeEntry* find_entry(const sources::Folder& folder, std::string_view name);

}  // namespace lastgood::recovery
