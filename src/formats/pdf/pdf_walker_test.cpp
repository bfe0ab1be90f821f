// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that documents by common writers are whole, that every offset is held to, that streams are decoded, and that
// what readers repair is not called broken.
#include "formats/pdf/pdf_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Pdf, k_pdf_format, "pdf", {});

namespace {

std::vector<std::uint8_t> sample(const std::string& name) {
  return testing::read_sample(LASTGOOD_FORMATS_DIR "/pdf/testdata/" + name);
}

bool says(const WalkReport& report, std::string_view rule, std::string_view part) {
  for (const model::Finding& finding : report.findings) {
    if (finding.rule == rule && finding.sentence.find(part) != std::string::npos) return true;
  }
  return false;
}

std::string read_text(const std::vector<std::uint8_t>& bytes) {
  base::MemorySource source{base::ByteView(std::span<const std::uint8_t>(bytes))};
  WalkBuffers buffers;
  WalkInput input(source, buffers, "letter.pdf", model::Depth::standard, {.steps_max = 5'000'000});
  return k_pdf_format.read_text(input);
}

std::size_t find(const std::vector<std::uint8_t>& bytes, std::string_view needle) {
  return base::ByteView(std::span<const std::uint8_t>(bytes)).find(needle);
}

}  // namespace

TEST(PdfWalker, names_the_stream_that_does_not_decode) {
  std::vector<std::uint8_t> bytes = sample("whole_plain.in");
  const std::size_t data = find(bytes, "stream\n") + 7;
  const std::vector<std::uint8_t> noise = testing::random_bytes(100, 7);
  std::copy(noise.begin(), noise.end(), bytes.begin() + static_cast<std::ptrdiff_t>(data + 20));
  const WalkReport report = testing::walk_bytes(k_pdf_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  ASSERT_FALSE(report.findings.empty());
  EXPECT_EQ(report.findings.front().rule, "pdf.object");
  EXPECT_EQ(report.findings.front().range.from, data);
}

TEST(PdfWalker, does_not_call_a_document_broken_whose_offsets_a_reader_repairs) {
  std::vector<std::uint8_t> bytes = sample("whole_plain.in");
  const std::string comment = "% a line that a mail gateway put in\n";
  bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(find(bytes, "1 0 obj")), comment.begin(), comment.end());
  const WalkReport report = testing::walk_bytes(k_pdf_format, bytes, model::Depth::standard);
  EXPECT_EQ(report.shape, Shape::whole) << testing::describe(k_pdf_format, report);
  EXPECT_TRUE(says(report, "pdf.xref", "every object is whole"));
}

TEST(PdfWalker, does_not_take_bytes_that_replaced_an_object_for_the_end_of_the_one_before) {
  std::vector<std::uint8_t> bytes = sample("whole_plain.in");
  const std::size_t end = find(bytes, "endstream");
  const std::vector<std::uint8_t> noise = testing::random_bytes(100, 8);
  std::copy(noise.begin(), noise.end(), bytes.begin() + static_cast<std::ptrdiff_t>(end - 10));
  for (const model::Depth depth : {model::Depth::quick, model::Depth::standard, model::Depth::full}) {
    const WalkReport report = testing::walk_bytes(k_pdf_format, bytes, depth);
    EXPECT_EQ(report.shape, Shape::broken) << testing::describe(k_pdf_format, report);
  }
}

TEST(PdfWalker, notices_noise_that_decodes_but_does_not_fit_the_stream_checksum) {
  std::vector<std::uint8_t> bytes = sample("whole_plain.in");
  bytes[find(bytes, "endstream") - 1] ^= 1;  // the last byte of the checksum
  EXPECT_EQ(testing::walk_bytes(k_pdf_format, bytes, model::Depth::standard).shape, Shape::broken);
}

TEST(PdfWalker, notices_bytes_that_a_filter_of_letters_never_writes) {
  std::vector<std::uint8_t> bytes = sample("whole_reportlab.in");
  ASSERT_LT(find(bytes, "ASCII85Decode"), bytes.size());
  const std::size_t end = find(bytes, "endstream");
  const std::vector<std::uint8_t> noise = testing::random_bytes(40, 9);
  std::copy(noise.begin(), noise.end(), bytes.begin() + static_cast<std::ptrdiff_t>(end - 60));
  for (const model::Depth depth : {model::Depth::standard, model::Depth::full}) {
    const WalkReport report = testing::walk_bytes(k_pdf_format, bytes, depth);
    EXPECT_EQ(report.shape, Shape::broken) << testing::describe(k_pdf_format, report);
  }
}

TEST(PdfWalker, does_not_take_the_end_mark_of_the_first_page_for_the_end_of_the_document) {
  const std::vector<std::uint8_t> whole = sample("whole_linearized.in");
  const std::size_t first_end = find(whole, "%%EOF") + 6;
  ASSERT_LT(first_end + 1000, whole.size());
  std::vector<std::uint8_t> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(first_end + 700));
  EXPECT_EQ(testing::walk_bytes(k_pdf_format, cut, model::Depth::standard).shape, Shape::broken);
  std::vector<std::uint8_t> struck = cut;
  const std::vector<std::uint8_t> noise = testing::random_bytes(whole.size() - cut.size(), 10);
  struck.insert(struck.end(), noise.begin(), noise.end());
  EXPECT_EQ(testing::walk_bytes(k_pdf_format, struck, model::Depth::standard).shape, Shape::broken);
}

TEST(PdfWalker, tells_where_the_document_ends_when_bytes_follow) {
  std::vector<std::uint8_t> bytes = sample("whole_plain.in");
  const std::size_t end = bytes.size();
  bytes.insert(bytes.end(), 100, 0xAA);
  EXPECT_EQ(testing::walk_bytes(k_pdf_format, bytes, model::Depth::standard).end_bytes, end);
}

TEST(PdfWalker, does_not_count_white_space_behind_the_end_as_foreign) {
  std::vector<std::uint8_t> bytes = sample("whole_plain.in");
  bytes.insert(bytes.end(), 7, '\n');
  EXPECT_EQ(testing::walk_bytes(k_pdf_format, bytes, model::Depth::standard).allowed_trailing_bytes, 7U);
}

TEST(PdfText, reads_what_pages_by_common_writers_say) {
  for (const std::string writer : {"chromium", "ghostscript", "libreoffice", "reportlab", "wkhtmltopdf"}) {
    const std::string text = read_text(sample("whole_letter_" + writer + ".in"));
    EXPECT_NE(text.find("first.office@desk.example.org"), std::string::npos) << writer << ": " << text;
    EXPECT_EQ(text.find("orgtoday"), std::string::npos) << writer;
    if (writer == "ghostscript") continue;
    EXPECT_NE(text.find("Gr\u00FC\u00DFe"), std::string::npos) << writer << ": " << text;
    EXPECT_NE(text.find("https://desk.example.org/list"), std::string::npos) << writer << ": " << text;
  }
}

TEST(PdfText, stops_at_its_limits_on_a_page_that_names_fonts_and_forms_without_end) {
  std::string page =
      "%PDF-1.4\n1 0 obj\n<</Type /Page /Contents 2 0 R /Resources <</Font <</F 3 0 R>> /XObject <</X 2 0 "
      "R>>>>>>\nendobj\n2 0 obj\n<</Subtype /Form>>\nstream\n";
  while (page.size() < 200'000) page += "/X Do /F" + std::to_string(page.size()) + " 1 Tf (a)Tj\n";
  page += "endstream\nendobj\n3 0 obj\n<</Type /Font /ToUnicode 3 0 R>>\nendobj\n";
  EXPECT_LE(read_text(std::vector<std::uint8_t>(page.begin(), page.end())).size(), 65U * 1024);
}

TEST(PdfText, leaves_documents_alone_that_their_owner_encrypted) {
  EXPECT_TRUE(read_text(sample("sealed_aes256.in")).empty());
}

}  // namespace lastgood::formats
