// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/check_catalogue.h"

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/page_reader.h"
#include "engines/postgresql/catalogue.h"
#include "engines/postgresql/lost_pages.h"
#include "engines/postgresql/missing_tablespaces.h"

namespace lastgood::engines::postgresql {

using base::ByteView;

namespace {

constexpr std::string_view k_map_name = "/pg_filenode.map";

class CatalogueCheck {
 public:
  CatalogueCheck(UnitCheck& check, const ClusterFiles& files, const PageRules& rules)
      : check_(check), files_(files), rules_(rules) {
    for (const RelationFile& file : files.relations) {
      if (file.name.fork != Fork::main && file.name.fork != Fork::visibility) continue;
      Found& found = found_[{file.folder.database, file.name.relation}];
      if (file.name.fork == Fork::visibility) {
        found.maps.push_back(file);
        continue;
      }
      if (file.name.segment == 0) found.first = &file;
      found.pages += file.size_bytes / rules.block_bytes;
    }
  }

  /// `folder` is a database's, as "base/16384"; `class_file` the number of its pg_class.
  void look_at(const std::string& folder, std::uint32_t database, std::uint32_t class_file) {
    const auto list = found_.find({database, class_file});
    if (list == found_.end() || list->second.first == nullptr) return;
    const RelationFile& file = *list->second.first;
    const std::unique_ptr<base::ByteSource> source = check_.open(*file.place, file.path);
    if (!source) return;
    const std::string shown = file.place->show(file.path);
    visit_pages(
        check_,
        {.source = source.get(), .shown = shown, .page_bytes = rules_.block_bytes, .pages = PageFile::Pages::all},
        [&](std::uint64_t, ByteView page) {
          for (const CatalogueRow& row : parse_catalogue_page(page))
            look_at_row(row, database, file.place->show(folder));
        });
  }

  /// Databases whose folders are gone with all that was in them. `list` is the number of pg_database's file.
  void look_at_databases(std::uint32_t list) {
    const auto at = found_.find({0, list});
    // One that lies in a tablespace is missing with that.
    if (at == found_.end() || at->second.first == nullptr || !files_.missing_tablespaces.empty()) return;
    std::set<std::uint32_t> there;
    for (const RelationFile& file : files_.relations) there.insert(file.folder.database);
    const std::unique_ptr<base::ByteSource> source = check_.open(*at->second.first->place, at->second.first->path);
    if (!source) return;
    const std::string shown = at->second.first->place->show(at->second.first->path);
    visit_pages(
        check_,
        {.source = source.get(), .shown = shown, .page_bytes = rules_.block_bytes, .pages = PageFile::Pages::all},
        [&](std::uint64_t, ByteView page) {
          for (const DatabaseRow& row : parse_database_page(page)) {
            if (there.contains(row.number) || may_be_made_or_dropped(row.number)) continue;
            check_.damaged(
                check_.home().show(fmt::format("base/{}", row.number)), "postgresql.database",
                fmt::format("is not there: the database '{}' with all its tables", base::printable(row.name)));
          }
        });
  }

 private:
  [[nodiscard]] bool may_be_made_or_dropped(std::uint32_t database) const {
    if (rules_.stand == PageRules::Stand::shut_down) return false;
    return !rules_.wal->are_facts_whole || rules_.wal->copied_databases.contains(database) ||
           rules_.wal->dropped_databases.contains(database);
  }

  struct Found {
    const RelationFile* first = nullptr;  // its first segment
    std::uint64_t pages = 0;
    std::vector<RelationFile> maps;
  };

  void look_at_row(const CatalogueRow& row, std::uint32_t database, const std::string& shown_folder) {
    const auto found = found_.find({database, row.relation_file});
    if (found != found_.end() && found->second.first != nullptr) return look_at_length(row, found->second);
    if (found_.contains({0, row.relation_file})) return;        // shared by all databases
    if (is_missing_tablespace(files_, row.tablespace)) return;  // said of the tablespace
    if (may_be_gone(row, database)) return;
    check_.damaged(fmt::format("{}/{}", shown_folder, row.relation_file), "postgresql.relation.missing",
                   fmt::format("is not there, and '{}' has its rows in it", base::printable(row.name)));
  }

  /// A standby removes a file when the commit that dropped it is replayed, and its list of it is still in memory; of an
  /// unlogged table a base backup has what it is made anew from alone.
  [[nodiscard]] bool may_be_gone(const CatalogueRow& row, std::uint32_t database) const {
    if (row.kept == CatalogueRow::Kept::unlogged) return true;
    if (rules_.stand == PageRules::Stand::shut_down) return false;
    const WalSurvey& log = *rules_.wal;
    return !log.are_facts_whole || log.truncated.contains(row.relation_file) || may_be_made_or_dropped(database);
  }

  /// A count alone proves nothing: a VACUUM that was killed behind its cut leaves the old one. The visibility map is
  /// cut with its table.
  void look_at_length(const CatalogueRow& row, const Found& found) {
    // The deeper checks hold each table against its map.
    if (check_.depth() != model::Depth::quick || found.maps.empty()) return;
    if (found.pages >= row.pages || may_be_resized(row, found)) return;
    FilledBlocks filled;
    for (std::uint64_t block = found.pages; block > 0; --block) filled.fill(block - 1);  // the last one makes the room
    check_against_map(check_, std::span(found.first, 1), filled, found.maps, rules_);
  }

  [[nodiscard]] bool may_be_resized(const CatalogueRow& row, const Found& found) const {
    // A start after a crash empties them and leaves the count.
    if (row.kept == CatalogueRow::Kept::unlogged) return true;
    if (rules_.stand == PageRules::Stand::shut_down) return false;
    const WalSurvey& log = *rules_.wal;
    const RelationFile& file = *found.first;
    const BlockPlace place{
        .tablespace = file.folder.tablespace, .database = file.folder.database, .relation = file.name.relation};
    const auto reached = log.reached.find(place);
    return !log.are_facts_whole || log.truncated.contains(place.relation) || log.created.contains(place) ||
           log.copied_databases.contains(place.database) ||
           (reached != log.reached.end() && reached->second >= found.pages);
  }

  UnitCheck& check_;
  const ClusterFiles& files_;
  const PageRules& rules_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Found> found_;  // by database and relation
};

}  // namespace

void check_catalogue(UnitCheck& check, const ClusterFiles& files, const PageRules& rules) {
  CatalogueCheck catalogue(check, files, rules);
  for (const auto& [path, map_file] : files.others) {
    if (!path.ends_with(k_map_name)) continue;
    const std::string database = path.substr(0, path.size() - k_map_name.size());
    const auto folder = parse_relation_folder(database);
    const auto bytes = check.read_small(*map_file.place, map_file.place_path, 64 * 1024);
    if (!folder || !bytes) continue;
    const RelationMap map = parse_relation_map(ByteView(std::span<const std::uint8_t>(*bytes)));
    if (folder->database == 0)
      catalogue.look_at_databases(map.pg_database);
    else
      catalogue.look_at(database, folder->database, map.pg_class);
  }
}

}  // namespace lastgood::engines::postgresql
