// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// From an object's name to its bytes: position, file, envelope, and a second look when the first copy is broken.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/result.h"
#include "sources/borg/load_objects.h"
#include "sources/borg/object_codec.h"

namespace lastgood::sources::borg {

/// Any thread, several at once: each uses a workspace of its own with its ciphers, open files and bytes read ahead.
class ObjectReader {
 public:
  /// `store` and `table` must outlive the reader.
  ObjectReader(const SegmentStore& store, const ObjectTable& table, KeyKind kind, RepoKey key);
  ~ObjectReader();
  ObjectReader(const ObjectReader&) = delete;
  ObjectReader& operator=(const ObjectReader&) = delete;

  /// The plain bytes, proved by their name. Every copy in the log is tried; the log is scanned for copies when the
  /// first broken or missing object is met. ErrorCode::damaged_source: none is whole.
  [[nodiscard]] base::Status read(const ObjectId& id, std::optional<std::uint32_t> expected_bytes,
                                  std::vector<std::uint8_t>& out);
  /// The name that an object of these plain bytes has in this repository.
  [[nodiscard]] ObjectId name_of(base::ByteView plain);
  /// The manifest that stands there, proved by its MAC and the entry's CRC.
  [[nodiscard]] base::Status read_manifest(std::uint32_t segment, std::uint32_t offset_bytes,
                                           std::vector<std::uint8_t>& out);
  /// Stored size of the object at a place; 0 when there is none.
  [[nodiscard]] std::uint32_t stored_bytes(const ObjectPlace& place);

  [[nodiscard]] const ObjectTable& table() const { return table_; }

 private:
  struct Workspace;
  struct Slot {
    std::mutex mutex;
    std::unique_ptr<Workspace> workspace;
  };
  class Held;
  [[nodiscard]] Held hold();
  [[nodiscard]] base::Result<base::ByteView> entry_at(Workspace& work, const ObjectPlace& place,
                                                      std::optional<std::uint32_t> expected_bytes);
  [[nodiscard]] std::optional<std::string> try_copy(Workspace& work, const ObjectPlace& place,
                                                    std::optional<std::uint32_t> expected_bytes,
                                                    std::vector<std::uint8_t>& out);
  [[nodiscard]] const ObjectTable& all_copies();

  const SegmentStore& store_;
  const ObjectTable& table_;
  KeyKind kind_;
  RepoKey key_;
  std::array<Slot, 64> slots_;
  std::once_flag scanned_;
  ObjectTable logged_;
};

/// For reading single entries while a repository is opened: the object's value, after its CRC and key were checked.
[[nodiscard]] base::Result<std::vector<std::uint8_t>> read_entry(const SegmentStore& store, const ObjectPlace& place);

}  // namespace lastgood::sources::borg
