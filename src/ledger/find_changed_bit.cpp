// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "ledger/find_changed_bit.h"

#include <algorithm>
#include <string>

#include "base/sha256_state.h"
#include "ledger/merkle_tree.h"

namespace lastgood::ledger {

namespace {

/// Far enough to see the next whole entry behind a broken one of usual length.
constexpr std::size_t k_window_bytes = 4 * k_trial_bytes_max;

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

constexpr std::string_view k_line_beginning = "{\"sequence\":";
constexpr std::string_view k_between = "\",\"sha256\":\"";
constexpr std::string_view k_end = "\"}";
constexpr std::size_t k_digits = 64;
/// What a line ends with and its hash does not cover: `,"sha256":"`, the digits, `"}`.
constexpr std::size_t k_uncovered_bytes = k_between.size() - 1 + k_digits + k_end.size();

/// A glance that spares most trials the hash: the number and the hash of the entry before stand where they must.
bool may_be_due(std::string_view line, const ChainState& state) {
  return line.substr(k_line_beginning.size()).starts_with(std::to_string(state.entries + 1) + ",") &&
         line.substr(0, line.size() - k_uncovered_bytes).ends_with(state.head_sha256 + "\"");
}

/// The bytes begin with the entry that is due: whole, or behind torn bytes that it names.
bool begins_with_due_entry(std::string_view text, const ChainState& state) {
  const std::string_view all = text;
  while (!text.empty()) {
    const std::string_view line = first_line(text);
    if (!is_complete(line)) {
      if (line.size() == text.size()) return false;
      text.remove_prefix(line.size() + 1);
      continue;
    }
    if (!may_be_due(line, state) || !has_right_digest(line)) return false;
    const std::optional<Entry> entry = parse_entry(line);
    if (!entry || entry->sequence != state.entries + 1 || entry->previous != state.head_sha256) return false;
    if (line.data() == all.data()) return entry->kind != k_kind_repaired;
    const std::string_view torn = all.substr(0, static_cast<std::size_t>(line.data() - all.data()) - 1);
    const base::Sha256Digest digest = base::sha256(base::ByteView(torn));
    return entry->kind == k_kind_repaired &&
           names_region(entry->fields, {.offset_bytes = state.end_bytes,
                                        .size_bytes = torn.size(),
                                        .sha256 = base::hex(base::ByteView(std::span<const std::uint8_t>(digest)))});
  }
  return false;
}

/// Where a later entry stands that fits its own hash; the size of `text` when none does.
std::size_t find_later_entry(std::string_view text, std::uint64_t due) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::string_view line = first_line(text.substr(at));
    if (has_right_digest(line)) {
      const std::optional<Entry> entry = parse_entry(line);
      if (entry && entry->sequence > due) return at;
    }
    at += line.size() + 1;
  }
  return text.size();
}

/// What comes behind the changed line plays no part in whether it holds.
std::size_t needed_bytes(std::string_view text, std::size_t region) {
  const std::size_t next = text.find('\n', region);
  return next == std::string_view::npos ? text.size() : next;
}

char flipped(char byte, unsigned bit) { return static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << bit)); }

ChangedBit changed_at(const std::string& text, std::size_t at, char was, const ChainState& state) {
  return {.offset_bytes = state.end_bytes + at,
          .is = static_cast<std::uint8_t>(text[at]),
          .was = static_cast<std::uint8_t>(was)};
}

/// Bits of the part that the first line's hash covers, where the line is otherwise whole: nearly all of them. What
/// comes before the tried byte is hashed once.
std::optional<ChangedBit> try_hashed_bits(const std::string& text, const ChainState& state) {
  const std::string_view line = first_line(text);
  if (!is_complete(line)) return std::nullopt;
  const auto stated = parse_digest(digest_in(line));
  const std::string_view body = line.substr(0, line.size() - k_uncovered_bytes);
  base::Sha256State before;
  for (std::size_t at = 0; at < body.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      const char was = flipped(body[at], bit);
      base::Sha256State trial = before;
      trial.update(base::ByteView(std::string_view(&was, 1)));
      trial.update(base::ByteView(body.substr(at + 1)));
      if (trial.digest() == *stated) return changed_at(text, at, was, state);
    }
    before.update(base::ByteView(body.substr(at, 1)));
  }
  return std::nullopt;
}

/// All other bits: those that make or unmake a line, stand in a hash, or in torn bytes that a repair names.
std::optional<ChangedBit> try_other_bits(std::string text, std::size_t region, const ChainState& state) {
  const std::string_view line = first_line(text);
  const std::size_t hashed = is_complete(line) ? line.size() - k_uncovered_bytes : 0;
  for (std::size_t at = 0; at < std::min(region, text.size()); ++at) {
    const char is = text[at];
    for (unsigned bit = 0; bit < 8; ++bit) {
      const char was = flipped(is, bit);
      if (at < hashed && was != '\n') continue;
      text[at] = was;
      const bool holds = begins_with_due_entry(text, state);
      text[at] = is;
      if (holds) return changed_at(text, at, was, state);
    }
  }
  return std::nullopt;
}

std::optional<ChangedBit> try_bits(std::string text, std::size_t region, const ChainState& state) {
  text.resize(needed_bytes(text, region));
  if (const auto found = try_hashed_bits(text, state)) return found;
  return try_other_bits(std::move(text), region, state);
}

base::Result<std::string> read_window(base::ByteSource& source, std::uint64_t offset_bytes) {
  std::string text(k_window_bytes, '\0');
  std::vector<std::uint8_t> bytes(k_window_bytes);
  LG_ASSIGN(const std::size_t count, source.read(offset_bytes, bytes));
  std::copy_n(bytes.begin(), count, text.begin());
  text.resize(count);
  return text;
}

}  // namespace

base::Result<std::optional<BreakExtent>> find_break_extent(base::ByteSource& source, const ChainState& state) {
  if (!state.broken && !state.torn_end) return std::optional<BreakExtent>();
  LG_ASSIGN(std::string text, read_window(source, state.end_bytes));
  // The last entry's LF itself may be what was changed; then its line stands whole before other bytes.
  BreakExtent out{.begin_bytes = state.end_bytes, .end_bytes = 0, .changed = {}};
  const std::size_t region = find_later_entry(text, state.entries + 1);
  out.end_bytes = region < text.size() ? state.end_bytes + region : source.size_bytes();
  if (out.end_bytes - out.begin_bytes <= k_trial_bytes_max) out.changed = try_bits(std::move(text), region, state);
  return std::optional<BreakExtent>(out);
}

}  // namespace lastgood::ledger
