// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that every block of a server-side encrypted file must end with its initialisation vector.
#include "formats/nextcloud/nextcloud_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Nextcloud, k_nextcloud_format, "nextcloud", {});

}  // namespace lastgood::formats
