// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/left_running.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "os/atomic_file.h"
#include "os/process_effort.h"
#include "services/check_record.h"

namespace lastgood::readiness {

namespace {

std::string process_path(const std::string& case_folder, const std::string& service) {
  return fmt::format("{}/logs/{}.process", services::services_folder(case_folder), service);
}

std::string line_of(int process) { return fmt::format("{} {}\n", process, os::begun_ticks(process).value_or(0)); }

/// The start command's line first; 0 of one that has ended.
std::vector<int> read_running(const std::string& case_folder, const std::string& service) {
  std::ifstream file(process_path(case_folder, service));
  std::vector<int> out;
  int process = 0;
  std::uint64_t begun = 0;
  while (file >> process >> begun) out.push_back(process > 0 && os::begun_ticks(process) == begun ? process : 0);
  return out;
}

}  // namespace

base::Status keep_left_running(const std::string& case_folder, const std::string& service, int process, int session) {
  std::string lines = process == 0 ? "0 0\n" : line_of(process);
  for (const int one : os::processes_of_session(session)) {
    if (one != process) lines += line_of(one);
  }
  return os::write_atomic_file(process_path(case_folder, service), base::ByteView(std::string_view(lines)),
                               os::Overwrite::yes);
}

std::vector<std::string> services_with_start_of(const services::ServicesFile& file, const services::Service& service) {
  std::vector<std::string> out;
  for (const services::Service& one : file.services) {
    const bool is_same = !service.start.empty() && one.start == service.start && one.user == service.user;
    if (is_same || one.id == service.id) out.push_back(one.id);
  }
  return out;
}

int find_left_running(const std::string& case_folder, const std::vector<std::string>& ids) {
  for (const std::string& service : ids) {
    const std::vector<int> running = read_running(case_folder, service);
    if (!running.empty() && running.front() != 0) return running.front();
  }
  return 0;
}

std::vector<int> find_begun(const std::string& case_folder, const std::vector<std::string>& ids) {
  std::vector<int> out;
  for (const std::string& service : ids) {
    const std::vector<int> running = read_running(case_folder, service);
    std::copy_if(running.begin(), running.end(), std::back_inserter(out), [](int process) { return process != 0; });
  }
  return out;
}

}  // namespace lastgood::readiness
