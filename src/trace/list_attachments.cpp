// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "trace/list_attachments.h"

#include <fmt/format.h>

#include "base/checksum.h"
#include "mail/encoded_words.h"
#include "mail/mime_parts.h"

namespace lastgood::trace {

void list_attachments(base::ByteView bytes, MailTrace& trace) {
  mail::MimeParts found = mail::find_mime_parts(bytes);
  std::size_t seen = 0;
  for (const mail::MimePart& part : found.parts) {
    if (!mail::is_attachment(part) || ++seen > k_attachments_max) continue;
    const std::string decoded = mail::decode_body(bytes, part, bytes.size()).bytes;
    const base::Sha256Digest digest = base::sha256(base::ByteView(decoded));
    trace.attachments.push_back({.name = mail::decode_words(part.file_name),
                                 .content_type = part.content_type,
                                 .encoding = part.encoding,
                                 .offset_bytes = trace.begin_bytes + part.body.from,
                                 .size_bytes = decoded.size(),
                                 .sha256 = base::hex(base::ByteView(std::span<const std::uint8_t>(digest)))});
  }
  if (seen > k_attachments_max) {
    trace.hints.push_back({"mail.mime.attachments",
                           fmt::format("{} attachments; the first {} are listed", seen, k_attachments_max),
                           model::Weight::remarks,
                           {trace.begin_bytes, trace.end_bytes}});
  }
  for (model::Finding& finding : found.findings) {
    finding.range = {trace.begin_bytes + finding.range.from, trace.begin_bytes + finding.range.to};
    trace.hints.push_back(std::move(finding));
  }
}

}  // namespace lastgood::trace
