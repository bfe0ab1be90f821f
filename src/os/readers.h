// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Who besides its owner may read what this program writes. What speaks of patients is for its owner alone until
// somebody says otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lastgood::os {

struct Readers {
  enum class Who : std::uint8_t { owner, group, everybody } who = Who::owner;
  std::uint32_t group_id = 0;
};

/// The word for everybody, on other machines, too: groups are numbers on a disk, and mean others there.
inline constexpr std::string_view k_everybody = "everybody";

/// Empty: the owner alone; k_everybody; else a group of this machine, and ErrorCode::misuse where there is none of that
/// name.
[[nodiscard]] base::Result<Readers> find_readers(const std::string& word);

/// Lets them read this file, or enter and list this folder, of ours; nobody may write. A link is refused. Where the
/// disk keeps no modes it counts what everybody may do there already.
[[nodiscard]] base::Status let_read(const std::string& path, const Readers& readers);

/// The first folder on the way to `path`, itself left out, that these readers may not go through; empty: none.
[[nodiscard]] std::string find_closed_above(const std::string& path, const Readers& readers);

/// The account that alone may look into this folder, by its number; nothing: others may as well, or it is not there.
[[nodiscard]] std::optional<std::uint32_t> find_only_reader(const std::string& folder);

}  // namespace lastgood::os
