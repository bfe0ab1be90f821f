// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Content streams are followed as far as text needs it (ISO 32000-1, 9.4): fonts, strings, and whether the next string
// stands on another line. Widths are not computed: programs that leave out the blanks between words move by more than a
// fifth of an em inside a TJ array, and those that move otherwise write their blanks.
#include "formats/pdf/pdf_text.h"

#include <charconv>
#include <cmath>
#include <unordered_map>
#include <vector>

#include "base/utf8.h"
#include "formats/pdf/pdf_font.h"
#include "formats/pdf/pdf_pieces.h"
#include "formats/pdf/pdf_syntax.h"

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::size_t k_pages_max = 6;
constexpr std::size_t k_contents_max = 16;  // streams of one page
constexpr std::size_t k_forms_max = 32;
constexpr std::size_t k_text_bytes_max = 64 * 1024;
constexpr std::size_t k_operands_max = 16;
constexpr std::size_t k_parents_max = 8;
constexpr std::size_t k_shown_parts_max = 4096;
constexpr std::size_t k_links_max = 64;
constexpr std::size_t k_font_names_max = 64;
constexpr double k_blank_thousandths = 200;

double number_of(ByteView word) {
  double number = 0;
  const std::string_view text = word.text();
  const auto end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  return parsed.ec == std::errc() && std::isfinite(number) ? number : 0;
}

class DocumentText {
 public:
  explicit DocumentText(WalkInput& input) : input_(input), pieces_(input) {}

  std::string read() {
    std::vector<ByteView> pages;
    for (const ByteView body : pieces_.all()) {
      if (PdfDictionary(body).first_name_is("/Type", "/Page")) pages.push_back(body);
      if (pages.size() > k_pages_max) return {};
    }
    for (const ByteView page : pages) read_page(page);
    read_strings("/Title", 1);
    read_strings("/URI", k_links_max);
    return std::move(out_);
  }

 private:
  struct Form {
    ByteView body;
    ByteView resources;
  };

  void read_page(ByteView page) {
    std::vector<ByteView> contents =
        list_pdf_array(pieces_.resolve(PdfDictionary(page).find("/Contents")), k_contents_max);
    if (contents.empty()) contents.push_back(PdfDictionary(page).find("/Contents"));
    std::string joined;
    for (const ByteView content : contents) joined += pieces_.decode_stream(pieces_.resolve(content)) + "\n";
    use_resources(find_resources(page));
    forms_.clear();
    follow(ByteView(std::string_view(joined)));
    for (std::size_t i = 0; i < forms_.size(); ++i) {
      const Form form = forms_[i];
      const std::string content = pieces_.decode_stream(form.body);
      const ByteView own = pieces_.resolve(PdfDictionary(form.body).find("/Resources"));
      use_resources(own.empty() ? form.resources : own);
      follow(ByteView(std::string_view(content)));
    }
    out_ += '\n';
  }

  void use_resources(ByteView resources) {
    resources_ = resources;
    named_fonts_.clear();
  }

  /// A page without resources has those of a node above it (7.7.3.4).
  ByteView find_resources(ByteView page) {
    for (std::size_t level = 0; level < k_parents_max && !page.empty(); ++level) {
      const ByteView resources = pieces_.resolve(PdfDictionary(page).find("/Resources"));
      if (!resources.empty()) return resources;
      page = pieces_.resolve(PdfDictionary(page).find("/Parent"));
    }
    return {};
  }

  void follow(ByteView content) {
    std::vector<ByteView> operands;
    font_ = nullptr;
    letter_gap_ = 0;
    std::size_t at = 0;
    while (out_.size() < k_text_bytes_max && input_.may_continue()) {
      at = skip_pdf_space(content, at);
      if (at >= content.size()) return;
      const auto end = find_pdf_value_end(content, at);
      if (!end || *end <= at) {
        ++at;
        continue;
      }
      const ByteView word = content.part(at, *end - at);
      at = *end;
      const std::uint8_t first = word.u8(0);
      const bool is_operator =
          (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z') || first == '\'' || first == '"';
      if (!is_operator) {
        if (operands.size() < k_operands_max) operands.push_back(word);
        continue;
      }
      if (word.text() == "ID") at = find_image_end(content, at);
      apply(word.text(), operands);
      operands.clear();
    }
  }

  /// The bytes of an inline image are no operators (8.9.7).
  static std::size_t find_image_end(ByteView content, std::size_t at) {
    for (std::size_t end = content.find("EI", at); end != ByteView::npos; end = content.find("EI", end + 1)) {
      if (is_pdf_space(content.u8(end - 1)) && (end + 2 >= content.size() || is_pdf_space(content.u8(end + 2))))
        return end + 2;
    }
    return content.size();
  }

  void apply(std::string_view name, const std::vector<ByteView>& operands) {
    const auto operand = [&](std::size_t from_end) {
      return from_end <= operands.size() ? operands[operands.size() - from_end] : ByteView();
    };
    if (name == "Tf") {
      font_ = find_font(operand(2));
      size_ = number_of(operand(1));
    } else if (name == "Tc") {
      letter_gap_ = number_of(operand(1));
    } else if (name == "Td" || name == "TD") {
      y_ += number_of(operand(1));
    } else if (name == "Tm") {
      y_ = number_of(operand(1));
    } else if (name == "BT") {
      y_ = 0;
    } else if (name == "T*" || name == "cm") {
      line_ends_ = true;
    } else if (name == "Tj" || name == "TJ") {
      show(operand(1));
    } else if (name == "'" || name == "\"") {
      line_ends_ = true;
      show(operand(1));
    } else if (name == "Do" && named_forms_++ < 2 * k_forms_max) {
      const ByteView forms = pieces_.resolve(PdfDictionary(resources_).find("/XObject"));
      const ByteView form = pieces_.resolve(PdfDictionary(forms).find(operand(1).text()));
      if (forms_.size() < k_forms_max && PdfDictionary(form).first_name_is("/Subtype", "/Form"))
        forms_.push_back({.body = form, .resources = resources_});
    }
  }

  /// Each name is looked up once for each set of resources: a hostile page names one a hundred thousand times.
  const PdfFont* find_font(ByteView name) {
    const auto named = named_fonts_.find(std::string(name.text()));
    if (named != named_fonts_.end()) return named->second;
    const PdfFont* font = named_fonts_.size() < k_font_names_max ? look_up_font(name) : nullptr;
    if (named_fonts_.size() < k_font_names_max) named_fonts_.emplace(name.text(), font);
    return font;
  }

  const PdfFont* look_up_font(ByteView name) {
    const ByteView fonts = pieces_.resolve(PdfDictionary(resources_).find("/Font"));
    const ByteView value = PdfDictionary(fonts).find(name.text());
    const ByteView dictionary = pieces_.resolve(value);
    if (dictionary.empty()) return nullptr;
    const auto known = fonts_.find(dictionary.begin());
    if (known != fonts_.end()) return &known->second;
    return &fonts_.emplace(dictionary.begin(), PdfFont(pieces_, dictionary)).first->second;
  }

  /// An address that does not fit a line is broken behind a hyphen.
  [[nodiscard]] bool ends_in_hyphen() const {
    return out_.size() >= 2 && out_.back() == '-' && out_[out_.size() - 2] != ' ' && out_[out_.size() - 2] != '-';
  }

  void show(ByteView value) {
    static const PdfFont unknown;
    const PdfFont& font = font_ != nullptr ? *font_ : unknown;
    if ((line_ends_ || std::abs(y_ - shown_y_) > 0.01) && !ends_in_hyphen()) out_ += '\n';
    line_ends_ = false;
    shown_y_ = y_;
    // Some programs move on to the next word by widening the gap behind a letter.
    const std::string_view between = letter_gap_ * 1000 > k_blank_thousandths * size_ ? " " : "";
    if (value.u8(0) != '[') return font.append_letters(parse_pdf_string(value), between, out_);
    for (const ByteView part : list_pdf_array(value, k_shown_parts_max)) {
      if (part.u8(0) == '(' || part.u8(0) == '<')
        font.append_letters(parse_pdf_string(part), between, out_);
      else if (-number_of(part) > k_blank_thousandths)
        out_ += ' ';
    }
  }

  /// Strings behind the key `name`, wherever a dictionary has it; UTF-16 when they begin so (7.9.2.2).
  void read_strings(std::string_view name, std::size_t count_max) {
    std::size_t count = 0;
    for (const ByteView body : pieces_.all()) {
      for (std::size_t at = body.find(name); at != ByteView::npos; at = body.find(name, at + 1)) {
        const std::string text = parse_pdf_string(body.part(skip_pdf_space(body, at + name.size()), 2048));
        if (text.empty() || out_.size() >= k_text_bytes_max) continue;
        out_ += '\n' + (text.starts_with("\xFE\xFF") ? base::utf8_of_utf16(text, base::ByteOrder::big) : text);
        if (++count >= count_max) return;
      }
    }
  }

  WalkInput& input_;
  PdfPieces pieces_;
  ByteView resources_;
  std::vector<Form> forms_;
  std::unordered_map<const std::uint8_t*, PdfFont> fonts_;  // by where their dictionary stands
  std::unordered_map<std::string, const PdfFont*> named_fonts_;
  std::size_t named_forms_ = 0;
  const PdfFont* font_ = nullptr;
  double size_ = 1;
  double letter_gap_ = 0;
  double y_ = 0;
  double shown_y_ = 0;
  bool line_ends_ = false;
  std::string out_;
};

}  // namespace

std::string read_pdf_text(WalkInput& input) {
  const ByteView whole = input.whole();
  if (whole.empty() || whole.find("/Encrypt") != ByteView::npos) return {};
  return DocumentText(input).read();
}

}  // namespace lastgood::formats
