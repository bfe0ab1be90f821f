// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/replay_unit.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "base/human.h"
#include "base/rfc3339.h"
#include "engines/evidence_view.h"
#include "engines/last_work.h"
#include "engines/log_end.h"
#include "engines/startable_mode.h"
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

/// Where a replay begins: the folder, or what it was restored as.
struct Beginning {
  std::string folder;
  std::unique_ptr<UnitView> view;
  FoundUnit unit;
};

base::Result<Beginning> open_beginning(const std::string& folder) {
  Beginning begin{.folder = folder, .view = {}, .unit = {}};
  LG_ASSIGN(begin.view, engines::open_evidence_view(folder, std::string()));
  LG_ASSIGN(begin.unit, find_unit(*begin.view, folder));
  return begin;
}

base::Status check_unused(const std::string& folder, const std::string& hint) {
  const auto user = os::find_folder_user(folder);
  if (!user) return base::Done{};
  return base::Error{
      .code = base::ErrorCode::misuse,
      .what = fmt::format("{} (process {}) works in this folder", base::printable(user->name), user->process_id),
      .path = folder,
      .hint = hint};
}

std::string again_from(const ReplayRequest& request, const std::string& base) {
  return fmt::format("lastgood --case {} replay {} {}", base::printable(request.case_folder), base::printable(base),
                     base::printable(request.logs_option));
}

base::Error no_base(const ReplayRequest& request, const OwnReplay& own) {
  return {.code = base::ErrorCode::misuse,
          .what = fmt::format("this folder was brought forward before, and logs can be replayed only from what it was "
                              "restored as, which is not in '{}' any more, or was changed",
                              base::printable(own.base)),
          .path = request.folder,
          .offset_bytes = {},
          .system_errno = 0,
          .hint = fmt::format("nothing was changed; put it back under that name, or restore it once more beside "
                              "('restore PLAN --to DIR --no-replay') and run: {}",
                              again_from(request, "DIR/..."))};
}

/// No log goes on from what stands there.
base::Error none_goes_on(const ReplayRequest& request, const OwnReplays& own, const std::string& why) {
  base::Error error{
      .code = base::ErrorCode::damaged_source,
      .what = fmt::format("none of these logs goes on from this folder{}{}", why.empty() ? "" : ": ", why),
      .path = request.folder,
      .offset_bytes = {},
      .system_errno = 0,
      .hint =
          "nothing was changed; give the folder of the logs that the server wrote after this copy was "
          "made; without --logs the database is as of its backup"};
  if (!own.standing && own.of_folder && !own.of_folder->base_now.empty())
    error.hint = fmt::format(
        "nothing was changed; it was brought forward before and has been used since; what it was restored as is kept, "
        "and this brings that one forward, leaving this folder alone: {}",
        again_from(request, own.of_folder->base_now));
  return error;
}

/// A second replay with less than the first one would take commits away that nobody asked to lose.
base::Status check_brings_more(const ReplayRequest& request, const OwnReplay& own, const engines::ScratchStart& start) {
  const bool is_less = start.data_as_of_ns < own.as_of_ns;
  const bool is_cut =
      start.data_as_of_ns == own.as_of_ns && !start.logs_end_early.empty() && own.logs_end_early.empty();
  if (request.until_ns || own.as_of_ns == 0 || (!is_less && !is_cut)) return base::Done{};
  return base::Error{
      .code = base::ErrorCode::misuse,
      .what = fmt::format("these logs reach to {}, and the folder has what was committed up to {} already{}{}",
                          time_or_none(start.data_as_of_ns), time_or_none(own.as_of_ns),
                          start.logs_end_early.empty() ? "" : ": ", start.logs_end_early),
      .path = request.folder,
      .hint = "nothing was changed; an earlier moment has to be asked for with --until"};
}

/// As of when the folder is now, and what it was. `before` is as its files say.
void settle_times(const std::optional<OwnReplay>& own, std::int64_t before_ns, ReplayOutcome& outcome) {
  const std::int64_t own_ns = own ? own->as_of_ns : 0;
  outcome.as_of_before_ns = own_ns != 0 ? own_ns : before_ns;
  // The same as its files say: no log had anything more, and what they say is when we replayed.
  if (own_ns == 0 || !outcome.began_from.empty() || outcome.start.data_as_of_ns != before_ns) return;
  outcome.start.data_as_of_ns = own_ns;
  outcome.start.data_as_of_basis = "the ledger: replayed before, no server has run on it since, and nothing was added";
}

/// Settings as a person left them in the folder since the last replay come last.
base::Status carry_all_settings(const Beginning& begin, const Beginning& there, const std::string& made,
                                ReplayOutcome& outcome) {
  LG_ASSIGN(outcome.quieted, carry_settings(*begin.view, begin.unit, made));
  if (outcome.began_from.empty()) return base::Done{};
  LG_ASSIGN(const std::vector<engines::StartupSetting> again, carry_settings(*there.view, there.unit, made));
  outcome.quieted.insert(outcome.quieted.end(), again.begin(), again.end());
  return base::Done{};
}

/// Of what the start did without: files of settings are carried over, and `left_out` keeps what really is.
void settle_left_out(UnitKind kind, ReplayOutcome& outcome) {
  std::vector<std::string> left_out;
  for (std::string& one : outcome.start.left_out) {
    const std::size_t end = one.find(": ");
    const std::string file = one.substr(0, end);
    const std::string name = end == std::string::npos ? std::string() : one.substr(end + 2);
    const bool is_quiet =
        std::any_of(outcome.quieted.begin(), outcome.quieted.end(), [&](const engines::StartupSetting& setting) {
          return setting.path == file && (name.empty() ? kind == UnitKind::mariadb : setting.name == name);
        });
    if (!is_settings_name(kind, file))
      left_out.push_back(std::move(one));
    else if (!is_quiet)
      outcome.stays.push_back(std::move(one));
  }
  outcome.start.left_out = std::move(left_out);
}

/// Two replays may end within one second.
std::string name_to_keep(const std::string& folder) {
  const std::string now = fmt::format("{}.before-replay-{}", folder, os::SystemClock().now_ns() / 1'000'000'000);
  std::string name = now;
  std::error_code unknown;
  for (int i = 2; std::filesystem::exists(std::filesystem::symlink_status(name, unknown)) && i < 1000; ++i)
    name = fmt::format("{}-{}", now, i);
  return name;
}

/// Who works in it from now on makes it higher; 0: it does not say.
std::int64_t next_transaction_of(const UnitView& made, UnitKind kind) {
  return static_cast<std::int64_t>(engines::find_last_work(made, {.kind = kind, .path = {}}).next_transaction);
}

/// What was made takes the folder's place. The ledger says before that what the next replay has to know.
base::Status exchange(const ReplayRequest& request, const std::string& made, const Beginning& begin,
                      const OwnReplays& own, ReplayOutcome& outcome, ledger::Ledger& ledger) {
  LG_ASSIGN(const std::unique_ptr<UnitView> made_view, engines::open_evidence_view(made, std::string()));
  LG_ASSIGN(os::FolderOwner owner, os::folder_owner(request.folder));
  const std::uint32_t mode = engines::startable_mode(outcome.kind, owner.mode);
  if (mode != owner.mode) outcome.mode_before = owner.mode;
  owner.mode = mode;
  LG_TRY(os::give_tree(made, owner));
  outcome.belongs_to_root = owner.user_id == 0;
  outcome.kept_as = name_to_keep(request.folder);
  std::string base = outcome.kept_as;
  std::string base_stand = stand_of(*begin.view, begin.unit.kind);
  if (own.standing) {
    base = own.standing->base_now.empty() ? own.standing->base : own.standing->base_now;
    if (outcome.began_from.empty()) base_stand = own.standing->base_stand;
  }
  LG_TRY(check_unused(request.folder,
                      fmt::format("it was started while the logs were replayed: nothing was exchanged; stop it and "
                                  "run the same command again; what was made lies in '{}' and can be removed",
                                  base::printable(made))));
  const ledger::Fields fields{{"as_of_after", time_or_none(outcome.start.data_as_of_ns)},
                              {"as_of_before", time_or_none(outcome.as_of_before_ns)},
                              {"base", base},
                              {"base_stand", base_stand},
                              {"basis", outcome.start.data_as_of_basis},
                              {"folder", request.folder},
                              {"kept_as", outcome.kept_as},
                              {"logs_end_early", outcome.start.logs_end_early},
                              {"logs", request.logs_shown},
                              {"logs_lacking", request.logs_lacking},
                              {"made", made},
                              {"next_transaction", next_transaction_of(*made_view, begin.unit.kind)},
                              {"quieted", static_cast<std::int64_t>(outcome.quieted.size())},
                              {"stand", stand_of(*made_view, begin.unit.kind)}};
  LG_TRY(ledger.append("replay-made", fields));
  LG_TRY(os::swap_folders(made, request.folder, outcome.kept_as));
  LG_TRY(ledger.append("replay-done", fields));
  return base::Done{};
}

/// Of the files in the folder of the logs; 0: nobody can say.
std::uint64_t bytes_of(const engines::UnitView& logs) {
  const auto entries = logs.list("");
  std::uint64_t bytes = 0;
  for (const engines::UnitEntry& entry : entries.ok() ? entries.value() : std::vector<engines::UnitEntry>{})
    bytes += entry.size_bytes;
  return bytes;
}

}  // namespace

base::Result<ReplayOutcome> replay_unit(const ReplayRequest& request, ledger::Ledger& ledger) {
  LG_ASSIGN(Beginning begin, open_beginning(request.folder));
  const UnitKind kind = begin.unit.kind;
  LG_TRY(
      check_unused(request.folder, "stop that server first: what it writes would be lost with the folder it has open"));
  LG_ASSIGN(const engines::UnitReport before, engines::check_unit(*begin.view, begin.unit, model::Depth::quick));
  LG_ASSIGN(const OwnReplays own,
            find_own_replays(request.case_folder, request.folder, kind, stand_of(*begin.view, kind)));
  ReplayOutcome outcome{.kind = std::string(engines::name_of(kind))};
  LG_ASSIGN(const Beginning there, open_beginning(request.folder));
  if (request.logs != nullptr && own.standing) {
    if (own.standing->base_now.empty()) return no_base(request, *own.standing);
    outcome.began_from = own.standing->base_now;
    LG_ASSIGN(begin, open_beginning(outcome.began_from));
  }
  if (request.logs != nullptr && kind == UnitKind::postgresql) {  // MariaDB says it only once it is started
    LG_ASSIGN(const engines::LogEnd end,
              engines::find_log_end(*request.logs, *begin.view, begin.unit, parent_of(request.folder)));
    if (end.files == 0) return none_goes_on(request, own, end.missing);
  }
  LG_TRY(ledger.append("replay-begun", {{"folder", request.folder},
                                        {"from", begin.folder},
                                        {"kind", outcome.kind},
                                        {"logs", request.logs_shown},
                                        {"log_folders", request.log_folders}}));

  const engines::ScratchServerOptions options{.parent = parent_of(request.folder),
                                              .copy_way = engines::CopyWay::copy,
                                              .start_limit_s = request.time_limit_s,
                                              .still_limit_s = k_still_limit_s,
                                              .logs = request.logs,
                                              .replay_until_ns = request.until_ns};
  auto opened = engines::open_scratch_server(*begin.view, begin.unit, options);
  if (!opened.ok() && opened.error().code == base::ErrorCode::no_space) {
    base::Error error = opened.error();
    error.hint =
        fmt::format("the copy that is brought forward is made beside the folder, in '{}': make room there{}",
                    base::printable(options.parent),
                    request.logs == nullptr
                        ? std::string()
                        : fmt::format(" for what is named, and for what its server writes while it replays {} of logs",
                                      base::human_bytes(bytes_of(*request.logs))));
    return error;
  }
  LG_ASSIGN(const std::unique_ptr<engines::ScratchServer> server, std::move(opened));
  outcome.start = server->start();
  if (request.logs != nullptr && outcome.start.logs_used == 0)
    return none_goes_on(request, own, outcome.start.left_out.empty() ? std::string() : outcome.start.left_out.back());
  if (!outcome.began_from.empty()) LG_TRY(check_brings_more(request, *own.standing, outcome.start));
  settle_times(own.standing, before.data_as_of_ns, outcome);
  LG_ASSIGN(const std::string made, server->keep_folder());
  outcome.start.left_out = server->start().left_out;
  outcome.start.removals = server->start().removals;
  LG_TRY(check_made(made, kind));
  LG_TRY(carry_all_settings(begin, there, made, outcome));
  settle_left_out(kind, outcome);
  LG_TRY(exchange(request, made, begin, own, outcome, ledger));
  return outcome;
}

}  // namespace lastgood::recovery
