// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes as a repository's config, as a key as people keep it, as a key blob, and as opened keys.
#include "base/assert.h"
#include "sources/borg/repo_config.h"
#include "sources/borg/repo_key.h"
#include "sources/borg/repository.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  using namespace lastgood::sources::borg;
  const base::ByteView bytes(std::span<const std::uint8_t>(data, size));
  (void)parse_transactions(bytes.text());
  if (const auto config = parse_repo_config(bytes.text())) LG_ASSERT(config->id.empty() || config->id.size() == 64);
  if (const auto blob = parse_key_text(bytes.text())) {
    base::ignore_error(parse_key_blob(base::ByteView(std::string_view(blob.value()))), "any answer is fine");
  }
  if (const auto blob = parse_key_blob(bytes)) {
    LG_ASSERT(blob.value().iterations <= k_iterations_max);
    if (blob.value().iterations < 100) base::ignore_error(unlock_key(blob.value(), "password"), "mostly refused");
  }
  if (const auto key = parse_repo_key(bytes)) LG_ASSERT(key.value().cipher_key.size() == 32);
  return 0;
}
