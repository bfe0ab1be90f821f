// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/payload_nature.h"

#include <array>

#include "formats/codec/decode_stream.h"

namespace lastgood::formats {

namespace {

using namespace std::string_view_literals;

struct Magic {
  std::uint64_t offset = 0;
  std::string_view bytes;
};

// At least 24 bits each; formats whose payload is text or records are not here on purpose.
constexpr std::array k_magics = {
    Magic{0, "\x89PNG\r\n\x1a\n"sv},
    Magic{0, "\xff\xd8\xff"sv},
    Magic{0, "GIF8"sv},
    Magic{0, "PK\x03\x04"sv},
    Magic{0, "%PDF-"sv},
    Magic{0, "7z\xbc\xaf\x27\x1c"sv},
    Magic{0, "Rar!\x1a\x07"sv},
    Magic{4, "ftyp"sv},
    Magic{0, "\x1a\x45\xdf\xa3"sv},
    Magic{0, "OggS"sv},
    Magic{0, "fLaC"sv},
    Magic{0, "ID3"sv},
    Magic{8, "WEBP"sv},
    Magic{8, "AVI "sv},
    Magic{0, "wOF2"sv},
    Magic{0, "wOFF"sv},
    Magic{0, "MSCF\0\0\0\0"sv},
    Magic{0, "hsqs"sv},
    Magic{0, "\xed\xab\xee\xdb"sv},
    Magic{0, "!<arch>\ndebian-"sv},
    Magic{0, "\x02\x21\x4c\x18"sv},
    Magic{0, "\x89LZO\0\r\n"sv},
    Magic{0, "\x1f\x9d\x90"sv},
    Magic{0, "\0\0\0\x0cjP  "sv},
    Magic{0, "\xff\x4f\xff\x51"sv},
    Magic{0, "PACK\0\0\0"sv},
    Magic{0, "DIRC\0\0\0"sv},
    Magic{0, "LUKS\xba\xbe"sv},
    Magic{0, "age-encryption.org/"sv},
    Magic{0, "Salted__"sv},
    Magic{0, "\x03\xd9\xa2\x9a"sv},
    Magic{0, "-----BEGIN PGP"sv},
    Magic{128, "DICM"sv},
    Magic{0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11"sv},
};

}  // namespace

PayloadNature find_payload_nature(base::ByteView head) {
  if (find_codec(head)) return PayloadNature::compressed;
  for (const Magic& magic : k_magics) {
    if (head.matches(magic.offset, magic.bytes)) return PayloadNature::compressed;
  }
  return PayloadNature::unknown;
}

}  // namespace lastgood::formats
