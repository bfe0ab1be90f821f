// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/since_restored.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <optional>
#include <variant>

#include "base/rfc3339.h"
#include "ledger/read_ledger.h"
#include "os/evidence.h"

namespace lastgood::readiness {

namespace {

bool is_gone(const base::Error& error) { return error.system_errno == ENOENT || error.system_errno == ENOTDIR; }

struct BegunRestore {
  std::int64_t begun_ns = 0;
  std::string plan;
  std::vector<std::string> services;
  std::vector<std::string> databases;
  std::vector<std::string> with_sets;
  bool has_ended = false;
};

/// "2022-11-23T01:36:58Z /srv/pg", the time may be missing.
void take_databases(const ledger::Entry& entry, std::vector<std::string>& paths) {
  const auto named = entry.fields.find("databases");
  const auto* list = named == entry.fields.end() ? nullptr : std::get_if<std::vector<std::string>>(&named->second);
  for (const std::string& one : list == nullptr ? std::vector<std::string>{} : *list)
    paths.push_back(one.substr(one.find(' ') + 1));
}

base::Result<os::FileStatus> status_of_path(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  LG_ASSIGN(const os::Descriptor folder, os::open_evidence_root(path.substr(0, std::max<std::size_t>(slash, 1))));
  return os::status_at(folder, path.substr(slash + 1), path);
}

}  // namespace

base::Result<std::vector<EndedRestore>> read_ended_restores(const std::string& case_folder) {
  std::map<std::string, BegunRestore> begun;  // by journal; one that is resumed was begun before
  std::vector<EndedRestore> out;
  const auto see = [&](const ledger::Entry& entry) {
    const std::string plan = ledger::text_in(entry.fields, "plan_sha256");
    if (entry.kind == "service-data-restored") {
      for (auto& [journal, restore] : begun)
        if (restore.plan == plan) {
          restore.services.push_back(ledger::text_in(entry.fields, "service"));
          take_databases(entry, restore.databases);
          if (!ledger::text_in(entry.fields, "sets_as_of").empty())
            restore.with_sets.push_back(restore.services.back());
        }
    }
    if (!entry.kind.starts_with("restore-")) return;
    const std::string journal = ledger::text_in(entry.fields, "journal");
    const std::int64_t time_ns = base::parse_rfc3339(entry.time).value_or(0);
    if (entry.kind == "restore-begun") begun[journal] = {.begun_ns = time_ns, .plan = plan};
    const auto at = begun.find(journal);
    if (entry.kind != "restore-finished" || at == begun.end()) return;
    if (ledger::text_in(entry.fields, "outcome") != "finished" || ledger::text_in(entry.fields, "mode") != "in-place")
      return;
    // A run that found everything back, or was let do nothing, brings nothing back once more.
    const bool has_placed = ledger::number_in(entry.fields, "files") > 0;
    const bool has_known = ledger::number_in(entry.fields, "items_known") > 0 && !at->second.has_ended;
    if (!has_placed && !has_known) return;
    at->second.has_ended = true;
    out.push_back({.target = ledger::text_in(entry.fields, "target"),
                   .begun_ns = at->second.begun_ns,
                   .ended_ns = time_ns,
                   .services = at->second.services,
                   .databases = at->second.databases,
                   .with_sets = at->second.with_sets});
  };
  LG_ASSIGN([[maybe_unused]] const ledger::ReadLedger read,
            ledger::read_ledger(case_folder + "/ledger", {},
                                [&](const ledger::Entry& entry, std::string_view, std::uint64_t) { see(entry); }));
  return out;
}

std::int64_t restored_since(const std::vector<EndedRestore>& restores, const model::Scan& scan, std::string_view path) {
  std::int64_t ended_ns = 0;
  for (const EndedRestore& restore : restores) {
    const std::string below = restore.target.ends_with('/') ? restore.target : restore.target + "/";
    const bool reaches = path == restore.target || path.starts_with(below);
    if (reaches && scan.finished_ns != 0 && restore.begun_ns >= scan.finished_ns)
      ended_ns = std::max(ended_ns, restore.ended_ns);
  }
  return ended_ns;
}

std::int64_t service_restored(const std::vector<EndedRestore>& restores, std::string_view service) {
  std::int64_t ended_ns = 0;
  for (const EndedRestore& restore : restores) {
    if (std::find(restore.services.begin(), restore.services.end(), service) != restore.services.end())
      ended_ns = std::max(ended_ns, restore.ended_ns);
  }
  return ended_ns;
}

std::int64_t data_restored(const std::vector<EndedRestore>& restores, const services::ServicesFile& file,
                           const services::Service& service, const services::DataUnit& data) {
  std::int64_t ended_ns = service_restored(restores, service.id);
  // Of a server's database the ledger says itself whether it came back, of others which service's they were.
  if (data.kind == services::DataKind::postgresql || data.kind == services::DataKind::mariadb) {
    const std::optional<EndedRestore> restored = database_restored(restores, data.path);
    return restored ? std::max(ended_ns, restored->ended_ns) : ended_ns;
  }
  for (const services::Service& other : file.services) {
    const bool has_same = std::any_of(other.data.begin(), other.data.end(), [&](const services::DataUnit& one) {
      return one.path == data.path && one.kind == data.kind;
    });
    for (const EndedRestore& restore : has_same ? restores : std::vector<EndedRestore>{}) {
      const auto& of = data.kind == services::DataKind::files ? restore.services : restore.with_sets;
      if (std::find(of.begin(), of.end(), other.id) != of.end()) ended_ns = std::max(ended_ns, restore.ended_ns);
    }
  }
  return ended_ns;
}

std::map<std::string, EndedRestore> restored_in_place(const std::vector<EndedRestore>& restores,
                                                      const services::ServicesFile& file) {
  std::map<std::string, EndedRestore> out;
  const auto take = [&](const std::string& path, const EndedRestore& restore) {
    const auto at = out.find(path);
    if (at == out.end() || restore.ended_ns >= at->second.ended_ns) out[path] = restore;
  };
  for (const EndedRestore& restore : restores) {
    for (const std::string& path : restore.databases) take(path, restore);
    for (const std::string& id : restore.with_sets) {
      const services::Service* const service = file.find(id);
      for (const services::DataUnit& data : service == nullptr ? std::vector<services::DataUnit>{} : service->data) {
        if (data.kind == services::DataKind::sqlite || data.kind == services::DataKind::orthanc)
          take(data.path, restore);
      }
    }
  }
  return out;
}

std::optional<EndedRestore> database_restored(const std::vector<EndedRestore>& restores, std::string_view path) {
  std::optional<EndedRestore> out;
  for (const EndedRestore& restore : restores) {
    const bool has_it = std::find(restore.databases.begin(), restore.databases.end(), path) != restore.databases.end();
    if (has_it && (!out || restore.ended_ns >= out->ended_ns)) out = restore;
  }
  return out;
}

bool is_there(const std::string& path) { return path.starts_with('/') && status_of_path(path).ok(); }

bool is_as_scanned(const model::FileRecord& file) {
  if (file.path.find('/') == std::string::npos) return true;
  const auto status = status_of_path(file.path);
  if (!status.ok()) return !is_gone(status.error());
  return status.value().size_bytes == file.size_bytes && status.value().mtime_ns == file.mtime_ns;
}

}  // namespace lastgood::readiness
