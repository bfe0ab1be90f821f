// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "events/compressed.h"

#include <zstd.h>

#include "base/assert.h"

namespace lastgood::events {

struct Packer::State {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  std::string packed;
};

Packer::Packer(int level) : state_(std::make_unique<State>()) {
  LG_ASSERT(state_->context != nullptr);
  (void)ZSTD_CCtx_setParameter(state_->context, ZSTD_c_compressionLevel, level);
  (void)ZSTD_CCtx_setParameter(state_->context, ZSTD_c_checksumFlag, 1);
}

Packer::~Packer() { ZSTD_freeCCtx(state_->context); }

std::string_view Packer::pack(std::string_view plain) {
  state_->packed.resize(ZSTD_compressBound(plain.size()));
  const std::size_t size =
      ZSTD_compress2(state_->context, state_->packed.data(), state_->packed.size(), plain.data(), plain.size());
  LG_ASSERT(ZSTD_isError(size) == 0);
  return std::string_view(state_->packed).substr(0, size);
}

struct Unpacker::State {
  ZSTD_DCtx* context = ZSTD_createDCtx();
};

Unpacker::Unpacker() : state_(std::make_unique<State>()) { LG_ASSERT(state_->context != nullptr); }
Unpacker::~Unpacker() { ZSTD_freeDCtx(state_->context); }

bool Unpacker::unpack(std::string_view packed, std::size_t plain_bytes, std::string& plain) {
  plain.resize(plain_bytes);
  const std::size_t size =
      ZSTD_decompressDCtx(state_->context, plain.data(), plain.size(), packed.data(), packed.size());
  return ZSTD_isError(size) == 0 && size == plain_bytes;
}

}  // namespace lastgood::events
