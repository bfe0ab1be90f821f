// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Unit: files that are good only together (a database's folder, a mail store, the disks of one machine). The door to
// engines/: what a unit check sees, which units there are, and what a check says. One row per kind in unit_table.cpp.
//
// Nothing is written, nothing of a unit is executed. Everything in a unit may come from an attacker.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"
#include "model/finding.h"
#include "model/tree_entry.h"
#include "model/verdict.h"

namespace lastgood::engines {

enum class UnitKind : std::uint8_t {
  postgresql,
  mariadb,  // and MySQL
  sqlite,
  orthanc,
  maildir,
  lmdb,  // and OpenLDAP, whose database it is
  git,
  vm_disk,
  elasticsearch,  // and OpenSearch
};

std::string_view name_of(UnitKind kind);
std::optional<UnitKind> find_unit_kind(std::string_view name);

/// One name in a folder, as far as unit checks need it.
struct UnitEntry {
  std::string name;
  model::EntryKind kind = model::EntryKind::regular;
  std::uint64_t size_bytes = 0;  // of regular files
  std::int64_t mtime_ns = 0;
  std::string link_target;
};

/// A tree to look for units in and to check them in: a live tree, one snapshot of a source, a restored folder. Paths
/// are bytes, relative to the view's root, without "." and ".."; "" is the root. Links are never followed. Any thread.
class UnitView {
 public:
  virtual ~UnitView() = default;
  UnitView() = default;
  UnitView(const UnitView&) = delete;
  UnitView& operator=(const UnitView&) = delete;

  /// In any order. ErrorCode::not_found when there is no such folder.
  [[nodiscard]] virtual base::Result<std::vector<UnitEntry>> list(std::string_view folder) const = 0;
  /// A regular file. ErrorCode::not_found when there is none.
  [[nodiscard]] virtual base::Result<std::unique_ptr<base::ByteSource>> open(std::string_view file) const = 0;
  /// The folder that had the absolute path `path` on the victim, as it was at the same moment; nothing when it cannot
  /// be seen from here. Tablespaces and logs that links lead to are looked at through it.
  [[nodiscard]] virtual std::unique_ptr<UnitView> open_outside(std::string_view path) const {
    (void)path;
    return nullptr;
  }
  /// Where `folder` lies on this machine, when it does: an engine may then look at it through an overlay.
  [[nodiscard]] virtual std::optional<std::string> find_on_this_machine(std::string_view folder) const {
    (void)folder;
    return std::nullopt;
  }
};

struct FoundUnit {
  UnitKind kind = UnitKind::postgresql;
  std::string path;  // relative to the view; of SQLite and of virtual disks the file, of the others the folder
  bool operator==(const FoundUnit&) const = default;
};

/// Units that lie in `folder`, or that `folder` is. `entries` is its listing, sorted by name as bytes; the view is
/// asked to confirm only. Any thread.
[[nodiscard]] std::vector<FoundUnit> find_units_in(const UnitView& view, std::string_view folder,
                                                   std::span<const UnitEntry> entries);

/// All units of the view, by path. Does not look for units inside a unit's folder. A folder that cannot be listed is
/// left out: whoever walks the tree says so.
[[nodiscard]] std::vector<FoundUnit> find_units(const UnitView& view);

enum class UnitVerdict : std::uint8_t {
  consistent,      // whole, and of one moment, or shut down in good order
  needs_recovery,  // as after a crash, or a base backup: the engine replays its log at the next start
  needs_log,  // as far as it goes good, and of no use without log that lies elsewhere: a base backup beside an archive
  torn,       // its files are of different moments: never to be used
  damaged,    // files are missing or broken
  encrypted,  // files were replaced by random bytes
  rebuild,    // a copy of these files is no backup: the data must be made again from elsewhere
  undecided,  // could not be read, or a version this program does not know
};
std::string_view name_of(UnitVerdict verdict);

/// May this set be chosen to be restored? One that needs its log may be with that log alone (log_end.h).
[[nodiscard]] inline bool is_usable(UnitVerdict verdict) {
  return verdict == UnitVerdict::consistent || verdict == UnitVerdict::needs_recovery;
}

struct UnitFinding {
  std::string path;  // relative to the view; empty: about the whole unit
  model::Finding finding;
};

/// What belongs to a unit and does not lie in its folder.
struct OutsidePlace {
  std::string path;  // as on the victim, usually absolute
  std::string why;   // "tablespace 16385"
  enum class Seen : std::uint8_t { no, yes } seen = Seen::no;
};

struct UnitReport {
  UnitVerdict verdict = UnitVerdict::undecided;
  model::Certainty certainty = model::Certainty::weak;
  std::vector<UnitFinding> findings;  // what contradicts comes first
  std::uint64_t findings_left_out = 0;
  /// Every file that something speaks against, as its findings show it, and what was said first.
  std::map<std::string, std::string, std::less<>> contradicted;
  std::vector<std::string> members;  // regular files and links, relative to the view, sorted
  std::vector<OutsidePlace> outside;
  std::string engine;                // "PostgreSQL 15"; empty: not known
  std::int64_t data_as_of_ns = 0;    // time of the last commit that can be read, UTC since 1970; 0: not known
  bool is_as_of_checkpoint = false;  // a server wrote its checkpoint then: no commit that late is known
  std::uint64_t bytes_read = 0;
};

/// `view`, which outlives it, with what the unit keeps elsewhere at the place in its folder that leads there, as its
/// check looks at it. Null: for this kind nothing is put together.
[[nodiscard]] std::unique_ptr<UnitView> join_parts(const UnitView& view, const FoundUnit& unit);

/// Bytes of the unit's regular files as they lie in the view, with parts that it keeps elsewhere; of a database that is
/// a file, with those beside it that begin with its name. What cannot be listed counts nothing.
[[nodiscard]] std::uint64_t count_bytes(const UnitView& view, const FoundUnit& unit);

/// Checks the unit of `kind` at `path`. `quick` looks at what ties the files together, `standard` and `full` at every
/// page too; `full` also at what needs more memory or time (an SQLite database is opened, MD5 sums compared).
/// An error only when `path` itself cannot be listed or opened. Members that cannot be read make the verdict
/// `undecided` unless something worse was found.
[[nodiscard]] base::Result<UnitReport> check_unit(const UnitView& view, const FoundUnit& unit, model::Depth depth);

}  // namespace lastgood::engines
