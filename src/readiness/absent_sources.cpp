// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/absent_sources.h"

#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "base/human.h"
#include "recovery/stands_as_seen.h"
#include "sources/open_source.h"

namespace lastgood::readiness {

namespace {

/// Empty: it is there, or nobody can say.
std::string find_absence(const std::string& path) {
  std::error_code trouble;
  const std::filesystem::file_status status = std::filesystem::status(path, trouble);
  if (status.type() == std::filesystem::file_type::not_found)
    return fmt::format("'{}' is not there", base::printable(path));
  if (trouble || !std::filesystem::is_directory(status)) return {};
  return recovery::what_stands_at(path) == recovery::Stands::emptied
             ? fmt::format("'{}' is an empty folder", base::printable(path))
             : std::string();
}

}  // namespace

base::Result<AbsentSources> find_absent_sources(casefile::CaseStore& store) {
  AbsentSources out;
  LG_ASSIGN(const std::vector<model::BackupSource> sources, store.backups().sources());
  for (const model::BackupSource& source : sources) {
    const auto address = sources::parse_source_address(source.address);
    const std::string folder = address.ok() ? sources::local_folder_of(address.value()) : std::string();
    const std::string absence = folder.empty() ? std::string() : find_absence(folder);
    if (!absence.empty()) out.emplace(source.name, absence);
  }
  return out;
}

std::string describe_absent(const std::string& source, const AbsentSources& absent) {
  const auto at = absent.find(source);
  if (at == absent.end()) return {};
  return fmt::format("its copies in '{}' cannot be read now: {} (is it mounted?)", base::printable(source), at->second);
}

std::string describe_absent(const std::vector<recovery::UnitCopy>& copies, const AbsentSources& absent) {
  std::set<std::string> names;
  for (const recovery::UnitCopy& copy : copies) names.insert(copy.source.name);
  std::string out;
  for (const std::string& name : names) {
    const std::string one = describe_absent(name, absent);
    if (!one.empty()) out += (out.empty() ? "" : "; ") + one;
  }
  return out;
}

}  // namespace lastgood::readiness
