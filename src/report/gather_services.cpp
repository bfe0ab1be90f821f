// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/rfc3339.h"
#include "ledger/read_ledger.h"
#include "report/ledger_field.h"
#include "report/restored_times.h"
#include "report/service_times.h"
#include "report/services_part.h"
#include "services/check_record.h"
#include "services/history.h"
#include "services/leave_out.h"
#include "services/services_file.h"

namespace lastgood::report {

namespace {

class LedgerReader {
 public:
  explicit LedgerReader(ServicesShare& out) : out_(out) {}

  void see(const ledger::Entry& entry) {
    const std::int64_t time_ns = base::parse_rfc3339(entry.time).value_or(0);
    const std::string journal = field_of<std::string>(entry, "journal");
    if (entry.kind == "restore-begun" || entry.kind == "restore-resumed") {
      if (open_.contains(journal) || out_.restores.size() >= k_restores_max) return;
      open_[journal] = out_.restores.size();
      out_.restores.push_back({.begun_ns = time_ns,
                               .target = field_of<std::string>(entry, "target"),
                               .mode = field_of<std::string>(entry, "mode"),
                               .lost = field_of<std::int64_t>(entry, "lost"),
                               .lost_paths = field_of<std::vector<std::string>>(entry, "lost_paths"),
                               .lost_in = field_of<std::vector<std::string>>(entry, "lost_in")});
    }
    const auto at = open_.find(journal);
    if (entry.kind == "restore-finished" && at != open_.end()) {
      RestoreShare& restore = out_.restores[at->second];
      restore.ended_ns = time_ns;
      restore.outcome = field_of<std::string>(entry, "outcome");
      restore.files = field_of<std::int64_t>(entry, "files");
      restore.bytes = field_of<std::int64_t>(entry, "bytes");
      restore.refused = field_of<std::int64_t>(entry, "refused");
      restore.incomplete = field_of<std::int64_t>(entry, "incomplete");
      if (restore.outcome == "finished") open_.erase(at);
    }
    times_.see(entry);
  }

  [[nodiscard]] RestoredTimes& times() { return times_; }

 private:
  static constexpr std::size_t k_restores_max = 1000;

  ServicesShare& out_;
  RestoredTimes times_;
  std::map<std::string, std::size_t> open_;  // by journal
};

std::int64_t attack_began(const facts::CaseFacts& facts) {
  for (const facts::MomentFacts& moment : facts.moments) {
    if (moment.name == "first encryption" && moment.at_ns != 0) return moment.at_ns;
  }
  return 0;
}

void take_tests(const services::KeptChecks& checks, ServicesShare& out) {
  for (ServiceShare& service : out.services) {
    for (const services::CheckRecord& record : checks.records) {
      services::TrialOutcome worst = services::TrialOutcome::passed;
      bool is_tested = false;
      for (const services::DataTrial& trial : record.data) {
        if (trial.service != service.id || trial.outcome == services::TrialOutcome::regenerated) continue;
        is_tested = true;
        worst = std::max(worst, trial.outcome);
      }
      if (!is_tested) continue;
      service.tested_ns = record.made_ns;
      service.test = std::string(services::name_of(worst));
    }
  }
}

/// By what was recorded of it last; of one of which nothing was, nobody knows.
bool is_known_down(const ServiceShare& service) {
  if (service.healthy_ns != 0) return !service.is_up();
  return service.down_ns != 0 || (service.last_seen_ns != 0 && service.last_moment != services::Moment::healthy);
}

void note_what_waits(const services::ServicesFile& file, ServicesShare& out) {
  for (ServiceShare& share : out.services) {
    for (const services::Dependency& dependency : file.find(share.id)->depends_on) {
      const auto needed = std::find_if(out.services.begin(), out.services.end(), [&](const ServiceShare& other) {
        return other.id == dependency.service && is_known_down(other);
      });
      if (needed != out.services.end() && share.waits_for.empty()) share.waits_for = needed->title;
    }
  }
}

}  // namespace

base::Result<ServicesShare> gather_services(const std::string& case_folder, const facts::CaseFacts& facts) {
  ServicesShare out;
  const auto file = services::read_services(services::services_folder(case_folder) + "/services.toml");
  if (!file.ok() && file.error().code != base::ErrorCode::not_found) out.trouble = file.error().what;
  if (file.ok()) {
    const std::vector<std::string> left_out = services::describe_left_out(file.value(), {});
    if (!left_out.empty()) out.trouble = fmt::format("the services file has mistakes: {}", fmt::join(left_out, "; "));
    for (const services::Service* service : services::order_of(file.value(), {})) {
      out.services.push_back({.id = service->id,
                              .title = service->title,
                              .tier = service->tier,
                              .rto_s = service->rto_s,
                              .rpo_s = service->rpo_s});
      for (const services::DataUnit& data : service->data) {
        const bool is_regenerable = data.regenerable == services::Regenerable::yes;
        out.services.back().has_regenerable = out.services.back().has_regenerable || is_regenerable;
        if (!is_regenerable) out.services.back().data_paths.push_back(data.path);
      }
    }
  }
  LedgerReader reader(out);
  LG_ASSIGN(
      [[maybe_unused]] const ledger::ReadLedger read,
      ledger::read_ledger(case_folder + "/ledger", {},
                          [&](const ledger::Entry& entry, std::string_view, std::uint64_t) { reader.see(entry); }));
  if (out.services.empty()) return out;
  reader.times().settle(file.value(), out);
  const auto history = services::read_history(case_folder);
  if (!history.ok()) out.trouble = history.error().what;
  const std::vector<services::HistoryEntry> none;
  for (ServiceShare& service : out.services)
    take_history(history.ok() ? history.value().entries : none, attack_began(facts), service);
  note_what_waits(file.value(), out);
  const auto checks = services::read_checks(case_folder);
  if (checks.ok()) take_tests(checks.value(), out);
  return out;
}

}  // namespace lastgood::report
