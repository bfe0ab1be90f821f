// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A content of the plan's source in which lost pieces are looked for in other versions. A piece is filled when the
// source's own digest of it proves it; where there is no digest, from a version that is proven, as a whole, to be the
// same content (SHA-256 known to the case), or, outside of units, from one of the same path, size and time that was
// judged good, whose store names its pieces by digests, and that agrees in every byte that both can read.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "recovery/restore/restore_run.h"
#include "sources/content_bytes.h"

namespace lastgood::recovery::restore {

/// Any thread, several at once; while a lost piece is looked for, others that look for theirs wait.
class FilledContent final : public sources::Content {
 public:
  /// REQUIRES: `run` outlives this.
  FilledContent(RestoreRun& run, std::uint32_t item, std::unique_ptr<sources::Content> content)
      : run_(run), item_(item), content_(std::move(content)) {}

  [[nodiscard]] std::uint64_t size_bytes() const override { return content_->size_bytes(); }
  [[nodiscard]] std::size_t piece_count() const override { return content_->piece_count(); }
  [[nodiscard]] Piece piece(std::size_t index) const override { return content_->piece(index); }
  [[nodiscard]] base::Status read_piece(std::size_t index, std::vector<std::uint8_t>& into) override;
  [[nodiscard]] const os::EvidenceFile* own_file() const override { return content_->own_file(); }
  [[nodiscard]] Proof prove_piece(std::size_t index, base::ByteView bytes) override {
    return content_->prove_piece(index, bytes);
  }

  /// What was filled in [from, to); each fill is given once.
  [[nodiscard]] std::vector<FilledEntry> take_fills(std::uint64_t from, std::uint64_t to);

 private:
  struct Other {
    OtherVersion version;
    std::unique_ptr<sources::ContentBytes> bytes;  // null: not opened yet, or useless
    enum class State : std::uint8_t { new_, open, useless } state = State::new_;
    std::uint32_t wrong_pieces = 0;  // in a row, without a right one ever
    bool gave_one = false;
    std::optional<bool> is_same_content;  // nothing: not looked at yet
    FillProof proof = FillProof::compared;
    std::uint64_t compared_bytes = 0;
  };

  [[nodiscard]] bool fill(std::size_t index, std::vector<std::uint8_t>& into);
  void find_others();
  [[nodiscard]] bool open(Other& other);
  [[nodiscard]] bool gives_piece(Other& other, std::size_t index, std::vector<std::uint8_t>& into);
  [[nodiscard]] bool is_same_content(Other& other);
  [[nodiscard]] bool decide_same_content(Other& other);
  [[nodiscard]] bool has_digest(Other& other, const base::Sha256Digest& digest);
  [[nodiscard]] bool agrees(Other& other);
  [[nodiscard]] bool stopped() const { return run_.stop.load(std::memory_order_relaxed); }

  RestoreRun& run_;
  std::uint32_t item_;
  std::unique_ptr<sources::Content> content_;
  std::mutex filling_;
  bool looked_ = false;
  std::vector<Other> others_;
  std::vector<FilledEntry> fills_;
};

/// The file's content as its source has it. ErrorCode::damaged_source: not one byte of it can be asked for.
[[nodiscard]] base::Result<std::unique_ptr<FilledContent>> open_filled_content(RestoreRun& run,
                                                                               const RestoreFile& file);

}  // namespace lastgood::recovery::restore
