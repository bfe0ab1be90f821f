// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "trace/trace_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/checksum.h"
#include "mail/mailbox.h"
#include "mail/outlook_message.h"
#include "os/evidence.h"
#include "os/paths.h"
#include "trace/trace_store.h"

namespace lastgood::trace {

namespace {

using base::Result;

constexpr std::size_t k_opening_bytes = 4096;
constexpr std::uint64_t k_zone_bytes_max = 256U << 20U;

Result<std::vector<std::uint8_t>> read_span(base::ByteSource& bytes, std::uint64_t from, std::uint64_t to) {
  std::vector<std::uint8_t> read(static_cast<std::size_t>(std::min(to - from, k_mail_bytes_max)));
  LG_ASSIGN(const std::size_t got, bytes.read(from, read));
  read.resize(got);
  return read;
}

base::ByteView view(const std::vector<std::uint8_t>& bytes) {
  return base::ByteView(std::span<const std::uint8_t>(bytes));
}

/// A store that lies in no file of its own cannot be handed to its reader.
base::Error store_in_memory() {
  base::Error error;
  error.code = base::ErrorCode::unsupported;
  error.what = "an Outlook store (PST or OST) is read from a file only";
  return error;
}

/// Outlook keeps the header as text in a stream of its own, and another body than the one that came.
Result<FileTrace> trace_outlook(base::ByteSource& bytes, const TraceOptions& options, const TraceSink& sink) {
  LG_ASSIGN(const auto read, read_span(bytes, 0, bytes.size_bytes()));
  const auto text = mail::find_transport_headers(view(read));
  if (!text) {
    base::Error error;
    error.code = base::ErrorCode::unsupported;
    error.what = "the OLE2 container holds no internet header";
    error.hint = "a message that was never sent over the internet has none; save it as .eml to be sure";
    return error;
  }
  FileTrace outcome;
  auto trace = trace_mail(base::ByteView(*text), 0, options);
  ++(trace ? outcome.mails : outcome.without_header);
  if (!trace) return outcome;
  trace->end_bytes = bytes.size_bytes();
  trace->sha256 = base::hex(base::ByteView(std::span<const std::uint8_t>(base::sha256(view(read)))));
  trace->hints.push_back({"mail.outlook",
                          "offsets are those inside the stream of the internet header, not of the file",
                          model::Weight::remarks,
                          {}});
  (void)sink(*trace);
  return outcome;
}

/// A pasted header in UTF-16: traced as text, with offsets into the paste.
std::optional<MailTrace> trace_utf16(const mail::TextFromUtf16& text, std::uint64_t size_bytes,
                                     const TraceOptions& options) {
  auto trace = trace_mail(base::ByteView(text.text), 0, options);
  if (!trace) return trace;
  trace->end_bytes = size_bytes;
  for (mail::Hop& hop : trace->hops) hop.offset_bytes = text.offset_in_source(hop.offset_bytes);
  for (mail::PeerStatement& statement : trace->statements)
    statement.offset_bytes = text.offset_in_source(statement.offset_bytes);
  for (mail::SignatureVerdict& verdict : trace->dkim)
    verdict.offset_bytes = text.offset_in_source(verdict.offset_bytes);
  for (MailAttachment& attachment : trace->attachments)
    attachment.offset_bytes = text.offset_in_source(attachment.offset_bytes);
  for (model::Finding& hint : trace->hints) {
    hint.range = {text.offset_in_source(hint.range.from), text.offset_in_source(hint.range.to)};
  }
  return trace;
}

Result<std::optional<MailTrace>> trace_one(base::ByteSource& bytes, std::uint64_t from, std::uint64_t to,
                                           const TraceOptions& options) {
  LG_ASSIGN(const auto read, read_span(bytes, from, to));
  if (const auto text = mail::read_utf16(view(read)); text && from == 0) return trace_utf16(*text, to, options);
  auto trace = trace_mail(view(read), from, options);
  if (trace && to - from > read.size()) {
    trace->end_bytes = to;
    trace->dkim.clear();
    trace->arc = {};
    trace->attachments.clear();
    trace->hints.push_back(
        {"mail.size",
         fmt::format("{} bytes, of which {} were read: its signatures are not judged and its attachments not listed",
                     to - from, read.size()),
         model::Weight::remarks,
         {from, to}});
  }
  return trace;
}

Result<FileTrace> trace_mailbox(base::ByteSource& bytes, const TraceOptions& options, const TraceSink& sink) {
  FileTrace outcome;
  mail::MailboxReader reader(bytes);
  while (true) {
    LG_ASSIGN(const auto span, reader.next());
    if (!span) return outcome;
    LG_ASSIGN(const auto trace, trace_one(bytes, span->begin_bytes, span->end_bytes, options));
    ++(trace ? outcome.mails : outcome.without_header);
    if (trace && !sink(*trace)) return outcome;
  }
}

Result<os::EvidenceFile> open_file(const std::string& path) {
  LG_ASSIGN(const std::string absolute, os::absolute_path(path));
  const std::size_t slash = absolute.rfind('/');
  LG_ASSIGN(const os::Descriptor folder, os::open_evidence_root(slash == 0 ? "/" : absolute.substr(0, slash)));
  return os::open_evidence_file(folder, absolute.substr(slash + 1), absolute);
}

}  // namespace

Result<FileTrace> trace_bytes(base::ByteSource& bytes, const TraceOptions& options, const TraceSink& sink) {
  LG_ASSIGN(const auto opening, read_span(bytes, 0, std::min<std::uint64_t>(bytes.size_bytes(), k_opening_bytes)));
  if (is_store(view(opening))) return store_in_memory();
  if (mail::is_ole2(view(opening))) return trace_outlook(bytes, options, sink);
  if (mail::is_mailbox(view(opening))) return trace_mailbox(bytes, options, sink);
  LG_ASSIGN(const auto trace, trace_one(bytes, 0, bytes.size_bytes(), options));
  FileTrace outcome;
  ++(trace ? outcome.mails : outcome.without_header);
  if (trace) (void)sink(*trace);
  return outcome;
}

Result<FileTrace> trace_file(const std::string& path, const TraceOptions& options, const TraceSink& sink) {
  LG_ASSIGN(os::EvidenceFile file, open_file(path));
  LG_ASSIGN(const auto opening, read_span(file, 0, std::min<std::uint64_t>(file.size_bytes(), k_opening_bytes)));
  auto traced = is_store(view(opening)) ? trace_store(file, options, sink) : trace_bytes(file, options, sink);
  if (traced.ok()) return traced;
  base::Error error = std::move(traced).error();
  if (error.path.empty()) {
    error.path = path;
    error.what = fmt::format("cannot trace '{}': {}", base::printable(path), error.what);
  }
  return error;
}

Result<std::vector<model::Finding>> add_zone_file(mail::SavedZone& zone, const std::string& path) {
  LG_ASSIGN(os::EvidenceFile file, open_file(path));
  if (file.size_bytes() > k_zone_bytes_max) {
    base::Error error;
    error.code = base::ErrorCode::limit_reached;
    error.what = fmt::format("cannot use '{}': {} bytes of saved answers, at most {}", base::printable(path),
                             file.size_bytes(), k_zone_bytes_max);
    return error;
  }
  LG_ASSIGN(const auto read, read_span(file, 0, file.size_bytes()));
  return zone.add(view(read).text());
}

}  // namespace lastgood::trace
