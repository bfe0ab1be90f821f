// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What tests do to repositories: sealing as restic does, so that hostile trees can be written and keys made cheap.
#pragma once

#include <openssl/evp.h>
#include <zstd.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/base64.h"
#include "base/checksum.h"
#include "os/random.h"
#include "os/testing/scratch_folder.h"
#include "sources/restic/crypto.h"
#include "sources/restic/pack_header.h"

namespace lastgood::sources::restic::testing {

inline std::string text_of(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

inline std::string seal(const MasterKey& key, std::string_view plain) {
  std::array<std::uint8_t, k_iv_bytes> iv{};
  os::fill_random(iv);
  std::vector<std::uint8_t> secret(plain.size());
  EVP_CIPHER_CTX* const context = EVP_CIPHER_CTX_new();
  int length = 0;
  if (EVP_EncryptInit_ex(context, EVP_aes_256_ctr(), nullptr, key.encryption.data(), iv.data()) != 1 ||
      EVP_EncryptUpdate(context, secret.data(), &length, base::ByteView(plain).begin(),
                        static_cast<int>(plain.size())) != 1) {
    std::abort();
  }
  EVP_CIPHER_CTX_free(context);
  const auto mac = SealOpener(key).mac_of(base::ByteView(std::span<const std::uint8_t>(iv)),
                                          base::ByteView(std::span<const std::uint8_t>(secret)));
  std::string sealed(iv.begin(), iv.end());
  sealed.append(secret.begin(), secret.end());
  sealed.append(mac.begin(), mac.end());
  return sealed;
}

inline std::string name_of(std::string_view bytes) {
  const auto digest = base::sha256(base::ByteView(bytes));
  return base::hex(base::ByteView(std::span<const std::uint8_t>(digest)));
}

/// Writes a file of the repository under the name that its bytes give it, and says which that is.
inline std::string store(const std::string& folder, const std::string& bytes) {
  std::string name = name_of(bytes);
  const std::string place = folder.ends_with("/data") ? folder + "/" + name.substr(0, 2) : folder;
  std::filesystem::create_directories(place);
  os::testing::write_file(place + "/" + name, bytes);
  return name;
}

/// A pack with one blob; its id is that of the bytes. `compressed` packs it with zstd.
enum class Packing { plain, compressed };
inline std::string store_blob(const std::string& repository, const MasterKey& key, BlobKind kind,
                              const std::string& content, Packing packing = Packing::plain) {
  std::string packed = content;
  if (packing == Packing::compressed) {
    packed.resize(ZSTD_compressBound(content.size()));
    packed.resize(ZSTD_compress(packed.data(), packed.size(), content.data(), content.size(), 3));
  }
  const std::string blob = seal(key, packed);
  const auto add_number = [](std::string& out, std::size_t value) {
    for (unsigned i = 0; i < 4; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
  };
  std::string header(1, static_cast<char>((kind == BlobKind::tree ? 1 : 0) + (packing == Packing::compressed ? 2 : 0)));
  add_number(header, blob.size());
  if (packing == Packing::compressed) add_number(header, content.size());
  const auto digest = base::sha256(base::ByteView(std::string_view(content)));
  header.append(digest.begin(), digest.end());
  std::string pack = blob + seal(key, header);
  add_number(pack, header.size() + k_seal_bytes);
  store(repository + "/data", pack);
  return name_of(content);
}

inline std::string base64_of(std::string_view bytes) { return base::base64(base::ByteView(bytes)); }

inline std::string master_key_json(const MasterKey& key) {
  const auto text = [](const auto& bytes) {
    return base64_of(std::string_view(base::ByteView(std::span<const std::uint8_t>(bytes)).text()));
  };
  return R"({"mac":{"k":")" + text(key.mac_k) + R"(","r":")" + text(key.mac_r) + R"("},"encrypt":")" +
         text(key.encryption) + R"("})";
}

/// A key file for `password` that costs nothing to open: restic itself makes such that take half a second.
inline std::string cheap_key_file(const MasterKey& key, std::string_view password) {
  const ScryptCosts costs{.n = 1024, .r = 1, .p = 1};
  const std::string salt(64, 's');
  auto derived = derive_key(password, base::ByteView(std::string_view(salt)), costs);
  if (!derived.ok()) std::abort();
  return R"({"created":"2022-11-23T07:07:00Z","username":"root","hostname":"ward","kdf":"scrypt","N":1024,"r":1,"p":1,"salt":")" +
         base64_of(salt) + R"(","data":")" + base64_of(seal(derived.value(), master_key_json(key))) + R"("})";
}

}  // namespace lastgood::sources::restic::testing
