// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One file: what its columns hold, then whose its rows are. It is read twice: only all values of a column tell what the
// column holds, and the keys of its rows follow from that. Keeping the keys of every column that might be one until
// then would need more disk than the file itself; files without persons are read once.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "exposure/shared_count.h"
#include "os/evidence.h"
#include "persons/person_key.h"

namespace lastgood::exposure {

/// What holds for all files of one count.
struct FileRules {
  persons::PersonSecret secret{};
  std::set<std::string, std::less<>> same_numbers;  // folded names of columns that hold one numbering
  std::function<bool()> cancelled;
  std::function<void(std::uint64_t bytes)> read_on;  // bytes that were read for the first time
};

/// `path`: absolute. What cannot be read is a listed file, never an error of the count.
void read_file(os::EvidenceFile& file, const std::string& path, const FileBases& bases, const FileRules& rules,
               SharedCount& count);

}  // namespace lastgood::exposure
