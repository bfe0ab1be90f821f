// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What restoring costs apart from reading backups: files from a source in memory into FOLDER (on tmpfs).
//   restore_speed FOLDER small [FILES]     files of 1-16 KiB, 200 in a folder
//   restore_speed FOLDER large [MEBIBYTES] files of 256 MiB
// Says wall time, user and system time, files and bytes a second.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <filesystem>

#include "recovery/restore_plan.h"
#include "sources/testing/fake_source.h"

namespace {

using namespace lastgood;

class Quiet final : public recovery::RestoreProgress {
 public:
  void restoring(const recovery::RestoreTally& /*tally*/) override {}
  void step(const std::string& what) override {
    const std::chrono::duration<double> at = std::chrono::steady_clock::now() - began_;
    std::printf("%8.3f s  %s\n", at.count(), what.c_str());
  }
  [[nodiscard]] bool cancelled() const override { return false; }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

std::string random_bytes(std::size_t bytes, std::uint64_t seed) {
  std::string out(bytes, '\0');
  for (std::size_t i = 0; i < bytes; ++i) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    out[i] = static_cast<char>(seed >> 56);
  }
  return out;
}

double cpu_seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

recovery::Plan all_of(sources::Source& source, const std::vector<std::string>& folders) {
  recovery::Plan plan;
  plan.sources.push_back({.name = "fake", .address = "fake:", .format = "fake"});
  plan.snapshots.push_back({.source = 0, .id = "s", .time_ns = 1});
  for (const std::string& path : folders) {
    recovery::PlanItem folder;
    folder.path = path;
    folder.kind = model::EntryKind::folder;
    plan.items.push_back(folder);
    const sources::Folder read = source.read_folder("s:" + path).value();
    for (const model::TreeEntry& entry : read.entries) {
      recovery::PlanItem item;
      item.path = path + "/" + entry.name;
      item.size_bytes = entry.content.size_bytes;
      item.content_key = entry.content.key;
      plan.items.push_back(item);
    }
  }
  return plan;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string folder = argv[1];
  const bool small = std::string(argv[2]) == "small";
  const unsigned long amount = argc > 3 ? std::stoul(argv[3]) : small ? 40'000 : 2048;
  sources::testing::FakeSource source;
  source.add_snapshot("s", 1);
  source.piece_bytes = std::size_t{1} << 20;
  std::vector<std::string> folders;
  for (unsigned long i = 0; i < (small ? amount : amount / 256); ++i) {
    if (i % 200 == 0) folders.push_back("/d" + std::to_string(i / 200));
    const std::size_t bytes = small ? 1024 + (i * 7919) % 15360 : std::size_t{256} << 20;
    source.put_file("s", folders.back() + "/file" + std::to_string(i), random_bytes(bytes, i));
  }
  recovery::Plan plan = all_of(source, folders);
  std::filesystem::create_directories(folder + "/case");
  auto ledger = ledger::create_ledger(folder + "/case").value();
  recovery::RestoreRequest request;
  request.target = folder + "/target";
  request.journal_folder = folder + "/case";
  request.plan_sha256 = std::string(64, 'a');
  Quiet progress;
  sources::Source* const sources[] = {&source};
  rusage before{};
  ::getrusage(RUSAGE_SELF, &before);
  const auto began = std::chrono::steady_clock::now();
  const auto outcome = recovery::restore_plan(plan, sources, request, progress, *ledger);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  rusage after{};
  ::getrusage(RUSAGE_SELF, &after);
  if (!outcome.ok()) {
    std::fprintf(stderr, "%s\n", outcome.error().what.c_str());
    return 1;
  }
  const double user = cpu_seconds(after.ru_utime) - cpu_seconds(before.ru_utime);
  const double system = cpu_seconds(after.ru_stime) - cpu_seconds(before.ru_stime);
  const double gibibytes = static_cast<double>(outcome.value().tally.bytes) / (1U << 30);
  std::printf(
      "%lu files, %.2f GiB, %lu refused: wall %.3f s, user %.3f s, system %.3f s; %.0f files/s, %.2f GiB/s, %.2f "
      "CPU-s/GiB\n",
      outcome.value().tally.files, gibibytes, outcome.value().tally.refused, wall.count(), user, system,
      static_cast<double>(outcome.value().tally.files) / wall.count(), gibibytes / wall.count(),
      (user + system) / gibibytes);
  return 0;
}
