// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Services of a file that was set in a case, started and stopped with what is said meanwhile kept.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "casefile/testing/memory_case_store.h"
#include "ledger/ledger.h"
#include "os/testing/scratch_folder.h"
#include "readiness/kept_services.h"
#include "readiness/start_services.h"
#include "services/history.h"

namespace lastgood::readiness::testing {

inline void write(const std::string& path, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path) << text;
}

class Quiet final : public StartProgress {
 public:
  void step(const std::string&) override {}
  void waits(const std::string& what, double) override { waited = what; }
  void left(const std::string& sentence, Left) override { told += sentence + "\n"; }
  void reached(const services::HistoryEntry& entry, double) override { told += entry.sentence + "\n"; }
  std::string told;
  std::string waited;
};

class Services : public ::testing::Test {
 protected:
  void SetUp() override {
    auto ledger = ledger::create_ledger(scratch_.path());
    ASSERT_TRUE(ledger.ok());
    ledger_ = std::move(ledger).value();
  }

  services::ServicesFile set(const std::string& text) {
    const std::string path = scratch_.path() + "/own/services.toml";
    write(path, text);
    auto file = set_services(path, store_, *ledger_, scratch_.path());
    EXPECT_TRUE(file.ok()) << file.error().what << file.error().hint;
    return file.ok() ? std::move(file).value().file : services::ServicesFile{};
  }

  base::ErrorCode refused(const std::string& text, const std::string& path) {
    write(path, text);
    auto file = set_services(path, store_, *ledger_, scratch_.path());
    EXPECT_FALSE(file.ok());
    what_ = file.ok() ? "" : file.error().what;
    return file.ok() ? base::ErrorCode::io : file.error().code;
  }

  std::string start(const services::ServicesFile& file, const std::string& service = {}) {
    return run(file, {.case_folder = scratch_.path(), .service = service}, &start_services);
  }

  std::string run(const services::ServicesFile& file, const StartRequest& request, decltype(&start_services) action) {
    Quiet quiet;
    const auto ended = action(file, request, *ledger_, quiet);
    told_ = quiet.told;
    waited_ = quiet.waited;
    EXPECT_TRUE(ended.ok());
    std::string out;
    if (!ended.ok()) return ended.error().what;
    for (const auto& entry : ended.value())
      out += entry.service + " " + std::string(services::name_of(entry.moment)) + "\n";
    sentence_ = ended.value().empty() ? "" : ended.value().back().sentence;
    return out;
  }

  std::string ledger_text() const {
    std::ifstream file(scratch_.path() + "/ledger");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  os::testing::ScratchFolder scratch_;
  casefile::testing::MemoryCaseStore store_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::string what_;
  std::string sentence_;
  std::string told_;
  std::string waited_;
};

}  // namespace lastgood::readiness::testing
