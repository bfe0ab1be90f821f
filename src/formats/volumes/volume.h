// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// File systems as they lie in a disk image: from its first byte, or in a partition.
//
// What files hold is not looked at here; the frame of the file system is: superblock and its copies, tables that lie
// all through the volume, and their checksums. That is what tells an image with encrypted stretches from a whole one.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "formats/walk_input.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

struct VolumePlace {
  std::uint64_t from_bytes = 0;
  std::uint64_t length_bytes = 0;  // of the partition, or to the end of the content
};

/// What was found. Contradictions go to the report.
struct VolumeFrame {
  std::string_view kind;           // "ext4", "ntfs"; empty: not this file system
  std::uint64_t length_bytes = 0;  // by the file system's own account
  std::uint64_t checked = 0;       // structures that fit
  bool is_every_one = false;       // none was left out
};

/// By the first bytes of the volume alone (64 KiB are enough): is it worth a walk?
bool opens_ext(base::ByteView head);
bool opens_xfs(base::ByteView head);
bool opens_ntfs(base::ByteView head);
bool opens_fat(base::ByteView head);

VolumeFrame walk_ext(WalkInput& input, WalkReport& report, const VolumePlace& place);
VolumeFrame walk_xfs(WalkInput& input, WalkReport& report, const VolumePlace& place);
VolumeFrame walk_ntfs(WalkInput& input, WalkReport& report, const VolumePlace& place);
VolumeFrame walk_fat(WalkInput& input, WalkReport& report, const VolumePlace& place);

/// The one of them that opens here; `kind` is empty when none does.
VolumeFrame walk_volume(WalkInput& input, WalkReport& report, const VolumePlace& place);

/// A walk of a content that is one volume from its first byte.
WalkReport walk_whole_volume(WalkInput& input, VolumeFrame (*walk)(WalkInput&, WalkReport&, const VolumePlace&));

/// How many structures of a kind to look at.
std::uint64_t volume_samples_max(const WalkInput& input);

/// [from, from + length) as a range inside the content.
model::ByteRange volume_range(const WalkInput& input, std::uint64_t from, std::uint64_t length);

}  // namespace lastgood::formats
