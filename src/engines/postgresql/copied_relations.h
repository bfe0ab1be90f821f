// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The files of a cluster's relations as its copy had them, before a scratch server replayed the log over them. Replay
// makes a file that is gone anew, with no more than the pages the log holds, and a table whose second gigabyte is gone
// ends behind the first: the server answers, and rows are missing. Private to engines/postgresql/.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "engines/postgresql/backup_files.h"
#include "engines/postgresql/control_file.h"
#include "engines/postgresql/wal_reader.h"
#include "engines/scratch_server.h"

namespace lastgood::engines::postgresql {

/// One thread. View and logs must outlive it.
class CopiedRelations {
 public:
  CopiedRelations(const UnitView& view, std::string folder, const ScratchServerOptions& options);
  /// Files that did not get into the copy, by path in the cluster, and why.
  void leave_out(std::map<std::string, std::string, std::less<>> unread) { unread_ = std::move(unread); }
  /// Files that something speaks against, by path in the view, and what.
  void suspect(const std::map<std::string, std::string, std::less<>>& contradicted);

  /// Why not all of the relation's files are there and good, `path` as pg_relation_filepath says it; empty: they are,
  /// or the log makes them from their beginning.
  [[nodiscard]] std::string find_missing(const std::string& path);
  /// Visibility maps were suspected: they decide which rows an index alone answers for.
  [[nodiscard]] bool are_maps_suspect() const { return are_maps_suspect_; }
  /// Blocks of its main fork that the copy had.
  [[nodiscard]] std::uint64_t count_blocks(const std::string& path);
  /// The log that is replayed makes the relation, or cuts it shorter: sizes of before mean nothing.
  [[nodiscard]] bool is_resized_by_log(const std::string& path);

  [[nodiscard]] bool is_base_backup() const { return label_.has_value(); }
  [[nodiscard]] bool is_shut_down() const;
  [[nodiscard]] std::uint32_t block_bytes() const { return control_.block_bytes; }
  [[nodiscard]] std::uint32_t segment_blocks() const { return control_.segment_blocks; }

 private:
  using Sizes = std::map<std::string, std::uint64_t, std::less<>>;

  const Sizes& sizes_of(const std::string& database_folder);
  std::string say_missing(const std::string& path, std::string_view what);
  std::string find_missing_segment(const std::string& path);
  const WalSurvey& log();
  bool is_made_by_log(const std::string& path);

  const UnitView& view_;
  std::string folder_;
  const UnitView* logs_;
  std::string spill_folder_;
  ControlFile control_;
  std::optional<BackupLabel> label_;
  std::map<std::string, std::string, std::less<>> unread_;
  std::map<std::string, std::string, std::less<>> suspects_;
  bool are_maps_suspect_ = false;
  std::map<std::string, Sizes, std::less<>> sizes_;
  std::optional<WalSurvey> log_;  // read when it is needed first
};

}  // namespace lastgood::engines::postgresql
