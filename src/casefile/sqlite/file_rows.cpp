// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/sqlite/file_rows.h"

#include <optional>
#include <vector>

#include "base/byte_view.h"
#include "casefile/file_place.h"
#include "casefile/sqlite/packed_lists.h"

namespace lastgood::casefile {

namespace {

/// Where a row of `files` is.
struct FileKey {
  std::int64_t scan_id = 0;
  std::int64_t folder_id = 0;
  std::string_view name;

  Statement& bind_to(Statement& statement) const {
    return statement.bind(1, scan_id).bind(2, folder_id).bind_blob(3, name);
  }
};

base::Result<FileKey> key_of(Connection& connection, std::int64_t scan_id, std::string_view path) {
  LG_ASSIGN(const FilePlace place, place_of(path));
  LG_ASSIGN(const std::int64_t folder_id, connection.folder_id(place.folder));
  return FileKey{.scan_id = scan_id, .folder_id = folder_id, .name = place.name};
}

std::string_view view(const std::vector<std::uint8_t>& bytes) {
  return base::ByteView(std::span<const std::uint8_t>(bytes)).text();
}

bool has_details(const model::FileRecord& file) {
  return !file.original_name.empty() || !file.ranges.empty() || !file.reasons.empty() || !file.head.empty() ||
         !file.tail.empty() || !file.sha256.empty() || file.campaign_id != 0;
}

/// Both statements have these at 1 to 4.
struct AmendableDetails {
  std::string ranges;
  std::string reasons;

  explicit AmendableDetails(const model::FileRecord& file)
      : ranges(pack_ranges(file.ranges)), reasons(pack_reasons(file.reasons)) {}
  void bind_to(Statement& statement, const model::FileRecord& file) const {
    statement.bind_blob(1, file.original_name).bind_text(2, ranges).bind_blob(3, reasons).bind(4, file.campaign_id);
  }
};

base::Result<std::int64_t> insert_detail(Connection& connection, const model::FileRecord& file) {
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::insert_detail));
  const AmendableDetails details(file);
  const Using change(*prepared);
  details.bind_to(*change, file);
  change->bind_blob(5, view(file.head)).bind_blob(6, view(file.tail)).bind_blob(7, view(file.sha256));
  LG_TRY(change->run());
  return connection.database().last_row_id();
}

base::Status delete_by(Connection& connection, Sql which, const FileKey& key) {
  LG_ASSIGN(Statement * prepared, connection.statement(which));
  const Using change(*prepared);
  key.bind_to(*change);
  return change->run();
}

/// What `files` says of the row's details; an error of code not_found when there is no such row.
base::Result<std::optional<std::int64_t>> find_detail_id(Connection& connection, const FileKey& key,
                                                         std::string_view path) {
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::select_detail_id));
  const Using query(*prepared);
  key.bind_to(*query);
  LG_ASSIGN(const Step step, query->step());
  if (step != Step::row) {
    return base::Error{.code = base::ErrorCode::not_found,
                       .what = "cannot amend '" + base::printable(path) + "': the scan has not recorded it",
                       .path = std::string(path),
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = {}};
  }
  if (query->is_null(0)) return std::optional<std::int64_t>();
  return std::optional<std::int64_t>(query->integer(0));
}

/// Insert and replace bind alike.
base::Result<Step> write_file(Connection& connection, Sql which, const FileKey& key, const model::FileRecord& file,
                              std::optional<std::int64_t> detail_id) {
  std::optional<std::int64_t> format_id;
  if (!file.format.empty()) {
    LG_ASSIGN(format_id, connection.format_id(file.format));
  }
  LG_ASSIGN(Statement * prepared, connection.statement(which));
  const Using change(*prepared);
  key.bind_to(*change)
      .bind(4, static_cast<std::int64_t>(file.size_bytes))
      .bind(5, file.mtime_ns)
      .bind(6, file.ctime_ns)
      .bind(7, static_cast<std::int64_t>(file.verdict))
      .bind(8, static_cast<std::int64_t>(file.certainty))
      .bind(10, static_cast<std::int64_t>(file.bytes_read));
  // Bindings outlive a reset: absent values are bound too.
  format_id ? change->bind(9, *format_id) : change->bind_null(9);
  detail_id ? change->bind(11, *detail_id) : change->bind_null(11);
  return change->step();
}

/// The path was recorded before in this scan: its details and sightings go with it.
base::Status replace_file(Connection& connection, const FileKey& key, const model::FileRecord& file,
                          std::optional<std::int64_t> detail_id) {
  LG_ASSIGN(const std::optional<std::int64_t> earlier, find_detail_id(connection, key, file.path));
  if (earlier) {
    LG_ASSIGN(Statement * prepared, connection.statement(Sql::delete_detail));
    const Using change(*prepared);
    change->bind(1, *earlier);
    LG_TRY(change->run());
  }
  LG_TRY(delete_by(connection, Sql::delete_sightings, key));
  LG_TRY(write_file(connection, Sql::replace_file, key, file, detail_id));
  return base::Done{};
}

base::Status insert_file(Connection& connection, std::int64_t scan_id, const model::FileRecord& file) {
  LG_ASSIGN(const FileKey key, key_of(connection, scan_id, file.path));
  std::optional<std::int64_t> detail_id;
  if (has_details(file)) {
    LG_ASSIGN(detail_id, insert_detail(connection, file));
  }
  LG_ASSIGN(const Step step, write_file(connection, Sql::insert_file, key, file, detail_id));
  return step == Step::conflict ? replace_file(connection, key, file, detail_id) : base::Status(base::Done{});
}

base::Status insert_sighting(Connection& connection, std::int64_t scan_id, const model::Sighting& sighting) {
  LG_ASSIGN(const FileKey key, key_of(connection, scan_id, sighting.path));
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::insert_sighting));
  const Using change(*prepared);
  key.bind_to(*change)
      .bind(4, static_cast<std::int64_t>(sighting.offset_bytes))
      .bind_text(5, sighting.kind)
      .bind_text(6, sighting.value)
      .bind_text(7, sighting.level);
  return change->run();
}

base::Result<std::optional<std::int64_t>> amend_details(Connection& connection, const FileKey& key,
                                                        const model::FileRecord& file) {
  LG_ASSIGN(std::optional<std::int64_t> detail_id, find_detail_id(connection, key, file.path));
  if (!detail_id) {
    // Head, tail and digest are the scan's, not the amendment's: there were none.
    const model::FileRecord amended{.path = {},
                                    .original_name = file.original_name,
                                    .ranges = file.ranges,
                                    .reasons = file.reasons,
                                    .campaign_id = file.campaign_id};
    if (!has_details(amended)) return std::optional<std::int64_t>();
    LG_ASSIGN(detail_id, insert_detail(connection, amended));
    return detail_id;
  }
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::amend_detail));
  const AmendableDetails details(file);
  const Using change(*prepared);
  details.bind_to(*change, file);
  change->bind(5, *detail_id);
  LG_TRY(change->run());
  return detail_id;
}

base::Status amend_file(Connection& connection, std::int64_t scan_id, const model::FileRecord& file) {
  LG_ASSIGN(const FileKey key, key_of(connection, scan_id, file.path));
  LG_ASSIGN(const std::optional<std::int64_t> detail_id, amend_details(connection, key, file));
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::amend_file));
  const Using change(*prepared);
  key.bind_to(*change)
      .bind(4, static_cast<std::int64_t>(file.verdict))
      .bind(5, static_cast<std::int64_t>(file.certainty));
  detail_id ? change->bind(6, *detail_id) : change->bind_null(6);
  return change->run();
}

}  // namespace

base::Status insert_files(Connection& connection, std::int64_t scan_id, std::span<const model::FileRecord> files,
                          std::span<const model::Sighting> sightings) {
  for (const model::FileRecord& file : files) LG_TRY(insert_file(connection, scan_id, file));
  for (const model::Sighting& sighting : sightings) LG_TRY(insert_sighting(connection, scan_id, sighting));
  return base::Done{};
}

base::Status update_files(Connection& connection, std::int64_t scan_id, std::span<const model::FileRecord> files) {
  for (const model::FileRecord& file : files) LG_TRY(amend_file(connection, scan_id, file));
  return base::Done{};
}

}  // namespace lastgood::casefile
