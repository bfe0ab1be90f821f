// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/left_running.h"

#include <fstream>

#include <fmt/format.h>

#include "os/atomic_file.h"
#include "os/process_effort.h"
#include "services/check_record.h"

namespace lastgood::readiness {

namespace {

std::string process_path(const std::string& case_folder, const std::string& service) {
  return fmt::format("{}/logs/{}.process", services::services_folder(case_folder), service);
}

}  // namespace

base::Status keep_left_running(const std::string& case_folder, const std::string& service, int process) {
  const std::string line = fmt::format("{} {}\n", process, os::begun_ticks(process).value_or(0));
  return os::write_atomic_file(process_path(case_folder, service), base::ByteView(std::string_view(line)),
                               os::Overwrite::yes);
}

int find_left_running(const std::string& case_folder, const std::string& service) {
  std::ifstream file(process_path(case_folder, service));
  int process = 0;
  std::uint64_t begun = 0;
  if (!(file >> process >> begun) || process <= 0) return 0;
  return os::begun_ticks(process) == begun ? process : 0;
}

}  // namespace lastgood::readiness
