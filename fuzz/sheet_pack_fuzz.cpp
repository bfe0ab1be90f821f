// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Packs of sheets, blocks of numbers and the times in questions: any text is refused with a sentence or taken whole.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "backentry/number_block.h"
#include "sheets/packs.h"
#include "sheets/try_sheet.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  const std::string text(reinterpret_cast<const char*>(data), size);  // NOLINT
  static constexpr std::string_view k_services =
      "[service.a]\ntitle = \"a\"\n[[service.a.data]]\nname = \"d\"\nkind = \"sqlite\"\npath = \"/x\"\n";
  const auto pack = sheets::parse_pack(text, k_services, "x.toml");
  if (pack.ok()) {
    for (const sheets::Fingerprint& fingerprint : pack.value().fingerprints) (void)sheets::compare(fingerprint, {});
  }
  const auto filled = sheets::fill_in_times(text, {1'669'167'418'000'000'000, "+05:30"});
  (void)filled;
  const auto block = backentry::parse_number_block(text);
  if (block.ok()) (void)backentry::number_text(block.value(), size);
  return 0;
}
