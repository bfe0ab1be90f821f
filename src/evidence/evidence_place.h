// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where evidence is read from: one file, all files of a folder, a device, or the copies that the case keeps.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/custody.h"
#include "evidence/manifest.h"
#include "os/evidence.h"
#include "os/evidence_device.h"

namespace lastgood::evidence {

/// What `path` is. A link, a socket or nothing is an error that says so; only a device may be named by a link.
[[nodiscard]] base::Result<SourceKind> kind_at(const std::string& path);

/// Any thread may open; what was opened is one thread's.
class EvidencePlace {
 public:
  /// The original, at its own path or where `path` says it lies now.
  [[nodiscard]] static base::Result<EvidencePlace> original(SourceKind kind, const std::string& path);
  [[nodiscard]] static base::Result<EvidencePlace> kept(const std::string& case_folder, const std::string& id);

  struct Opened {
    std::unique_ptr<base::ByteSource> source;
    std::optional<os::FileStatus> status;  // of a file
    std::int64_t mtime_ns = 0;
  };
  /// `number` names kept copies; `relative` names files of a folder.
  [[nodiscard]] base::Result<Opened> open(std::uint64_t number, const std::string& relative) const;
  /// REQUIRES: a folder or a single file.
  [[nodiscard]] const os::Descriptor& folder() const { return folder_; }

 private:
  enum class Form : std::uint8_t { single_file, folder, device, kept };
  EvidencePlace() = default;
  Form form_ = Form::folder;
  std::string path_;
  os::Descriptor folder_;
};

/// "a/b/c" is "a/b" and "c"; without a slash the folder is "".
struct SplitPath {
  std::string folder;
  std::string name;
};
SplitPath split_path(std::string_view path);

}  // namespace lastgood::evidence
