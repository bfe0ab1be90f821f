// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "report/restored_times.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/rfc3339.h"
#include "recovery/below.h"
#include "recovery/own_replay.h"
#include "report/ledger_field.h"

namespace lastgood::report {

using recovery::is_at_or_below;

namespace {

using services::DataKind;
using services::DataUnit;
using services::Regenerable;

std::int64_t older_of(std::int64_t a_ns, std::int64_t b_ns) {
  if (a_ns == 0 || b_ns == 0) return std::max(a_ns, b_ns);
  return std::min(a_ns, b_ns);
}

std::int64_t time_in(const ledger::Entry& entry, std::string_view name) {
  return base::parse_rfc3339(field_of<std::string>(entry, name)).value_or(0);
}

/// A plan that is restored to a target: what the entries of one restore have in common.
std::string run_of(const ledger::Entry& entry) {
  return field_of<std::string>(entry, "plan_sha256") + " " + field_of<std::string>(entry, "target");
}

std::string placed(const std::string& target, const std::string& path) {
  return (target == "/" ? std::string() : target) + path;
}

bool is_server(const DataUnit& data) { return data.kind == DataKind::postgresql || data.kind == DataKind::mariadb; }

bool shares_data(const services::Service& one, const services::Service& other) {
  return std::any_of(one.data.begin(), one.data.end(), [&](const DataUnit& data) {
    return data.regenerable == Regenerable::no &&
           std::any_of(other.data.begin(), other.data.end(),
                       [&](const DataUnit& others) { return others.path == data.path; });
  });
}

bool is_of(const services::Service& service, const std::string& database) {
  return std::any_of(service.data.begin(), service.data.end(),
                     [&](const DataUnit& data) { return is_at_or_below(database, data.path); });
}

/// What a service waits for is as of then: named where that is older than its own data, or where it has none.
void take_needed(const services::Service& service, const std::map<std::string_view, const ServiceShare*>& done,
                 ServiceShare& share) {
  const std::int64_t own_ns = share.data_as_of_ns;
  for (const services::Dependency& dependency : service.depends_on) {
    const auto at = done.find(dependency.service);
    if (at == done.end()) continue;
    const std::int64_t needed_ns = older_of(at->second->data_as_of_ns, at->second->needed_as_of_ns);
    if (needed_ns == 0 || (own_ns != 0 && needed_ns >= own_ns)) continue;
    if (share.needed_as_of_ns == 0 || needed_ns < share.needed_as_of_ns) {
      share.needed_title = at->second->title;
      share.needed_id = at->second->id;
    }
    share.needed_as_of_ns = older_of(share.needed_as_of_ns, needed_ns);
  }
}

}  // namespace

void RestoredTimes::see(const ledger::Entry& entry) {
  if (entry.kind == "restore-begun") modes_[run_of(entry)] = field_of<std::string>(entry, "mode");
  if (entry.kind == "service-data-restored") service_restored(entry);
  if (entry.kind == "replay-done")
    replays_.push_back(
        {.at_ns = base::parse_rfc3339(entry.time).value_or(0),
         .folder = field_of<std::string>(entry, "folder"),
         .as_of_ns = time_in(entry, "as_of_after"),
         .lacks = recovery::describe_lacks({.logs_end_early = field_of<std::string>(entry, "logs_end_early"),
                                            .logs_lacking = field_of<std::string>(entry, "logs_lacking")})});
}

void RestoredTimes::service_restored(const ledger::Entry& entry) {
  Restored out{.at_ns = base::parse_rfc3339(entry.time).value_or(0),
               .service = field_of<std::string>(entry, "service"),
               .run = run_of(entry),
               .target = field_of<std::string>(entry, "target"),
               .bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, field_of<std::int64_t>(entry, "bytes"))),
               .from = field_of<std::vector<std::string>>(entry, "from"),
               .sets_ns = time_in(entry, "sets_as_of"),
               .files_ns = time_in(entry, "files_as_of")};
  // "2022-11-23T01:26:58Z /srv/pg"
  for (const std::string& database : field_of<std::vector<std::string>>(entry, "databases")) {
    const std::size_t blank = database.find(' ');
    if (blank == std::string::npos) continue;
    out.databases[database.substr(blank + 1)] = {
        .at_ns = out.at_ns, .as_of_ns = base::parse_rfc3339(database.substr(0, blank)).value_or(0)};
  }
  if (!entry.fields.contains("databases")) out.all_ns = time_in(entry, "data_as_of");
  const auto mode = modes_.find(out.run);
  if (mode != modes_.end()) out.mode = mode->second;
  all_.push_back(std::move(out));
}

/// What a later restore left as it stood is still from where the earlier one had it.
void RestoredTimes::keep_untouched(const Restored& last, Restored& next) {
  bool is_any_kept = false;
  for (const auto& [path, database] : last.databases)
    is_any_kept = next.databases.emplace(path, database).second || is_any_kept;
  for (const auto& [kept_ns, into_ns] :
       {std::pair{last.sets_ns, &next.sets_ns}, std::pair{last.files_ns, &next.files_ns}}) {
    if (*into_ns != 0 || kept_ns == 0) continue;
    *into_ns = kept_ns;
    is_any_kept = true;
  }
  if (!is_any_kept) return;
  for (const std::string& from : last.from)
    if (std::find(next.from.begin(), next.from.end(), from) == next.from.end()) next.from.push_back(from);
  if (last.run != next.run) next.bytes += last.bytes;
}

/// A restore beside counts where the services file says by now that the service works from there.
void RestoredTimes::sort_by_place(const services::ServicesFile& file) {
  for (const Restored& one : all_) {
    const services::Service* service = file.find(one.service);
    if (service == nullptr) continue;
    const bool is_its_place = one.mode != "beside" || one.target.empty() || one.target == "/" ||
                              std::any_of(service->data.begin(), service->data.end(),
                                          [&](const DataUnit& data) { return is_at_or_below(data.path, one.target); });
    if (!is_its_place) {
      beside_[one.service] = one;
      continue;
    }
    Restored next = one;
    next.first_ns = one.at_ns;
    if (const auto last = restored_.find(one.service); last != restored_.end()) {
      // One that went on after a stop says each service again.
      next.first_ns = last->second.first_ns;
      next.again_ns = last->second.run == one.run ? last->second.again_ns : one.at_ns;
      keep_untouched(last->second, next);
    }
    restored_.insert_or_assign(one.service, std::move(next));
  }
}

/// Databases that another service has brought back since, which are this one's, too.
void RestoredTimes::take_newer(const services::Service& service, const Restored& other, Restored& own) {
  if (own.at_ns == 0 || other.run == own.run) return;
  bool is_any_newer = false;
  for (const auto& [path, database] : other.databases) {
    const auto at = own.databases.find(path);
    if (at == own.databases.end() || database.at_ns <= at->second.at_ns || !is_of(service, path)) continue;
    at->second = database;
    own.again_ns = std::max(own.again_ns, database.at_ns);
    is_any_newer = true;
  }
  if (!is_any_newer) return;
  const bool is_any_left = own.files_ns != 0 || own.sets_ns != 0 ||
                           std::any_of(own.databases.begin(), own.databases.end(),
                                       [&](const auto& one) { return one.second.at_ns <= own.at_ns; });
  if (!is_any_left) own.from.clear();
  for (const std::string& from : other.from)
    if (std::find(own.from.begin(), own.from.end(), from) == own.from.end()) own.from.push_back(from);
}

/// A restore brings each path back once, with the first service that has it: of those that share it the ledger says no
/// source, or nothing.
void RestoredTimes::add_shared(const services::Service& service, const services::ServicesFile& file,
                               Restored& own) const {
  for (const auto& [id, other] : restored_) {
    const services::Service* others = file.find(id);
    if (id == service.id || others == nullptr || other.from.empty() || !shares_data(service, *others)) continue;
    for (const auto& database : other.databases) {
      if (is_of(service, database.first)) own.databases.insert(database);
    }
    take_newer(service, other, own);
    if (own.at_ns == 0) {
      own.at_ns = other.at_ns;
      own.first_ns = other.first_ns;
      own.again_ns = other.again_ns;
      own.target = other.target;
    }
    if (!own.from.empty()) continue;
    own.from = other.from;
    own.sets_ns = other.sets_ns;
    own.files_ns = other.files_ns;
    own.all_ns = other.all_ns;
  }
}

RestoredTimes::Restored RestoredTimes::data_of(const services::ServicesFile& file,
                                               const services::Service& service) const {
  const auto at = restored_.find(service.id);
  Restored own = at == restored_.end() ? Restored{} : at->second;
  add_shared(service, file, own);
  if (own.all_ns == 0) return own;
  for (const DataUnit& data : service.data) {
    if (is_server(data) && data.regenerable == Regenerable::no)
      own.databases.emplace(data.path, Database{.at_ns = own.at_ns, .as_of_ns = own.all_ns});
  }
  if (own.databases.empty()) own.files_ns = own.all_ns;
  return own;
}

/// In the folder that the restore put there. The last one counts, and none from before the restore. Null: there is
/// none.
const RestoredTimes::Replay* RestoredTimes::find_replay(const Restored& own, const std::string& path) const {
  const auto known = own.databases.find(path);
  const std::int64_t from_ns = known == own.databases.end() ? own.at_ns : known->second.at_ns;
  const auto at = std::find_if(replays_.rbegin(), replays_.rend(), [&](const Replay& replay) {
    return replay.at_ns >= from_ns && (replay.folder == placed(own.target, path) || replay.folder == path);
  });
  return at == replays_.rend() ? nullptr : &*at;
}

std::int64_t RestoredTimes::replayed(const Restored& own, const std::string& path) const {
  const Replay* const replay = find_replay(own, path);
  return replay == nullptr ? 0 : replay->as_of_ns;
}

std::int64_t RestoredTimes::as_of_beside(const Restored& beside) const {
  std::int64_t out_ns = older_of(beside.sets_ns, beside.all_ns);
  for (const auto& [path, database] : beside.databases) {
    const std::int64_t replayed_ns = replayed(beside, path);
    out_ns = older_of(out_ns, replayed_ns != 0 ? replayed_ns : database.as_of_ns);
  }
  return out_ns != 0 ? out_ns : beside.files_ns;
}

void RestoredTimes::settle_own(const Restored& own, ServiceShare& share) const {
  share.restored_ns = own.first_ns;
  share.restored_again_ns = own.again_ns;
  share.bytes = own.bytes;
  share.from = own.from;
  std::int64_t sets_ns = own.sets_ns;
  bool has_replay = false;
  for (const auto& [path, database] : own.databases) {
    const std::int64_t replayed_ns = replayed(own, path);
    has_replay = has_replay || replayed_ns > database.as_of_ns;
    sets_ns = older_of(sets_ns, replayed_ns != 0 ? replayed_ns : database.as_of_ns);
    const Replay* const replay = find_replay(own, path);
    if (replay != nullptr && !replay->lacks.empty())
      share.lacks += fmt::format("{}'{}': {}", share.lacks.empty() ? "" : "; ", path, replay->lacks);
  }
  if (has_replay) share.from.emplace_back("its logs");
  share.data_as_of_ns = sets_ns != 0 ? sets_ns : own.files_ns;
  if (own.files_ns < share.data_as_of_ns) share.files_as_of_ns = own.files_ns;
}

/// As the services file has logs of it, and the ledger no replay of them.
void RestoredTimes::say_unreplayed(const services::Service& service, const Restored& own, ServiceShare& share) const {
  for (const DataUnit& data : service.data) {
    const bool has_logs = !data.logs.empty() && own.databases.contains(data.path);
    if (!has_logs || find_replay(own, data.path) != nullptr) continue;
    share.lacks +=
        fmt::format("{}'{}': no replay of its saved logs is known since", share.lacks.empty() ? "" : "; ", data.path);
  }
}

void RestoredTimes::settle(const services::ServicesFile& file, ServicesShare& out) {
  sort_by_place(file);
  std::map<std::string_view, const ServiceShare*> done;
  for (ServiceShare& share : out.services) {
    const services::Service& service = *file.find(share.id);
    const Restored own = data_of(file, service);
    settle_own(own, share);
    say_unreplayed(service, own, share);
    if (const auto at = beside_.find(share.id); at != beside_.end())
      share.beside = {.at_ns = at->second.at_ns, .folder = at->second.target, .as_of_ns = as_of_beside(at->second)};
    take_needed(service, done, share);
    done.emplace(share.id, &share);
  }
}

}  // namespace lastgood::report
