// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/pdf/pdf_pieces.h"

#include <algorithm>
#include <string_view>

#include "formats/codec/inflate_in_memory.h"
#include "formats/pdf/pdf_syntax.h"
#include "formats/pdf/pdf_xref.h"

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::size_t k_bodies_max = 4096;
constexpr std::uint64_t k_decoded_bytes_max = 2 * 1024 * 1024;  // all streams of one document together
constexpr std::uint64_t k_stream_bytes_max = 1024 * 1024;
constexpr std::size_t k_filters_max = 4;
constexpr std::size_t k_packed_objects_max = 1024;

int hex_value(std::uint8_t byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/// Up to ">" or the end; what is no digit is skipped, a lone last digit counts as its high half (7.3.4.3, 7.4.2).
std::string decode_hex(ByteView digits) {
  std::string out;
  int high = -1;
  for (const std::uint8_t byte : digits) {
    if (byte == '>') break;
    const int value = hex_value(byte);
    if (value < 0) continue;
    if (high >= 0) out += static_cast<char>(high * 16 + value);
    high = high >= 0 ? -1 : value;
  }
  if (high >= 0) out += static_cast<char>(high * 16);
  return out;
}

/// Groups of five letters for four bytes, "z" for four zeros (7.4.3).
std::string decode_ascii85(ByteView letters) {
  std::string out;
  std::uint32_t group = 0;
  unsigned held = 0;
  const auto give = [&](unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>(group >> (24 - 8 * i) & 0xFF);
    group = 0;
    held = 0;
  };
  for (const std::uint8_t byte : letters) {
    if (byte == '~') break;
    if (byte == 'z' && held == 0) {
      give(4);
    } else if (byte >= '!' && byte <= 'u') {
      group = group * 85 + (byte - std::uint32_t{'!'});
      if (++held == 5) give(4);
    } else if (!is_pdf_space(byte)) {
      return {};
    }
  }
  if (held < 2) return out;
  const unsigned bytes = held - 1;
  for (; held < 5; ++held) group = group * 85 + 84;
  give(bytes);
  return out;
}

char escaped_letter(std::uint8_t byte) {
  switch (byte) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'b': return '\b';
    case 'f': return '\f';
    default: return static_cast<char>(byte);
  }
}

std::string parse_literal(ByteView value) {
  std::string out;
  int depth = 0;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const std::uint8_t byte = value.u8(at);
    if (byte == '(' && depth++ == 0) continue;
    if (byte == ')' && --depth == 0) return out;
    if (byte != '\\') {
      out += static_cast<char>(byte);
      continue;
    }
    const std::uint8_t next = value.u8(++at);
    if (next >= '0' && next <= '7') {
      unsigned code = 0;
      std::size_t digits = 0;
      for (; digits < 3 && value.u8(at + digits) >= '0' && value.u8(at + digits) <= '7'; ++digits)
        code = code * 8 + (value.u8(at + digits) - unsigned{'0'});
      at += digits - 1;
      out += static_cast<char>(code & 0xFF);
    } else if (next == '\r') {
      if (value.u8(at + 1) == '\n') ++at;
    } else if (next != '\n') {
      out += escaped_letter(next);
    }
  }
  return out;
}

/// The bytes between "stream" and "endstream".
ByteView stream_data(ByteView body) {
  const auto end = find_pdf_value_end(body, 0);
  if (!end) return {};
  std::size_t from = skip_pdf_space(body, *end);
  if (!body.matches(from, "stream")) return {};
  from += 6;
  if (body.u8(from) == '\r') ++from;
  if (body.u8(from) == '\n') ++from;
  const std::size_t to = body.find("endstream", from);
  return body.part(from, to == ByteView::npos ? UINT64_MAX : to - from);
}

}  // namespace

std::optional<std::uint64_t> parse_pdf_reference(ByteView value) {
  const auto number = parse_pdf_number(value, 0);
  if (!number) return std::nullopt;
  const auto generation = parse_pdf_number(value, skip_pdf_space(value, number->to));
  if (!generation || value.u8(skip_pdf_space(value, generation->to)) != 'R') return std::nullopt;
  return number->value;
}

std::string parse_pdf_string(ByteView value) {
  if (value.u8(0) == '(') return parse_literal(value);
  if (value.u8(0) == '<' && value.u8(1) != '<') return decode_hex(value.part(1));
  return {};
}

std::vector<ByteView> list_pdf_array(ByteView value, std::size_t count_max) {
  std::vector<ByteView> items;
  if (value.u8(0) != '[') return items;
  std::size_t at = 1;
  while (items.size() < count_max) {
    at = skip_pdf_space(value, at);
    if (at >= value.size() || value.u8(at) == ']') break;
    const auto end = find_pdf_value_end(value, at);
    if (!end || *end <= at) break;
    items.push_back(value.part(at, *end - at));
    at = *end;
  }
  return items;
}

PdfPieces::PdfPieces(WalkInput& input) : input_(input) {
  const ByteView whole = input.whole();
  std::vector<PdfPlace> places;
  scan_pdf_objects(input, 0, whole.size(), places);
  if (places.size() > k_bodies_max) places.resize(k_bodies_max);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto head = parse_pdf_object_head(whole, static_cast<std::size_t>(places[i].offset));
    const std::uint64_t to = i + 1 < places.size() ? places[i + 1].offset : whole.size();
    if (!head || head->body_from >= to) continue;
    index_[head->number] = bodies_.size();
    bodies_.push_back(whole.part(head->body_from, to - head->body_from));
  }
  const std::size_t direct = bodies_.size();
  for (std::size_t i = 0; i < direct && input_.may_continue(); ++i) {
    if (PdfDictionary(bodies_[i]).first_name_is("/Type", "/ObjStm")) unpack_object_stream(bodies_[i]);
  }
}

ByteView PdfPieces::find(std::uint64_t number) const {
  const auto found = index_.find(number);
  return found == index_.end() ? ByteView() : bodies_[found->second];
}

ByteView PdfPieces::resolve(ByteView value) const {
  const auto number = parse_pdf_reference(value);
  return number ? find(*number) : value;
}

std::string PdfPieces::decode_stream(ByteView body) {
  const ByteView data = stream_data(body);
  const ByteView filter = resolve(PdfDictionary(body).find("/Filter"));
  std::vector<ByteView> names = list_pdf_array(filter, k_filters_max + 1);
  if (names.empty() && filter.u8(0) == '/') {
    const auto end = find_pdf_value_end(filter, 0);
    names.push_back(filter.part(0, end ? *end : filter.size()));
  }
  if (names.size() > k_filters_max || !input_.may_continue(1 + data.size() / 1024)) return {};
  std::string decoded(data.text());
  for (const ByteView view : names) {
    const std::string_view name = view.text();
    if (decoded_bytes_ > k_decoded_bytes_max) return {};
    const ByteView packed{std::string_view(decoded)};
    if (name == "/FlateDecode" || name == "/Fl")
      decoded = std::string(inflate_in_memory(packed, DeflateFrame::zlib, k_stream_bytes_max).made.text());
    else if (name == "/ASCII85Decode" || name == "/A85")
      decoded = decode_ascii85(packed.part(packed.matches(0, "<~") ? 2 : 0));
    else if (name == "/ASCIIHexDecode" || name == "/AHx")
      decoded = decode_hex(packed);
    else
      return {};
    decoded_bytes_ += decoded.size();
  }
  return decoded;
}

void PdfPieces::unpack_object_stream(ByteView body) {
  const PdfDictionary dictionary(body);
  const std::uint64_t count = dictionary.number("/N").value_or(0);
  const std::uint64_t first = dictionary.number("/First").value_or(0);
  unpacked_.push_back(decode_stream(body));
  const ByteView bytes{std::string_view(unpacked_.back())};
  std::vector<std::pair<std::uint64_t, std::uint64_t>> numbers;  // and offsets
  std::size_t at = 0;
  while (numbers.size() < std::min<std::uint64_t>(count, k_packed_objects_max)) {
    const auto number = parse_pdf_number(bytes, skip_pdf_space(bytes, at));
    const auto offset = number ? parse_pdf_number(bytes, skip_pdf_space(bytes, number->to)) : std::nullopt;
    if (!offset) break;
    numbers.emplace_back(number->value, offset->value);
    at = offset->to;
  }
  for (std::size_t i = 0; i < numbers.size() && bodies_.size() < 2 * k_bodies_max; ++i) {
    const ByteView objects = bytes.part(first);
    const std::uint64_t from = numbers[i].second;
    const std::uint64_t to = i + 1 < numbers.size() ? numbers[i + 1].second : objects.size();
    if (from >= to) continue;
    index_[numbers[i].first] = bodies_.size();
    bodies_.push_back(objects.part(from, to - from));
  }
}

}  // namespace lastgood::formats
