// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/since_restored.h"

#include <algorithm>
#include <cerrno>
#include <map>

#include "base/rfc3339.h"
#include "ledger/read_ledger.h"
#include "os/evidence.h"

namespace lastgood::readiness {

namespace {

bool is_gone(const base::Error& error) { return error.system_errno == ENOENT || error.system_errno == ENOTDIR; }

}  // namespace

base::Result<std::vector<EndedRestore>> read_ended_restores(const std::string& case_folder) {
  std::map<std::string, std::int64_t> begun_ns;  // by journal; one that is resumed was begun before
  std::vector<EndedRestore> out;
  const auto see = [&](const ledger::Entry& entry) {
    if (!entry.kind.starts_with("restore-")) return;
    const std::string journal = ledger::text_in(entry.fields, "journal");
    const std::int64_t time_ns = base::parse_rfc3339(entry.time).value_or(0);
    if (entry.kind == "restore-begun") begun_ns[journal] = time_ns;
    const auto at = begun_ns.find(journal);
    if (entry.kind != "restore-finished" || at == begun_ns.end()) return;
    if (ledger::text_in(entry.fields, "outcome") == "finished" && ledger::text_in(entry.fields, "mode") == "in-place")
      out.push_back({.target = ledger::text_in(entry.fields, "target"), .begun_ns = at->second, .ended_ns = time_ns});
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

bool is_as_scanned(const model::FileRecord& file) {
  const std::size_t slash = file.path.rfind('/');
  if (slash == std::string::npos) return true;
  const auto folder = os::open_evidence_root(file.path.substr(0, std::max<std::size_t>(slash, 1)));
  if (!folder.ok()) return !is_gone(folder.error());
  const auto status = os::status_at(folder.value(), file.path.substr(slash + 1), file.path);
  if (!status.ok()) return !is_gone(status.error());
  return status.value().size_bytes == file.size_bytes && status.value().mtime_ns == file.mtime_ns;
}

}  // namespace lastgood::readiness
