// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The scan every text walker shares: is this text through and through, in which encoding, and which parts of it are
// foreign (ciphertext among text)? Formats whose grammar is text include this header, hand in a reader for their
// grammar and add what it found.
//
// Text has no checksum and no length. What it has is consistency: its bytes are of one kind from the first to the last.
// So the scan looks at cells of 16 bytes and names those whose bytes the rest of the file does not have. A few binary
// bytes are everyday (log files after a crash, control characters of a protocol); only bytes that look random, and
// enough of them, contradict.
#pragma once

#include <cstdint>
#include <vector>

#include "formats/format.h"
#include "formats/text/text_model.h"

namespace lastgood::formats {

/// Receives the content as bytes of one encoding unit each: UTF-16 and UTF-32 come narrowed, with 'x' for every
/// character above 0x7F. Only called when the whole content is read, in order and without gaps.
class TextReader {
 public:
  TextReader() = default;
  virtual ~TextReader() = default;
  TextReader(const TextReader&) = delete;
  TextReader& operator=(const TextReader&) = delete;
  /// `offset` is where `piece` begins in the content; each of its bytes stands for `unit` bytes there.
  virtual void read(base::ByteView piece, std::uint64_t offset, std::size_t unit) = 0;
};

enum class TextState : std::uint8_t {
  not_text,  // nothing to do with text
  sound,     // text wherever it was looked at
  foreign,   // text, and parts that are not: see `foreign`
};

struct TextScan {
  TextState state = TextState::not_text;
  TextEncoding encoding = TextEncoding::ascii;
  Reach reach = Reach::opening;
  bool was_read_whole = false;  // the reader, if any, has seen everything
  std::uint64_t scanned_bytes = 0;
  std::uint64_t hole_bytes = 0;      // cells of zeros
  std::uint64_t control_bytes = 0;   // controls no text needs, NULs between text included
  std::uint64_t stray_bytes = 0;     // foreign cells too few, or not random enough, to contradict
  std::uint64_t unlikely_units = 0;  // of UTF-16: half a pair, or for private use
  std::uint64_t foreign_bytes = 0;
  std::uint64_t foreign_runs = 0;
  std::vector<model::ByteRange> foreign;  // ascending, whole cells; at most k_foreign_runs_max
  std::vector<model::ByteRange> seen;     // what was looked at; one range when all
  model::ByteRange first_stray;
  model::ByteRange payload;  // binary part a script carries behind its last line; empty when none
};

inline constexpr std::size_t k_foreign_runs_max = 8192;
/// Fewer zeros are the padding of records and strings; more are what a crash or an eraser leaves.
inline constexpr std::uint64_t k_hole_bytes_min = 512;

/// Whether `name` ends in an extension text walkers claim: then less plain text is enough to call it text.
bool has_text_name(std::string_view name);

/// Cheap: some 512 bytes of the edges.
Likeness recognise_text(const Edges& edges);

TextScan scan_text(WalkInput& input, TextReader* reader = nullptr);

/// Whether a format's own opening bytes were seen: content that begins so and is no text is broken, not foreign.
enum class Opening : std::uint8_t { unseen, seen };

/// Writes findings, regions, reach and shape (`foreign`, `broken` or `whole`) of `scan` into `report`.
void tell_text(const TextScan& scan, const WalkInput& input, Opening opening, WalkReport& report);

/// The head as text of one byte for each character, without a byte order mark and leading white space: what openings
/// are recognised by. At most `length` characters.
std::string narrow_opening(base::ByteView head, std::size_t length);

}  // namespace lastgood::formats
