// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One mail, traced: its way, the border, what its signatures and the saved DNS say of it, and what does not fit
// together. Pure: the same bytes, keys and own relays give the same answer anywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_view.h"
#include "mail/arc.h"
#include "mail/dkim.h"
#include "mail/forgery_hints.h"
#include "mail/header.h"
#include "mail/saved_zone.h"
#include "mail/spf.h"
#include "mail/trust.h"

namespace lastgood::trace {

struct TraceOptions {
  std::vector<mail::OwnRelay> own_relays;
  std::vector<std::string> trusted_sealers;  // whose ARC chains vouch, by domain
  mail::SavedZone zone;                      // keys and zones; may be empty
};

/// A file that came with the mail.
struct MailAttachment {
  std::string name;  // for showing; empty: none. Anybody can write it: never used to open anything
  std::string content_type;
  std::string encoding;            // "base64", "quoted-printable", "7bit", ...; empty: not said
  std::uint64_t offset_bytes = 0;  // of its body in the file, still encoded
  std::uint64_t size_bytes = 0;    // decoded
  std::string sha256;              // decoded, hexadecimal
};
/// More of one mail are counted, not listed.
inline constexpr std::size_t k_attachments_max = 1'000;

/// Texts are as they stand in the mail; empty: not there. Offsets are those in the file.
struct MailTrace {
  std::uint64_t begin_bytes = 0;  // of the mail in its file
  std::uint64_t end_bytes = 0;
  std::optional<std::uint32_t> store_item;  // identifier in an Outlook store; its place is no byte then
  std::string sha256;                       // of its bytes, hexadecimal
  std::string from;
  std::string subject;
  std::string from_shown;  // with its encoded words decoded
  std::string subject_shown;
  std::string date_text;
  std::string message_id;
  std::uint64_t received_seen = 0;  // also those beyond the limits
  std::vector<mail::Hop> hops;      // newest first
  std::optional<mail::Boundary> boundary;
  std::vector<mail::PeerStatement> statements;
  std::vector<mail::ClockStep> clock_steps;
  std::vector<mail::SignatureVerdict> dkim;
  mail::ArcVerdict arc;
  std::optional<mail::SpfVerdict> spf;  // nothing: no address at the border to ask for
  std::vector<MailAttachment> attachments;
  std::vector<model::Finding> hints;  // of forgery, and oddities of header and parts
};

/// `bytes` is one mail; it stands at `base_bytes` in its file. Nothing when there is no header in it.
std::optional<MailTrace> trace_mail(base::ByteView bytes, std::uint64_t base_bytes, const TraceOptions& options);

}  // namespace lastgood::trace
