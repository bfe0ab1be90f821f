// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The manifest (which archives there are) and the head of an archive, both MessagePack maps (borg documentation, "Data
// structures and file formats", sections "Manifest" and "Archives").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_view.h"
#include "base/result.h"
#include "sources/borg/object_codec.h"

namespace lastgood::sources::borg {

/// Where a map says itself that it is genuine. `mac_offset` 0: it does not say.
struct TamTag {
  bool present = false;
  std::string type;
  std::string salt;
  std::size_t mac_offset = 0;
};

struct ManifestArchive {
  std::string name;
  ObjectId id{};
  std::int64_t time_ns = 0;
};

struct Manifest {
  std::int64_t time_ns = 0;  // when it was written, as its writer says
  std::vector<ManifestArchive> archives;
  std::vector<std::string> features;  // that a reader must know; none is known
  TamTag tam;
};

struct ArchiveHead {
  std::string name;
  std::string host;
  std::string user;
  std::string comment;
  std::int64_t time_ns = 0;
  std::vector<std::string> command;
  std::vector<ObjectId> items;
  TamTag tam;
};

inline constexpr std::uint32_t k_archives_max = 400'000;  // borg's own limit

/// ErrorCode::damaged_source for bytes that are none, ErrorCode::unsupported for later versions.
[[nodiscard]] base::Result<Manifest> parse_manifest(base::ByteView bytes);
[[nodiscard]] base::Result<ArchiveHead> parse_archive_head(base::ByteView bytes);

[[nodiscard]] Tam check_tam(const ObjectCodec& codec, base::ByteView message, const TamTag& tag,
                            std::string_view context);

/// "2022-11-23T07:07:00.123456", UTC; nothing when it is no such text or no such day.
[[nodiscard]] std::optional<std::int64_t> parse_borg_time(std::string_view text);

}  // namespace lastgood::sources::borg
