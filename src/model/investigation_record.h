// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a case keeps of files that were searched for indicators, and of mails that were traced. Plain values; texts are
// as the evidence has them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/file_record.h"

namespace lastgood::model {

/// One value in one file (an address, an account, a wallet, ...), at the place where it stands first.
struct FoundValue {
  std::string kind;      // "email", "onion", "ipv4", ...
  std::string value;     // one spelling for equal ones
  std::string level;     // "checksum", "shape", "context"
  std::string encoding;  // "ascii", "utf-16le", "utf-16be"; in a mail's part "base64", "quoted-printable"
  std::uint64_t offset_bytes = 0;
  std::uint64_t length_bytes = 0;
  std::optional<std::uint16_t> port;
  bool defanged = false;
  bool in_name = false;  // of the file; offset 0
  std::uint64_t times = 1;
  std::string apart;  // "own", "internal", "vendor"; empty: may be the attacker's
  bool operator==(const FoundValue&) const = default;
};

/// A file of which every byte was searched.
struct SearchedFile {
  std::string path;  // absolute
  std::uint64_t size_bytes = 0;
  std::string sha256;  // of the bytes that were read, hexadecimal
  std::int64_t searched_ns = 0;
  std::uint64_t left_out = 0;      // different values beyond what is kept of one file
  std::vector<FoundValue> values;  // by offset, kind, value
  bool operator==(const SearchedFile&) const = default;
};

/// One Received line. Empty: the line does not say.
struct MailHop {
  std::uint64_t offset_bytes = 0;  // of the field in the file
  std::string helo;
  std::string rdns;
  std::string ip;
  std::string port;
  std::string by;
  std::string with;
  std::string id;
  std::string date_text;
  std::optional<std::int64_t> date_ns;  // nothing: none, or its zone is unknown
  std::string trust;                    // "trusted", "semi_trusted", "vouched", "claim"
  bool operator==(const MailHop&) const = default;
};

/// The first address outside the reader's own relays.
struct MailBoundary {
  std::size_t hop = 0;  // number in `hops`
  std::string ip;       // empty: the border's line does not say
  std::string level;    // "fact", "claim"
  std::string reason;
  bool operator==(const MailBoundary&) const = default;
};

/// More of one mail are not kept.
inline constexpr std::size_t k_mail_parts_max = 1000;

/// What came with a mail.
struct MailPart {
  std::string name;  // as the mail calls it; empty: none
  std::string content_type;
  std::uint64_t size_bytes = 0;  // decoded
  std::string sha256;            // decoded, hexadecimal; empty: not read
  bool operator==(const MailPart&) const = default;
};

struct MailRecord {
  std::string path;               // absolute, of the file it is in
  std::uint64_t begin_bytes = 0;  // in the file
  std::uint64_t end_bytes = 0;
  std::string sha256;  // of the mail's bytes, hexadecimal
  std::string from;    // what it says of itself: anybody can write it
  std::string subject;
  std::string date_text;
  std::string message_id;
  std::vector<MailHop> hops;  // newest first
  std::optional<MailBoundary> boundary;
  std::vector<Reason> dkim;  // domain and result
  std::string arc;
  std::string spf;
  std::vector<Reason> hints;
  std::optional<std::uint32_t> store_item = {};  // identifier in an Outlook store; nothing: of no store
  std::vector<MailPart> attachments = {};        // at most k_mail_parts_max
  bool operator==(const MailRecord&) const = default;
};

}  // namespace lastgood::model
