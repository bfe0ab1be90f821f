// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "evidence/evidence_place.h"

#include <utility>

#include "base/misuse.h"
#include "os/evidence_entry.h"

namespace lastgood::evidence {

namespace {

base::Error misuse(const std::string& path, std::string_view why, std::string hint) {
  return base::misuse("cannot take '" + base::printable(path) + "': " + std::string(why), std::move(hint), path);
}

base::Result<os::Descriptor> open_folder_of(const std::string& path) {
  const SplitPath split = split_path(path);
  return os::open_evidence_root(split.folder.empty() ? (path.starts_with('/') ? "/" : ".") : split.folder);
}

}  // namespace

SplitPath split_path(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {.folder = {}, .name = std::string(path)};
  return {.folder = std::string(path.substr(0, slash)), .name = std::string(path.substr(slash + 1))};
}

base::Result<SourceKind> kind_at(const std::string& path) {
  if (os::is_block_device(path)) return SourceKind::device;
  if (path == "/") return SourceKind::folder;
  LG_ASSIGN(const os::Descriptor folder, open_folder_of(path));
  LG_ASSIGN(const os::FileStatus status, os::status_at(folder, split_path(path).name, path));
  switch (status.kind) {
    case os::FileKind::regular: return SourceKind::file;
    case os::FileKind::directory: return SourceKind::folder;
    case os::FileKind::link: return misuse(path, "it is a link", "name what it leads to");
    case os::FileKind::other: break;
  }
  return misuse(path, "it is no file, folder or block device", {});
}

base::Result<EvidencePlace> EvidencePlace::original(SourceKind kind, const std::string& path) {
  EvidencePlace out;
  out.path_ = path;
  if (kind == SourceKind::device) {
    out.form_ = Form::device;
  } else if (kind == SourceKind::file) {
    out.form_ = Form::single_file;
    LG_ASSIGN(out.folder_, open_folder_of(path));
  } else {
    out.form_ = Form::folder;
    LG_ASSIGN(out.folder_, os::open_evidence_root(path));
  }
  if (out.folder_.open()) out.folder_ = os::hold_access_times(std::move(out.folder_));
  return out;
}

base::Result<EvidencePlace> EvidencePlace::kept(const std::string& case_folder, const std::string& id) {
  EvidencePlace out;
  out.form_ = Form::kept;
  out.path_ = kept_folder(case_folder, id);
  LG_ASSIGN(out.folder_, os::open_evidence_root(out.path_));
  return out;
}

base::Result<EvidencePlace::Opened> EvidencePlace::open(std::uint64_t number, const std::string& relative) const {
  if (form_ == Form::device) {
    LG_ASSIGN(auto device, os::open_evidence_device(path_));
    return Opened{.source = std::move(device), .status = {}, .mtime_ns = 0};
  }
  const auto open_in = [](const os::Descriptor& folder, const std::string& name,
                          const std::string& path) -> base::Result<Opened> {
    LG_ASSIGN(os::EvidenceFile file, os::open_evidence_file(folder, name, path));
    const os::FileStatus status = file.status();
    return Opened{
        .source = std::make_unique<os::EvidenceFile>(std::move(file)), .status = status, .mtime_ns = status.mtime_ns};
  };
  if (form_ == Form::single_file) return open_in(folder_, split_path(path_).name, path_);
  if (form_ == Form::kept) return open_in(folder_, kept_name(number), path_ + "/" + kept_name(number));
  const SplitPath split = split_path(relative);
  LG_ASSIGN(const os::Descriptor folder, os::open_evidence_directory(folder_, split.folder));
  return open_in(folder, split.name, path_ + "/" + relative);
}

}  // namespace lastgood::evidence
