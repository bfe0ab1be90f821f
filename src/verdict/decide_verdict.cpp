// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Structure first, statistics second, context third: the rules below are asked in this order and the first answer
// counts.
#include "verdict/decide_verdict.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/assert.h"
#include "verdict/first_rules.h"
#include "verdict/lost_beginning.h"
#include "verdict/texture_rules.h"
#include "verdict/weigh_facts.h"

namespace lastgood::verdict {

namespace {

using model::ByteRange;
using model::Certainty;
using model::Reach;
using model::Reason;
using model::Shape;
using model::Verdict;

// Shorter foreign tails are padding and comments; a key or a footer is longer.
constexpr std::uint64_t k_trailing_bytes_min = 24;
constexpr std::uint64_t k_zero_bytes_min = 512;  // the smallest block that a disk loses
constexpr std::array<std::string_view, 2> k_encoded_rules = {"text.base64-of-random", "text.hex-of-random"};

bool has_remark(const StructureFact& fact, std::string_view rule) {
  return std::any_of(fact.findings.begin(), fact.findings.end(),
                     [&](const model::Finding& finding) { return finding.rule == rule; });
}

void add_findings(std::vector<Reason>& reasons, const StructureFact& fact, model::Weight weight,
                  std::size_t count_max) {
  for (const model::Finding& finding : fact.findings) {
    if (finding.weight != weight || count_max == 0) continue;
    reasons.push_back({.rule = finding.rule, .sentence = finding.sentence});
    --count_max;
  }
}

std::optional<Judgement> proven_marker(const Facts& facts) {
  if (!facts.marker || facts.marker->proof != Proof::checked) return std::nullopt;
  const StructureFact* whole = find_whole(facts);
  // A text that quotes a family's constant is not its victim.
  if (whole != nullptr && !facts.trailing && facts.marker->header_bytes == 0) return std::nullopt;
  const Marker& marker = *facts.marker;
  return replaced(facts, Certainty::proven, {},
                  {{.rule = "marker", .sentence = fmt::format("{}: {}", marker.family, marker.sentence)}});
}

/// The content begins as its name says and breaks: armor and tokens are encoded random bytes by nature.
const StructureFact* find_rest_of_named(const Facts& facts) {
  for (const StructureFact& fact : facts.structures) {
    if (fact.shape == Shape::broken && fact.cause == Cause::content_strong && fact.replaced.empty() &&
        fact.format == facts.name.firm_format)
      return &fact;
  }
  return nullptr;
}

std::optional<Judgement> text_of_ciphertext(const Facts& facts) {
  const StructureFact* whole = find_whole(facts);
  if (whole == nullptr || facts.name.firm_format.empty()) return std::nullopt;
  if (facts.name.firm_format == whole->format && facts.name.original_name.empty()) return std::nullopt;
  for (const std::string_view rule : k_encoded_rules) {
    if (!has_remark(*whole, rule)) continue;
    if (const StructureFact* rest = find_rest_of_named(facts)) {
      std::vector<Reason> reasons;
      add_findings(reasons, *rest, model::Weight::contradicts, 4);
      return judgement(Verdict::damaged, Certainty::strong, rest->format, std::move(reasons));
    }
    if (facts.name.firm_format == whole->format) {
      return judgement(Verdict::undecided, Certainty::weak, facts.name.firm_format,
                       {{.rule = std::string(rule),
                         .sentence = "a suffix was appended and the content is encoded random bytes: somebody's "
                                     "archive or an attack that hides"}},
                       {{.from = 0, .to = facts.size_bytes}});
    }
    return judgement(Verdict::encrypted, Certainty::strong, facts.name.firm_format,
                     {{.rule = std::string(rule),
                       .sentence = fmt::format("the name says {}, the content is nothing but encoded random bytes",
                                               facts.name.firm_title)}},
                     {{.from = 0, .to = facts.size_bytes}});
  }
  return std::nullopt;
}

std::optional<Judgement> foreign_tail(const Facts& facts) {
  const StructureFact* whole = find_whole(facts);
  if (whole == nullptr || !facts.trailing || facts.trailing->length_bytes < k_trailing_bytes_min) return std::nullopt;
  const TrailingFact& tail = *facts.trailing;
  std::vector<Reason> reasons = {
      {.rule = "trailing",
       .sentence = fmt::format("the {} ends at byte {}, {} bytes follow that are not part of it", whole->title,
                               tail.from_bytes, tail.length_bytes)}};
  const std::vector<ByteRange> ranges = {{.from = tail.from_bytes, .to = facts.size_bytes}};
  if (facts.marker) {
    reasons.push_back(
        {.rule = "marker", .sentence = fmt::format("{}: {}", facts.marker->family, facts.marker->sentence)});
    return judgement(Verdict::partly_encrypted, Certainty::strong, whole->format, std::move(reasons), ranges);
  }
  if (tail.texture != Texture::random) return std::nullopt;
  reasons.push_back({.rule = "trailing",
                     .sentence = "they pass as random; whether the rest was left alone cannot be told from this file"});
  return judgement(Verdict::undecided, Certainty::weak, whole->format, std::move(reasons), ranges);
}

std::optional<Judgement> random_where_plain(const Facts& facts) {
  const StructureFact* whole = find_whole(facts);
  if (whole == nullptr || whole->random_in_plain.empty()) return std::nullopt;
  return judgement(Verdict::partly_encrypted, Certainty::strong, whole->format,
                   {{.rule = "random-payload",
                     .sentence = fmt::format("the frame holds, but {} runs of its payload are random where {} never is",
                                             whole->random_in_plain.size(), whole->title)}},
                   whole->random_in_plain);
}

std::optional<Judgement> random_unexplained(const Facts& facts) {
  const StructureFact* whole = find_whole(facts);
  if (whole == nullptr || whole->random_unexplained.empty()) return std::nullopt;
  return judgement(Verdict::undecided, Certainty::weak, whole->format,
                   {{.rule = "random-unexplained",
                     .sentence = fmt::format("the frame holds, but {} runs of its payload pass as random: tables and "
                                             "packed data of its own, or ciphertext",
                                             whole->random_unexplained.size())}},
                   whole->random_unexplained);
}

std::optional<Judgement> one_keystream(const Facts& facts) {
  if (!facts.keystream || facts.keystream->ranges.empty()) return std::nullopt;
  const std::vector<ByteRange>& ranges = facts.keystream->ranges;
  std::uint64_t covered = 0;
  for (const ByteRange& range : ranges) covered += range.length();
  const bool whole = static_cast<double>(covered) >= k_whole_share * static_cast<double>(facts.size_bytes);
  const StructureFact* broken = find_broken(facts);
  return judgement(whole ? Verdict::encrypted : Verdict::partly_encrypted, Certainty::strong,
                   broken != nullptr ? broken->format : facts.name.firm_format,
                   {{.rule = "keystream",
                     .sentence = fmt::format("the same 64 random bytes were laid over {} pieces of it, {} bytes in all",
                                             ranges.size(), covered)}},
                   ranges);
}

std::optional<Judgement> zeros_in_text(const Facts& facts) {
  const StructureFact* whole = find_whole(facts);
  if (whole == nullptr || !has_remark(*whole, "text.nul-hole")) return std::nullopt;
  std::vector<Reason> reasons;
  std::vector<ByteRange> ranges;
  for (const model::Finding& finding : whole->findings) {
    if (finding.rule != "text.nul-hole") continue;
    reasons.push_back({.rule = finding.rule, .sentence = finding.sentence});
    if (finding.range.length() > 0) ranges.push_back(finding.range);
  }
  reasons.push_back(
      {.rule = "zeros", .sentence = "text has no zeros: a crash or an eraser put them there; the rest is whole"});
  return judgement(Verdict::damaged, Certainty::weak, whole->format, std::move(reasons), std::move(ranges));
}

std::optional<Judgement> whole_structure(const Facts& facts) {
  const StructureFact* whole = find_whole(facts);
  if (whole == nullptr) return std::nullopt;
  std::vector<Reason> reasons;
  add_findings(reasons, *whole, model::Weight::supports, 3);
  add_findings(reasons, *whole, model::Weight::remarks, 3);
  if (facts.trailing) {
    reasons.push_back({.rule = "trailing",
                       .sentence = fmt::format("{} bytes follow the end at byte {}; they do not look encrypted",
                                               facts.trailing->length_bytes, facts.trailing->from_bytes)});
  }
  // A text of encoded random bytes is whole as a text; what it says nobody knows.
  const bool is_encoded = std::any_of(k_encoded_rules.begin(), k_encoded_rules.end(),
                                      [&](std::string_view rule) { return has_remark(*whole, rule); });
  const Certainty certainty = is_encoded || whole->reach == Reach::opening ? Certainty::weak
                              : whole->reach == Reach::content             ? Certainty::proven
                                                                           : Certainty::strong;
  if (whole->shape == Shape::sealed) {
    return judgement(Verdict::protected_, whole->reach == Reach::opening ? Certainty::weak : Certainty::strong,
                     whole->format, std::move(reasons));
  }
  return judgement(Verdict::intact, certainty, whole->format, std::move(reasons));
}

std::optional<Judgement> likely_marker(const Facts& facts) {
  if (!facts.marker || !facts.texture || facts.texture->random_bytes == 0) return std::nullopt;
  return replaced(
      facts, Certainty::strong, facts.name.firm_format,
      {{.rule = "marker", .sentence = fmt::format("{}: {}", facts.marker->family, facts.marker->sentence)}});
}

/// Texts have contacts at their head, and of some thousand compressed contents one holds letters that look like one.
bool may_be_its_own(const Facts& facts) {
  const Nature nature = facts.name.firm_nature;
  if (nature == Nature::plain) return facts.texture->head != Texture::random;
  return nature == Nature::compressed && facts.contacts.size() == 1 && facts.contacts.front().starts_with("email:");
}

std::optional<Judgement> contact_in_ciphertext(const Facts& facts) {
  if (facts.contacts.empty() || !facts.texture || random_share(*facts.texture) < 0.5) return std::nullopt;
  if (facts.name.appended.empty() && may_be_its_own(facts)) return std::nullopt;
  return replaced(
      facts, Certainty::strong, facts.name.firm_format,
      {{.rule = "contact",
        .sentence = fmt::format("'{}' stands in the first or last bytes of content that is otherwise random",
                                base::printable(facts.contacts.front()))}});
}

std::optional<Judgement> alternating(const Facts& facts) {
  if (!facts.phase) return std::nullopt;
  const StructureFact* broken = find_broken(facts);
  const bool demanded = broken != nullptr || !facts.name.firm_format.empty();
  return replaced(facts, demanded ? Certainty::proven : Certainty::strong,
                  broken != nullptr ? broken->format : facts.name.firm_format,
                  {{.rule = "phase",
                    .sentence = fmt::format("{} bytes of every {} are random, the rest is not",
                                            facts.phase->length_bytes, facts.phase->period_bytes)}});
}

std::optional<Judgement> broken_by_ciphertext(const Facts& facts) {
  const StructureFact* broken = find_broken(facts);
  if (broken == nullptr || broken->replaced.empty()) return std::nullopt;
  std::vector<Reason> reasons;
  add_findings(reasons, *broken, model::Weight::contradicts, 3);
  reasons.push_back({.rule = "replaced",
                     .sentence = fmt::format("the bytes that should have fitted pass as random in {} places",
                                             broken->replaced.size())});
  Judgement result = replaced(facts, Certainty::strong, broken->format, std::move(reasons));
  // In a compressed format everything looks random, so only the places where structure was demanded are named.
  if (broken->nature == Nature::compressed && result.verdict == Verdict::partly_encrypted)
    result.ranges = broken->replaced;
  if (broken->nature == Nature::compressed) result.certainty = Certainty::weak;
  return result;
}

/// A format whose payload never looks random breaks, and nearly everything in it does.
std::optional<Judgement> random_in_plain_format(const Facts& facts) {
  const StructureFact* broken = find_broken(facts);
  if (broken == nullptr || broken->nature != Nature::plain || !facts.texture) return std::nullopt;
  if (random_share(*facts.texture) < 0.9 && !covers_nearly_all(facts)) return std::nullopt;
  // What holds nearly to its end was sealed by its owner and cut.
  const bool early = std::any_of(broken->findings.begin(), broken->findings.end(), [&](const model::Finding& finding) {
    return finding.weight == model::Weight::contradicts && finding.range.from <= facts.size_bytes / 16;
  });
  if (!early) return std::nullopt;
  std::vector<Reason> reasons;
  add_findings(reasons, *broken, model::Weight::contradicts, 3);
  return replaced(facts, Certainty::strong, broken->format, std::move(reasons));
}

std::optional<Judgement> broken_structure(const Facts& facts) {
  const StructureFact* broken = find_broken(facts);
  if (broken == nullptr) return std::nullopt;
  std::vector<Reason> reasons;
  std::vector<ByteRange> ranges;
  add_findings(reasons, *broken, model::Weight::contradicts, 4);
  for (const model::Finding& finding : broken->findings) {
    if (finding.weight == model::Weight::contradicts && finding.range.length() > 0) ranges.push_back(finding.range);
  }
  // What packs its payload leaves no zeros in it.
  if (const std::uint64_t zeros = facts.texture ? facts.texture->zero_bytes : 0;
      broken->nature == Nature::compressed && zeros >= k_zero_bytes_min)
    reasons.push_back({.rule = "zeros", .sentence = fmt::format("{} of its bytes are zeros", zeros)});
  const bool in_doubt = broken->opening_in_doubt;
  reasons.push_back({.rule = in_doubt ? "opening" : "damaged",
                     .sentence = in_doubt ? "its first bytes look random, as ciphertext and compressed data both do"
                                          : "nothing there speaks for ciphertext"});
  const bool is_sure = !in_doubt && broken->cause == Cause::content_strong;
  return judgement(in_doubt ? Verdict::undecided : Verdict::damaged, is_sure ? Certainty::strong : Certainty::weak,
                   broken->format, std::move(reasons), std::move(ranges));
}

constexpr std::array k_rules = {
    Rule{"unreadable", "the bytes could not be read: nothing is known of them", unreadable},
    Rule{"empty", "no bytes, nothing to judge", empty},
    Rule{"note", "text that says files were encrypted and how to pay", ransom_note},
    Rule{"marker-checked", "a family's header or footer holds a value that fits this file", proven_marker},
    Rule{"text-of-ciphertext", "encoded random bytes under a name that promises another format", text_of_ciphertext},
    Rule{"foreign-tail", "the structure is whole, and unexplained random bytes follow its end", foreign_tail},
    Rule{"random-where-plain", "the frame is whole, its payload is random where it never is", random_where_plain},
    Rule{"random-unexplained", "the frame is whole, and random bytes lie in payload that nothing checks",
         random_unexplained},
    Rule{"keystream", "one keystream of 64 bytes lies over many places", one_keystream},
    Rule{"zeros-in-text", "a text with blocks of zeros in it", zeros_in_text},
    Rule{"whole-structure", "every invariant that was checked holds", whole_structure},
    Rule{"all-zero", "nothing but zero bytes", all_zero},
    Rule{"marker-shape", "random content that ends as a known family's files do", likely_marker},
    Rule{"contact", "a contact address in the head or tail of random content", contact_in_ciphertext},
    Rule{"phase", "random and plain bytes take turns at a fixed period", alternating},
    Rule{"broken-by-ciphertext", "the structure fails exactly where the bytes are random", broken_by_ciphertext},
    Rule{"random-in-plain-format", "the structure fails, and all is random in a format that never is",
         random_in_plain_format},
    Rule{"moved-to-the-end", "zeros where the content must begin, random bytes where it must not end",
         moved_to_the_end},
    Rule{"zeroed-opening", "the name promises a format and zeros stand where it must begin", zeroed_opening},
    Rule{"beginning-lost", "the name promises a compressed format, and only its beginning is gone", lost_beginning},
    Rule{"opening-replaced", "the name promises a format and random bytes stand where it must begin", opening_replaced},
    Rule{"text-interrupted", "text with random runs in it", text_with_random_runs},
    Rule{"broken-structure", "the structure fails and nothing there looks like ciphertext", broken_structure},
    Rule{"random-unknown", "random content that nothing explains: the bytes alone cannot tell", random_unknown},
    Rule{"not-as-named", "not the format its name promises, and nothing in it looks encrypted", not_what_the_name_says},
    Rule{"plain-unknown", "no known format, nothing looks encrypted", unknown_but_plain},
};

}  // namespace

std::span<const Rule> verdict_rules() { return k_rules; }

Judgement decide_verdict(const Facts& facts) {
  for (const Rule& rule : k_rules) {
    if (auto answer = rule.apply(facts)) return std::move(*answer);
  }
  LG_ASSERT(false && "the last rule answers always");
  return {};
}

}  // namespace lastgood::verdict
