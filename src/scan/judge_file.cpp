// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "scan/judge_file.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/observed_source.h"
#include "base/watched_source.h"

namespace lastgood::scan {

namespace {

using inspect::JudgedFile;

bool changed(const os::FileStatus& before, const os::FileStatus& after) {
  return before.size_bytes != after.size_bytes || before.mtime_ns != after.mtime_ns ||
         before.ctime_ns != after.ctime_ns;
}

/// What happened to the file between opening it and `now`.
std::string sentence_of_change(const os::FileStatus& opened, const os::FileStatus& now) {
  if (now.size_bytes > opened.size_bytes)
    return fmt::format("the file grew from {} to {} bytes while it was read: what was added was not looked at",
                       opened.size_bytes, now.size_bytes);
  if (now.size_bytes < opened.size_bytes)
    return fmt::format("the file shrank from {} to {} bytes while it was read", opened.size_bytes, now.size_bytes);
  return "the file was changed while it was read";
}

/// An inspection makes the digest itself at full depth, but for empty contents and where a GiB of hole follows.
base::ObservedSource::Digest digest_for(const os::FileStatus& file, model::Depth depth) {
  constexpr std::uint64_t k_hole_bytes = 1U << 30U;
  const bool is_made_anyway = depth == model::Depth::full && file.size_bytes > 0 &&
                              file.size_bytes - std::min(file.size_bytes, file.allocated_bytes) < k_hole_bytes;
  return is_made_anyway ? base::ObservedSource::Digest::left_out : base::ObservedSource::Digest::made;
}

/// At full depth an inspection goes through all of it itself.
base::ObservedSource::Gaps gaps_for(model::Depth depth) {
  return depth == model::Depth::full ? base::ObservedSource::Gaps::left : base::ObservedSource::Gaps::read;
}

class Judge {
 public:
  Judge(const os::Descriptor& folder, const std::string& name, const inspect::InspectOptions& options,
        inspect::FileSearch* search)
      : folder_(folder), name_(name), options_(options), search_(search) {}

  JudgedFile judge(std::string path) {
    auto opened = os::open_evidence_file(folder_, name_, path);
    if (!opened.ok()) {
      if (search_ != nullptr) search_->note_unreadable();
      judged_.record = inspect::unreadable_record(std::move(path), opened.error());
      return std::move(judged_);
    }
    judged_.record.path = std::move(path);
    os::EvidenceFile file = std::move(opened).value();
    std::unique_ptr<inspect::FileLook> look = look_at(file);
    std::optional<os::EvidenceFile> newer = note_changes(file);
    if (newer) {
      look.reset();  // of two looks the last one counts
      look = look_at(*newer);
    }
    if (change_) {
      judged_.record.certainty = model::Certainty::weak;
      judged_.record.reasons.push_back({.rule = "changed", .sentence = std::move(*change_)});
    }
    if (look != nullptr) judged_.searched = look->finish(looked_digest_);
    if (inspect::is_suspicious(judged_.record.verdict)) inspect::add_name_contacts(name_, judged_);
    for (model::Sighting& sighting : judged_.sightings) sighting.path = judged_.record.path;
    return std::move(judged_);
  }

 private:
  std::unique_ptr<inspect::FileLook> look_at(os::EvidenceFile& file) {
    judged_.record.size_bytes = file.size_bytes();
    judged_.record.mtime_ns = file.status().mtime_ns;
    judged_.record.ctime_ns = file.status().ctime_ns;
    if (search_ == nullptr) {
      keep_inspection(inspect::inspect_content(file, name_, options_), judged_);
      return nullptr;
    }
    auto look = search_->begin(file, &file, judged_.record.path);
    const std::function<bool()> goes_on = [this] { return !options_.goes_on || options_.goes_on(); };
    base::WatchedSource watched(file, goes_on);
    base::ObservedSource source(watched, *look, digest_for(file.status(), options_.depth), gaps_for(options_.depth));
    const std::uint64_t before_bytes = judged_.record.bytes_read;
    keep_inspection(inspect::inspect_content(source, name_, options_), judged_);
    const auto digest = source.finish();
    judged_.record.bytes_read = before_bytes + source.bytes_read();
    // Of the millions that hold nothing no digest is kept below full depth.
    looked_digest_ = judged_.record.sha256;
    if (digest) looked_digest_.assign(digest->begin(), digest->end());
    return look;
  }

  /// A file that somebody writes to looks broken for a moment: one more look decides, and the record says so. What is
  /// whole stays whole as far as it was read. Gives the file of that look.
  std::optional<os::EvidenceFile> note_changes(const os::EvidenceFile& file) {
    const auto now = file.status_now();
    if (!now.ok() || !changed(file.status(), now.value())) return std::nullopt;
    change_ = sentence_of_change(file.status(), now.value());
    if (!inspect::is_suspicious(judged_.record.verdict)) return std::nullopt;
    auto opened = os::open_evidence_file(folder_, name_, judged_.record.path);
    if (!opened.ok()) return std::nullopt;
    return std::move(opened).value();
  }

  const os::Descriptor& folder_;
  const std::string& name_;
  const inspect::InspectOptions& options_;
  inspect::FileSearch* search_;
  JudgedFile judged_;
  std::vector<std::uint8_t> looked_digest_;
  std::optional<std::string> change_;
};

}  // namespace

inspect::JudgedFile judge_file(const os::Descriptor& folder, const std::string& folder_path, const std::string& name,
                               const inspect::InspectOptions& options, inspect::FileSearch* search) {
  return Judge(folder, name, options, search).judge(folder_path == "/" ? "/" + name : folder_path + "/" + name);
}

}  // namespace lastgood::scan
