// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/person_secret.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/checksum.h"
#include "os/random.h"

namespace lastgood::casefile {

base::Result<std::array<std::uint8_t, 16>> person_secret(CaseStore& store) {
  std::array<std::uint8_t, 16> secret{};
  LG_ASSIGN(const std::optional<std::string> kept, store.setting("person_secret"));
  if (kept) {
    const auto bytes = base::parse_hex(*kept);
    if (!bytes || bytes->size() != secret.size())
      return base::Error{.code = base::ErrorCode::damaged_container,
                         .what = "the case's secret for counting persons is damaged",
                         .path = {},
                         .offset_bytes = {},
                         .system_errno = 0,
                         .hint = {}};
    std::copy(bytes->begin(), bytes->end(), secret.begin());
    return secret;
  }
  os::fill_random(secret);
  LG_TRY(store.put_setting("person_secret", base::hex(base::ByteView(std::span<const std::uint8_t>(secret)))));
  return secret;
}

}  // namespace lastgood::casefile
