// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves what each rule promises: which facts lead to which verdict, and how sure it may be.
#include "verdict/decide_verdict.h"

#include <gtest/gtest.h>

#include <set>

namespace lastgood::verdict {
namespace {

using model::Certainty;
using model::Reach;
using model::Shape;
using model::Verdict;

Facts content(std::uint64_t size_bytes) {
  Facts facts;
  facts.size_bytes = size_bytes;
  return facts;
}

TextureFact random_texture(std::uint64_t random_bytes, std::uint64_t tested_bytes) {
  TextureFact texture;
  texture.tested_bytes = tested_bytes;
  texture.random_bytes = random_bytes;
  texture.head = random_bytes > 0 ? Texture::random : Texture::plain;
  if (random_bytes > 0) texture.random_ranges = {{.from = 0, .to = random_bytes}};
  texture.random_is_uniform = random_bytes > 0;
  texture.method = "every block of 4096 bytes";
  return texture;
}

StructureFact structure(Shape shape, Reach reach) {
  StructureFact fact;
  fact.format = "png";
  fact.title = "PNG image";
  fact.shape = shape;
  fact.reach = reach;
  fact.nature = Nature::compressed;
  if (shape == Shape::broken)
    fact.findings.push_back({.rule = "png.chunk",
                             .sentence = "no chunk header at byte 8",
                             .weight = model::Weight::contradicts,
                             .range = {.from = 8, .to = 16}});
  return fact;
}

TEST(DecideVerdict, what_could_not_be_read_is_never_clean) {
  Facts facts = content(100);
  facts.read_error = base::Error{.code = base::ErrorCode::io,
                                 .what = "cannot read 'x': input/output error",
                                 .path = {},
                                 .offset_bytes = {},
                                 .system_errno = 5,
                                 .hint = {}};
  facts.structures = {structure(Shape::whole, Reach::content)};
  EXPECT_EQ(decide_verdict(facts).verdict, Verdict::unreadable);
}

TEST(DecideVerdict, certainty_follows_from_how_far_the_structure_was_checked) {
  Facts facts = content(100);
  facts.structures = {structure(Shape::whole, Reach::content)};
  EXPECT_EQ(decide_verdict(facts).certainty, Certainty::proven);
  facts.structures = {structure(Shape::whole, Reach::frame)};
  EXPECT_EQ(decide_verdict(facts).certainty, Certainty::strong);
  facts.structures = {structure(Shape::whole, Reach::opening)};
  EXPECT_EQ(decide_verdict(facts).certainty, Certainty::weak);
}

TEST(DecideVerdict, a_whole_text_of_encoded_random_bytes_is_intact_with_weak_certainty_only) {
  Facts facts = content(9000);
  StructureFact text = structure(Shape::whole, Reach::content);
  text.format = "text";
  text.findings.push_back({.rule = "text.base64-of-random",
                           .sentence = "all of it is Base64 of random bytes",
                           .weight = model::Weight::remarks,
                           .range = {}});
  facts.structures = {text};
  EXPECT_EQ(decide_verdict(facts).verdict, Verdict::intact);
  EXPECT_EQ(decide_verdict(facts).certainty, Certainty::weak);
}

TEST(DecideVerdict, random_pages_in_payload_that_nothing_checks_are_undecided) {
  Facts facts = content(90'000);
  facts.structures = {structure(Shape::whole, Reach::frame)};
  facts.structures.front().random_unexplained = {{.from = 4096, .to = 8192}};
  const Judgement judgement = decide_verdict(facts);
  EXPECT_EQ(judgement.verdict, Verdict::undecided);
  EXPECT_EQ(judgement.ranges, facts.structures.front().random_unexplained);
}

TEST(DecideVerdict, random_bytes_where_the_name_promises_a_format_are_encrypted) {
  Facts facts = content(65536);
  facts.name.firm_format = "png";
  facts.name.firm_title = "PNG image";
  facts.structures = {structure(Shape::foreign, Reach::opening)};
  facts.texture = random_texture(65536, 65536);
  const Judgement judgement = decide_verdict(facts);
  EXPECT_EQ(judgement.verdict, Verdict::encrypted);
  EXPECT_EQ(judgement.certainty, Certainty::proven);
  EXPECT_EQ(judgement.ranges.front(), (model::ByteRange{.from = 0, .to = 65536}));
}

TEST(DecideVerdict, random_bytes_that_nothing_explains_stay_undecided) {
  Facts facts = content(65536);
  facts.texture = random_texture(65536, 65536);
  const Judgement judgement = decide_verdict(facts);
  EXPECT_EQ(judgement.verdict, Verdict::undecided);
  EXPECT_EQ(judgement.certainty, Certainty::weak);
}

TEST(DecideVerdict, the_owners_own_suffix_leaves_it_undecided) {
  Facts facts = content(65536);
  facts.name.firm_format = "png";
  facts.name.firm_title = "PNG image";
  facts.name.owner_suffix = "enc";
  facts.texture = random_texture(65536, 65536);
  EXPECT_EQ(decide_verdict(facts).verdict, Verdict::undecided);
}

TEST(DecideVerdict, a_broken_structure_without_ciphertext_is_damaged) {
  Facts facts = content(65536);
  facts.structures = {structure(Shape::broken, Reach::frame)};
  facts.texture = random_texture(0, 65536);
  EXPECT_EQ(decide_verdict(facts).verdict, Verdict::damaged);
}

TEST(DecideVerdict, a_first_block_of_ciphertext_is_partly_encrypted_with_its_range) {
  Facts facts = content(65536);
  facts.name.firm_format = "bmp";
  facts.name.firm_title = "bitmap";
  facts.texture = random_texture(4096, 65536);
  const Judgement judgement = decide_verdict(facts);
  EXPECT_EQ(judgement.verdict, Verdict::partly_encrypted);
  EXPECT_EQ(judgement.ranges.front(), (model::ByteRange{.from = 0, .to = 4096}));
}

TEST(DecideVerdict, a_footer_that_fits_this_file_is_proof) {
  Facts facts = content(65536);
  facts.marker =
      Marker{.family = "X", .proof = Proof::checked, .header_bytes = 0, .footer_bytes = 534, .sentence = "footer"};
  facts.texture = random_texture(65536, 65536);
  EXPECT_EQ(decide_verdict(facts).certainty, Certainty::proven);
}

TEST(DecideVerdict, random_bytes_behind_a_whole_structure_are_not_called_intact) {
  Facts facts = content(1534);
  facts.structures = {structure(Shape::whole, Reach::content)};
  facts.trailing = TrailingFact{.from_bytes = 1000, .length_bytes = 534, .texture = Texture::random};
  EXPECT_EQ(decide_verdict(facts).verdict, Verdict::undecided);
  facts.trailing->texture = Texture::plain;
  EXPECT_EQ(decide_verdict(facts).verdict, Verdict::intact);
}

TEST(DecideVerdict, a_sealed_container_is_protected) {
  Facts facts = content(100);
  facts.structures = {structure(Shape::sealed, Reach::frame)};
  EXPECT_EQ(decide_verdict(facts).verdict, Verdict::protected_);
}

TEST(DecideVerdict, a_token_or_armor_that_was_cut_is_damaged_though_what_is_left_is_encoded_noise) {
  Facts facts = content(5000);
  facts.name.firm_format = "png";
  StructureFact cut = structure(Shape::broken, Reach::opening);
  cut.cause = Cause::content_strong;
  StructureFact text = structure(Shape::whole, Reach::content);
  text.format = "text";
  text.findings.push_back({.rule = "text.base64-of-random", .sentence = "", .weight = model::Weight::remarks});
  facts.structures = {cut, text};
  EXPECT_EQ(decide_verdict(facts).verdict, Verdict::damaged);
  facts.structures = {text};
  EXPECT_EQ(decide_verdict(facts).verdict, Verdict::encrypted);
}

TEST(DecideVerdict, zeros_under_a_firm_name_are_damage_and_not_encryption) {
  Facts facts = content(8192);
  TextureFact texture = random_texture(0, 8192);
  texture.zero_bytes = 8192;
  texture.head = Texture::zero;
  facts.texture = texture;
  facts.name.firm_format = "pdf";
  facts.name.firm_title = "PDF document";
  EXPECT_EQ(decide_verdict(facts).verdict, Verdict::damaged);
  facts.name.firm_format = "innodb";
  EXPECT_EQ(decide_verdict(facts).verdict, Verdict::undecided) << "its server may not have written it yet";
  facts.name.appended = ".bak9";
  EXPECT_EQ(decide_verdict(facts).verdict, Verdict::damaged) << "no server renames it";
}

TEST(VerdictRules, have_different_ids_and_the_last_always_answers) {
  std::set<std::string_view> ids;
  for (const Rule& rule : verdict_rules()) EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
  EXPECT_TRUE(verdict_rules().back().apply(content(10)).has_value());
}

TEST(FindMarker, wants_the_size_of_this_very_file) {
  std::vector<std::uint8_t> bytes(10'000, 0x55);
  std::vector<std::uint8_t> footer(534, 0xAA);
  footer[524] = 0x25;
  footer[525] = 20;
  for (unsigned i = 0; i < 8; ++i)
    footer[526 + i] = static_cast<std::uint8_t>((std::uint64_t{10'000} >> (8 * i)) & 0xFF);
  bytes.insert(bytes.end(), footer.begin(), footer.end());
  const base::ByteView view{std::span<const std::uint8_t>(bytes)};
  const auto marker = find_marker(view, view, bytes.size());
  ASSERT_TRUE(marker.has_value());
  EXPECT_EQ(marker->proof, Proof::checked);
  EXPECT_FALSE(find_marker(view, view, bytes.size() + 1));
}

/// The rest of a compressed content under its own name: most blocks look random, all of them together do not.
Facts headless(std::uint64_t size_bytes) {
  Facts facts = content(size_bytes);
  facts.name.firm_format = "png";
  facts.name.firm_title = "PNG image";
  facts.name.firm_nature = Nature::compressed;
  facts.structures = {structure(Shape::foreign, Reach::opening)};
  facts.texture = random_texture(size_bytes / 2, size_bytes);
  facts.texture->random_is_uniform = false;
  return facts;
}

TEST(DecideVerdict, a_compressed_content_that_only_lost_its_beginning_is_not_called_encrypted) {
  EXPECT_EQ(decide_verdict(headless(65536)).verdict, Verdict::undecided);
  Facts text_over_it = headless(65536);
  text_over_it.texture->head = Texture::plain;
  text_over_it.texture->random_ranges = {{.from = 2048, .to = 34816}};
  EXPECT_EQ(decide_verdict(text_over_it).verdict, Verdict::damaged);
}

TEST(DecideVerdict, a_lost_beginning_is_an_encrypted_one_where_more_speaks_for_it) {
  Facts renamed = headless(65536);
  renamed.name.appended = ".qzx7";
  EXPECT_EQ(decide_verdict(renamed).verdict, Verdict::partly_encrypted);
  Facts long_run = headless(std::uint64_t{1} << 20);
  long_run.texture->uniform_opening_bytes = 256 * 1024;
  EXPECT_EQ(decide_verdict(long_run).verdict, Verdict::partly_encrypted);
  Facts other_kind = headless(65536);
  other_kind.texture->opening_stands_out = true;
  EXPECT_EQ(decide_verdict(other_kind).verdict, Verdict::partly_encrypted);
  Facts plain_by_nature = headless(65536);
  plain_by_nature.name.firm_nature = Nature::plain;
  EXPECT_EQ(decide_verdict(plain_by_nature).verdict, Verdict::partly_encrypted);
}

TEST(DecideVerdict, an_end_that_counts_missing_bytes_proves_that_the_beginning_is_missing) {
  Facts facts = headless(65536);
  facts.texture = random_texture(65536, 65536);
  EXPECT_EQ(decide_verdict(facts).verdict, Verdict::encrypted);
  facts.rest = RestFact{.is_shifted = false, .sentence = "an image end chunk closes it"};
  EXPECT_EQ(decide_verdict(facts).verdict, Verdict::undecided);
  facts.rest->is_shifted = true;
  EXPECT_EQ(decide_verdict(facts).verdict, Verdict::damaged);
}

/// A database whose header is its own and whose pages are noise.
Facts plain_format_gone(std::uint64_t broken_at_bytes) {
  Facts facts = content(65536);
  StructureFact fact = structure(Shape::broken, Reach::opening);
  fact.nature = Nature::plain;
  fact.findings.front().range = {.from = broken_at_bytes, .to = broken_at_bytes + 8};
  facts.structures = {fact};
  facts.texture = random_texture(62000, 65536);
  return facts;
}

TEST(DecideVerdict, a_plain_format_that_breaks_early_and_is_noise_throughout_is_accused) {
  EXPECT_EQ(decide_verdict(plain_format_gone(80)).verdict, Verdict::encrypted);
  EXPECT_EQ(decide_verdict(plain_format_gone(60000)).verdict, Verdict::damaged) << "sealed by its owner, and cut";
  EXPECT_EQ(decide_verdict(plain_format_gone(UINT64_MAX - 8)).verdict, Verdict::damaged) << "no offset wraps round";
}

TEST(DecideVerdict, zeros_at_the_start_are_an_attack_only_with_as_much_noise_at_the_end) {
  Facts facts = content(100'000);
  facts.name.firm_format = "csv";
  facts.name.firm_title = "CSV table";
  facts.name.firm_nature = Nature::plain;
  facts.texture = random_texture(20'000, 100'000);
  facts.texture->head = Texture::zero;
  facts.texture->tail = Texture::random;
  facts.texture->leading_zero_bytes = 8192;
  facts.texture->random_ranges = {{.from = 80'000, .to = 100'000}};
  EXPECT_EQ(decide_verdict(facts).verdict, Verdict::partly_encrypted);
  facts.texture->leading_zero_bytes = 40'000;
  EXPECT_EQ(decide_verdict(facts).verdict, Verdict::damaged);
  facts.texture->leading_zero_bytes = 8192;
  facts.name.firm_nature = Nature::compressed;
  EXPECT_EQ(decide_verdict(facts).verdict, Verdict::damaged) << "there a random end is no news";
}

TEST(DecideVerdict, zeros_in_whose_place_as_much_noise_stands_at_the_end_are_named_with_it) {
  constexpr std::uint64_t k_part = 256 * 1024;
  Facts facts = content(8 * k_part + 178);
  StructureFact broken = structure(Shape::broken, Reach::frame);
  broken.nature = Nature::plain;
  broken.replaced = {{.from = 6 * k_part, .to = 8 * k_part}};
  facts.structures = {broken};
  facts.name.appended = ".eight";
  facts.texture = random_texture(2 * k_part, 8 * k_part);
  facts.texture->random_ranges = {{.from = 6 * k_part, .to = 8 * k_part}};
  facts.texture->zero_ranges = {{.from = 0, .to = k_part}, {.from = 3 * k_part, .to = 4 * k_part}};
  const std::vector<model::ByteRange> expected = {
      {.from = 0, .to = k_part}, {.from = 3 * k_part, .to = 4 * k_part}, {.from = 6 * k_part, .to = 8 * k_part}};
  EXPECT_EQ(decide_verdict(facts).ranges, expected);
  facts.texture->zero_ranges.push_back({.from = 4 * k_part, .to = 6 * k_part});
  EXPECT_EQ(decide_verdict(facts).ranges.size(), 1U);
}

TEST(DecideVerdict, one_keystream_over_a_whole_text_is_named_with_its_places) {
  Facts facts = content(10'000);
  facts.structures = {structure(Shape::whole, Reach::content)};
  facts.keystream = KeystreamReuse{.period_bytes = 192, .ranges = {{.from = 0, .to = 64}, {.from = 192, .to = 256}}};
  const Judgement got = decide_verdict(facts);
  EXPECT_EQ(got.verdict, Verdict::partly_encrypted);
  EXPECT_EQ(got.ranges.size(), 2U);
}

}  // namespace
}  // namespace lastgood::verdict
