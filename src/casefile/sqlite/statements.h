// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Every SQL statement that a case store runs, in one place. Values are always bound, never written into the text.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace lastgood::casefile {

enum class Sql : std::size_t {
  insert_scan,
  select_scans,
  finish_scan,
  has_scan,
  select_folder,
  insert_folder,
  select_format,
  insert_format,
  insert_file,
  replace_file,
  amend_file,
  select_detail_id,
  insert_detail,
  amend_detail,
  delete_detail,
  insert_sighting,
  delete_sightings,
  insert_campaign,
  delete_campaigns,
  select_campaigns,
  folders_from,
  files_of_folder,
  files_of_folder_with_details,
  files_of_folders,
  files_of_folders_with_details,
  sightings_of_folder,
  known_files,
  sizes_and_verdicts,
  select_setting,
  put_setting,
  insert_source_scan,
  put_source,
  select_sources,
  find_source,
  delete_snapshots,
  insert_snapshot,
  select_snapshots,
  delete_units,
  insert_unit,
  select_units,
  put_content,
  select_contents,
  find_content,
  delete_found_values,
  put_searched_file,
  insert_found_value,
  next_searched_file,
  select_found_values,
  delete_mails,
  put_mail,
  mails_from,
  count,
};

#define LG_FILE_COLUMNS                                                                                              \
  "f.name, f.size_bytes, f.mtime_ns, f.ctime_ns, f.verdict, f.certainty, f.bytes_read, coalesce(formats.name, ''), " \
  "o.id, o.path"
// CROSS JOIN: folders first, in the order of their paths; SQLite might else begin with the larger table.
#define LG_FILE_TABLES                                                                 \
  " FROM folders AS o CROSS JOIN files AS f ON f.scan_id = ?1 AND f.folder_id = o.id " \
  "LEFT JOIN formats ON formats.id = f.format_id "
#define LG_DETAIL_COLUMNS ", d.original_name, d.ranges, d.reasons, d.head, d.tail, d.sha256, d.campaign_id"
#define LG_DETAIL_TABLE "LEFT JOIN details AS d ON d.id = f.detail_id "
#define LG_VERDICT_IS_WANTED "((?4 >> f.verdict) & 1)"

/// In the order of `Sql`.
inline constexpr std::array<std::string_view, static_cast<std::size_t>(Sql::count)> k_statements{
    // Scans
    "INSERT INTO scans(host, roots, depth, options, started_ns, finished_ns, counts) VALUES(?1, ?2, ?3, ?4, ?5, ?6, "
    "?7)",
    "SELECT id, host, roots, depth, options, started_ns, finished_ns, counts, coalesce(source, '') FROM scans "
    "LEFT JOIN source_scans ON scan_id = id ORDER BY id",
    "UPDATE scans SET finished_ns = ?2, counts = ?3 WHERE id = ?1",
    "SELECT 1 FROM scans WHERE id = ?1",
    // Ids of what many rows share
    "SELECT id FROM folders WHERE path = ?1",
    "INSERT INTO folders(path) VALUES(?1)",
    "SELECT id FROM formats WHERE name = ?1",
    "INSERT INTO formats(name) VALUES(?1)",
    // Files
    "INSERT INTO files(scan_id, folder_id, name, size_bytes, mtime_ns, ctime_ns, verdict, certainty, format_id, "
    "bytes_read, "
    "detail_id) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    "UPDATE files SET size_bytes = ?4, mtime_ns = ?5, ctime_ns = ?6, verdict = ?7, certainty = ?8, format_id = ?9, "
    "bytes_read = ?10, detail_id = ?11 WHERE scan_id = ?1 AND folder_id = ?2 AND name = ?3",
    "UPDATE files SET verdict = ?4, certainty = ?5, detail_id = ?6 WHERE scan_id = ?1 AND folder_id = ?2 AND name = ?3",
    "SELECT detail_id FROM files WHERE scan_id = ?1 AND folder_id = ?2 AND name = ?3",
    "INSERT INTO details(original_name, ranges, reasons, campaign_id, head, tail, sha256) VALUES(?1, ?2, ?3, ?4, ?5, "
    "?6, ?7)",
    "UPDATE details SET original_name = ?1, ranges = ?2, reasons = ?3, campaign_id = ?4 WHERE id = ?5",
    "DELETE FROM details WHERE id = ?1",
    // Sightings
    "INSERT OR REPLACE INTO sightings(scan_id, folder_id, name, offset_bytes, kind, value, level) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    "DELETE FROM sightings WHERE scan_id = ?1 AND folder_id = ?2 AND name = ?3",
    // Campaigns
    "INSERT INTO campaigns(scan_id, certainty, extension, head, tail, footer_bytes, family, contacts, notes, "
    "note_count, "
    "file_count, size_bytes, first_change_ns, last_change_ns, reasons) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    "DELETE FROM campaigns WHERE scan_id = ?1",
    "SELECT id, certainty, extension, head, tail, footer_bytes, family, contacts, notes, note_count, file_count, "
    "size_bytes, "
    "first_change_ns, last_change_ns, reasons FROM campaigns WHERE scan_id = ?1 ORDER BY id",
    // Visits, in pieces: from a first path or name on (a piece ends at L, the next begins at L and a NUL byte).
    "SELECT id, path FROM folders WHERE path >= ?1 AND path < ?2 ORDER BY path LIMIT ?3",
    "SELECT " LG_FILE_COLUMNS LG_FILE_TABLES "WHERE o.id = ?2 AND f.name >= ?3 AND " LG_VERDICT_IS_WANTED
    " ORDER BY f.name LIMIT ?5",
    "SELECT " LG_FILE_COLUMNS LG_DETAIL_COLUMNS LG_FILE_TABLES LG_DETAIL_TABLE
    "WHERE o.id = ?2 AND f.name >= ?3 AND " LG_VERDICT_IS_WANTED " ORDER BY f.name LIMIT ?5",
    "SELECT " LG_FILE_COLUMNS LG_FILE_TABLES "WHERE o.path >= ?2 AND o.path < ?3 AND " LG_VERDICT_IS_WANTED
    " ORDER BY o.path, f.name LIMIT ?5",
    "SELECT " LG_FILE_COLUMNS LG_DETAIL_COLUMNS LG_FILE_TABLES LG_DETAIL_TABLE
    "WHERE o.path >= ?2 AND o.path < ?3 AND " LG_VERDICT_IS_WANTED " ORDER BY o.path, f.name LIMIT ?5",
    "SELECT name, offset_bytes, kind, value, level FROM sightings WHERE scan_id = ?1 AND folder_id = ?2 "
    "AND (name, offset_bytes, kind, value) > (?3, ?4, ?5, ?6) ORDER BY name, offset_bytes, kind, value LIMIT ?7",
    "SELECT name, size_bytes, mtime_ns, ctime_ns FROM files WHERE scan_id = ?1 AND folder_id = ?2 ORDER BY name",
    "SELECT verdict, size_bytes, bytes_read FROM files WHERE scan_id = ?1",
    // Settings
    "SELECT value FROM settings WHERE name = ?1",
    "INSERT OR REPLACE INTO settings(name, value) VALUES(?1, ?2)",
    // Backups
    "INSERT INTO source_scans(scan_id, source) VALUES(?1, ?2)",
    "INSERT INTO sources(name, address, format, independence, password_from, key_file, stored_prefix, live_prefix, "
    "added_ns) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT(name) DO UPDATE SET address = ?2, format = ?3, "
    "independence = ?4, password_from = ?5, key_file = ?6, stored_prefix = ?7, live_prefix = ?8, added_ns = ?9",
    "SELECT name, address, format, independence, password_from, key_file, stored_prefix, live_prefix, added_ns "
    "FROM sources ORDER BY id",
    "SELECT id FROM sources WHERE name = ?1",
    "DELETE FROM snapshots WHERE source_id = ?1",
    "INSERT INTO snapshots(source_id, number, id, time_ns, stored_ns, origin, paths, tags, presence, findings, "
    "oddities, counts, changes) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    "SELECT id, time_ns, stored_ns, origin, paths, tags, presence, findings, oddities, counts, changes FROM snapshots "
    "WHERE source_id = ?1 ORDER BY number",
    "DELETE FROM units WHERE source_id = ?1",
    "INSERT INTO units(source_id, number, snapshot, kind, path, state, certainty, data_as_of_ns, sizes, findings) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    "SELECT snapshot, kind, path, state, certainty, data_as_of_ns, sizes, findings FROM units WHERE source_id = ?1 "
    "ORDER BY number",
    "INSERT OR REPLACE INTO contents(key, scan_id, folder_id, name) VALUES(?1, ?2, ?3, ?4)",
    // In pieces: from a first key on.
    "SELECT c.key, f.verdict, f.certainty FROM contents AS c JOIN files AS f ON f.scan_id = c.scan_id AND "
    "f.folder_id = c.folder_id AND f.name = c.name WHERE c.key > ?1 ORDER BY c.key LIMIT ?2",
    "SELECT c.scan_id, o.path, c.name FROM contents AS c JOIN folders AS o ON o.id = c.folder_id WHERE c.key = ?1",
    // Searched files and traced mails
    "DELETE FROM found_values WHERE file_id = (SELECT id FROM searched_files WHERE path = ?1)",
    "INSERT INTO searched_files(path, size_bytes, sha256, searched_ns, left_out) VALUES(?1, ?2, ?3, ?4, ?5) "
    "ON CONFLICT(path) DO UPDATE SET size_bytes = ?2, sha256 = ?3, searched_ns = ?4, left_out = ?5 RETURNING id",
    "INSERT OR REPLACE INTO found_values(file_id, offset_bytes, kind, value, level, encoding, length_bytes, port, "
    "form, times, apart) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    "SELECT id, path, size_bytes, sha256, searched_ns, left_out FROM searched_files WHERE path >= ?1 ORDER BY path "
    "LIMIT 1",
    "SELECT offset_bytes, kind, value, level, encoding, length_bytes, port, form, times, apart FROM found_values "
    "WHERE file_id = ?1 ORDER BY offset_bytes, kind, value",
    "DELETE FROM mails WHERE path = ?1",
    "INSERT OR REPLACE INTO mails(path, begin_bytes, end_bytes, sha256, says, hops, boundary, dkim, arc, spf, hints, "
    "store_item, attachments) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    "SELECT path, begin_bytes, end_bytes, sha256, says, hops, boundary, dkim, arc, spf, hints, store_item, attachments "
    "FROM mails WHERE (path, begin_bytes) > (?1, ?2) ORDER BY path, begin_bytes LIMIT ?3",
};

#undef LG_FILE_COLUMNS
#undef LG_FILE_TABLES
#undef LG_DETAIL_COLUMNS
#undef LG_DETAIL_TABLE
#undef LG_VERDICT_IS_WANTED

}  // namespace lastgood::casefile
