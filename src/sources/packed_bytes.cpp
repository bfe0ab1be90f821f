// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/packed_bytes.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sources/tar/decoder.h"
#include "sources/tar/unpacked_bytes.h"

namespace lastgood::sources {

namespace {

std::uint64_t largest_size(std::uint64_t packed_bytes) {
  return std::max(k_unpacked_bytes_min, packed_bytes > UINT64_MAX / 2 / k_unpacked_times_max
                                            ? UINT64_MAX / 2
                                            : packed_bytes * k_unpacked_times_max);
}

class PackedBytes final : public base::ByteSource {
 public:
  PackedBytes(std::unique_ptr<tar::UnpackedBytes> unpacked, std::uint64_t packed_bytes)
      : unpacked_(std::move(unpacked)), size_bytes_(largest_size(packed_bytes)) {}

  [[nodiscard]] std::uint64_t size_bytes() const override { return size_bytes_; }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    if (offset_bytes >= size_bytes_)
      return base::Error{.code = base::ErrorCode::limit_reached,
                         .what = fmt::format("it unpacks to more than {} bytes", size_bytes_),
                         .path = {},
                         .offset_bytes = {},
                         .system_errno = 0,
                         .hint = "unpack it where there is room"};
    if (unpacked_->position() != offset_bytes) LG_TRY(unpacked_->seek(offset_bytes));
    return unpacked_->read(into);
  }

 private:
  std::unique_ptr<tar::UnpackedBytes> unpacked_;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace

std::string_view find_packing_name(base::ByteView head) {
  const tar::Packing packing = tar::find_packing(head);
  return packing == tar::Packing::none ? std::string_view() : tar::name_of(packing);
}

std::unique_ptr<base::ByteSource> open_packed_bytes(base::ByteSource& file, std::string path) {
  std::array<std::uint8_t, 16> head{};
  const auto got = file.read(0, head);
  const base::ByteView view(std::span<const std::uint8_t>(head).first(got.ok() ? got.value() : 0));
  return std::make_unique<PackedBytes>(tar::open_unpacked(file, tar::find_packing(view), std::move(path)),
                                       file.size_bytes());
}

}  // namespace lastgood::sources
