// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/missing_tablespaces.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/missing_tablespace.h"
#include "engines/page_reader.h"
#include "engines/postgresql/catalogue.h"

namespace lastgood::engines::postgresql {

namespace {

constexpr std::uint64_t k_map_bytes_max = 64 * 1024;
constexpr std::string_view k_map_name = "/pg_filenode.map";
constexpr std::uint32_t k_space_of_databases = 1663;
constexpr std::uint32_t k_space_of_shared = 1664;

/// Looks for what is in the missing tablespaces, and takes what it cannot read for a sign that something is.
class UseFinder {
 public:
  UseFinder(UnitCheck& check, const ClusterFiles& files, const WalSurvey* replayed, std::uint32_t page_bytes)
      : check_(check), files_(files), wal_(replayed), page_bytes_(page_bytes) {}

  void look() {
    if (check_.depth() == model::Depth::quick) return doubt("not all pages were looked at");
    if (!files_.others.contains("global" + std::string(k_map_name))) doubt("the list of databases is not there");
    for (const auto& [path, file] : files_.others) {
      if (path.ends_with(k_map_name)) look_at_folder(path.substr(0, path.size() - k_map_name.size()), file);
    }
    if (wal_ == nullptr) return;
    if (!wal_->are_facts_whole) doubt("the log speaks of more than is remembered of it");
    for (const BlockPlace& made : wal_->created) used_.insert(made.tablespace);
    for (const std::uint32_t database : wal_->copied_databases) expect_database(database);
  }

  [[nodiscard]] std::string find_use(std::uint32_t tablespace) const {
    if (used_.contains(tablespace)) return "tables of a database are in it";
    return doubt_;
  }

 private:
  void doubt(std::string why) {
    if (doubt_.empty()) doubt_ = "whether tables are in it cannot be told: " + std::move(why);
  }

  void expect_database(std::uint32_t database) {
    if (database != 0 && !files_.others.contains(fmt::format("base/{}{}", database, k_map_name)))
      doubt(fmt::format("database {} is not below 'base'", database));
  }

  void look_at_folder(const std::string& folder, const ClusterFile& map_file) {
    const auto bytes = check_.read_small(*map_file.place, map_file.place_path, k_map_bytes_max);
    const RelationMap map =
        bytes ? parse_relation_map(base::ByteView(std::span<const std::uint8_t>(*bytes))) : RelationMap{};
    const bool is_global = folder == "global";
    const std::uint32_t list = is_global ? map.pg_database : map.pg_class;
    if (list == 0) return doubt(folder + k_map_name.data() + " does not say where its list is");
    const std::string first = fmt::format("{}/{}", folder, list);
    bool is_found = false;
    for (const RelationFile& file : files_.relations) {
      const bool is_list = file.place == &files_.places.front() && file.name.fork == Fork::main &&
                           (file.path == first || file.path.starts_with(first + "."));
      if (!is_list) continue;
      is_found = is_found || file.path == first;
      look_at_list(file);
    }
    if (!is_found) doubt(first + " is not there");
  }

  void look_at_list(const RelationFile& file) {
    const bool is_global = file.path.starts_with("global/");
    const std::uint32_t tablespace = is_global ? k_space_of_shared : k_space_of_databases;
    const std::unique_ptr<base::ByteSource> source = check_.open(*file.place, file.path);
    if (!source) return doubt(file.path + " cannot be read");
    const std::string shown = file.place->show(file.path);
    visit_pages(
        check_, {.source = source.get(), .shown = shown, .page_bytes = page_bytes_},
        [&](std::uint64_t index, base::ByteView page) {
          // What replay makes of the page may name more than the page does.
          const BlockPlace place{.tablespace = tablespace,
                                 .database = file.folder.database,
                                 .relation = file.name.relation,
                                 .block = static_cast<std::uint32_t>(index)};
          if (wal_ != nullptr && (file.name.segment > 0 || wal_->find(place) != nullptr))
            doubt("the log changes " + file.path);
          for (const std::uint32_t number : parse_row_numbers(page, is_global ? k_oid_at : k_class_tablespace_at)) {
            if (is_global)
              expect_database(number);
            else
              used_.insert(number);
          }
        });
  }

  UnitCheck& check_;
  const ClusterFiles& files_;
  const WalSurvey* wal_;
  std::uint32_t page_bytes_;
  std::set<std::uint32_t> used_;
  std::string doubt_;
};

}  // namespace

bool is_missing_tablespace(const ClusterFiles& files, std::uint32_t number) {
  return number != 0 && std::any_of(files.missing_tablespaces.begin(), files.missing_tablespaces.end(),
                                    [&](const MissingTablespace& missing) { return missing.number == number; });
}

const MissingTablespace* find_missing_tablespace(const ClusterFiles& files, std::string_view path) {
  const auto found = std::find_if(files.missing_tablespaces.begin(), files.missing_tablespaces.end(),
                                  [&](const MissingTablespace& one) { return path.starts_with(one.path + "/"); });
  return found == files.missing_tablespaces.end() ? nullptr : &*found;
}

void check_missing_tablespaces(UnitCheck& check, const ClusterFiles& files, const WalSurvey* replayed,
                               std::uint32_t page_bytes) {
  if (files.missing_tablespaces.empty()) return;
  UseFinder finder(check, files, replayed, page_bytes);
  finder.look();
  for (const MissingTablespace& missing : files.missing_tablespaces) {
    const std::string use = finder.find_use(missing.number);
    const std::string where = fmt::format("leads to '{}', which is not in this copy", base::printable(missing.target));
    if (use.empty())
      check.remarks(check.home().show(missing.path), "postgresql.tablespace.empty",
                    where + "; nothing of any database is in it");
    else
      check.unread(check.home().show(missing.path), std::string(k_missing_tablespace_rule), where + ": " + use);
  }
}

}  // namespace lastgood::engines::postgresql
