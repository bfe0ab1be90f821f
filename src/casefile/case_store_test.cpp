// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the database and the fake in memory keep the same promises.
#include "casefile/open_case_store.h"
#include "casefile/testing/backup_store_suite.h"
#include "casefile/testing/investigation_store_suite.h"
#include "casefile/testing/memory_case_store.h"

namespace lastgood::casefile::testing {

namespace {

std::unique_ptr<CaseStore> make_in_memory(const std::string& /*folder*/) { return std::make_unique<MemoryCaseStore>(); }

std::unique_ptr<CaseStore> make_on_disk(const std::string& folder) {
  auto store = create_case_store(folder + "/NAME.case");
  EXPECT_TRUE(store.ok()) << (store.ok() ? "" : store.error().what);
  return store.ok() ? std::move(store).value() : nullptr;
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Memory, CaseStoreSuite, ::testing::Values(StoreMaker{make_in_memory}));
INSTANTIATE_TEST_SUITE_P(Sqlite, CaseStoreSuite, ::testing::Values(StoreMaker{make_on_disk}));
INSTANTIATE_TEST_SUITE_P(Memory, BackupStoreSuite, ::testing::Values(StoreMaker{make_in_memory}));
INSTANTIATE_TEST_SUITE_P(Sqlite, BackupStoreSuite, ::testing::Values(StoreMaker{make_on_disk}));
INSTANTIATE_TEST_SUITE_P(Memory, InvestigationStoreSuite, ::testing::Values(StoreMaker{make_in_memory}));
INSTANTIATE_TEST_SUITE_P(Sqlite, InvestigationStoreSuite, ::testing::Values(StoreMaker{make_on_disk}));

}  // namespace lastgood::casefile::testing
