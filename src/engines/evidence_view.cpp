// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/evidence_view.h"

#include <utility>

#include "os/directory_list.h"
#include "os/evidence.h"
#include "os/evidence_entry.h"

namespace lastgood::engines {

namespace {

model::EntryKind entry_kind(os::FileKind kind) {
  switch (kind) {
    case os::FileKind::regular: return model::EntryKind::regular;
    case os::FileKind::directory: return model::EntryKind::folder;
    case os::FileKind::link: return model::EntryKind::link;
    case os::FileKind::other: return model::EntryKind::fifo;
  }
  return model::EntryKind::fifo;
}

class EvidenceView final : public UnitView {
 public:
  EvidenceView(os::Descriptor root, std::string path, std::optional<std::string> outside_root)
      : root_(std::move(root)), path_(std::move(path)), outside_root_(std::move(outside_root)) {}

  [[nodiscard]] base::Result<std::vector<UnitEntry>> list(std::string_view folder) const override {
    LG_ASSIGN(const os::Descriptor directory, os::open_evidence_directory(root_, folder));
    std::vector<UnitEntry> entries;
    const std::string shown = shown_path(folder);
    LG_TRY(os::list_directory(directory, shown, [&](std::string_view name, std::optional<os::FileKind>) {
      entries.push_back({.name = std::string(name)});
      return true;
    }));
    for (UnitEntry& entry : entries) {
      const base::Result<os::FileStatus> status = os::status_at(directory, entry.name, shown);
      if (!status.ok()) {  // gone since it was listed, or not ours to see: opening it will say so
        entry.kind = model::EntryKind::regular;
        continue;
      }
      entry.kind = entry_kind(status.value().kind);
      entry.size_bytes = status.value().size_bytes;
      entry.mtime_ns = status.value().mtime_ns;
      if (entry.kind != model::EntryKind::link) continue;
      // Refused where reading it would leave a trace: what it leads to then counts as not seen.
      base::Result<std::string> target = os::read_link_at(directory, entry.name, shown);
      if (target.ok()) entry.link_target = std::move(target).value();
    }
    return entries;
  }

  [[nodiscard]] base::Result<std::unique_ptr<base::ByteSource>> open(std::string_view file) const override {
    const std::size_t slash = file.rfind('/');
    const std::string_view folder = slash == std::string_view::npos ? std::string_view{} : file.substr(0, slash);
    const std::string name(slash == std::string_view::npos ? file : file.substr(slash + 1));
    LG_ASSIGN(const os::Descriptor directory, os::open_evidence_directory(root_, folder));
    LG_ASSIGN(os::EvidenceFile opened, os::open_evidence_file(directory, name, shown_path(file)));
    return std::unique_ptr<base::ByteSource>(std::make_unique<os::EvidenceFile>(std::move(opened)));
  }

  [[nodiscard]] std::unique_ptr<UnitView> open_outside(std::string_view path) const override {
    if (!outside_root_ || !path.starts_with('/')) return nullptr;
    base::Result<std::unique_ptr<UnitView>> view =
        open_evidence_view(*outside_root_ + std::string(path), outside_root_);
    return view.ok() ? std::move(view).value() : nullptr;
  }

  [[nodiscard]] std::optional<std::string> find_on_this_machine(std::string_view folder) const override {
    const base::Result<os::Descriptor> directory = os::open_evidence_directory(root_, folder);
    if (!directory.ok()) return std::nullopt;
    return os::find_real_path(directory.value(), shown_path(folder));
  }

 private:
  [[nodiscard]] std::string shown_path(std::string_view relative) const {
    if (relative.empty()) return path_;
    return path_ + (path_.ends_with('/') ? "" : "/") + std::string(relative);
  }

  os::Descriptor root_;
  std::string path_;
  std::optional<std::string> outside_root_;
};

}  // namespace

base::Result<std::unique_ptr<UnitView>> open_evidence_view(const std::string& path,
                                                           std::optional<std::string> outside_root) {
  LG_ASSIGN(os::Descriptor root, os::open_evidence_root(path));
  return std::unique_ptr<UnitView>(
      std::make_unique<EvidenceView>(os::hold_access_times(std::move(root)), path, std::move(outside_root)));
}

}  // namespace lastgood::engines
