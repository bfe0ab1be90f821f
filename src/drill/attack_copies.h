// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Step two of a drill: a second tree beside the first, as an attack would have left it. The first tree stays as it was;
// every file of the second is a new one.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "drill/hospital_files.h"
#include "drill/truth.h"
#include "os/made_folder.h"

namespace lastgood::drill {

/// Shares in percent of the files; what is left over is copied untouched.
struct AttackPlan {
  std::uint64_t seed = 1;
  unsigned campaign_percent = 25;  // by the pattern "aiims-bak9"
  unsigned patterns_percent = 35;  // by all other patterns that are encryption, in turn
  unsigned damage_percent = 4;     // by the patterns that are not encryption, in turn
  unsigned renamed_percent = 2;    // whole files that get the extension .bak9
};

/// Writes the tree k_attacked and says what happened to each file. Files their owner protected are met by the
/// campaign's pattern only: a change inside what is noise already cannot be told by anybody.
base::Result<Truth> attack_copies(os::MadeFolder& folder, const Hospital& hospital, const AttackPlan& plan);

}  // namespace lastgood::drill
