// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ContentBytes: a Content of a source as a ByteSource, so that it can be judged where it lies.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "base/byte_source.h"
#include "sources/source.h"

namespace lastgood::sources {

/// Keeps the pieces read last, so that head, tail and steps through the middle cost each piece once. One thread.
class ContentBytes final : public base::ByteSource, public os::MaybeOwnFile {
 public:
  explicit ContentBytes(std::unique_ptr<Content> content) : content_(std::move(content)) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return content_->size_bytes(); }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override;
  [[nodiscard]] std::uint64_t next_data(std::uint64_t offset_bytes) override {
    return content_->next_data(offset_bytes);
  }
  [[nodiscard]] const os::EvidenceFile* own_file() const override { return content_->own_file(); }

 private:
  struct Kept {
    std::size_t index = SIZE_MAX;
    std::uint64_t last_use = 0;
    std::vector<std::uint8_t> bytes;
  };
  [[nodiscard]] std::size_t piece_at(std::uint64_t offset_bytes) const;
  [[nodiscard]] base::Result<const Kept*> keep_piece(std::size_t index);

  std::unique_ptr<Content> content_;
  std::array<Kept, 4> kept_;
  std::uint64_t uses_ = 0;
};

}  // namespace lastgood::sources
