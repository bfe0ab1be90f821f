// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the fields of a GNOME keyring tile it to its last byte.
#include "formats/gnome_keyring/gnome_keyring_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(GnomeKeyring, k_gnome_keyring_format, "gnome_keyring", {});

}  // namespace lastgood::formats
