// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The envelope around every object, and what proves that what comes out of it is genuine.
//
//   none, authenticated:  TYPE(1) | payload
//   encrypted:            TYPE(1) | MAC(32) | NONCE(8) | AES-256-CTR(payload), counter block = 8 zero bytes | NONCE
//
// An object's name is a digest of its plain bytes, keyed in all modes but "none". That digest is always computed again,
// and it proves more than the MAC does (the MAC does not bind the name). So for named objects the MAC and the entry's
// CRC-32 are not computed as well: they would double the cost of a restore. They are asked when the digest does not
// fit, to say what is broken; and always for the manifest, whose name is no digest. The price: bytes that a forger
// wrote reach the decompressors, as they do in the modes without a cipher; these are bounded and fuzzed.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_view.h"
#include "sources/borg/payload.h"
#include "sources/borg/repo_key.h"

namespace lastgood::sources::borg {

using ObjectId = std::array<std::uint8_t, 32>;

/// Whether a message says itself that it is genuine (tag "tam").
enum class Tam : std::uint8_t { missing, valid, invalid, unknown_suite };

/// Opens objects of one repository. One thread; make one per thread.
class ObjectCodec {
 public:
  ObjectCodec(KeyKind kind, const RepoKey& key);
  ~ObjectCodec();
  ObjectCodec(const ObjectCodec&) = delete;
  ObjectCodec& operator=(const ObjectCodec&) = delete;

  /// `sealed` is the whole stored value. Gives what is wrong, or nothing and the plain bytes in `out`.
  [[nodiscard]] std::optional<std::string> open(base::ByteView sealed, const ObjectId& id,
                                                std::optional<std::uint32_t> expected_bytes,
                                                std::vector<std::uint8_t>& out);
  /// For the manifest: proved by the MAC, where this mode has one.
  [[nodiscard]] std::optional<std::string> open_manifest(base::ByteView sealed, std::vector<std::uint8_t>& out);

  /// The name of an object with these plain bytes.
  [[nodiscard]] ObjectId id_of(base::ByteView plain);

  /// HKDF-SHA512 and HMAC-SHA512 over `message` with the 64 bytes at `mac_offset` taken as zeros. `context` is
  /// "manifest" or "archive".
  [[nodiscard]] bool tam_fits(base::ByteView message, std::size_t mac_offset, std::string_view salt,
                              std::string_view context) const;

  [[nodiscard]] KeyKind kind() const { return kind_; }

 private:
  struct Libraries;
  [[nodiscard]] std::optional<std::string> take_envelope(base::ByteView sealed, base::ByteView& payload);
  void decrypt(base::ByteView sealed);
  [[nodiscard]] bool mac_fits(base::ByteView sealed);

  KeyKind kind_;
  RepoKey key_;
  std::unique_ptr<Libraries> libraries_;
  PayloadReader payload_reader_;
  std::vector<std::uint8_t> decrypted_;
};

}  // namespace lastgood::sources::borg
