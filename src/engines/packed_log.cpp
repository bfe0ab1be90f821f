// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/packed_log.h"

#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "engines/scratch_copy.h"
#include "os/spill_file.h"

namespace lastgood::engines {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_piece_bytes = std::size_t{1} << 18U;
constexpr int k_gzip_window_bits = 15 + 16;  // 16: a gzip frame is expected and its checksum is checked
constexpr int k_zstd_window_log_max = 27;    // 128 MiB

/// Decodes members or frames, one behind the other.
class Unpacker {
 public:
  struct Step {
    std::size_t used = 0;
    std::size_t made = 0;
    bool is_broken = false;
  };
  Unpacker() = default;
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;
  virtual ~Unpacker() = default;
  [[nodiscard]] virtual Step step(std::span<std::uint8_t> in, std::span<std::uint8_t> out) = 0;
  /// Nothing of a member was read that has not ended.
  [[nodiscard]] bool is_between() const { return is_between_; }

 protected:
  bool is_between_ = true;
};

class GzipUnpacker final : public Unpacker {
 public:
  GzipUnpacker() : is_ready_(inflateInit2(&stream_, k_gzip_window_bits) == Z_OK) {}
  ~GzipUnpacker() override { inflateEnd(&stream_); }
  Step step(std::span<std::uint8_t> in, std::span<std::uint8_t> out) override {
    if (!is_ready_ || (is_between_ && inflateReset(&stream_) != Z_OK)) return {.is_broken = true};
    stream_.next_in = in.data();
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(out.size());
    const int code = inflate(&stream_, Z_NO_FLUSH);
    is_between_ = code == Z_STREAM_END;
    return {.used = in.size() - stream_.avail_in,
            .made = out.size() - stream_.avail_out,
            .is_broken = code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR};
  }

 private:
  z_stream stream_{};
  bool is_ready_;
};

class ZstdUnpacker final : public Unpacker {
 public:
  ZstdUnpacker() { ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, k_zstd_window_log_max); }
  ~ZstdUnpacker() override { ZSTD_freeDCtx(context_); }
  Step step(std::span<std::uint8_t> in, std::span<std::uint8_t> out) override {
    if (context_ == nullptr) return {.is_broken = true};
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer into{out.data(), out.size(), 0};
    const std::size_t code = ZSTD_decompressStream(context_, &into, &from);
    is_between_ = code == 0;
    return {.used = from.pos, .made = into.pos, .is_broken = ZSTD_isError(code) != 0};
  }

 private:
  ZSTD_DCtx* context_ = ZSTD_createDCtx();
};

class Lz4Unpacker final : public Unpacker {
 public:
  Lz4Unpacker() {
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context_, LZ4F_VERSION)) != 0) context_ = nullptr;
  }
  ~Lz4Unpacker() override { LZ4F_freeDecompressionContext(context_); }
  Step step(std::span<std::uint8_t> in, std::span<std::uint8_t> out) override {
    if (context_ == nullptr) return {.is_broken = true};
    std::size_t used = in.size();
    std::size_t made = out.size();
    const std::size_t code = LZ4F_decompress(context_, out.data(), &made, in.data(), &used, nullptr);
    is_between_ = code == 0;
    return {.used = used, .made = made, .is_broken = LZ4F_isError(code) != 0};
  }

 private:
  LZ4F_dctx* context_ = nullptr;
};

std::unique_ptr<Unpacker> find_unpacker(base::ByteView head) {
  if (head.matches(0, "\x1f\x8b\x08"sv)) return std::make_unique<GzipUnpacker>();
  if (head.matches(0, "\x28\xb5\x2f\xfd"sv)) return std::make_unique<ZstdUnpacker>();
  if (head.matches(0, "\x04\x22\x4d\x18"sv)) return std::make_unique<Lz4Unpacker>();
  return nullptr;
}

/// Appends what comes out; why that ended too early.
base::Result<std::string> unpack(base::ByteSource& packed, Unpacker& unpacker, os::SpillFile& into,
                                 std::uint64_t bytes_max) {
  std::vector<std::uint8_t> in(k_piece_bytes);
  std::vector<std::uint8_t> out(k_piece_bytes);
  // Something that is nearly all frames without content must end, too.
  const std::uint64_t packed_max = bytes_max + bytes_max / 8 + k_piece_bytes;
  for (std::uint64_t at = 0; at < packed_max;) {
    LG_ASSIGN(const std::size_t got, packed.read(at, in));
    if (got == 0) return unpacker.is_between() ? std::string() : std::string("what is compressed ends too early");
    at += got;
    std::span<std::uint8_t> left = std::span(in).first(got);
    bool is_full = false;  // there may be more to come of what was read
    while (!left.empty() || is_full) {
      const Unpacker::Step step = unpacker.step(left, out);
      const std::uint64_t room = bytes_max - into.size_bytes();
      const std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(step.made, room));
      if (taken > 0) LG_TRY(into.append(base::ByteView(std::span<const std::uint8_t>(out.data(), taken))));
      if (taken < step.made) return fmt::format("it holds more than {} bytes", bytes_max);
      if (step.is_broken) return fmt::format("what is compressed is broken after {} bytes", into.size_bytes());
      is_full = step.made == out.size() && !unpacker.is_between();
      if (step.used == 0 && step.made == 0) {
        if (left.empty()) break;
        return fmt::format("what is compressed is broken after {} bytes", into.size_bytes());
      }
      left = left.subspan(step.used);
    }
  }
  return fmt::format("it is more than {} bytes long", packed_max);
}

/// The first bytes of a source.
class FrontSource final : public base::ByteSource {
 public:
  FrontSource(std::unique_ptr<base::ByteSource> whole, std::uint64_t size) : whole_(std::move(whole)), size_(size) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return size_; }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    if (offset_bytes >= size_) return std::size_t{0};
    return whole_->read(
        offset_bytes, into.first(static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), size_ - offset_bytes))));
  }

 private:
  std::unique_ptr<base::ByteSource> whole_;
  std::uint64_t size_;
};

}  // namespace

base::Result<OpenedLog> open_packed_log(std::unique_ptr<base::ByteSource> packed, const std::string& folder,
                                        std::uint64_t bytes_max) {
  std::array<std::uint8_t, 4> head{};
  LG_ASSIGN(const std::size_t got, packed->read(0, head));
  const std::unique_ptr<Unpacker> unpacker =
      find_unpacker(base::ByteView(std::span<const std::uint8_t>(head)).part(0, got));
  if (!unpacker) return OpenedLog{.bytes = std::move(packed), .broken = {}};
  LG_ASSIGN(os::SpillFile plain, os::open_spill_file(folder));
  LG_ASSIGN(std::string broken, unpack(*packed, *unpacker, plain, bytes_max));
  return OpenedLog{.bytes = std::make_unique<os::SpillFile>(std::move(plain)), .broken = std::move(broken)};
}

base::Result<OpenedLog> readable_front(OpenedLog log) {
  std::vector<std::uint8_t> piece(k_piece_bytes);
  std::uint64_t at = 0;
  while (at < log.bytes->size_bytes()) {
    const auto got = log.bytes->read(at, piece);
    if (!got.ok() && was_changed_meanwhile(got.error())) return written_meanwhile(got.error());
    if (!got.ok()) log.broken = got.error().what;
    if (!got.ok() || got.value() == 0) break;
    at += got.value();
  }
  log.bytes = std::make_unique<FrontSource>(std::move(log.bytes), at);
  return log;
}

std::string_view without_packing(std::string_view name) {
  for (const std::string_view ending : {".gz"sv, ".zst"sv, ".lz4"sv}) {
    if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  }
  return name;
}

}  // namespace lastgood::engines
