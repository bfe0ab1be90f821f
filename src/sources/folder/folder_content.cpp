// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/folder/folder_content.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/checksum.h"
#include "sources/bad_sector.h"

namespace lastgood::sources::folder {

namespace {

constexpr std::uint64_t k_piece_bytes = 1U << 20;

InodeIdentity identity_of(const os::FileStatus& status) {
  return {.device = status.device,
          .inode = status.inode,
          .size_bytes = status.size_bytes,
          .mtime_ns = status.mtime_ns,
          .ctime_ns = status.ctime_ns};
}

base::Error changed(const std::string& path, std::string_view when) {
  return base::Error{.code = base::ErrorCode::damaged_source,
                     .what = fmt::format("cannot read '{}': it was changed {}", base::printable(path), when),
                     .path = path,
                     .offset_bytes = {},
                     .system_errno = ESTALE,
                     .hint = "stop what writes there, or read from a snapshot of the file system"};
}

class InodeContent final : public Content {
 public:
  InodeContent(os::EvidenceFile file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  [[nodiscard]] std::uint64_t size_bytes() const override { return file_.size_bytes(); }
  [[nodiscard]] std::size_t piece_count() const override {
    return static_cast<std::size_t>((size_bytes() + k_piece_bytes - 1) / k_piece_bytes);
  }
  [[nodiscard]] Piece piece(std::size_t index) const override {
    const std::uint64_t offset = index * k_piece_bytes;
    return {offset, static_cast<std::uint32_t>(std::min(k_piece_bytes, size_bytes() - offset))};
  }
  [[nodiscard]] base::Status read_piece(std::size_t index, std::vector<std::uint8_t>& into) override {
    const Piece wanted = piece(index);
    into.resize(wanted.length_bytes);
    // pread(2) under it: several threads may read at once.
    const auto got = file_.read(wanted.offset_bytes, into);
    if (!got.ok()) return as_damage(got.error());
    LG_ASSIGN(const os::FileStatus now, file_.status_now());
    if (got.value() == into.size() && identity_of(now) == identity_of(file_.status())) return base::Done{};
    into.clear();
    return changed(path_, "while it was read");
  }
  [[nodiscard]] std::uint64_t next_data(std::uint64_t offset_bytes) override { return file_.next_data(offset_bytes); }
  [[nodiscard]] const os::EvidenceFile* own_file() const override { return &file_; }

 private:
  os::EvidenceFile file_;
  std::string path_;
};

}  // namespace

model::ContentKey inode_key(const InodeIdentity& identity) {
  std::string text = "inode";
  for (const std::uint64_t number :
       {identity.device, identity.inode, identity.size_bytes, static_cast<std::uint64_t>(identity.mtime_ns),
        static_cast<std::uint64_t>(identity.ctime_ns)}) {
    for (unsigned shift = 0; shift < 64; shift += 8) text.push_back(static_cast<char>(number >> shift));
  }
  const base::Sha256Digest digest = base::sha256(base::ByteView(std::string_view(text)));
  return {digest.begin(), digest.end()};
}

base::Result<std::unique_ptr<Content>> open_inode(const os::Descriptor& directory, const std::string& name,
                                                  std::string path_for_messages, const model::ContentRef& listed) {
  auto opened = os::open_evidence_file(directory, name, path_for_messages);
  if (!opened.ok() && opened.error().code == base::ErrorCode::not_found)
    return changed(path_for_messages, "since it was listed");
  if (!opened.ok()) return as_damage(std::move(opened).error());
  os::EvidenceFile file = std::move(opened).value();
  if (inode_key(identity_of(file.status())) != listed.key) return changed(path_for_messages, "since it was listed");
  return std::unique_ptr<Content>(std::make_unique<InodeContent>(std::move(file), std::move(path_for_messages)));
}

}  // namespace lastgood::sources::folder
