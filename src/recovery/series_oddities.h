// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What is unusual in a series of snapshots: jumps, empty trees, changed hosts and paths, times that cannot be true, and
// what would make a retention policy delete the good ones. Hints for a person, never verdicts. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/backup_record.h"

namespace lastgood::recovery {

/// Some file of it is encrypted, partly encrypted, or a ransom note.
[[nodiscard]] bool is_struck(const model::JudgedSnapshot& snapshot);

/// Snapshots of one series: the same host and the same paths.
[[nodiscard]] bool is_same_series(const model::Snapshot& a, const model::Snapshot& b);

/// By time, then by id.
void sort_by_time(std::vector<model::JudgedSnapshot>& snapshots);

/// Fills `oddities` of each. `snapshots` are in order of time; `now_ns` is the time of this machine, `names_in` the
/// zone of names that say none (names_zone.h). Where that is not known, a time that it could explain is not odd.
void find_oddities(std::vector<model::JudgedSnapshot>& snapshots, std::int64_t now_ns, std::string_view names_in);

}  // namespace lastgood::recovery
