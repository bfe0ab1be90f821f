// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that programs of others read what is written, with every word in it, that hostile texts stay texts, that the
// same document gives the same bytes, and that words which may not be said are refused.
#include <gtest/gtest.h>

#include "documents/clean_text.h"
#include "documents/wording.h"
#include "documents/write_document.h"
#include "documents/zip_bytes.h"
#include "os/run_program.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::documents {

namespace {

constexpr std::array k_forms = {Form::odt, Form::docx, Form::pdf, Form::text, Form::html};
const std::string k_hostile = "<w:t>&]]>\x01\xff\"'</text:p>\xe2\x80\xae.exe";

Document example() {
  Document document;
  document.title = "Request & <questions>";
  document.note = "Draft";
  document.made_ns = 1'669'161'600'000'000'000;
  document.blocks = {
      Heading{"Facts", 1},
      Paragraph{{{"To ", RunStyle::plain},
                 {"whom", RunStyle::bold},
                 {" was ", RunStyle::plain},
                 {"1.2.3.4", RunStyle::quoted}}},
      List{{{{"first item", RunStyle::plain}}, {{"second item", RunStyle::plain}}}, ListKind::numbers},
      Table{{"address", "port"},
            {{{{"5.6.7.8", RunStyle::plain}}, {{"4444", RunStyle::plain}}}, {{{"short row", RunStyle::plain}}}},
            {70, 30}},
      Field{"Officer", {}},
      Field{"Case", {{"FIR 349/2022", RunStyle::quoted}}},
      PageBreak{},
      Paragraph{{{"हस्ताक्षर மருத்துவமனை " + k_hostile, RunStyle::quoted}}}};
  return document;
}

std::string write(const Document& document, Form form) {
  auto bytes = write_document(document, form);
  EXPECT_TRUE(bytes.ok()) << bytes.error().what;
  return bytes.ok() ? bytes.value() : std::string();
}

/// What another program prints of the document.
std::string read_back(const Document& document, Form form) {
  const os::testing::ScratchFolder scratch;
  const std::string path = scratch / ("made" + std::string(ending_of(form)));
  os::testing::write_file(path, write(document, form));
  std::vector<std::string> command;
  if (form == Form::pdf) command = {"/usr/bin/pdftotext", "-layout", path, "-"};
  if (form == Form::docx) {
    command = {"/usr/bin/python3", "-c",
               "import docx,sys\nd=docx.Document(sys.argv[1])\n"
               "print('\\n'.join(p.text for p in d.paragraphs))\n"
               "print('\\n'.join(c.text for t in d.tables for r in t.rows for c in r.cells))\n"
               "print(d.sections[0].header.paragraphs[0].text)",
               path};
  }
  if (form == Form::odt) {
    command = {
        "/usr/bin/python3", "-c",
        "import sys\nfrom odf import teletype,text\nfrom odf.opendocument import load\nd=load(sys.argv[1])\n"
        "print('\\n'.join(teletype.extractText(e) for e in d.getElementsByType(text.P)+d.getElementsByType(text.H)))",
        path};
  }
  const auto end = os::run_program(command, scratch.path());
  EXPECT_TRUE(end.ok()) << (end.ok() ? "" : end.error().what);
  if (!end.ok()) return {};
  EXPECT_EQ(end.value().exit_code, 0) << end.value().printed;
  return end.value().printed;
}

}  // namespace

TEST(Documents, are_read_back_by_other_programs_with_all_their_words) {
  for (const Form form : {Form::odt, Form::docx, Form::pdf}) {
    const std::string text = read_back(example(), form);
    for (const char* words : {"To whom was 1.2.3.4", "Facts", "1. first item", "2. second item", "5.6.7.8", "4444",
                              "short row", "Officer: ________", "FIR 349/2022"}) {
      std::string expected = words;
      // Where lists keep mark and text apart, only the text is looked for.
      if (form == Form::pdf && expected[1] == '.') expected = expected.substr(3);
      EXPECT_NE(text.find(expected), std::string::npos) << name_of(form) << ": " << words << "\n" << text;
    }
    EXPECT_NE(text.find("<w:t>&]]>"), std::string::npos) << name_of(form) << "\n" << text;
    EXPECT_TRUE(form == Form::odt || text.find("Draft") != std::string::npos) << name_of(form);
  }
}

TEST(Documents, have_as_many_pages_as_they_say) {
  Document document = example();
  for (int i = 0; i < 200; ++i)
    document.blocks.emplace_back(Paragraph{{{"line " + std::to_string(i), RunStyle::plain}}});
  const std::string text = read_back(document, Form::pdf);
  const std::size_t last = text.rfind("page ");
  ASSERT_NE(last, std::string::npos);
  EXPECT_GT(std::count(text.begin(), text.end(), '\f'), 3);
  const auto pages = std::to_string(std::count(text.begin(), text.end(), '\f'));
  EXPECT_EQ(text.substr(last, text.find('\n', last) - last), "page " + pages + " of " + pages);
}

TEST(Documents, do_not_put_hyphens_into_values_that_break_over_lines) {
  const std::string digest(400, 'a');
  Document document;
  document.title = "T";
  document.blocks = {Paragraph{{{digest, RunStyle::quoted}}}};
  std::string text = read_back(document, Form::pdf);
  std::erase_if(text, [](char letter) { return letter == '\n' || letter == ' '; });
  EXPECT_NE(text.find(digest), std::string::npos);
}

TEST(Documents, are_the_same_bytes_every_time) {
  for (const Form form : k_forms) EXPECT_EQ(write(example(), form), write(example(), form)) << name_of(form);
}

TEST(Documents, say_their_kind_where_readers_look_for_it) {
  const std::string odt = write(example(), Form::odt);
  EXPECT_EQ(odt.substr(0, 4), std::string("PK\x03\x04"));
  EXPECT_EQ(odt.substr(30, 47), "mimetypeapplication/vnd.oasis.opendocument.text");
  EXPECT_EQ(write(example(), Form::pdf).substr(0, 5), "%PDF-");
}

TEST(Documents, keep_hostile_text_as_text) {
  const std::string html = write(example(), Form::html);
  EXPECT_EQ(html.find("<w:t>"), std::string::npos);
  EXPECT_NE(html.find("&lt;w:t&gt;"), std::string::npos);
  const std::string text = write(example(), Form::text);
  EXPECT_NE(text.find("\\x01\\xff"), std::string::npos);
  EXPECT_NE(text.find("<U+202E>.exe"), std::string::npos) << "a turned direction is shown";
  EXPECT_EQ(text.find('\x01'), std::string::npos);
}

TEST(Documents, hold_nothing_at_all_and_very_much) {
  for (const Form form : k_forms) {
    EXPECT_FALSE(write(Document{}, form).empty());
    Document document;
    document.blocks = {Table{{}, {}, {}}, List{}, Paragraph{}, Heading{"", 9}, Field{}};
    EXPECT_FALSE(write(document, form).empty());
  }
  Document large;
  Table table{{"value"}, {}, {}};
  for (int i = 0; i < 2000; ++i)
    table.rows.push_back({{{std::string(100, 'x') + std::to_string(i), RunStyle::quoted}}});
  table.rows.push_back({{{std::string(200'000, 'y'), RunStyle::quoted}}});
  large.blocks = {table};
  for (const Form form : k_forms) EXPECT_FALSE(write(large, form).empty());
}

TEST(Wording, finds_what_may_not_be_said) {
  for (const char* text :
       {"The attack originates from China.", "The attacker is\n in Henan", "it was Traced  To Hong Kong",
        "the hackers are known", "the perpetrator", "the exact location of the server"}) {
    EXPECT_EQ(find_banned_words(text).size(), 1U) << text;
  }
  for (const char* text : {"This shows which server took part, not who used it or where that person was.",
                           "untraced tokens", "the guiltyful", "to whom was the address allotted"}) {
    EXPECT_TRUE(find_banned_words(text).empty()) << text;
  }
}

TEST(Wording, refuses_a_document_and_leaves_quotations_alone) {
  Document document;
  document.title = "T";
  document.blocks = {Paragraph{{{"the mail says: ", RunStyle::plain}, {"the attacker is in Rome", RunStyle::quoted}}}};
  for (const Form form : k_forms) EXPECT_TRUE(write_document(document, form).ok());
  document.blocks.emplace_back(Paragraph{{{"The attacker ", RunStyle::bold}, {"is in Rome", RunStyle::plain}}});
  for (const Form form : k_forms) {
    const auto refused = write_document(document, form);
    ASSERT_FALSE(refused.ok()) << "a phrase over two runs";
    EXPECT_NE(refused.error().what.find("the attacker is"), std::string::npos);
  }
  for (Block block :
       {Block(Heading{"traced to X", 1}), Block(List{{{{"traced to X", RunStyle::plain}}}, ListKind::dashes}),
        Block(Field{"traced to X", {}}), Block(Table{{"traced to X"}, {}, {}})}) {
    Document other;
    other.blocks = {std::move(block)};
    EXPECT_EQ(find_banned_words(other).size(), 1U);
  }
}

TEST(Pdf, keeps_a_heading_on_the_page_of_the_table_that_it_is_of) {
  for (std::size_t lines = 30; lines < 50; ++lines) {
    Document document;
    document.title = "Title";
    for (std::size_t i = 0; i < lines; ++i) document.blocks.emplace_back(Field{"Line", {{"x", RunStyle::plain}}});
    document.blocks.emplace_back(Heading{"Addresses", 1});
    const std::string tall = "firstrow " + std::string(40, 'y') + " " + std::string(40, 'y');
    document.blocks.emplace_back(
        Table{{"what", "narrow"}, {{{{"a", RunStyle::plain}}, {{tall, RunStyle::plain}}}}, {88, 12}});
    const std::string text = read_back(document, Form::pdf);
    const std::size_t heading = text.find("Addresses");
    const std::size_t row = text.find("firstrow");
    ASSERT_NE(heading, std::string::npos);
    ASSERT_NE(row, std::string::npos);
    EXPECT_EQ(text.substr(heading, row - heading).find('\f'), std::string::npos) << lines << " lines before it";
  }
}

TEST(ZipBytes, are_whole_for_a_reader_of_others) {
  ZipBytes zip;
  zip.add("stored", "as it is", Packing::stored);
  zip.add("empty", "", Packing::deflated);
  zip.add("packed", std::string(100'000, 'z'), Packing::deflated);
  const os::testing::ScratchFolder scratch;
  os::testing::write_file(scratch / "a.zip", zip.finish());
  const auto end = os::run_program(
      std::vector<std::string>{"/usr/bin/python3", "-c",
                               "import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n"
                               "print(z.read('stored').decode(), len(z.read('packed')), len(z.read('empty')))",
                               scratch / "a.zip"},
      scratch.path());
  ASSERT_TRUE(end.ok());
  EXPECT_EQ(end.value().printed, "as it is 100000 0\n");
}

}  // namespace lastgood::documents
