// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The three kinds of fields a pg_dump archive is made of: bytes, integers with a sign byte before them, and strings
// with an integer before them (pg_backup_archiver.c: WriteInt, WriteStr). Private to pgdump/.
#pragma once

#include <cstdint>
#include <string>

#include "formats/walk_input.h"

namespace lastgood::formats::pgdump {

enum class Trouble : std::uint8_t {
  none,
  cut,     // the content ends inside the field
  misfit,  // no pg_dump writes these bytes
};

/// Reads one field after the other. After the first trouble every read gives zero and `trouble` stays. One thread.
class FieldReader {
 public:
  /// `integer_bytes` (1 to 8): how long the archive's integers are, as its header says.
  FieldReader(WalkInput& input, std::uint64_t at, std::size_t integer_bytes)
      : input_(input), at_(at), integer_bytes_(integer_bytes) {}

  std::uint8_t read_byte();
  /// Between -(2^31) and 2^31: no field of an archive is larger.
  std::int64_t read_integer();
  /// Unsigned, little endian, `count` bytes (at most 8).
  std::uint64_t read_little(std::size_t count);
  /// The first bytes of a string, at most `kept_bytes_max`; "" for null. All of it is checked to be text.
  std::string read_string(std::size_t kept_bytes_max = 0);
  /// As read_string; false for null, which is written as length -1.
  bool skip_string();

  [[nodiscard]] std::uint64_t at() const { return at_; }
  [[nodiscard]] Trouble trouble() const { return trouble_; }
  /// Where the field that made trouble begins; of a string, the part of it that is no text.
  [[nodiscard]] std::uint64_t trouble_at() const { return trouble_at_; }

 private:
  void fail(Trouble trouble, std::uint64_t at);
  bool check_text(std::uint64_t length_bytes);

  WalkInput& input_;
  std::uint64_t at_;
  std::size_t integer_bytes_;
  Trouble trouble_ = Trouble::none;
  std::uint64_t trouble_at_ = 0;
};

}  // namespace lastgood::formats::pgdump
