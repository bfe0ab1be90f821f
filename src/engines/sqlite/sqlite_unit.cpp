// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What makes an SQLite database whole: the file, and the write-ahead log or the hot journal of the same moment. The
// database as it would be after recovery is put together in memory, and SQLite's own checks run over that.
#include "engines/sqlite/sqlite_unit.h"

#include <algorithm>
#include <array>
#include <bit>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/page_reader.h"
#include "engines/sqlite/sqlite_session.h"
#include "engines/sqlite/wal_frames.h"
#include "model/pages/sqlite_page.h"

namespace lastgood::engines {

namespace {

using base::ByteView;
using sqlite::Journal;
using sqlite::PageOffsets;
using sqlite::WalFrames;
using namespace std::string_view_literals;

constexpr std::string_view k_magic = "SQLite format 3\0"sv;
constexpr std::uint64_t k_image_bytes_max = 256U << 20;
constexpr std::uint64_t k_thorough_bytes_max = 64U << 20;
constexpr std::uint64_t k_image_bytes_full_max = std::uint64_t{1} << 30;
constexpr std::array k_endings = {".db"sv,   ".sqlite"sv, ".sqlite3"sv, ".db3"sv,
                                  ".s3db"sv, ".sl3"sv,    ".gpkg"sv,    ".mbtiles"sv};

std::vector<std::string> find_sqlite(const FolderListing& listing) {
  std::vector<std::string> names;
  for (const UnitEntry& entry : listing.entries) {
    if (entry.kind != model::EntryKind::regular) continue;
    const std::string_view name = entry.name;
    for (const std::string_view beside : {"-wal"sv, "-shm"sv, "-journal"sv}) {
      if (!name.ends_with(beside)) continue;
      const std::string main(name.substr(0, name.size() - beside.size()));
      if (!main.empty() && listing.has_file(main)) names.push_back(main);
    }
    const bool has_ending = std::any_of(k_endings.begin(), k_endings.end(),
                                        [&](std::string_view ending) { return name.ends_with(ending); });
    if (has_ending && entry.size_bytes >= 512 && ByteView(listing.head_of(name, 16)).matches(0, k_magic))
      names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

/// The database and the files that go with it.
struct Database {
  std::string shown;
  std::unique_ptr<base::ByteSource> main;
  std::unique_ptr<base::ByteSource> wal_source;
  std::unique_ptr<base::ByteSource> journal_source;
  WalFrames wal;
  Journal journal;
  std::vector<std::uint8_t> head;  // 100 bytes, of the file itself
  std::uint32_t page_bytes = 0;
  std::uint64_t page_count = 0;  // after recovery
};

std::unique_ptr<base::ByteSource> open_beside(UnitCheck& check, const std::string& name) {
  auto source = check.home().view->open(check.home().in_view(name));
  if (source.ok()) {
    check.note_member(check.home().show(name));
    return std::move(source).value();
  }
  if (source.error().code != base::ErrorCode::not_found)
    check.unread(check.home().show(name), "unit.open", source.error().what);
  return nullptr;
}

bool read_header(UnitCheck& check, Database& database) {
  database.head.resize(100);
  database.head.resize(check.read(*database.main, database.shown, 0, database.head));
  const ByteView head(database.head);
  if (head.empty()) return true;  // made and never written; a log may hold all of it
  const std::uint32_t word = head.be16(16);
  const bool fits = head.size() == 100 && head.matches(0, k_magic) &&
                    (word == 1 || (word >= 512 && std::has_single_bit(word))) && head.u8(21) == 64;
  if (fits) {
    database.page_bytes = word == 1 ? 65536 : word;
    return true;
  }
  if (looks_random(check, *database.main, database.shown)) {
    check.encrypted(database.shown, "sqlite.header", "no database begins here, and its bytes look random",
                    {.from = 0, .to = database.main->size_bytes()});
  } else {
    check.damaged(database.shown, "sqlite.header", "no database begins here", {.from = 0, .to = 100});
  }
  return false;
}

std::string index_of(const std::string& log) { return log.substr(0, log.size() - 4) + "-shm"; }

void read_wal(UnitCheck& check, Database& database, const std::string& name) {
  const std::string shown = check.home().show(name);
  database.wal_source = open_beside(check, name);
  // No part of the set: SQLite makes the index anew, and one that was left there must not keep the rest from its place.
  const bool had_index = check.home().view->open(check.home().in_view(index_of(name))).ok();
  if (!database.wal_source) {
    if (had_index)
      check.damaged(shown, "sqlite.wal.missing", "the index of a log is there, and the log is not");
    else if (ByteView(database.head).u8(18) == 2)
      check.at_most(
          model::Certainty::weak, "sqlite.wal.missing",
          "the database uses a log, and none is here: whole only if the last connection was closed in good order");
    return;
  }
  auto wal = sqlite::read_wal_frames(*database.wal_source);
  if (!wal.ok()) return check.unread(shown, "unit.read", wal.error().what);
  database.wal = std::move(wal).value();
  if (!database.wal.fault.empty()) {
    const bool is_random = looks_random(check, *database.wal_source, shown);
    is_random
        ? check.encrypted(shown, "sqlite.wal.header", fmt::format("{}, and its bytes look random", database.wal.fault))
        : check.damaged(shown, "sqlite.wal.header", std::string(database.wal.fault), {.from = 0, .to = 32});
  } else if (database.wal.broken_at != 0) {
    check.damaged(shown, "sqlite.wal.frame", "a frame does not fit its checksum, and frames behind it do",
                  {.from = database.wal.broken_at, .to = database.wal.broken_at + 24 + database.wal.page_bytes});
  } else if (database.wal.commits > 0) {
    check.needs_recovery("sqlite.wal",
                         fmt::format("{} transactions in {} frames of the log are not yet in the database",
                                     database.wal.commits, database.wal.frames));
  }
  if (database.page_bytes != 0 && database.wal.page_bytes != 0 && database.wal.page_bytes != database.page_bytes)
    check.torn(
        shown, "sqlite.wal.pages",
        fmt::format("pages of {} bytes, the database has pages of {}", database.wal.page_bytes, database.page_bytes));
  if (database.page_bytes == 0) database.page_bytes = database.wal.page_bytes;
}

void read_hot_journal(UnitCheck& check, Database& database, const std::string& name) {
  const std::string shown = check.home().show(name);
  database.journal_source = open_beside(check, name);
  if (!database.journal_source) return;
  auto journal = sqlite::read_journal(*database.journal_source);
  if (!journal.ok()) return check.unread(shown, "unit.read", journal.error().what);
  database.journal = std::move(journal).value();
  if (!database.journal.fault.empty()) {
    check.damaged(shown, "sqlite.journal", std::string(database.journal.fault), {.from = 0, .to = 28});
  } else if (database.journal.lost_at != 0) {
    check.damaged(shown, "sqlite.journal.record", "a page as it was before the last transaction is lost",
                  {.from = database.journal.lost_at, .to = database.journal_source->size_bytes()});
  } else if (database.journal.is_hot && database.journal.page_bytes != database.page_bytes &&
             database.page_bytes != 0) {
    check.torn(shown, "sqlite.journal",
               fmt::format("pages of {} bytes, the database has pages of {}", database.journal.page_bytes,
                           database.page_bytes));
  } else if (database.journal.is_hot && database.journal.records > 0) {
    check.needs_recovery("sqlite.journal", fmt::format("a transaction that changed {} pages was not finished",
                                                       database.journal.pages.size()));
  } else if (!database.journal.is_hot && looks_random(check, *database.journal_source, shown)) {
    check.encrypted(shown, "sqlite.journal", "is no journal, and its bytes look random");
  }
}

/// How many pages the database has after recovery; says when the file is too short for that.
void count_pages(UnitCheck& check, Database& database) {
  if (database.page_bytes == 0) return;
  const ByteView head(database.head);
  const std::uint64_t present = database.main->size_bytes() / database.page_bytes;
  const bool is_count_valid = head.be32(28) != 0 && head.be32(24) == head.be32(92);
  database.page_count = is_count_valid ? head.be32(28) : present;
  if (database.wal.commits > 0)
    database.page_count = database.wal.pages_after;
  else if (database.journal.is_hot && database.journal.records > 0)
    database.page_count = database.journal.pages_before;
  std::uint64_t from_log = 0;
  for (const auto& [page, offset] : database.wal.pages)
    from_log += page > present && page <= database.page_count ? 1U : 0U;
  if (database.page_count > present + from_log) {
    check.damaged(database.shown, "sqlite.length",
                  fmt::format("{} pages of {} bytes are here, {} belong to it", present + from_log, database.page_bytes,
                              database.page_count),
                  {.from = database.main->size_bytes(), .to = database.page_count * database.page_bytes});
  }
}

/// Puts pages of the log or the journal into `image`.
bool put_pages(UnitCheck& check, base::ByteSource& source, const PageOffsets& pages, const Database& database,
               std::vector<std::uint8_t>& image) {
  for (const auto& [page, offset] : pages) {
    if (page == 0 || page > database.page_count) continue;
    const std::span<std::uint8_t> place =
        std::span(image).subspan((std::size_t{page} - 1) * database.page_bytes, database.page_bytes);
    if (check.read(source, database.shown, offset, place) < place.size()) return false;
  }
  return true;
}

enum class Log : std::uint8_t { merged, left_out };

std::optional<std::vector<std::uint8_t>> build_image(UnitCheck& check, const Database& database, Log log) {
  std::vector<std::uint8_t> image(static_cast<std::size_t>(database.page_count * database.page_bytes));
  const std::size_t there =
      static_cast<std::size_t>(std::min<std::uint64_t>(image.size(), database.main->size_bytes()));
  if (check.read(*database.main, database.shown, 0, std::span(image).first(there)) < there) return std::nullopt;
  if (log == Log::left_out) return image;
  if (database.wal_source && !put_pages(check, *database.wal_source, database.wal.pages, database, image))
    return std::nullopt;
  if (database.journal.is_hot && !put_pages(check, *database.journal_source, database.journal.pages, database, image))
    return std::nullopt;
  return image;
}

/// SQLite's own opinion: its first complaint, or nothing. `image` is lent.
std::string ask_sqlite(std::vector<std::uint8_t>& image, model::Depth depth) {
  // Also whether indexes fit their tables, which shows a mixed set, where that is a matter of a second.
  const bool is_thorough = depth == model::Depth::full || image.size() <= k_thorough_bytes_max;
  auto session = sqlite::SqliteSession::open(std::move(image));
  if (!session.ok()) return session.error().what;
  std::string complaint;
  const base::Status status = session.value().query(is_thorough ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)",
                                                    [&](const sqlite::SqliteRow& row) {
                                                      if (row.text(0) != "ok")
                                                        complaint = base::printable(row.text(0)).substr(0, 300);
                                                      return false;
                                                    });
  image = std::move(session).value().take_image();
  return status.ok() ? complaint : status.error().what;
}

/// Every page by itself; only those that say what they are can be wrong. Names ranges, which SQLite does not.
void check_pages(UnitCheck& check, const Database& database, std::optional<std::vector<std::uint8_t>>& image) {
  model::pages::SqliteLayout layout{.page_bytes = database.page_bytes,
                                    .usable_bytes = database.page_bytes - ByteView(database.head).u8(20),
                                    .page_count = database.page_count,
                                    .has_pointer_map = ByteView(database.head).be32(52) != 0};
  PageFaults faults(database.page_bytes);
  base::MemorySource memory(image ? ByteView(*image) : ByteView());
  base::ByteSource& source = image ? static_cast<base::ByteSource&>(memory) : *database.main;
  visit_pages(check, {.source = &source, .shown = database.shown, .page_bytes = database.page_bytes},
              [&](std::uint64_t index, ByteView page) {
                const std::uint64_t number = index + 1;
                if (number == layout.lock_page() || is_zero(page)) return;
                if (layout.is_pointer_map(number)) {
                  const std::string_view fault = find_pointer_map_fault(layout, number, page);
                  if (!fault.empty()) faults.add(index, fault, page);
                  return;
                }
                const bool is_tree = number == 1 || model::pages::is_btree_type(page.u8(0));
                const std::string_view fault =
                    is_tree ? find_btree_fault(layout, number, page) : find_overflow_fault(layout, page);
                if (fault.empty()) return;
                // A page on the free list may hold anything; SQLite's own check knows them.
                if (number == 1 || looks_random(page)) {
                  faults.add(index, fault, page);
                }
              });
  faults.say(check, database.shown, "sqlite.page");
}

void check_content(UnitCheck& check, const Database& database, std::optional<std::vector<std::uint8_t>>& image) {
  check_pages(check, database, image);
  if (!image) return;
  const std::string complaint = ask_sqlite(*image, check.depth());
  if (complaint.empty()) {
    check.holds(database.shown, "sqlite.check",
                fmt::format("SQLite's own check of {} pages finds nothing", database.page_count));
    return;
  }
  if (database.wal.commits > 0) {
    auto alone = build_image(check, database, Log::left_out);
    if (alone && ask_sqlite(*alone, model::Depth::standard).empty()) {
      check.torn(database.shown, "sqlite.check",
                 fmt::format("sound without its log, broken with it: they are of different moments ({})", complaint));
      return;
    }
  }
  check.damaged(database.shown, "sqlite.check", fmt::format("SQLite's own check: {}", complaint));
}

/// The count of changes in a logged page 1; nothing when it cannot be read.
std::optional<std::uint32_t> changes_at(UnitCheck& check, const Database& database, std::uint64_t offset) {
  std::vector<std::uint8_t> page(100);
  if (check.read(*database.wal_source, database.shown, offset, page) < page.size()) return std::nullopt;
  return ByteView(page).be32(24);
}

/// Page 1 counts changes, in the log as in the database: the log's last count can be behind only when the log is of an
/// older time, its first count is the next after the database's unless the database is of an older time.
void check_log_age(UnitCheck& check, const Database& database) {
  const auto newest = database.wal.pages.find(1);
  if (newest == database.wal.pages.end() || database.head.size() < 100) return;
  const std::uint32_t in_file = ByteView(database.head).be32(24);
  const auto last = changes_at(check, database, newest->second);
  const auto first = changes_at(check, database, database.wal.first_page_at);
  if (last && *last < in_file) {
    check.torn(database.shown, "sqlite.wal.older",
               fmt::format("the database has counted {} changes, its log only {}", in_file, *last));
  } else if (first && *first > in_file + 1) {
    check.torn(database.shown, "sqlite.wal.newer",
               fmt::format("the database has counted {} changes, its log begins with the {}th", in_file, *first));
  }
}

/// SQLite writes no times: the files' own are what says when somebody committed last.
void note_last_write(UnitCheck& check, const std::string& name) {
  const auto listed = check.home().view->list(check.home().in_view(""));
  if (!listed.ok()) return;
  for (const UnitEntry& entry : listed.value()) {
    const bool is_it = entry.name == name || entry.name == name + "-wal" || entry.name == name + "-journal";
    if (is_it && entry.kind == model::EntryKind::regular) check.note_commit(entry.mtime_ns);
  }
}

void check_unit_file(UnitCheck& check, const std::string& name) {
  note_last_write(check, name);
  sqlite::check_database(check, name, check.depth() == model::Depth::full ? k_image_bytes_full_max : k_image_bytes_max);
}

}  // namespace

std::optional<std::vector<std::uint8_t>> sqlite::check_database(UnitCheck& check, const std::string& name,
                                                                std::uint64_t bytes_max) {
  Database database{.shown = check.home().show(name)};
  database.main = check.open(check.home(), name);
  if (!database.main) return std::nullopt;
  check.note_member(database.shown);
  if (!read_header(check, database)) return std::nullopt;
  if (check.engine().empty()) check.set_engine("SQLite 3");
  read_wal(check, database, name + "-wal");
  read_hot_journal(check, database, name + "-journal");
  check_log_age(check, database);
  count_pages(check, database);
  if (!check.is_good() || database.page_count == 0) return std::nullopt;
  std::optional<std::vector<std::uint8_t>> image;
  const bool fits = database.page_count <= bytes_max / database.page_bytes;
  if (check.depth() != model::Depth::quick && fits) image = build_image(check, database, Log::merged);
  if (!fits)
    check.at_most(model::Certainty::weak, "sqlite.size",
                  "too large to be opened in memory: its pages were checked one by one");
  else
    check.at_most(model::Certainty::strong, "sqlite.sums", "SQLite keeps no checksums of its pages");
  check_content(check, database, image);
  return check.is_good() ? std::move(image) : std::nullopt;
}

const UnitRow k_sqlite_row = {.kind = UnitKind::sqlite,
                              .name = "sqlite",
                              .form = UnitRow::Form::file,
                              .find = find_sqlite,
                              .check = check_unit_file};

}  // namespace lastgood::engines
