// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that keys and signatures are what RFC 8032 says and what `openssl` reads, and that nothing spoilt is accepted.
#include "ledger/signing_key.h"

#include <gtest/gtest.h>

#include "ledger/merkle_tree.h"
#include "ledger/testing/run_shell.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::ledger {

namespace {

using os::testing::ScratchFolder;
using os::testing::write_file;
using testing::run_shell;

// RFC 8032 section 7.1, test 2, as PKCS#8: the seed behind the fixed first bytes of RFC 8410 section 7.
constexpr const char* k_known_key =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n-----END PRIVATE "
    "KEY-----\n";
constexpr const char* k_known_signature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb0"
    "0d"
    "291612bb0c00";

}  // namespace

TEST(SigningKey, signs_as_rfc_8032_does) {
  const auto key = parse_signing_key(k_known_key, "");
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(base::hex(base::ByteView(std::string_view(key.value().sign("\x72")))), k_known_signature);
}

TEST(SigningKey, refuses_every_changed_bit_of_text_and_signature) {
  const SigningKey key = make_signing_key();
  const std::string text = "lastgood-tree-head 1\n";
  const std::string signature = key.sign(text);
  EXPECT_TRUE(holds_signature(key.public_pem(), text, signature));
  EXPECT_FALSE(holds_signature(make_signing_key().public_pem(), text, signature));
  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
    std::string bad = signature;
    bad[bit / 8] = static_cast<char>(static_cast<unsigned char>(bad[bit / 8]) ^ (1U << (bit % 8)));
    ASSERT_FALSE(holds_signature(key.public_pem(), text, bad)) << bit;
  }
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string bad = text;
    bad[bit / 8] = static_cast<char>(static_cast<unsigned char>(bad[bit / 8]) ^ (1U << (bit % 8)));
    ASSERT_FALSE(holds_signature(key.public_pem(), bad, signature)) << bit;
  }
  EXPECT_FALSE(holds_signature(key.public_pem(), text, signature.substr(1)));
  EXPECT_FALSE(holds_signature("", text, signature));
}

TEST(SigningKey, opens_with_its_passphrase_only) {
  const SigningKey key = make_signing_key();
  const std::string pem = key.private_pem("ward 7, bed 3");
  EXPECT_TRUE(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
  const auto opened = parse_signing_key(pem, "ward 7, bed 3");
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened.value().public_pem(), key.public_pem());
  for (const char* wrong : {"", "ward 7, bed 4"}) {
    const auto refused = parse_signing_key(pem, wrong);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, base::ErrorCode::denied);
    EXPECT_EQ(refused.error().what, "the key could not be opened");
  }
  EXPECT_FALSE(parse_signing_key("", "").ok());
  EXPECT_FALSE(parse_signing_key(std::string(200'000, 'A'), "").ok());
}

TEST(SigningKey, is_read_and_its_signature_verified_by_openssl) {
  const ScratchFolder folder;
  const SigningKey key = make_signing_key();
  write_file(folder / "key.pem", key.private_pem("secret words"));
  write_file(folder / "public.pem", key.public_pem());
  write_file(folder / "head.txt", "lastgood-tree-head 1\n");
  write_file(folder / "head.sig", key.sign("lastgood-tree-head 1\n"));
  const auto verified = run_shell(
      folder.path(), "openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in head.txt -sigfile head.sig");
  EXPECT_TRUE(verified.ok) << verified.printed;
  const auto same =
      run_shell(folder.path(), "openssl pkey -in key.pem -passin 'pass:secret words' -pubout | cmp - public.pem");
  EXPECT_TRUE(same.ok) << same.printed;
  const auto print = run_shell(folder.path(), "openssl pkey -pubin -in public.pem -outform DER | sha256sum");
  EXPECT_EQ(print.printed.substr(0, 64), text_of(*key_fingerprint(key.public_pem())));
}

TEST(SigningKey, takes_no_key_of_another_kind) {
  const ScratchFolder folder;
  const auto made = run_shell(folder.path(),
                              "openssl genpkey -algorithm X25519 -out key.pem && openssl pkey -in key.pem "
                              "-pubout -out public.pem");
  ASSERT_TRUE(made.ok) << made.printed;
  const auto refused = parse_signing_key(os::testing::read_file(folder / "key.pem"), "");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().what, "the key is no Ed25519 key");
  EXPECT_EQ(key_fingerprint(os::testing::read_file(folder / "public.pem")), std::nullopt);
}

}  // namespace lastgood::ledger
