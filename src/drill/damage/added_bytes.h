// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The headers and footers that documented families put around a content: their lengths, fixed marks and clear fields
// are as published; everything a family keeps secret is seeded noise.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "drill/damage/seeded_bytes.h"

namespace lastgood::drill {

/// What a header or footer may depend on.
struct AddedContext {
  std::uint64_t original_size_bytes = 0;
  std::string_view name;       // original file name
  std::uint64_t on_bytes = 0;  // of the region shape that was used
  std::uint64_t off_bytes = 0;
  unsigned mode = 0;  // the family's own mode number, from the pattern's row
  unsigned percent = 0;
  SeededBytes* campaign = nullptr;  // same for all contents of one drill; never null
  SeededBytes* content = nullptr;   // different for every content; never null
};

using AddedBuilder = std::vector<std::uint8_t> (*)(const AddedContext& context);

// In the order of the table. Unless said otherwise: noise of that length.
std::vector<std::uint8_t> added_key_32(const AddedContext& context);            // an X25519 public key, no mark
std::vector<std::uint8_t> added_key_and_nas_mark(const AddedContext& context);  // 38: key, AB BC CD DE EF F0
std::vector<std::uint8_t> added_key_and_inc_mark(const AddedContext& context);  // 35: key, "INC"
std::vector<std::uint8_t> added_noise_512(const AddedContext& context);
std::vector<std::uint8_t> added_noise_532(const AddedContext& context);
std::vector<std::uint8_t> added_mode_and_size(const AddedContext& context);    // 534: 512 + 12, mode, percent, u64 size
std::vector<std::uint8_t> added_packed_name(const AddedContext& context);      // 216..736: metadata, u16, u32, 128
std::vector<std::uint8_t> added_metadata_blocks(const AddedContext& context);  // n x 512, 256, u16 n, campaign mark
std::vector<std::uint8_t> added_marked_1064(const AddedContext& context);      // campaign mark 16, 24, 1024
std::vector<std::uint8_t> added_counted_magic(const AddedContext& context);    // 256, u64 progress, campaign magic 8
std::vector<std::uint8_t> added_text_end_line(const AddedContext& context);  // 512, 8, "-----END CIPHERTEXT BLOCK-----"
std::vector<std::uint8_t> added_attacker_id_178(const AddedContext& context);  // 172, campaign id 6
std::vector<std::uint8_t> added_utf16_name(const AddedContext& context);       // name, mark 6, 128
std::vector<std::uint8_t> added_clear_sizes_1556(
    const AddedContext& context);                                             // 1280, 256, u64 size, mode, block, space
std::vector<std::uint8_t> added_hermes(const AddedContext& context);          // 268, "HERMES", u32 block count
std::vector<std::uint8_t> added_start_end_text(const AddedContext& context);  // "{ENCRYPTSTART}...{ENCRYPTENDED}"
std::vector<std::uint8_t> added_guid(const AddedContext& context);            // 256, "{GUID}" of the campaign
std::vector<std::uint8_t> added_moved_metadata(const AddedContext& context);  // 0x280
std::vector<std::uint8_t> added_wanacry_header(const AddedContext& context);  // "WANACRY!", 256, 256 B, 4, u64 size
std::vector<std::uint8_t> added_contact_header(const AddedContext& context);  // two addresses in clear, id, key
std::vector<std::uint8_t> added_plain_header(const AddedContext& context);    // 4096 bytes of low entropy

}  // namespace lastgood::drill
