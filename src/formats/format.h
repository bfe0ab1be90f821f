// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Format: one file format as a row of the table in format_table.cpp. A walker sees only this header, base and model.
//
// A walker asks one question: do the invariants of this format hold, how far was that checked, and where does the
// content end? It never says "encrypted": that is the verdict's work, which adds statistics and context.
// Walkers do no I/O, keep no state between calls, run on any thread, never recurse on input depth without a limit,
// never allocate by a number from the file without limiting it first, and stop when `may_continue` says so.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/byte_view.h"
#include "formats/walk_input.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

/// How sure the opening (or the closing) bytes are that this is the format.
enum class Likeness : std::uint8_t {
  none,
  weak,    // fewer than about 24 bits speak for it ("BM", an MP3 sync word, "looks like text")
  strong,  // a magic number or a checked header no other format shares
};

/// What a file name's extension promises about the content.
enum class Promise : std::uint8_t {
  firm,   // a file so named is this format; when it does not even begin so, its content was replaced (pdf, docx, png)
  loose,  // often this format, also used for other things (db, dat, bin, img, bak)
};

struct NameClaim {
  std::string_view extension;  // lower case, no dot
  Promise promise = Promise::firm;
};

/// Groups for reports and for people; decides nothing.
enum class Family : std::uint8_t {
  text,
  document,
  image,
  audio_video,
  archive,
  database,
  mail,
  disk,
  program,
  font,
  owner_encrypted,
  backup,
  other
};

/// What may be looked at before any walk. All views live as long as the call.
struct Edges {
  base::ByteView head;  // the first bytes, up to k_edge_bytes
  base::ByteView tail;  // the last bytes, up to k_edge_bytes; overlaps head in small contents
  std::uint64_t size_bytes = 0;
  std::string_view name;  // file name without directories, original extension; a hint only; may be empty
};

/// What is left of a format in a content that does not begin as it.
struct SurvivingRest {
  enum class Place : std::uint8_t {
    unknown,  // its end is there; whether bytes before it are missing does not show
    shifted,  // its end counts bytes that are not there: the beginning is missing
  };
  Place place = Place::unknown;
  std::string sentence;
};

struct Format {
  std::string_view id;     // "png": lower case, stands in JSON
  std::string_view title;  // "PNG image"
  Family family = Family::other;
  std::span<const NameClaim> claims;

  /// Cheap: looks at the edges only, no loops over more than a few hundred bytes.
  Likeness (*recognise)(const Edges& edges) = nullptr;

  /// Checks the invariants. Called when `recognise` says so or when the name claims the format.
  WalkReport (*walk)(WalkInput& input) = nullptr;

  /// What a person reads in a short document of this format, as UTF-8; empty when it is long. Null where the bytes are
  /// the text, or nobody reads any. Called after `walk` found the content whole.
  std::string (*read_text)(WalkInput& input) = nullptr;

  /// Looks for the format's own end where nothing else of it stands. Called when the name claims the format and `walk`
  /// said that it does not even begin. May be left out.
  std::optional<SurvivingRest> (*find_rest)(WalkInput& input) = nullptr;
};

std::string_view name_of(Family family);

}  // namespace lastgood::formats
