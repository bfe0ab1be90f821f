// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/start_services.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "base/counted.h"
#include "os/clock.h"
#include "os/folder.h"
#include "os/process_effort.h"
#include "readiness/ask_health.h"
#include "readiness/left_running.h"
#include "readiness/planted_settings.h"
#include "readiness/unready_data.h"
#include "readiness/watched_command.h"
#include "recovery/awaited_replay.h"
#include "services/check_record.h"

namespace lastgood::readiness {

namespace {

using services::HistoryEntry;
using services::Moment;
using services::Service;
using SteadyClock = std::chrono::steady_clock;

/// A start must not wait long for a look that finds nothing with most servers.
constexpr int k_look_limit_s = 20;

bool never() { return false; }

double seconds_gone(SteadyClock::time_point begun) {
  return std::chrono::duration<double>(SteadyClock::now() - begun).count();
}

/// What one service came to; `started` may be true of one that did not become well.
struct Reached {
  bool is_started = false;
  bool is_well = false;
};

/// The service that a command was run for, and how it ended.
struct Ran {
  std::string service;
  CommandOutcome outcome;
};

class Starter {
 public:
  Starter(const services::ServicesFile& file, const StartRequest& request, ledger::Ledger& ledger,
          StartProgress& progress)
      : file_(file),
        request_(request),
        ledger_(ledger),
        progress_(progress),
        cancelled_(request.cancelled == nullptr ? &never : request.cancelled) {}

  base::Result<std::vector<HistoryEntry>> start_all() {
    LG_TRY(make_log_folder());
    LG_ASSIGN(restored_folders_, read_restored_folders(request_.case_folder));
    LG_ASSIGN(awaited_replays_, recovery::find_awaited_replays(request_.case_folder));
    waiting_ = services::order_of(file_, request_.service);
    const std::vector<const Service*> order = waiting_;
    {
      std::vector<std::jthread> workers;
      for (std::size_t i = 0; i < std::min(k_starts_at_once, order.size()); ++i)
        workers.emplace_back([this] { start_what_can_be(); });
    }
    if (failure_) return std::move(*failure_);
    const auto place_of = [&](const HistoryEntry& entry) {
      return std::find_if(order.begin(), order.end(), [&](const Service* one) { return one->id == entry.service; });
    };
    std::stable_sort(out_.begin(), out_.end(),
                     [&](const HistoryEntry& a, const HistoryEntry& b) { return place_of(a) < place_of(b); });
    return std::move(out_);
  }

  base::Result<std::vector<HistoryEntry>> stop_all() {
    LG_TRY(make_log_folder());
    std::vector<const Service*> order = services::order_of(file_, {});
    std::reverse(order.begin(), order.end());
    for (const Service* service : order) {
      const bool is_wanted = request_.service.empty() || waits_for(*service, request_.service);
      if (!is_wanted || (service->stop.empty() && cancelled_())) continue;
      if (service->stop.empty()) {
        tell_left_up(*service);
      } else if (cancelled_()) {
        progress_.left(service->id + " was not stopped", StartProgress::Left::not_stopped);
      } else {
        begun_[service->id] = SteadyClock::now();
        LG_TRY(stop_one(*service));
      }
    }
    return std::move(out_);
  }

 private:
  base::Status make_log_folder() {
    const std::string folder = services::services_folder(request_.case_folder);
    LG_TRY(os::make_private_folder(folder, os::WhenThere::accept));
    return os::make_private_folder(folder + "/logs", os::WhenThere::accept);
  }

  [[nodiscard]] bool waits_for(const Service& service, const std::string& name) const {
    const auto needed = services::order_of(file_, service.id);
    return std::any_of(needed.begin(), needed.end(), [&](const Service* one) { return one->id == name; });
  }

  /// One of several threads: the next service that waits for nothing that is still under way, until there is none.
  void start_what_can_be() {
    while (const Service* service = take_next()) {
      base::Status ended = start_one(*service);
      const std::lock_guard lock(mutex_);
      std::erase(under_way_, service);
      ended_.insert(service->id);
      if (!ended.ok() && !failure_) failure_ = std::move(ended).error();
      changed_.notify_all();
    }
  }

  /// Nothing it waits for is under way, nor a service with the same start command: two servers on one folder at once.
  [[nodiscard]] bool can_begin(const Service& service) const {
    const bool is_alone = std::none_of(under_way_.begin(), under_way_.end(), [&](const Service* other) {
      return !service.start.empty() && other->start == service.start;
    });
    return is_alone && std::all_of(service.depends_on.begin(), service.depends_on.end(),
                                   [&](const services::Dependency& needed) { return ended_.contains(needed.service); });
  }

  /// In the order of return. Nothing: all are begun, somebody cancelled, or the record failed.
  const Service* take_next() {
    constexpr std::chrono::milliseconds k_look_again(200);
    std::unique_lock lock(mutex_);
    while (!waiting_.empty() && !failure_ && !cancelled_()) {
      const auto at =
          std::find_if(waiting_.begin(), waiting_.end(), [&](const Service* service) { return can_begin(*service); });
      if (at != waiting_.end()) {
        const Service* service = *at;
        waiting_.erase(at);
        under_way_.push_back(service);
        begun_[service->id] = SteadyClock::now();
        return service;
      }
      changed_.wait_for(lock, k_look_again);
    }
    return nullptr;
  }

  void say(const std::string& what) {
    const std::lock_guard lock(mutex_);
    progress_.step(what);
  }

  void say_waits(const std::string& what, double seconds) {
    const std::lock_guard lock(mutex_);
    progress_.waits(what, seconds);
  }

  base::Status tell_ledger(std::string_view kind, const ledger::Fields& fields) {
    const std::lock_guard lock(mutex_);
    const auto entry = ledger_.append(kind, fields);
    return entry.ok() ? base::Status(base::Done{}) : base::Status(entry.error());
  }

  void mark(const Service& service, Reached reached) {
    const std::lock_guard lock(mutex_);
    reached_[service.id] = reached;
  }

  base::Status start_one(const Service& service) {
    std::string missing = find_missing(service);
    if (!missing.empty()) return reach(service, Moment::not_started, std::move(missing));
    if (ask_once(service).health == Health::well) {
      mark(service, {.is_started = true, .is_well = true});
      return reach(service, Moment::healthy, "it was up already");
    }
    if (const int process = find_left_running(request_.case_folder, services_with_start_of(file_, service));
        process != 0) {
      LG_TRY(reach(service, Moment::starting,
                   fmt::format("its start command still runs (process {0}; 'kill -- -{0}' ends it), and is not run a "
                               "second time",
                               process)));
      mark(service, {.is_started = true});
      return wait_until_well(service);
    }
    LG_ASSIGN(const bool data_are_clean, check_data(service));
    if (!data_are_clean) return base::Done{};
    LG_ASSIGN(const bool hooks_went_well, run_hooks(service));
    if (!hooks_went_well) return base::Done{};
    if (!service.start.empty()) {
      LG_ASSIGN(const CommandOutcome outcome, run_once(service, CommandPart::start, service.start));
      if (outcome.session != 0)
        LG_TRY(keep_left_running(request_.case_folder, service.id, outcome.process, outcome.session));
      if (outcome.how == CommandOutcome::How::failed)
        return reach(service, Moment::failed, outcome.sentence + describe_root_owned(service));
      LG_TRY(reach(service, Moment::starting, outcome.sentence));
      if (outcome.how == CommandOutcome::How::interrupted) return base::Done{};
    }
    mark(service, {.is_started = true});
    return wait_until_well(service);
  }

  base::Status wait_until_well(const Service& service) {
    const auto begun = SteadyClock::now();
    const HealthAnswer answer = ask_until_well(service, [&] {
      say_waits(fmt::format("waiting until {} is well", service.id), seconds_gone(begun));
      return cancelled_();
    });
    if (answer.health == Health::not_well && cancelled_()) {
      told_only(service, Moment::starting, "interrupted before it was seen to be well: " + answer.sentence);
      return base::Done{};
    }
    if (answer.health == Health::not_well)
      return reach(service, Moment::failed,
                   service.start.empty()
                       ? fmt::format("people start it, and it is not up: {}", answer.sentence)
                       : fmt::format("it did not become well: {}{}{}", answer.sentence, describe_root_owned(service),
                                     describe_ended_sessions(answer.sentence)));
    // What cannot be asked counts as there once it is started: nobody could say more.
    mark(service, {.is_started = true, .is_well = true});
    if (answer.health == Health::well) return reach(service, Moment::healthy, answer.sentence);
    if (service.start.empty()) {
      told_only(
          service, Moment::not_started,
          "people start it, the services file has no 'start'; whether it is up was not looked at: " + answer.sentence);
      return base::Done{};
    }
    return reach(service, Moment::starting, "whether it is well is not known: " + answer.sentence);
  }

  /// Why it cannot be started yet; empty: it can.
  [[nodiscard]] std::string find_missing(const Service& service) {
    const std::lock_guard lock(mutex_);
    for (const services::Dependency& dependency : service.depends_on) {
      const auto at = reached_.find(dependency.service);
      const Reached reached = at == reached_.end() ? Reached{} : at->second;
      const bool is_there =
          dependency.condition == services::Condition::service_healthy ? reached.is_well : reached.is_started;
      if (!is_there) return fmt::format("it waits for {}, which is not there", dependency.service);
    }
    return {};
  }

  /// Before anything of the service runs, a start by people too: what is planted in its data must not be obeyed, and no
  /// server be started on a database that is not whole.
  base::Result<bool> check_data(const Service& service) {
    for (const services::DataUnit& data : service.data) {
      if (request_.gone.contains(data.path) && services::are_plain_files(data.kind))
        told_only(service, Moment::starting, describe_nothing_there(service, data));
      std::string unready = describe_unready(service, data);
      std::vector<std::string> lines;
      if (unready.empty()) {
        const auto planted = find_planted_settings(data, restored_folders_);
        if (!planted.ok()) unready = planted.error().what;
        if (planted.ok() && planted.value()) {
          unready = planted.value()->sentence;
          lines = planted.value()->lines;
        }
      }
      if (unready.empty()) unready = look_for_fault(service, data);
      if (unready.empty()) continue;
      LG_TRY(tell_ledger(
          "service-start-refused",
          {{"service", service.id}, {"data", data.name}, {"path", data.path}, {"lines", lines}, {"why", unready}}));
      LG_TRY(reach(service, Moment::failed, unready));
      return false;
    }
    return true;
  }

  /// Of what the case knows: why nothing may be started on `data`; empty: nothing speaks against it.
  std::string describe_unready(const Service& service, const services::DataUnit& data) {
    std::string unready;
    if (request_.seen != nullptr) {
      const std::lock_guard lock(mutex_);
      unready = describe_struck(service, data, *request_.seen);
    }
    if (unready.empty() && request_.gone.contains(data.path) && !services::are_plain_files(data.kind))
      unready = describe_nothing_there(service, data);
    return unready.empty() ? describe_awaited(service, data) : unready;
  }

  std::string look_for_fault(const Service& service, const services::DataUnit& data) {
    say(fmt::format("{}: looking at what stands in '{}'", service.id, base::printable(data.path)));
    const auto begun = SteadyClock::now();
    const auto is_in_time = [&] { return seconds_gone(begun) < k_look_limit_s && !cancelled_(); };
    std::string fault = describe_fault(service, data, request_.roots, is_in_time);
    if (fault.empty() && seconds_gone(begun) >= k_look_limit_s)
      told_only(service, Moment::starting,
                fmt::format("'{}' is large: whether all of it is there was looked at for {} s, and not to the end",
                            base::printable(data.path), k_look_limit_s));
    return fault;
  }

  std::string describe_awaited(const Service& service, const services::DataUnit& data) const {
    const bool is_awaited = std::any_of(awaited_replays_.begin(), awaited_replays_.end(),
                                        [&](const auto& one) { return one.path == data.path; });
    if (!is_awaited) return {};
    return fmt::format("{}: nothing is started on it: {}", data.name,
                       recovery::describe_awaited(service.id, data.path, data.logs));
  }

  base::Result<bool> run_hooks(const Service& service) {
    if (request_.hooks == StartRequest::Hooks::leave_out) return true;
    for (const services::Hook& hook : service.post_restore) {
      LG_ASSIGN(const CommandOutcome outcome, run(service, CommandPart::hook, hook.command, hook.exec_timeout_s));
      if (outcome.how == CommandOutcome::How::well) continue;
      const bool goes_on = outcome.how == CommandOutcome::How::failed && hook.on_error == services::OnError::carry_on;
      LG_TRY(reach(service, Moment::failed, outcome.sentence + (goes_on ? "; it goes on all the same" : "")));
      if (!goes_on) return false;
    }
    return true;
  }

  base::Status stop_one(const Service& service) {
    LG_ASSIGN(const CommandOutcome outcome, run_once(service, CommandPart::stop, service.stop));
    if (outcome.how == CommandOutcome::How::well) return seen_to_be_down(service, outcome.sentence);
    if (outcome.how == CommandOutcome::How::failed) return reach(service, Moment::failed, outcome.sentence);
    const std::lock_guard lock(mutex_);
    progress_.left(fmt::format("{}: {}; whether it goes down all the same nobody knows", service.id, outcome.sentence),
                   StartProgress::Left::not_stopped);
    return base::Done{};
  }

  /// That its stop command ended well does not say that it is down.
  base::Status seen_to_be_down(const Service& service, const std::string& sentence) {
    say(fmt::format("asking {}", service.id));
    const HealthAnswer answer = ask_until_down(service, cancelled_);
    if (answer.health == Health::well)
      return reach(service, Moment::failed,
                   fmt::format("{}, and it is still up all the same: {}", sentence, answer.sentence));
    const std::vector<int> begun = wait_until_gone(service);
    const bool is_left = find_left_running(request_.case_folder, services_with_start_of(file_, service)) != 0;
    if (is_left || (!begun.empty() && answer.health == Health::unknown))
      return reach(service, Moment::failed, fmt::format("{}, and all the same {}", sentence, describe_begun(begun)));
    std::string more;
    if (answer.health == Health::unknown) more = "; whether it is down was not seen: " + answer.sentence;
    if (!begun.empty()) more += "; " + describe_begun(begun);
    return reach(service, Moment::stopped, sentence + more);
  }

  /// What of its start command still runs after the moment that servers take to end.
  std::vector<int> wait_until_gone(const Service& service) {
    constexpr std::chrono::seconds k_time_to_end(5);
    constexpr std::chrono::milliseconds k_look_again(100);
    const auto until = SteadyClock::now() + k_time_to_end;
    std::vector<int> begun = find_begun(request_.case_folder, services_with_start_of(file_, service));
    while (!begun.empty() && SteadyClock::now() < until && !cancelled_()) {
      std::this_thread::sleep_for(k_look_again);
      begun = find_begun(request_.case_folder, services_with_start_of(file_, service));
    }
    return begun;
  }

  /// "what its start command began still runs: 'postgres' (process 312); 'kill 312' ends it"
  static std::string describe_begun(const std::vector<int>& begun) {
    constexpr std::size_t k_named_max = 5;
    std::string named;
    std::string numbers;
    for (std::size_t i = 0; i < begun.size(); ++i) {
      if (i < k_named_max)
        named += fmt::format("{}'{}' (process {})", i == 0 ? "" : ", ", base::printable(os::process_name(begun[i])),
                             begun[i]);
      numbers += fmt::format(" {}", begun[i]);
    }
    if (begun.size() > k_named_max) named += fmt::format(" and {} more", begun.size() - k_named_max);
    return fmt::format("what its start command began still runs: {}; 'kill{}' ends it", named, numbers);
  }

  /// One that has no stop command and may be up, while what it waits for is stopped.
  void tell_left_up(const Service& service) {
    say(fmt::format("asking {}", service.id));
    const HealthAnswer answer = ask_once(service);
    const std::vector<int> begun = find_begun(request_.case_folder, services_with_start_of(file_, service));
    if (answer.health == Health::not_well && begun.empty()) return;
    const bool is_up = answer.health == Health::well || !begun.empty();
    const std::string why = service.id == request_.service || request_.service.empty()
                                ? std::string()
                                : fmt::format(" and waits for {}", request_.service);
    const std::lock_guard lock(mutex_);
    progress_.left(fmt::format("{} {}{}; the services file has no 'stop' for it, people stop it: {}{}", service.id,
                               is_up ? "is still up" : "may be up", why, answer.sentence,
                               begun.empty() ? std::string() : "; " + describe_begun(begun)),
                   is_up ? StartProgress::Left::is_up : StartProgress::Left::may_be_up);
  }

  /// Of several services with the same command one runs it; what it came to goes for the others.
  base::Result<CommandOutcome> run_once(const Service& service, CommandPart part,
                                        const std::vector<std::string>& command) {
    const auto key = std::pair(command, service.user);
    {
      const std::lock_guard lock(mutex_);
      const auto at = ran_.find(key);
      if (at != ran_.end())
        return CommandOutcome{
            .how = at->second.outcome.how,
            .sentence = fmt::format("its {0} command is that of {1}, too, and is not run a second time; of {1}: {2}",
                                    name_of(part), at->second.service, at->second.outcome.sentence)};
    }
    LG_ASSIGN(CommandOutcome outcome, run(service, part, command, request_.command_limit_s));
    if (outcome.how == CommandOutcome::How::interrupted) return outcome;
    const std::lock_guard lock(mutex_);
    ran_.emplace(key, Ran{service.id, outcome});
    return outcome;
  }

  /// Runs one command of the file, the ledger first.
  base::Result<CommandOutcome> run(const Service& service, CommandPart part, const std::vector<std::string>& command,
                                   double limit_s) {
    LG_TRY(tell_ledger("service-command-begun", {{"service", service.id},
                                                 {"what", std::string(name_of(part))},
                                                 {"command", command},
                                                 {"user", service.user},
                                                 {"services_sha256", file_.digest_hex}}));
    const std::string what =
        fmt::format("{}: {} '{}' runs", service.id, name_of(part), base::printable(command.front()));
    say(what);
    CommandOutcome outcome = run_watched(
        {.service = service,
         .part = part,
         .command = command,
         .limit_s = limit_s,
         .log_path = fmt::format("{}/logs/{}.log", services::services_folder(request_.case_folder), service.id),
         .cancelled = cancelled_,
         .waits = [&](double seconds) { say_waits(what, seconds); }});
    LG_TRY(tell_ledger("service-command-ended",
                       {{"service", service.id},
                        {"what", std::string(name_of(part))},
                        {"outcome", outcome.how == CommandOutcome::How::well ? "well" : outcome.sentence}}));
    return outcome;
  }

  /// What is no step of the service's own, and stands in no history: nothing was done.
  void told_only(const Service& service, Moment moment, std::string sentence) {
    const std::lock_guard lock(mutex_);
    const HistoryEntry entry{.time_ns = os::SystemClock().now_ns(),
                             .service = service.id,
                             .moment = moment,
                             .sentence = std::move(sentence)};
    progress_.reached(entry, seconds_gone(begun_[service.id]));
  }

  base::Status reach(const Service& service, Moment moment, std::string sentence) {
    const std::lock_guard lock(mutex_);
    HistoryEntry entry{.time_ns = os::SystemClock().now_ns(),
                       .service = service.id,
                       .moment = moment,
                       .sentence = std::move(sentence)};
    LG_TRY(services::append_history(request_.case_folder, {entry}));
    progress_.reached(entry, seconds_gone(begun_[service.id]));
    out_.push_back(std::move(entry));
    return base::Done{};
  }

  const services::ServicesFile& file_;
  const StartRequest& request_;
  ledger::Ledger& ledger_;
  StartProgress& progress_;
  bool (*cancelled_)();
  std::vector<std::string> restored_folders_;
  std::vector<recovery::AwaitedReplay> awaited_replays_;
  std::mutex mutex_;  // of all below, of the ledger and of the progress
  std::condition_variable changed_;
  std::vector<const Service*> waiting_;  // not begun yet, in their order
  std::vector<const Service*> under_way_;
  std::map<std::pair<std::vector<std::string>, std::string>, Ran> ran_;  // by command and account; of this call
  std::set<std::string, std::less<>> ended_;
  std::map<std::string, SteadyClock::time_point, std::less<>> begun_;
  std::map<std::string, Reached, std::less<>> reached_;
  std::vector<HistoryEntry> out_;
  std::optional<base::Error> failure_;
};

}  // namespace

base::Result<std::vector<HistoryEntry>> start_services(const services::ServicesFile& file, const StartRequest& request,
                                                       ledger::Ledger& ledger, StartProgress& progress) {
  return Starter(file, request, ledger, progress).start_all();
}

base::Result<std::vector<HistoryEntry>> stop_services(const services::ServicesFile& file, const StartRequest& request,
                                                      ledger::Ledger& ledger, StartProgress& progress) {
  return Starter(file, request, ledger, progress).stop_all();
}

}  // namespace lastgood::readiness
