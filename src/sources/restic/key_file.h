// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Key files and master keys as text (design.rst, "Keys, Encryption and MAC"). No I/O.
#pragma once

#include <string>
#include <vector>

#include "base/byte_view.h"
#include "base/result.h"
#include "sources/restic/crypto.h"

namespace lastgood::sources::restic {

/// keys/ID: a master key, sealed with what a password and a salt make.
struct KeyFile {
  ScryptCosts costs;
  std::string salt;    // 64 bytes
  std::string sealed;  // the container around the master key's JSON
  std::string user;    // who made it, "root@ward1"; may be empty
};

inline constexpr std::size_t k_key_file_bytes_max = std::size_t{1} << 16;

/// ErrorCode::damaged_source with a sentence on what is wrong; ErrorCode::unsupported for another key derivation;
/// ErrorCode::limit_reached for costs beyond what a machine should pay for a stranger's file.
[[nodiscard]] base::Result<KeyFile> parse_key_file(base::ByteView text);

/// {"mac":{"k":...,"r":...},"encrypt":...}: what a key file seals, and what `restic cat masterkey` prints.
/// ErrorCode::damaged_source when it is none.
[[nodiscard]] base::Result<MasterKey> parse_master_key(base::ByteView text);

}  // namespace lastgood::sources::restic
