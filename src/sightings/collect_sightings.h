// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Reads whole files (notes, encrypted files, mails, logs, disk images, all below a folder) for indicators, and says of
// each what sets it apart from those an attacker may have left: the hospital's own, a private network's, a vendor's.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "indicators/find_indicators.h"
#include "model/ip_address.h"
#include "walk/walk_files.h"

namespace lastgood::sightings {

/// Whose an indicator is, as far as its value alone tells.
enum class Apart : std::uint8_t {
  no,        // may be the attacker's
  own,       // of the hospital: its domains and address blocks, as the person said
  internal,  // an address that no provider can be asked about: private, loopback, documentation, ...
  vendor,    // a host that documents and programs everywhere name: schemas, vendors, licences
};
/// "own", "internal", "vendor"; empty for `no`.
[[nodiscard]] std::string_view name_of(Apart apart);

/// What the hospital calls its own.
struct OwnPlaces {
  std::vector<std::string> domains;  // lower case: "hospital.example.in"; names below them too
  std::vector<model::IpBlock> blocks;
};
/// Pure.
[[nodiscard]] Apart decide_apart(std::string_view kind, const std::string& value, const OwnPlaces& own);

/// One value in one file.
struct SeenIndicator {
  indicators::FoundIndicator first;  // where it stands first
  std::uint64_t times = 0;
  Apart apart = Apart::no;
  enum class Place : std::uint8_t { content, name } place = Place::content;  // in the file's name: offset 0
  // "base64" or "quoted-printable": in a mail's part, whose body begins at the offset; empty: as it stands.
  std::string_view part_encoding = {};
  // In an Outlook store: the item's identifier and the part ("header", "body as text", "attachment 'a.txt'"); the
  // offset is that in the part as it was decoded. 0: in no item.
  std::uint32_t store_item = 0;
  std::string store_part = {};
};
/// How it stands there: "ascii", "utf-16le", "base64", "base64 of utf-16le", "ascii in item 2097188, body as text", ...
[[nodiscard]] std::string encoding_of(const SeenIndicator& seen);

struct SeenFile {
  std::string path;
  std::uint64_t size_bytes = 0;
  std::string sha256;               // 64 hex digits, of the bytes that were read
  std::vector<SeenIndicator> seen;  // by offset
  std::uint64_t left_out = 0;       // different values beyond k_values_per_file_max
};
/// A list of a million accounts is no reason to fill the memory.
inline constexpr std::size_t k_values_per_file_max = 100'000;

struct CollectTally {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t unreadable = 0;
  double seconds = 0;
};

/// Implemented by the command line. One call at a time.
class SightingSink {
 public:
  virtual ~SightingSink() = default;
  /// Files without any are not shown.
  virtual void take(SeenFile file) = 0;
  virtual void trouble(const std::string& path, const base::Error& error) = 0;
  virtual void progress(const CollectTally& tally) = 0;
  [[nodiscard]] virtual bool cancelled() const = 0;
};

struct CollectOutcome {
  CollectTally tally;
  bool finished = false;  // false: cancelled
};

/// An error only when a root cannot be opened.
[[nodiscard]] base::Result<CollectOutcome> collect_sightings(const walk::WalkRequest& files, const OwnPlaces& own,
                                                             SightingSink& sink);

}  // namespace lastgood::sightings
