// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/kept_folders.h"

#include <algorithm>
#include <utility>

#include "base/checksum.h"
#include "os/directory_list.h"
#include "os/evidence_entry.h"

namespace lastgood::recovery::restore {

namespace {

constexpr std::size_t k_hashed_bytes = std::size_t{1} << 20;
constexpr int k_kept_depth_max = 256;

class KeptWalk {
 public:
  KeptWalk(std::string shown, KeptLook look, const KeptVisit& visit)
      : shown_(std::move(shown)), look_(look), visit_(visit), buffer_(k_hashed_bytes) {}

  base::Status walk(const os::Descriptor& folder, const std::string& below, int depth) {
    if (depth > k_kept_depth_max)
      return base::Error{
          .code = base::ErrorCode::limit_reached, .what = "too deep a folder", .path = shown_ + "/" + below};
    std::vector<std::string> names;
    LG_TRY(os::list_directory(folder, shown_ + "/" + below, [&](std::string_view name, std::optional<os::FileKind>) {
      names.emplace_back(name);
      return true;
    }));
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      const std::string path = below.empty() ? name : below + "/" + name;
      LG_ASSIGN(const os::FileStatus status, os::status_at(folder, name, shown_ + "/" + path));
      if (status.kind == os::FileKind::directory) {
        LG_ASSIGN(os::Descriptor inside, os::open_evidence_directory(folder, name));
        LG_TRY(walk(os::hold_access_times(std::move(inside)), path, depth + 1));
        continue;
      }
      KeptFile file{.path = path, .kind = static_cast<std::uint8_t>(status.kind)};
      if (status.kind == os::FileKind::regular) file.size_bytes = status.size_bytes;
      if (look_ == KeptLook::contents) LG_TRY(hash(folder, name, status.kind, file));
      LG_TRY(visit_.found(std::move(file)));
    }
    return base::Done{};
  }

 private:
  base::Status hash(const os::Descriptor& folder, const std::string& name, os::FileKind kind, KeptFile& file) {
    const std::string shown = shown_ + "/" + file.path;
    base::Sha256 digest;
    if (kind == os::FileKind::link) {
      LG_ASSIGN(const std::string target, os::read_link_at(folder, name, shown));
      digest.update(base::ByteView(std::string_view(target)));
    } else if (kind == os::FileKind::regular) {
      LG_ASSIGN(os::EvidenceFile content, os::open_evidence_file(folder, name, shown));
      for (std::uint64_t at = 0;;) {
        LG_ASSIGN(const std::size_t got, content.read(at, buffer_));
        if (got == 0) break;
        digest.update(base::ByteView(std::span<const std::uint8_t>(buffer_).first(got)));
        at += got;
        if (visit_.read) LG_TRY(visit_.read(got));
      }
    }
    file.sha256 = digest.finish();
    return base::Done{};
  }

  std::string shown_;
  KeptLook look_;
  const KeptVisit& visit_;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace

base::Status walk_kept_folder(os::Descriptor folder, const std::string& shown, KeptLook look, const KeptVisit& visit) {
  KeptWalk walk(shown, look, visit);
  return walk.walk(os::hold_access_times(std::move(folder)), {}, 0);
}

}  // namespace lastgood::recovery::restore
