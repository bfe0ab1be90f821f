// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "trace/trace_mail.h"

#include <algorithm>

#include "base/checksum.h"
#include "mail/encoded_words.h"
#include "mail/host_name.h"
#include "mail/letters.h"
#include "trace/list_attachments.h"

namespace lastgood::trace {

namespace {

constexpr std::int64_t k_second_ns = 1'000'000'000;

std::string text_of(const mail::Header& header, std::string_view name) {
  const mail::HeaderField* const field = mail::find_field(header, name);
  return field == nullptr ? std::string() : mail::unfold(field->body);
}

/// The address in the envelope as the receiver noted it.
std::string envelope_sender(const mail::Header& header, const mail::Received& border) {
  if (!border.envelope_from.empty()) return border.envelope_from;
  std::string path = text_of(header, "Return-Path");
  const std::size_t open = path.rfind('<');
  if (open != std::string::npos) path = path.substr(open + 1, path.find('>', open) - open - 1);
  return path;
}

/// When the border's relay, whose clock is the reader's, took the mail.
std::optional<std::int64_t> received_at(const MailTrace& trace) {
  if (!trace.boundary) return std::nullopt;
  const auto& date = trace.hops[trace.boundary->hop].received.date;
  if (!date || !date->moment_known) return std::nullopt;
  return date->time_ns / k_second_ns;
}

/// Organisations whose chains vouch: those of the verified chain that the person trusts.
std::vector<std::string> vouching(const mail::ArcVerdict& arc, const std::vector<std::string>& trusted) {
  std::vector<std::string> sealers;
  if (arc.result != mail::AuthResult::pass) return sealers;
  for (const mail::ArcSet& set : arc.sets) {
    const bool known = std::any_of(trusted.begin(), trusted.end(), [&set](const std::string& domain) {
      return mail::same_house(domain, set.seal.domain);
    });
    if (known) sealers.push_back(set.seal.domain);
  }
  return sealers;
}

void check_envelope(MailTrace& trace, const mail::Header& header, const TraceOptions& options) {
  if (!trace.boundary || !trace.boundary->ip) return;
  const mail::Received& border = trace.hops[trace.boundary->hop].received;
  trace.spf = mail::check_spf(
      {*trace.boundary->ip, border.helo, envelope_sender(header, border), received_at(trace).value_or(0)},
      options.zone);
}

}  // namespace

std::optional<MailTrace> trace_mail(base::ByteView bytes, std::uint64_t base_bytes, const TraceOptions& options) {
  const mail::Header header = mail::parse_header(bytes, base_bytes);
  if (header.fields.empty()) return std::nullopt;
  MailTrace trace;
  trace.begin_bytes = base_bytes;
  trace.end_bytes = base_bytes + bytes.size();
  trace.sha256 = base::hex(base::ByteView(std::span<const std::uint8_t>(base::sha256(bytes))));
  trace.from = text_of(header, "From");
  trace.subject = text_of(header, "Subject");
  trace.from_shown = mail::decode_words(trace.from);
  trace.subject_shown = mail::decode_words(trace.subject);
  trace.date_text = text_of(header, "Date");
  trace.message_id = text_of(header, "Message-ID");
  trace.received_seen = header.received_seen;
  trace.hops = mail::find_hops(header);
  trace.statements = mail::find_peer_statements(header);
  // The border does not depend on the signatures, and they are judged by its clock; what they vouch for comes after.
  trace.boundary = mail::decide_trust(trace.hops, trace.statements, {options.own_relays, {}, false});
  const base::ByteView body = bytes.part(header.body_bytes - base_bytes);
  const mail::VerifyOptions verify{received_at(trace)};
  trace.dkim = mail::verify_dkim(header, body, options.zone, verify);
  trace.arc = mail::verify_arc(header, body, options.zone, verify);
  const bool holds = std::any_of(trace.dkim.begin(), trace.dkim.end(),
                                 [](const auto& verdict) { return verdict.result == mail::AuthResult::pass; });
  trace.boundary = mail::decide_trust(trace.hops, trace.statements,
                                      {options.own_relays, vouching(trace.arc, options.trusted_sealers), holds});
  check_envelope(trace, header, options);
  trace.clock_steps = mail::find_clock_steps(trace.hops);
  trace.hints = mail::find_hints(header, trace.hops, trace.statements, trace.boundary);
  trace.hints.insert(trace.hints.end(), header.findings.begin(), header.findings.end());
  if (!body.empty()) list_attachments(bytes, trace);
  return trace;
}

}  // namespace lastgood::trace
