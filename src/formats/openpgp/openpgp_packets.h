// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// OpenPGP packets: headers, lengths, and whether they tile a content.
#pragma once

#include <cstdint>

#include "formats/walk_input.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

/// True when the first packet's header and the first fields of its body are what RFC 9580 and its forerunners allow.
bool opens_packets(base::ByteView head, std::uint64_t size_bytes);

struct Packets {
  bool fits = false;
  bool was_stopped = false;
  bool is_encrypted = false;          // holds an encrypted data packet
  bool is_open = false;               // a packet does not tell its length: it goes to the end, or comes in parts
  std::uint8_t open_compression = 0;  // algorithm of a first packet of compressed data that goes to the end; 0: none
  std::uint64_t open_data_from = 0;   // where its compressed data begins
  std::uint64_t count = 0;
  std::uint64_t end_bytes = 0;
  std::uint64_t fault_offset = 0;
};

/// Follows packet after packet from byte 0 of `input`.
Packets walk_packets(WalkInput& input);

}  // namespace lastgood::formats
