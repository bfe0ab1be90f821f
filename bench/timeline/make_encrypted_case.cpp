// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Puts a finished scan with many encrypted files into a new case: make_encrypted_case CASE FILES
// For measuring what is asked of such a case: time lastgood --case CASE timeline
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "casefile/open_case_store.h"

namespace {

using namespace lastgood;

constexpr std::uint64_t k_batch_files = 20'000;
constexpr std::uint64_t k_folder_files = 200;

model::FileRecord record_of(std::uint64_t number) {
  constexpr std::int64_t k_start_ns = 1'669'167'420'000'000'000;
  model::FileRecord file;
  file.path = fmt::format("/srv/records/{:04}/{:06}/image{:03}.dcm.bak9", number / 1'000'000, number / k_folder_files,
                          number % k_folder_files);
  file.size_bytes = 100'000 + number % 5000;
  // Several threads went through the tree at once: folders are mixed, files of one are near each other.
  const std::uint64_t step = (number / k_folder_files * 2'654'435'761U) % 3'600'000 * 4 + number % k_folder_files;
  file.mtime_ns = k_start_ns + static_cast<std::int64_t>(step) * 1'000'000;
  file.ctime_ns = file.mtime_ns + (number % 10 == 0 ? 3'000'000'000 : 1'000'000);
  file.verdict = model::Verdict::encrypted;
  file.certainty = model::Certainty::strong;
  return file;
}

base::Status make(const std::string& folder, std::uint64_t files) {
  LG_ASSIGN(const auto store, casefile::open_case_store(folder, casefile::Access::write));
  model::Scan scan;
  scan.host = "files1";
  scan.roots = {"/srv/records"};
  LG_ASSIGN(const std::int64_t id, store->begin_scan(scan));
  std::vector<model::FileRecord> batch;
  for (std::uint64_t number = 0; number < files; ++number) {
    batch.push_back(record_of(number));
    if (batch.size() < k_batch_files && number + 1 < files) continue;
    LG_TRY(store->record_files(id, batch, {}));
    batch.clear();
  }
  model::Campaign campaign;
  campaign.extension = ".bak9";
  campaign.file_count = files;
  LG_TRY(store->record_campaigns(id, std::vector<model::Campaign>{campaign}));
  LG_ASSIGN(const model::ScanCounts counts, store->count_files(id));
  return store->finish_scan(id, 1'669'200'000'000'000'000, counts);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: make_encrypted_case CASE FILES (CASE made by 'lastgood case new')\n", stderr);
    return 2;
  }
  const auto made = make(argv[1], std::strtoull(argv[2], nullptr, 10));
  if (made.ok()) return 0;
  std::fprintf(stderr, "%s\n", made.error().what.c_str());
  return 1;
}
