// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

namespace lastgood::cli {

/// What is wrong with `text` as a number of seconds, as a sentence; empty: nothing, it is whole and at least 1.
[[nodiscard]] std::string describe_bad_seconds(std::string_view text);

/// For options that take one: what is wrong is said in these words.
[[nodiscard]] CLI::Validator whole_seconds();

}  // namespace lastgood::cli
