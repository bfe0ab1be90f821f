// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Image of one volume, from its first byte: see volumes/ntfs_volume.cpp for the grammar.
#include "formats/ntfs/ntfs_walker.h"

#include "formats/volumes/volume.h"

namespace lastgood::formats {

namespace {

Likeness recognise(const Edges& edges) { return opens_ntfs(edges.head) ? Likeness::strong : Likeness::none; }

WalkReport walk(WalkInput& input) { return walk_whole_volume(input, walk_ntfs); }

}  // namespace

const Format k_ntfs_format = {.id = "ntfs",
                              .title = "NTFS file system",
                              .family = Family::disk,
                              .claims = {},
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
