// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Finds what an attacker leaves to be reached and paid by: addresses, onion names, messenger IDs, wallets, victim IDs.
// Pure; ASCII and UTF-16LE; every value is bounded and normalised.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_view.h"

namespace lastgood::indicators {

struct Contact {
  std::string kind;   // "email", "onion", "tox", "session", "telegram", "btc", "eth", "xmr", "url", "victim_id"
  std::string value;  // lower case where the kind does not tell case apart
  std::string level;  // "checksum": its own checksum fits; "shape": looks like one; "context": the words around say so
  std::uint64_t offset_bytes = 0;
};

/// At most `count_max` contacts of `bytes`, in order of their offset (added to `offset_bytes`), each value once.
std::vector<Contact> find_contacts(base::ByteView bytes, std::uint64_t offset_bytes, std::size_t count_max);

/// Contacts and victim IDs that attacks write into names: "scan.pdf.id[1A2B3C4D-2803].[fox@mailbox.example].eight".
/// `name` is a file's name without folders; what stands before its first bracket or ".id-" is the owner's and not
/// looked at. Offsets are 0: they are offsets in contents.
std::vector<Contact> find_name_contacts(std::string_view name, std::size_t count_max);

}  // namespace lastgood::indicators
