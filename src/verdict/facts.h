// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Facts: everything the rules weigh about one content, gathered by inspect/. Plain values, no I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/file_record.h"
#include "model/finding.h"
#include "model/structure.h"
#include "model/verdict.h"
#include "verdict/keystream_reuse.h"
#include "verdict/marker_table.h"
#include "verdict/phase_pattern.h"
#include "verdict/randomness.h"

namespace lastgood::verdict {

/// Why a format was tried.
enum class Cause : std::uint8_t { content_strong, content_weak, name_firm, name_loose, trial };

/// What the payload of a format is like when nobody touched it.
enum class Nature : std::uint8_t {
  plain,       // text, records, pixels: random bytes in it are out of place
  compressed,  // random-looking payload is normal; only structure can tell
  mixed,       // both (programs, containers of anything)
};

struct StructureFact {
  std::string format;
  std::string title;
  model::Shape shape = model::Shape::foreign;
  model::Reach reach = model::Reach::opening;
  Cause cause = Cause::content_strong;
  Nature nature = Nature::mixed;
  std::optional<std::uint64_t> end_bytes;  // allowed trailing bytes included
  std::vector<model::Finding> findings;
  /// Bytes that should have fitted the structure, do not, and pass as random.
  std::vector<model::ByteRange> replaced;
  /// The first bytes do, but as well may be what a compressor wrote.
  bool opening_in_doubt = false;
  /// Random runs of 1 KiB (2 in pixels, 4 in sound) and more where the walker named payload that is plain by nature.
  std::vector<model::ByteRange> random_in_plain;
  /// Of programs at Depth::full: random pages in code and data that nothing checked.
  std::vector<model::ByteRange> random_unexplained;
};

/// What blocks of the content look like, where no whole structure explains them.
struct TextureFact {
  std::uint64_t tested_bytes = 0;
  std::uint64_t random_bytes = 0;
  std::uint64_t between_bytes = 0;
  std::uint64_t zero_bytes = 0;
  std::uint64_t leading_zero_bytes = 0;         // of the tested blocks before the first that is not zero
  std::uint64_t text_bytes = 0;                 // of the plain ones, those that are printable text
  std::vector<model::ByteRange> random_ranges;  // ascending; edges exact to about 64 bytes where the neighbour is plain
  std::vector<model::ByteRange> zero_ranges;    // ascending, of 4 KiB and more
  bool random_is_uniform = false;               // the random blocks, counted together, pass as ciphertext
  std::uint64_t uniform_opening_bytes = 0;      // the longest beginning of random blocks that does
  bool opening_stands_out = false;              // it passes as ciphertext, and what follows is of another kind
  Texture head = Texture::plain;                // of the first block
  Texture tail = Texture::plain;                // of the last block
  Texture opening = Texture::plain;             // of the first 64 bytes alone: plain or random
  std::string method;  // "every block of 4096 bytes" or "96 of 25600 blocks, chosen by the case's seed"
};

/// Bytes after the end by the format's own account.
struct TrailingFact {
  std::uint64_t from_bytes = 0;
  std::uint64_t length_bytes = 0;
  Texture texture = Texture::plain;
};

struct NameFact {
  std::string firm_format;  // format that the name promises; empty: none
  std::string firm_title;
  Nature firm_nature = Nature::mixed;
  std::string original_name;  // without appended suffixes; empty: nothing was stripped
  std::string appended;       // what was stripped, with its dot
  std::string owner_suffix;   // appended suffix that people's own encryption tools use ("enc", "aes"); empty: none
};

/// The content does not begin as its name promises, but ends as that.
struct RestFact {
  bool is_shifted = false;  // its end counts bytes that are not there
  std::string sentence;
};

struct Facts {
  std::uint64_t size_bytes = 0;
  model::Depth depth = model::Depth::standard;
  std::optional<base::Error> read_error;
  NameFact name;
  std::vector<StructureFact> structures;  // in the order they were tried
  std::optional<TrailingFact> trailing;   // of the whole structure
  std::optional<RestFact> rest;           // of the format that the name promises
  std::optional<TextureFact> texture;
  std::optional<PhasePattern> phase;
  std::optional<KeystreamReuse> keystream;
  std::optional<Marker> marker;
  double repeated_cells = 0;            // share of repeated 16-byte cells in random-looking blocks
  std::vector<std::string> contacts;    // "email:x@y" found in the first or last bytes of a content that is not text
  std::vector<std::string> note_signs;  // why the text is a ransom note; empty: it is none
};

}  // namespace lastgood::verdict
