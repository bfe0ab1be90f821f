// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Dumps of databases as text whose first comment promises a last one: pg_dump, pg_dumpall, mysqldump, mariadb-dump, and
// `sqlite3 .dump` whose transaction must end. Where the last one is missing the dump was cut, or its program died while
// the compressor behind it closed its file in good order.
#pragma once

#include <string>

#include "formats/codec/decode_stream.h"
#include "formats/decoded_unit.h"
#include "formats/format.h"

namespace lastgood::formats {

struct DumpKind;

/// The program that wrote a text beginning with `head`, when it promises an end. Reads some hundred bytes, UTF-16
/// included. Null for all other texts. Lives for ever.
const DumpKind* find_dump_kind(base::ByteView head);

/// Whether `tail`, the last bytes of a dump, holds what `kind` promises.
bool is_dump_complete(const DumpKind& kind, base::ByteView tail);

/// Holds "FORMAT.dump" or breaks "FORMAT.dump.cut" in `report`, of a content of `size_bytes`.
void tell_dump_end(const DumpKind& kind, bool is_complete, std::string_view format, std::uint64_t size_bytes,
                   WalkReport& report);

/// For text that goes by piece by piece as it is unpacked. One thread, a few KiB, nothing kept of what is no dump.
class DumpEndWatch {
 public:
  /// Call with every piece in order.
  void see(base::ByteView piece);
  /// Whether what was seen opens as a dump that promises an end: only its last bytes tell whether it is there.
  [[nodiscard]] bool is_dump() const;
  /// Call when all was seen: tells of a dump's end in `report` as tell_dump_end does, and of other texts nothing.
  void tell(std::string_view format, std::uint64_t size_bytes, WalkReport& report);

 private:
  void decide();

  enum class State : std::uint8_t { opening, dump, other };
  State state_ = State::opening;
  const DumpKind* kind_ = nullptr;
  std::string kept_;  // the opening, then the last bytes
};

/// decode_budget_bytes for a content that is one stream of `codec`; all of it at standard depth where it opens as a
/// dump: whether that was cut before it was packed, only its end says.
[[nodiscard]] std::uint64_t dump_budget_bytes(WalkInput& input, Codec codec, DecodeSpeed speed);

}  // namespace lastgood::formats
