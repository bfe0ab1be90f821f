// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/canonical.h"

#include <algorithm>

#include "mail/letters.h"

namespace lastgood::mail {

namespace {

/// LF that no CR stands before becomes CR LF.
std::string with_crlf(std::string_view raw) {
  std::string text;
  text.reserve(raw.size() + 8);
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\n' && (i == 0 || raw[i - 1] != '\r')) text += '\r';
    text += raw[i];
  }
  return text;
}

std::string relaxed_field(const HeaderField& field, std::string_view body) {
  std::string text = lower(field.name) + ":";
  bool blank = false;
  const std::size_t begin = text.size();
  for (const char c : body) {
    if (c == '\r' || c == '\n') continue;
    if (is_blank(c)) {
      blank = true;
      continue;
    }
    if (blank && text.size() > begin) text += ' ';
    blank = false;
    text += c;
  }
  return text;
}

/// `body` of a signature field without the value of "b".
std::string without_signature(std::string_view body) {
  std::string result;
  std::size_t at = 0;
  while (at < body.size()) {
    const std::size_t end = std::min(body.find(';', at), body.size());
    const std::string_view tag = body.substr(at, end - at);
    const std::size_t equals = tag.find('=');
    const bool is_b = equals != std::string_view::npos && trim(tag.substr(0, equals)) == "b";
    result += is_b ? tag.substr(0, equals + 1) : tag;
    if (end < body.size()) result += ';';
    at = end + 1;
  }
  return result;
}

/// Takes canonical bytes and digests those below the limit.
class BodyHasher {
 public:
  BodyHasher(base::DigestKind kind, std::optional<std::uint64_t> limit)
      : digest_(kind), left_(limit.value_or(UINT64_MAX)) {}

  void put(std::string_view bytes) {
    length_ += bytes.size();
    const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
    left_ -= taken;
    buffer_.append(bytes.substr(0, taken));
    if (buffer_.size() >= k_buffer) flush();
  }
  BodyDigest finish() {
    flush();
    return {digest_.finish(), length_};
  }

 private:
  static constexpr std::size_t k_buffer = 64U << 10U;
  void flush() {
    digest_.update(base::ByteView(buffer_));
    buffer_.clear();
  }
  base::Digest digest_;
  std::uint64_t left_;
  std::uint64_t length_ = 0;
  std::string buffer_;
};

void put_relaxed_line(BodyHasher& hasher, std::string_view line) {
  while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
  // Most lines have single blanks only and go through whole.
  std::size_t begin = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (!is_blank(line[i]) || (line[i] == ' ' && !is_blank(line[i + 1]))) continue;
    hasher.put(line.substr(begin, i - begin));
    hasher.put(" ");
    while (is_blank(line[i + 1])) ++i;
    begin = i + 1;
  }
  hasher.put(line.substr(begin));
}

}  // namespace

std::string canonical_field(const HeaderField& field, Canonicalization form) {
  if (form == Canonicalization::relaxed) return relaxed_field(field, field.body) + "\r\n";
  std::string text = with_crlf(field.raw);
  if (!text.ends_with("\r\n")) text += "\r\n";
  return text;
}

std::string canonical_signature_field(const HeaderField& field, Canonicalization form) {
  const std::string body = without_signature(field.body);
  if (form == Canonicalization::relaxed) return relaxed_field(field, body);
  const std::string_view before = field.raw.substr(0, field.raw.find(':') + 1);
  return with_crlf(std::string(before) + body);
}

BodyDigest digest_body(base::ByteView body, Canonicalization form, base::DigestKind kind,
                       std::optional<std::uint64_t> limit_bytes) {
  BodyHasher hasher(kind, limit_bytes);
  const std::string_view text = body.text();
  std::uint64_t empty_lines = 0;
  bool anything = false;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t found = text.find('\n', at);
    std::string_view line = text.substr(at, found == std::string_view::npos ? found : found - at);
    if (found != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
    at = found == std::string_view::npos ? text.size() : found + 1;
    const bool empty =
        form == Canonicalization::relaxed ? std::all_of(line.begin(), line.end(), is_blank) : line.empty();
    if (empty) {
      ++empty_lines;
      continue;
    }
    // Empty lines count only where something follows them.
    for (; empty_lines > 0; --empty_lines) hasher.put("\r\n");
    if (form == Canonicalization::relaxed) {
      put_relaxed_line(hasher, line);
    } else {
      hasher.put(line);
    }
    hasher.put("\r\n");
    anything = true;
  }
  if (!anything && form == Canonicalization::simple) hasher.put("\r\n");
  return hasher.finish();
}

}  // namespace lastgood::mail
