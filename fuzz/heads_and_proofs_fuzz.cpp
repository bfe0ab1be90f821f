// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Everything beside the ledger that may come from a stranger: heads, proofs, time-stamp replies, keys.
#include <cstdio>
#include <cstdlib>

#include "base/byte_view.h"
#include "ledger/proof_file.h"
#include "ledger/signing_key.h"
#include "ledger/timestamp.h"
#include "ledger/tree_head.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace lastgood;

void demand(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text = base::ByteView(std::span<const std::uint8_t>(data + 1, size - 1)).text();
  switch (data[0] % 4) {
    case 0:
      if (const auto head = ledger::parse_head(text))
        demand(ledger::write_head(*head) == text, "a head has one spelling");
      break;
    case 1:
      if (const auto proof = ledger::parse_proof(text)) {
        demand(ledger::write_proof(*proof) == text, "a proof has one spelling");
        (void)ledger::holds(*proof);
      }
      break;
    case 2:
      if (const auto stamp = ledger::parse_timestamp_reply(text); stamp.ok())
        demand(!ledger::check_timestamp_reply(text, stamp.value().imprint, "", "").ok(),
               "no stamp holds without trust");
      (void)ledger::check_timestamp_reply(text, base::sha256({}), text, text).ok();
      break;
    default:
      (void)ledger::parse_signing_key(text, "x").ok();
      (void)ledger::holds_signature(text, "x", std::string(64, 'x'));
      break;
  }
  return 0;
}
