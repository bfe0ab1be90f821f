// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain.h"

#include <array>
#include <utility>

#include "base/assert.h"
#include "ledger/text_lines.h"

namespace lastgood::ledger {

namespace {

constexpr std::size_t k_chunk_bytes = 64U * 1024U;
constexpr std::string_view k_no_digest = "0000000000000000000000000000000000000000000000000000000000000000";
constexpr std::int64_t k_format = 1;

std::string hex_of(const base::Sha256Digest& digest) {
  return base::hex(base::ByteView(std::span<const std::uint8_t>(digest)));
}

const std::string* find_text(const Fields& fields, std::string_view name) {
  const auto at = fields.find(name);
  return at == fields.end() ? nullptr : std::get_if<std::string>(&at->second);
}

const std::int64_t* find_integer(const Fields& fields, std::string_view name) {
  const auto at = fields.find(name);
  return at == fields.end() ? nullptr : std::get_if<std::int64_t>(&at->second);
}

}  // namespace

/// Lines that are no entries, joined by LF: what stands between the last entry and, perhaps, the repair that names it.
struct Chain::TornRegion {
  std::uint64_t offset_bytes = 0;
  std::uint64_t size_bytes = 0;
  std::uint64_t lines = 0;
  base::Sha256 digest;

  void add(std::string_view line, std::uint64_t line_offset_bytes) {
    if (lines == 0) {
      offset_bytes = line_offset_bytes;
    } else {
      digest.update(base::ByteView(std::string_view("\n")));
      ++size_bytes;
    }
    digest.update(base::ByteView(line));
    size_bytes += line.size();
    ++lines;
  }
  TornEnd take() {
    const TornEnd out{.offset_bytes = offset_bytes, .size_bytes = size_bytes, .sha256 = hex_of(digest.finish())};
    offset_bytes = size_bytes = lines = 0;
    return out;
  }
};

bool names_region(const Fields& fields, const TornEnd& region) {
  const std::int64_t* offset = find_integer(fields, "torn_offset");
  const std::int64_t* size = find_integer(fields, "torn_bytes");
  const std::string* digest = find_text(fields, "torn_sha256");
  return offset != nullptr && size != nullptr && digest != nullptr && *offset >= 0 && *size >= 0 &&
         static_cast<std::uint64_t>(*offset) == region.offset_bytes &&
         static_cast<std::uint64_t>(*size) == region.size_bytes && *digest == region.sha256;
}

Chain::Chain() : Chain(std::vector<Anchor>()) {}
Chain::Chain(std::vector<Anchor> anchors, EntryVisitor visitor)
    : anchors_(std::move(anchors)), visitor_(std::move(visitor)) {
  state_.head_sha256 = k_no_digest;
}

base::Status Chain::read_on(base::ByteSource& source) {
  if (state_.broken) return base::Done{};
  state_.torn_end.reset();
  if (source.size_bytes() < state_.end_bytes) break_at(BreakReason::anchor, source.size_bytes());

  std::array<std::uint8_t, k_chunk_bytes> chunk{};
  TornRegion torn;
  std::string line;
  std::uint64_t line_offset = state_.end_bytes;
  std::uint64_t offset = state_.end_bytes;
  while (!state_.broken) {
    LG_ASSIGN(const std::size_t count, source.read(offset, chunk));
    if (count == 0) break;
    std::string_view rest = base::ByteView(std::span<const std::uint8_t>(chunk).first(count)).text();
    if (state_.newline_missing) {  // The last entry's own LF came since.
      if (rest[0] != '\n') break_at(BreakReason::unrepaired, offset);
      state_.newline_missing = false;
      rest.remove_prefix(1);
      state_.end_bytes = line_offset = offset + 1;
    }
    offset += count;
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos && !state_.broken; end = rest.find('\n')) {
      line += rest.substr(0, end);
      rest.remove_prefix(end + 1);
      const std::uint64_t next_offset = line_offset + line.size() + 1;
      check_line(line, line_offset, torn);
      if (!state_.broken && torn.lines == 0) state_.end_bytes = next_offset;
      line_offset = next_offset;
      line.clear();
    }
    line += rest;
    if (line.size() > k_line_bytes_max) break_at(BreakReason::limit, line_offset);
  }
  check_end(line, line_offset, torn);
  return base::Done{};
}

void Chain::check_end(std::string_view rest, std::uint64_t offset_bytes, TornRegion& torn) {
  if (state_.broken) return;
  if (is_complete(rest)) {
    check_line(rest, offset_bytes, torn);
    if (state_.broken) return;
    state_.end_bytes = offset_bytes + rest.size();
    state_.newline_missing = true;
  } else if (!rest.empty() || torn.lines > 0) {
    torn.add(rest, offset_bytes);
    if (torn.size_bytes > k_torn_bytes_max) return break_at(BreakReason::limit, torn.offset_bytes);
    state_.torn_end = torn.take();
  }
}

void Chain::check_line(std::string_view line, std::uint64_t offset_bytes, TornRegion& torn) {
  if (line.size() > k_line_bytes_max) return break_at(BreakReason::limit, offset_bytes);
  if (!is_complete(line)) {
    torn.add(line, offset_bytes);
    if (torn.size_bytes > k_torn_bytes_max) break_at(BreakReason::limit, torn.offset_bytes);
    return;
  }
  if (!has_right_digest(line)) return break_at(BreakReason::digest, offset_bytes);
  const std::optional<Entry> entry = parse_entry(line);
  if (!entry) return break_at(BreakReason::spelling, offset_bytes);
  if (const auto reason = judge(*entry)) return break_at(*reason, offset_bytes);
  if (torn.lines > 0) {
    const TornEnd region = torn.take();
    if (entry->kind != k_kind_repaired) return break_at(BreakReason::unrepaired, region.offset_bytes);
    if (!names_region(entry->fields, region)) return break_at(BreakReason::repair, offset_bytes);
    ++state_.repairs;
  } else if (entry->kind == k_kind_repaired) {
    return break_at(BreakReason::repair, offset_bytes);
  }
  for (const Anchor& anchor : anchors_) {
    if (anchor.sequence == entry->sequence && anchor.sha256 != entry->sha256) {
      return break_at(BreakReason::anchor, offset_bytes);
    }
  }
  accept(*entry);
  if (visitor_) visitor_(*entry, line, offset_bytes);
}

/// What the entry itself says against where it stands.
std::optional<BreakReason> Chain::judge(const Entry& entry) const {
  if (entry.sequence != state_.entries + 1) return BreakReason::sequence;
  if (entry.previous != state_.head_sha256) return BreakReason::previous;
  if ((entry.sequence == 1) != (entry.kind == k_kind_created)) return BreakReason::first;
  if (entry.sequence != 1) return std::nullopt;
  const std::string* case_id = find_text(entry.fields, "case_id");
  const std::int64_t* format = find_integer(entry.fields, "format");
  if (case_id == nullptr || format == nullptr || !is_case_id(*case_id)) return BreakReason::first;
  if (*format != k_format) return BreakReason::version;
  return std::nullopt;
}

void Chain::accept(const Entry& entry) {
  if (entry.sequence == 1) state_.case_id = *find_text(entry.fields, "case_id");
  if (entry.time < state_.head_time && ++state_.times_backwards == 1) state_.first_backwards = entry.sequence;
  state_.entries = entry.sequence;
  state_.head_sha256 = entry.sha256;
  state_.head_time = entry.time;
}

void Chain::check_anchors_reached() {
  if (state_.broken) return;
  for (const Anchor& anchor : anchors_) {
    if (anchor.sequence < 1 || anchor.sequence > state_.entries) return break_at(BreakReason::anchor, state_.end_bytes);
  }
}

void Chain::break_at(BreakReason reason, std::uint64_t offset_bytes) {
  if (!state_.broken)
    state_.broken = Break{.reason = reason, .entry = state_.entries + 1, .offset_bytes = offset_bytes};
}

std::string_view name_of(BreakReason reason) {
  switch (reason) {
    case BreakReason::digest: return "digest";
    case BreakReason::spelling: return "spelling";
    case BreakReason::sequence: return "sequence";
    case BreakReason::previous: return "previous";
    case BreakReason::first: return "first";
    case BreakReason::version: return "version";
    case BreakReason::unrepaired: return "unrepaired";
    case BreakReason::repair: return "repair";
    case BreakReason::limit: return "limit";
    case BreakReason::anchor: return "anchor";
  }
  return "digest";
}

std::string_view sentence_for(BreakReason reason) {
  switch (reason) {
    case BreakReason::digest: return "the hash does not fit the line: it was changed";
    case BreakReason::spelling: return "the line is not spelled as an entry is: this program did not write it";
    case BreakReason::sequence: return "another number was due: entries are missing, doubled or moved";
    case BreakReason::previous: return "it is not chained to the entry before it";
    case BreakReason::first: return "a ledger has one entry 'case-created', its first, with a case id";
    case BreakReason::version: return "the ledger has a format that this program does not know";
    case BreakReason::unrepaired: return "bytes stand there that are no entry, and no repair names them";
    case BreakReason::repair: return "it names torn bytes that do not stand before it";
    case BreakReason::limit: return "a line or a torn end is longer than any that a writer makes";
    case BreakReason::anchor: return "the entry noted elsewhere is missing or has another hash";
  }
  return "the hash does not fit the line: it was changed";
}

}  // namespace lastgood::ledger
