// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/pdf/pdf_xref.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "formats/codec/deflate.h"
#include "formats/pdf/pdf_syntax.h"

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::size_t k_sections_max = 1024;
constexpr std::size_t k_dictionary_bytes_max = 64 * 1024;
constexpr std::uint64_t k_table_bytes_max = 64 * 1024 * 1024;  // one decoded cross-reference stream
constexpr std::uint64_t k_entry_bytes = 18;                    // without its line end
constexpr std::uint64_t k_columns_max = 64;
constexpr std::size_t k_scan_piece_bytes = 256 * 1024;
constexpr std::size_t k_scan_overlap_bytes = 64;

/// Reverses a PNG predictor in place of rows of 1 + `columns` bytes (RFC 2083, 6); gives the rows without their tags.
std::vector<std::uint8_t> undo_predictor(const std::vector<std::uint8_t>& rows, std::size_t columns) {
  std::vector<std::uint8_t> out;
  out.reserve(rows.size());
  std::array<std::uint8_t, k_columns_max> above{};
  for (std::size_t at = 0; at + columns < rows.size(); at += columns + 1) {
    const std::uint8_t filter = rows[at];
    std::array<std::uint8_t, k_columns_max> row{};
    for (std::size_t i = 0; i < columns; ++i) {
      const int left = i > 0 ? row[i - 1] : 0;
      const int up = above[i];
      const int corner = i > 0 ? above[i - 1] : 0;
      const int estimate = left + up - corner;
      const int by_left = std::abs(estimate - left);
      const int by_up = std::abs(estimate - up);
      const int by_corner = std::abs(estimate - corner);
      int predicted = 0;
      if (filter == 1) predicted = left;
      if (filter == 2) predicted = up;
      if (filter == 3) predicted = (left + up) / 2;
      if (filter == 4) predicted = by_left <= by_up && by_left <= by_corner ? left : by_up <= by_corner ? up : corner;
      row[i] = static_cast<std::uint8_t>(rows[at + 1 + i] + predicted);
    }
    out.insert(out.end(), row.begin(), row.begin() + static_cast<std::ptrdiff_t>(columns));
    above = row;
  }
  return out;
}

std::vector<std::uint64_t> parse_numbers(ByteView array, std::size_t count_max) {
  std::vector<std::uint64_t> numbers;
  if (array.u8(0) != '[') return numbers;
  std::size_t at = skip_pdf_space(array, 1);
  while (numbers.size() < count_max) {
    const auto number = parse_pdf_number(array, at);
    if (!number) break;
    numbers.push_back(number->value);
    at = skip_pdf_space(array, number->to);
  }
  return numbers;
}

class XrefReader {
 public:
  XrefReader(WalkInput& input, std::uint64_t origin, PdfXref& xref) : input_(input), origin_(origin), xref_(xref) {}

  void read(std::uint64_t start) {
    shift_ = find_shift(start);
    pending_.push_back(start);
    while (!pending_.empty() && xref_.why.empty() && input_.may_continue()) {
      const std::uint64_t offset = pending_.back();
      pending_.pop_back();
      if (std::find(seen_.begin(), seen_.end(), offset) != seen_.end()) continue;  // loops and shared ancestors
      if (seen_.size() >= k_sections_max) return;
      seen_.push_back(offset);
      read_section(offset);
    }
  }

 private:
  bool has_section_at(std::uint64_t at) {
    const ByteView bytes = input_.at(at, 64);
    std::size_t from = 0;
    while (from < bytes.size() && is_pdf_space(bytes.u8(from))) ++from;
    return bytes.matches(from, "xref") || parse_pdf_object_head(bytes, from).has_value();
  }

  std::uint64_t find_shift(std::uint64_t start) {
    if (origin_ == 0 || has_section_at(start)) return 0;
    return start < input_.size_bytes() && has_section_at(start + origin_) ? origin_ : 0;
  }

  void fail(std::string why, std::uint64_t from, std::uint64_t to) {
    xref_.why = std::move(why);
    const std::uint64_t size = input_.size_bytes();
    xref_.why_range = {.from = std::min(from, size), .to = std::min(std::max(from, to), size)};
  }

  void read_section(std::uint64_t offset) {
    const std::uint64_t size = input_.size_bytes();
    if (offset >= size || shift_ >= size - offset) {
      return fail(
          fmt::format("a cross-reference section is said to stand at byte {}, the content ends at {}", offset, size),
          size, size);
    }
    std::uint64_t at = offset + shift_;
    const ByteView bytes = input_.at(at, 64);
    std::size_t skipped = 0;
    while (skipped < bytes.size() && is_pdf_space(bytes.u8(skipped))) ++skipped;
    at += skipped;
    if (bytes.matches(skipped, "xref")) return read_table(at);
    if (parse_pdf_object_head(bytes, skipped)) return read_stream(at);
    fail(fmt::format("neither a cross-reference table nor a stream stands at byte {}", at), at, at + 64);
  }

  void add_place(std::uint64_t offset, std::uint64_t number) {
    // An entry in use at byte 0 is a common way to write a free one.
    if (offset == 0 || xref_.places.size() >= PdfXref::k_places_max) return;
    const auto small = static_cast<std::uint32_t>(std::min<std::uint64_t>(number, PdfPlace::k_any_number));
    const std::uint64_t room = UINT64_MAX - offset;
    xref_.places.push_back({.offset = shift_ <= room ? offset + shift_ : offset, .number = small});
  }

  void note_trailer(const PdfDictionary& trailer) {
    for (const std::string_view key : {std::string_view("/XRefStm"), std::string_view("/Prev")}) {
      if (const auto offset = trailer.number(key)) pending_.push_back(*offset);
    }
    const ByteView encrypt = trailer.find("/Encrypt");
    if (!encrypt.empty() && !encrypt.matches(0, "null")) xref_.secrecy = PdfSecrecy::encrypted;
  }

  /// "nnnnnnnnnn ggggg n" lines of one subsection; gives where they end, 0 when one is none.
  std::uint64_t read_entries(std::uint64_t at, std::uint64_t first, std::uint64_t count) {
    for (std::uint64_t i = 0; i < count && input_.may_continue(); ++i) {
      const ByteView line = input_.at(at, 24);
      const auto offset = parse_pdf_number(line, 0);
      const auto generation =
          offset && line.u8(offset->to) == ' ' ? parse_pdf_number(line, offset->to + 1) : std::nullopt;
      const std::uint8_t kind =
          generation && line.u8(generation->to) == ' ' ? line.u8(generation->to + 1) : std::uint8_t{0};
      if (kind != 'n' && kind != 'f') {
        fail(fmt::format("entry {} of {} in the cross-reference table at byte {} is none", i, count, at), at,
             at + (count - i) * 20);
        return 0;
      }
      if (kind == 'n') add_place(offset->value, first + i);
      std::size_t next = generation->to + 2;
      while (next < line.size() && is_pdf_space(line.u8(next))) ++next;
      at += next;
    }
    return at;
  }

  void read_table(std::uint64_t from) {
    std::uint64_t at = from + 4;
    while (input_.may_continue()) {
      const ByteView line = input_.at(at, 64);
      const std::size_t word = skip_pdf_space(line, 0);
      if (line.matches(word, "trailer")) return read_trailer(from, at + word + 7);
      const auto first = parse_pdf_number(line, word);
      const auto count = first ? parse_pdf_number(line, skip_pdf_space(line, first->to)) : std::nullopt;
      if (!count || count->value > (input_.size_bytes() - at) / k_entry_bytes + 1) {
        return fail(fmt::format("the cross-reference table at byte {} does not go on at byte {}", from, at), at,
                    at + 64);
      }
      at += skip_pdf_space(line, count->to);
      at = read_entries(at, first->value, count->value);
      if (at == 0) return;
    }
  }

  void read_trailer(std::uint64_t section_from, std::uint64_t at) {
    const ByteView bytes = input_.at(at, k_dictionary_bytes_max);
    const std::size_t from = skip_pdf_space(bytes, 0);
    const auto to = bytes.matches(from, "<<") ? find_pdf_value_end(bytes, from) : std::nullopt;
    if (!to) return fail(fmt::format("no trailer dictionary stands at byte {}", at), at, at + 256);
    note_trailer(PdfDictionary(bytes.part(from, *to - from)));
    xref_.sections.push_back({.from = section_from, .to = at + *to});
  }

  void read_stream(std::uint64_t at) {
    const ByteView bytes = input_.at(at, k_dictionary_bytes_max);
    const auto head = parse_pdf_object_head(bytes, 0);
    const auto to =
        head && bytes.matches(head->body_from, "<<") ? find_pdf_value_end(bytes, head->body_from) : std::nullopt;
    if (!to) return fail(fmt::format("no cross-reference stream stands at byte {}", at), at, at + 256);
    const PdfDictionary dictionary(bytes.part(head->body_from, *to - head->body_from));
    const std::size_t word = skip_pdf_space(bytes, *to);
    if (!bytes.matches(word, "stream") || !dictionary.first_name_is("/Type", "/XRef")) {
      return fail(fmt::format("the object at byte {} is no cross-reference stream", at), at, at + *to);
    }
    std::size_t data = word + 6;
    if (bytes.u8(data) == '\r') ++data;
    if (bytes.u8(data) == '\n') ++data;
    const std::vector<std::uint64_t> widths = parse_numbers(dictionary.find("/W"), 8);
    std::vector<std::uint64_t> index = parse_numbers(dictionary.find("/Index"), 65536);
    if (index.size() < 2) index = {0, dictionary.number("/Size").value_or(0)};
    const PdfDictionary parameters(dictionary.find("/DecodeParms"));
    const std::uint64_t predictor = parameters.number("/Predictor").value_or(1);
    const std::uint64_t columns = parameters.number("/Columns").value_or(1);
    const bool flate =
        dictionary.first_name_is("/Filter", "/FlateDecode") || dictionary.first_name_is("/Filter", "/Fl");
    const std::uint64_t length = dictionary.number("/Length").value_or(input_.size_bytes());
    note_trailer(dictionary);
    add_place(at - shift_, head->number);
    const std::uint64_t data_from = at + data;
    const std::uint64_t data_to =
        data_from + std::min(length, input_.size_bytes() - std::min(input_.size_bytes(), data_from));
    std::vector<std::uint8_t> rows = flate ? inflate(data_from, data_to) : copy(data_from, data_to);
    if (!xref_.why.empty()) return;
    if (predictor >= 10 && columns > 0 && columns < k_columns_max)
      rows = undo_predictor(rows, static_cast<std::size_t>(columns));
    read_rows(ByteView(std::span<const std::uint8_t>(rows)), widths, index, data_from, data_to);
  }

  std::vector<std::uint8_t> inflate(std::uint64_t from, std::uint64_t to) {
    std::vector<std::uint8_t> rows;
    const Decoded decoded =
        decode_deflate(input_, from, to, DeflateFrame::zlib, k_table_bytes_max, [&rows](ByteView piece) {
          rows.insert(rows.end(), piece.begin(), piece.end());
          return true;
        });
    // Some writers leave the zlib checksum out; what was decoded counts all the same.
    if (decoded.end == DecodeEnd::malformed) {
      fail(fmt::format("the cross-reference stream at byte {} does not decode", from), from, to);
    }
    return rows;
  }

  std::vector<std::uint8_t> copy(std::uint64_t from, std::uint64_t to) {
    const ByteView bytes =
        input_.at(from, static_cast<std::size_t>(std::min<std::uint64_t>(to - std::min(from, to), k_window_bytes)));
    return {bytes.begin(), bytes.end()};
  }

  void read_rows(ByteView rows, const std::vector<std::uint64_t>& widths, const std::vector<std::uint64_t>& index,
                 std::uint64_t from, std::uint64_t to) {
    if (widths.size() < 3 || widths[0] > 8 || widths[1] > 8 || widths[2] > 8 || widths[1] == 0) {
      return fail(fmt::format("the cross-reference stream at byte {} has no field widths", from), from, to);
    }
    const auto field = [&rows](std::size_t at, std::uint64_t width) {
      std::uint64_t value = 0;
      for (std::size_t i = 0; i < width; ++i) value = (value << 8) | rows.u8(at + i);
      return value;
    };
    const std::size_t row_bytes = static_cast<std::size_t>(widths[0] + widths[1] + widths[2]);
    std::size_t at = 0;
    for (std::size_t i = 0; i + 1 < index.size(); i += 2) {
      for (std::uint64_t k = 0; k < index[i + 1] && rows.has(at, row_bytes) && input_.may_continue(); ++k) {
        const std::uint64_t type = widths[0] == 0 ? 1 : field(at, widths[0]);
        const std::uint64_t value = field(at + static_cast<std::size_t>(widths[0]), widths[1]);
        if (type == 1) add_place(value, index[i] + k);
        if (type == 2) ++xref_.compressed_objects;
        at += row_bytes;
      }
    }
  }

  WalkInput& input_;
  std::uint64_t origin_;
  PdfXref& xref_;
  std::uint64_t shift_ = 0;
  std::vector<std::uint64_t> pending_;
  std::vector<std::uint64_t> seen_;
};

}  // namespace

void read_pdf_xref(WalkInput& input, std::uint64_t origin, std::uint64_t start, PdfXref& xref) {
  xref.places.clear();
  xref.sections.clear();
  xref.compressed_objects = 0;
  xref.secrecy = PdfSecrecy::open;
  xref.why.clear();
  XrefReader(input, origin, xref).read(start);
  const auto less = [](const PdfPlace& a, const PdfPlace& b) {
    return a.offset != b.offset ? a.offset < b.offset : a.number < b.number;
  };
  std::sort(xref.places.begin(), xref.places.end(), less);
  const auto same = [](const PdfPlace& a, const PdfPlace& b) { return a.offset == b.offset; };
  xref.places.erase(std::unique(xref.places.begin(), xref.places.end(), same), xref.places.end());
  std::sort(xref.sections.begin(), xref.sections.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
}

void scan_pdf_objects(WalkInput& input, std::uint64_t from, std::uint64_t to, std::vector<PdfPlace>& places) {
  std::uint64_t at = from;
  while (at < to && input.may_continue(1 + k_scan_piece_bytes / 16384)) {
    const ByteView piece = input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(k_scan_piece_bytes, to - at)));
    std::size_t found = piece.find(" obj");
    for (; found != ByteView::npos; found = piece.find(" obj", found + 4)) {
      // Back over "n g" to the beginning of its line.
      std::size_t head = found;
      while (head > 0 && found - head < 24 &&
             (piece.u8(head - 1) == ' ' || (piece.u8(head - 1) >= '0' && piece.u8(head - 1) <= '9')))
        --head;
      const bool line_begins = head == 0 || is_pdf_space(piece.u8(head - 1));
      const auto object = line_begins ? parse_pdf_object_head(piece, head) : std::nullopt;
      if (!object) continue;
      const std::uint64_t offset = at + head;
      if (!places.empty() && places.back().offset >= offset) continue;
      const auto number = static_cast<std::uint32_t>(std::min<std::uint64_t>(object->number, PdfPlace::k_any_number));
      if (places.size() < PdfXref::k_places_max) places.push_back({.offset = offset, .number = number});
    }
    if (piece.size() <= k_scan_overlap_bytes || at + piece.size() >= to) break;
    at += piece.size() - k_scan_overlap_bytes;
  }
}

}  // namespace lastgood::formats
