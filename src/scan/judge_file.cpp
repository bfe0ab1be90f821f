// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "scan/judge_file.h"

#include <utility>

namespace lastgood::scan {

namespace {

bool changed(const os::FileStatus& before, const os::FileStatus& after) {
  return before.size_bytes != after.size_bytes || before.mtime_ns != after.mtime_ns ||
         before.ctime_ns != after.ctime_ns;
}

bool is_suspicious(model::Verdict verdict) {
  return verdict != model::Verdict::intact && verdict != model::Verdict::protected_;
}

/// Sentences of reasons are for people; intact files by the million do not need theirs kept.
bool keeps_reasons(const inspect::Inspection& inspection) {
  return inspection.verdict != model::Verdict::intact || inspection.certainty == model::Certainty::weak;
}

void take(inspect::Inspection&& inspection, JudgedFile& judged) {
  model::FileRecord& record = judged.record;
  record.verdict = inspection.verdict;
  record.certainty = inspection.certainty;
  record.bytes_read += inspection.bytes_read;
  record.original_name = std::move(inspection.original_name);
  record.ranges = std::move(inspection.ranges);
  if (keeps_reasons(inspection)) record.reasons = std::move(inspection.reasons);
  record.format = std::move(inspection.format);
  record.head = std::move(inspection.head);
  record.tail = std::move(inspection.tail);
  record.sha256 = std::move(inspection.sha256);
  judged.sightings = std::move(inspection.sightings);
  for (model::Sighting& sighting : judged.sightings) sighting.path = record.path;
}

}  // namespace

model::FileRecord unreadable_record(std::string path, const base::Error& error) {
  model::FileRecord record;
  record.path = std::move(path);
  record.verdict = model::Verdict::unreadable;
  record.certainty = model::Certainty::proven;
  record.reasons.push_back({.rule = "unreadable", .sentence = error.what});
  return record;
}

JudgedFile judge_file(const os::Descriptor& folder, const std::string& folder_path, const std::string& name,
                      const inspect::InspectOptions& options) {
  JudgedFile judged;
  std::string path = folder_path == "/" ? "/" + name : folder_path + "/" + name;
  auto opened = os::open_evidence_file(folder, name, path);
  if (!opened.ok()) {
    judged.record = unreadable_record(std::move(path), opened.error());
    return judged;
  }
  os::EvidenceFile file = std::move(opened).value();
  judged.record.path = std::move(path);
  judged.record.size_bytes = file.size_bytes();
  judged.record.mtime_ns = file.status().mtime_ns;
  judged.record.ctime_ns = file.status().ctime_ns;
  take(inspect::inspect_content(file, name, options), judged);
  if (!is_suspicious(judged.record.verdict)) return judged;

  // A file that somebody writes to looks broken for a moment: one more look decides, and the record says so.
  const auto now = file.status_now();
  if (!now.ok() || !changed(file.status(), now.value())) return judged;
  auto again = os::open_evidence_file(folder, name, judged.record.path);
  if (again.ok()) {
    os::EvidenceFile second = std::move(again).value();
    judged.record.size_bytes = second.size_bytes();
    judged.record.mtime_ns = second.status().mtime_ns;
    judged.record.ctime_ns = second.status().ctime_ns;
    take(inspect::inspect_content(second, name, options), judged);
  }
  judged.record.certainty = model::Certainty::weak;
  judged.record.reasons.push_back({.rule = "changed", .sentence = "the file was written to while it was read"});
  return judged;
}

}  // namespace lastgood::scan
