// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/tar/decoder.h"

#include <array>

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

namespace lastgood::sources::tar {

namespace {

using namespace std::string_view_literals;

constexpr int k_gzip_window_bits = 15 + 16;  // 16: a gzip frame is expected and its checksum is checked
constexpr int k_zstd_window_log_max = 29;
constexpr std::uint64_t k_lzma_memory_bytes_max = 600ULL << 20;

class GzipDecoder final : public Decoder {
 public:
  GzipDecoder() = default;
  ~GzipDecoder() override {
    if (ready_) inflateEnd(&stream_);
  }
  bool begin() {
    ready_ = inflateInit2(&stream_, k_gzip_window_bits) == Z_OK;
    return ready_;
  }
  Step step(base::ByteView in, std::span<std::uint8_t> out) override {
    // The library takes its input by a pointer that is not const, and only reads there.
    stream_.next_in = const_cast<Bytef*>(in.span().data());
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(out.size());
    const int code = inflate(&stream_, Z_NO_FLUSH);
    Step step{.used_bytes = in.size() - stream_.avail_in, .made_bytes = out.size() - stream_.avail_out};
    if (code == Z_STREAM_END) {
      step.state = State::done;
    } else if (code == Z_MEM_ERROR) {
      step.state = State::too_large;
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      step.state = State::malformed;
    }
    return step;
  }
  [[nodiscard]] std::unique_ptr<Decoder> copy() const override {
    auto twin = std::make_unique<GzipDecoder>();
    // inflateCopy only reads its source, about 40 KiB with the window.
    twin->ready_ = inflateCopy(&twin->stream_, const_cast<z_stream*>(&stream_)) == Z_OK;
    if (!twin->ready_) return nullptr;
    return twin;
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

class ZstdDecoder final : public Decoder {
 public:
  ~ZstdDecoder() override { ZSTD_freeDCtx(context_); }
  bool begin() {
    return context_ != nullptr &&
           ZSTD_isError(ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, k_zstd_window_log_max)) == 0;
  }
  Step step(base::ByteView in, std::span<std::uint8_t> out) override {
    ZSTD_inBuffer from{in.span().data(), in.size(), 0};
    ZSTD_outBuffer into{out.data(), out.size(), 0};
    const std::size_t code = ZSTD_decompressStream(context_, &into, &from);
    Step step{.used_bytes = from.pos, .made_bytes = into.pos};
    if (ZSTD_isError(code) != 0) {
      const ZSTD_ErrorCode error = ZSTD_getErrorCode(code);
      const bool too_large = error == ZSTD_error_frameParameter_windowTooLarge || error == ZSTD_error_memory_allocation;
      step.state = too_large ? State::too_large : State::malformed;
    } else if (code == 0) {
      step.state = State::done;
    }
    return step;
  }

 private:
  ZSTD_DCtx* context_ = ZSTD_createDCtx();
};

class XzDecoder final : public Decoder {
 public:
  ~XzDecoder() override { lzma_end(&stream_); }
  bool begin() { return lzma_stream_decoder(&stream_, k_lzma_memory_bytes_max, 0) == LZMA_OK; }
  Step step(base::ByteView in, std::span<std::uint8_t> out) override {
    stream_.next_in = in.span().data();
    stream_.avail_in = in.size();
    stream_.next_out = out.data();
    stream_.avail_out = out.size();
    const lzma_ret code = lzma_code(&stream_, LZMA_RUN);
    Step step{.used_bytes = in.size() - stream_.avail_in, .made_bytes = out.size() - stream_.avail_out};
    if (code == LZMA_STREAM_END) {
      step.state = State::done;
    } else if (code == LZMA_MEM_ERROR || code == LZMA_MEMLIMIT_ERROR) {
      step.state = State::too_large;
    } else if (code != LZMA_OK && code != LZMA_BUF_ERROR) {
      step.state = State::malformed;
    }
    return step;
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

class Bzip2Decoder final : public Decoder {
 public:
  ~Bzip2Decoder() override {
    if (ready_) BZ2_bzDecompressEnd(&stream_);
  }
  bool begin() {
    ready_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK;
    return ready_;
  }
  Step step(base::ByteView in, std::span<std::uint8_t> out) override {
    stream_.next_in = const_cast<char*>(in.text().data());
    stream_.avail_in = static_cast<unsigned>(in.size());
    stream_.next_out = static_cast<char*>(static_cast<void*>(out.data()));
    stream_.avail_out = static_cast<unsigned>(out.size());
    const int code = BZ2_bzDecompress(&stream_);
    Step step{.used_bytes = in.size() - stream_.avail_in, .made_bytes = out.size() - stream_.avail_out};
    if (code == BZ_STREAM_END) {
      step.state = State::done;
    } else if (code == BZ_MEM_ERROR) {
      step.state = State::too_large;
    } else if (code != BZ_OK) {
      step.state = State::malformed;
    }
    return step;
  }

 private:
  bz_stream stream_{};
  bool ready_ = false;
};

template <typename Kind>
std::unique_ptr<Decoder> make() {
  auto decoder = std::make_unique<Kind>();
  if (!decoder->begin()) return nullptr;
  return decoder;
}

struct PackingRow {
  Packing packing;
  std::string_view name;
  std::string_view mark;
  std::unique_ptr<Decoder> (*make)();
};
constexpr std::array<PackingRow, 4> k_packings = {{
    {Packing::gzip, "gzip", "\x1f\x8b\x08"sv, make<GzipDecoder>},
    {Packing::zstd, "zstd", "\x28\xb5\x2f\xfd"sv, make<ZstdDecoder>},
    {Packing::xz, "xz", "\xfd\x37zXZ\0"sv, make<XzDecoder>},
    {Packing::bzip2, "bzip2", "BZh"sv, make<Bzip2Decoder>},
}};

}  // namespace

std::string_view name_of(Packing packing) {
  for (const PackingRow& row : k_packings) {
    if (row.packing == packing) return row.name;
  }
  return "";
}

Packing find_packing(base::ByteView head) {
  for (const PackingRow& row : k_packings) {
    if (head.matches(0, row.mark)) return row.packing;
  }
  // A skippable frame may come first: pzstd writes one (RFC 8878, 3.1.2).
  return (head.le32(0) & 0xFFFFFFF0U) == 0x184D2A50U ? Packing::zstd : Packing::none;
}

std::unique_ptr<Decoder> make_decoder(Packing packing) {
  for (const PackingRow& row : k_packings) {
    if (row.packing == packing) return row.make();
  }
  return nullptr;
}

}  // namespace lastgood::sources::tar
