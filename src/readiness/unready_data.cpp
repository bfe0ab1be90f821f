// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/unready_data.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "engines/evidence_view.h"
#include "engines/startable_mode.h"
#include "engines/unit.h"
#include "os/swap_folder.h"
#include "recovery/fault_in_place.h"
#include "recovery/stands_as_seen.h"
#include "recovery/unit_copies.h"
#include "services/leave_out.h"

namespace lastgood::readiness {

using services::DataKind;

std::string describe_struck(const services::Service& service, const services::DataUnit& data,
                            const recovery::SeenFiles& seen) {
  const bool is_database =
      data.kind == DataKind::postgresql || data.kind == DataKind::mariadb || data.kind == DataKind::sqlite;
  if (!is_database || data.regenerable == services::Regenerable::yes) return {};
  const recovery::StruckStill still = recovery::find_struck_still(seen, data.path);
  if (still.files == 0) return {};
  return fmt::format(
      "{} of its {} still encrypted, as the newest scan saw ('{}'), and nothing is started on it: 'lastgood restore "
      "--service {} --in-place' brings it back; what was put there by other means a new scan sees",
      still.files == 1 ? "a file" : base::counted(still.files, "file"),
      fmt::format("{} {}", data.name, still.files == 1 ? "is" : "are"), base::printable(still.first), service.id);
}

namespace {

/// An empty folder, or one of settings alone, is no database that lacks something: its server says so itself.
bool is_unit(const std::string& path) {
  const auto view = engines::open_evidence_view(path);
  if (!view.ok()) return false;
  auto entries = view.value()->list("");
  if (!entries.ok()) return false;
  std::sort(entries.value().begin(), entries.value().end(),
            [](const engines::UnitEntry& a, const engines::UnitEntry& b) { return a.name < b.name; });
  return !engines::find_units_in(*view.value(), "", entries.value()).empty();
}

}  // namespace

base::Result<std::set<std::string>> find_data_gone(const services::ServicesFile& file, casefile::CaseStore& store) {
  using recovery::LeftHere;
  std::set<std::string> out;
  for (const services::Service* service : services::with_left_out(file)) {
    for (const services::DataUnit& data : service->data) {
      if (data.regenerable == services::Regenerable::yes || data.path.empty()) continue;
      LG_ASSIGN(const LeftHere left, recovery::find_left_here(store, data.path));
      bool is_gone = left == LeftHere::emptied || left == LeftHere::gone;
      const bool is_server = !std::string_view(engines::server_account(services::name_of(data.kind))).empty();
      const bool is_emptied = is_server && recovery::what_stands_at(data.path) == recovery::Stands::emptied;
      if (!services::are_plain_files(data.kind) && !is_gone && (left == LeftHere::nothing || is_emptied)) {
        LG_ASSIGN(const auto copies, recovery::find_unit_copies(store, data.path));
        is_gone = !copies.empty();
      }
      if (is_gone) out.insert(data.path);
    }
  }
  return out;
}

std::string describe_nothing_there(const services::Service& service, const services::DataUnit& data) {
  const bool are_files = services::are_plain_files(data.kind);
  return fmt::format(
      "nothing{0} stands at '{1}', where its {2} belongs; {3}. Is its disk mounted? Where it is, 'lastgood scan' of "
      "the folder around it and then 'lastgood restore --service {4} --in-place' bring it back{5}",
      recovery::what_stands_at(data.path) == recovery::Stands::emptied ? " but an empty file or folder" : "",
      base::printable(data.path), are_files ? "data" : data.name,
      are_files ? "what is written now may hide what the newest scan saw there"
                : "nothing is started, as a program may make an empty one",
      service.id, are_files ? "" : "; one that is to begin empty is started by hand");
}

std::string describe_fault(const services::Service& service, const services::DataUnit& data,
                           const std::vector<std::string>& roots, const std::function<bool()>& goes_on) {
  const bool is_server = data.kind == DataKind::postgresql || data.kind == DataKind::mariadb;
  if (!is_server || data.regenerable == services::Regenerable::yes || !is_unit(data.path)) return {};
  const recovery::FaultInPlace fault =
      recovery::find_fault_in_place(std::string(services::name_of(data.kind)), data.path, roots, goes_on);
  if (fault.sentence.empty()) return {};
  return fmt::format(
      "what stands in its {0} is damaged: {1}; nothing is started on it: 'lastgood scan {2}', and then 'lastgood plan "
      "--service {3}' says what can be done. Where it is right as it stands (one that keeps a part of its files "
      "elsewhere may look so), start it by hand: 'lastgood services start' takes one that is up as started",
      data.name, fault.sentence, base::printable(data.path), service.id);
}

std::string describe_ended_sessions(std::string_view answer) {
  if (answer.find("could not access file") == std::string_view::npos) return {};
  return "; the server runs, and a setting of the database, or of the account that asks, makes each session load that "
         "file: in another database of it (postgres, template1) 'SELECT * FROM "
         "pg_db_role_setting' shows which, and 'ALTER DATABASE NAME RESET local_preload_libraries' (or "
         "session_preload_libraries; 'ALTER ROLE NAME RESET ...' where it is an account's) takes it out";
}

std::string describe_root_owned(const services::Service& service) {
  std::string out;
  for (const services::DataUnit& data : service.data) {
    const std::string account = engines::server_account(services::name_of(data.kind));
    const auto owner = os::folder_owner(data.path);
    if (!account.empty() && owner.ok() && owner.value().user_id == 0)
      out += fmt::format("; {0} belongs to root: its server starts after 'chown -R {1}: {0}'",
                         base::printable(data.path), account);
  }
  return out;
}

}  // namespace lastgood::readiness
