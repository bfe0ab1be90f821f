// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "verdict/texture_rules.h"

#include <algorithm>

#include <fmt/format.h>

#include "verdict/weigh_facts.h"

namespace lastgood::verdict {

using model::ByteRange;
using model::Certainty;
using model::Reason;
using model::Verdict;

namespace {

bool has_long_run(const TextureFact& texture) {
  return std::any_of(texture.random_ranges.begin(), texture.random_ranges.end(),
                     [](const ByteRange& range) { return range.length() >= k_run_bytes; });
}

/// InnoDB makes the file of a table full of zeros, and writes its pages when it comes to it: until then they are in its
/// log. A server at work, and one that was killed, has such files.
bool may_be_unwritten(const Facts& facts) { return facts.name.firm_format == "innodb" && facts.name.appended.empty(); }

constexpr std::string_view k_unwritten =
    ". The file of a table that its server has not written yet looks so, too, and its log makes it: the check of the "
    "whole database reads that log";

}  // namespace

std::optional<Judgement> all_zero(const Facts& facts) {
  if (!facts.texture || facts.texture->zero_bytes != facts.texture->tested_bytes) return std::nullopt;
  if (facts.name.firm_format.empty()) {
    return judgement(Verdict::intact, Certainty::weak, "zeros",
                     {{.rule = "zeros",
                       .sentence = fmt::format("only zero bytes ({}), and nothing says that more was here",
                                               facts.texture->method)}});
  }
  const std::string sentence =
      fmt::format("only zero bytes ({}) where the name says {}", facts.texture->method, facts.name.firm_title);
  const std::vector<ByteRange> all = {{.from = 0, .to = facts.size_bytes}};
  if (may_be_unwritten(facts))
    return judgement(Verdict::undecided, Certainty::weak, facts.name.firm_format,
                     {{.rule = "zeros", .sentence = sentence + std::string(k_unwritten)}}, all);
  return judgement(Verdict::damaged, Certainty::strong, facts.name.firm_format,
                   {{.rule = "zeros", .sentence = sentence}}, all);
}

std::optional<Judgement> zeroed_opening(const Facts& facts) {
  if (facts.name.firm_format.empty() || !facts.texture || facts.texture->head != Texture::zero) return std::nullopt;
  return judgement(
      Verdict::damaged, facts.name.appended.empty() ? Certainty::strong : Certainty::weak, facts.name.firm_format,
      {{.rule = "zeros",
        .sentence = fmt::format("the name says {}, zeros stand where it must begin", facts.name.firm_title)}},
      {{.from = 0, .to = k_run_bytes < facts.size_bytes ? k_run_bytes : facts.size_bytes}});
}

/// Some families move parts of a large file to its end, encrypt them there and leave zeros where they were.
std::optional<Judgement> moved_to_the_end(const Facts& facts) {
  if (facts.name.firm_format.empty() || !facts.texture) return std::nullopt;
  const TextureFact& texture = *facts.texture;
  if (texture.head != Texture::zero || texture.tail != Texture::random || texture.random_ranges.empty())
    return std::nullopt;
  const ByteRange& last = texture.random_ranges.back();
  const bool fits = last.to + k_own_footer_bytes >= facts.size_bytes && last.length() >= texture.leading_zero_bytes;
  // Where the payload is random by nature, a random end is no news.
  if (!fits || facts.name.firm_nature == Nature::compressed) return std::nullopt;
  return judgement(Verdict::partly_encrypted, Certainty::strong, facts.name.firm_format,
                   {{.rule = "moved",
                     .sentence = fmt::format(
                         "the name says {}, {} zeros stand where it must begin, and its last {} bytes pass as random",
                         facts.name.firm_title, texture.leading_zero_bytes, last.length())}},
                   {{.from = 0, .to = texture.leading_zero_bytes}, last});
}

std::optional<Judgement> opening_replaced(const Facts& facts) {
  if (facts.name.firm_format.empty() || !facts.texture || find_broken(facts) != nullptr) return std::nullopt;
  const TextureFact& texture = *facts.texture;
  const bool from_start = texture.opening == Texture::random || texture.head == Texture::random ||
                          (!texture.random_ranges.empty() && texture.random_ranges.front().from < k_run_bytes);
  if (texture.random_bytes == 0 && texture.opening != Texture::random) return std::nullopt;
  if (!from_start && facts.size_bytes >= 64 && random_share(texture) < 0.5) return std::nullopt;
  std::vector<Reason> reasons = {
      {.rule = "opening",
       .sentence = fmt::format("the name says {}, the content does not begin as one and its first bytes pass as random",
                               facts.name.firm_title)}};
  if (!facts.name.owner_suffix.empty()) {
    reasons.push_back({.rule = "owner-suffix",
                       .sentence = fmt::format("'.{}' is also what people's own encryption tools append; without a "
                                               "mark shared with other files nobody can tell",
                                               facts.name.owner_suffix)});
    return judgement(Verdict::undecided, Certainty::weak, facts.name.firm_format, std::move(reasons));
  }
  return replaced(facts,
                  covers_nearly_all(facts) && facts.size_bytes >= k_run_bytes ? Certainty::proven : Certainty::strong,
                  facts.name.firm_format, std::move(reasons));
}

std::optional<Judgement> text_with_random_runs(const Facts& facts) {
  if (!facts.texture || find_broken(facts) != nullptr) return std::nullopt;
  const TextureFact& texture = *facts.texture;
  const std::uint64_t rest = texture.tested_bytes - texture.random_bytes - texture.zero_bytes;
  // The last few bytes of noise may look like text; a text of which a quarter is left is one.
  if (texture.random_bytes == 0 || rest * 4 < texture.tested_bytes || texture.text_bytes * 10 < rest * 9)
    return std::nullopt;
  // Text in front of one random run to the end is a self-extracting script or a signed message: an attack begins at the
  // start. Pieces of a compressed file look random one by one, and together they do not.
  if (texture.head != Texture::random && texture.random_ranges.size() <= 1) return std::nullopt;
  if (facts.name.appended.empty() && !texture.random_is_uniform) return std::nullopt;
  return replaced(
      facts, Certainty::strong, "text",
      {{.rule = "text-interrupted", .sentence = "what is not random is text, and text has no random parts"}});
}

std::optional<Judgement> random_unknown(const Facts& facts) {
  if (!facts.texture) return std::nullopt;
  const TextureFact& texture = *facts.texture;
  // One block in some thousands passes by chance or is a digest, a key, a compressed piece; in a small content a piece
  // is soon a third of it.
  const double share_min = facts.size_bytes < k_run_bytes ? 0.5 : 0.10;
  const bool is_long = facts.depth == model::Depth::full && has_long_run(texture);
  if (random_share(texture) < share_min && texture.head != Texture::random && !is_long) return std::nullopt;
  if (texture.random_bytes == 0) return std::nullopt;
  std::vector<Reason> reasons = {
      {.rule = "random",
       .sentence = fmt::format("{:.0f} % of the tested bytes pass as random ({}) and no known structure explains them",
                               100 * random_share(texture), texture.method)}};
  if (facts.repeated_cells > 0.02) {
    reasons.push_back(
        {.rule = "repeated-cells",
         .sentence = fmt::format(
             "{:.0f} % of its 16-byte cells repeat: a block cipher over regular data does that, compression never",
             100 * facts.repeated_cells)});
  }
  // Of a large content samples were measured: where all of them are random, so is the rest.
  std::vector<ByteRange> ranges = texture.random_ranges;
  if (covers_nearly_all(facts)) ranges = {{.from = 0, .to = facts.size_bytes}};
  return judgement(Verdict::undecided, Certainty::weak, {}, std::move(reasons), std::move(ranges));
}

std::optional<Judgement> not_what_the_name_says(const Facts& facts) {
  if (facts.name.firm_format.empty()) return std::nullopt;
  return judgement(Verdict::damaged, Certainty::weak, facts.name.firm_format,
                   {{.rule = "name",
                     .sentence = fmt::format("the name says {}, the content does not begin as one and is no other "
                                             "known format; nothing in it looks encrypted",
                                             facts.name.firm_title)}});
}

std::optional<Judgement> unknown_but_plain(const Facts& facts) {
  const std::string method = facts.texture ? facts.texture->method : "no block could be tested";
  return judgement(
      Verdict::intact, Certainty::weak, {},
      {{.rule = "plain", .sentence = fmt::format("no known format, and nothing in it looks encrypted ({})", method)}});
}

}  // namespace lastgood::verdict
