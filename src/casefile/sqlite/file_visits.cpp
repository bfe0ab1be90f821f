// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/sqlite/file_visits.h"

#include <functional>
#include <limits>
#include <optional>
#include <string>

#include "casefile/file_place.h"
#include "casefile/sqlite/packed_lists.h"

namespace lastgood::casefile {

namespace {

constexpr std::int64_t k_piece_rows = 512;
constexpr std::size_t k_piece_bytes = 4U * 1024U * 1024U;
// Folders are "" or begin with '/': all of them lie before the byte after '/'.
constexpr std::string_view k_behind_all_folders = "0";

struct Folder {
  std::int64_t id = 0;
  std::string path;
};

/// Folders whose path is in [from, to), as bytes.
struct FolderRange {
  std::string from;
  std::string to;
};

/// The smallest text after `text`.
std::string next_after(const std::string& text) { return text + '\0'; }

std::vector<FolderRange> ranges_at_or_below(std::string_view top) {
  if (top.empty()) return {{.from = {}, .to = std::string(k_behind_all_folders)}};
  const std::string folder(top);
  // "/a" itself, then "/a/...": between them may lie "/a-b".
  return {{.from = folder, .to = next_after(folder)}, {.from = folder + "/", .to = folder + "0"}};
}

base::Result<std::vector<Folder>> read_folders(Connection& connection, const FolderRange& range) {
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::folders_from));
  const Using query(*prepared);
  query->bind_blob(1, range.from).bind_blob(2, range.to).bind(3, k_piece_rows);
  std::vector<Folder> out;
  std::size_t bytes = 0;
  while (bytes < k_piece_bytes) {
    LG_ASSIGN(const Step step, query->step());
    if (step != Step::row) break;
    out.push_back({.id = query->integer(0), .path = std::string(query->bytes(1))});
    bytes += out.back().path.size();
  }
  return out;
}

using FolderVisitor = std::function<base::Result<Visit>(const Folder& folder)>;

base::Result<Visit> visit_folders(Connection& connection, FolderRange range, const FolderVisitor& visitor) {
  while (true) {
    LG_ASSIGN(const std::vector<Folder> folders, read_folders(connection, range));
    for (const Folder& folder : folders) {
      LG_ASSIGN(const Visit visit, visitor(folder));
      if (visit == Visit::stopped) return visit;
    }
    if (folders.empty()) return Visit::to_the_end;
    range.from = next_after(folders.back().path);
  }
}

std::vector<std::uint8_t> bytes_of_text(std::string_view text) { return {text.begin(), text.end()}; }

/// Columns as LG_FILE_COLUMNS names them.
base::Result<model::FileRecord> read_file(const Database& database, const Statement& row) {
  constexpr auto verdict_max = static_cast<std::int64_t>(model::k_verdict_count) - 1;
  constexpr auto certainty_max = static_cast<std::int64_t>(model::Certainty::proven);
  const std::int64_t verdict = row.integer(4);
  const std::int64_t certainty = row.integer(5);
  if (verdict < 0 || verdict > verdict_max || certainty < 0 || certainty > certainty_max)
    return database.damaged("an unknown verdict");
  model::FileRecord out;
  const std::string_view folder = row.bytes(9);
  out.path.reserve(folder.size() + 1 + row.bytes(0).size());
  out.path.append(folder).append(1, '/').append(row.bytes(0));
  out.size_bytes = static_cast<std::uint64_t>(row.integer(1));
  out.mtime_ns = row.integer(2);
  out.ctime_ns = row.integer(3);
  out.verdict = static_cast<model::Verdict>(verdict);
  out.certainty = static_cast<model::Certainty>(certainty);
  out.bytes_read = static_cast<std::uint64_t>(row.integer(6));
  out.format = row.bytes(7);
  return out;
}

/// The columns behind those; all NULL when the file has no details.
base::Status read_details(const Database& database, const Statement& row, model::FileRecord& into) {
  auto ranges = unpack_ranges(row.bytes(11));
  auto reasons = unpack_reasons(row.bytes(12));
  if (!ranges || !reasons) return database.damaged("a list that cannot be read");
  into.original_name = row.bytes(10);
  into.ranges = std::move(*ranges);
  into.reasons = std::move(*reasons);
  into.head = bytes_of_text(row.bytes(13));
  into.tail = bytes_of_text(row.bytes(14));
  into.sha256 = bytes_of_text(row.bytes(15));
  into.campaign_id = row.integer(16);
  return base::Done{};
}

std::size_t bytes_held_by(const model::FileRecord& file) {
  std::size_t bytes = sizeof file + file.path.size() + file.ranges.size() * sizeof(model::ByteRange);
  for (const model::Reason& reason : file.reasons) bytes += sizeof reason + reason.rule.size() + reason.sentence.size();
  return bytes;
}

std::int64_t mask_of(const std::vector<model::Verdict>& verdicts) {
  if (verdicts.empty()) return -1;
  std::int64_t mask = 0;
  for (const model::Verdict verdict : verdicts) mask |= std::int64_t{1} << static_cast<unsigned>(verdict);
  return mask;
}

/// What to take.
struct FileQuery {
  std::int64_t scan_id = 0;
  std::int64_t verdict_mask = -1;
  bool details = true;
  std::int64_t rows_max = k_piece_rows;
};

/// Files in order, few enough for memory.
struct Piece {
  std::vector<model::FileRecord> files;
  bool is_last = false;  // there are no more
  // Of the last file. Its path alone does not tell: a case from elsewhere may hold a name with a slash.
  std::int64_t folder_id = 0;
  std::size_t folder_bytes = 0;
  [[nodiscard]] std::string folder() const { return files.back().path.substr(0, folder_bytes); }
  [[nodiscard]] std::string name() const { return files.back().path.substr(folder_bytes + 1); }
};

/// Runs a query that gives LG_FILE_COLUMNS; its parameters 1, 4 and 5 are bound here.
base::Result<Piece> read_piece(Connection& connection, const FileQuery& what, Statement& query) {
  query.bind(1, what.scan_id).bind(4, what.verdict_mask).bind(5, what.rows_max);
  Piece out;
  std::size_t bytes = 0;
  while (bytes < k_piece_bytes) {
    LG_ASSIGN(const Step step, query.step());
    if (step != Step::row) {
      out.is_last = static_cast<std::int64_t>(out.files.size()) < what.rows_max;
      break;
    }
    LG_ASSIGN(model::FileRecord file, read_file(connection.database(), query));
    if (what.details) LG_TRY(read_details(connection.database(), query, file));
    bytes += bytes_held_by(file);
    out.folder_id = query.integer(8);
    out.folder_bytes = query.bytes(9).size();
    out.files.push_back(std::move(file));
  }
  return out;
}

/// Files of one folder by name, from `first_name` on.
base::Result<Piece> read_folder(Connection& connection, const FileQuery& what, std::int64_t folder_id,
                                const std::string& first_name) {
  LG_ASSIGN(Statement * prepared,
            connection.statement(what.details ? Sql::files_of_folder_with_details : Sql::files_of_folder));
  const Using query(*prepared);
  query->bind(2, folder_id).bind_blob(3, first_name);
  return read_piece(connection, what, *query);
}

/// Files of all folders of a range, by folder and name.
base::Result<Piece> read_range(Connection& connection, const FileQuery& what, const FolderRange& range) {
  LG_ASSIGN(Statement * prepared,
            connection.statement(what.details ? Sql::files_of_folders_with_details : Sql::files_of_folders));
  const Using query(*prepared);
  query->bind_blob(2, range.from).bind_blob(3, range.to);
  return read_piece(connection, what, *query);
}

Visit show(const Piece& piece, const FileVisitor& visitor) {
  for (const model::FileRecord& file : piece.files) {
    if (!visitor(file)) return Visit::stopped;
  }
  return Visit::to_the_end;
}

/// One query for the files of many folders: most folders hold few. Where it ends inside a folder, the rest of that one
/// is read by name, so that no folder is begun twice.
base::Result<Visit> visit_range(Connection& connection, const FileQuery& what, FolderRange range,
                                const FileVisitor& visitor) {
  while (true) {
    LG_ASSIGN(Piece piece, read_range(connection, what, range));
    if (show(piece, visitor) == Visit::stopped) return Visit::stopped;
    if (piece.is_last) return Visit::to_the_end;
    range.from = next_after(piece.folder());
    while (!piece.is_last) {
      LG_ASSIGN(piece, read_folder(connection, what, piece.folder_id, next_after(piece.name())));
      if (show(piece, visitor) == Visit::stopped) return Visit::stopped;
    }
  }
}

base::Result<Visit> visit_one_file(Connection& connection, FileQuery what, const FileFilter& filter,
                                   const FileVisitor& visitor) {
  const base::Result<FilePlace> place = place_of(filter.path);
  if (!place.ok()) return Visit::to_the_end;  // No such path can have been recorded.
  if (!is_at_or_below(place.value().folder, without_end_slash(filter.path_below))) return Visit::to_the_end;
  LG_ASSIGN(const std::optional<std::int64_t> id, connection.find_folder(place.value().folder));
  if (!id) return Visit::to_the_end;
  what.rows_max = 1;
  LG_ASSIGN(const Piece piece, read_folder(connection, what, *id, std::string(place.value().name)));
  if (piece.files.empty() || piece.files.front().path != filter.path || visitor(piece.files.front()))
    return Visit::to_the_end;
  return Visit::stopped;
}

/// Where a piece of sightings ended. The first piece begins before everything.
struct SightingPlace {
  std::string name;
  std::int64_t offset_bytes = std::numeric_limits<std::int64_t>::min();
  std::string kind;
  std::string value;
};

base::Result<std::vector<model::Sighting>> read_sightings(Connection& connection, std::int64_t scan_id,
                                                          const Folder& folder, SightingPlace& place) {
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::sightings_of_folder));
  const Using query(*prepared);
  query->bind(1, scan_id).bind(2, folder.id).bind_blob(3, place.name).bind(4, place.offset_bytes);
  query->bind_text(5, place.kind).bind_text(6, place.value).bind(7, k_piece_rows);
  std::vector<model::Sighting> out;
  std::size_t bytes = 0;
  std::string name;
  while (bytes < k_piece_bytes) {
    LG_ASSIGN(const Step step, query->step());
    if (step != Step::row) break;
    name = query->bytes(0);
    out.push_back({.kind = std::string(query->bytes(2)),
                   .value = std::string(query->bytes(3)),
                   .level = std::string(query->bytes(4)),
                   .path = folder.path + "/" + name,
                   .offset_bytes = static_cast<std::uint64_t>(query->integer(1))});
    bytes += sizeof out.back() + out.back().path.size() + out.back().value.size();
  }
  if (out.empty()) return out;
  query->reset();  // before what is bound changes
  const model::Sighting& last = out.back();
  place = {.name = name,
           .offset_bytes = static_cast<std::int64_t>(last.offset_bytes),
           .kind = last.kind,
           .value = last.value};
  return out;
}

}  // namespace

base::Result<Visit> visit_file_rows(Connection& connection, std::int64_t scan_id, const FileFilter& filter,
                                    const FileVisitor& visitor) {
  const FileQuery what{.scan_id = scan_id, .verdict_mask = mask_of(filter.verdicts), .details = filter.details};
  if (!filter.path.empty()) return visit_one_file(connection, what, filter, visitor);
  for (FolderRange& range : ranges_at_or_below(without_end_slash(filter.path_below))) {
    LG_ASSIGN(const Visit visit, visit_range(connection, what, std::move(range), visitor));
    if (visit == Visit::stopped) return visit;
  }
  return Visit::to_the_end;
}

base::Status visit_sighting_rows(Connection& connection, std::int64_t scan_id, const SightingVisitor& visitor) {
  const FolderRange all = ranges_at_or_below({}).front();
  const auto visit_folder_sightings = [&](const Folder& folder) -> base::Result<Visit> {
    SightingPlace place;
    while (true) {
      LG_ASSIGN(const std::vector<model::Sighting> sightings, read_sightings(connection, scan_id, folder, place));
      for (const model::Sighting& sighting : sightings) {
        if (!visitor(sighting)) return Visit::stopped;
      }
      if (sightings.empty()) return Visit::to_the_end;
    }
  };
  LG_TRY(visit_folders(connection, all, visit_folder_sightings));
  return base::Done{};
}

base::Result<std::vector<KnownFile>> read_known_files(Connection& connection, std::int64_t scan_id,
                                                      std::string_view directory) {
  std::vector<KnownFile> out;
  LG_ASSIGN(const std::optional<std::int64_t> folder_id, connection.find_folder(without_end_slash(directory)));
  if (!folder_id) return out;
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::known_files));
  const Using query(*prepared);
  query->bind(1, scan_id).bind(2, *folder_id);
  while (true) {
    LG_ASSIGN(const Step step, query->step());
    if (step != Step::row) return out;
    out.push_back({.name = std::string(query->bytes(0)),
                   .size_bytes = static_cast<std::uint64_t>(query->integer(1)),
                   .mtime_ns = query->integer(2),
                   .ctime_ns = query->integer(3)});
  }
}

base::Result<model::ScanCounts> count_file_rows(Connection& connection, std::int64_t scan_id) {
  model::ScanCounts counts;
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::sizes_and_verdicts));
  const Using query(*prepared);
  query->bind(1, scan_id);
  while (true) {
    LG_ASSIGN(const Step step, query->step());
    if (step != Step::row) return counts;
    const std::int64_t verdict = query->integer(0);
    if (verdict < 0 || verdict >= model::k_verdict_count) return connection.database().damaged("an unknown verdict");
    counts.count(static_cast<model::Verdict>(verdict), static_cast<std::uint64_t>(query->integer(1)),
                 static_cast<std::uint64_t>(query->integer(2)));
  }
}

}  // namespace lastgood::casefile
