// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A letter as a document that a person edits and signs. Pure.
#pragma once

#include "documents/document.h"
#include "questions/pack.h"

namespace lastgood::questions {

[[nodiscard]] documents::Document write_pack(const Pack& pack, const Packs& all);

}  // namespace lastgood::questions
