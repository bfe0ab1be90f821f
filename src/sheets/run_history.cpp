// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/run_history.h"

#include <algorithm>
#include <set>

#include "os/append_file.h"
#include "os/directory_list.h"
#include "os/evidence.h"
#include "sheets/run_folder.h"

namespace lastgood::sheets {

namespace {

constexpr std::size_t k_names_max = 100'000;
constexpr std::size_t k_record_bytes_max = std::size_t{1} << 20U;
constexpr std::string_view k_made = "made ";
constexpr std::string_view k_not_made = "not ";

void read_record(const std::string& folder, KeptRun& run) {
  const auto text = os::read_own_file(folder + "/" + std::string(k_run_record), k_record_bytes_max);
  if (!text.ok()) return;  // of an older version, or never finished
  const std::string_view lines = text.value();
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', at), lines.size());
    const std::string_view line = lines.substr(at, end - at);
    at = end + 1;
    if (line.starts_with(k_made)) run.made.emplace_back(line.substr(k_made.size()));
    if (line.starts_with(k_not_made)) run.not_made.emplace_back(line.substr(k_not_made.size()));
  }
}

}  // namespace

std::string write_run_record(const std::vector<PreparedSheet>& sheets) {
  std::string text;
  for (const PreparedSheet& sheet : sheets) {
    if (sheet.id.find('\n') != std::string::npos) continue;  // no id of a services file has one
    text += std::string(sheet.is_on_disk() ? k_made : k_not_made) + sheet.id + "\n";
  }
  return text;
}

base::Result<std::vector<KeptRun>> read_runs(const std::string& to) {
  LG_ASSIGN(const os::Descriptor directory, os::open_evidence_root(to));
  std::vector<std::string> names;
  LG_TRY(os::list_directory(directory, to, [&](std::string_view name, std::optional<os::FileKind>) {
    if (is_run_name(name)) names.emplace_back(name);
    return names.size() < k_names_max;
  }));
  std::sort(names.begin(), names.end(), std::greater<>());
  std::vector<KeptRun> runs;
  for (std::string& name : names) {
    const std::string folder = to + "/" + name;
    if (!os::open_own_file(folder + "/" + std::string(k_run_mark)).ok()) continue;
    KeptRun& run = runs.emplace_back();
    run.name = std::move(name);
    if (os::open_own_file(folder + "/index.html").ok()) run.state = KeptRun::State::whole;
    read_record(folder, run);
  }
  return runs;
}

std::map<std::string, std::string> find_last_made(const std::vector<KeptRun>& runs) {
  std::map<std::string, std::string> last;
  for (const KeptRun& run : runs) {
    if (run.state != KeptRun::State::whole) continue;
    for (const std::string& sheet : run.made) last.emplace(sheet, run.name);
  }
  return last;
}

std::vector<std::string> plan_removal(const std::vector<KeptRun>& runs, std::size_t keep) {
  const auto newest =
      std::find_if(runs.begin(), runs.end(), [](const KeptRun& run) { return run.state == KeptRun::State::whole; });
  std::set<std::string> needed;
  if (newest != runs.end()) {
    const std::map<std::string, std::string> last = find_last_made(runs);
    for (const std::string& sheet : newest->not_made) {
      const auto found = last.find(sheet);
      if (found != last.end()) needed.insert(found->second);
    }
  }
  std::vector<std::string> names;
  std::size_t whole = 0;
  for (const KeptRun& run : runs) {
    const bool is_whole = run.state == KeptRun::State::whole;
    if (is_whole && ++whole <= keep) continue;
    if (!needed.contains(run.name)) names.push_back(run.name);
  }
  return names;
}

}  // namespace lastgood::sheets
