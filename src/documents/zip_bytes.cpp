// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "documents/zip_bytes.h"

#include <libdeflate.h>

#include <memory>

#include "base/assert.h"
#include "base/checksum.h"

namespace lastgood::documents {

namespace {

constexpr std::uint16_t k_date = 0x0021;  // 1980-01-01: the first that the format knows

void put16(std::string& out, std::uint32_t value) {
  out += static_cast<char>(value & 0xffU);
  out += static_cast<char>((value >> 8U) & 0xffU);
}
void put32(std::string& out, std::uint32_t value) {
  put16(out, value & 0xffffU);
  put16(out, value >> 16U);
}

std::string deflate(std::string_view bytes) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(6), &libdeflate_free_compressor);
  LG_ASSERT(compressor != nullptr);
  std::string packed(libdeflate_deflate_compress_bound(compressor.get(), bytes.size()), '\0');
  packed.resize(
      libdeflate_deflate_compress(compressor.get(), bytes.data(), bytes.size(), packed.data(), packed.size()));
  return packed;
}

}  // namespace

void ZipBytes::add(std::string_view name, std::string_view bytes, Packing packing) {
  LG_ASSERT(bytes_.size() + bytes.size() < (std::size_t{1} << 30U));
  const std::string packed = packing == Packing::deflated ? deflate(bytes) : std::string(bytes);
  const auto offset = static_cast<std::uint32_t>(bytes_.size());
  std::string shared;  // the fields that stand in both headers
  put16(shared, 20);   // version needed
  put16(shared, 0);
  put16(shared, packing == Packing::deflated ? 8 : 0);
  put16(shared, 0);
  put16(shared, k_date);
  put32(shared, base::crc32(base::ByteView(bytes)));
  put32(shared, static_cast<std::uint32_t>(packed.size()));
  put32(shared, static_cast<std::uint32_t>(bytes.size()));
  put16(shared, static_cast<std::uint32_t>(name.size()));
  put16(shared, 0);  // no extra field
  bytes_ += "PK\x03\x04" + shared + std::string(name) + packed;
  directory_ += "PK\x01\x02";
  put16(directory_, 20);  // version made by
  directory_ += shared;
  for (int i = 0; i < 3; ++i) put16(directory_, 0);  // comment, disk, inner attributes
  put32(directory_, 0);
  put32(directory_, offset);
  directory_ += name;
  ++members_;
}

std::string ZipBytes::finish() {
  const auto begin = static_cast<std::uint32_t>(bytes_.size());
  bytes_ += directory_ + "PK\x05\x06";
  put32(bytes_, 0);
  put16(bytes_, members_);
  put16(bytes_, members_);
  put32(bytes_, static_cast<std::uint32_t>(directory_.size()));
  put32(bytes_, begin);
  put16(bytes_, 0);
  return std::move(bytes_);
}

}  // namespace lastgood::documents
