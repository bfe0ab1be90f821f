// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A disk with a bad sector, under tests.
#pragma once

#include <cerrno>
#include <memory>
#include <string>
#include <utility>

#include "engines/unit.h"

namespace lastgood::engines::testing {

/// `view`, which outlives it; what a read of `file` would give from `bad_byte` on fails.
class BadSectorView final : public UnitView {
 public:
  BadSectorView(const UnitView& view, std::string file, std::uint64_t bad_byte)
      : view_(view), file_(std::move(file)), bad_byte_(bad_byte) {}
  [[nodiscard]] base::Result<std::vector<UnitEntry>> list(std::string_view folder) const override {
    return view_.list(folder);
  }
  [[nodiscard]] base::Result<std::unique_ptr<base::ByteSource>> open(std::string_view file) const override {
    auto opened = view_.open(file);
    if (!opened.ok() || file != file_) return opened;
    return std::unique_ptr<base::ByteSource>(std::make_unique<Source>(std::move(opened).value(), bad_byte_));
  }

 private:
  class Source final : public base::ByteSource {
   public:
    Source(std::unique_ptr<base::ByteSource> source, std::uint64_t bad_byte)
        : source_(std::move(source)), bad_byte_(bad_byte) {}
    [[nodiscard]] std::uint64_t size_bytes() const override { return source_->size_bytes(); }
    [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
      if (offset_bytes + into.size() <= bad_byte_) return source_->read(offset_bytes, into);
      return base::Error{.code = base::ErrorCode::damaged_source,
                         .what = "input/output error",
                         .path = {},
                         .offset_bytes = bad_byte_,
                         .system_errno = EIO,
                         .hint = {}};
    }

   private:
    std::unique_ptr<base::ByteSource> source_;
    std::uint64_t bad_byte_;
  };
  const UnitView& view_;
  std::string file_;
  std::uint64_t bad_byte_;
};

}  // namespace lastgood::engines::testing
