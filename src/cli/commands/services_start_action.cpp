// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/start_services.h"

#include <algorithm>
#include <map>
#include <ostream>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/counted.h"
#include "base/human.h"
#include "cli/commands/services_actions.h"
#include "cli/failures.h"
#include "cli/open_session.h"
#include "cli/output/recovery_line.h"
#include "cli/output/shell_word.h"
#include "cli/output/with_case.h"
#include "os/terminal.h"
#include "readiness/kept_services.h"
#include "readiness/service_state.h"
#include "readiness/unready_data.h"
#include "recovery/plan_sources.h"
#include "recovery/stands_as_seen.h"
#include "timeline/live_scans.h"

namespace lastgood::cli {

namespace {

using services::HistoryEntry;
using services::Moment;

class StartLine final : public readiness::StartProgress {
 public:
  explicit StartLine(Context& context)
      : context_(context), line_(context.err, context.progress_shown ? Terminal::yes : Terminal::no) {}
  void step(const std::string& what) override { line_.step(what); }
  void waits(const std::string& what, double seconds) override {
    constexpr double k_quiet_s = 2;  // shorter waits need no line
    constexpr double k_plain_interval_s = 30;
    if (seconds < k_quiet_s) return;
    const std::string line = fmt::format("{} ({} so far)", base::printable(what), human_seconds(seconds));
    if (context_.progress_shown) return line_.step(line);
    const auto [at, is_first] = said_at_s_.try_emplace(what, seconds);
    if (!is_first && seconds >= at->second && seconds - at->second < k_plain_interval_s) return;
    at->second = seconds;
    context_.err << line << std::endl;
  }
  void left(const std::string& sentence, Left how) override {
    line_.clear();
    is_any_left_ = is_any_left_ || how != Left::may_be_up;
    if (context_.output == Output::json)
      context_.out << nlohmann::ordered_json{{"type", "service_left"},
                                             {"how", how == Left::is_up       ? "up"
                                                     : how == Left::may_be_up ? "unknown"
                                                                              : "not_stopped"},
                                             {"sentence", base::printable(sentence)}}
                          .dump()
                   << std::endl;
    else
      context_.out << base::printable(with_case(sentence, context_.case_folder)) << std::endl;
  }
  [[nodiscard]] bool is_any_left() const { return is_any_left_; }
  [[nodiscard]] bool is_any_failed() const { return !failed_.empty(); }
  /// One of which nobody looked whether it is up, or that was started though a hook of its had failed.
  [[nodiscard]] bool is_any_in_doubt() const { return is_any_in_doubt_; }
  void reached(const HistoryEntry& entry, double seconds) override {
    line_.clear();
    is_any_in_doubt_ = is_any_in_doubt_ || entry.moment == Moment::not_started || failed_.contains(entry.service);
    if (entry.moment == Moment::failed) failed_.insert(entry.service);
    if (context_.output == Output::json) {
      context_.out << nlohmann::ordered_json{{"type", "service_moment"}, {"time", utc_time(entry.time_ns)},
                                             {"service", entry.service}, {"moment", services::name_of(entry.moment)},
                                             {"seconds", seconds},       {"sentence", base::printable(entry.sentence)}}
                          .dump()
                   << "\n";
    } else {
      context_.out << fmt::format("{:<12}{} after {}: {}\n", services::name_of(entry.moment), entry.service,
                                  human_seconds(seconds),
                                  base::printable(with_case(entry.sentence, context_.case_folder)));
    }
    context_.out.flush();
  }

 private:
  Context& context_;
  RecoveryLine line_;
  std::map<std::string, double> said_at_s_;
  bool is_any_left_ = false;
  bool is_any_in_doubt_ = false;
  std::set<std::string> failed_;  // services of which something failed
};

using StartAction = base::Result<std::vector<HistoryEntry>> (*)(const services::ServicesFile&,
                                                                const readiness::StartRequest&, ledger::Ledger&,
                                                                readiness::StartProgress&);

/// What of regenerable data stands there as the newest scan saw it. Of files one in doubt is none of ours: a scan
/// cannot judge many of them.
recovery::StruckStill find_to_be_made(const services::DataUnit& data, const recovery::SeenFiles& seen) {
  const bool is_server = data.kind == services::DataKind::postgresql || data.kind == services::DataKind::mariadb;
  if (data.regenerable == services::Regenerable::no) return {};
  return is_server ? recovery::find_doubtful_still(seen, data.path) : recovery::find_struck_still(seen, data.path);
}

/// Regenerable data are started on as they stand: the start makes them again, or people have done so. Whether that was
/// done no scan knows.
void say_what_is_to_be_made(const services::ServicesFile& file, const std::string& wanted,
                            const recovery::SeenFiles& seen, Context& context) {
  if (context.output != Output::text) return;
  for (const services::Service* const service : services::order_of(file, wanted)) {
    for (const services::DataUnit& data : service->data) {
      const recovery::StruckStill still = find_to_be_made(data, seen);
      if (still.files == 0) continue;
      context.out << fmt::format(
          "note: {}: {} of its {} ('{}' first) {} as the newest scan saw {}, struck or in doubt: it is regenerable, "
          "and {}, where nobody has\n",
          service->id, base::counted(still.files, "file"), base::printable(data.name), base::printable(still.first),
          still.files == 1 ? "stands" : "stand", still.files == 1 ? "it" : "them",
          service->start.empty() ? "whoever starts it has to make it again" : "its start has to make it again");
    }
  }
}

/// What people commit on it from now on, no log can be brought in under.
base::Status say_what_was_not_replayed(const services::ServicesFile& file, const std::string& wanted,
                                       const std::string& case_folder, casefile::CaseStore& store, Context& context) {
  if (context.output != Output::text) return base::Done{};
  LG_ASSIGN(const readiness::StandingInput input,
            readiness::gather_standings(file, wanted, case_folder, store, readiness::AskHealth::no));
  for (const services::Service* const service : input.order) {
    const auto data = input.data.find(service->id);
    if (data == input.data.end()) continue;
    for (const readiness::DataState& one : data->second) {
      if (one.replay == readiness::DataState::Replay::not_known)
        context.out << fmt::format("note: {}: {}\n", service->id,
                                   with_case(readiness::describe_unreplayed(one), case_folder));
      if (!one.lacks.empty())
        context.out << fmt::format("note: {}: {}\n", service->id,
                                   with_case(readiness::describe_lacking(one), case_folder));
    }
  }
  return base::Done{};
}

base::Result<std::vector<std::string>> scanned_roots(casefile::CaseStore& store) {
  LG_ASSIGN(const std::vector<timeline::LiveScan> scans, timeline::find_live_scans(store, timeline::LiveScans::newest));
  std::vector<std::string> roots;
  for (const timeline::LiveScan& live : scans)
    roots.insert(roots.end(), live.scan.roots.begin(), live.scan.roots.end());
  return roots;
}

/// What each service came to last.
std::map<std::string, Moment> last_moments(const std::vector<HistoryEntry>& entries) {
  std::map<std::string, Moment> out;
  for (const HistoryEntry& entry : entries) out[entry.service] = entry.moment;
  return out;
}

Outcome run_action(const ServicesOptions& options, Context& context, StartAction action) {
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const services::ServicesFile file, readiness::read_set_services(session.folder), ExitCode::wrong_use);
  if (auto unknown = find_unknown_service(file, options.service)) return std::move(*unknown);
  LG_OUTCOME([[maybe_unused]] const base::Done done, readiness::check_programs(file, *session.store, session.folder),
             ExitCode::wrong_use);
  LG_OUTCOME(const recovery::CaseSeenFiles seen, recovery::CaseSeenFiles::open(*session.store), ExitCode::case_failed);
  LG_OUTCOME(const std::vector<std::string> roots, scanned_roots(*session.store), ExitCode::case_failed);
  LG_OUTCOME(const std::set<std::string> gone, readiness::find_data_gone(file, *session.store), ExitCode::case_failed);
  os::catch_stop_signals();
  StartLine progress(context);
  readiness::StartRequest request{.case_folder = session.folder,
                                  .service = options.service,
                                  .command_limit_s = static_cast<double>(options.time_limit_s),
                                  .seen = &seen,
                                  .roots = roots,
                                  .gone = gone,
                                  .cancelled = &os::stop_requested};
  if (options.no_hooks) request.hooks = readiness::StartRequest::Hooks::leave_out;
  if (action == &readiness::start_services) {
    say_what_is_to_be_made(file, options.service, seen, context);
    LG_OUTCOME([[maybe_unused]] const base::Done said,
               say_what_was_not_replayed(file, options.service, session.folder, *session.store, context),
               ExitCode::case_failed);
  }
  const auto ended = action(file, request, *session.ledger, progress);
  if (!ended.ok()) return failure_of(ended.error(), session.folder, ExitCode::case_failed);
  if (os::stop_requested()) {
    if (context.output == Output::text) context.out << "interrupted; the same command goes on with what is left\n";
    return ExitCode::interrupted;
  }
  const std::size_t left_out = print_left_out(file, options.service, context);
  const auto moments = last_moments(ended.value());
  const bool has_failed = std::any_of(moments.begin(), moments.end(), [](const auto& one) {
    return one.second == Moment::failed || one.second == Moment::not_started;
  });
  if ((has_failed || progress.is_any_failed()) && context.output == Output::text)
    context.out << fmt::format("what their commands said: {}/services/logs; next: lastgood --case {} services status\n",
                               base::printable(session.folder), shell_word(session.folder));
  if (has_failed) return ExitCode::bad_found;
  const bool is_all_done = left_out == 0 && !progress.is_any_left() && !progress.is_any_in_doubt();
  return is_all_done ? ExitCode::done : ExitCode::in_part;
}

}  // namespace

Outcome start_services(const ServicesOptions& options, Context& context) {
  return run_action(options, context, &readiness::start_services);
}

Outcome stop_services(const ServicesOptions& options, Context& context) {
  return run_action(options, context, &readiness::stop_services);
}

}  // namespace lastgood::cli
