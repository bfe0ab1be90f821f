// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Table definition of MySQL (to 5.7) and MariaDB: .frm. Facts: MySQL Internals Manual, "MySQL .frm File Format".
//
//   table = fe 01 version(1) engine(1) ... at 10: length of the file(4) ... at 51: server version(4) ... columns
//   view  = "TYPE=VIEW\n" and lines of text
#include "formats/mysql_frm/mysql_frm_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"frm", Promise::firm}};
constexpr std::uint64_t k_header_bytes = 64;
constexpr std::string_view k_view_start = "TYPE=VIEW\n";

/// Versions 6 to 10 of the layout, and a server version this side of 3.23 (32300) and 20.0.
bool is_table(ByteView head) {
  const std::uint32_t server = head.le32(51);
  return head.matches(0, "\xfe\x01") && head.u8(2) >= 6 && head.u8(2) <= 12 &&
         (server == 0 || (server >= 32300 && server < 200000));
}

Likeness recognise(const Edges& edges) {
  if (edges.head.matches(0, k_view_start)) return Likeness::strong;
  if (!is_table(edges.head) || edges.size_bytes < k_header_bytes) return Likeness::none;
  return edges.head.le32(10) == edges.size_bytes ? Likeness::strong : Likeness::weak;
}

WalkReport walk_view(WalkInput& input) {
  WalkReport report;
  report.shape = Shape::whole;
  report.format = "mysql_view";
  const ByteView text = input.head();
  const auto* const stray = std::find_if(text.begin(), text.end(), [](std::uint8_t byte) {
    return byte == 0 || byte == 0x7F || (byte < 0x20 && byte != '\n' && byte != '\t' && byte != '\r');
  });
  if (stray != text.end()) {
    const auto at = static_cast<std::uint64_t>(stray - text.begin());
    report.breaks("mysql-frm.view", fmt::format("a control byte at {}", at), {.from = at, .to = input.size_bytes()});
    return report;
  }
  report.reach = Reach::sampled;
  report.region(0, text.size(), RegionKind::plain);
  report.holds("mysql-frm.view", fmt::format("{} bytes of text begin a view's definition", text.size()));
  return report;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (head.matches(0, k_view_start)) return walk_view(input);
  if (!is_table(head)) return report;
  report.shape = Shape::whole;
  const std::uint64_t length = head.le32(10);
  const std::uint64_t keys_at = head.le16(6);
  if (length < k_header_bytes || length > input.size_bytes() || keys_at < k_header_bytes || keys_at > length) {
    report.breaks("mysql-frm.length",
                  fmt::format("the header says {} bytes with keys at {}, the content has {}", length, keys_at,
                              input.size_bytes()),
                  {.from = 0, .to = std::min(k_header_bytes, input.size_bytes())});
    return report;
  }
  // Byte 33 is 5 since MySQL 5.0; 61 and 62 are the length of an old "extra" part that no version above 5 writes.
  report.end_bytes = length;
  report.region(0, k_header_bytes, RegionKind::structured);
  report.region(k_header_bytes, length, RegionKind::plain);
  report.holds("mysql-frm.header", fmt::format("the header's length {} is the content's, written by server version {}",
                                               length, head.le32(51)));
  return report;
}

}  // namespace

const Format k_mysql_frm_format = {.id = "mysql_frm",
                                   .title = "MySQL table definition",
                                   .family = Family::database,
                                   .claims = k_claims,
                                   .recognise = recognise,
                                   .walk = walk};

}  // namespace lastgood::formats
