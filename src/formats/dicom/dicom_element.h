// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One data element's header (DICOM PS3.5, section 7.1) in any of the three encodings.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/byte_view.h"

namespace lastgood::formats {

enum class DicomEncoding : std::uint8_t { implicit_little, explicit_little, explicit_big };

inline constexpr std::uint32_t k_dicom_undefined_length = 0xFFFF'FFFF;
inline constexpr std::size_t k_dicom_header_bytes_max = 12;

struct DicomElement {
  std::uint32_t tag = 0;     // group in the high half
  std::array<char, 2> vr{};  // zeros where the encoding has none
  std::uint32_t header_bytes = 0;
  std::uint32_t length_bytes = 0;  // k_dicom_undefined_length: until a delimiter
  [[nodiscard]] bool is_undefined() const { return length_bytes == k_dicom_undefined_length; }
  [[nodiscard]] bool has_vr(const char* name) const { return vr[0] == name[0] && vr[1] == name[1]; }
};

/// Items and delimiters (group FFFE) have no value representation in any encoding.
std::optional<DicomElement> parse_dicom_element(base::ByteView bytes, DicomEncoding encoding);

/// True when a value representation of PS3.5, table 6.2-1 stands at bytes 4 and 5.
bool has_known_dicom_vr(base::ByteView bytes);

}  // namespace lastgood::formats
