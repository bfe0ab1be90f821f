// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Three passes, each only when the one before it leaves a question:
//   tally  what kinds of bytes are there? ASCII and well-formed UTF-8 without controls end here.
//   learn  what are this text's own bytes like?
//   judge  which cells are not like that, and do they look random?
// UTF-8: The Unicode Standard, section 3.9. UTF-16 and UTF-32 are told by their marks or by where their NULs stand.
#include "formats/text/text_scan.h"

#include <algorithm>
#include <array>
#include <optional>

#include "formats/text/text_holes.h"
#include "formats/text/text_places.h"
#include "formats/text/text_runs.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::ByteRange;
using namespace std::string_view_literals;

constexpr std::size_t k_piece_bytes = 256 * 1024;
constexpr std::uint64_t k_evidence_bytes_min = 32;  // inside a text, and a share of it:
constexpr double k_evidence_share_min = 0.004;      // the thinnest known pattern encrypts one per cent
constexpr std::uint64_t k_evidence_bytes_enough = 4096;
constexpr std::uint64_t k_tiny_content_bytes = 48;
constexpr double k_plain_share_min = 0.25;
constexpr double k_named_plain_share_min = 0.03;  // when the name says text, and then at least
constexpr std::uint64_t k_named_plain_bytes_min = 64;
constexpr double k_other_share_max = 0.20;
constexpr double k_control_share_max = 0.02;
constexpr double k_nameless_control_share_max = 0.004;
constexpr double k_separator_share_max = 0.34;
constexpr std::size_t k_separators_max = 6;
constexpr std::uint64_t k_doubtful_parts = 8;   // one byte in eight is stray
constexpr std::uint64_t k_doubtful_units = 64;  // one UTF-16 unit in 32 is unlikely
constexpr double k_mean_score_bits_max = -0.6;  // per byte: text is that much unlike uniform bytes, ciphertext is not

bool is_zero(ByteView cell) {
  for (const std::uint8_t byte : cell) {
    if (byte != 0) return false;
  }
  return true;
}

std::size_t hole_bytes_at(ByteView piece, std::size_t at) { return zero_prefix_bytes(piece.span().subspan(at)); }

/// UTF-16 or UTF-32, by mark or by NULs that stand nearly all at one phase.
std::optional<TextEncoding> find_wide_encoding(ByteView head) {
  if (head.matches(0, "\xFF\xFE\0\0"sv)) return TextEncoding::utf32le;
  if (head.matches(0, "\0\0\xFE\xFF"sv)) return TextEncoding::utf32be;
  if (head.matches(0, "\xFF\xFE"sv)) return TextEncoding::utf16le;
  if (head.matches(0, "\xFE\xFF"sv)) return TextEncoding::utf16be;
  const ByteView probe = head.part(0, 4096);
  if (probe.find("\0"sv) == ByteView::npos) return std::nullopt;
  std::array<std::size_t, 4> nuls{};
  for (std::size_t i = 0; i < probe.size(); ++i) nuls[i & 3] += probe.u8(i) == 0 ? 1U : 0U;
  const std::size_t quads = probe.size() / 4;
  // Interleaved ciphertext halves the shares and leaves the phases as they are.
  const auto stand_at = [&](std::size_t low, std::size_t high, std::size_t share) {
    return (nuls[low] + nuls[high]) * 100 >= 2 * quads * share;
  };
  const auto rare_at = [&](std::size_t low, std::size_t high, std::size_t others) {
    return others >= 8 * (nuls[low] + nuls[high]) + 2;
  };
  if (stand_at(2, 3, 40) && rare_at(0, 1, nuls[2] + nuls[3])) return TextEncoding::utf32le;
  if (stand_at(0, 1, 40) && rare_at(2, 3, nuls[0] + nuls[1])) return TextEncoding::utf32be;
  if (stand_at(1, 3, 15) && rare_at(0, 2, nuls[1] + nuls[3])) return TextEncoding::utf16le;
  if (stand_at(0, 2, 15) && rare_at(1, 3, nuls[0] + nuls[2])) return TextEncoding::utf16be;
  return std::nullopt;
}

/// UTF-16 units that texts hardly have: halves of pairs (without the other half) and what is for private use. One unit
/// in eight of random ones is such.
std::uint64_t count_unlikely_units(ByteView cell, TextEncoding encoding) {
  const auto unit_at = [&](std::size_t at) {
    return encoding == TextEncoding::utf16le ? cell.le16(at) : cell.be16(at);
  };
  std::uint64_t count = 0;
  for (std::size_t at = 0; at + 2 <= cell.size(); at += 2) {
    const unsigned unit = unit_at(at);
    if (unit < 0xD800 || unit > 0xF8FF) continue;
    // A pair that goes on in the next cell counts for nothing either.
    const bool pair = unit < 0xDC00 && (at + 4 > cell.size() || (unit_at(at + 2) & 0xFC00U) == 0xDC00U);
    if (pair) at += 2;
    if (!pair && (at > 0 || (unit & 0xFC00U) != 0xDC00U)) ++count;
  }
  return count;
}

struct Tally {
  std::uint64_t plain_cells = 0;
  std::uint64_t marked_cells = 0;
  std::uint64_t hole_bytes = 0;
  std::uint64_t multibyte = 0;
  std::uint64_t long_characters = 0;
  std::uint64_t bad_high = 0;
  std::uint64_t high_cells = 0;                   // marked cells with at least four bad high bytes ...
  std::uint64_t high_cells_without_controls = 0;  // ... and of these, those that hold no hard control
  std::array<std::uint64_t, 256> controls{};      // hard controls and NULs, by value
};

class Scanner {
 public:
  Scanner(WalkInput& input, TextReader* reader) : input_(input), reader_(reader) {}
  TextScan scan();

 private:
  template <typename Visit>
  bool for_each_piece(const std::vector<ByteRange>& places, Visit visit);
  void tally(ByteView piece);
  void settle_kinds();
  void learn(ByteView piece, std::uint64_t offset, bool again);
  void judge(ByteView piece, std::uint64_t offset);
  void judge_wide(ByteView piece, std::uint64_t offset);
  void feed(ByteView piece, std::uint64_t offset);
  void run_passes();
  bool judge_all(const std::vector<ByteRange>& places);
  void conclude();
  bool carries_payload(const ForeignRun& run);
  bool is_text_around_holes();
  [[nodiscard]] std::int32_t score(ByteView cell, std::uint64_t offset, const CellFacts& facts);
  [[nodiscard]] std::uint32_t count_unexplained_controls(ByteView cell) const;
  TextModel& model();

  WalkInput& input_;
  TextReader* reader_;
  TextScan result_;
  Tally tally_;
  std::array<bool, 256> is_separator_{};
  bool learns_thin_cells_only_ = true;
  std::optional<TextModel> model_;
  ForeignRuns runs_;
  std::uint64_t scored_bytes_ = 0;
  std::int64_t scored_sum_ = 0;
  std::uint64_t unexplained_controls_ = 0;  // in cells that are not foreign
  std::uint64_t explained_controls_ = 0;
  std::vector<std::uint8_t> narrow_;
};

TextModel& Scanner::model() {
  if (!model_) model_.emplace();
  return *model_;
}

/// Gives every piece of `places` in order; false when a limit ended it.
template <typename Visit>
bool Scanner::for_each_piece(const std::vector<ByteRange>& places, Visit visit) {
  for (const ByteRange& place : places) {
    std::uint64_t at = place.from;
    while (at < place.to) {
      if (!input_.may_continue(1 + k_piece_bytes / 65536)) return false;
      const ByteView whole = input_.whole();
      const std::uint64_t length = std::min<std::uint64_t>(place.to - at, whole.empty() ? k_piece_bytes : place.to);
      const ByteView piece = whole.empty() ? input_.at(at, static_cast<std::size_t>(length)) : whole.part(at, length);
      if (piece.empty()) return false;
      visit(piece, at);
      at += piece.size();
    }
  }
  return true;
}

void Scanner::tally(ByteView piece) {
  CellReader reader(piece);
  std::size_t at = 0;
  while (at < piece.size()) {
    const std::size_t plain = plain_ascii_prefix_bytes(piece.span().subspan(at));
    tally_.plain_cells += plain / k_cell_bytes;
    at += plain;
    const std::size_t hole = hole_bytes_at(piece, at);
    tally_.hole_bytes += hole;
    tally_.marked_cells += hole / k_cell_bytes;
    at += hole;
    if (hole != 0) continue;
    if (at >= piece.size()) break;
    const ByteView cell = piece.part(at, k_cell_bytes);
    const CellFacts facts = reader.read(at, k_cell_bytes);
    at += cell.size();
    tally_.multibyte += facts.multibyte;
    tally_.long_characters += facts.long_characters;
    if (!facts.is_marked()) continue;
    ++tally_.marked_cells;
    if (is_zero(cell)) {
      tally_.hole_bytes += cell.size();
      continue;
    }
    tally_.bad_high += facts.bad_high;
    if (facts.bad_high >= 4) {
      ++tally_.high_cells;
      tally_.high_cells_without_controls += facts.hard_controls == 0 ? 1U : 0U;
    }
    if (facts.hard_controls + facts.nuls == 0) continue;
    for (const std::uint8_t byte : cell) tally_.controls[byte] += byte == 0 || is_hard_control(byte) ? 1U : 0U;
  }
}

/// Decides from the tally: the encoding, which controls are separators of this format, and whom to learn from.
void Scanner::settle_kinds() {
  if (tally_.multibyte == 0 && tally_.bad_high == 0) {
    result_.encoding = TextEncoding::ascii;
  } else {
    // Random bytes and the double bytes of Chinese and Japanese encodings hold well-formed pairs too, but few triples.
    const bool fits = tally_.multibyte > 4 * tally_.bad_high || tally_.long_characters * 6 > tally_.bad_high;
    result_.encoding = fits ? TextEncoding::utf8 : TextEncoding::eight_bit;
  }
  // Ciphertext holds each control as often as any high byte. What occurs much more often separates fields or records.
  std::size_t separators = 0;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    is_separator_[byte] = tally_.controls[byte] > tally_.bad_high / 32 + 8;
    separators += is_separator_[byte] ? 1U : 0U;
  }
  if (separators > k_separators_max) is_separator_.fill(false);
  is_separator_[0] = true;  // between records, and as a field's padding
  // Text in an 8-bit encoding has many such cells, and nearly all of them do without controls; of random ones a fifth
  // do.
  learns_thin_cells_only_ = tally_.high_cells < 16 || tally_.high_cells_without_controls * 10 < tally_.high_cells * 3;
}

std::uint32_t Scanner::count_unexplained_controls(ByteView cell) const {
  std::uint32_t count = 0;
  for (const std::uint8_t byte : cell) count += is_hard_control(byte) && !is_separator_[byte] ? 1U : 0U;
  return count;
}

/// Learns from cells without controls; `again`: from all that the model so far takes for text.
void Scanner::learn(ByteView piece, std::uint64_t offset, bool again) {
  const bool wide = unit_bytes(result_.encoding) > 1;
  for (std::size_t at = 0; at < piece.size(); at += k_cell_bytes) {
    at += hole_bytes_at(piece, at);
    const ByteView cell = piece.part(at, k_cell_bytes);
    if (cell.empty()) break;
    if (again) {
      if (model_->score(cell, offset + at, result_.encoding) >= 0) continue;
    } else if (!wide) {
      std::uint32_t high = 0;
      for (const std::uint8_t byte : cell) high += byte >> 7;
      if ((learns_thin_cells_only_ && high >= 4) || count_unexplained_controls(cell) != 0) continue;
    }
    model_->learn(cell, offset + at, result_.encoding);
  }
}

std::int32_t Scanner::score(ByteView cell, std::uint64_t offset, const CellFacts& facts) {
  if (result_.encoding == TextEncoding::eight_bit) return model().score(cell, offset, result_.encoding);
  // In UTF-8 a byte that fits no character says more than its frequency does. Four of them outweigh twelve that fit.
  const std::uint32_t bad = facts.bad_high + (facts.hard_controls == 0 ? 0 : count_unexplained_controls(cell));
  const auto size = static_cast<std::int32_t>(cell.size());
  return static_cast<std::int32_t>(bad) * 80 - (size - static_cast<std::int32_t>(bad)) * 12;
}

void Scanner::judge(ByteView piece, std::uint64_t offset) {
  CellReader reader(piece);
  std::size_t at = 0;
  while (at < piece.size()) {
    at += plain_ascii_prefix_bytes(piece.span().subspan(at));
    const std::size_t hole = hole_bytes_at(piece, at);
    result_.hole_bytes += hole;
    at += hole;
    if (hole != 0) continue;
    if (at >= piece.size()) break;
    const ByteView cell = piece.part(at, k_cell_bytes);
    const std::uint64_t cell_offset = offset + at;
    const CellFacts facts = reader.read(at, k_cell_bytes);
    at += cell.size();
    if (!facts.is_marked()) continue;
    if (is_zero(cell)) {
      result_.hole_bytes += cell.size();
      continue;
    }
    const std::int32_t cell_score = score(cell, cell_offset, facts);
    if (cell_score > k_foreign_score) {
      runs_.add_foreign(cell, cell_offset);
      continue;
    }
    if (cell_score > k_grey_score) runs_.add_grey(cell, cell_offset);
    scored_sum_ += cell_score;
    scored_bytes_ += cell.size();
    const std::uint32_t unexplained = facts.hard_controls == 0 ? 0 : count_unexplained_controls(cell);
    unexplained_controls_ += unexplained;
    explained_controls_ += facts.hard_controls + facts.nuls - unexplained;
  }
}

void Scanner::judge_wide(ByteView piece, std::uint64_t offset) {
  for (std::size_t at = 0; at < piece.size(); at += k_cell_bytes) {
    const std::size_t hole = hole_bytes_at(piece, at);
    result_.hole_bytes += hole;
    at += hole;
    const ByteView cell = piece.part(at, k_cell_bytes);
    if (cell.empty()) break;
    if (unit_bytes(result_.encoding) == 2 && (offset + at) % 2 == 0)
      result_.unlikely_units += count_unlikely_units(cell, result_.encoding);
    const std::int32_t cell_score = model_->score(cell, offset + at, result_.encoding);
    if (cell_score > k_foreign_score / 2) {
      runs_.add_foreign(cell, offset + at);
      continue;
    }
    if (cell_score > k_grey_score) runs_.add_grey(cell, offset + at);
    scored_sum_ += cell_score;
    scored_bytes_ += cell.size();
  }
}

void Scanner::feed(ByteView piece, std::uint64_t offset) {
  if (reader_ == nullptr) return;
  const std::size_t unit = unit_bytes(result_.encoding);
  if (unit == 1) {
    reader_->read(piece, offset, 1);
    return;
  }
  const bool little = result_.encoding == TextEncoding::utf16le || result_.encoding == TextEncoding::utf32le;
  narrow_.clear();
  for (std::size_t at = 0; at + unit <= piece.size(); at += unit) {
    const std::uint32_t value =
        unit == 2 ? (little ? piece.le16(at) : piece.be16(at)) : (little ? piece.le32(at) : piece.be32(at));
    narrow_.push_back(value < 0x80 ? static_cast<std::uint8_t>(value) : std::uint8_t{'x'});
  }
  reader_->read(ByteView(std::span<const std::uint8_t>(narrow_)), offset, unit);
}

/// The last pass; false when a limit ended it.
bool Scanner::judge_all(const std::vector<ByteRange>& places) {
  const bool wide = unit_bytes(result_.encoding) > 1;
  const bool everything = places.size() == 1 && places[0].length() == input_.size_bytes();
  result_.scanned_bytes = 0;
  result_.hole_bytes = 0;
  result_.unlikely_units = 0;
  const bool done = for_each_piece(places, [&](ByteView piece, std::uint64_t offset) {
    if (wide) {
      judge_wide(piece, offset);
    } else if (tally_.marked_cells != 0 || !everything || input_.whole().empty()) {
      judge(piece, offset);
    }
    if (everything) feed(piece, offset);
    result_.scanned_bytes += piece.size();
  });
  result_.was_read_whole = done && everything;
  result_.reach = result_.was_read_whole ? Reach::content : Reach::sampled;
  runs_.finish(input_.size_bytes());
  return done;
}

void Scanner::run_passes() {
  const std::vector<ByteRange> samples = text_places(input_, Places::sampled);
  const std::optional<TextEncoding> wide = find_wide_encoding(input_.head());
  if (wide) {
    result_.encoding = *wide;
  } else {
    if (!for_each_piece(samples, [&](ByteView piece, std::uint64_t) { tally(piece); })) return;
    settle_kinds();
  }
  if (wide || (tally_.marked_cells != 0 && result_.encoding == TextEncoding::eight_bit)) {
    (void)model();
    for (const bool again : {false, true}) {
      if (!for_each_piece(samples, [&](ByteView piece, std::uint64_t offset) { learn(piece, offset, again); })) return;
      model_->settle();
    }
  }
  const std::vector<ByteRange> everything = text_places(input_, Places::all);
  const bool at_once = input_.depth() == model::Depth::full || samples.size() == 1;
  result_.seen = at_once ? everything : samples;
  const bool done = judge_all(result_.seen);
  if (at_once || !done || runs_.total_bytes() == 0 || input_.depth() == model::Depth::quick) return;
  // Foreign cells in a sample: the doubt needs all of it, so that every foreign range gets its name.
  runs_ = ForeignRuns();
  scored_bytes_ = 0;
  scored_sum_ = 0;
  unexplained_controls_ = 0;
  explained_controls_ = 0;
  result_.seen = everything;
  (void)judge_all(everything);
}

/// Shell archives, PHP archives and the like: a script, its last line, then compressed bytes up to the end.
bool Scanner::carries_payload(const ForeignRun& run) {
  const ByteView head = input_.head();
  if (run.range.from < 32 || !(head.matches(0, "#!") || head.matches(0, "<?php") || head.matches(0, "@echo")))
    return false;
  const std::uint64_t from = run.range.from > 512 ? run.range.from - 512 : 0;
  const ByteView before = input_.at(from, static_cast<std::size_t>(run.range.from + k_cell_bytes - from));
  constexpr std::array k_last_lines = {"exit"sv,    "ARCHIVE"sv, "PAYLOAD"sv,         "__DATA__"sv,
                                       "__END__"sv, "BINARY"sv,  "__HALT_COMPILER"sv, "Zip"sv};
  for (const std::string_view last_line : k_last_lines) {
    if (before.find(last_line) != ByteView::npos) return true;
  }
  return false;
}

/// Asked only where zeros would be called damage: most contents have none.
bool Scanner::is_text_around_holes() {
  if (unit_bytes(result_.encoding) > 1 || has_text_name(input_.name())) return true;
  TextAroundHoles around;
  (void)for_each_piece(text_places(input_, Places::sampled),
                       [&](ByteView piece, std::uint64_t offset) { around.look_at(piece, offset); });
  return around.is_text();
}

void Scanner::conclude() {
  const std::uint64_t solid = result_.scanned_bytes - std::min(result_.scanned_bytes, result_.hole_bytes);
  if (solid == 0) return;
  const auto share = [&](std::uint64_t bytes) { return static_cast<double>(bytes) / static_cast<double>(solid); };
  result_.control_bytes = unexplained_controls_ + explained_controls_;
  for (const ForeignRun& run : runs_.runs()) {
    if (run.range.length() < 64 || !carries_payload(run)) continue;
    result_.payload = {.from = run.range.from, .to = input_.size_bytes()};
    result_.state = TextState::sound;
    return;
  }
  const std::uint64_t misfit = std::min(solid, runs_.random_bytes() + runs_.other_bytes());
  const bool named = has_text_name(input_.name()) && solid - misfit >= k_named_plain_bytes_min;
  if (share(solid - misfit) < (named ? k_named_plain_share_min : k_plain_share_min) ||
      share(runs_.other_bytes()) > k_other_share_max)
    return;
  if (share(unexplained_controls_) > k_control_share_max || share(explained_controls_) > k_separator_share_max) return;
  if (model_ && share(scored_bytes_) > 0.25 &&
      static_cast<double>(scored_sum_) / 16 > k_mean_score_bits_max * static_cast<double>(scored_bytes_)) {
    return;
  }
  const std::uint64_t random = runs_.random_bytes();
  const bool enough =
      random >= k_evidence_bytes_min && (share(random) >= k_evidence_share_min || random >= k_evidence_bytes_enough);
  if (misfit != 0 && input_.size_bytes() < k_tiny_content_bytes) return;
  const bool contradicted = enough || runs_.touches_edge();
  // Icons and archives hold text and compressed parts too. Their text parts hold numbers, and texts next to none.
  const std::uint64_t controls = unexplained_controls_ + explained_controls_;
  if (contradicted && !has_text_name(input_.name()) && share(controls) > k_nameless_control_share_max) return;
  if (!contradicted && result_.hole_bytes >= k_hole_bytes_min && !is_text_around_holes()) return;
  result_.state = contradicted ? TextState::foreign : TextState::sound;
  for (const ForeignRun& run : runs_.runs()) {
    if (contradicted && runs_.is_random(run)) {
      if (result_.foreign.size() < k_foreign_runs_max) result_.foreign.push_back(run.range);
    } else {
      if (result_.stray_bytes == 0) result_.first_stray = run.range;
      result_.stray_bytes += run.range.length();
    }
  }
  // So much of it is of another kind that it is text only as far as nobody can tell better.
  const bool doubtful = result_.stray_bytes * k_doubtful_parts >= result_.scanned_bytes ||
                        result_.unlikely_units * k_doubtful_units >= result_.scanned_bytes;
  if (!contradicted && doubtful) result_.reach = Reach::opening;
  result_.foreign_bytes = contradicted ? random : 0;
  result_.foreign_runs = contradicted ? runs_.random_runs() : 0;
}

TextScan Scanner::scan() {
  if (input_.size_bytes() == 0) return result_;
  run_passes();
  conclude();
  return std::move(result_);
}

}  // namespace

TextScan scan_text(WalkInput& input, TextReader* reader) { return Scanner(input, reader).scan(); }

Likeness recognise_text(const Edges& edges) {
  if (edges.size_bytes == 0) return Likeness::none;
  if (find_wide_encoding(edges.head.part(0, 256))) return Likeness::weak;
  const ByteView tail = edges.tail.size() > 256 ? edges.tail.part(edges.tail.size() - 256) : edges.tail;
  for (const ByteView edge : {edges.head.part(0, 256), tail}) {
    if (plain_ascii_prefix_bytes(edge.span()) * 100 >= edge.size() * 60) return Likeness::weak;
    std::size_t plain = 0, controls = 0;
    for (const std::uint8_t byte : edge) {
      plain += is_ascii_text(byte) ? 1U : 0U;
      controls += byte == 0 || is_hard_control(byte) ? 1U : 0U;
    }
    // Random bytes are text in 40 of 100 and controls in 10; an interleaved edge stands halfway between.
    if (controls * 50 <= edge.size() || plain * 100 >= edge.size() * 60) return Likeness::weak;
  }
  return Likeness::none;
}

}  // namespace lastgood::formats
