// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sightings/mail_parts.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "mail/header.h"
#include "mail/mailbox.h"
#include "mail/mime_parts.h"

namespace lastgood::sightings {

namespace {

constexpr std::size_t k_ranges_max = 1'000'000;
constexpr std::size_t k_left_out_max = 100;

}  // namespace

class MailLook::Looker {
 public:
  enum class Shape : std::uint8_t { mail, mailbox };
  Looker(base::ByteSource& file, Shape shape, DecodedSink sink)
      : file_(file), shape_(shape), sink_(std::move(sink)), mailbox_(file) {}

  base::Status advance(std::uint64_t to_bytes) {
    while (!is_done_ && looked_to_bytes_ < to_bytes) {
      std::optional<mail::MailSpan> span;
      if (shape_ == Shape::mail) {
        span = mail::MailSpan{0, file_.size_bytes()};
        is_done_ = true;
      } else {
        LG_ASSIGN(span, mailbox_.next());
        is_done_ = !span;
      }
      if (!span) return base::Done{};
      looked_to_bytes_ = span->end_bytes;
      LG_TRY(look(*span));
    }
    return base::Done{};
  }

  [[nodiscard]] const std::vector<model::ByteRange>& encoded() const { return encoded_; }
  [[nodiscard]] const std::vector<std::string>& left_out() const { return left_out_; }

 private:
  base::Status look(mail::MailSpan span) {
    const std::uint64_t size = span.end_bytes - span.begin_bytes;
    if (size > k_mail_bytes_max) {
      leave_out(span.begin_bytes, fmt::format("{} bytes, more than {}: its encoded parts", size, k_mail_bytes_max));
      return base::Done{};
    }
    bytes_.resize(static_cast<std::size_t>(size));
    LG_ASSIGN(const std::size_t got, file_.read(span.begin_bytes, bytes_));
    const base::ByteView message(std::span<const std::uint8_t>(bytes_).first(got));
    const mail::MimeParts found = mail::find_mime_parts(message);
    if (full(found)) leave_out(span.begin_bytes, "too many parts: the encoded ones behind the limit");
    for (const mail::MimePart& part : found.parts) {
      if (!mail::is_encoded(part)) continue;
      const model::ByteRange range{span.begin_bytes + part.body.from, span.begin_bytes + part.body.to};
      const mail::DecodedBody decoded = mail::decode_body(message, part, bytes_.size());
      if (is_no_text(part, decoded) && encoded_.size() < k_ranges_max) encoded_.push_back(range);
      look_into(decoded.bytes, part, range.from, 1);
    }
    return base::Done{};
  }

  /// A label that lies hides nothing: text that is called base64 is searched as it stands, too. What is plain in
  /// quoted-printable stays so when decoded.
  static bool is_no_text(const mail::MimePart& part, const mail::DecodedBody& decoded) {
    constexpr std::uint64_t k_worth_bytes = 4096;  // less costs nothing to search
    if (part.encoding != "base64") return true;
    return part.body.length() >= k_worth_bytes && decoded.strange_bytes == 0;
  }

  static bool full(const mail::MimeParts& found) {
    return found.parts.size() >= mail::k_mime_parts_max ||
           (!found.findings.empty() && found.findings.front().rule == "mail.mime.many");
  }

  void leave_out(std::uint64_t mail_bytes, std::string_view what) {
    if (left_out_.size() < k_left_out_max)
      left_out_.push_back(fmt::format("the mail at byte {}: {} were not looked into", mail_bytes, what));
  }

  /// Each wrapping is smaller than the one around it, and their depth is limited. All of them stand at `offset_bytes`.
  void look_into(const std::string& decoded, const mail::MimePart& part, std::uint64_t offset_bytes, unsigned depth) {
    const base::ByteView bytes(decoded);
    const bool is_mail = part.content_type == "message/rfc822" || mail::begins_mail(bytes);
    const mail::MimeParts inner = is_mail ? mail::find_mime_parts(bytes) : mail::MimeParts{};
    std::vector<model::ByteRange> encoded;
    for (const mail::MimePart& each : inner.parts) {
      if (each.is_leaf && each.encoding == "quoted-printable") encoded.push_back(each.body);
    }
    indicators::find_indicators(bytes, 0, decoded.size(), 0, [&](indicators::FoundIndicator found) {
      if (lies_in(encoded, found.offset_bytes)) return;
      found.offset_bytes = offset_bytes;
      sink_(part.encoding == "base64" ? "base64" : "quoted-printable", std::move(found));
    });
    if (!is_mail) return;
    const bool deeper = depth < k_wrappings_max;
    if (!deeper || full(inner)) leave_out(offset_bytes, "too deep or too many parts: the encoded ones");
    for (const mail::MimePart& each : inner.parts) {
      if (deeper && mail::is_encoded(each))
        look_into(mail::decode_body(bytes, each, decoded.size()).bytes, each, offset_bytes, depth + 1);
    }
  }

  base::ByteSource& file_;
  Shape shape_;
  DecodedSink sink_;
  mail::MailboxReader mailbox_;
  std::uint64_t looked_to_bytes_ = 0;
  bool is_done_ = false;
  std::vector<model::ByteRange> encoded_;
  std::vector<std::string> left_out_;
  std::vector<std::uint8_t> bytes_;
};

bool lies_in(const std::vector<model::ByteRange>& ranges, std::uint64_t offset_bytes) {
  const auto after =
      std::upper_bound(ranges.begin(), ranges.end(), offset_bytes,
                       [](std::uint64_t offset, const model::ByteRange& range) { return offset < range.from; });
  return after != ranges.begin() && offset_bytes < std::prev(after)->to;
}

MailLook::MailLook(base::ByteSource& file, base::ByteView opening, DecodedSink sink) {
  if (mail::is_mailbox(opening)) {
    looker_ = std::make_unique<Looker>(file, Looker::Shape::mailbox, std::move(sink));
  } else if (mail::begins_mail(opening)) {
    looker_ = std::make_unique<Looker>(file, Looker::Shape::mail, std::move(sink));
  }
}

MailLook::~MailLook() = default;

base::Status MailLook::advance(std::uint64_t to_bytes) {
  if (looker_ == nullptr) return base::Done{};
  return looker_->advance(to_bytes);
}

const std::vector<model::ByteRange>& MailLook::encoded() const {
  static const std::vector<model::ByteRange> none;
  return looker_ == nullptr ? none : looker_->encoded();
}

const std::vector<std::string>& MailLook::left_out() const {
  static const std::vector<std::string> none;
  return looker_ == nullptr ? none : looker_->left_out();
}

}  // namespace lastgood::sightings
