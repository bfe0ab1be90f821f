// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/borg_content.h"

#include <algorithm>

#include "sources/borg/stored_entry.h"

namespace lastgood::sources::borg {

using base::ByteView;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

class BorgContent final : public Content {
 public:
  BorgContent(ObjectReader& reader, std::string handle, std::vector<std::uint64_t> offsets)
      : reader_(reader), handle_(std::move(handle)), offsets_(std::move(offsets)) {}

  [[nodiscard]] std::uint64_t size_bytes() const override { return offsets_.back(); }
  [[nodiscard]] std::size_t piece_count() const override { return offsets_.size() - 1; }
  [[nodiscard]] Piece piece(std::size_t index) const override {
    LG_ASSERT(index < piece_count());
    return {.offset_bytes = offsets_[index],
            .length_bytes = static_cast<std::uint32_t>(offsets_[index + 1] - offsets_[index])};
  }
  [[nodiscard]] base::Status read_piece(std::size_t index, std::vector<std::uint8_t>& into) override {
    return reader_.read(id_of(index), piece(index).length_bytes, into);
  }
  [[nodiscard]] Proof prove_piece(std::size_t index, ByteView bytes) override {
    LG_ASSERT(index < piece_count());
    return reader_.name_of(bytes) == id_of(index) ? Proof::same : Proof::other;
  }

 private:
  [[nodiscard]] ObjectId id_of(std::size_t index) const {
    ObjectId id{};
    const ByteView handle{std::string_view(handle_)};
    std::copy_n(handle.part(index * k_handle_chunk_bytes).begin(), id.size(), id.begin());
    return id;
  }

  ObjectReader& reader_;
  std::string handle_;
  std::vector<std::uint64_t> offsets_;  // of the pieces, and the end
};

}  // namespace

Result<std::unique_ptr<Content>> open_borg_content(ObjectReader& reader, const model::ContentRef& content) {
  if (content.handle == k_lost_handle) {
    return Error{.code = ErrorCode::damaged_source,
                 .what = "which chunks this content has is lost with the item that said so"};
  }
  if (content.handle.size() % k_handle_chunk_bytes != 0) {
    return Error{.code = ErrorCode::misuse,
                 .what = "a content of another source: handle of " + std::to_string(content.handle.size()) + " bytes"};
  }
  const ByteView handle{std::string_view(content.handle)};
  std::vector<std::uint64_t> offsets = {0};
  offsets.reserve(handle.size() / k_handle_chunk_bytes + 1);
  for (std::size_t at = 0; at < handle.size(); at += k_handle_chunk_bytes) {
    const std::uint32_t length = handle.le32(at + 32);
    if (length > k_piece_bytes_max) {
      return Error{.code = ErrorCode::misuse, .what = "a content with a piece of " + std::to_string(length) + " bytes"};
    }
    offsets.push_back(offsets.back() + length);
  }
  return std::unique_ptr<Content>(std::make_unique<BorgContent>(reader, content.handle, std::move(offsets)));
}

}  // namespace lastgood::sources::borg
