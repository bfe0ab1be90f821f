// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/replay_unit.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/rfc3339.h"
#include "engines/evidence_view.h"
#include "os/atomic_file.h"
#include "os/clock.h"
#include "os/folder_user.h"
#include "os/swap_folder.h"
#include "recovery/own_replay.h"

namespace lastgood::recovery {

namespace {

constexpr int k_still_limit_s = 300;  // patient: this one is not a test, and nobody is behind it

using engines::FoundUnit;
using engines::UnitKind;
using engines::UnitView;

/// Files of authentication and settings that engines keep in the data folder and scratch copies do not have.
constexpr std::array<std::string_view, 2> k_authentication = {"pg_hba.conf", "pg_ident.conf"};
constexpr std::uint64_t k_settings_bytes_max = 1U << 20;

base::Result<FoundUnit> find_unit(const UnitView& view, const std::string& folder) {
  LG_ASSIGN(std::vector<engines::UnitEntry> entries, view.list(""));
  std::sort(entries.begin(), entries.end(),
            [](const engines::UnitEntry& a, const engines::UnitEntry& b) { return a.name < b.name; });
  for (FoundUnit& unit : engines::find_units_in(view, "", entries)) {
    const bool has_log = unit.kind == UnitKind::postgresql || unit.kind == UnitKind::mariadb;
    if (has_log && unit.path.empty()) return std::move(unit);
  }
  return base::Error{.code = base::ErrorCode::misuse,
                     .what = fmt::format("'{}' is no folder of PostgreSQL or MariaDB", base::printable(folder)),
                     .path = folder,
                     .hint = "name the restored data directory itself, the one with PG_VERSION or ibdata1"};
}

base::Result<std::string> read_settings(const UnitView& view, const std::string& name) {
  LG_ASSIGN(const std::unique_ptr<base::ByteSource> file, view.open(name));
  if (file->size_bytes() > k_settings_bytes_max)
    return base::Error{.code = base::ErrorCode::limit_reached,
                       .what = fmt::format("settings of {} bytes are none", file->size_bytes()),
                       .path = name};
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(file->size_bytes()));
  std::size_t have = 0;
  while (have < bytes.size()) {
    LG_ASSIGN(const std::size_t got, file->read(have, std::span(bytes).subspan(have)));
    if (got == 0) break;
    have += got;
  }
  return std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(have));
}

bool is_settings_name(UnitKind kind, std::string_view name) {
  const bool is_postgresql = kind == UnitKind::postgresql && name.ends_with(".conf");
  return is_postgresql || (kind == UnitKind::mariadb && (name.ends_with(".cnf") || name.ends_with(".ini")));
}

/// The restored folder's settings, for the copy that takes its place: what would run something is out of force in it,
/// and the file as the backup had it lies beside.
base::Result<std::vector<engines::StartupSetting>> carry_settings(const UnitView& view, const FoundUnit& unit,
                                                                  const std::string& into) {
  std::vector<engines::StartupSetting> quieted;
  LG_ASSIGN(const std::vector<engines::UnitEntry> entries, view.list(""));
  for (const engines::UnitEntry& entry : entries) {
    if (entry.kind != model::EntryKind::regular || !is_settings_name(unit.kind, entry.name)) continue;
    LG_ASSIGN(const std::string text, read_settings(view, entry.name));
    const bool is_authentication =
        std::find(k_authentication.begin(), k_authentication.end(), entry.name) != k_authentication.end();
    std::vector<engines::StartupSetting> found = is_authentication
                                                     ? std::vector<engines::StartupSetting>{}
                                                     : engines::parse_startup_settings(unit.kind, entry.name, text);
    const std::string quiet = found.empty() ? text : engines::quiet_settings(unit.kind, entry.name, text);
    // The engine's part laid plain settings there, with which nobody but the machine's own accounts comes in.
    const std::string path = into + "/" + entry.name;
    LG_TRY(os::write_atomic_file(path, base::ByteView(quiet), os::Overwrite::yes));
    if (!found.empty()) LG_TRY(os::write_atomic_file(path + ".from-backup", base::ByteView(text), os::Overwrite::yes));
    quieted.insert(quieted.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
  return quieted;
}

base::Status check_made(const std::string& made, UnitKind kind) {
  LG_ASSIGN(const std::unique_ptr<UnitView> view, engines::open_evidence_view(made, std::string()));
  LG_ASSIGN(const engines::UnitReport report,
            engines::check_unit(*view, {.kind = kind, .path = ""}, model::Depth::standard));
  if (report.verdict == engines::UnitVerdict::consistent) return base::Done{};
  const std::string why = report.findings.empty() ? std::string() : report.findings.front().finding.sentence;
  return base::Error{.code = base::ErrorCode::damaged_source,
                     .what = fmt::format("the replayed copy is {}: {}", engines::name_of(report.verdict), why),
                     .path = made,
                     .hint = "the restored folder was left as it is; 'verify' says what is wrong with it"};
}

std::string time_or_none(std::int64_t time_ns) { return time_ns == 0 ? std::string() : base::format_rfc3339(time_ns); }

std::string parent_of(const std::string& path) { return path.substr(0, std::max<std::size_t>(path.rfind('/'), 1)); }

}  // namespace

base::Result<ReplayOutcome> replay_unit(const ReplayRequest& request, ledger::Ledger& ledger) {
  LG_ASSIGN(const std::unique_ptr<UnitView> view, engines::open_evidence_view(request.folder, std::string()));
  LG_ASSIGN(const FoundUnit unit, find_unit(*view, request.folder));
  if (const auto user = os::find_folder_user(request.folder))
    return base::Error{
        .code = base::ErrorCode::misuse,
        .what = fmt::format("{} (process {}) works in this folder", base::printable(user->name), user->process_id),
        .path = request.folder,
        .hint = "stop that server first: what it writes would be lost with the folder it has open"};
  LG_ASSIGN(const os::FolderOwner owner, os::folder_owner(request.folder));
  LG_ASSIGN(const engines::UnitReport before, engines::check_unit(*view, unit, model::Depth::quick));
  LG_ASSIGN(const std::int64_t own_ns,
            find_own_replay(request.case_folder, request.folder, stand_of(*view, unit.kind)));
  ReplayOutcome outcome{.kind = std::string(engines::name_of(unit.kind)),
                        .as_of_before_ns = own_ns != 0 ? own_ns : before.data_as_of_ns,
                        .belongs_to_root = owner.user_id == 0};
  LG_TRY(ledger.append("replay-begun",
                       {{"folder", request.folder}, {"kind", outcome.kind}, {"logs", request.logs_shown}}));

  const engines::ScratchServerOptions options{.parent = parent_of(request.folder),
                                              .copy_way = engines::CopyWay::copy,
                                              .start_limit_s = request.time_limit_s,
                                              .still_limit_s = k_still_limit_s,
                                              .logs = request.logs,
                                              .replay_until_ns = request.until_ns};
  LG_ASSIGN(const std::unique_ptr<engines::ScratchServer> server, engines::open_scratch_server(*view, unit, options));
  outcome.start = server->start();
  // The same as its files say: no log had anything more, and what they say is when we replayed.
  if (own_ns != 0 && outcome.start.data_as_of_ns == before.data_as_of_ns) {
    outcome.start.data_as_of_ns = own_ns;
    outcome.start.data_as_of_basis =
        "the ledger: replayed before, no server has run on it since, and nothing was added";
  }
  LG_ASSIGN(const std::string made, server->keep_folder());
  LG_TRY(check_made(made, unit.kind));
  LG_ASSIGN(outcome.quieted, carry_settings(*view, unit, made));
  LG_ASSIGN(const std::unique_ptr<UnitView> made_view, engines::open_evidence_view(made, std::string()));
  const std::string stand = stand_of(*made_view, unit.kind);
  LG_TRY(os::give_tree(made, owner));
  outcome.kept_as = fmt::format("{}.before-replay-{}", request.folder, os::SystemClock().now_ns() / 1'000'000'000);
  LG_TRY(os::swap_folders(made, request.folder, outcome.kept_as));
  LG_TRY(ledger.append("replay-done", {{"as_of_after", time_or_none(outcome.start.data_as_of_ns)},
                                       {"as_of_before", time_or_none(outcome.as_of_before_ns)},
                                       {"basis", outcome.start.data_as_of_basis},
                                       {"folder", request.folder},
                                       {"kept_as", outcome.kept_as},
                                       {"stand", stand},
                                       {"quieted", static_cast<std::int64_t>(outcome.quieted.size())}}));
  return outcome;
}

}  // namespace lastgood::recovery
