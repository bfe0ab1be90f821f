// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "services/check_names.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "base/letters.h"
#include "base/near_miss.h"

namespace lastgood::services {

namespace {

using ByName = std::map<std::string_view, std::size_t>;

constexpr std::size_t k_sheets_max = 10'000;
constexpr std::size_t k_dependencies_max = 1'000;

std::string meant_instead(std::string_view name, const std::vector<std::string_view>& known) {
  const std::string_view meant = base::find_near_miss(name, known);
  return meant.empty() ? std::string() : fmt::format(": did you mean '{}'?", meant);
}

/// A mistake that costs `of` as a whole: a service or a sheet. What is said of it, with its line.
template <typename Of>
std::string blame(Of& of, std::size_t line, std::string_view sentence, Mistakes& mistakes) {
  mistakes.add(line, sentence);
  std::string said = mistakes.take_first().sentence;
  if (of.mistake.empty()) of.mistake = said;
  return said;
}

bool can_be_asked(const DataUnit& data) { return !are_plain_files(data.kind); }

void check_dependencies(ServicesFile& file, const ByName& by_name, Mistakes& mistakes) {
  std::vector<std::string_view> known;
  for (const Service& service : file.services) known.push_back(service.id);
  for (Service& service : file.services) {
    const auto say = [&](std::size_t line, const std::string& sentence) { blame(service, line, sentence, mistakes); };
    if (service.depends_on.size() > k_dependencies_max)
      say(service.line, fmt::format("service '{}' waits for {} services, {} are allowed", service.id,
                                    service.depends_on.size(), k_dependencies_max));
    std::set<std::string_view> seen;
    for (const Dependency& dependency : service.depends_on) {
      if (!by_name.contains(dependency.service))
        say(dependency.line, fmt::format("service '{}' waits for '{}', which is not in the file{}", service.id,
                                         dependency.service, meant_instead(dependency.service, known)));
      else if (!seen.insert(dependency.service).second)
        say(dependency.line, fmt::format("service '{}' waits for '{}' twice", service.id, dependency.service));
      const auto at = by_name.find(dependency.service);
      if (at == by_name.end() || dependency.condition != Condition::service_completed_successfully) continue;
      if (file.services[at->second].start.empty())
        say(dependency.line, fmt::format("service '{}' waits until '{}' is completed, which has no 'start'", service.id,
                                         dependency.service));
    }
  }
}

/// Goes through the services without recursion; each loop is said once, beginning where the file names it first.
class LoopFinder {
 public:
  LoopFinder(ServicesFile& file, const ByName& by_name, Mistakes& mistakes)
      : file_(file), by_name_(by_name), mistakes_(mistakes), colours_(file.services.size(), Colour::unseen) {}

  void find() {
    for (std::size_t i = 0; i < file_.services.size(); ++i) {
      if (colours_[i] == Colour::unseen) go_from(i);
    }
  }

 private:
  enum class Colour : std::uint8_t { unseen, open, closed };
  struct Step {
    std::size_t service = 0;
    std::size_t next = 0;  // dependency
  };

  void go_from(std::size_t first) {
    path_.assign(1, {.service = first, .next = 0});
    colours_[first] = Colour::open;
    while (!path_.empty()) {
      Step& step = path_.back();
      const auto& waits_for = file_.services[step.service].depends_on;
      if (step.next == waits_for.size()) {
        colours_[step.service] = Colour::closed;
        path_.pop_back();
        continue;
      }
      const auto at = by_name_.find(waits_for[step.next++].service);
      if (at == by_name_.end()) continue;
      if (colours_[at->second] == Colour::open) say_loop(at->second);
      if (colours_[at->second] != Colour::unseen) continue;
      colours_[at->second] = Colour::open;
      path_.push_back({.service = at->second, .next = 0});
    }
  }

  void say_loop(std::size_t from) {
    const auto begin = std::find_if(path_.begin(), path_.end(), [&](const Step& step) { return step.service == from; });
    std::string sentence = file_.services[from].id;
    for (auto at = begin + 1; at != path_.end(); ++at) sentence += " waits for " + file_.services[at->service].id;
    sentence += " waits for " + file_.services[from].id;
    Service& first = file_.services[from];
    const std::string said =
        blame(first, first.line, "services wait for each other in a circle: " + sentence, mistakes_);
    for (auto at = begin + 1; at != path_.end(); ++at) {
      Service& member = file_.services[at->service];
      if (member.mistake.empty()) member.mistake = said;
    }
  }

  ServicesFile& file_;
  const ByName& by_name_;
  Mistakes& mistakes_;
  std::vector<Colour> colours_;
  std::vector<Step> path_;
};

const DataUnit* find_data(const Service& service, std::string_view name) {
  const auto at =
      std::find_if(service.data.begin(), service.data.end(), [&](const DataUnit& data) { return data.name == name; });
  return at == service.data.end() ? nullptr : &*at;
}

/// Sets `data` where a service has one database only; else why it cannot be known or asked.
std::string settle_data(std::string& name, const Service& service) {
  if (name.empty()) {
    const auto asked = std::count_if(service.data.begin(), service.data.end(), can_be_asked);
    if (asked != 1)
      return fmt::format("'data' must say which database is asked; service '{}' has {} of them", service.id, asked);
    name = std::find_if(service.data.begin(), service.data.end(), can_be_asked)->name;
    return {};
  }
  const DataUnit* data = find_data(service, name);
  if (data == nullptr) {
    std::vector<std::string_view> known;
    for (const DataUnit& one : service.data) known.push_back(one.name);
    return fmt::format("service '{}' has no data '{}'{}", service.id, name, meant_instead(name, known));
  }
  if (!can_be_asked(*data))
    return fmt::format("data '{}' is {}, which cannot be asked with SQL", name, name_of(data->kind));
  return {};
}

void check_data(Service& service, Mistakes& mistakes) {
  std::set<std::string_view> names;
  std::set<std::string_view> paths;
  for (const DataUnit& data : service.data) {
    if (!names.insert(data.name).second)
      blame(service, data.line,
            fmt::format("service '{}' has two data units '{}': give them a 'name' each", service.id, data.name),
            mistakes);
    if (!data.path.empty() && !paths.insert(data.path).second)
      blame(service, data.line, fmt::format("service '{}' names the path '{}' twice", service.id, data.path), mistakes);
  }
}

/// Who has an id first. Ids become names of files, and on a stick (FAT) two that differ in capitals only are one file.
struct FirstWithId {
  std::string id;
  std::string service;
  std::size_t line = 0;
};
using FirstById = std::map<std::string, FirstWithId>;  // by the id in small letters

void check_service_ids(ServicesFile& file, Mistakes& mistakes) {
  FirstById first;
  for (Service& service : file.services) {
    const auto [at, is_new] = first.try_emplace(base::lower(service.id), FirstWithId{service.id, {}, service.line});
    if (is_new) continue;
    blame(service, service.line,
          fmt::format("service '{}' and service '{}' of line {} differ in capital letters only: their files would be "
                      "one on a stick",
                      service.id, at->second.id, at->second.line),
          mistakes);
  }
}

void check_sheets(Service& service, FirstById& sheets, Mistakes& mistakes) {
  for (Sheet& sheet : service.sheets) {
    const auto [at, is_new] = sheets.try_emplace(base::lower(sheet.id), FirstWithId{sheet.id, service.id, sheet.line});
    const FirstWithId& first = at->second;
    if (!is_new && !sheet.id.empty())
      blame(sheet, sheet.line,
            first.id == sheet.id
                ? fmt::format("sheet '{}' is in service '{}' (line {}) and again in '{}': its id is printed on every "
                              "page and must be unique",
                              sheet.id, first.service, first.line, service.id)
                : fmt::format("sheet '{}' and sheet '{}' of line {} differ in capital letters only: their files would "
                              "be one on a stick",
                              sheet.id, first.id, first.line),
            mistakes);
    if (const std::string why = settle_data(sheet.data, service); !why.empty())
      blame(sheet, sheet.line, fmt::format("service '{}', sheet '{}': {}", service.id, sheet.id, why), mistakes);
  }
}

void check_health(Service& service, Mistakes& mistakes) {
  if (!service.healthcheck || service.healthcheck->sql.empty()) return;
  HealthCheck& health = *service.healthcheck;
  std::string why = settle_data(health.data, service);
  const DataUnit* data = find_data(service, health.data);
  if (data != nullptr && (data->kind == DataKind::sqlite || data->kind == DataKind::orthanc))
    why = fmt::format("data '{}' is {}, which has no server to be asked with SQL: give a 'test', 'tcp' or 'http' check",
                      data->name, name_of(data->kind));
  if (!why.empty())
    blame(service, health.line, fmt::format("service '{}', healthcheck: {}", service.id, why), mistakes);
}

}  // namespace

void check_names(ServicesFile& file, Mistakes& mistakes) {
  ByName by_name;
  for (std::size_t i = 0; i < file.services.size(); ++i) by_name.emplace(file.services[i].id, i);
  check_dependencies(file, by_name, mistakes);
  LoopFinder(file, by_name, mistakes).find();
  check_service_ids(file, mistakes);
  FirstById sheets;
  std::size_t sheets_total = 0;
  for (Service& service : file.services) {
    check_data(service, mistakes);
    check_sheets(service, sheets, mistakes);
    check_health(service, mistakes);
    sheets_total += service.sheets.size();
  }
  if (sheets_total > k_sheets_max) {
    mistakes.add(1, fmt::format("{} sheets, {} are allowed", sheets_total, k_sheets_max));
    file.services.clear();
  }
}

}  // namespace lastgood::services
