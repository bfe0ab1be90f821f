// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a vault is followed digit by digit to whole cipher blocks.
#include "formats/ansible_vault/ansible_vault_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(AnsibleVault, k_ansible_vault_format, "ansible_vault", {});

}  // namespace lastgood::formats
