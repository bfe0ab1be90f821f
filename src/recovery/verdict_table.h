// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// VerdictTable: the verdict of every judged content, in one sorted array (34 bytes each).
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "model/verdict.h"

namespace lastgood::recovery {

class VerdictTable {
 public:
  struct Row {
    std::array<char, 32> key;
    model::Verdict verdict;
    model::Certainty certainty;
  };

  [[nodiscard]] static base::Result<VerdictTable> read(casefile::CaseStore& store);
  /// nullptr: not judged.
  [[nodiscard]] const Row* find(std::string_view key) const;

 private:
  std::vector<Row> rows_;
};

}  // namespace lastgood::recovery
