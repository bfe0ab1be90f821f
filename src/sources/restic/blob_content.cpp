// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/blob_content.h"

#include <algorithm>

#include <fmt/format.h>

namespace lastgood::sources::restic {

namespace {

class BlobContent final : public Content {
 public:
  BlobContent(const BlobIndex& index, const BlobReader& reader, std::vector<BlobId> blobs, BlobLayout layout)
      : index_(index), reader_(reader), blobs_(std::move(blobs)), layout_(std::move(layout)) {}

  [[nodiscard]] std::uint64_t size_bytes() const override { return layout_.size_bytes(); }
  [[nodiscard]] std::size_t piece_count() const override { return blobs_.size(); }
  [[nodiscard]] Piece piece(std::size_t index) const override {
    LG_ASSERT(index < blobs_.size());
    const std::uint64_t from = index == 0 ? 0 : layout_.ends[index - 1];
    return {.offset_bytes = from, .length_bytes = static_cast<std::uint32_t>(layout_.ends[index] - from)};
  }

  [[nodiscard]] base::Status read_piece(std::size_t index, std::vector<std::uint8_t>& into) override {
    const Piece wanted = piece(index);
    const BlobId& id = blobs_[index];
    if (index >= layout_.lost_from && index < layout_.lost_to) return lost(index);
    LG_TRY(reader_.read(id, index_.copies_of(id), k_piece_bytes_max, into));
    // Copies of one blob with different lengths in an index: the bytes are right, the index that gave the place is not.
    if (into.size() == wanted.length_bytes) return base::Done{};
    return base::Error{.code = base::ErrorCode::damaged_source,
                       .what = fmt::format("cannot place blob {}: it has {} bytes, an index says {}", short_hex_of(id),
                                           into.size(), wanted.length_bytes)};
  }

 private:
  [[nodiscard]] base::Error lost(std::size_t index) const {
    const bool known = !index_.copies_of(blobs_[index]).empty();
    return {.code = base::ErrorCode::damaged_source,
            .what = fmt::format("cannot read blob {}: {}", short_hex_of(blobs_[index]),
                                known ? "blobs before and after it are gone, so that its place is unknown"
                                      : "no index and no pack names it")};
  }

  const BlobIndex& index_;
  const BlobReader& reader_;
  std::vector<BlobId> blobs_;
  BlobLayout layout_;
};

/// Puts `lost_bytes` in place of the lost blobs, the first ones as long as a piece may be.
void fill_lost(BlobLayout& layout, std::uint64_t lost_bytes) {
  const std::uint64_t before = layout.lost_from == 0 ? 0 : layout.ends[layout.lost_from - 1];
  std::uint64_t filled = 0;
  for (std::size_t i = layout.lost_from; i < layout.lost_to; ++i) {
    filled += std::min<std::uint64_t>(k_piece_bytes_max, lost_bytes - filled);
    layout.ends[i] = before + filled;
  }
  // What follows was summed up as if the lost part had no length at all.
  for (std::size_t i = layout.lost_to; i < layout.ends.size(); ++i) layout.ends[i] += filled;
}

}  // namespace

BlobLayout lay_out(const BlobIndex& index, const std::vector<BlobId>& blobs, std::uint64_t said_bytes) {
  BlobLayout layout;
  layout.ends.reserve(blobs.size());
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    const std::span<const BlobRecord> copies = index.copies_of(blobs[i]);
    // Copies in packs that are there come first.
    if (copies.empty() || !index.packs().is_present(copies.front().pack())) ++layout.gone;
    if (copies.empty()) {
      if (layout.unknown++ == 0) layout.lost_from = i;
      layout.lost_to = i + 1;
    }
    // A blob longer than a piece may be is refused when it is read; it must not move what follows by gigabytes either.
    layout.ends.push_back(copies.empty() ? 0 : std::min(copies.front().content_bytes(), k_piece_bytes_max));
  }
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    if (i < layout.lost_from || i >= layout.lost_to) end += layout.ends[i];
    layout.ends[i] = end;
  }
  if (layout.unknown == 0 || said_bytes <= end) return layout;
  const std::uint64_t lost_bytes = said_bytes - end;
  const std::uint64_t most = (layout.lost_to - layout.lost_from) * std::uint64_t{k_piece_bytes_max};
  if (lost_bytes <= most) fill_lost(layout, lost_bytes);
  return layout;
}

std::string handle_of(const std::vector<BlobId>& blobs) {
  std::string handle;
  handle.reserve(blobs.size() * BlobId{}.size());
  for (const BlobId& id : blobs) handle += bytes_of(id);
  return handle;
}

base::Result<std::unique_ptr<Content>> open_blob_content(const BlobIndex& index, const BlobReader& reader,
                                                         const model::ContentRef& content) {
  constexpr std::size_t k_id_bytes = BlobId{}.size();
  if (content.handle.size() % k_id_bytes != 0) {
    return base::Error{.code = base::ErrorCode::misuse,
                       .what = fmt::format("cannot open a content by a handle of {} bytes: this source did not give it",
                                           content.handle.size())};
  }
  std::vector<BlobId> blobs;
  blobs.reserve(content.handle.size() / k_id_bytes);
  for (std::size_t at = 0; at < content.handle.size(); at += k_id_bytes) {
    blobs.push_back(*id_from_bytes(std::string_view(content.handle).substr(at, k_id_bytes)));
  }
  BlobLayout layout = lay_out(index, blobs, content.size_bytes);
  return std::unique_ptr<Content>(std::make_unique<BlobContent>(index, reader, std::move(blobs), std::move(layout)));
}

}  // namespace lastgood::sources::restic
