// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/plan_services.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/human.h"
#include "base/local_time.h"
#include "recovery/below.h"
#include "recovery/database_dumps.h"
#include "recovery/plan_databases.h"

namespace lastgood::recovery {

namespace {

using services::Regenerable;

PlanService begin_service(const services::Service& service) {
  PlanService out;
  out.id = service.id;
  out.title = service.title;
  out.tier = service.tier;
  for (const services::Dependency& dependency : service.depends_on) out.waits_for.push_back(dependency.service);
  for (const services::DataUnit& data : service.data)
    (data.regenerable == Regenerable::yes ? out.regenerable_paths : out.paths).push_back(data.path);
  return out;
}

/// Of the newest snapshot that a stage's files come from; a unit says itself as of when it is. The oldest counts.
struct AsOf {
  std::int64_t files_ns = 0;
  std::int64_t units_ns = 0;       // with their logs
  std::int64_t bare_units_ns = 0;  // without
  std::uint64_t replay_bytes = 0;  // a replay copies the database once more and reads the logs
};

std::int64_t older_of(std::int64_t a_ns, std::int64_t b_ns) {
  if (a_ns == 0 || b_ns == 0) return std::max(a_ns, b_ns);
  return std::min(a_ns, b_ns);
}

/// What a unit does not say itself its snapshot says.
std::int64_t time_of(const PlanUnit& unit, const Plan& plan) {
  return unit.data_as_of_ns != 0 ? unit.data_as_of_ns : plan.snapshots[unit.snapshot].time_ns;
}

void note_snapshot(Plan& plan, PlanService& service, std::uint32_t snapshot) {
  if (service.from.size() >= PlanService::k_from_max) return;
  std::string name =
      plan.sources[plan.snapshots[snapshot].source].name + " " + model::short_id(plan.snapshots[snapshot].id);
  if (std::find(service.from.begin(), service.from.end(), name) == service.from.end())
    service.from.push_back(std::move(name));
}

void count_regenerable(Plan& plan, const PlanItem& item) {
  for (PlanService& service : plan.services) {
    const bool is_its = std::any_of(service.regenerable_paths.begin(), service.regenerable_paths.end(),
                                    [&](const std::string& path) { return is_at_or_below(item.path, path); });
    if (is_its) ++service.regenerable_files;
  }
}

void note_unit(AsOf& of, const PlanUnit& unit, const Plan& plan) {
  const std::int64_t time_ns = time_of(unit, plan);
  const std::int64_t replayed_ns = unit.logs.can_replay() ? std::max(time_ns, unit.logs.reach_ns) : time_ns;
  of.bare_units_ns = older_of(of.bare_units_ns, unit.needs_log ? replayed_ns : time_ns);
  of.units_ns = older_of(of.units_ns, replayed_ns);
}

/// A path of a service that comes back in the stage of another one, which names it, too.
struct SharedPath {
  std::size_t service = 0;
  std::string path;
};

std::vector<SharedPath> find_shared_paths(const Plan& plan, const PlanStages& stages) {
  std::vector<SharedPath> out;
  for (std::size_t i = 0; i < plan.services.size(); ++i) {
    for (const std::string& path : plan.services[i].paths) {
      const std::uint32_t stage = stages.stage_of(path);
      if (stage != i && stage < plan.services.size()) out.push_back({i, path});
    }
  }
  return out;
}

/// Its bytes are counted once, with the service that brings them; as of when they are goes for all that share them.
void note_shared(Plan& plan, const PlanStages& stages, std::vector<AsOf>& as_of) {
  const std::vector<SharedPath> shared = find_shared_paths(plan, stages);
  if (shared.empty()) return;
  for (const PlanItem& item : plan.items) {
    if (item.kind != model::EntryKind::regular) continue;
    for (const SharedPath& one : shared) {
      if (!is_at_or_below(item.path, one.path)) continue;
      note_snapshot(plan, plan.services[one.service], item.snapshot);
      if (item.unit == PlanItem::k_no_unit)
        as_of[one.service].files_ns = std::max(as_of[one.service].files_ns, plan.snapshots[item.snapshot].time_ns);
    }
  }
  for (const PlanUnit& unit : plan.units)
    for (const SharedPath& one : shared)
      if (is_at_or_below(unit.path, one.path)) note_unit(as_of[one.service], unit, plan);
}

/// Of a service that brings back nothing itself: the one in whose stage its data come. Null: none does.
const PlanService* find_bringer(const PlanService& service, const Plan& plan) {
  const PlanStages stages(plan);
  for (const std::string& path : service.paths) {
    const PlanService* other = stages.service_of(stages.stage_of(path));
    if (other == nullptr || other->id == service.id) continue;
    const auto is_its = [&](const auto& one) { return is_at_or_below(one.path, path); };
    if (std::any_of(plan.units.begin(), plan.units.end(), is_its) ||
        std::any_of(plan.items.begin(), plan.items.end(), is_its))
      return other;
  }
  return nullptr;
}

void count_items(Plan& plan, const PlanStages& stages, std::vector<AsOf>& as_of) {
  for (const PlanItem& item : plan.items) {
    const std::uint32_t stage = stages.stage_of(item.path);
    if (item.kind != model::EntryKind::regular) continue;
    if (stage + 1 == stages.count()) count_regenerable(plan, item);
    if (stage >= plan.services.size()) continue;
    PlanService& service = plan.services[stage];
    ++service.files;
    service.bytes += item.size_bytes;
    note_snapshot(plan, service, item.snapshot);
    if (item.unit != PlanItem::k_no_unit && plan.units[item.unit].logs.can_replay())
      as_of[stage].replay_bytes += item.size_bytes;
    if (item.unit == PlanItem::k_no_unit)
      as_of[stage].files_ns = std::max(as_of[stage].files_ns, plan.snapshots[item.snapshot].time_ns);
  }
  for (const PlanUnit& unit : plan.units) {
    const std::uint32_t stage = stages.stage_of(unit.path);
    if (stage >= plan.services.size()) continue;
    note_unit(as_of[stage], unit, plan);
    if (!unit.logs.can_replay()) continue;
    plan.services[stage].log_files += unit.logs.files;
    as_of[stage].replay_bytes += unit.logs.bytes;
  }
  note_shared(plan, stages, as_of);
  for (const PlanLoss& loss : plan.losses) {
    const std::uint32_t stage = stages.stage_of(loss.path);
    if (stage < plan.services.size()) ++plan.services[stage].lost;
  }
}

/// "04:10 UTC" when it is on the day the plan was made, else with the day.
std::string clock_of(std::int64_t time_ns, const Plan& plan, std::string_view zone) {
  constexpr std::size_t k_day_letters = 10;  // 2022-11-23 04:10:00 UTC
  constexpr std::size_t k_second_letters = 19;
  const std::string time = base::time_in_zone(time_ns, zone);
  if (time.size() <= k_second_letters) return time;
  const std::string day = time.substr(0, k_day_letters);
  const std::string clock = time.substr(k_day_letters + 1, 5) + time.substr(k_second_letters);
  return base::time_in_zone(plan.made_ns, zone).starts_with(day) ? clock : clock + " on " + day;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

/// Why a service does not come back: something that it names is lost as a whole, or what it waits for does not come
/// back. Empty: it does, though single files may be lost.
std::string find_hindrance(const PlanService& service, const Plan& plan, const std::set<std::string>& hindered) {
  for (const PlanLoss& loss : plan.losses) {
    if (std::find(service.paths.begin(), service.paths.end(), loss.path) == service.paths.end()) continue;
    constexpr std::string_view k_in_place = "unit.in-place: ";
    for (const std::string_view rule : {k_in_place, k_gone_rule}) {
      if (loss.why.starts_with(rule))
        return fmt::format("'{}': {}", base::printable(loss.path), loss.why.substr(rule.size()));
    }
    const bool is_unjudged = loss.why.find("backups judge") != std::string::npos;
    const std::size_t dump = loss.why.find(k_dump_words);
    return fmt::format("no usable copy has '{}'{}{}", base::printable(loss.path),
                       is_unjudged ? ", of those that were judged: 'lastgood backups judge' looks at the others" : "",
                       dump == std::string::npos ? std::string() : "; " + loss.why.substr(dump));
  }
  for (const std::string& needed : service.waits_for) {
    if (hindered.contains(needed)) return fmt::format("it waits for {}, which does not come back", needed);
  }
  return {};
}

/// Regenerable data of which something is struck or in doubt, and which nothing brings back.
bool is_spoiled(const Plan& plan, const std::string& path) {
  return std::any_of(plan.unjudged.begin(), plan.unjudged.end(), [&](const UnjudgedFile& one) {
    return one.path == path && one.why.starts_with("service.regenerable: ");
  });
}

std::string sentence_of(const PlanService& service, const Plan& plan, std::string_view zone) {
  std::string out = fmt::format("{} back at about {}", base::printable(service.title),
                                clock_of(plan.made_ns + static_cast<std::int64_t>(service.ready_s * 1e9), plan, zone));
  const PlanService* bringer = service.files == 0 ? find_bringer(service, plan) : nullptr;
  if (bringer != nullptr)
    out += fmt::format(", its data come back with those of {}", base::printable(bringer->title));
  else if (service.files == 0)
    out += service.regenerable_files == 0 ? std::string(", nothing of its own data has to come back")
                                          : fmt::format(", only what can be made again comes back ({})",
                                                        base::counted(service.regenerable_files, "file"));
  if (service.data_as_of_ns != 0)
    out += fmt::format(", {} as of {}", service.files == 0 && bringer == nullptr ? "what it waits for" : "data",
                       base::time_in_zone(service.data_as_of_ns, zone));
  if (service.without_logs_ns != service.data_as_of_ns)
    out += fmt::format(" after replay of saved logs ({} without)", base::time_in_zone(service.without_logs_ns, zone));
  if (service.files_as_of_ns != 0)
    out += fmt::format("; files beside as of {}", base::time_in_zone(service.files_as_of_ns, zone));
  for (const PlanItem& item : plan.items) {
    const bool is_its = std::find(service.paths.begin(), service.paths.end(), item.path) != service.paths.end();
    if (is_its && item.kind == model::EntryKind::regular && item.verdict == model::Verdict::undecided)
      out += fmt::format("; nobody can tell from the bytes of '{}' whether they are whole", base::printable(item.path));
  }
  if (service.lost > 0)
    out += fmt::format(", {} {} lost", base::counted(service.lost, "path"), service.lost == 1 ? "is" : "are");
  return out;
}

}  // namespace

std::vector<std::string> paths_of_service(const services::ServicesFile& file, std::string_view wanted) {
  std::vector<std::string> out;
  for (const services::Service* service : services::order_of(file, wanted)) {
    for (const services::DataUnit& data : service->data) out.push_back(data.path);
  }
  return out;
}

void add_services(Plan& plan, const services::ServicesFile& file, std::string_view wanted, const RestoreRate& rate) {
  plan.services.clear();
  for (const services::Service* service : services::order_of(file, wanted))
    plan.services.push_back(begin_service(*service));
  plan.rate_basis = rate.basis;
  std::vector<AsOf> as_of(plan.services.size());
  count_items(plan, PlanStages(plan), as_of);
  std::map<std::string_view, const PlanService*> done;
  double seconds = 0;
  for (std::size_t i = 0; i < plan.services.size(); ++i) {
    PlanService& service = plan.services[i];
    seconds += static_cast<double>(service.bytes + as_of[i].replay_bytes) / rate.bytes_per_s;
    service.ready_s = seconds;
    const AsOf& own = as_of[i];
    service.data_as_of_ns = own.units_ns != 0 ? own.units_ns : own.files_ns;
    service.without_logs_ns = own.units_ns != 0 ? own.bare_units_ns : own.files_ns;
    for (const std::string& needed : service.waits_for) {
      const auto at = done.find(needed);
      if (at == done.end()) continue;
      service.data_as_of_ns = older_of(service.data_as_of_ns, at->second->data_as_of_ns);
      service.without_logs_ns = older_of(service.without_logs_ns, at->second->without_logs_ns);
    }
    if (own.files_ns < service.data_as_of_ns) service.files_as_of_ns = own.files_ns;
    done.emplace(service.id, &service);
  }
}

std::string format_services(const Plan& plan, std::string_view zone) {
  if (plan.services.empty()) return {};
  std::string out = "\nServices, in the order in which they come back\n";
  std::uint64_t bytes = 0;
  std::set<std::string> hindered;
  const PlanStages stages(plan);
  for (std::size_t i = 0; i < plan.services.size(); ++i) {
    const PlanService& service = plan.services[i];
    bytes += service.bytes;
    const std::string hindrance = find_hindrance(service, plan, hindered);
    if (!hindrance.empty()) hindered.insert(service.id);
    const std::string sentence = hindrance.empty()
                                     ? sentence_of(service, plan, zone)
                                     : fmt::format("{} NOT back: {}", base::printable(service.title), hindrance);
    out += fmt::format("  {:>2}. {}\n      {}, tier {}: {} files, {}{}\n", i + 1, sentence, service.id, service.tier,
                       base::human_count(service.files), base::human_bytes(service.bytes),
                       service.waits_for.empty() ? std::string() : "; waits for " + joined(service.waits_for));
    if (service.log_files > 0)
      out += fmt::format("      {} log files are replayed into its databases once they are there\n",
                         base::human_count(service.log_files));
    const bool needs_log = std::any_of(plan.units.begin(), plan.units.end(), [&](const PlanUnit& unit) {
      return unit.needs_log && stages.stage_of(unit.path) == i;
    });
    if (needs_log) out += "      its database has not all of its own log: it cannot be started before that replay\n";
    if (!service.from.empty()) out += fmt::format("      from {}\n", base::printable(joined(service.from)));
    for (const std::string& path : service.regenerable_paths)
      out += fmt::format("      {} can be made again from other data: it comes last of all{}\n", base::printable(path),
                         is_spoiled(plan, path) ? "; what stands there is struck or in doubt, see below" : "");
  }
  out += fmt::format("  These times are for copying {} from now on, at {}; starting the services comes on top.\n",
                     base::human_bytes(bytes), plan.rate_basis);
  return out;
}

std::vector<Hindered> find_hindered(const Plan& plan) {
  std::vector<Hindered> out;
  std::set<std::string> ids;
  for (const PlanService& service : plan.services) {
    std::string why = find_hindrance(service, plan, ids);
    if (why.empty()) continue;
    ids.insert(service.id);
    out.push_back({.title = service.title, .why = std::move(why)});
  }
  return out;
}

PlanStages::PlanStages(const Plan& plan) : plan_(plan) {
  for (std::uint32_t i = 0; i < plan.services.size(); ++i) {
    for (const std::string& path : plan.services[i].paths) places_.push_back({path, i});
    for (const std::string& path : plan.services[i].regenerable_paths) places_.push_back({path, count() - 1});
  }
  // A path that several services stand on belongs to the first of them.
  std::stable_sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) { return a.path < b.path; });
  places_.erase(
      std::unique(places_.begin(), places_.end(), [](const Place& a, const Place& b) { return a.path == b.path; }),
      places_.end());
}

std::uint32_t PlanStages::count() const {
  return plan_.services.empty() ? 1 : static_cast<std::uint32_t>(plan_.services.size()) + 2;
}

std::uint32_t PlanStages::stage_of(std::string_view path) const {
  if (plan_.services.empty()) return 0;
  // The nearest folder above it that a service names.
  for (std::string_view above = path; !above.empty(); above = above.substr(0, above.rfind('/'))) {
    const auto at = std::lower_bound(places_.begin(), places_.end(), above,
                                     [](const Place& place, std::string_view wanted) { return place.path < wanted; });
    if (at != places_.end() && at->path == above) return at->stage;
  }
  return static_cast<std::uint32_t>(plan_.services.size());
}

const PlanService* PlanStages::service_of(std::uint32_t stage) const {
  return stage < plan_.services.size() ? &plan_.services[stage] : nullptr;
}

std::vector<OwnTimes> find_own_times(const Plan& plan, const PlanStages& stages) {
  std::vector<OwnTimes> out(stages.count());
  if (plan.services.empty()) return out;
  for (const PlanItem& item : plan.items) {
    if (item.kind != model::EntryKind::regular || item.unit != PlanItem::k_no_unit) continue;
    std::int64_t& files_ns = out[stages.stage_of(item.path)].files_ns;
    files_ns = std::max(files_ns, plan.snapshots[item.snapshot].time_ns);
  }
  for (const PlanUnit& unit : plan.units) {
    OwnTimes& own = out[stages.stage_of(unit.path)];
    // Of one that cannot be used yet the replay says it.
    const std::int64_t time_ns = unit.needs_log ? 0 : time_of(unit, plan);
    if (unit.kind == "postgresql" || unit.kind == "mariadb")
      own.databases.push_back({.path = unit.path, .as_of_ns = time_ns});
    else
      own.sets_ns = older_of(own.sets_ns, time_ns);
  }
  return out;
}

}  // namespace lastgood::recovery
