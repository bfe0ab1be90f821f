// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/sqlite/investigation_rows.h"

#include <charconv>

#include "casefile/sqlite/packed_lists.h"

namespace lastgood::casefile {

namespace {

constexpr std::size_t k_mails_piece = 64;  // read at once, so that the visitor may call the store
constexpr std::int64_t k_defanged = 1;
constexpr std::int64_t k_in_name = 2;
constexpr std::size_t k_hop_texts = 11;

template <typename Number>
std::optional<Number> number_in(std::string_view text) {
  Number value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string pack_hops(const std::vector<model::MailHop>& hops) {
  std::vector<std::string> texts;
  for (const model::MailHop& hop : hops) {
    for (std::string text :
         {std::to_string(hop.offset_bytes), hop.helo, hop.rdns, hop.ip, hop.port, hop.by, hop.with, hop.id,
          hop.date_text, hop.date_ns ? std::to_string(*hop.date_ns) : std::string(), hop.trust}) {
      texts.push_back(std::move(text));
    }
  }
  return pack_texts(texts);
}

std::optional<std::vector<model::MailHop>> unpack_hops(std::string_view packed) {
  const auto texts = unpack_texts(packed);
  if (!texts || texts->size() % k_hop_texts != 0) return std::nullopt;
  std::vector<model::MailHop> hops;
  for (std::size_t i = 0; i < texts->size(); i += k_hop_texts) {
    const auto text = [&](std::size_t at) -> const std::string& { return (*texts)[i + at]; };
    const auto offset = number_in<std::uint64_t>(text(0));
    const auto date = number_in<std::int64_t>(text(9));
    if (!offset || (!text(9).empty() && !date)) return std::nullopt;
    hops.push_back({.offset_bytes = *offset,
                    .helo = text(1),
                    .rdns = text(2),
                    .ip = text(3),
                    .port = text(4),
                    .by = text(5),
                    .with = text(6),
                    .id = text(7),
                    .date_text = text(8),
                    .date_ns = text(9).empty() ? std::nullopt : date,
                    .trust = text(10)});
  }
  return hops;
}

std::string pack_boundary(const std::optional<model::MailBoundary>& boundary) {
  if (!boundary) return {};
  return pack_texts({std::to_string(boundary->hop), boundary->ip, boundary->level, boundary->reason});
}

/// False: it makes no sense.
bool unpack_boundary(std::string_view packed, model::MailRecord& mail) {
  if (packed.empty()) return true;
  const auto texts = unpack_texts(packed);
  if (!texts || texts->size() != 4) return false;
  const auto hop = number_in<std::size_t>(texts->at(0));
  if (!hop || *hop >= mail.hops.size()) return false;
  mail.boundary = model::MailBoundary{.hop = *hop, .ip = texts->at(1), .level = texts->at(2), .reason = texts->at(3)};
  return true;
}

base::Status insert_values(Connection& connection, std::int64_t file_id, const std::vector<model::FoundValue>& values) {
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::insert_found_value));
  for (const model::FoundValue& found : values) {
    const Using change(*prepared);
    change->bind(1, file_id).bind(2, static_cast<std::int64_t>(found.offset_bytes));
    change->bind_text(3, found.kind).bind_text(4, found.value).bind_text(5, found.level);
    change->bind_text(6, found.encoding).bind(7, static_cast<std::int64_t>(found.length_bytes));
    found.port ? change->bind(8, *found.port) : change->bind_null(8);
    change->bind(9, (found.defanged ? k_defanged : 0) | (found.in_name ? k_in_name : 0));
    change->bind(10, static_cast<std::int64_t>(found.times)).bind_text(11, found.apart);
    LG_TRY(change->run());
  }
  return base::Done{};
}

base::Status replace_searched(Connection& connection, const model::SearchedFile& file) {
  {
    LG_ASSIGN(Statement * prepared, connection.statement(Sql::delete_found_values));
    const Using change(*prepared);
    change->bind_blob(1, file.path);
    LG_TRY(change->run());
  }
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::put_searched_file));
  std::int64_t file_id = 0;
  {
    const Using change(*prepared);
    change->bind_blob(1, file.path).bind(2, static_cast<std::int64_t>(file.size_bytes)).bind_text(3, file.sha256);
    change->bind(4, file.searched_ns).bind(5, static_cast<std::int64_t>(file.left_out));
    LG_ASSIGN(const Step step, change->step());
    if (step != Step::row) return connection.database().damaged("a searched file got no number");
    file_id = change->integer(0);
  }
  return insert_values(connection, file_id, file.values);
}

base::Result<std::vector<model::FoundValue>> read_values(Connection& connection, std::int64_t file_id) {
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::select_found_values));
  const Using query(*prepared);
  query->bind(1, file_id);
  std::vector<model::FoundValue> out;
  while (true) {
    LG_ASSIGN(const Step step, query->step());
    if (step != Step::row) return out;
    model::FoundValue found{.kind = std::string(query->bytes(1)),
                            .value = std::string(query->bytes(2)),
                            .level = std::string(query->bytes(3)),
                            .encoding = std::string(query->bytes(4)),
                            .offset_bytes = static_cast<std::uint64_t>(query->integer(0)),
                            .length_bytes = static_cast<std::uint64_t>(query->integer(5)),
                            .port = std::nullopt,
                            .defanged = (query->integer(7) & k_defanged) != 0,
                            .in_name = (query->integer(7) & k_in_name) != 0,
                            .times = static_cast<std::uint64_t>(query->integer(8)),
                            .apart = std::string(query->bytes(9))};
    if (!query->is_null(6)) {
      const std::int64_t port = query->integer(6);
      if (port < 0 || port > 65535) return connection.database().damaged("a port that cannot be");
      found.port = static_cast<std::uint16_t>(port);
    }
    out.push_back(std::move(found));
  }
}

std::string pack_parts(const std::vector<model::MailPart>& parts) {
  std::vector<std::string> texts;
  for (const model::MailPart& part : parts) {
    texts.insert(texts.end(), {part.name, part.content_type, std::to_string(part.size_bytes), part.sha256});
    if (texts.size() == 4 * model::k_mail_parts_max) break;
  }
  return pack_texts(texts);
}

std::optional<std::vector<model::MailPart>> unpack_parts(std::string_view packed) {
  const auto texts = unpack_texts(packed);
  if (!texts || texts->size() % 4 != 0 || texts->size() > 4 * model::k_mail_parts_max) return std::nullopt;
  std::vector<model::MailPart> out;
  for (std::size_t i = 0; i < texts->size(); i += 4) {
    model::MailPart part{
        .name = texts->at(i), .content_type = texts->at(i + 1), .size_bytes = 0, .sha256 = texts->at(i + 3)};
    const std::string& size = texts->at(i + 2);
    const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), part.size_bytes);
    if (error != std::errc() || end != size.data() + size.size()) return std::nullopt;
    out.push_back(std::move(part));
  }
  return out;
}

base::Status insert_mail(Connection& connection, const model::MailRecord& mail) {
  const std::string says = pack_texts({mail.from, mail.subject, mail.date_text, mail.message_id});
  const std::string hops = pack_hops(mail.hops);
  const std::string boundary = pack_boundary(mail.boundary);
  const std::string dkim = pack_reasons(mail.dkim);
  const std::string hints = pack_reasons(mail.hints);
  const std::string attachments = pack_parts(mail.attachments);
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::put_mail));
  const Using change(*prepared);
  change->bind_blob(1, mail.path).bind(2, static_cast<std::int64_t>(mail.begin_bytes));
  change->bind(3, static_cast<std::int64_t>(mail.end_bytes)).bind_text(4, mail.sha256).bind_blob(5, says);
  change->bind_blob(6, hops).bind_blob(7, boundary).bind_blob(8, dkim).bind_text(9, mail.arc);
  change->bind_text(10, mail.spf).bind_blob(11, hints);
  mail.store_item ? change->bind(12, std::int64_t{*mail.store_item}) : change->bind_null(12);
  change->bind_blob(13, attachments);
  return change->run();
}

base::Result<model::MailRecord> read_mail(const Database& database, const Statement& row) {
  const auto says = unpack_texts(row.bytes(4));
  auto hops = unpack_hops(row.bytes(5));
  auto dkim = unpack_reasons(row.bytes(7));
  auto hints = unpack_reasons(row.bytes(10));
  auto parts = unpack_parts(row.bytes(12));
  const std::int64_t item = row.is_null(11) ? 0 : row.integer(11);
  if (!says || says->size() != 4 || !hops || !dkim || !hints || !parts || item < 0 || item > UINT32_MAX)
    return database.damaged("a mail that cannot be read");
  model::MailRecord mail{.path = std::string(row.bytes(0)),
                         .begin_bytes = static_cast<std::uint64_t>(row.integer(1)),
                         .end_bytes = static_cast<std::uint64_t>(row.integer(2)),
                         .sha256 = std::string(row.bytes(3)),
                         .from = says->at(0),
                         .subject = says->at(1),
                         .date_text = says->at(2),
                         .message_id = says->at(3),
                         .hops = std::move(*hops),
                         .boundary = std::nullopt,
                         .dkim = std::move(*dkim),
                         .arc = std::string(row.bytes(8)),
                         .spf = std::string(row.bytes(9)),
                         .hints = std::move(*hints)};
  if (!row.is_null(11)) mail.store_item = static_cast<std::uint32_t>(item);
  mail.attachments = std::move(*parts);
  if (!unpack_boundary(row.bytes(6), mail)) return database.damaged("the border of a mail that cannot be read");
  return mail;
}

}  // namespace

base::Status SqliteInvestigationStore::record_searched(std::span<const model::SearchedFile> files) {
  return connection_.in_transaction(Durability::after_next_sync, [&]() -> base::Status {
    for (const model::SearchedFile& file : files) LG_TRY(replace_searched(connection_, file));
    return base::Done{};
  });
}

base::Status SqliteInvestigationStore::visit_searched(const SearchedVisitor& visitor) {
  std::string from;  // a NUL byte behind a path: the next one
  while (true) {
    model::SearchedFile file;
    std::int64_t file_id = 0;
    {
      LG_ASSIGN(Statement * prepared, connection_.statement(Sql::next_searched_file));
      const Using query(*prepared);
      query->bind_blob(1, from);
      LG_ASSIGN(const Step step, query->step());
      if (step != Step::row) return base::Done{};
      file_id = query->integer(0);
      file = {.path = std::string(query->bytes(1)),
              .size_bytes = static_cast<std::uint64_t>(query->integer(2)),
              .sha256 = std::string(query->bytes(3)),
              .searched_ns = query->integer(4),
              .left_out = static_cast<std::uint64_t>(query->integer(5)),
              .values = {}};
    }
    LG_ASSIGN(file.values, read_values(connection_, file_id));
    from = file.path + '\0';
    if (!visitor(file)) return base::Done{};
  }
}

base::Status SqliteInvestigationStore::forget_mails(std::string_view path) {
  return connection_.in_transaction(Durability::after_next_sync, [&]() -> base::Status {
    LG_ASSIGN(Statement * prepared, connection_.statement(Sql::delete_mails));
    const Using change(*prepared);
    change->bind_blob(1, path);
    return change->run();
  });
}

base::Status SqliteInvestigationStore::record_mails(std::span<const model::MailRecord> mails) {
  return connection_.in_transaction(Durability::after_next_sync, [&]() -> base::Status {
    for (const model::MailRecord& mail : mails) LG_TRY(insert_mail(connection_, mail));
    return base::Done{};
  });
}

base::Status SqliteInvestigationStore::visit_mails(const MailVisitor& visitor) {
  std::string path;
  std::int64_t begin = -1;
  while (true) {
    std::vector<model::MailRecord> piece;
    {
      LG_ASSIGN(Statement * prepared, connection_.statement(Sql::mails_from));
      const Using query(*prepared);
      query->bind_blob(1, path).bind(2, begin).bind(3, static_cast<std::int64_t>(k_mails_piece));
      while (true) {
        LG_ASSIGN(const Step step, query->step());
        if (step != Step::row) break;
        LG_ASSIGN(model::MailRecord mail, read_mail(connection_.database(), *query));
        piece.push_back(std::move(mail));
      }
    }
    for (const model::MailRecord& mail : piece) {
      if (!visitor(mail)) return base::Done{};
    }
    if (piece.size() < k_mails_piece) return base::Done{};
    path = piece.back().path;
    begin = static_cast<std::int64_t>(piece.back().begin_bytes);
  }
}

}  // namespace lastgood::casefile
