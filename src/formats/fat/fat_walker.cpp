// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Image of one volume, from its first byte: see volumes/fat_volume.cpp for the grammar.
#include "formats/fat/fat_walker.h"

#include "formats/volumes/volume.h"

namespace lastgood::formats {

namespace {

Likeness recognise(const Edges& edges) { return opens_fat(edges.head) ? Likeness::strong : Likeness::none; }

WalkReport walk(WalkInput& input) { return walk_whole_volume(input, walk_fat); }

}  // namespace

const Format k_fat_format = {.id = "fat",
                             .title = "FAT or exFAT file system",
                             .family = Family::disk,
                             .claims = {},
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
