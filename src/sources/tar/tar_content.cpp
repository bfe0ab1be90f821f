// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/tar/tar_content.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <utility>

namespace lastgood::sources::tar {

namespace {

constexpr std::uint64_t k_piece_bytes = 1U << 20;
// Members of packed archives up to this size are unpacked whole when first read: whoever looks at the end and then at
// the middle does not make the archive start again.
constexpr std::uint64_t k_kept_bytes_max = 128ULL << 20;

class MemberContent final : public Content {
 public:
  MemberContent(TarArchive& archive, const Member& member) : archive_(archive), member_(member) {}

  [[nodiscard]] std::uint64_t size_bytes() const override { return member_.size_bytes; }
  [[nodiscard]] std::size_t piece_count() const override {
    return static_cast<std::size_t>((size_bytes() + k_piece_bytes - 1) / k_piece_bytes);
  }
  [[nodiscard]] Piece piece(std::size_t index) const override {
    const std::uint64_t offset = index * k_piece_bytes;
    return {offset, static_cast<std::uint32_t>(std::min(k_piece_bytes, size_bytes() - offset))};
  }

  [[nodiscard]] base::Status read_piece(std::size_t index, std::vector<std::uint8_t>& into) override {
    const Piece wanted = piece(index);
    into.assign(wanted.length_bytes, 0);
    const bool is_sparse = member_.extras != nullptr && member_.extras->is_sparse;
    base::Status status = is_sparse ? read_parts(wanted, into) : read_stored(wanted.offset_bytes, into);
    if (!status.ok()) into.clear();
    return status;
  }

 private:
  /// Of a sparse member: what lies in [offset, offset + length) of the file is one run of the stored bytes.
  base::Status read_parts(const Piece& wanted, std::vector<std::uint8_t>& into) {
    const std::vector<SparsePart>& parts = member_.extras->parts;
    const std::uint64_t begin = wanted.offset_bytes;
    const std::uint64_t end = begin + wanted.length_bytes;
    auto part = std::partition_point(parts.begin(), parts.end(), [begin](const SparsePart& one) {
      return one.offset_bytes + one.length_bytes <= begin;
    });
    std::vector<std::uint8_t> stored;
    std::uint64_t stored_from = 0;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> runs;  // where in the piece, how long
    for (; part != parts.end() && part->offset_bytes < end; ++part) {
      const std::uint64_t from = std::max(begin, part->offset_bytes);
      const std::uint64_t length = std::min(end, part->offset_bytes + part->length_bytes) - from;
      if (length == 0) continue;
      if (runs.empty()) {
        const auto number = static_cast<std::size_t>(part - parts.begin());
        stored_from = member_.extras->part_starts[number] + (from - part->offset_bytes);
      }
      runs.emplace_back(from - begin, length);
      stored.resize(stored.size() + length);
    }
    LG_TRY(read_stored(stored_from, stored));
    auto at = stored.cbegin();
    for (const auto& [to, length] : runs) {
      std::copy_n(at, length, into.begin() + static_cast<std::ptrdiff_t>(to));
      at += static_cast<std::ptrdiff_t>(length);
    }
    return base::Done{};
  }

  /// `into.size()` stored bytes from `from` on, a range that the member has.
  base::Status read_stored(std::uint64_t from, std::span<std::uint8_t> into) {
    if (into.empty()) return base::Done{};
    if (from + into.size() > member_.held_bytes) {
      return base::Error{
          .code = base::ErrorCode::damaged_source,
          .what = fmt::format("cannot read bytes {} to {} of a member of '{}': the archive holds {} of them", from,
                              from + into.size(), base::printable(archive_.path()), member_.held_bytes),
          .path = archive_.path(),
          .offset_bytes = member_.data_offset + member_.held_bytes,
          .system_errno = 0,
          .hint = {}};
    }
    if (archive_.packing() == Packing::none || member_.held_bytes > k_kept_bytes_max) {
      return archive_.read(member_.data_offset + from, into);
    }
    const std::lock_guard lock(keeping_);
    if (kept_.empty()) {
      std::vector<std::uint8_t> whole(static_cast<std::size_t>(member_.held_bytes));
      LG_TRY(archive_.read(member_.data_offset, whole));
      kept_ = std::move(whole);
    }
    std::copy_n(kept_.begin() + static_cast<std::ptrdiff_t>(from), into.size(), into.begin());
    return base::Done{};
  }

  TarArchive& archive_;
  const Member& member_;
  std::mutex keeping_;
  std::vector<std::uint8_t> kept_;
};

}  // namespace

std::unique_ptr<Content> open_member(TarArchive& archive, const Member& member) {
  return std::make_unique<MemberContent>(archive, member);
}

}  // namespace lastgood::sources::tar
