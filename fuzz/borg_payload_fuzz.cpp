// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes as a compressed payload, with and without a size that is known, and as a sealed object: never more comes
// out than was allowed, and nothing that does not have the digest it is named by. The first byte chooses the size and
// mode.
#include "base/assert.h"
#include "sources/borg/object_codec.h"
#include "sources/source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  using namespace lastgood::sources::borg;
  if (size == 0) return 0;
  const base::ByteView bytes(std::span<const std::uint8_t>(data + 1, size - 1));
  static PayloadReader reader;
  std::vector<std::uint8_t> out;
  const auto expected = static_cast<std::uint32_t>(data[0] * 97);
  if (!reader.unpack(bytes, expected, out)) LG_ASSERT(out.size() == expected);
  if (data[0] % 8 == 0 && !reader.unpack(bytes, std::nullopt, out)) LG_ASSERT(out.size() <= sources::k_piece_bytes_max);
  static ObjectCodec plain(KeyKind::none, {});
  static const RepoKey key{.repository_id = std::string(32, 'r'),
                           .cipher_key = std::string(32, 'c'),
                           .mac_key = std::string(32, 'm'),
                           .id_key = std::string(32, 'i')};
  static ObjectCodec sealed(KeyKind::repokey, key);
  LG_ASSERT(sealed.open(bytes, ObjectId{}, expected, out).has_value());
  LG_ASSERT(plain.open(bytes, ObjectId{}, expected, out).has_value());
  (void)sealed.open_manifest(bytes, out);
  return 0;
}
