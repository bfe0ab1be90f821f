// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/tar/tar_archive.h"

#include <fmt/format.h>

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
                       os::FileStatus status)
    : folder_(folder), name_(std::move(name)), path_(std::move(path)), packing_(packing), status_(status) {}

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
  read_index(*bytes_, *index);
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

base::Status TarArchive::read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) {
  std::size_t got = 0;
  if (packing_ == Packing::none) {
    // pread(2) under it: several threads may read at once.
    const auto read = file_->read(offset_bytes, into);
    if (!read.ok()) return as_damage(read.error());
    got = read.value();
  } else {
    const std::lock_guard lock(unpacking_);
    LG_TRY(bytes_->seek(offset_bytes));
    if (bytes_->position() == offset_bytes) {
      LG_ASSIGN(got, bytes_->read(into));
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
