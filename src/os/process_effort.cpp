// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/process_effort.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace lastgood::os {

namespace {

constexpr std::size_t k_processes_max = 1000;

std::string read_all(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The value behind "name: ".
std::uint64_t value_of(const std::string& text, const std::string& name) {
  const std::size_t at = text.find(name + ": ");
  return at == std::string::npos ? 0 : std::strtoull(text.c_str() + at + name.size() + 2, nullptr, 10);
}

/// Of its stat file what stands behind the name, from the state on; empty: it is not there.
std::string stat_of(int process) {
  const std::string stat = read_all("/proc/" + std::to_string(process) + "/stat");
  const std::size_t name_end = stat.rfind(')');  // a program's name may hold anything
  return name_end == std::string::npos ? std::string() : stat.substr(name_end + 1);
}

std::optional<ProcessEffort> effort_of(int process) {
  const std::string folder = "/proc/" + std::to_string(process);
  const std::string stat = stat_of(process);
  if (stat.empty()) return std::nullopt;
  std::istringstream fields(stat);
  std::string state;
  fields >> state;
  std::string word;
  for (int field = 4; field <= 13; ++field) fields >> word;
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  fields >> user >> system;
  const std::string io = read_all(folder + "/io");
  const auto ticks = static_cast<std::uint64_t>(std::max(1L, ::sysconf(_SC_CLK_TCK)));
  return ProcessEffort{.process = process,
                       .cpu_ms = (user + system) * 1000 / ticks,
                       .bytes = value_of(io, "rchar") + value_of(io, "wchar"),
                       .waits_for_disk = state == "D"};
}

std::vector<int> children_of(int process) {
  std::vector<int> children;
  std::error_code trouble;
  const std::filesystem::directory_iterator threads("/proc/" + std::to_string(process) + "/task", trouble);
  if (trouble) return children;
  for (const auto& thread : threads) {
    std::istringstream text(read_all(thread.path().string() + "/children"));
    for (int child = 0; text >> child;) children.push_back(child);
  }
  return children;
}

}  // namespace

std::optional<std::uint64_t> begun_ticks(int process) {
  std::istringstream fields(stat_of(process));
  std::string word;
  if (!(fields >> word) || word == "Z" || word == "X") return std::nullopt;
  for (int field = 4; field <= 21; ++field) fields >> word;
  std::uint64_t begun = 0;
  return fields >> begun ? std::optional<std::uint64_t>(begun) : std::nullopt;
}

std::vector<int> processes_of_session(int leader) {
  std::vector<int> out;
  std::error_code trouble;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", trouble)) {
    const int process = std::atoi(entry.path().filename().c_str());
    if (process <= 0) continue;
    std::istringstream fields(stat_of(process));
    std::string state;
    int parent = 0;
    int group = 0;
    int session = 0;
    fields >> state >> parent >> group >> session;
    if (session == leader && state != "Z" && state != "X") out.push_back(process);
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string process_name(int process) {
  std::string name = read_all("/proc/" + std::to_string(process) + "/comm");
  while (name.ends_with('\n')) name.pop_back();
  return name;
}

std::vector<ProcessEffort> efforts_below(int first) {
  std::vector<ProcessEffort> efforts;
  std::vector<int> open{first};
  while (!open.empty() && efforts.size() < k_processes_max) {
    const int process = open.back();
    open.pop_back();
    const std::optional<ProcessEffort> effort = effort_of(process);
    if (!effort) continue;
    efforts.push_back(*effort);
    for (const int child : children_of(process)) open.push_back(child);
  }
  return efforts;
}

}  // namespace lastgood::os
