// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/header.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/utf8.h"
#include "mail/letters.h"

namespace lastgood::mail {

namespace {

constexpr std::size_t k_name_max = 256;            // longer words before a colon are text
constexpr std::size_t k_lost_folds_lookahead = 3;  // lines without their blank before the next known field
constexpr std::string_view k_utf8_mark = "\xEF\xBB\xBF";

enum class LineEnd : std::uint8_t { lf, cr };

struct Line {
  std::string_view text;  // without its end
  std::size_t begin = 0;
  std::size_t next = 0;  // of the line after it
};

/// The line at `at`. Any CRs before the LF belong to its end: copies through several systems leave "\r\r\n".
Line line_at(std::string_view bytes, std::size_t at, LineEnd end) {
  const std::size_t found = bytes.find(end == LineEnd::lf ? '\n' : '\r', at);
  const std::size_t stop = std::min(found, bytes.size());
  std::string_view text = bytes.substr(at, stop - at);
  while (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return {text, at, found == std::string_view::npos ? bytes.size() : stop + 1};
}

/// Length of the name that a field line begins with, 0 when it begins none.
std::size_t name_length(std::string_view line) {
  std::size_t length = 0;
  while (length < line.size() && length <= k_name_max && line[length] > ' ' && line[length] < 0x7F &&
         line[length] != ':') {
    ++length;
  }
  std::size_t colon = length;
  while (colon < line.size() && is_blank(line[colon])) ++colon;  // obs-optional: blanks before the colon
  return length > 0 && length <= k_name_max && colon < line.size() && line[colon] == ':' ? length : 0;
}

bool is_blank_line(std::string_view text) { return std::all_of(text.begin(), text.end(), is_blank); }

/// Names that a header has and a letter's text hardly: they tell a lost fold from the beginning of the body.
bool is_known_name(std::string_view name) {
  constexpr std::array<std::string_view, 18> k_names = {"received",     "from",         "to",
                                                        "cc",           "subject",      "date",
                                                        "message-id",   "mime-version", "return-path",
                                                        "reply-to",     "sender",       "in-reply-to",
                                                        "references",   "delivered-to", "dkim-signature",
                                                        "received-spf", "content-type", "authentication-results"};
  return begins_with_word(name, "x-") || begins_with_word(name, "arc-") || begins_with_word(name, "content-") ||
         begins_with_word(name, "list-") ||
         std::any_of(k_names.begin(), k_names.end(), [name](auto known) { return same_word(name, known); });
}

class HeaderReader {
 public:
  HeaderReader(std::string_view bytes, std::uint64_t base) : bytes_(bytes), base_(base) {
    const std::string_view opening = bytes_.substr(0, 64U << 10U);
    if (opening.find('\n') == std::string_view::npos && opening.find('\r') != std::string_view::npos) {
      end_ = LineEnd::cr;
    }
  }

  Header read() {
    std::size_t at = skip_opening();
    header_.begin_bytes = base_ + at;
    while (at < bytes_.size()) {
      const Line line = line_at(bytes_, at, end_);
      if (is_blank_line(line.text) && !blank_inside(line)) {
        close(at);
        header_.body_bytes = base_ + line.next;
        finish();
        return std::move(header_);
      }
      if (!take(line)) break;
      at = line.next;
    }
    close(at);
    header_.body_bytes = base_ + at;
    finish();
    return std::move(header_);
  }

 private:
  void note(std::string_view rule, std::string sentence, std::size_t from, std::size_t to) {
    header_.findings.push_back({std::string("mail.header.") + std::string(rule),
                                std::move(sentence),
                                model::Weight::remarks,
                                {base_ + from, base_ + to}});
  }

  /// Mark, empty lines and the mailbox's own line before the first field.
  std::size_t skip_opening() {
    std::size_t at = bytes_.starts_with(k_utf8_mark) ? k_utf8_mark.size() : 0;
    while (at < bytes_.size()) {
      const Line line = line_at(bytes_, at, end_);
      if (is_blank_line(line.text) && header_.envelope_line.empty()) {
        at = line.next;
        continue;
      }
      const bool envelope = line.text.starts_with("From ") || line.text.starts_with(">From ");
      if (!envelope || !header_.envelope_line.empty()) break;
      header_.envelope_line = line.text;
      at = line.next;
    }
    return at;
  }

  /// A line of blanks inside a field, which the obsolete grammar allows; only where a continuation follows it.
  bool blank_inside(const Line& line) const {
    return !line.text.empty() && open_ && line.next < bytes_.size() && is_blank(bytes_[line.next]) &&
           !is_blank_line(line_at(bytes_, line.next, end_).text);
  }

  /// False where the header ends without a blank line.
  bool take(const Line& line) {
    if (is_blank(line.text.empty() ? '\0' : line.text.front()) && open_) return true;
    const std::size_t length = name_length(line.text);
    if (length == 0) {
      if (open_ && lost_fold(line)) {
        if (lost_folds_++ == 0) first_lost_fold_ = line.begin;
        return true;
      }
      if (line.text.starts_with("From ") || line.text.starts_with(">From ")) return true;  // kept inside by some stores
      note("no-blank", "no blank line ends the header; the next line is no field", line.begin, line.next);
      return false;
    }
    close(line.begin);
    if (line.begin >= k_header_bytes_max) {
      note("bytes", fmt::format("the header goes on behind {} bytes, which were read", k_header_bytes_max), line.begin,
           line.next);
      return false;
    }
    open_ = true;
    field_begin_ = line.begin;
    name_length_ = length;
    return true;
  }

  /// Pasted headers lose the blanks that continue a field: then a known field follows within some lines.
  bool lost_fold(const Line& line) const {
    std::size_t at = line.next;
    for (std::size_t i = 0; i < k_lost_folds_lookahead && at < bytes_.size(); ++i) {
      const Line next = line_at(bytes_, at, end_);
      if (is_blank_line(next.text)) return false;
      if (const std::size_t length = name_length(next.text); length > 0) {
        return is_known_name(next.text.substr(0, length));
      }
      at = next.next;
    }
    return false;
  }

  /// Ends the open field before `at`.
  void close(std::size_t at) {
    header_.end_bytes = base_ + at;
    if (!open_) return;
    open_ = false;
    ++header_.fields_seen;
    HeaderField field;
    field.raw = bytes_.substr(field_begin_, at - field_begin_);
    field.name = field.raw.substr(0, name_length_);
    field.body = field.raw.substr(field.raw.find(':') + 1);
    while (!field.body.empty() && (field.body.back() == '\n' || field.body.back() == '\r')) field.body.remove_suffix(1);
    field.offset_bytes = base_ + field_begin_;
    if (same_word(field.name, "received")) ++header_.received_seen;
    if (header_.fields.size() < k_fields_max) header_.fields.push_back(field);
  }

  void finish() {
    const std::size_t from = header_.begin_bytes - base_;
    const std::size_t to = header_.end_bytes - base_;
    const std::string_view all = bytes_.substr(from, to - from);
    if (header_.fields_seen > header_.fields.size()) {
      note("many",
           fmt::format("{} fields, {} of them Received; the upper {} are read", header_.fields_seen,
                       header_.received_seen, header_.fields.size()),
           from, to);
    }
    if (lost_folds_ > 0) {
      note("lost-folds", fmt::format("{} lines continue a field without the blank that must begin them", lost_folds_),
           first_lost_fold_, first_lost_fold_);
    }
    const std::size_t nul = all.find('\0');
    if (nul != std::string_view::npos) note("nul", "a NUL byte stands in the header", from + nul, from + nul + 1);
    const auto high =
        std::find_if(all.begin(), all.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    if (high != all.end()) {
      const auto at = from + static_cast<std::size_t>(high - all.begin());
      note("8bit", "bytes above 127 stand in the header", at, at + 1);
    }
    if (end_ == LineEnd::cr) note("cr", "lines end with a bare CR", from, from);
  }

  std::string_view bytes_;
  std::uint64_t base_;
  LineEnd end_ = LineEnd::lf;
  Header header_;
  bool open_ = false;
  std::size_t field_begin_ = 0;
  std::size_t name_length_ = 0;
  std::size_t lost_folds_ = 0;
  std::size_t first_lost_fold_ = 0;
};

}  // namespace

Header parse_header(base::ByteView bytes, std::uint64_t base_bytes) {
  return HeaderReader(bytes.text(), base_bytes).read();
}

bool begins_mail(base::ByteView opening) {
  constexpr std::size_t k_opening_bytes = 16U << 10U;
  constexpr std::array<std::string_view, 5> k_of_ways = {"from", "received", "return-path", "message-id",
                                                         "delivered-to"};
  const std::string_view text = opening.part(0, k_opening_bytes).text();
  const std::string_view start = text.substr(0, 512);
  const bool letters = std::all_of(start.begin(), start.end(), [](char c) { return is_space(c) || c > ' ' || c < 0; });
  if (!letters || start.find(':') == std::string_view::npos) return false;
  std::size_t known = 0;
  bool of_way = false;
  for (const HeaderField& field : parse_header(base::ByteView(text)).fields) {
    if (is_known_name(field.name)) ++known;
    of_way = of_way || std::any_of(k_of_ways.begin(), k_of_ways.end(),
                                   [&field](auto name) { return same_word(field.name, name); });
  }
  return known >= 2 && of_way;
}

const HeaderField* find_field(const Header& header, std::string_view name) {
  for (const HeaderField& field : header.fields) {
    if (same_word(field.name, name)) return &field;
  }
  return nullptr;
}

std::size_t count_fields(const Header& header, std::string_view name) {
  return static_cast<std::size_t>(std::count_if(header.fields.begin(), header.fields.end(),
                                                [name](const auto& field) { return same_word(field.name, name); }));
}

std::string unfold(std::string_view body) {
  std::string line;
  body = body.substr(0, k_unfolded_bytes_max);
  line.reserve(body.size());
  for (const char c : body) {
    if (c == '\r' || c == '\n') {
      // A fold that lost its blank still parts two words.
      if (!line.empty() && !is_blank(line.back())) line += ' ';
      continue;
    }
    line += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  }
  return std::string(trim(line));
}

std::uint64_t TextFromUtf16::offset_in_source(std::uint64_t offset_bytes) const {
  const auto after = std::upper_bound(lines.begin(), lines.end(), offset_bytes,
                                      [](std::uint64_t offset, const auto& line) { return offset < line.first; });
  if (after == lines.begin()) return offset_bytes;
  const auto& line = *std::prev(after);
  return line.second + 2 * (offset_bytes - line.first);
}

std::optional<TextFromUtf16> read_utf16(base::ByteView bytes) {
  const bool marked_little = bytes.matches(0, "\xFF\xFE");
  const bool marked_big = bytes.matches(0, "\xFE\xFF");
  // Without a mark: ASCII letters with a zero beside each of the first eight.
  const auto zeros = [&bytes](std::uint64_t first) {
    for (std::uint64_t i = 0; i < 8; ++i) {
      if (bytes.u8(first + 2 * i) != 0 || bytes.u8((first ^ 1) + 2 * i) < 0x20) return false;
    }
    return bytes.size() >= 16;
  };
  const bool little = marked_little || (!marked_big && zeros(1));
  if (!little && !marked_big && !zeros(0)) return std::nullopt;
  const std::size_t from = marked_little || marked_big ? 2 : 0;
  const std::string_view source = bytes.part(0, k_header_bytes_max).text();
  TextFromUtf16 result;
  std::size_t line = from;
  for (std::size_t at = from; at + 1 < source.size(); at += 2) {
    const char low = source[little ? at : at + 1];
    const char high = source[little ? at + 1 : at];
    if ((low != '\n' || high != 0) && at + 3 < source.size()) continue;
    result.lines.emplace_back(result.text.size(), line);
    result.text += base::utf8_of_utf16(source.substr(line, at + 2 - line),
                                       little ? base::ByteOrder::little : base::ByteOrder::big);
    line = at + 2;
  }
  return result;
}

}  // namespace lastgood::mail
