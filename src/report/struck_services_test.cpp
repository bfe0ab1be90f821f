// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the report counts encrypted files of a service's data as services status does.
#include "report/struck_services.h"

#include <gtest/gtest.h>

#include "casefile/testing/memory_case_store.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::report {
namespace {

TEST(StruckServices, AreThoseWithEncryptedFilesThatNoRestoreHasExchangedSince) {
  const os::testing::ScratchFolder scratch;
  casefile::testing::MemoryCaseStore store;
  const std::string share = scratch.path() + "/share";
  std::vector<model::FileRecord> files;
  for (const std::string& path : {share + "/a.csv.bak9", share + "/b.csv.bak9", scratch.path() + "/other/c.bak9"})
    files.push_back({.path = path, .size_bytes = 5, .verdict = model::Verdict::encrypted});
  files.push_back({.path = share + "/good.csv", .size_bytes = 5, .verdict = model::Verdict::intact});
  const std::int64_t id = store.begin_scan({.host = "srv", .roots = {scratch.path()}}).value();
  ASSERT_TRUE(store.record_files(id, files, {}).ok());
  ASSERT_TRUE(store.finish_scan(id, 1000, {}).ok());
  ServicesShare services;
  services.services.push_back({.id = "share", .data_paths = {share, share + "/a.csv.bak9"}});
  services.services.push_back({.id = "wards", .data_paths = {scratch.path() + "/wards"}});
  ASSERT_TRUE(count_struck(store, services).ok());
  EXPECT_EQ(services.services[0].struck, 2U);
  EXPECT_EQ(services.services[1].struck, 0U);
  services.services[0].restored_ns = 2000;
  ASSERT_TRUE(count_struck(store, services).ok());
  EXPECT_EQ(services.services[0].struck, 0U) << "neither stands there any more as the scan saw it";
}

}  // namespace
}  // namespace lastgood::report
