// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What is wrong with a repository, as this reader says it.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "model/finding.h"

namespace lastgood::sources::restic {

/// A part of the repository that is needed and does not hold.
inline base::Error broken(std::string what) {
  return {.code = base::ErrorCode::damaged_source, .what = std::move(what)};
}

/// Something that does not fit and that the rest can be read without.
inline model::Finding bad(std::string_view rule, std::string sentence) {
  return {.rule = std::string(rule), .sentence = std::move(sentence), .weight = model::Weight::contradicts};
}

}  // namespace lastgood::sources::restic
