// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The parts of a mail with their byte ranges: RFC 2045, RFC 2046 section 5. One pass over the lines with a stack of
// boundaries and no recursion, so that a mail of a million parts costs no more than its bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/byte_view.h"
#include "model/finding.h"

namespace lastgood::mail {

inline constexpr std::size_t k_mime_parts_max = 10'000;
inline constexpr std::size_t k_mime_depth_max = 1'000;

/// Lower case but for names; empty: not said.
struct MimePart {
  unsigned depth = 0;  // 0: the mail itself
  model::ByteRange header;
  model::ByteRange body;  // as it stands, still encoded; of a multipart, all parts below it
  std::string content_type = "text/plain";
  std::string charset;
  std::string encoding;     // "base64", "quoted-printable", "7bit", ...
  std::string disposition;  // "attachment", "inline"
  std::string file_name;    // as written; never used to open anything
  bool is_leaf = true;
};

struct MimeParts {
  std::vector<MimePart> parts;           // in the order of the bytes; the first is the mail itself
  std::vector<model::Finding> findings;  // "mail.mime.…": what was left out, boundaries without an end
};

/// `message` is one mail, header and body. Never fails.
MimeParts find_mime_parts(base::ByteView message);

/// A leaf whose bytes are not its text: "base64", "quoted-printable".
bool is_encoded(const MimePart& part);
/// A leaf that a reader is shown as a file: it has a name or says so, or is no text.
bool is_attachment(const MimePart& part);

struct DecodedBody {
  std::string bytes;
  std::size_t strange_bytes = 0;  // of the body, that base64 does not have: its label is wrong, or text follows it
};

/// The body of a leaf, decoded as far as its encoding holds: what is no digit of it is skipped. At most `bytes_max`.
DecodedBody decode_body(base::ByteView message, const MimePart& part, std::size_t bytes_max);

}  // namespace lastgood::mail
