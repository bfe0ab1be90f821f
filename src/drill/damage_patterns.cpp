// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/damage_patterns.h"

#include <algorithm>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/assert.h"

namespace lastgood::drill {
namespace {

using model::ByteRange;
using Bytes = std::vector<std::uint8_t>;

constexpr ByteRange k_stamp{0x3E, 0x50};

void append(Bytes& to, std::span<const std::uint8_t> bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

std::uint64_t total_length(std::span<const ByteRange> ranges) {
  std::uint64_t total = 0;
  for (const ByteRange& range : ranges) total += range.length();
  return total;
}

Bytes base64_lines(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t bytes_per_line = 57;  // 76 characters, RFC 2045 section 6.8
  Bytes out;
  out.reserve(bytes.size() / bytes_per_line * 77 + 128);
  std::array<std::uint8_t, 80> line{};
  for (std::size_t at = 0; at < bytes.size(); at += bytes_per_line) {
    const auto piece = bytes.subspan(at, std::min(bytes_per_line, bytes.size() - at));
    const int length = EVP_EncodeBlock(line.data(), piece.data(), static_cast<int>(piece.size()));
    append(out, std::span(line).first(static_cast<std::size_t>(length)));
    out.push_back('\n');
  }
  return out;
}

const RegionShape& shape_for(const DamagePattern& pattern, std::uint64_t size_bytes) {
  static constexpr RegionShape nothing{};
  for (const SizeRule& rule : pattern.rules) {
    if (size_bytes <= rule.up_to_bytes) return rule.shape;
  }
  return nothing;
}

/// Where the parts of the new content come from while it is put together.
struct Workpiece {
  const DamagePattern& pattern;
  Bytes original;  // padded where the pattern pads
  std::vector<ByteRange> runs;
  Bytes encrypted;  // `original` with its runs replaced
  Bytes header;
  Bytes footer;
};

/// Header and footer stand around `middle`, whose lost bytes are `runs`.
DamagedContent wrapped(const Workpiece& piece, Bytes middle, std::vector<ByteRange> runs) {
  DamagedContent out;
  out.bytes.reserve(piece.header.size() + middle.size() + piece.footer.size());
  append(out.bytes, piece.header);
  append(out.bytes, middle);
  append(out.bytes, piece.footer);
  const std::uint64_t shift = piece.header.size();
  for (ByteRange& run : runs) run = {run.from + shift, run.to + shift};
  out.replaced = std::move(runs);
  if (shift > 0) out.added.push_back({0, shift});
  if (!piece.footer.empty()) out.added.push_back({out.bytes.size() - piece.footer.size(), out.bytes.size()});
  return out;
}

DamagedContent with_runs_moved(Workpiece& piece) {
  Bytes middle = piece.original;
  Bytes moved;
  for (const ByteRange& run : piece.runs) {
    append(moved, std::span(piece.encrypted).subspan(run.from, run.length()));
    std::fill(middle.begin() + static_cast<std::ptrdiff_t>(run.from),
              middle.begin() + static_cast<std::ptrdiff_t>(run.to), std::uint8_t{0});
  }
  append(moved, piece.footer);
  piece.footer = std::move(moved);
  return wrapped(piece, std::move(middle), piece.runs);
}

DamagedContent with_stamp(Workpiece& piece, SeededBytes& campaign, SeededBytes& content) {
  Bytes middle = piece.encrypted;
  Bytes stamp = campaign.take(14);
  append(stamp, content.take(k_stamp.length() - stamp.size()));
  Bytes footer(piece.original.begin() + k_stamp.from, piece.original.begin() + k_stamp.to);
  append(footer, piece.footer);
  piece.footer = std::move(footer);
  std::copy(stamp.begin(), stamp.end(), middle.begin() + k_stamp.from);
  DamagedContent out = wrapped(piece, std::move(middle), piece.runs);
  out.added.insert(out.added.begin(), k_stamp);
  return out;
}

DamagedContent with_head_overwritten(Workpiece& piece) {
  Bytes middle = piece.encrypted;
  const std::size_t length = std::min(piece.header.size(), middle.size());
  std::copy_n(piece.header.begin(), length, middle.begin());
  piece.header.clear();
  DamagedContent out = wrapped(piece, std::move(middle), piece.runs);
  out.added.insert(out.added.begin(), ByteRange{0, length});
  return out;
}

DamagedContent put_together(Workpiece&& piece, const AddedContext& context) {
  switch (piece.pattern.layout) {
    case Layout::in_place: return wrapped(piece, std::move(piece.encrypted), piece.runs);
    case Layout::moved_to_footer: return with_runs_moved(piece);
    case Layout::stamped_at_0x3e: return with_stamp(piece, *context.campaign, *context.content);
    case Layout::head_overwritten: return with_head_overwritten(piece);
    case Layout::base64_text: {
      Bytes text = base64_lines(piece.encrypted);
      const ByteRange all{0, text.size()};
      return wrapped(piece, std::move(text), {all});
    }
    case Layout::cut: {
      piece.encrypted.resize(piece.runs.front().from);
      return wrapped(piece, std::move(piece.encrypted), {});
    }
  }
  return {};
}

std::string name_after(const DamagePattern& pattern, std::string_view name, SeededBytes& campaign,
                       SeededBytes& content) {
  constexpr std::string_view hex_digits = "0123456789ABCDEF";
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  switch (pattern.rename) {
    case Rename::keep: return std::string(name);
    case Rename::append: return fmt::format("{}{}", name, pattern.extension);
    case Rename::append_id_and_mail:
      return fmt::format("{}.id[{}-{}].[fox1204@mailbox.example.org]{}", name, campaign.text(hex_digits, 8),
                         campaign.text("0123456789", 4), pattern.extension);
    case Rename::random_name: return content.text(letters, 10).append(pattern.extension);
  }
  return std::string(name);
}

}  // namespace

double DamagedContent::lost_share() const {
  const std::uint64_t content_bytes = bytes.size() - std::min<std::uint64_t>(bytes.size(), total_length(added));
  if (content_bytes == 0) return 1.0;
  return std::min(1.0, static_cast<double>(total_length(replaced)) / static_cast<double>(content_bytes));
}

const DamagePattern* find_damage_pattern(std::string_view id) {
  const auto all = damage_patterns();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const DamagePattern& pattern) { return pattern.id == id; });
  return found == all.end() ? nullptr : &*found;
}

std::optional<DamagedContent> damage(const DamagePattern& pattern, base::ByteView original, std::string_view name,
                                     std::uint64_t seed) {
  Workpiece piece{.pattern = pattern, .original = Bytes(original.begin(), original.end())};
  const std::size_t ragged = piece.original.size() % pattern.pad_to;
  if (ragged != 0) piece.original.resize(piece.original.size() + pattern.pad_to - ragged);
  piece.runs = regions_of(pattern.rules, piece.original.size());
  if (piece.runs.empty()) return std::nullopt;

  SeededBytes campaign(seed, fmt::format("campaign|{}", pattern.id));
  SeededBytes content(seed, fmt::format("content|{}|{}", pattern.id, name));
  const RegionShape& shape = shape_for(pattern, original.size());
  const AddedContext context{.original_size_bytes = original.size(),
                             .name = name,
                             .on_bytes = shape.on_bytes,
                             .off_bytes = shape.period_bytes - std::min(shape.period_bytes, shape.on_bytes),
                             .mode = pattern.mode,
                             .percent = pattern.percent,
                             .campaign = &campaign,
                             .content = &content};
  const ThrowawayKey key = make_throwaway_key(seed, fmt::format("{}|{}", pattern.id, name));
  piece.encrypted = with_runs_replaced(base::ByteView(piece.original), piece.runs, pattern.cipher, key);
  // The mark of a campaign comes first from its generator, so that it is the same whatever else a content needs.
  const std::string new_name = name_after(pattern, name, campaign, content);
  if (pattern.header != nullptr) piece.header = pattern.header(context);
  if (pattern.footer != nullptr) piece.footer = pattern.footer(context);

  DamagedContent out = put_together(std::move(piece), context);
  out.name = new_name;
  out.key = key;
  return out;
}

std::vector<model::Verdict> right_verdicts(const DamagePattern& pattern, const DamagedContent& damaged) {
  using model::Verdict;
  if (!is_encryption(pattern)) return {Verdict::damaged};
  // Nearly everything lost: some families leave an incomplete last block, which nobody would call "partly".
  constexpr double all_of_it = 0.99;
  if (damaged.lost_share() >= all_of_it) return {Verdict::encrypted};
  return {Verdict::partly_encrypted, Verdict::encrypted};
}

bool is_encryption(const DamagePattern& pattern) {
  return pattern.layout != Layout::cut && pattern.cipher != CipherStyle::zeros;
}

}  // namespace lastgood::drill
