// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "scan/judge_file.h"

#include <utility>

#include <fmt/format.h>

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

void look_again(const os::Descriptor& folder, const std::string& name, const inspect::InspectOptions& options,
                JudgedFile& judged) {
  auto opened = os::open_evidence_file(folder, name, judged.record.path);
  if (!opened.ok()) return;
  os::EvidenceFile file = std::move(opened).value();
  judged.record.size_bytes = file.size_bytes();
  judged.record.mtime_ns = file.status().mtime_ns;
  judged.record.ctime_ns = file.status().ctime_ns;
  keep_inspection(inspect::inspect_content(file, name, options), judged);
}

/// A file that somebody writes to looks broken for a moment: one more look decides, and the record says so. What is
/// whole stays whole as far as it was read.
void note_changes(const os::EvidenceFile& file, const os::Descriptor& folder, const std::string& name,
                  const inspect::InspectOptions& options, JudgedFile& judged) {
  const auto now = file.status_now();
  if (!now.ok() || !changed(file.status(), now.value())) return;
  if (inspect::is_suspicious(judged.record.verdict)) look_again(folder, name, options, judged);
  judged.record.certainty = model::Certainty::weak;
  judged.record.reasons.push_back({.rule = "changed", .sentence = sentence_of_change(file.status(), now.value())});
}

}  // namespace

inspect::JudgedFile judge_file(const os::Descriptor& folder, const std::string& folder_path, const std::string& name,
                               const inspect::InspectOptions& options) {
  JudgedFile judged;
  std::string path = folder_path == "/" ? "/" + name : folder_path + "/" + name;
  auto opened = os::open_evidence_file(folder, name, path);
  if (!opened.ok()) {
    judged.record = inspect::unreadable_record(std::move(path), opened.error());
    return judged;
  }
  os::EvidenceFile file = std::move(opened).value();
  judged.record.path = std::move(path);
  judged.record.size_bytes = file.size_bytes();
  judged.record.mtime_ns = file.status().mtime_ns;
  judged.record.ctime_ns = file.status().ctime_ns;
  keep_inspection(inspect::inspect_content(file, name, options), judged);
  note_changes(file, folder, name, options, judged);
  if (inspect::is_suspicious(judged.record.verdict)) inspect::add_name_contacts(name, judged);
  for (model::Sighting& sighting : judged.sightings) sighting.path = judged.record.path;
  return judged;
}

}  // namespace lastgood::scan
