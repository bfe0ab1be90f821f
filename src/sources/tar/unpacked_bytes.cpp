// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/tar/unpacked_bytes.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lastgood::sources::tar {

namespace {

constexpr std::size_t k_plain_buffer_bytes = 32UL << 10;
constexpr std::size_t k_packed_buffer_bytes = 256UL << 10;
constexpr std::size_t k_scratch_bytes = 256UL << 10;
// Of more places to start from, every second one is dropped; a decoder's state takes 40 KiB.
constexpr std::size_t k_starts_max = 512;
// So many are enough while they lie closer than k_start_spacing_bytes.
constexpr std::size_t k_close_starts_max = 64;

class PlainBytes final : public UnpackedBytes {
 public:
  explicit PlainBytes(base::ByteSource& file) : file_(file), buffer_(k_plain_buffer_bytes) {}

  [[nodiscard]] std::uint64_t position() const override { return at_; }
  [[nodiscard]] base::Status seek(std::uint64_t offset_bytes) override {
    at_ = std::min(offset_bytes, file_.size_bytes());
    return base::Done{};
  }
  [[nodiscard]] base::Result<std::size_t> read(std::span<std::uint8_t> into) override {
    if (into.size() > k_plain_buffer_bytes / 4) {
      LG_ASSIGN(const std::size_t got, file_.read(at_, into));
      at_ += got;
      return got;
    }
    // Headers are read in small pieces, one file after another: the buffer saves a call for most.
    if (at_ < from_ || at_ + into.size() > from_ + held_) {
      from_ = at_;
      LG_ASSIGN(held_, file_.read(at_, buffer_));
    }
    const std::size_t within = static_cast<std::size_t>(at_ - from_);
    const std::size_t length = within < held_ ? std::min(into.size(), held_ - within) : 0;
    std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(within), length, into.begin());
    at_ += length;
    return length;
  }

 private:
  base::ByteSource& file_;
  std::uint64_t at_ = 0;
  std::vector<std::uint8_t> buffer_;
  std::uint64_t from_ = 0;
  std::size_t held_ = 0;
};

class PackedBytes final : public UnpackedBytes {
 public:
  PackedBytes(base::ByteSource& file, Packing packing, std::string path, std::uint64_t spacing)
      : file_(file), packing_(packing), path_(std::move(path)), in_(k_packed_buffer_bytes), spacing_(spacing) {
    starts_.push_back({});
  }

  [[nodiscard]] std::uint64_t position() const override { return made_; }
  [[nodiscard]] std::optional<std::uint64_t> foreign_end() const override { return foreign_end_; }

  [[nodiscard]] base::Status seek(std::uint64_t offset_bytes) override {
    const auto behind = std::upper_bound(starts_.begin(), starts_.end(), offset_bytes,
                                         [](std::uint64_t offset, const Start& start) { return offset < start.made; });
    const Start& start = *std::prev(behind);
    if (offset_bytes < made_ || start.made > made_) start_from(start);
    scratch_.resize(k_scratch_bytes);
    while (made_ < offset_bytes) {
      const std::uint64_t left = offset_bytes - made_;
      LG_ASSIGN(const std::size_t got, read(std::span(scratch_).first(std::min<std::uint64_t>(left, scratch_.size()))));
      if (got == 0) break;
    }
    return base::Done{};
  }

  [[nodiscard]] base::Result<std::size_t> read(std::span<std::uint8_t> into) override {
    std::size_t done = 0;
    while (done < into.size() && !ended_) {
      // What came before a failure is given first.
      if (failed_) {
        if (done > 0) break;
        return *failed_;
      }
      LG_TRY(fill());
      if (decoder_ == nullptr) {
        begin_stream();
        continue;
      }
      keep_start();
      // Also without input: a decoder may hold bytes back when there was no room for them.
      const Decoder::Step step = decoder_->step(input(), into.subspan(done));
      const bool stands_still = step.used_bytes == 0 && step.made_bytes == 0;
      in_from_ += step.used_bytes;
      done += step.made_bytes;
      made_ += step.made_bytes;
      if (step.state == Decoder::State::done) {
        decoder_.reset();
      } else if (step.state == Decoder::State::too_large) {
        failed_ = broken("needs more memory than is allowed");
      } else if (step.state == Decoder::State::malformed || stands_still) {
        failed_ = broken(in_from_ == in_to_ ? "ends too early" : "is broken");
      }
    }
    return done;
  }

 private:
  /// A place to start from: so many bytes made, from here in the file on, with this decoder (none: a stream begins).
  struct Start {
    std::uint64_t made = 0;
    std::uint64_t packed = 0;
    std::unique_ptr<Decoder> decoder;
  };

  [[nodiscard]] base::ByteView input() const {
    return base::ByteView(std::span<const std::uint8_t>(in_).subspan(in_from_, in_to_ - in_from_));
  }
  [[nodiscard]] std::uint64_t packed_position() const { return in_offset_ + in_from_; }

  void start_from(const Start& start) {
    made_ = start.made;
    in_offset_ = start.packed;
    in_from_ = in_to_ = 0;
    decoder_ = start.decoder == nullptr ? nullptr : start.decoder->copy();
    ended_ = false;
    failed_.reset();
  }

  /// More input when there is none left, or too little to see what begins.
  base::Status fill() {
    const bool enough = decoder_ == nullptr ? in_to_ - in_from_ >= 8 : in_from_ < in_to_;
    if (enough) return base::Done{};
    std::copy(in_.begin() + static_cast<std::ptrdiff_t>(in_from_), in_.begin() + static_cast<std::ptrdiff_t>(in_to_),
              in_.begin());
    in_offset_ += in_from_;
    in_to_ -= in_from_;
    in_from_ = 0;
    LG_ASSIGN(const std::size_t got, file_.read(in_offset_ + in_to_, std::span(in_).subspan(in_to_)));
    in_to_ += got;
    return base::Done{};
  }

  /// Begins the next stream. Zeros before it are padding; anything else is not ours and ends all, as the file's end
  /// does.
  void begin_stream() {
    const base::ByteView rest = input();
    if (rest.empty()) {
      ended_ = true;
    } else if (rest.u8(0) == 0 && made_ > 0) {
      const auto* data = std::find_if(rest.begin(), rest.end(), [](std::uint8_t byte) { return byte != 0; });
      in_from_ += static_cast<std::size_t>(data - rest.begin());
    } else if (find_packing(rest) != packing_) {
      foreign_end_ = packed_position();
      ended_ = true;
    } else {
      if (made_ >= starts_.back().made + spacing_) add_start(nullptr);
      decoder_ = make_decoder(packing_);
      if (decoder_ == nullptr) failed_ = broken("needs more memory than there is");
    }
  }

  void keep_start() {
    if (made_ < starts_.back().made + spacing_) return;
    std::unique_ptr<Decoder> twin = decoder_->copy();
    if (twin != nullptr) add_start(std::move(twin));
  }

  void add_start(std::unique_ptr<Decoder> decoder) {
    starts_.push_back({made_, packed_position(), std::move(decoder)});
    if (starts_.size() < (spacing_ < k_start_spacing_bytes ? k_close_starts_max : k_starts_max)) return;
    spacing_ *= 2;
    std::vector<Start> kept;
    for (std::size_t i = 0; i < starts_.size(); i += 2) kept.push_back(std::move(starts_[i]));
    starts_ = std::move(kept);
  }

  base::Error broken(std::string_view how) const {
    return base::Error{.code = base::ErrorCode::damaged_source,
                       .what = fmt::format("cannot unpack '{}': its {} stream {} at byte {}, after {} bytes unpacked",
                                           base::printable(path_), name_of(packing_), how, packed_position(), made_),
                       .path = path_,
                       .offset_bytes = packed_position(),
                       .system_errno = 0,
                       .hint = {}};
  }

  base::ByteSource& file_;
  Packing packing_;
  std::string path_;
  std::vector<std::uint8_t> in_;
  std::vector<std::uint8_t> scratch_;  // for what is passed over
  std::uint64_t in_offset_ = 0;        // of in_[0] in the file
  std::size_t in_from_ = 0;
  std::size_t in_to_ = 0;
  std::uint64_t made_ = 0;
  std::unique_ptr<Decoder> decoder_;  // null between streams
  bool ended_ = false;
  std::optional<base::Error> failed_;
  std::optional<std::uint64_t> foreign_end_;
  std::vector<Start> starts_;
  std::uint64_t spacing_;
};

}  // namespace

std::unique_ptr<UnpackedBytes> open_unpacked(base::ByteSource& file, Packing packing, std::string path,
                                             std::uint64_t start_spacing_bytes) {
  if (packing == Packing::none) return std::make_unique<PlainBytes>(file);
  return std::make_unique<PackedBytes>(file, packing, std::move(path), start_spacing_bytes);
}

}  // namespace lastgood::sources::tar
