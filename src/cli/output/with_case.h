// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Commands of ours that a text names, so that they work as they are printed.
#pragma once

#include <string>
#include <string_view>

namespace lastgood::cli {

/// "'lastgood plan' makes one" as "'lastgood --case night.case plan' makes one": each command of ours that the text
/// names, but those that need no case. The same text where no case folder is known.
[[nodiscard]] std::string with_case(std::string_view text, const std::string& case_folder);

}  // namespace lastgood::cli
