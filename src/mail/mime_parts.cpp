// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/mime_parts.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include <fmt/format.h>

#include "mail/header.h"
#include "mail/letters.h"

namespace lastgood::mail {

namespace {

constexpr std::size_t k_boundary_max = 200;  // RFC 2046 allows 70

/// A parameter of Content-Type or Content-Disposition; quotes and escapes taken off.
std::string parameter_of(std::string_view line, std::string_view name) {
  for (std::size_t at = line.find(';'); at != std::string_view::npos;) {
    const std::string_view rest = trim(line.substr(at + 1));
    const std::size_t equals = rest.find('=');
    const std::string_view key = trim(rest.substr(0, equals));
    // "name*" and "name*0" are RFC 2231's.
    const bool wanted = same_word(key.substr(0, key.find('*')), name);
    std::string value;
    std::size_t i = equals == std::string_view::npos ? rest.size() : equals + 1;
    while (i < rest.size() && is_blank(rest[i])) ++i;
    if (i < rest.size() && rest[i] == '"') {
      for (++i; i < rest.size() && rest[i] != '"'; ++i) {
        if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
        value += rest[i];
      }
    }
    const std::size_t end = std::min(rest.find(';', std::min(i, rest.size())), rest.size());
    if (value.empty() && i < end) value = std::string(trim(rest.substr(i, end - i)));
    if (wanted) return value;
    at = end < rest.size() ? static_cast<std::size_t>(rest.data() - line.data()) + end : std::string_view::npos;
  }
  return {};
}

std::string field_of(const Header& header, std::string_view name) {
  const HeaderField* const field = find_field(header, name);
  return field == nullptr ? std::string() : unfold(field->body);
}

class MimeReader {
 public:
  explicit MimeReader(base::ByteView message) : message_(message), text_(message.text()) {}

  MimeParts read() {
    std::size_t at = begin_part(0, 0);
    while (at < text_.size()) {
      const std::size_t found = text_.find('\n', at);
      const std::size_t next = found == std::string_view::npos ? text_.size() : found + 1;
      if (text_[at] == '-' && at + 1 < text_.size() && text_[at + 1] == '-') {
        at = take_boundary(at, next);
      } else {
        at = next;
      }
    }
    if (std::any_of(open_.begin(), open_.end(), [](const Open& each) { return each.has_boundary; }))
      note("open", "the last boundary does not end", text_.size());
    while (!open_.empty()) end_part(text_.size());
    return std::move(found_);
  }

 private:
  struct Open {
    std::size_t part = 0;  // number of the part
    std::string boundary;
    bool has_boundary = false;
  };

  void note(std::string_view rule, std::string sentence, std::size_t at) {
    if (found_.findings.size() >= 100) return;
    found_.findings.push_back(
        {"mail.mime." + std::string(rule), std::move(sentence), model::Weight::remarks, {at, at}});
  }

  void end_part(std::size_t at) {
    const Open& open = open_.back();
    found_.parts[open.part].body.to = std::max(found_.parts[open.part].body.from, std::uint64_t{at});
    if (open.has_boundary) {
      // A boundary that an outer part has too stays the outer one's.
      const auto known = depth_of_.find(open.boundary);
      if (known != depth_of_.end() && known->second == open_.size() - 1) depth_of_.erase(known);
    }
    open_.pop_back();
  }

  /// Reads the header at `at`, and those of mails inside it; gives the offset of the body.
  std::size_t begin_part(std::size_t at, unsigned depth) {
    while (true) {
      if (found_.parts.size() >= k_mime_parts_max || depth >= k_mime_depth_max) {
        if (!full_)
          note("many",
               fmt::format("more than {} parts or {} levels; the rest is one part", k_mime_parts_max, k_mime_depth_max),
               at);
        full_ = true;
        return at;
      }
      const Header header = header_at(at);
      MimePart part;
      part.depth = depth;
      part.header = {at, std::max<std::uint64_t>(header.end_bytes, at)};
      const auto body = static_cast<std::size_t>(std::max<std::uint64_t>(header.body_bytes, at));
      part.body = {body, text_.size()};
      const std::string type = field_of(header, "Content-Type");
      if (!type.empty()) part.content_type = lower(trim(std::string_view(type).substr(0, type.find(';'))));
      part.charset = lower(parameter_of(type, "charset"));
      part.encoding = lower(trim(field_of(header, "Content-Transfer-Encoding")));
      const std::string disposition = field_of(header, "Content-Disposition");
      part.disposition = lower(trim(std::string_view(disposition).substr(0, disposition.find(';'))));
      part.file_name = parameter_of(disposition, "filename");
      if (part.file_name.empty()) part.file_name = parameter_of(type, "name");
      Open open{found_.parts.size(), {}, false};
      if (part.content_type.starts_with("multipart/")) {
        open.boundary = parameter_of(type, "boundary").substr(0, k_boundary_max);
        open.has_boundary = !open.boundary.empty();
        part.is_leaf = !open.has_boundary;
        if (part.is_leaf) note("boundary", "a multipart names no boundary", at);
      }
      const bool mail_inside = part.content_type == "message/rfc822" &&
                               (part.encoding.empty() || part.encoding.ends_with("bit") || part.encoding == "binary");
      if (mail_inside) part.is_leaf = false;
      found_.parts.push_back(std::move(part));
      if (open.has_boundary) depth_of_.emplace(open.boundary, open_.size());
      open_.push_back(std::move(open));
      if (!mail_inside || body >= text_.size()) return body;
      at = body;
      ++depth;
    }
  }

  /// A part may have no header at all: then it begins with the blank line.
  Header header_at(std::size_t at) const {
    const bool blank = at < text_.size() &&
                       (text_[at] == '\n' || (text_[at] == '\r' && at + 1 < text_.size() && text_[at + 1] == '\n'));
    if (!blank || at == 0) return parse_header(message_.part(at), at);
    Header none;
    none.end_bytes = at;
    none.body_bytes = at + (text_[at] == '\n' ? 1 : 2);
    return none;
  }

  /// Offset to go on from: behind the line, or behind the header of the part that it begins.
  std::size_t take_boundary(std::size_t at, std::size_t next) {
    std::string_view line = text_.substr(at + 2, next - at - 2);
    while (!line.empty() && is_space(line.back())) line.remove_suffix(1);
    if (line.size() > k_boundary_max + 2) return next;
    auto known = depth_of_.find(std::string(line));
    bool closes = false;
    if (known == depth_of_.end() && line.ends_with("--")) {
      known = depth_of_.find(std::string(line.substr(0, line.size() - 2)));
      closes = true;
    }
    if (known == depth_of_.end()) return next;
    const std::size_t level = known->second;
    // The line end before a boundary belongs to it.
    std::size_t end = at;
    if (end > 0 && text_[end - 1] == '\n') --end;
    if (end > 0 && text_[end - 1] == '\r') --end;
    while (open_.size() > level + 1) end_part(end);
    if (closes) {
      depth_of_.erase(known);
      open_[level].has_boundary = false;
      return next;
    }
    return begin_part(next, found_.parts[open_[level].part].depth + 1);
  }

  base::ByteView message_;
  std::string_view text_;
  MimeParts found_;
  std::vector<Open> open_;
  std::unordered_map<std::string, std::size_t> depth_of_;  // boundary to its place in `open_`
  bool full_ = false;
};

constexpr std::uint8_t k_no_digit = 0xFF;

constexpr std::array<std::uint8_t, 256> base64_digits() {
  std::array<std::uint8_t, 256> values{};
  values.fill(k_no_digit);
  for (unsigned i = 0; i < 26; ++i) {
    values['A' + i] = static_cast<std::uint8_t>(i);
    values['a' + i] = static_cast<std::uint8_t>(26 + i);
  }
  for (unsigned i = 0; i < 10; ++i) values['0' + i] = static_cast<std::uint8_t>(52 + i);
  values['+'] = values['-'] = 62;
  values['/'] = values['_'] = 63;
  return values;
}

DecodedBody decode_base64(std::string_view text, std::size_t bytes_max) {
  static constexpr std::array<std::uint8_t, 256> k_digits = base64_digits();
  std::string decoded(std::min(bytes_max, text.size() / 4 * 3 + 3), '\0');
  std::size_t filled = 0;
  std::size_t strange = 0;
  unsigned bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::uint8_t digit = k_digits[static_cast<unsigned char>(c)];
    if (digit == k_no_digit) {
      strange += is_space(c) || c == '=' ? 0U : 1U;
      continue;
    }
    bits = (bits << 6U | digit) & 0xFFFFFFU;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    if (filled >= decoded.size()) break;
    decoded[filled++] = static_cast<char>(bits >> count & 0xFFU);
  }
  decoded.resize(filled);
  return {std::move(decoded), strange};
}

int hex_value(char c) {
  const char small = lower(c);
  return is_digit(c) ? c - '0' : small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

std::string decode_quoted_printable(std::string_view text, std::size_t bytes_max) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size() && decoded.size() < bytes_max; ++i) {
    if (text[i] != '=') {
      decoded += text[i];
      continue;
    }
    const std::size_t line_end = text.find_first_not_of(" \t\r", i + 1);
    if (line_end != std::string_view::npos && text[line_end] == '\n') {
      i = line_end;  // a soft line break
    } else if (i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      decoded += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      decoded += '=';
    }
  }
  return decoded;
}

}  // namespace

MimeParts find_mime_parts(base::ByteView message) { return MimeReader(message).read(); }

bool is_encoded(const MimePart& part) {
  return part.is_leaf && (part.encoding == "base64" || part.encoding == "quoted-printable");
}

bool is_attachment(const MimePart& part) {
  if (!part.is_leaf) return false;
  return !part.file_name.empty() || part.disposition == "attachment" || !part.content_type.starts_with("text/");
}

DecodedBody decode_body(base::ByteView message, const MimePart& part, std::size_t bytes_max) {
  const std::string_view body = message.part(part.body.from, part.body.length()).text();
  if (part.encoding == "base64") return decode_base64(body, bytes_max);
  if (part.encoding == "quoted-printable") return {decode_quoted_printable(body, bytes_max), 0};
  return {std::string(body.substr(0, bytes_max)), 0};
}

}  // namespace lastgood::mail
