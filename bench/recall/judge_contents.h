// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Judges one content in memory and says how well the named ranges fit the truth. Any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drill/damage_patterns.h"
#include "inspect/inspect_content.h"
#include "recall_table.h"

namespace lastgood::bench {

using Bytes = std::vector<std::uint8_t>;

std::optional<Bytes> read_file(const std::filesystem::path& path);

struct Judged {
  inspect::Inspection inspection;
  std::uint64_t nanoseconds = 0;  // processor time of this thread: other work on the machine does not count
};

Judged judge(const Bytes& bytes, std::string_view name, const inspect::InspectOptions& options);

/// Of what was named in a content of `size_bytes`; nothing named stands for everything.
Agreement agreement_of(const drill::DamagedContent& damaged, std::uint64_t size_bytes,
                       std::vector<model::ByteRange> named);

/// The first reason as one line.
std::string reason_of(const std::vector<model::Reason>& reasons);

}  // namespace lastgood::bench
