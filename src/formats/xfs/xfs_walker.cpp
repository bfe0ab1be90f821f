// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Image of one volume, from its first byte: see volumes/xfs_volume.cpp for the grammar.
#include "formats/xfs/xfs_walker.h"

#include "formats/volumes/volume.h"

namespace lastgood::formats {

namespace {

Likeness recognise(const Edges& edges) { return opens_xfs(edges.head) ? Likeness::strong : Likeness::none; }

WalkReport walk(WalkInput& input) { return walk_whole_volume(input, walk_xfs); }

}  // namespace

const Format k_xfs_format = {.id = "xfs",
                             .title = "XFS file system",
                             .family = Family::disk,
                             .claims = {},
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
