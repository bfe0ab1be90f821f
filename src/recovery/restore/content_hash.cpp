// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/content_hash.h"

#include <xxhash.h>

#include <new>

#include "base/assert.h"

namespace lastgood::recovery::restore {

struct ContentHash::State {
  XXH3_state_t* xxh = nullptr;
};

namespace {

Hash128 canonical(XXH128_hash_t hash) {
  XXH128_canonical_t bytes;
  XXH128_canonicalFromHash(&bytes, hash);
  Hash128 out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = bytes.digest[i];
  return out;
}

}  // namespace

ContentHash::ContentHash(std::uint64_t seed) : state_(std::make_unique<State>()), seed_(seed) {
  state_->xxh = XXH3_createState();
  if (state_->xxh == nullptr) throw std::bad_alloc();
  begin();
}

ContentHash::~ContentHash() { (void)XXH3_freeState(state_->xxh); }

void ContentHash::begin() { LG_ASSERT(XXH3_128bits_reset_withSeed(state_->xxh, seed_) == XXH_OK); }

void ContentHash::update(base::ByteView bytes) {
  if (!bytes.empty()) LG_ASSERT(XXH3_128bits_update(state_->xxh, bytes.begin(), bytes.size()) == XXH_OK);
}

Hash128 ContentHash::finish() const { return canonical(XXH3_128bits_digest(state_->xxh)); }

Hash128 content_hash(base::ByteView bytes, std::uint64_t seed) {
  return canonical(XXH3_128bits_withSeed(bytes.begin(), bytes.size(), seed));
}

}  // namespace lastgood::recovery::restore
