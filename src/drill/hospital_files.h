// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Step one of a drill: the files of an invented five-server hospital, made by make_hospital.py below the drill's
// folder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/checksum.h"
#include "base/result.h"
#include "os/made_folder.h"

namespace lastgood::drill {

/// Folder of the hospital before the attack, below the drill's folder.
inline constexpr std::string_view k_before = "before";

struct HospitalFile {
  std::string path;  // below k_before
  std::string kind;  // "docx", "tar_gz", ...: a row of make_hospital.py
  std::uint64_t size_bytes = 0;
  base::Sha256Digest sha256{};
  bool is_protected = false;  // encrypted by its owner's tool
};

struct Hospital {
  std::vector<HospitalFile> files;    // by path
  std::vector<std::string> left_out;  // kinds that could not be made, with the reason
};

struct HospitalOptions {
  std::string maker;  // path of make_hospital.py
  std::uint64_t seed = 1;
  unsigned files = 2000;
};

/// Makes the files and takes each into `folder`. An error when a file on the list is not what the maker reported.
base::Result<Hospital> make_hospital(os::MadeFolder& folder, const HospitalOptions& options);

/// Reads the maker's list; wrong lists are ErrorCode::damaged_container.
base::Result<Hospital> parse_made_list(std::string_view text);

}  // namespace lastgood::drill
