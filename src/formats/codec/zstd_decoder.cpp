// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// libzstd behind PieceDecoder.
#include <zstd.h>
#include <zstd_errors.h>

#include "formats/codec/piece_decoder.h"

namespace lastgood::formats {

namespace {

constexpr int k_window_log_max = 27;  // 128 MiB, what the command line tool accepts without being told

/// One context per thread: making one costs more than decoding a small frame.
ZSTD_DCtx* thread_context() {
  struct Owner {
    ZSTD_DCtx* context = ZSTD_createDCtx();
    Owner() = default;
    ~Owner() { ZSTD_freeDCtx(context); }
    Owner(const Owner&) = delete;
    Owner& operator=(const Owner&) = delete;
  };
  thread_local Owner owner;
  return owner.context;
}

class ZstdDecoder final : public PieceDecoder {
 public:
  explicit ZstdDecoder(ZSTD_DCtx* context) : context_(context) {}

  Step step(base::ByteView in, std::span<std::uint8_t> out) override {
    ZSTD_inBuffer from{in.span().data(), in.size(), 0};
    ZSTD_outBuffer into{out.data(), out.size(), 0};
    const std::size_t code = ZSTD_decompressStream(context_, &into, &from);
    Step step{.used_bytes = from.pos, .made_bytes = into.pos};
    if (ZSTD_isError(code) != 0) {
      const ZSTD_ErrorCode error = ZSTD_getErrorCode(code);
      const bool beyond_us = error == ZSTD_error_frameParameter_windowTooLarge ||
                             error == ZSTD_error_memory_allocation || error == ZSTD_error_dictionary_wrong ||
                             error == ZSTD_error_version_unsupported;
      step.state = beyond_us ? State::too_large : State::malformed;
    } else if (code == 0) {
      step.state = State::done;
    }
    return step;
  }

 private:
  ZSTD_DCtx* context_;
};

}  // namespace

std::unique_ptr<PieceDecoder> make_zstd_decoder() {
  ZSTD_DCtx* context = thread_context();
  if (context == nullptr) return nullptr;
  ZSTD_DCtx_reset(context, ZSTD_reset_session_only);
  ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, k_window_log_max);
  return std::make_unique<ZstdDecoder>(context);
}

}  // namespace lastgood::formats
