// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// SQLite reads a broken log up to where it breaks, and drops a journal that is none. The database is sound then.
// Specification: sqlite.org, "WAL-mode File Format" section 2.4 (the log's index, "-shm").
#include "engines/sqlite/lost_commits.h"

#include <algorithm>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/sqlite/wal_frames.h"
#include "engines/unit_check.h"

namespace lastgood::engines::sqlite {

namespace {

using base::ByteView;

/// Nothing: it is not there.
base::Result<std::unique_ptr<base::ByteSource>> open_beside(const UnitView& view, const std::string& path) {
  auto source = view.open(path);
  if (!source.ok() && source.error().code == base::ErrorCode::not_found) return std::unique_ptr<base::ByteSource>();
  return source;
}

/// "x.db-wal.bak9" where x.db-wal should be; empty: no such file.
base::Result<std::string> find_renamed(const UnitView& view, const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string stem = path.substr(slash == std::string::npos ? 0 : slash + 1) + ".";
  LG_ASSIGN(const std::vector<UnitEntry> entries, view.list(slash == std::string::npos ? "" : path.substr(0, slash)));
  for (const UnitEntry& entry : entries) {
    if (entry.name.starts_with(stem)) return fmt::format("'{}' lies where it should be", base::printable(entry.name));
  }
  return std::string();
}

/// How many frames with whole transactions the log's index counts (mxFrame), if it speaks of this use of the log.
base::Result<std::uint32_t> frames_in_index(base::ByteSource& index, std::uint64_t salts) {
  constexpr std::size_t k_header_bytes = 48;
  constexpr std::uint32_t k_version = 3007000;
  std::vector<std::uint8_t> bytes(2 * k_header_bytes);
  LG_ASSIGN(const std::size_t got, index.read(0, bytes));
  if (got < bytes.size()) return std::uint32_t{0};
  // It stands there twice, in the byte order of the machine that wrote it; the salts as they are in the log.
  const ByteView view(std::span<const std::uint8_t>(bytes.data(), bytes.size()));
  const bool is_settled = std::equal(bytes.begin(), bytes.begin() + k_header_bytes, bytes.begin() + k_header_bytes);
  if (!is_settled || view.be64(32) != salts) return std::uint32_t{0};
  if (view.le32(0) == k_version) return view.le32(16);
  return view.be32(0) == k_version ? view.be32(16) : 0;
}

base::Result<std::string> look_at_log(const UnitView& view, const std::string& path, const std::string& index_path) {
  LG_ASSIGN(const std::unique_ptr<base::ByteSource> index, open_beside(view, index_path));
  LG_ASSIGN(const std::unique_ptr<base::ByteSource> log, open_beside(view, path));
  if (!log) {
    if (index) return std::string("its index is there, and it is not");
    return find_renamed(view, path);
  }
  LG_ASSIGN(const WalFrames frames, read_wal_frames(*log));
  if (!frames.fault.empty()) return std::string(frames.fault);
  if (frames.broken_at != 0) return fmt::format("the frame at byte {} is broken, and frames follow", frames.broken_at);
  if (frames.zeros_at != 0) return fmt::format("zeros where frames were, at byte {}", frames.zeros_at);
  if (!index) return std::string();
  const std::uint64_t whole = frames.frames - frames.uncommitted;
  if (log->size_bytes() == 0) {
    // Without its header nothing tells whether the index speaks of it: an index that counts frames does.
    constexpr std::uint64_t k_salts_at = 32;
    std::vector<std::uint8_t> salts(8);
    LG_ASSIGN(const std::size_t got, index->read(k_salts_at, salts));
    const ByteView stored(std::span<const std::uint8_t>(salts.data(), got));
    LG_ASSIGN(const std::uint32_t counted, frames_in_index(*index, stored.be64(0)));
    return counted > 0 ? fmt::format("it is empty, its index counts {} frames", counted) : std::string();
  }
  LG_ASSIGN(const std::uint32_t counted, frames_in_index(*index, frames.salts));
  return counted > whole ? fmt::format("{} frames are whole, its index counts {}", whole, counted) : std::string();
}

/// A journal that is kept for the next transaction has zeros for a header, and its records behind that.
base::Result<std::string> look_at_journal(const UnitView& view, const std::string& path) {
  LG_ASSIGN(const std::unique_ptr<base::ByteSource> source, open_beside(view, path));
  if (!source) return find_renamed(view, path);
  LG_ASSIGN(const Journal journal, read_journal(*source));
  if (!journal.fault.empty()) return std::string(journal.fault);
  if (journal.lost_at != 0) return fmt::format("the record at byte {} is broken", journal.lost_at);
  if (journal.is_hot || source->size_bytes() == 0) return std::string();
  constexpr std::size_t k_header_bytes = 28;
  constexpr std::size_t k_sector_bytes = 512;
  std::vector<std::uint8_t> start(4096);
  LG_ASSIGN(const std::size_t got, source->read(0, start));
  const ByteView head(std::span<const std::uint8_t>(start.data(), got));
  if (!is_zero(head.part(0, std::min(got, k_header_bytes)))) return std::string("it does not begin as a journal");
  if (got > k_sector_bytes && is_zero(head.part(k_sector_bytes))) return std::string("zeros where records were");
  return std::string();
}

}  // namespace

base::Result<std::string> find_lost_commits(const UnitView& view, const std::string& file) {
  LG_ASSIGN(const std::unique_ptr<base::ByteSource> main, open_beside(view, file));
  LG_ASSIGN(const std::unique_ptr<base::ByteSource> beside, open_beside(view, file + "-wal"));
  LG_ASSIGN(const std::unique_ptr<base::ByteSource> undo, open_beside(view, file + "-journal"));
  // A database has its first page before it has a log, and a journal says how many it had; SQLite would remove both as
  // those of another database.
  bool had_pages = beside && beside->size_bytes() > 0;
  if (undo && main && main->size_bytes() == 0) {
    LG_ASSIGN(const Journal before, read_journal(*undo));
    had_pages = had_pages || before.pages_before > 0;
  }
  if (main && main->size_bytes() == 0 && had_pages)
    return fmt::format("{}: it is empty, and what lies beside it says that it was not", base::printable(file));
  LG_ASSIGN(const std::string log, look_at_log(view, file + "-wal", file + "-shm"));
  if (!log.empty()) return fmt::format("{}-wal: {}", base::printable(file), log);
  LG_ASSIGN(const std::string journal, look_at_journal(view, file + "-journal"));
  return journal.empty() ? journal : fmt::format("{}-journal: {}", base::printable(file), journal);
}

}  // namespace lastgood::engines::sqlite
