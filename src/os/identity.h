// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Who runs this program, and where: for the ledger and for messages about locks.
#pragma once

#include <string>

namespace lastgood::os {

struct Identity {
  std::string host;   // the machine's own name
  std::string user;   // the effective account
  std::string login;  // the account that logged in, kept by the kernel through su and sudo; empty: none, or not kept
};

/// Accounts that /etc/passwd does not name are written "uid 1234": a directory server may be among what was hit, and
/// asking it could hang.
Identity current_identity();

/// The machine's own name; "localhost" when it has none.
std::string host_name();

/// This process.
long process_id();

}  // namespace lastgood::os
