// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/read_level.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace lastgood::recovery {

namespace {

constexpr std::size_t k_ahead_folders = 256;
constexpr unsigned k_readers_max = 16;
// Fewer are read here: starting threads costs more than they bring.
constexpr std::size_t k_folders_per_reader_min = 8;

base::Result<ReadFolder> read_one(sources::Source& source, std::uint32_t snapshot, const WaitingFolder& waiting,
                                  const IndexSinks& sinks) {
  ReadFolder read;
  LG_ASSIGN(read.folder, source.read_folder(waiting.subtree));
  read.entries.reserve(read.folder.entries.size());
  for (const model::TreeEntry& entry : read.folder.entries) {
    IndexedEntry indexed{.name_hash = hash_of_name(entry.name),
                         .number = static_cast<std::uint32_t>(read.entries.size())};
    if (entry.kind == model::EntryKind::folder && waiting.depth < sources::k_depth_max) {
      indexed.kind = IndexedEntry::Kind::folder;
    } else if (entry.kind == model::EntryKind::regular && entry.content.key.size() == ContentTable::k_key_bytes) {
      indexed.kind = IndexedEntry::Kind::file;
    }
    read.entries.push_back(indexed);
  }
  std::sort(read.entries.begin(), read.entries.end(),
            [](const IndexedEntry& a, const IndexedEntry& b) { return a.name_hash < b.name_hash; });
  read.units = sinks.units(snapshot, waiting.path, read.folder);
  return read;
}

/// The folders of one level between those who read them and the one who takes them.
class Shelf {
 public:
  explicit Shelf(std::size_t count) : places_(count) {}

  /// The next folder to read; nothing: there is none, or nobody wants it.
  std::optional<std::size_t> claim() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || next_ == places_.size() || next_ < taken_ + k_ahead_folders; });
    if (closed_ || next_ == places_.size()) return std::nullopt;
    return next_++;
  }
  void put(std::size_t place, base::Result<ReadFolder> read) {
    {
      const std::lock_guard lock(mutex_);
      places_[place].emplace(std::move(read));
    }
    changed_.notify_all();
  }
  base::Result<ReadFolder> take() {
    std::unique_lock lock(mutex_);
    std::optional<base::Result<ReadFolder>>& place = places_[taken_];
    changed_.wait(lock, [&] { return place.has_value(); });
    base::Result<ReadFolder> read = std::move(*place);
    place.reset();
    ++taken_;
    lock.unlock();
    changed_.notify_all();
    return read;
  }
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::optional<base::Result<ReadFolder>>> places_;
  std::size_t next_ = 0;
  std::size_t taken_ = 0;
  bool closed_ = false;
};

}  // namespace

std::uint64_t hash_of_name(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  hash ^= hash >> 32;
  return hash * 0x9e3779b97f4a7c15;
}

void read_level(sources::Source& source, std::uint32_t snapshot, std::span<const WaitingFolder> level,
                const IndexSinks& sinks,
                const std::function<bool(const WaitingFolder& waiting, base::Result<ReadFolder> read)>& take) {
  const unsigned readers =
      std::min({static_cast<unsigned>(std::min<std::size_t>(level.size() / k_folders_per_reader_min, k_readers_max)),
                source.traits().readers_max});
  if (readers < 2) {
    for (const WaitingFolder& waiting : level) {
      if (!take(waiting, read_one(source, snapshot, waiting, sinks))) return;
    }
    return;
  }
  Shelf shelf(level.size());
  const auto work = [&] {
    while (const std::optional<std::size_t> place = shelf.claim())
      shelf.put(*place, read_one(source, snapshot, level[*place], sinks));
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < readers; ++i) threads.emplace_back(work);
  for (const WaitingFolder& waiting : level) {
    if (!take(waiting, shelf.take())) break;
  }
  shelf.close();
}

}  // namespace lastgood::recovery
