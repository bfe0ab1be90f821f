// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/sampling_seed.h"

#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "base/byte_view.h"
#include "os/random.h"

namespace lastgood::casefile {

base::Result<std::uint64_t> sampling_seed(CaseStore& store) {
  LG_ASSIGN(const std::optional<std::string> kept, store.setting("sampling_seed"));
  std::uint64_t seed = 0;
  if (kept) {
    const auto parsed = std::from_chars(kept->data(), kept->data() + kept->size(), seed);
    if (parsed.ec == std::errc()) return seed;
  }
  std::array<std::uint8_t, 8> bytes{};
  os::fill_random(bytes);
  seed = base::ByteView(bytes).le64(0);
  LG_TRY(store.put_setting("sampling_seed", std::to_string(seed)));
  return seed;
}

}  // namespace lastgood::casefile
