// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "base/counted.h"

#include "base/human.h"

namespace lastgood::base {

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  const std::string text = human_count(count) + " ";
  if (count == 1) return text + std::string(one);
  return many.empty() ? text + std::string(one) + "s" : text + std::string(many);
}

}  // namespace lastgood::base
