// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "model/snapshot.h"

namespace lastgood::model {

std::string short_id(std::string_view id) {
  constexpr std::size_t k_digest_letters_min = 32;
  constexpr std::size_t k_letters = 12;
  const bool is_digest =
      id.size() >= k_digest_letters_min && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return std::string(is_digest ? id.substr(0, k_letters) : id);
}

}  // namespace lastgood::model
