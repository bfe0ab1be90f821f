// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/dicom/dicom_element.h"

#include <string_view>

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::string_view k_short_vrs = "AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US";
constexpr std::string_view k_long_vrs = "OB OD OF OL OV OW SQ SV UC UN UR UT UV";

bool lists(std::string_view vrs, std::string_view vr) {
  for (std::size_t at = 0; at + 2 <= vrs.size(); at += 3) {
    if (vrs.substr(at, 2) == vr) return true;
  }
  return false;
}

bool is_upper(std::uint8_t byte) { return byte >= 'A' && byte <= 'Z'; }

}  // namespace

bool has_known_dicom_vr(ByteView bytes) {
  const std::string_view vr = bytes.part(4, 2).text();
  return vr.size() == 2 && (lists(k_short_vrs, vr) || lists(k_long_vrs, vr));
}

std::optional<DicomElement> parse_dicom_element(ByteView bytes, DicomEncoding encoding) {
  if (bytes.size() < 8) return std::nullopt;
  const bool big = encoding == DicomEncoding::explicit_big;
  const std::uint32_t group = big ? bytes.be16(0) : bytes.le16(0);
  const std::uint32_t number = big ? bytes.be16(2) : bytes.le16(2);
  DicomElement element{.tag = group << 16U | number, .header_bytes = 8};
  if (encoding == DicomEncoding::implicit_little || group == 0xFFFE) {
    element.length_bytes = big ? bytes.be32(4) : bytes.le32(4);
    return element;
  }
  if (!is_upper(bytes.u8(4)) || !is_upper(bytes.u8(5))) return std::nullopt;
  const std::string_view vr = bytes.part(4, 2).text();
  element.vr = {vr[0], vr[1]};
  if (lists(k_short_vrs, vr)) {
    element.length_bytes = big ? bytes.be16(6) : bytes.le16(6);
    return element;
  }
  // What later editions add has the long form as well (PS3.5, 7.1.2).
  if (bytes.size() < 12) return std::nullopt;
  element.header_bytes = 12;
  element.length_bytes = big ? bytes.be32(8) : bytes.le32(8);
  return element;
}

}  // namespace lastgood::formats
