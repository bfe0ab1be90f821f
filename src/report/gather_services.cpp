// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "base/rfc3339.h"
#include "ledger/read_ledger.h"
#include "report/services_part.h"
#include "services/check_record.h"
#include "services/history.h"
#include "services/services_file.h"

namespace lastgood::report {

namespace {

using services::Moment;

template <typename Value>
Value field_of(const ledger::Entry& entry, std::string_view name) {
  const auto at = entry.fields.find(name);
  if (at == entry.fields.end()) return {};
  const auto* value = std::get_if<Value>(&at->second);
  return value == nullptr ? Value{} : *value;
}

class LedgerReader {
 public:
  explicit LedgerReader(ServicesShare& out) : out_(out) {}

  void see(const ledger::Entry& entry) {
    const std::int64_t time_ns = base::parse_rfc3339(entry.time).value_or(0);
    const std::string journal = field_of<std::string>(entry, "journal");
    if (entry.kind == "restore-begun" || entry.kind == "restore-resumed") {
      if (open_.contains(journal) || out_.restores.size() >= k_restores_max) return;
      open_[journal] = out_.restores.size();
      out_.restores.push_back({.begun_ns = time_ns, .target = field_of<std::string>(entry, "target")});
    }
    const auto at = open_.find(journal);
    if (entry.kind == "restore-finished" && at != open_.end()) {
      RestoreShare& restore = out_.restores[at->second];
      restore.ended_ns = time_ns;
      restore.outcome = field_of<std::string>(entry, "outcome");
      restore.files = field_of<std::int64_t>(entry, "files");
      restore.bytes = field_of<std::int64_t>(entry, "bytes");
      if (restore.outcome == "finished") open_.erase(at);
    }
    if (entry.kind == "service-data-restored") service_restored(entry, time_ns);
    if (entry.kind == "replay-done")
      replayed_[field_of<std::string>(entry, "folder")] =
          base::parse_rfc3339(field_of<std::string>(entry, "as_of_after")).value_or(0);
  }

  /// A database that its logs brought forward has later data than the backup it was restored from. Services whose
  /// databases all were have that time.
  void take_replays(const services::ServicesFile& file) {
    for (ServiceShare& share : out_.services) {
      const services::Service* service = file.find(share.id);
      std::int64_t as_of_ns = 0;
      for (const services::DataUnit& data : service->data) {
        if (data.kind != services::DataKind::postgresql && data.kind != services::DataKind::mariadb) continue;
        const std::int64_t replayed_ns = find_replay(data.path);
        if (replayed_ns == 0) {
          as_of_ns = 0;
          break;
        }
        as_of_ns = as_of_ns == 0 ? replayed_ns : std::min(as_of_ns, replayed_ns);
      }
      if (as_of_ns <= share.data_as_of_ns) continue;
      share.data_as_of_ns = as_of_ns;
      share.from.emplace_back("its logs");
    }
  }

 private:
  static constexpr std::size_t k_restores_max = 1000;

  void service_restored(const ledger::Entry& entry, std::int64_t time_ns) {
    const std::string id = field_of<std::string>(entry, "service");
    const auto at = std::find_if(out_.services.begin(), out_.services.end(),
                                 [&](const ServiceShare& service) { return service.id == id; });
    if (at == out_.services.end()) return;
    at->restored_ns = time_ns;
    at->bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, field_of<std::int64_t>(entry, "bytes")));
    at->from = field_of<std::vector<std::string>>(entry, "from");
    at->data_as_of_ns = base::parse_rfc3339(field_of<std::string>(entry, "data_as_of")).value_or(0);
  }

  /// In place, or beside: then the folder ends with the path.
  [[nodiscard]] std::int64_t find_replay(const std::string& path) const {
    const auto at = std::find_if(replayed_.begin(), replayed_.end(),
                                 [&](const auto& replay) { return replay.first.ends_with(path); });
    return at == replayed_.end() ? 0 : at->second;
  }

  ServicesShare& out_;
  std::map<std::string, std::size_t> open_;       // by journal
  std::map<std::string, std::int64_t> replayed_;  // by folder: last commit that it has now
};

bool shares_data(const services::Service& one, const services::Service& other) {
  return std::any_of(one.data.begin(), one.data.end(), [&](const services::DataUnit& data) {
    return std::any_of(other.data.begin(), other.data.end(),
                       [&](const services::DataUnit& others) { return others.path == data.path; });
  });
}

/// A restore brings each path back once, with the first service that has it: of those that share it the ledger says no
/// source, or nothing.
void take_shared(const services::ServicesFile& file, ServicesShare& out) {
  const std::vector<ServiceShare> restored = out.services;
  for (ServiceShare& share : out.services) {
    if (!share.from.empty()) continue;
    for (const ServiceShare& other : restored) {
      if (other.from.empty() || !shares_data(*file.find(share.id), *file.find(other.id))) continue;
      share.from = other.from;
      if (share.restored_ns == 0) share.restored_ns = other.restored_ns;
      if (share.data_as_of_ns == 0) share.data_as_of_ns = other.data_as_of_ns;
      break;
    }
  }
}

void take_history(const services::ReadHistory& history, ServicesShare& out) {
  for (ServiceShare& service : out.services) {
    for (const services::HistoryEntry& entry : history.entries) {
      if (entry.service != service.id) continue;
      const bool is_well = entry.moment == Moment::healthy;
      if (is_well && service.healthy_ns == 0) service.healthy_ns = entry.time_ns;
      if (!is_well && entry.moment != Moment::starting) {
        service.healthy_ns = 0;
        if (service.down_ns == 0) service.down_ns = entry.time_ns;
      }
      service.last_words = entry.sentence;
    }
  }
}

std::int64_t attack_began(const facts::CaseFacts& facts) {
  for (const facts::MomentFacts& moment : facts.moments) {
    if (moment.name == "first encryption" && moment.at_ns != 0) return moment.at_ns;
  }
  return 0;
}

/// Whoever is down, or had to be restored, is so since the attack began, where that is known and came first.
void settle_beginnings(std::int64_t attack_ns, ServicesShare& out) {
  for (ServiceShare& service : out.services) {
    if (service.down_ns == 0 && service.restored_ns == 0) continue;
    if (attack_ns != 0 && (service.down_ns == 0 || attack_ns < service.down_ns)) service.down_ns = attack_ns;
  }
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

}  // namespace

base::Result<ServicesShare> gather_services(const std::string& case_folder, const facts::CaseFacts& facts) {
  ServicesShare out;
  const auto file = services::read_services(services::services_folder(case_folder) + "/services.toml");
  if (!file.ok() && file.error().code != base::ErrorCode::not_found) out.trouble = file.error().what;
  if (file.ok()) {
    for (const services::Service* service : services::order_of(file.value(), {}))
      out.services.push_back({.id = service->id,
                              .title = service->title,
                              .tier = service->tier,
                              .rto_s = service->rto_s,
                              .rpo_s = service->rpo_s});
  }
  LedgerReader reader(out);
  LG_ASSIGN(
      [[maybe_unused]] const ledger::ReadLedger read,
      ledger::read_ledger(case_folder + "/ledger", {},
                          [&](const ledger::Entry& entry, std::string_view, std::uint64_t) { reader.see(entry); }));
  if (out.services.empty()) return out;
  take_shared(file.value(), out);
  reader.take_replays(file.value());
  const auto history = services::read_history(case_folder);
  if (history.ok())
    take_history(history.value(), out);
  else
    out.trouble = history.error().what;
  settle_beginnings(attack_began(facts), out);
  const auto checks = services::read_checks(case_folder);
  if (checks.ok()) take_tests(checks.value(), out);
  return out;
}

}  // namespace lastgood::report
