// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/unpack.h"

#include <zstd.h>

#include <algorithm>

#include <fmt/format.h>

#include "base/assert.h"
#include "sources/restic/faults.h"

namespace lastgood::sources::restic {

struct Decompressor::Context {
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> zstd{ZSTD_createDCtx()};
};

Decompressor::Decompressor() : context_(std::make_unique<Context>()) { LG_ASSERT(context_->zstd); }
Decompressor::~Decompressor() = default;
Decompressor::Decompressor(Decompressor&&) noexcept = default;

bool Decompressor::decompress(base::ByteView frames, std::span<std::uint8_t> into) {
  const std::size_t got =
      ZSTD_decompressDCtx(context_->zstd.get(), into.data(), into.size(), frames.begin(), frames.size());
  return ZSTD_isError(got) == 0 && got == into.size();
}

namespace {

base::Result<std::vector<std::uint8_t>> decompress_growing(base::ByteView frame, std::size_t bytes_max) {
  Decompressor::Context context;
  LG_ASSERT(context.zstd);
  // Windows above 128 MiB are none of restic's and would take memory before any output is counted.
  ZSTD_DCtx_setParameter(context.zstd.get(), ZSTD_d_windowLogMax, 27);
  std::vector<std::uint8_t> out(std::min(bytes_max, std::max<std::size_t>(frame.size() * 4, 4096)));
  ZSTD_inBuffer in{.src = frame.begin(), .size = frame.size(), .pos = 0};
  ZSTD_outBuffer to{.dst = out.data(), .size = out.size(), .pos = 0};
  while (true) {
    const std::size_t left = ZSTD_decompressStream(context.zstd.get(), &to, &in);
    if (ZSTD_isError(left) != 0) return broken(fmt::format("its zstd frame breaks at byte {}", in.pos));
    if (left == 0 && in.pos == in.size) break;
    if (to.pos < to.size) {
      if (in.pos == in.size) return broken("its zstd frame is cut");
      continue;
    }
    if (out.size() == bytes_max) return broken(fmt::format("it unpacks to more than {} bytes", bytes_max));
    out.resize(std::min(bytes_max, out.size() * 2));
    to.dst = out.data();
    to.size = out.size();
  }
  out.resize(to.pos);
  return out;
}

}  // namespace

base::Result<std::vector<std::uint8_t>> unpack_file(base::ByteView plain, std::size_t bytes_max) {
  if (plain.empty()) return broken("it is empty");
  constexpr std::uint8_t k_zstd = 2;
  if (plain.u8(0) == k_zstd) return decompress_growing(plain.part(1), bytes_max);
  const char how = static_cast<char>(plain.u8(0));
  if (how != '{' && how != '[') {
    return base::Error{
        .code = base::ErrorCode::unsupported,
        .what = fmt::format("it is packed in a way this program does not know (first byte {})", plain.u8(0))};
  }
  if (plain.size() > bytes_max) return broken(fmt::format("its {} bytes are more than {}", plain.size(), bytes_max));
  return std::vector<std::uint8_t>(plain.begin(), plain.end());
}

}  // namespace lastgood::sources::restic
