// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the checks of all kinds share: the unit's files, and the report as it grows. Private to engines/.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engines/unit.h"

namespace lastgood::engines {

/// Where files of a unit lie: its folder, or one that a link leads to.
struct Place {
  const UnitView* view = nullptr;
  std::string folder;  // in the view
  std::string shown;   // put before paths in findings and members

  [[nodiscard]] std::string in_view(std::string_view path) const;
  [[nodiscard]] std::string show(std::string_view path) const;
};

/// A file or link below a place; `path` is relative to it.
struct Member {
  std::string path;
  model::EntryKind kind = model::EntryKind::regular;
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;
  std::string link_target;
};

/// One check of one unit. One thread.
class UnitCheck {
 public:
  static constexpr std::size_t k_findings_max = 256;
  static constexpr std::size_t k_members_max = 4'000'000;
  static constexpr std::size_t k_depth_max = 64;

  UnitCheck(const UnitView& view, std::string path, model::Depth depth);

  [[nodiscard]] model::Depth depth() const { return depth_; }
  [[nodiscard]] const Place& home() const { return home_; }
  /// From now on the unit is looked at through `view`, which shows it at the same path.
  void look_through(std::unique_ptr<UnitView> view);
  /// What belongs to the unit and lies elsewhere.
  void note_outside(OutsidePlace place) { report_.outside.push_back(std::move(place)); }

  /// All regular files and links below `place`, sorted, and noted as the unit's. A folder that cannot be listed is
  /// noted as unread.
  std::vector<Member> take_members(const Place& place);
  /// The folder that a link of the unit leads to, noted as an outside place whether it can be seen or not.
  std::optional<Place> take_outside(std::string_view target, std::string why, std::string shown);
  void note_member(std::string shown) { report_.members.push_back(std::move(shown)); }

  /// Nothing when it cannot be opened, which is noted as unread (`missing` says so without a note).
  std::unique_ptr<base::ByteSource> open(const Place& place, std::string_view path);
  /// A whole small file. Nothing: it is not there, is larger than `bytes_max` or cannot be read (noted as unread).
  std::optional<std::vector<std::uint8_t>> read_small(const Place& place, std::string_view path,
                                                      std::uint64_t bytes_max);
  /// Reads up to `into.size()` bytes; fewer at the end and after trouble, which is noted as unread.
  std::size_t read(base::ByteSource& source, std::string_view shown, std::uint64_t offset,
                   std::span<std::uint8_t> into);

  // What was found. `path` is as shown.
  void holds(std::string_view path, std::string_view rule, std::string sentence);
  void remarks(std::string_view path, std::string_view rule, std::string sentence, model::ByteRange range = {});
  /// Each makes the verdict it is named for, unless a graver one stands.
  void damaged(std::string_view path, std::string_view rule, std::string sentence, model::ByteRange range = {});
  void torn(std::string_view path, std::string_view rule, std::string sentence, model::ByteRange range = {});
  void encrypted(std::string_view path, std::string_view rule, std::string sentence, model::ByteRange range = {});
  void unread(std::string_view path, std::string_view rule, std::string sentence);
  void needs_log(std::string_view path, std::string_view rule, std::string sentence);
  void needs_recovery(std::string_view rule, std::string sentence);
  void rebuild(std::string_view rule, std::string sentence);
  /// The verdict, if it is a good one, is no firmer than this; why, is said in a finding.
  void at_most(model::Certainty certainty, std::string_view rule, std::string sentence);

  void set_engine(std::string engine) { report_.engine = std::move(engine); }
  [[nodiscard]] const std::string& engine() const { return report_.engine; }
  void note_commit(std::int64_t time_ns);
  /// Nothing was committed between the last commit and this, and nobody may know when that was.
  void note_checkpoint(std::int64_t time_ns);
  [[nodiscard]] std::int64_t data_as_of_ns() const { return report_.data_as_of_ns; }
  /// True when nothing bad was found so far.
  [[nodiscard]] bool is_good() const { return worst_ == Worst::nothing; }

  UnitReport finish();

 private:
  // Gravest last.
  enum class Worst : std::uint8_t { nothing, needs_log, unread, damaged, torn, encrypted };
  void add(std::string_view path, std::string_view rule, std::string sentence, model::Weight weight,
           model::ByteRange range);
  void worsen(Worst worst) { worst_ = worst > worst_ ? worst : worst_; }

  model::Depth depth_;
  Place home_;
  UnitReport report_;
  std::vector<std::unique_ptr<UnitView>> outside_views_;
  Worst worst_ = Worst::nothing;
  bool needs_recovery_ = false;
  bool is_rebuild_ = false;
  model::Certainty certainty_ = model::Certainty::proven;
};

/// Whether bytes that should be something else may be ciphertext: every value about equally often. For 512 bytes and
/// more; compressed data can look so too.
[[nodiscard]] bool looks_random(base::ByteView bytes);
/// Of a file that has no checks of its own: its first and last 4 KiB and some between look random. False for files
/// under 512 bytes.
[[nodiscard]] bool looks_random(UnitCheck& check, base::ByteSource& source, std::string_view shown);

[[nodiscard]] bool is_zero(base::ByteView bytes);

}  // namespace lastgood::engines
