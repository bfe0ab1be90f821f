// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Files and sightings for tests of case stores, and what a store shows of them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "casefile/case_store.h"
#include "model/file_record.h"

namespace lastgood::casefile::testing {

using namespace std::string_literals;
using model::Certainty;
using model::FileRecord;
using model::Sighting;
using model::Verdict;

inline FileRecord plain_file(std::string path, Verdict verdict = Verdict::intact) {
  return {.path = std::move(path),
          .size_bytes = 4711,
          .mtime_ns = 1'669'187'220'123'456'789,
          .ctime_ns = -5,
          .verdict = verdict,
          .certainty = Certainty::strong,
          .format = "docx",
          .bytes_read = 131'072};
}

inline FileRecord attacked_file(std::string path) {
  FileRecord out = plain_file(std::move(path), Verdict::partly_encrypted);
  out.original_name = "a\xff.docx";
  out.ranges = {{.from = 0, .to = 4096}, {.from = 8192, .to = UINT64_MAX}};
  out.reasons = {{.rule = "zip.central", .sentence = "points, at: byte 5,\n\"\0\""s}, {.rule = "", .sentence = ""}};
  out.head = {0, 1, 2, 255};
  out.tail = std::vector<std::uint8_t>(model::k_mark_bytes, 0x2C);
  out.sha256 = std::vector<std::uint8_t>(32, 0);
  out.campaign_id = 3;
  return out;
}

inline Sighting sighting_in(std::string path, std::uint64_t offset_bytes, std::string value = "dog@example.org") {
  return {.kind = "email",
          .value = std::move(value),
          .level = "shape",
          .path = std::move(path),
          .offset_bytes = offset_bytes};
}

inline void expect_same(const FileRecord& a, const FileRecord& b) {
  EXPECT_EQ(a.path, b.path);
  EXPECT_EQ(a.size_bytes, b.size_bytes) << a.path;
  EXPECT_EQ(a.mtime_ns, b.mtime_ns) << a.path;
  EXPECT_EQ(a.ctime_ns, b.ctime_ns) << a.path;
  EXPECT_EQ(a.verdict, b.verdict) << a.path;
  EXPECT_EQ(a.certainty, b.certainty) << a.path;
  EXPECT_EQ(a.format, b.format) << a.path;
  EXPECT_EQ(a.bytes_read, b.bytes_read) << a.path;
  EXPECT_EQ(a.original_name, b.original_name) << a.path;
  EXPECT_EQ(a.ranges, b.ranges) << a.path;
  EXPECT_EQ(a.reasons, b.reasons) << a.path;
  EXPECT_EQ(a.head, b.head) << a.path;
  EXPECT_EQ(a.tail, b.tail) << a.path;
  EXPECT_EQ(a.sha256, b.sha256) << a.path;
  EXPECT_EQ(a.campaign_id, b.campaign_id) << a.path;
}

inline std::vector<FileRecord> files_in(CaseStore& store, const FileFilter& filter = {}) {
  std::vector<FileRecord> out;
  const base::Status status = store.visit_files(filter, [&](const FileRecord& file) {
    out.push_back(file);
    return true;
  });
  EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().what);
  return out;
}

inline std::vector<std::string> paths_in(CaseStore& store, const FileFilter& filter = {}) {
  std::vector<std::string> out;
  for (const FileRecord& file : files_in(store, filter)) out.push_back(file.path);
  return out;
}

inline std::vector<Sighting> sightings_in(CaseStore& store, std::int64_t scan_id) {
  std::vector<Sighting> out;
  EXPECT_TRUE(store
                  .visit_sightings(scan_id,
                                   [&](const Sighting& sighting) {
                                     out.push_back(sighting);
                                     return true;
                                   })
                  .ok());
  return out;
}

}  // namespace lastgood::casefile::testing
