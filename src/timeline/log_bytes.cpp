// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "timeline/log_bytes.h"

#include <zlib.h>

#include <memory>
#include <vector>

#include "base/assert.h"
#include "base/checksum.h"

namespace lastgood::timeline {

namespace {

constexpr std::size_t k_piece_bytes = std::size_t{1} << 20;
constexpr int k_gzip_window = 15 + 16;

/// gzip members, one behind the other (RFC 1952 section 2.2).
class Unpacker {
 public:
  Unpacker() { LG_ASSERT(inflateInit2(&stream_, k_gzip_window) == Z_OK); }
  ~Unpacker() { inflateEnd(&stream_); }
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;

  /// False when the sink wants no more, or `broken` is set.
  bool feed(std::span<std::uint8_t> packed, const std::function<bool(base::ByteView)>& show, std::string& broken) {
    stream_.next_in = packed.data();
    stream_.avail_in = static_cast<uInt>(packed.size());
    while (stream_.avail_in > 0 || has_more_) {
      if (is_at_end_) {
        (void)inflateReset(&stream_);
        is_at_end_ = false;
      }
      stream_.next_out = plain_.data();
      stream_.avail_out = static_cast<uInt>(plain_.size());
      const int result = inflate(&stream_, Z_NO_FLUSH);
      if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
        broken = stream_.msg != nullptr ? stream_.msg : "it is no gzip";
        return false;
      }
      const std::size_t got = plain_.size() - stream_.avail_out;
      has_more_ = stream_.avail_out == 0 && result == Z_OK;
      is_at_end_ = result == Z_STREAM_END;
      if (got > 0 && !show(base::ByteView(std::span<const std::uint8_t>(plain_).first(got)))) return false;
      if (result == Z_BUF_ERROR) break;
    }
    return true;
  }
  [[nodiscard]] bool is_at_end() const { return is_at_end_; }

 private:
  z_stream stream_{};
  std::vector<std::uint8_t> plain_ = std::vector<std::uint8_t>(k_piece_bytes);
  bool has_more_ = false;
  bool is_at_end_ = false;
};

}  // namespace

base::Result<LogBytesRead> read_log_bytes(base::ByteSource& file, const std::function<bool(base::ByteView)>& show) {
  LogBytesRead outcome;
  base::Sha256 digest;
  std::vector<std::uint8_t> piece(k_piece_bytes);
  std::unique_ptr<Unpacker> unpacker;
  bool goes_on = true;
  while (true) {
    LG_ASSIGN(const std::size_t got, file.read(outcome.file_bytes, piece));
    if (got == 0) break;
    const std::span<std::uint8_t> bytes = std::span(piece).first(got);
    const base::ByteView view{std::span<const std::uint8_t>(bytes)};
    if (outcome.file_bytes == 0 && view.matches(0, "\x1f\x8b\x08")) {
      outcome.is_packed = true;
      unpacker = std::make_unique<Unpacker>();
    }
    digest.update(view);
    outcome.file_bytes += got;
    if (goes_on) goes_on = unpacker ? unpacker->feed(bytes, show, outcome.broken) : show(view);
  }
  if (unpacker && goes_on && !unpacker->is_at_end()) outcome.broken = "it ends too early";
  const base::Sha256Digest sum = digest.finish();
  outcome.sha256 = base::hex(base::ByteView(std::span<const std::uint8_t>(sum)));
  return outcome;
}

}  // namespace lastgood::timeline
