// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "report/restored_times.h"

#include <algorithm>
#include <string_view>

#include "base/rfc3339.h"
#include "report/ledger_field.h"

namespace lastgood::report {

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

bool is_at_or_below(std::string_view path, std::string_view top) {
  return path.starts_with(top) && (path.size() == top.size() || path[top.size()] == '/');
}

bool is_server(const DataUnit& data) { return data.kind == DataKind::postgresql || data.kind == DataKind::mariadb; }

bool shares_data(const services::Service& one, const services::Service& other) {
  return std::any_of(one.data.begin(), one.data.end(), [&](const DataUnit& data) {
    return data.regenerable == Regenerable::no &&
           std::any_of(other.data.begin(), other.data.end(),
                       [&](const DataUnit& others) { return others.path == data.path; });
  });
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
    if (share.needed_as_of_ns == 0 || needed_ns < share.needed_as_of_ns) share.needed_title = at->second->title;
    share.needed_as_of_ns = older_of(share.needed_as_of_ns, needed_ns);
  }
}

}  // namespace

void RestoredTimes::see(const ledger::Entry& entry) {
  if (entry.kind == "service-data-restored") service_restored(entry);
  if (entry.kind == "replay-done")
    replays_.push_back({.at_ns = base::parse_rfc3339(entry.time).value_or(0),
                        .folder = field_of<std::string>(entry, "folder"),
                        .as_of_ns = time_in(entry, "as_of_after")});
}

void RestoredTimes::service_restored(const ledger::Entry& entry) {
  Restored out{.at_ns = base::parse_rfc3339(entry.time).value_or(0),
               .bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, field_of<std::int64_t>(entry, "bytes"))),
               .from = field_of<std::vector<std::string>>(entry, "from"),
               .sets_ns = time_in(entry, "sets_as_of"),
               .files_ns = time_in(entry, "files_as_of")};
  // "2022-11-23T01:26:58Z /srv/pg"
  for (const std::string& database : field_of<std::vector<std::string>>(entry, "databases")) {
    const std::size_t blank = database.find(' ');
    if (blank == std::string::npos) continue;
    out.databases[database.substr(blank + 1)] = base::parse_rfc3339(database.substr(0, blank)).value_or(0);
  }
  if (!entry.fields.contains("databases")) out.all_ns = time_in(entry, "data_as_of");
  restored_[field_of<std::string>(entry, "service")] = std::move(out);
}

/// A restore brings each path back once, with the first service that has it: of those that share it the ledger says no
/// source, or nothing.
void RestoredTimes::add_shared(const services::Service& service, const services::ServicesFile& file,
                               Restored& own) const {
  for (const auto& [id, other] : restored_) {
    const services::Service* others = file.find(id);
    if (id == service.id || others == nullptr || other.from.empty() || !shares_data(service, *others)) continue;
    for (const auto& database : other.databases) {
      const bool is_shared = std::any_of(service.data.begin(), service.data.end(), [&](const DataUnit& data) {
        return is_at_or_below(database.first, data.path);
      });
      if (is_shared) own.databases.insert(database);
    }
    if (own.at_ns == 0) own.at_ns = other.at_ns;
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
    if (is_server(data) && data.regenerable == Regenerable::no) own.databases.emplace(data.path, own.all_ns);
  }
  if (own.databases.empty()) own.files_ns = own.all_ns;
  return own;
}

/// In place, or beside: then the folder ends with the path. The last one counts, and none from before the restore.
std::int64_t RestoredTimes::replayed(const std::string& path, std::int64_t restored_ns) const {
  const auto at = std::find_if(replays_.rbegin(), replays_.rend(), [&](const Replay& replay) {
    return replay.at_ns >= restored_ns && replay.folder.ends_with(path);
  });
  return at == replays_.rend() ? 0 : at->as_of_ns;
}

void RestoredTimes::settle_own(const Restored& own, ServiceShare& share) const {
  share.restored_ns = own.at_ns;
  share.bytes = own.bytes;
  share.from = own.from;
  std::int64_t sets_ns = own.sets_ns;
  bool has_replay = false;
  for (const auto& [path, as_of_ns] : own.databases) {
    const std::int64_t replayed_ns = replayed(path, own.at_ns);
    has_replay = has_replay || replayed_ns > as_of_ns;
    sets_ns = older_of(sets_ns, replayed_ns != 0 ? replayed_ns : as_of_ns);
  }
  if (has_replay) share.from.emplace_back("its logs");
  share.data_as_of_ns = sets_ns != 0 ? sets_ns : own.files_ns;
  if (own.files_ns < share.data_as_of_ns) share.files_as_of_ns = own.files_ns;
}

void RestoredTimes::settle(const services::ServicesFile& file, ServicesShare& out) const {
  std::map<std::string_view, const ServiceShare*> done;
  for (ServiceShare& share : out.services) {
    const services::Service& service = *file.find(share.id);
    settle_own(data_of(file, service), share);
    take_needed(service, done, share);
    done.emplace(share.id, &share);
  }
}

}  // namespace lastgood::report
