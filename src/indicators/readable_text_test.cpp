// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that text comes out of pages, RTF and old encodings as a person reads it, addresses included.
#include "indicators/readable_text.h"

#include <gtest/gtest.h>

#include "indicators/code_pages.h"
#include "indicators/note_stems.h"
#include "indicators/note_words.h"

namespace lastgood::indicators {
namespace {

using namespace std::string_literals;

std::string read(const std::string& bytes) { return readable_text(base::ByteView(std::string_view(bytes))); }

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(ReadableText, leaves_scripts_styles_and_comments_out_of_a_page) {
  const std::string text =
      read("<html><style>p{color:red}</style><!-- hidden --><script>var x = '<p>no</p>';</script><p>shown</p></html>");
  EXPECT_TRUE(has(text, "shown"));
  for (const std::string_view hidden : {"color", "hidden", "var", "no"}) EXPECT_FALSE(has(text, hidden)) << hidden;
}

TEST(ReadableText, joins_letters_that_tags_and_entities_take_apart) {
  EXPECT_TRUE(has(read("<p>en<b></b>cry<span>pted</span> fil&#101;s &#x40; h&ouml;me&nbsp;now</p>"),
                  "encrypted files @ home now"));
}

TEST(ReadableText, keeps_addresses_that_only_a_link_or_angle_brackets_hold) {
  EXPECT_TRUE(has(read("<a href=\"mailto:fox1@post.example.org\">here</a>"), "fox1@post.example.org"));
  EXPECT_TRUE(has(read("<a href='mailto:fox2&#64;post.example.org'>here</a>"), "fox2@post.example.org"));
  EXPECT_TRUE(has(read("Write to <fox3@post.example.org> now"), "fox3@post.example.org"));
}

TEST(ReadableText, takes_a_lone_sign_for_a_sign) {
  EXPECT_EQ(read("if 3 < 5 & more < than"), "if 3 < 5 & more < than");
}

TEST(ForeignMarkup, is_what_no_browser_shows) {
  EXPECT_TRUE(is_foreign_markup("<?xml version=\"1.0\"?>\n<!-- help -->\n<page xmlns=\"x\"><p>text</p></page>"));
  for (const std::string_view page : {"<html><p>x", "<!DOCTYPE html>\n<HTML xmlns=\"x\">", "<h1>Read</h1>",
                                      "<HTA:APPLICATION>", "plain text < than", "\xEF\xBB\xBF<head>", "", "<"})
    EXPECT_FALSE(is_foreign_markup(page)) << page;
}

TEST(ReadableText, reads_rtf_in_code_pages_of_fonts_and_in_unicode) {
  const std::string rtf =
      "{\\rtf1\\ansi\\ansicpg1252\\uc1{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset204 Arial;}}"
      "{\\*\\generator Nobody;}\\f0 caf\\'e9\\par\\f1 \\'f4\\'e0\\'e9\\'eb\\f0\\par \\u1092?\\u-10179?\\u-8704? end}";
  const std::string text = read(rtf);
  EXPECT_TRUE(has(text, "caf\u00E9")) << text;
  EXPECT_TRUE(has(text, "\u0444\u0430\u0439\u043B")) << text;
  EXPECT_TRUE(has(text, "\u0444\U0001F600 end")) << text;
  EXPECT_FALSE(has(text, "Arial") || has(text, "Nobody") || has(text, "?")) << text;
}

TEST(ReadableText, shows_where_a_link_of_rtf_leads) {
  EXPECT_TRUE(has(read("{\\rtf1{\\field{\\*\\fldinst HYPERLINK \"mailto:fox@post.example.org\"}{\\fldrslt here}}}"),
                  "fox@post.example.org"));
}

TEST(ReadableText, survives_groups_controls_and_tags_that_never_end) {
  for (const std::string& piece : {"{"s, "}"s, "\\"s, "\\'"s, "\\bin9999999999 "s, "<"s, "<a href="s, "&#"s, "<!--"s,
                                   "<script>"s, "\\u-99999999999"s}) {
    std::string many = "{\\rtf1 ";
    while (many.size() < 60'000) many += piece;
    (void)read(many);
    (void)read(many.substr(7));
  }
}

TEST(FoldText, takes_off_case_accents_and_invisible_signs) {
  EXPECT_EQ(fold_text("VERSCHL\u00DCSSELT \u0160\u00ADifre\u200Bler\u00A0\u0417\u0410\u0428\u0418\u0424\u0420"),
            "verschlusselt sifreler \u0437\u0430\u0448\u0438\u0444\u0440");
  EXPECT_EQ(fold_text("\u0391\u03A1\u03A7\u0395\u0386 \u03C3\u03B1\u03C2 \u03CE"),
            "\u03B1\u03C1\u03C7\u03B5\u03B1 \u03C3\u03B1\u03C3 \u03C9");
  EXPECT_EQ(fold_text(" a \t b \r\n\n c"), "a b\nc");
}

TEST(CodePages, hold_the_letters_their_names_promise) {
  EXPECT_EQ(decode(find_code_page(1251), "\xD4\xE0\xE9\xEB"), "\u0424\u0430\u0439\u043B");
  EXPECT_EQ(decode(find_code_page(1254), "\xFE\xF0"), "\u015F\u011F");
  EXPECT_EQ(find_code_page(4711).number, 1252U);
}

TEST(NoteStems, stand_as_fold_text_leaves_them) {
  const auto check = [](Words words) {
    for (const std::string_view word : words)
      EXPECT_EQ(fold_text("." + std::string(word) + "."), "." + std::string(word) + ".");
  };
  for (const Words words : {harm_stems(), hint_stems(), owner_stems(), supposed_stems(), thing_stems(), voice_stems(),
                            report_stems(), office_stems()})
    check(words);
  for (const NoteTopic& topic : note_topics()) check(topic.stems);
}

TEST(NoteStems, of_loss_are_found_in_either_case_and_nowhere_else) {
  EXPECT_TRUE(has_loss_stem("ALL SERVERS LOCKED"));
  EXPECT_TRUE(has_loss_stem("about your files"));
  for (const std::string_view text : {"", "l", "lock", "yourSfiles", "flower"})
    EXPECT_FALSE(has_loss_stem(text)) << text;
}

TEST(NoteStems, are_counted_once_and_placed_each_time) {
  const FoundStems found = find_note_stems("your files are encrypted. your files are encrypted");
  EXPECT_EQ(found.of(StemGroup::supposed), 0U);
  EXPECT_GE(found.of(StemGroup::harm), 1U);
  std::size_t harm = 0;
  for (const FoundStems::Place& place : found.places) harm += place.group == StemGroup::harm ? 1U : 0U;
  EXPECT_GE(harm, 2 * found.of(StemGroup::harm));
}

}  // namespace
}  // namespace lastgood::indicators
