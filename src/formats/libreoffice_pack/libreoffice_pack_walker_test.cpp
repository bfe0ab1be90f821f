// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that settings backups are held to their sizes and checksums, so that nobody takes them for broken git packs.
#include "formats/libreoffice_pack/libreoffice_pack_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(LibreofficePack, k_libreoffice_pack_format, "libreoffice_pack",
                      {.notices_footer = "the sizes then no longer make up the content, and it is foreign"});

}  // namespace lastgood::formats
