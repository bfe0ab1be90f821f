// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/tar/tar_archive.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sources/bad_sector.h"
#include "sources/tar/read_index.h"

namespace lastgood::sources::tar {

namespace {

bool is_same(const os::FileStatus& a, const os::FileStatus& b) {
  return a.device == b.device && a.inode == b.inode && a.size_bytes == b.size_bytes && a.mtime_ns == b.mtime_ns &&
         a.ctime_ns == b.ctime_ns;
}

}  // namespace

TarArchive::TarArchive(const os::Descriptor& folder, std::string name, std::string path, Packing packing,
                       os::FileStatus status, std::shared_ptr<UnpackedBlocks> blocks, Form form)
    : folder_(folder),
      name_(std::move(name)),
      path_(std::move(path)),
      packing_(packing),
      status_(status),
      blocks_(std::move(blocks)),
      form_(form) {}

base::Error TarArchive::changed() const {
  return base::Error{.code = base::ErrorCode::damaged_source,
                     .what = fmt::format("cannot read '{}': the archive was changed meanwhile", base::printable(path_)),
                     .path = path_,
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "stop what writes it, then begin again"};
}

base::Status TarArchive::open_and_read() {
  LG_ASSIGN(os::EvidenceFile file, os::open_evidence_file(folder_, name_, path_));
  if (!is_same(file.status(), status_)) return changed();
  file_.emplace(std::move(file));
  bytes_ = open_unpacked(*file_, packing_, path_);
  auto index = std::make_unique<TarIndex>();
  if (form_ == Form::archive) {
    read_index(*bytes_, *index);
  } else {
    Member member;
    member.mode = 0600;
    member.mtime_ns = status_.mtime_ns;
    member.stored_bytes = member.held_bytes = member.size_bytes = status_.size_bytes;
    if (!index->add(name_, std::move(member))) return changed();
  }
  index_ = std::move(index);
  return base::Done{};
}

base::Result<const TarIndex*> TarArchive::index() {
  const std::lock_guard lock(opening_);
  if (!std::exchange(tried_, true)) {
    base::Status status = open_and_read();
    if (!status.ok()) failed_ = std::move(status).error();
  }
  if (failed_) return *failed_;
  return index_.get();
}

std::vector<model::Finding> TarArchive::findings_so_far() const {
  const std::lock_guard lock(opening_);
  return index_ == nullptr ? std::vector<model::Finding>{} : index_->tally().findings();
}

/// Null: it cannot be unpacked so far.
UnpackedBlocks::Block TarArchive::unpack_block(std::uint64_t number) {
  constexpr std::uint64_t k_length = UnpackedBlocks::k_block_bytes;
  // What lies before it is unpacked on the way, and wanted soon by whoever reads by name.
  constexpr std::uint64_t k_behind_bytes = 64 * k_length;
  if (auto known = blocks_->find(this, number)) return known;
  const std::uint64_t target = number * k_length;
  const std::uint64_t behind = target - std::min(target, k_behind_bytes);
  const std::uint64_t at = bytes_->position();
  const bool is_near = at >= behind && at <= target;
  const std::uint64_t next = is_near ? (at + k_length - 1) / k_length : behind / k_length;
  if (!bytes_->seek(next * k_length).ok()) return nullptr;
  UnpackedBlocks::Block block;
  for (std::uint64_t i = next; i <= number; ++i) {
    if (bytes_->position() != i * k_length) return nullptr;
    std::vector<std::uint8_t> made(static_cast<std::size_t>(k_length));
    const auto got = bytes_->read(made);
    if (!got.ok()) return nullptr;
    made.resize(got.value());
    block = std::make_shared<const std::vector<std::uint8_t>>(std::move(made));
    blocks_->put(this, i, block);
  }
  return block;
}

/// False: not all of it can be had this way, and nobody knows yet why.
bool TarArchive::read_from_blocks(std::uint64_t offset_bytes, std::span<std::uint8_t> into) {
  constexpr std::uint64_t k_length = UnpackedBlocks::k_block_bytes;
  for (std::size_t done = 0; done < into.size();) {
    const std::uint64_t at = offset_bytes + done;
    const UnpackedBlocks::Block block = unpack_block(at / k_length);
    const std::size_t within = static_cast<std::size_t>(at % k_length);
    if (block == nullptr || within >= block->size()) return false;
    const std::size_t length = std::min(into.size() - done, block->size() - within);
    std::copy_n(block->begin() + static_cast<std::ptrdiff_t>(within), length,
                into.begin() + static_cast<std::ptrdiff_t>(done));
    done += length;
  }
  return true;
}

base::Status TarArchive::read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) {
  std::size_t got = 0;
  if (packing_ == Packing::none) {
    // pread(2) under it: several threads may read at once.
    const auto read = file_->read(offset_bytes, into);
    if (!read.ok()) return as_damage(read.error());
    got = read.value();
  } else {
    // Long ones are read in order, and would drive all others out.
    constexpr std::size_t k_from_blocks_max = std::size_t{8} << 20U;
    const std::lock_guard lock(unpacking_);
    if (into.size() <= k_from_blocks_max && read_from_blocks(offset_bytes, into)) {
      got = into.size();
    } else {
      LG_TRY(bytes_->seek(offset_bytes));
      if (bytes_->position() == offset_bytes) {
        LG_ASSIGN(got, bytes_->read(into));
      }
    }
  }
  LG_ASSIGN(const os::FileStatus now, file_->status_now());
  if (!is_same(now, status_)) return changed();
  if (got == into.size()) return base::Done{};
  return base::Error{.code = base::ErrorCode::damaged_source,
                     .what = fmt::format("cannot read '{}': {} of {} bytes at {} of the unpacked archive are there",
                                         base::printable(path_), got, into.size(), offset_bytes),
                     .path = path_,
                     .offset_bytes = offset_bytes,
                     .system_errno = 0,
                     .hint = {}};
}

}  // namespace lastgood::sources::tar
