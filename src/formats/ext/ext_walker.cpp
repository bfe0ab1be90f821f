// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Image of one volume, from its first byte: see volumes/ext_volume.cpp for the grammar.
#include "formats/ext/ext_walker.h"

#include "formats/volumes/volume.h"

namespace lastgood::formats {

namespace {

Likeness recognise(const Edges& edges) { return opens_ext(edges.head) ? Likeness::strong : Likeness::none; }

WalkReport walk(WalkInput& input) { return walk_whole_volume(input, walk_ext); }

}  // namespace

const Format k_ext_format = {.id = "ext",
                             .title = "ext2, ext3 or ext4 file system",
                             .family = Family::disk,
                             .claims = {},
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
