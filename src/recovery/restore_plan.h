// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Carries a plan out: beside (into an empty folder) or in place (only what is damaged or missing). Folders first, then
// files in the order they lie in their sources, hard links, links and nodes, then what folders carry, flags last.
//
// What holds at every moment, also after kill -9 or a power cut: no half file stands under a final name; an encrypted
// original is where it was or in the kept tree, and the journal and the ledger said so before it moved; nothing but
// leftovers of this very restore is removed. The journal says "done" of what is on disk only, so that the same call
// again goes on and redoes at most k_unsynced_bytes_max.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ledger/ledger.h"
#include "model/finding.h"
#include "os/restore_target.h"
#include "recovery/other_versions.h"
#include "recovery/plan.h"
#include "sources/source.h"

namespace lastgood::recovery {

/// Written and not yet known to be on disk, at most; so much is redone after an interruption.
inline constexpr std::uint64_t k_unsynced_bytes_max = std::uint64_t{64} << 20;
/// A file with lost pieces stands under its name with this behind it, with zeros where pieces are lost.
inline constexpr std::string_view k_incomplete_suffix = ".lastgood-incomplete";
/// Below the root of each file system that is restored in place: what was exchanged for good files.
inline constexpr std::string_view k_kept_folder = ".lastgood-kept";
/// In the target while a restore runs: large files and units until they are whole.
inline constexpr std::string_view k_parts_folder = ".lastgood-parts";

enum class RestoreMode : std::uint8_t { beside, in_place };

struct RestorePolicy {
  enum class Devices : std::uint8_t { leave_out, restore } devices = Devices::leave_out;
  /// Setuid, setgid and security.capability of files: a backup that an attacker could write may hold a way to root.
  enum class SpecialBits : std::uint8_t { leave_out, of_root_only, restore } special_bits = SpecialBits::of_root_only;
  /// By name: where this machine knows the name; otherwise, and where the source has none, by number.
  enum class Owners : std::uint8_t { by_number, by_name } owners = Owners::by_number;
  /// Scratch: nothing is synced; the journal then promises nothing after a power cut.
  enum class Durability : std::uint8_t { synced, scratch } durability = Durability::synced;
  /// With a plain copy on the target's own file system, where that can do it (XFS, btrfs): nothing is copied, and what
  /// is restored takes no space, but both then hang on the same blocks of one disk.
  enum class Sharing : std::uint8_t { where_possible, never } sharing = Sharing::where_possible;
  /// Holes are not known beforehand: whoever restores sparse disk images may know that there is space.
  enum class SpaceCheck : std::uint8_t { refuse, leave_out } space_check = SpaceCheck::refuse;
};

/// A damaged file as the scan saw it.
struct SeenFile {
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;
  model::Verdict verdict = model::Verdict::encrypted;
};

/// Implemented by whoever has the case. One thread.
class SeenFiles {
 public:
  virtual ~SeenFiles() = default;
  /// nullopt: the scan did not see this path; what stands there is then not replaced.
  [[nodiscard]] virtual std::optional<SeenFile> find_seen(const std::string& path) const = 0;
  /// Files in `folder` that the newest scan of it has something against, by path: of a database also those that its
  /// copy has no file of the same name for.
  [[nodiscard]] virtual std::map<std::string, SeenFile> find_struck_below(const std::string& folder) const = 0;
};

/// What other plans of the case have put in place. One thread.
class EarlierRestores {
 public:
  virtual ~EarlierRestores() = default;
  /// "an earlier restore of this case (plan 0123456789abcdef..., begun ...)"; empty: what stands there with this inode
  /// none of them put there.
  [[nodiscard]] virtual std::string find_placed(const std::string& path, std::uint64_t inode) = 0;
};

struct RestoreRequest {
  RestoreMode mode = RestoreMode::beside;
  /// Beside: a folder that is empty, or not there and then made, or in which this plan was begun. In place: the root
  /// that the plan's paths are below ("/", or where a disk is mounted).
  std::string target;
  std::string journal_folder;               // of the case; there must be one
  std::string plan_sha256;                  // 64 hex digits: of the plan's file
  std::string plan_path;                    // in place it is kept beside the journal; empty: it is not
  std::vector<std::string> source_folders;  // where the sources lie on this machine
  const SeenFiles* seen = nullptr;          // REQUIRES: given when in place
  EarlierRestores* earlier = nullptr;       // null: nobody says who put there what stands in the way
  OtherVersions* others = nullptr;          // null: what a source has lost stays lost
  RestorePolicy policy;
  unsigned threads = 0;            // 0: one for each processor, two at least
  os::TargetGate* gate = nullptr;  // for tests
};

/// How far a restore is. Items that an earlier run did are in `known`.
struct RestoreTally {
  std::uint64_t files_total = 0;
  std::uint64_t bytes_total = 0;
  std::uint64_t files = 0;         // regular files, hard links among them
  std::uint64_t bytes = 0;         // of regular files, holes included
  std::uint64_t shared_bytes = 0;  // of this run: not copied, their blocks are the source's as well
  std::uint64_t folders = 0;
  std::uint64_t others = 0;  // links, fifos, devices
  std::uint64_t known = 0;
  std::uint64_t bytes_known = 0;
  std::uint64_t refused = 0;
  std::uint64_t incomplete = 0;
  std::uint64_t filled = 0;  // files of which other versions gave bytes that were lost; in this run or an earlier one
  std::uint64_t kept = 0;    // encrypted originals moved aside
  double seconds = 0;
};

/// How far the digests of what was put aside are.
struct DigestTally {
  std::uint64_t files = 0;
  std::uint64_t files_total = 0;
  std::uint64_t bytes = 0;
  std::uint64_t bytes_total = 0;
};

/// Implemented by the command line. Called from one thread, some times a second.
class RestoreProgress {
 public:
  virtual ~RestoreProgress() = default;
  virtual void restoring(const RestoreTally& tally) = 0;
  virtual void digesting(const DigestTally& tally) = 0;
  /// "reading folders of the sources", "unit 'postgresql /var/lib/postgresql/15/main'".
  virtual void step(const std::string& what) = 0;
  /// Asked often; true ends the restore as soon as what is under way is safe.
  [[nodiscard]] virtual bool cancelled() const = 0;
};

/// Something about one path: why it was not restored, or what could not be set on it.
struct ItemTrouble {
  std::string path;
  model::Finding finding;  // "restore.exists: ..."
};

struct IncompleteFile {
  std::string path;          // as in the plan
  std::string written_path;  // where its readable bytes are
  std::vector<model::ByteRange> lost;
};

struct RestoreOutcome {
  RestoreTally tally;
  std::vector<ItemTrouble> refused;  // not restored
  std::vector<std::string>
      left_alone;                    // of those units, by path, in whose place something stands that was not exchanged
  std::vector<ItemTrouble> remarks;  // restored, but for this; the first k_remarks_max
  std::uint64_t remarks_total = 0;
  std::vector<IncompleteFile> incomplete;
  std::vector<FilledFile> filled;  // by path; also those that are incomplete all the same
  std::string target_path;         // the request's, without links
  std::string journal_path;
  std::string loss_map_path;  // empty: nothing was lost
  bool finished = false;      // false: cancelled, the same call goes on

  /// What stands at the unit's `path` is not what this restore brings.
  [[nodiscard]] bool was_left_alone(std::string_view path) const {
    return std::find(left_alone.begin(), left_alone.end(), path) != left_alone.end();
  }
  /// The unit at `path` was left alone or did not come together: what can be done with what was restored does not go
  /// for it.
  [[nodiscard]] bool is_without(std::string_view path) const {
    return was_left_alone(path) || std::any_of(refused.begin(), refused.end(), [&](const ItemTrouble& trouble) {
             return trouble.path == path && trouble.finding.rule == "restore.unit";
           });
  }
};
inline constexpr std::size_t k_remarks_max = 100'000;

/// `sources` by index of Plan::sources. Items that cannot be restored are in the outcome and stop nothing. An Error:
/// nothing was begun (misuse, denied), or the target, the journal, the ledger or a whole source failed; what was done
/// until then is in the journal. ErrorCode::no_space: the same call goes on when there is space again.
[[nodiscard]] base::Result<RestoreOutcome> restore_plan(const Plan& plan, std::span<sources::Source* const> sources,
                                                        const RestoreRequest& request, RestoreProgress& progress,
                                                        ledger::Ledger& ledger);

}  // namespace lastgood::recovery
