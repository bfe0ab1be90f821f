// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What is in one archive: its members and the tree that extracting it in order would leave. Names are tamed before they
// come here. Plain values.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "model/tree_entry.h"
#include "sources/tar/sparse_map.h"

namespace lastgood::sources::tar {

/// What few members have; kept apart so that a million plain ones stay small.
struct MemberExtras {
  std::vector<model::Attribute> attributes;
  std::string acl_access;
  std::string acl_default;
  std::vector<SparsePart> parts;           // of a sparse file, checked
  std::vector<std::uint64_t> part_starts;  // where each part's bytes begin among the stored ones
  bool is_sparse = false;
  std::uint32_t flags = 0;
  std::vector<model::Finding> findings;
};

struct Member {
  model::EntryKind kind = model::EntryKind::regular;
  std::uint32_t mode = 0;
  std::uint32_t user_id = 0;
  std::uint32_t group_id = 0;
  const std::string* user = nullptr;  // in TarIndex::texts
  const std::string* group = nullptr;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint64_t device_number = 0;
  std::uint64_t data_offset = 0;   // of the stored bytes, in the unpacked archive
  std::uint64_t stored_bytes = 0;  // as the header says
  std::uint64_t held_bytes = 0;    // that are there; fewer when the archive is cut
  std::uint64_t size_bytes = 0;    // of the file
  std::uint32_t names = 0;         // in the tree
  std::string link_target;
  std::unique_ptr<MemberExtras> extras;
};

/// Findings of one rule are told once, with their number: an archive has a million members.
class FindingTally {
 public:
  void add(std::string_view rule, std::string sentence);
  [[nodiscard]] std::vector<model::Finding> findings() const;

 private:
  struct Told {
    std::string first;
    std::uint64_t count = 0;
  };
  std::map<std::string, Told, std::less<>> told_;
};

class TarIndex {
 public:
  static constexpr std::uint32_t k_none = UINT32_MAX;
  /// Beyond this much memory, roughly, the index stops growing.
  static constexpr std::uint64_t k_memory_bytes_max = 4ULL << 30;

  using Children = std::map<std::string, std::uint32_t, std::less<>>;
  struct Node {
    std::uint32_t member = k_none;       // none: a folder that is only part of names
    std::unique_ptr<Children> children;  // of folders
  };

  TarIndex();

  /// False when the index is full; nothing was added then. `path` is tamed: parts between single '/', none of them "."
  /// or "..", not empty.
  [[nodiscard]] bool add(const std::string& path, Member member);
  /// Another name of what `target` (tamed) is now. False when the index is full.
  [[nodiscard]] bool add_link(const std::string& path, const std::string& target);

  /// The folder at `path` ("" is the top), null when there is none.
  [[nodiscard]] const Children* find_folder(std::string_view path) const;
  [[nodiscard]] const Node& node(std::uint32_t number) const { return nodes_[number]; }
  [[nodiscard]] const Member& member(std::uint32_t number) const { return members_[number]; }
  [[nodiscard]] std::size_t member_count() const { return members_.size(); }

  /// The same text kept once.
  const std::string* intern(const std::string& text);

  FindingTally& tally() { return tally_; }
  [[nodiscard]] const FindingTally& tally() const { return tally_; }
  [[nodiscard]] std::int64_t newest_mtime_ns() const { return newest_mtime_ns_; }

  std::map<std::string, std::uint32_t, std::less<>> user_ids;  // as members say, for ACLs that say names only
  std::map<std::string, std::uint32_t, std::less<>> group_ids;

 private:
  enum class Missing : std::uint8_t { make, refuse };
  [[nodiscard]] std::uint32_t find_parent(std::string_view path, Missing missing);
  [[nodiscard]] std::optional<std::uint32_t> find_node(std::string_view path);
  [[nodiscard]] bool place(const std::string& path, std::uint32_t member);
  [[nodiscard]] std::uint32_t add_node(Children& children, std::string_view name);
  void release(std::uint32_t member);

  std::vector<Node> nodes_;  // the top is the first
  std::vector<Member> members_;
  std::set<std::string> texts_;
  FindingTally tally_;
  std::uint64_t memory_bytes_ = 0;
  std::int64_t newest_mtime_ns_ = INT64_MIN;
};

}  // namespace lastgood::sources::tar
