// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/sqlite/scan_rows.h"

#include <fmt/format.h>

#include "base/byte_view.h"
#include "casefile/sqlite/packed_lists.h"

namespace lastgood::casefile {

namespace {

std::string_view view_of_bytes(const std::vector<std::uint8_t>& bytes) {
  return base::ByteView(std::span<const std::uint8_t>(bytes)).text();
}

std::vector<std::uint8_t> to_bytes(std::string_view text) { return {text.begin(), text.end()}; }

base::Result<model::Scan> read_scan(const Database& database, const Statement& row) {
  const std::int64_t depth = row.integer(3);
  auto roots = unpack_texts(row.bytes(2));
  const auto counts = unpack_counts(row.bytes(7));
  if (depth < 0 || depth > static_cast<std::int64_t>(model::Depth::full) || !roots || !counts)
    return database.damaged("a scan that cannot be read");
  return model::Scan{.id = row.integer(0),
                     .host = std::string(row.bytes(1)),
                     .roots = std::move(*roots),
                     .source = std::string(row.bytes(8)),
                     .depth = static_cast<model::Depth>(depth),
                     .options = std::string(row.bytes(4)),
                     .started_ns = row.integer(5),
                     .finished_ns = row.integer(6),
                     .counts = *counts};
}

base::Status insert_campaign(Connection& connection, std::int64_t scan_id, const model::Campaign& campaign) {
  const std::string contacts = pack_texts(campaign.contacts);
  const std::string notes = pack_texts(campaign.notes);
  const std::string reasons = pack_reasons(campaign.reasons);
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::insert_campaign));
  const Using change(*prepared);
  change->bind(1, scan_id).bind(2, static_cast<std::int64_t>(campaign.certainty)).bind_blob(3, campaign.extension);
  change->bind_blob(4, view_of_bytes(campaign.head))
      .bind_blob(5, view_of_bytes(campaign.tail))
      .bind(6, static_cast<std::int64_t>(campaign.footer_bytes));
  change->bind_text(7, campaign.family).bind_blob(8, contacts).bind_blob(9, notes);
  change->bind(10, static_cast<std::int64_t>(campaign.note_count))
      .bind(11, static_cast<std::int64_t>(campaign.file_count));
  change->bind(12, static_cast<std::int64_t>(campaign.size_bytes))
      .bind(13, campaign.first_change_ns)
      .bind(14, campaign.last_change_ns);
  change->bind_blob(15, reasons);
  return change->run();
}

base::Result<model::Campaign> read_campaign(const Database& database, const Statement& row) {
  const std::int64_t certainty = row.integer(1);
  auto contacts = unpack_texts(row.bytes(7));
  auto notes = unpack_texts(row.bytes(8));
  auto reasons = unpack_reasons(row.bytes(14));
  if (certainty < 0 || certainty > static_cast<std::int64_t>(model::Certainty::proven) || !contacts || !notes ||
      !reasons) {
    return database.damaged("a campaign that cannot be read");
  }
  return model::Campaign{.id = row.integer(0),
                         .certainty = static_cast<model::Certainty>(certainty),
                         .extension = std::string(row.bytes(2)),
                         .head = to_bytes(row.bytes(3)),
                         .tail = to_bytes(row.bytes(4)),
                         .footer_bytes = static_cast<std::uint64_t>(row.integer(5)),
                         .family = std::string(row.bytes(6)),
                         .contacts = std::move(*contacts),
                         .notes = std::move(*notes),
                         .note_count = static_cast<std::uint64_t>(row.integer(9)),
                         .file_count = static_cast<std::uint64_t>(row.integer(10)),
                         .size_bytes = static_cast<std::uint64_t>(row.integer(11)),
                         .first_change_ns = row.integer(12),
                         .last_change_ns = row.integer(13),
                         .reasons = std::move(*reasons)};
}

}  // namespace

base::Result<std::int64_t> insert_scan(Connection& connection, const model::Scan& scan) {
  const std::string roots = pack_texts(scan.roots);
  const std::string counts = pack_counts({});
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::insert_scan));
  const Using change(*prepared);
  change->bind_text(1, scan.host)
      .bind_blob(2, roots)
      .bind(3, static_cast<std::int64_t>(scan.depth))
      .bind_text(4, scan.options);
  change->bind(5, scan.started_ns).bind(6, scan.finished_ns).bind_text(7, counts);
  LG_TRY(change->run());
  const std::int64_t id = connection.database().last_row_id();
  if (scan.source.empty()) return id;
  LG_ASSIGN(Statement * marking, connection.statement(Sql::insert_source_scan));
  const Using mark(*marking);
  mark->bind(1, id).bind_text(2, scan.source);
  LG_TRY(mark->run());
  return id;
}

base::Status update_finished(Connection& connection, std::int64_t scan_id, std::int64_t finished_ns,
                             const model::ScanCounts& counts) {
  const std::string packed = pack_counts(counts);
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::finish_scan));
  const Using change(*prepared);
  change->bind(1, scan_id).bind(2, finished_ns).bind_text(3, packed);
  return change->run();
}

base::Result<std::vector<model::Scan>> read_scans(Connection& connection) {
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::select_scans));
  const Using query(*prepared);
  std::vector<model::Scan> out;
  while (true) {
    LG_ASSIGN(const Step step, query->step());
    if (step != Step::row) return out;
    LG_ASSIGN(model::Scan scan, read_scan(connection.database(), *query));
    out.push_back(std::move(scan));
  }
}

base::Status check_scan(Connection& connection, std::int64_t scan_id) {
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::has_scan));
  const Using query(*prepared);
  query->bind(1, scan_id);
  LG_ASSIGN(const Step step, query->step());
  if (step == Step::row) return base::Done{};
  return base::Error{
      .code = base::ErrorCode::not_found,
      .what = fmt::format("case database '{}' has no scan {}", base::printable(connection.database().path()), scan_id),
      .path = connection.database().path(),
      .offset_bytes = {},
      .system_errno = 0,
      .hint = {}};
}

base::Result<std::vector<std::int64_t>> replace_campaigns(Connection& connection, std::int64_t scan_id,
                                                          std::span<const model::Campaign> campaigns) {
  {
    LG_ASSIGN(Statement * prepared, connection.statement(Sql::delete_campaigns));
    const Using change(*prepared);
    change->bind(1, scan_id);
    LG_TRY(change->run());
  }
  std::vector<std::int64_t> ids;
  for (const model::Campaign& campaign : campaigns) {
    LG_TRY(insert_campaign(connection, scan_id, campaign));
    ids.push_back(connection.database().last_row_id());
  }
  return ids;
}

base::Result<std::vector<model::Campaign>> read_campaigns(Connection& connection, std::int64_t scan_id) {
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::select_campaigns));
  const Using query(*prepared);
  query->bind(1, scan_id);
  std::vector<model::Campaign> out;
  while (true) {
    LG_ASSIGN(const Step step, query->step());
    if (step != Step::row) return out;
    LG_ASSIGN(model::Campaign campaign, read_campaign(connection.database(), *query));
    out.push_back(std::move(campaign));
  }
}

base::Result<std::optional<std::string>> read_setting(Connection& connection, std::string_view name) {
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::select_setting));
  const Using query(*prepared);
  query->bind_text(1, name);
  LG_ASSIGN(const Step step, query->step());
  if (step != Step::row) return std::optional<std::string>();
  return std::optional<std::string>(query->bytes(0));
}

base::Status write_setting(Connection& connection, std::string_view name, std::string_view value) {
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::put_setting));
  const Using change(*prepared);
  change->bind_text(1, name).bind_blob(2, value);
  return change->run();
}

}  // namespace lastgood::casefile
