// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a person is told before a decision is kept that looks like a slip: one wrong digit makes two persons one. Who
// means it says so, and it is kept. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backentry/match_entries.h"

namespace lastgood::backentry {

/// "another name, another sex: entry 3: order of Kamla Gupta, F, 17; entry 7: payment of Ganesh Deshmukh, M, 36", of
/// the first two that cannot be one person. Empty: all may be. Those that are not there are passed over.
[[nodiscard]] std::string told_apart(const Book& book, const std::vector<std::uint64_t>& entries);

/// Why the person of the database whom no match has shown for the entry is not taken for it: "another name, another sex
/// than entry 2: transfer of Kamla Gupta, F, 36". Empty: it is taken, because its number, telephone or name was typed
/// and nothing contradicts.
[[nodiscard]] std::string not_the_one(const Entry& entry, const Suggestion& person);

}  // namespace lastgood::backentry
