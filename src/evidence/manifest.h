// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What one piece of evidence consists of: `CASE/evidence/ID/manifest`, a line of JSON for each file, and
// `CASE/evidence/ID/states`, 32 bytes for each block but a file's last (format.md, "Evidence"). Their SHA-256 stand in
// the ledger.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "evidence/custody.h"
#include "evidence/locate_change.h"
#include "os/atomic_file.h"

namespace lastgood::evidence {

enum class FileState : std::uint8_t {
  read,
  changed,     // while it was read: size or time differed afterwards
  unreadable,  // `why` says why
  not_a_file,  // a link, a device node, ...: named, not read
};
std::string_view name_of(FileState state);

struct ManifestFile {
  std::uint64_t number = 0;  // from 1; names its kept copy
  std::string path;          // in the folder; of a single file or device, its name
  FileState state = FileState::read;
  std::string why;
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;
  std::string sha256;
  std::string sha1;
  std::string md5;
  std::uint64_t block_bytes = 0;
  std::uint64_t first_state = 0;  // number of its first state in `states`
  [[nodiscard]] bool has_content() const { return state == FileState::read || state == FileState::changed; }
};

std::string write_manifest_line(const ManifestFile& file);
/// nullopt when `line` is not what write_manifest_line writes.
[[nodiscard]] std::optional<ManifestFile> parse_manifest_line(std::string_view line);

/// "CASE/evidence/E-0001" and what lies in it; "CASE/kept/E-0001/000001" for kept copies.
std::string item_folder(const std::string& case_folder, const std::string& id);
std::string kept_folder(const std::string& case_folder, const std::string& id);
std::string kept_name(std::uint64_t number);

using ManifestVisitor = std::function<base::Status(const ManifestFile& file)>;
/// Checks the manifest against the ledger's digest first. ErrorCode::damaged_container with the first line that is not
/// as it was written, as far as that can be told.
[[nodiscard]] base::Status visit_manifest(const std::string& case_folder, const EvidenceItem& item,
                                          const ManifestVisitor& visitor);

/// The states of one file among those kept. One thread at a time.
class KeptStates final : public BlockStates {
 public:
  KeptStates(std::shared_ptr<base::ByteSource> states, std::uint64_t first)
      : states_(std::move(states)), first_(first) {}
  [[nodiscard]] base::Result<base::Sha256Digest> state_behind(std::uint64_t block) override;

 private:
  static constexpr std::size_t k_ahead = 2048;  // states read at once
  std::shared_ptr<base::ByteSource> states_;
  std::uint64_t first_;
  std::uint64_t window_first_ = 0;
  std::string window_;
};
/// Checked against the ledger's digest first.
[[nodiscard]] base::Result<std::shared_ptr<base::ByteSource>> open_states(const std::string& case_folder,
                                                                          const EvidenceItem& item);

}  // namespace lastgood::evidence
