// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/joined_data.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/error.h"
#include "engines/mariadb/data_copy.h"
#include "engines/scratch_copy.h"
#include "engines/setting_lines.h"

namespace lastgood::engines::mariadb {

namespace {

using model::EntryKind;

constexpr std::size_t k_parts_max = 4096;
constexpr std::size_t k_link_bytes_max = 4096;

/// What the settings may put elsewhere, and how the files there begin.
struct Home {
  std::string_view setting;
  std::string_view files;
};
constexpr std::array k_homes = {Home{"innodb_data_home_dir", "ibdata"}, Home{"innodb_log_group_home_dir", "ib_logfile"},
                                Home{"innodb_undo_directory", "undo"}};

/// Names of databases have no dot: servers write it as "@002e".
bool may_be_database(std::string_view name) {
  return name.find_first_of(".+") == std::string_view::npos && name != "ib_buffer_pool" &&
         !name.ends_with("_upgrade_info") && !name.starts_with("xtrabackup_");
}

/// "ib_logfile0", "ibdata1", "undo001", "aria_log.00000001": a link may lead to each.
bool is_system_file(std::string_view name) { return is_data(name) && name.find('/') == std::string_view::npos; }

const UnitEntry* find_file(const std::vector<UnitEntry>& entries, std::string_view name) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const UnitEntry& entry) {
    return entry.name == name && entry.kind == EntryKind::regular;
  });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

std::string path_in_link(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\0' || text.back() == ' ')) text.pop_back();
  return text;
}

std::string folder_of_target(std::string_view target) {
  const std::size_t slash = target.rfind('/');
  return !target.starts_with('/') || slash == 0 ? std::string() : std::string(target.substr(0, slash));
}

JoinedData::JoinedData(const UnitView& view, std::string folder) : view_(view), folder_(std::move(folder)) {
  join_links_of_top();
  join_settings();
}

void JoinedData::join_links_of_top() {
  const auto entries = view_.list(folder_);
  for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>{}) {
    if (entry.kind == EntryKind::folder) join_links_of(entry.name);
    if (entry.kind != EntryKind::link || !entry.link_target.starts_with('/')) continue;
    if (is_system_file(entry.name)) {
      const std::string target = folder_of_target(entry.link_target);
      join_file({.inside = entry.name, .target = target, .setting = {}},
                entry.link_target.substr(std::min(target.size() + 1, entry.link_target.size())));
    } else if (may_be_database(entry.name)) {
      join_database(entry.name, entry.link_target);
    }
  }
}

void JoinedData::join_links_of(const std::string& database) {
  const auto entries = view_.list(join(folder_, database));
  for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>{}) {
    PartElsewhere part{.inside = database + "/" + entry.name, .target = {}, .setting = {}};
    std::string target = entry.link_target;
    if (entry.kind == EntryKind::regular && entry.name.ends_with(".isl")) {
      part.inside.replace(part.inside.size() - 4, 4, ".ibd");
      part.is = PartElsewhere::Is::table_link;
      // As mariadb-backup keeps it: beside its link.
      if (find_file(entries.value(), part.inside.substr(database.size() + 1)) != nullptr) continue;
      target = path_in_link(read_text(view_, join(folder_, join(database, entry.name)), k_link_bytes_max));
    } else if (entry.kind != EntryKind::link || !is_data(part.inside)) {
      continue;
    }
    part.target = folder_of_target(target);
    if (part.target.empty()) continue;
    const std::string name = target.substr(part.target.size() + 1);
    join_file(std::move(part), name);
  }
}

void JoinedData::join_settings() {
  const auto entries = view_.list(folder_);
  std::vector<Home> absent;
  for (const Home& home : k_homes) {
    const auto is_its = [&](const UnitEntry& entry) { return entry.name.starts_with(home.files); };
    const bool is_here = !entries.ok() || std::any_of(entries.value().begin(), entries.value().end(), is_its);
    if (!is_here) absent.push_back(home);
  }
  // Undo files are there only where somebody asked for them: the settings of another server count for nothing.
  if (std::all_of(absent.begin(), absent.end(), [](const Home& home) { return home.files == "undo"; })) return;
  const std::map<std::string, std::string> settings = read_settings();
  for (const Home& home : absent) {
    const auto set = settings.find(std::string(home.setting));
    if (set == settings.end()) continue;
    const UnitView* const there = outside(set->second);
    const auto files =
        there == nullptr ? base::Result<std::vector<UnitEntry>>(std::vector<UnitEntry>{}) : there->list("");
    const PartElsewhere part{
        .inside = std::string(home.files), .target = set->second, .setting = std::string(home.setting)};
    if (there == nullptr) {
      parts_.push_back(part);
      parts_.back().state = PartElsewhere::State::unseen;
    }
    for (const UnitEntry& file : files.ok() ? files.value() : std::vector<UnitEntry>{}) {
      if (file.kind != EntryKind::regular || !file.name.starts_with(home.files) || !is_data(file.name)) continue;
      PartElsewhere one = part;
      one.inside = file.name;
      join_file(std::move(one), file.name);
    }
  }
}

std::map<std::string, std::string> JoinedData::read_settings() const {
  constexpr std::size_t k_bytes_max = std::size_t{256} * 1024;
  constexpr std::size_t k_files_max = 256;
  std::map<std::string, std::string> settings;
  std::size_t count = 0;
  // In the order in which the server reads them: later lines go before earlier ones.
  for (const char* folder : {"/etc", "/etc/my.cnf.d", "/etc/mysql", "/etc/mysql/conf.d", "/etc/mysql/mariadb.conf.d"}) {
    const std::unique_ptr<UnitView> there = view_.open_outside(folder);
    auto entries = there ? there->list("") : base::Result<std::vector<UnitEntry>>(std::vector<UnitEntry>{});
    if (!entries.ok()) continue;
    std::sort(entries.value().begin(), entries.value().end(),
              [](const UnitEntry& a, const UnitEntry& b) { return a.name < b.name; });
    for (const UnitEntry& entry : entries.value()) {
      const bool is_top = std::string_view(folder) == "/etc" || std::string_view(folder) == "/etc/mysql";
      const bool is_read =
          is_top ? entry.name == "my.cnf" || entry.name == "mariadb.cnf" : entry.name.ends_with(".cnf");
      if (!is_read || entry.kind != EntryKind::regular || ++count > k_files_max) continue;
      visit_lines(read_text(*there, entry.name, k_bytes_max), [&](std::size_t, std::string_view line) {
        const auto setting = parse_setting_line(line);
        if (!setting || !setting->value.starts_with('/')) return;
        std::string value = setting->value;
        while (value.size() > 1 && value.back() == '/') value.pop_back();
        settings.insert_or_assign(setting->name, std::move(value));
      });
    }
  }
  return settings;
}

const UnitView* JoinedData::outside(const std::string& target) {
  const auto [found, is_new] = views_.try_emplace(target);
  if (is_new) found->second = view_.open_outside(target);
  return found->second.get();
}

void JoinedData::join_database(const std::string& name, const std::string& target) {
  if (parts_.size() >= k_parts_max) return;
  PartElsewhere part{.inside = name, .target = target, .setting = {}, .is = PartElsewhere::Is::database};
  const UnitView* const there = outside(target);
  if (there == nullptr) {
    // A link to a log of the server's, say.
    const UnitView* const above = outside(folder_of_target(target));
    const auto entries =
        above == nullptr ? base::Result<std::vector<UnitEntry>>(std::vector<UnitEntry>{}) : above->list("");
    if (entries.ok() && find_file(entries.value(), target.substr(target.rfind('/') + 1)) != nullptr) return;
    part.state = PartElsewhere::State::unseen;
  } else {
    databases_.emplace(name, there);
  }
  parts_.push_back(std::move(part));
}

void JoinedData::join_file(PartElsewhere part, const std::string& name) {
  if (parts_.size() >= k_parts_max || part.target.empty()) return;
  const UnitView* const there = outside(part.target);
  const auto entries =
      there == nullptr ? base::Result<std::vector<UnitEntry>>(std::vector<UnitEntry>{}) : there->list("");
  const UnitEntry* const file = entries.ok() ? find_file(entries.value(), name) : nullptr;
  if (file != nullptr)
    files_.emplace(part.inside, File{.view = there, .entry = *file});
  else
    part.state = there == nullptr ? PartElsewhere::State::unseen : PartElsewhere::State::gone;
  parts_.push_back(std::move(part));
}

std::optional<std::string_view> JoinedData::inside_of(std::string_view path) const {
  if (folder_.empty()) return path;
  if (path == folder_) return std::string_view();
  if (!path.starts_with(folder_) || path[folder_.size()] != '/') return std::nullopt;
  return path.substr(folder_.size() + 1);
}

base::Result<std::vector<UnitEntry>> JoinedData::list(std::string_view folder) const {
  const auto inside = inside_of(folder);
  if (!inside) return view_.list(folder);
  const auto database = databases_.find(*inside);
  if (database != databases_.end()) {
    LG_ASSIGN(std::vector<UnitEntry> entries, database->second->list(""));
    // A database's folder has no others in it; what else lies there is not the server's.
    std::erase_if(entries, [](const UnitEntry& entry) { return entry.kind != EntryKind::regular; });
    return entries;
  }
  LG_ASSIGN(std::vector<UnitEntry> entries, view_.list(folder));
  const std::string above = inside->empty() ? std::string() : std::string(*inside) + "/";
  std::erase_if(entries, [&](const UnitEntry& entry) { return files_.contains(above + entry.name); });
  for (auto at = files_.lower_bound(above); at != files_.end() && at->first.starts_with(above); ++at) {
    if (at->first.find('/', above.size()) != std::string::npos) continue;
    entries.push_back(at->second.entry);
    entries.back().name = at->first.substr(above.size());
  }
  for (UnitEntry& entry : entries) {
    if (inside->empty() && entry.kind == EntryKind::link && databases_.contains(entry.name))
      entry.kind = EntryKind::folder;
  }
  return entries;
}

base::Result<std::unique_ptr<base::ByteSource>> JoinedData::open(std::string_view file) const {
  const auto inside = inside_of(file);
  if (!inside) return view_.open(file);
  const auto found = files_.find(*inside);
  if (found != files_.end()) return found->second.view->open(found->second.entry.name);
  const std::size_t slash = inside->find('/');
  const auto database = slash == std::string_view::npos ? databases_.end() : databases_.find(inside->substr(0, slash));
  if (database != databases_.end()) return database->second->open(inside->substr(slash + 1));
  return view_.open(file);
}

std::unique_ptr<UnitView> JoinedData::open_outside(std::string_view path) const { return view_.open_outside(path); }

std::optional<std::string> JoinedData::find_on_this_machine(std::string_view folder) const {
  const auto inside = inside_of(folder);
  const bool is_joined = !files_.empty() || !databases_.empty();
  return inside && is_joined ? std::nullopt : view_.find_on_this_machine(folder);
}

}  // namespace lastgood::engines::mariadb
