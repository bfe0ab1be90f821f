// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "tables/dicom_reader.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/byte_view.h"
#include "tables/patient_row.h"

namespace lastgood::tables {

namespace {

constexpr std::size_t k_head_bytes_max = std::size_t{1} << 20;  // the patient stands within the first kilobytes
constexpr std::size_t k_steps_max = 100'000;
constexpr std::uint32_t k_undefined_length = 0xFFFFFFFF;
constexpr std::uint64_t k_preamble_bytes = 132;

struct Element {
  std::uint16_t group = 0;
  std::uint16_t number = 0;
  std::uint32_t length = 0;
  std::uint64_t value_at = 0;
  bool is_sequence = false;
};

struct Syntax {
  bool is_explicit = true;
  bool is_big = false;
};

class Elements {
 public:
  Elements(base::ByteView bytes, std::uint64_t at, Syntax syntax) : bytes_(bytes), at_(at), syntax_(syntax) {}

  [[nodiscard]] std::uint64_t at() const { return at_; }
  /// False where the bytes end.
  bool next(Element& element) {
    if (!bytes_.has(at_, 8)) return false;
    element.group = u16(at_);
    element.number = u16(at_ + 2);
    element.is_sequence = false;
    if (element.group == 0xFFFE || !syntax_.is_explicit) {  // items have no kind
      element.length = u32(at_ + 4);
      element.value_at = at_ + 8;
      element.is_sequence = element.group != 0xFFFE && element.length == k_undefined_length;
      return true;
    }
    const std::string_view kind = bytes_.part(at_ + 4, 2).text();
    constexpr std::array<std::string_view, 13> k_long_kinds = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ",
                                                               "SV", "UC", "UN", "UR", "UT", "UV"};
    const bool is_long = std::find(k_long_kinds.begin(), k_long_kinds.end(), kind) != k_long_kinds.end();
    if (is_long && !bytes_.has(at_, 12)) return false;
    element.length = is_long ? u32(at_ + 8) : u16(at_ + 6);
    element.value_at = at_ + (is_long ? 12 : 8);
    element.is_sequence = element.length == k_undefined_length;
    return true;
  }
  void go_to(std::uint64_t at) { at_ = at; }

 private:
  [[nodiscard]] std::uint16_t u16(std::uint64_t at) const { return syntax_.is_big ? bytes_.be16(at) : bytes_.le16(at); }
  [[nodiscard]] std::uint32_t u32(std::uint64_t at) const { return syntax_.is_big ? bytes_.be32(at) : bytes_.le32(at); }
  base::ByteView bytes_;
  std::uint64_t at_;
  Syntax syntax_;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  return text;
}

/// "Family^Given^Middle": the first of the groups parted by '='.
std::string plain_name(std::string_view text) {
  text = text.substr(0, text.find('='));
  const std::size_t caret = text.find('^');
  std::string given(caret == std::string_view::npos ? std::string_view() : text.substr(caret + 1));
  for (char& c : given)
    if (c == '^') c = ' ';
  while (!given.empty() && given.back() == ' ') given.pop_back();
  return given + (given.empty() ? "" : " ") + std::string(text.substr(0, caret));
}

void set(PatientRow& row, const Element& element, std::string_view value) {
  switch (element.number) {
    case 0x0010: return row.set(PatientColumn::name, plain_name(value));
    case 0x0020: return row.set(PatientColumn::uhid, value);
    case 0x0030: return row.set(PatientColumn::birth, value);
    case 0x1000: return row.set_identifier("", value);
    case 0x2154: return row.set(PatientColumn::phone, value);
    default: return;
  }
}

/// The transfer syntax out of group 0002, and where the data set begins.
std::string_view read_meta(base::ByteView bytes, std::uint64_t& data_at) {
  Elements elements(bytes, k_preamble_bytes, Syntax{});
  std::string_view syntax;
  Element element;
  for (std::size_t step = 0; step < k_steps_max && elements.next(element) && element.group == 0x0002; ++step) {
    if (element.is_sequence || !bytes.has(element.value_at, element.length)) break;
    if (element.number == 0x0010) syntax = trimmed(bytes.part(element.value_at, element.length).text());
    elements.go_to(element.value_at + element.length);
  }
  data_at = elements.at();
  return syntax;
}

/// Sequences of undefined length are walked through, not kept: nested ones count as depth, so nothing calls itself.
enum class End : std::uint8_t { complete, cut };
End read_patient(base::ByteView bytes, std::uint64_t at, Syntax syntax, PatientRow& row) {
  Elements elements(bytes, at, syntax);
  Element element;
  std::uint64_t depth = 0;
  for (std::size_t step = 0; step < k_steps_max; ++step) {
    if (!elements.next(element)) return End::cut;
    if (element.group == 0xFFFE) {
      if (element.number == 0xE0DD && depth > 0) --depth;  // end of a sequence
      const bool is_open_item = element.number == 0xE000 && element.length == k_undefined_length;
      elements.go_to(element.value_at + (is_open_item || element.number != 0xE000 ? 0 : element.length));
      continue;
    }
    if (depth == 0 && element.group > 0x0010) return End::complete;
    if (element.is_sequence) {
      ++depth;
      elements.go_to(element.value_at);
      continue;
    }
    if (depth == 0 && element.group == 0x0010 && element.length <= 1024) {
      if (!bytes.has(element.value_at, element.length)) return End::cut;
      set(row, element, trimmed(bytes.part(element.value_at, element.length).text()));
    }
    elements.go_to(element.value_at + element.length);
  }
  return End::cut;
}

}  // namespace

bool looks_like_dicom(std::string_view head) { return head.size() > k_preamble_bytes && head.substr(128, 4) == "DICM"; }

base::Status read_dicom(base::ByteSource& source, TableSink& sink) {
  std::vector<std::uint8_t> buffer(
      static_cast<std::size_t>(std::min<std::uint64_t>(source.size_bytes(), k_head_bytes_max)));
  LG_ASSIGN(const std::size_t count, source.read(0, buffer));
  const base::ByteView bytes{std::span<const std::uint8_t>(buffer).first(count)};
  std::uint64_t data_at = 0;
  const std::string_view syntax = read_meta(bytes, data_at);
  const auto complain = [&](std::string_view rule, std::string sentence) {
    sink.finding({.rule = fmt::format("dicom.{}", rule),
                  .sentence = std::move(sentence),
                  .weight = model::Weight::contradicts,
                  .range = {data_at, data_at}});
  };
  if (syntax == "1.2.840.10008.1.2.1.99") {
    complain("deflated", "the data set is compressed as a whole and was not read");
    return base::Done{};
  }
  PatientRow row;
  const End end = read_patient(
      bytes, data_at, {.is_explicit = syntax != "1.2.840.10008.1.2", .is_big = syntax == "1.2.840.10008.1.2.2"}, row);
  if (!row.empty()) {
    PatientRow::begin("DICOM", sink);
    (void)row.give(sink);
  } else if (end == End::cut) {
    complain("end", fmt::format("no patient was found in the {} bytes that were read", count));
  }
  return base::Done{};
}

}  // namespace lastgood::tables
