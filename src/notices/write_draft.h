// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A draft as a document that a person completes, signs and sends. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "documents/write_document.h"
#include "notices/draft.h"

namespace lastgood::notices {

/// `changes`: against the draft before it. Where words of the evidence (an account's name, a path) are among those that
/// we never say of an address, all statements are set as quoted.
[[nodiscard]] base::Result<std::string> write_draft(const Draft& draft, const std::vector<std::string>& changes,
                                                    documents::Form form);

}  // namespace lastgood::notices
