// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
//
//   record  = length(4) transaction(4) previous(8) info(1) manager(1) pad(2) crc32c(4) header* data
//   header  = id(1) ...: 0 to 32 a block, 255 and 254 the length of the main data (1 or 4 bytes), 253 origin(2),
//             252 top transaction(4)
//   block   = id(1) fork and flags(1) data length(2) [image: length(2) hole offset(2) info(1) [hole length(2)]]
//             [tablespace(4) database(4) relation(4), unless the same as before] block number(4)
#include "engines/postgresql/wal_reader.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/checksum.h"
#include "engines/postgresql/wal_stream.h"

namespace lastgood::engines::postgresql {

using base::ByteView;

namespace {

constexpr std::uint64_t k_record_header_bytes = 24;
constexpr std::uint64_t k_record_bytes_max = 128U << 20;
constexpr std::size_t k_blocks_max = 4'000'000;
constexpr std::size_t k_relations_max = 1'000'000;

constexpr std::uint8_t k_has_more = 0x80;  // of a commit: more than its time follows

struct Record {
  Lsn from = 0;
  Lsn to = 0;
  std::uint8_t info = 0;
  std::uint8_t manager = 0;
  ByteView bytes;
};

/// The headers of one record. False: they cannot be. `compressed_bits` of an image's info say that it is compressed.
bool parse_headers(ByteView bytes, std::uint8_t compressed_bits, std::vector<BlockReference>& blocks,
                   std::uint64_t& main_bytes) {
  blocks.clear();
  main_bytes = 0;
  std::uint64_t at = k_record_header_bytes;
  std::uint64_t data_bytes = 0;
  BlockPlace before;
  while (at + data_bytes + main_bytes < bytes.size() && main_bytes == 0) {
    const std::uint8_t id = bytes.u8(at);
    if (id == 255) {
      main_bytes = bytes.u8(at + 1);
      at += 2;
      break;
    }
    if (id == 254) {
      main_bytes = bytes.le32(at + 1);
      at += 5;
      break;
    }
    if (id == 253 || id == 252) {
      at += id == 253 ? 3 : 5;
      continue;
    }
    if (id > 32) return false;
    BlockReference block{.id = id, .fork = static_cast<std::uint8_t>(bytes.u8(at + 1) & 0x0F)};
    const std::uint8_t flags = bytes.u8(at + 1);
    data_bytes += bytes.le16(at + 2);
    at += 4;
    if ((flags & 0x40) != 0) block.has_image = true;  // replay begins with an empty page
    if ((flags & 0x10) != 0) {
      block.has_image = true;
      data_bytes += bytes.le16(at);
      const std::uint8_t image = bytes.u8(at + 4);
      at += 5;
      // A compressed image with a hole says how long the hole is.
      if ((image & 0x01) != 0 && (image & compressed_bits) != 0) at += 2;
    }
    if ((flags & 0x80) == 0) {
      before = {.tablespace = bytes.le32(at), .database = bytes.le32(at + 4), .relation = bytes.le32(at + 8)};
      at += 12;
    }
    block.place = before;
    block.place.block = bytes.le32(at);
    at += 4;
    blocks.push_back(block);
  }
  return at + data_bytes + main_bytes == bytes.size();
}

/// Managers whose every record gives each main-fork page it names its own LSN.
bool sets_lsn(const Record& record, const BlockReference& block) {
  const std::uint8_t operation = record.info & 0x70;
  switch (record.manager) {
    case k_manager_log: return block.has_image;
    case k_manager_heap2: return operation != 0x40 || block.id == 0;  // "visible" need not touch the heap's page
    case k_manager_heap:
    case k_manager_btree:
    case k_manager_sequence: return true;
    default: return false;
  }
}

class Surveyor {
 public:
  explicit Surveyor(const WalPlan& plan) : plan_(plan) {}

  void take(const Record& record) {
    ++survey.records;
    survey.end = record.to;
    std::uint64_t main_bytes = 0;
    // The bits of PostgreSQL 15 and newer; if the lengths do not add up, those of 13 and 14.
    if (!parse_headers(record.bytes, 0x1C, blocks_, main_bytes) &&
        !parse_headers(record.bytes, 0x02, blocks_, main_bytes)) {
      survey.are_facts_whole = false;
      return;
    }
    const ByteView data = record.bytes.part(record.bytes.size() - main_bytes);
    const WalRecord whole{.from = record.from,
                          .to = record.to,
                          .transaction = record.bytes.le32(4),
                          .info = record.info,
                          .manager = record.manager,
                          .blocks = blocks_,
                          .data = data};
    if (plan_.on_record) plan_.on_record(whole);
    if (record.manager == k_manager_log) take_log_record(record, data);
    if (record.manager == k_manager_transaction) take_transaction(whole);
    if (record.manager == k_manager_storage) take_storage(record, data);
    // In every version 0x00 copies a folder; what 0x10 makes since 15, it makes file by file.
    if (record.manager == k_manager_database && (record.info & 0xF0) == 0x00 && has_room(survey.copied_databases))
      survey.copied_databases.insert(data.le32(0));
    if (record.manager == k_manager_database && (record.info & 0xF0) != 0x00 && has_room(survey.dropped_databases))
      survey.dropped_databases.insert(data.le32(0));
    if (plan_.notes == WalNotes::no_pages) return;
    for (const BlockReference& block : blocks_) take_block(record, block);
  }

  WalSurvey survey;

 private:
  void take_log_record(const Record& record, ByteView data) {
    const std::uint8_t operation = record.info & 0xF0;
    const bool is_checkpoint = operation == 0x00 || operation == 0x10;
    if (is_checkpoint && record.from == plan_.checkpoint) {
      survey.saw_checkpoint = true;
      survey.checkpoint_end = record.to;
    }
    if (is_checkpoint && record.from > plan_.checkpoint) ++survey.later_checkpoints;
    if (operation == 0x50 && plan_.backup_start != 0 && data.le64(0) == plan_.backup_start)
      survey.saw_backup_end = true;
  }

  void take_transaction(const WalRecord& record) {
    const std::uint8_t operation = record.info & 0x70;
    if (operation != 0x00 && operation != 0x30) return;
    survey.last_commit_us = std::max(survey.last_commit_us, static_cast<std::int64_t>(record.data.le64(0)));
    for (const BlockPlace& place : parse_commit(record).dropped) {
      if (!has_room(survey.truncated)) return;
      survey.truncated.insert(place.relation);
    }
  }

  bool has_room(const auto& set) {
    if (set.size() < k_relations_max) return true;
    survey.are_facts_whole = false;
    return false;
  }

  /// create = tablespace(4) database(4) relation(4) fork(4); truncate = blocks(4) tablespace(4) database(4) relation(4)
  void take_storage(const Record& record, ByteView data) {
    const std::uint8_t operation = record.info & 0xF0;
    if (operation == 0x20 && has_room(survey.truncated)) survey.truncated.insert(data.le32(12));
    if (operation == 0x10 && data.le32(12) == 0 && has_room(survey.created))
      survey.created.insert({.tablespace = data.le32(0), .database = data.le32(4), .relation = data.le32(8)});
  }

  void take_block(const Record& record, const BlockReference& block) {
    if (block.fork != 0) return;
    const bool is_settled = record.to <= plan_.settled;
    if (is_settled && !sets_lsn(record, block)) return;
    if (!is_settled) note_reached(block.place);
    if (!is_settled && !block.has_image) return;
    if (survey.blocks.size() >= k_blocks_max && !survey.blocks.contains(block.place)) {
      survey.are_facts_whole = false;
      return;
    }
    BlockFacts& facts = survey.blocks[block.place];
    if (is_settled) facts.written_min = std::max(facts.written_min, record.to);
    if (!is_settled) facts.has_image = true;
  }

  void note_reached(BlockPlace place) {
    const std::uint32_t block = std::exchange(place.block, 0);
    const auto known = survey.reached.find(place);
    if (known != survey.reached.end())
      known->second = std::max(known->second, block);
    else if (has_room(survey.reached))
      survey.reached.emplace(place, block);
  }

  const WalPlan& plan_;
  std::vector<BlockReference> blocks_;
};

enum class Step : std::uint8_t { record, again, stop };

/// Reads the record at the stream's place into `bytes`. `fault` says why it is none.
Step read_record(WalStream& stream, Lsn before, std::vector<std::uint8_t>& bytes, std::string& fault, Lsn& from) {
  bytes.clear();
  stream.align();
  if (!stream.is_on_page()) {
    fault = stream.fault();
    return Step::stop;
  }
  from = stream.at();
  if (!stream.read(4, 0, bytes)) return Step::stop;
  const std::uint64_t length = ByteView(std::span<const std::uint8_t>(bytes)).le32(0);
  if (length == 0) {
    fault = "zeros follow";
    return Step::stop;
  }
  if (length < k_record_header_bytes || length > k_record_bytes_max) {
    fault = fmt::format("a record of {} bytes cannot be", length);
    return Step::stop;
  }
  if (!stream.read(length - 4, length - 4, bytes)) {
    if (stream.was_given_up() && stream.fault() == "the record was given up") return Step::again;
    fault = stream.fault();
    return Step::stop;
  }
  const ByteView record{std::span<const std::uint8_t>(bytes)};
  if (before != 0 && record.le64(8) != before) {
    fault = "the record does not name the one before it";
    return Step::stop;
  }
  if (base::crc32c(record.part(0, 20), base::crc32c(record.part(k_record_header_bytes))) != record.le32(20)) {
    fault = "the record's CRC-32C does not fit";
    return Step::stop;
  }
  return Step::record;
}

}  // namespace

std::int64_t wal_time_ns(std::int64_t time_us) {
  constexpr std::int64_t k_epoch_s = 946'684'800;  // 2000-01-01
  if (time_us <= 0 || time_us >= std::int64_t{1} << 52) return 0;
  return (time_us + k_epoch_s * 1'000'000) * 1000;
}

// commit = time(8) what follows(4) [database(4) tablespace(4)] [count(4) transaction(4)*]
//          [count(4) (tablespace(4) database(4) relation(4))*] ...
CommitFacts parse_commit(const WalRecord& record) {
  const ByteView data = record.data;
  CommitFacts facts{.time_ns = wal_time_ns(static_cast<std::int64_t>(data.le64(0))), .transactions = {}, .dropped = {}};
  if ((record.info & k_has_more) == 0) return facts;
  const std::uint32_t follows = data.le32(8);
  std::uint64_t at = 12;
  if ((follows & 0x01) != 0) at += 8;
  if ((follows & 0x02) != 0) {
    const std::uint64_t count = data.le32(at);
    for (std::uint64_t i = 0; i < count && data.has(at + 4 + i * 4, 4); ++i)
      facts.transactions.push_back(data.le32(at + 4 + i * 4));
    at += 4 + 4 * count;
  }
  if ((follows & 0x04) == 0) return facts;
  const std::uint64_t count = data.le32(at);
  for (std::uint64_t i = 0; i < count && data.has(at + 4 + i * 12, 12); ++i)
    facts.dropped.push_back({.tablespace = data.le32(at + 4 + i * 12),
                             .database = data.le32(at + 8 + i * 12),
                             .relation = data.le32(at + 12 + i * 12)});
  return facts;
}

WalSurvey survey_wal(const WalPlan& plan, const OpenSegment& open_segment) {
  WalStream stream(plan, open_segment);
  Surveyor surveyor(plan);
  WalSurvey& survey = surveyor.survey;
  survey.from = plan.from;
  survey.end = plan.from;
  std::vector<std::uint8_t> bytes;
  Lsn before = 0;
  bool goes_on = stream.enter(plan.from);
  if (!goes_on) {
    survey.stop = stream.stop();
    survey.fault = stream.fault();
    return std::move(surveyor.survey);
  }
  while (true) {
    Lsn from = stream.at();
    std::string fault;
    const Step step = read_record(stream, before, bytes, fault, from);
    if (step == Step::again) {
      before = 0;
      continue;
    }
    if (step == Step::stop) {
      survey.fault = fault;
      survey.stop = stream.stop();
      if (survey.stop == WalStop::missing_segment && from % plan.segment_bytes == 0) survey.stop = WalStop::end;
      if (survey.stop == WalStop::end && stream.has_pages_behind(std::max(stream.at(), from)))
        survey.stop = WalStop::broken;
      return std::move(surveyor.survey);
    }
    before = from;
    const ByteView view{std::span<const std::uint8_t>(bytes)};
    const std::uint8_t manager = view.u8(17);
    const std::uint8_t info = view.u8(16);
    stream.align();
    surveyor.take({.from = from, .to = stream.at(), .info = info, .manager = manager, .bytes = view});
    if (manager == k_manager_log && (info & 0xF0) == 0x40) {
      stream.to_next_segment();  // the rest of the segment was left empty
      survey.end = stream.at();
    }
  }
}

}  // namespace lastgood::engines::postgresql
