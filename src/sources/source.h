// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Source: what can be read (a backup repository, a snapshot folder, a tar), behind a few verbs. One implementation per
// folder of sources/; every one passes testing/source_suite.h. Opened by open_source.h.
//
// Nothing is ever written to a source: no lock, no cache, no access time. Everything in it may come from an attacker:
// counts, sizes and depths are limited before use, names are checked, bytes are hashed again against the name they are
// stored under. What is broken in it is a Finding or, where bytes are asked for, an Error of
// ErrorCode::damaged_source; the rest stays readable.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_view.h"
#include "base/result.h"
#include "model/snapshot.h"
#include "model/tree_entry.h"
#include "os/evidence.h"

namespace lastgood::sources {

/// The entries of one folder of one snapshot.
struct Folder {
  std::vector<model::TreeEntry>
      entries;                           // by name as bytes; each name once (the first stays, a finding names the rest)
  std::vector<model::Finding> findings;  // names refused, entries lost: "restic.tree.name: ..."
};

/// A content, opened. Pieces lie one after another from byte 0 to the content's size, in the sizes they are stored in
/// (never larger than k_piece_bytes_max). Any thread, several at once.
class Content {
 public:
  virtual ~Content() = default;
  Content() = default;
  Content(const Content&) = delete;
  Content& operator=(const Content&) = delete;

  struct Piece {
    std::uint64_t offset_bytes = 0;
    std::uint32_t length_bytes = 0;
  };
  [[nodiscard]] virtual std::uint64_t size_bytes() const = 0;
  [[nodiscard]] virtual std::size_t piece_count() const = 0;
  /// REQUIRES: index < piece_count().
  [[nodiscard]] virtual Piece piece(std::size_t index) const = 0;
  /// Puts the piece's bytes into `into` (resized), checked against the digest it is stored under. Every copy the source
  /// has is tried. ErrorCode::damaged_source: this piece is lost, others may be fine.
  [[nodiscard]] virtual base::Status read_piece(std::size_t index, std::vector<std::uint8_t>& into) = 0;

  /// Offset of the next byte at or after `offset_bytes` that may be other than zero; the size when only a hole follows.
  [[nodiscard]] virtual std::uint64_t next_data(std::uint64_t offset_bytes) { return offset_bytes; }

  /// The file on this machine that holds these bytes and nothing else, for sharing its blocks; nullptr: none does. It
  /// lives as long as the content. Whoever shares it looks afterwards whether it is still what it was.
  [[nodiscard]] virtual const os::EvidenceFile* own_file() const { return nullptr; }

  enum class Proof : std::uint8_t { same, other, none };
  /// Whether `bytes`, from wherever they come, are this piece, by the digest it is stored under; also where the piece
  /// itself is lost. None: the source has no digest of it. Never `same` by chance. REQUIRES: index < piece_count().
  [[nodiscard]] virtual Proof prove_piece(std::size_t /*index*/, base::ByteView /*bytes*/) { return Proof::none; }
};

/// Larger pieces than this are refused as damage: restic's and borg's chunks end at 8 MiB, borg's objects at 20 MiB.
inline constexpr std::uint32_t k_piece_bytes_max = 32U << 20;
/// A folder with more entries than this is damage or an attack on memory.
inline constexpr std::size_t k_folder_entries_max = 20'000'000;
/// Folders nested deeper than this are refused.
inline constexpr std::size_t k_depth_max = 4096;

/// What the source is like to work with.
struct SourceTraits {
  unsigned readers_max = 256;  // more threads than this bring nothing (a compressed tar: 1)
  /// Equal subtree ids mean equal folders, also across snapshots.
  enum class SubtreeIds : std::uint8_t { named_by_content, named_by_place } subtree_ids = SubtreeIds::named_by_content;
  /// Whether every piece that is read was compared with a digest that the store has of it (restic, borg).
  enum class Pieces : std::uint8_t { named_by_digest, as_they_lie } pieces = Pieces::as_they_lie;
  std::string format;  // "restic v2", "borg 1 repokey-blake2", "tar.zst", "folder"
};

class Source {
 public:
  virtual ~Source() = default;
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  [[nodiscard]] virtual const SourceTraits& traits() const = 0;

  /// Oldest first by time, then id. Those that can only be read in part are among them, with findings.
  /// One thread, before the other verbs.
  [[nodiscard]] virtual base::Result<std::vector<model::Snapshot>> snapshots() = 0;

  /// `subtree` from a Snapshot's root or a TreeEntry. Any thread. Paths are never followed through links.
  [[nodiscard]] virtual base::Result<Folder> read_folder(std::string_view subtree) = 0;

  /// Any thread. The content lives at most as long as the source.
  [[nodiscard]] virtual base::Result<std::unique_ptr<Content>> open_content(const model::ContentRef& content) = 0;

  /// Where the folder `subtree` lies on this machine with the very files that read_folder names, to be looked at there
  /// and never written; nothing: it is packed. Any thread.
  [[nodiscard]] virtual std::optional<std::string> find_on_this_machine(std::string_view /*subtree*/) {
    return std::nullopt;
  }

  /// Where the content's first byte lies in the store. Whoever reads many contents reads them in this order: each pack
  /// is then read once, from front to end.
  [[nodiscard]] virtual std::uint64_t position_of(const model::ContentRef& content) const = 0;

  /// Oddities of the source as a whole, known so far: missing indexes, packs gone, keys that do not open.
  [[nodiscard]] virtual std::vector<model::Finding> findings() const = 0;
};

}  // namespace lastgood::sources
