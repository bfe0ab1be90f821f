// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/filled_content.h"

#include <algorithm>
#include <utility>

#include "recovery/restore/fill_list.h"
#include "recovery/restore/restore_item.h"

namespace lastgood::recovery::restore {

namespace {

/// A version that gave so many wrong pieces and not one right one is another content.
constexpr std::uint32_t k_wrong_pieces_max = 64;

bool is_all_zeros(std::span<const std::uint8_t> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

/// False: not all of it can be read there.
bool read_range(sources::ContentBytes& from, std::uint64_t offset_bytes, std::span<std::uint8_t> into) {
  const auto got = from.read(offset_bytes, into);
  return got.ok() && got.value() == into.size();
}

}  // namespace

base::Status FilledContent::read_piece(std::size_t index, std::vector<std::uint8_t>& into) {
  base::Status read = content_->read_piece(index, into);
  if (read.ok() || read.error().code != base::ErrorCode::damaged_source || run_.request.others == nullptr) return read;
  const std::lock_guard lock(filling_);
  return fill(index, into) ? base::Status(base::Done{}) : read;
}

std::vector<FilledEntry> FilledContent::take_fills(std::uint64_t from, std::uint64_t to) {
  const std::lock_guard lock(filling_);
  std::vector<FilledEntry> out;
  std::erase_if(fills_, [&](const FilledEntry& fill) {
    const bool within = fill.range.from >= from && fill.range.from < to;
    if (within) add_fill(out, fill);
    return within;
  });
  return out;
}

bool FilledContent::fill(std::size_t index, std::vector<std::uint8_t>& into) {
  if (!looked_) find_others();
  // What served once serves again most likely.
  const auto gave_first = [](const Other& a, const Other& b) { return a.gave_one && !b.gave_one; };
  if (!std::is_sorted(others_.begin(), others_.end(), gave_first)) {
    std::stable_sort(others_.begin(), others_.end(), gave_first);
  }
  for (Other& other : others_) {
    if (stopped()) return false;
    if (!open(other) || !gives_piece(other, index, into)) continue;
    other.gave_one = true;
    return true;
  }
  return false;
}

void FilledContent::find_others() {
  looked_ = true;
  const std::lock_guard lock(run_.case_mutex);
  for (OtherVersion& version : run_.request.others->find_versions(run_.plan.items[item_])) {
    others_.push_back({.version = std::move(version)});
  }
}

bool FilledContent::open(Other& other) {
  if (other.state == Other::State::new_) {
    auto content = other.version.source->open_content(other.version.content);
    other.state = content.ok() ? Other::State::open : Other::State::useless;
    if (content.ok()) other.bytes = std::make_unique<sources::ContentBytes>(std::move(content).value());
  }
  return other.state == Other::State::open;
}

bool FilledContent::gives_piece(Other& other, std::size_t index, std::vector<std::uint8_t>& into) {
  const Piece wanted = content_->piece(index);
  const bool is_named = content_->prove_piece(index, {}) != Proof::none;
  if (!is_named && !is_same_content(other)) return false;
  into.resize(wanted.length_bytes);
  if (!read_range(*other.bytes, wanted.offset_bytes, into)) return false;
  const bool is_proven =
      content_->prove_piece(index, base::ByteView(std::span<const std::uint8_t>(into))) == Proof::same;
  if (is_named && !is_proven) {
    if (++other.wrong_pieces < k_wrong_pieces_max || other.gave_one) return false;
    other.state = Other::State::useless;
    other.bytes.reset();
    return false;
  }
  add_fill(fills_, {.item = item_,
                    .range = {wanted.offset_bytes, wanted.offset_bytes + wanted.length_bytes},
                    .proof = is_proven ? FillProof::pieces : other.proof,
                    .compared_bytes = is_proven ? 0 : other.compared_bytes,
                    .from = other.version.name});
  return true;
}

bool FilledContent::is_same_content(Other& other) {
  if (!other.is_same_content) other.is_same_content = decide_same_content(other);
  return *other.is_same_content;
}

bool FilledContent::decide_same_content(Other& other) {
  const PlanItem& item = run_.plan.items[item_];
  if (other.bytes->size_bytes() != content_->size_bytes()) return false;
  std::optional<base::Sha256Digest> digest;
  {
    const std::lock_guard lock(run_.case_mutex);
    digest = run_.request.others->find_digest(item.content_key);
  }
  if (digest) return has_digest(other, *digest);
  const bool may_be_compared = item.unit == PlanItem::k_no_unit && other.version.mtime_ns == item.mtime_ns &&
                               other.version.judged == OtherVersion::Judged::good &&
                               other.version.source->traits().pieces == sources::SourceTraits::Pieces::named_by_digest;
  return may_be_compared && agrees(other);
}

bool FilledContent::has_digest(Other& other, const base::Sha256Digest& digest) {
  base::Sha256 whole;
  std::vector<std::uint8_t> bytes;
  const std::uint64_t size = other.bytes->size_bytes();
  for (std::uint64_t at = 0; at < size; at += bytes.size()) {
    bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(k_read_bytes, size - at)));
    if (stopped() || !read_range(*other.bytes, at, bytes)) return false;
    whole.update(base::ByteView(std::span<const std::uint8_t>(bytes)));
  }
  other.proof = FillProof::whole;
  return whole.finish() == digest;
}

/// Zeros do not count: many a file has them in the same places.
bool FilledContent::agrees(Other& other) {
  std::vector<std::uint8_t> ours;
  std::vector<std::uint8_t> theirs;
  bool any = false;
  for (std::size_t i = 0; i < content_->piece_count(); ++i) {
    if (stopped()) return false;
    const base::Status read = content_->read_piece(i, ours);
    if (!read.ok() && read.error().code != base::ErrorCode::damaged_source) return false;
    if (!read.ok()) continue;
    theirs.resize(ours.size());
    if (!read_range(*other.bytes, content_->piece(i).offset_bytes, theirs)) continue;
    if (ours != theirs) return false;
    other.compared_bytes += ours.size();
    any = any || !is_all_zeros(ours);
  }
  other.proof = FillProof::compared;
  return any;
}

base::Result<std::unique_ptr<FilledContent>> open_filled_content(RestoreRun& run, const RestoreFile& file) {
  const PlanItem& item = run.item(file);
  LG_ASSIGN(std::unique_ptr<sources::Content> content,
            run.sources[file.source]->open_content({item.content_key, item.size_bytes, file.handle}));
  return std::make_unique<FilledContent>(run, file.item, std::move(content));
}

}  // namespace lastgood::recovery::restore
