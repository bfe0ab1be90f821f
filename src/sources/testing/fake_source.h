// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// FakeSource: a Source in memory. A test names snapshots, puts entries into them by path, chooses how contents are cut
// into pieces and which pieces are lost.
//
//   FakeSource source;
//   source.add_snapshot("s1", 1'000);
//   source.put_file("s1", "/srv/a.txt", "hello");
//   source.entry("s1", "/srv/a.txt").mode = 0640;
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/checksum.h"
#include "sources/source.h"

namespace lastgood::sources::testing {

/// Filled by one thread, then read by any.
class FakeSource final : public Source {
 public:
  using Pieces = SourceTraits::Pieces;
  /// Named by digest: pieces prove bytes, also those that are lost. From the beginning they are as they lie.
  void set_pieces(Pieces pieces) { traits_.pieces = pieces; }

  /// Contents put later are cut into pieces of this size.
  std::size_t piece_bytes = 64 * 1024;

  void add_snapshot(const std::string& id, std::int64_t time_ns) {
    model::Snapshot snapshot;
    snapshot.id = id;
    snapshot.time_ns = time_ns;
    snapshot.root = id + ":/";
    folders_[snapshot.root];
    snapshots_.push_back(std::move(snapshot));
  }

  /// Adds an entry with the folders above it (mode 0755). Gives it back for more to be set.
  model::TreeEntry& put(const std::string& snapshot, const std::string& path, model::EntryKind kind,
                        std::uint32_t mode = 0755) {
    const std::size_t slash = path.rfind('/');
    const std::string above = slash == 0 ? "/" : path.substr(0, slash);
    if (above != "/" && find(snapshot, above) == nullptr) put(snapshot, above, model::EntryKind::folder);
    model::TreeEntry entry;
    entry.name = path.substr(slash + 1);
    entry.kind = kind;
    entry.mode = mode;
    entry.mtime_ns = 1'600'000'000'123'456'789;
    if (kind == model::EntryKind::folder) {
      entry.subtree = snapshot + ":" + path;
      folders_[entry.subtree];
    }
    auto& entries = folders_[snapshot + ":" + above];
    return entries.insert_or_assign(entry.name, std::move(entry)).first->second;
  }

  model::TreeEntry& put_file(const std::string& snapshot, const std::string& path, std::string bytes,
                             std::uint32_t mode = 0644) {
    model::TreeEntry& entry = put(snapshot, path, model::EntryKind::regular, mode);
    const base::Sha256Digest digest = base::sha256(base::ByteView(std::string_view(bytes)));
    entry.content.key = std::string(digest.begin(), digest.end());
    entry.content.size_bytes = bytes.size();
    entry.content.handle = std::to_string(contents_.size());
    contents_.push_back({std::move(bytes), piece_bytes, {}});
    return entry;
  }

  model::TreeEntry& put_link(const std::string& snapshot, const std::string& path, std::string target) {
    model::TreeEntry& entry = put(snapshot, path, model::EntryKind::link, 0777);
    entry.link_target = std::move(target);
    return entry;
  }

  /// REQUIRES: it was put.
  model::TreeEntry& entry(const std::string& snapshot, const std::string& path) { return *find(snapshot, path); }

  /// Folders with the same subtree are the same folder; tests say so by setting the subtrees of entries.
  void name_folders_by_content() { traits_.subtree_ids = SourceTraits::SubtreeIds::named_by_content; }

  /// Reading this piece gives ErrorCode::damaged_source.
  void lose_piece(const std::string& snapshot, const std::string& path, std::size_t piece) {
    contents_[std::stoul(entry(snapshot, path).content.handle)].lost.insert(piece);
  }

  /// From the n-th piece read on (0: the first), every read fails as when the disk of a backup is pulled out.
  void vanish_after(std::uint64_t pieces) { vanish_after_ = pieces; }
  [[nodiscard]] std::uint64_t pieces_read() const { return pieces_read_; }
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }

  [[nodiscard]] const SourceTraits& traits() const override { return traits_; }
  [[nodiscard]] base::Result<std::vector<model::Snapshot>> snapshots() override { return snapshots_; }
  [[nodiscard]] base::Result<Folder> read_folder(std::string_view subtree) override {
    const auto found = folders_.find(subtree);
    if (found == folders_.end()) return gone("cannot read folder '" + std::string(subtree) + "': it is lost");
    Folder out;
    for (const auto& [name, entry] : found->second) out.entries.push_back(entry);
    return out;
  }
  [[nodiscard]] base::Result<std::unique_ptr<Content>> open_content(const model::ContentRef& content) override {
    return std::unique_ptr<Content>(
        std::make_unique<FakeContent>(*this, contents_[std::stoul(content.handle)], content.size_bytes));
  }
  [[nodiscard]] std::uint64_t position_of(const model::ContentRef& content) const override {
    return std::stoul(content.handle) * 1'000'000;
  }
  [[nodiscard]] std::vector<model::Finding> findings() const override { return {}; }

 private:
  struct Bytes {
    std::string bytes;
    std::size_t piece_bytes = 0;
    std::set<std::size_t> lost;
  };

  class FakeContent final : public Content {
   public:
    FakeContent(FakeSource& source, const Bytes& bytes, std::uint64_t size_bytes)
        : source_(source), bytes_(bytes), size_bytes_(size_bytes) {}
    [[nodiscard]] std::uint64_t size_bytes() const override { return size_bytes_; }
    [[nodiscard]] std::size_t piece_count() const override {
      return (bytes_.bytes.size() + bytes_.piece_bytes - 1) / bytes_.piece_bytes;
    }
    [[nodiscard]] Piece piece(std::size_t index) const override {
      const std::size_t from = index * bytes_.piece_bytes;
      return {from, static_cast<std::uint32_t>(std::min(bytes_.piece_bytes, bytes_.bytes.size() - from))};
    }
    [[nodiscard]] base::Status read_piece(std::size_t index, std::vector<std::uint8_t>& into) override {
      if (source_.pieces_read_++ >= source_.vanish_after_) {
        base::Error error;
        error.code = base::ErrorCode::io;
        error.what = "cannot read the fake source: it is gone";
        return error;
      }
      if (bytes_.lost.contains(index)) return gone("piece " + std::to_string(index) + " is lost");
      const Piece which = piece(index);
      into.resize(which.length_bytes);
      std::memcpy(into.data(), bytes_.bytes.data() + which.offset_bytes, which.length_bytes);
      source_.bytes_read_ += which.length_bytes;
      return base::Done{};
    }

    [[nodiscard]] Proof prove_piece(std::size_t index, base::ByteView bytes) override {
      if (source_.traits_.pieces != Pieces::named_by_digest) return Proof::none;
      const Piece which = piece(index);
      const std::string_view own = std::string_view(bytes_.bytes).substr(which.offset_bytes, which.length_bytes);
      return bytes.text() == own ? Proof::same : Proof::other;
    }

   private:
    FakeSource& source_;
    const Bytes& bytes_;
    std::uint64_t size_bytes_;
  };

  static base::Error gone(std::string what) {
    base::Error error;
    error.code = base::ErrorCode::damaged_source;
    error.what = std::move(what);
    return error;
  }

  model::TreeEntry* find(const std::string& snapshot, const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const auto folder = folders_.find(snapshot + ":" + (slash == 0 ? "/" : path.substr(0, slash)));
    if (folder == folders_.end()) return nullptr;
    const auto found = folder->second.find(path.substr(slash + 1));
    return found == folder->second.end() ? nullptr : &found->second;
  }

  SourceTraits traits_;
  std::vector<model::Snapshot> snapshots_;
  std::map<std::string, std::map<std::string, model::TreeEntry>, std::less<>> folders_;
  std::vector<Bytes> contents_;
  std::uint64_t vanish_after_ = UINT64_MAX;
  std::atomic<std::uint64_t> pieces_read_{0};
  std::atomic<std::uint64_t> bytes_read_{0};
};

}  // namespace lastgood::sources::testing
