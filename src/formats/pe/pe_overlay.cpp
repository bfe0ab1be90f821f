// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What installers and bundlers put behind a PE image. Each has its own magic at its beginning or end.
#include <array>
#include <string_view>

#include "formats/pe/pe_file.h"

namespace lastgood::formats::pe {

namespace {

using base::ByteView;
using namespace std::string_view_literals;

struct Mark {
  std::string_view bytes;
  const char* name;
};
/// Somewhere in the first bytes: a small header of the installer may come first.
constexpr std::array k_openings = {Mark{"\xef\xbe\xad\xdeNullsoftInst"sv, "an NSIS installer's archive"},
                                   Mark{"zlb\x1a"sv, "an Inno Setup archive"},
                                   Mark{"idska32\x1a"sv, "an Inno Setup archive"},
                                   Mark{"7z\xbc\xaf\x27\x1c"sv, "a 7z archive"},
                                   Mark{";!@Install@!UTF-8!"sv, "a 7z archive"},
                                   Mark{"Rar!\x1a\x07"sv, "a RAR archive"},
                                   Mark{"MSCF\0\0\0\0"sv, "a cabinet"},
                                   Mark{"PK\x03\x04"sv, "a zip archive"},
                                   Mark{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, "an MSI package"},
                                   Mark{"\xfd"
                                        "7zXZ\0"sv,
                                        "an xz stream"},
                                   Mark{"\x1f\x8b\x08"sv, "a gzip stream"}};
constexpr std::array k_closings = {Mark{"PK\x05\x06"sv, "a zip archive"},
                                   Mark{"MEI\014\013\012\013\016"sv, "a PyInstaller bundle"},
                                   Mark{"d3n0l4nd"sv, "a Deno bundle"}};
constexpr std::size_t k_opening_bytes = 1024;

}  // namespace

const char* find_overlay(WalkInput& input, std::uint64_t from, std::uint64_t to) {
  const ByteView opening =
      input.at(from, static_cast<std::size_t>(std::min<std::uint64_t>(k_opening_bytes, to - from)));
  for (const Mark& mark : k_openings) {
    const std::size_t at = opening.find(mark.bytes);
    if (at != ByteView::npos && (mark.bytes.size() >= 6 || at == 0)) return mark.name;
  }
  const std::uint64_t closing_bytes = std::min<std::uint64_t>(to - from, k_edge_bytes);
  const ByteView closing = input.at(to - closing_bytes, static_cast<std::size_t>(closing_bytes));
  for (const Mark& mark : k_closings) {
    if (closing.find_last(mark.bytes) != ByteView::npos) return mark.name;
  }
  return nullptr;
}

}  // namespace lastgood::formats::pe
