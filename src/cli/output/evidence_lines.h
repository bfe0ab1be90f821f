// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A piece of evidence with its chain of custody, as text and as a line of JSON (docs/json.md).
#pragma once

#include <string>

#include "evidence/custody.h"

namespace lastgood::cli {

[[nodiscard]] std::string text_of(const evidence::EvidenceItem& item);
[[nodiscard]] std::string json_line_of(const evidence::EvidenceItem& item);

}  // namespace lastgood::cli
