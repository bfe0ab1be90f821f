// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The patterns as rows. Sources: public write-ups and decryptor scripts of the families named; where a family's numbers
// are known only roughly, the row says "about". Sizes are bytes.
#include "drill/damage_patterns.h"

namespace lastgood::drill {
namespace {

constexpr std::uint64_t k_kib = 1024;
constexpr std::uint64_t k_mib = 1024 * k_kib;
constexpr std::uint64_t k_gib = 1024 * k_mib;

constexpr RegionShape k_whole{.head_bytes = k_to_the_end};
constexpr RegionShape k_whole_blocks{.head_bytes = k_to_the_end, .unit_bytes = 16};

constexpr RegionShape head(std::uint64_t bytes) { return {.head_bytes = bytes}; }
constexpr RegionShape every(std::uint64_t on, std::uint64_t period, std::uint64_t unit = 1) {
  return {.on_bytes = on, .period_bytes = period, .unit_bytes = unit};
}
constexpr RegionShape spread(unsigned count, unsigned percent_each) {
  return {.spread_count = count, .spread_percent_each = percent_each};
}

constexpr SizeRule k_rules_whole[] = {{.shape = k_whole}};
constexpr SizeRule k_rules_whole_blocks[] = {{.shape = k_whole_blocks}};
constexpr SizeRule k_rules_first_4k[] = {{.shape = head(4 * k_kib)}};
constexpr SizeRule k_rules_first_150k[] = {{.shape = head(150 * k_kib)}};
constexpr SizeRule k_rules_first_256k[] = {{.shape = head(256 * k_kib)}};
constexpr SizeRule k_rules_first_1m[] = {{.shape = head(k_mib)}};
constexpr SizeRule k_rules_first_512m[] = {
    {.shape = {.on_bytes = k_mib, .period_bytes = k_mib, .until_bytes = 512 * k_mib}}};
constexpr SizeRule k_rules_nas[] = {{20 * k_mib, head(4 * k_mib)}, {.shape = every(k_mib, 10 * k_mib)}};
constexpr SizeRule k_rules_128k_areas[] = {
    {256 * k_kib, k_whole},
    {.shape = {
         .head_bytes = 128 * k_kib, .on_bytes = 128 * k_kib, .period_bytes = 512 * k_kib, .from_bytes = 512 * k_kib}}};
constexpr SizeRule k_rules_chunk_space[] = {{32 * k_kib, k_whole}, {.shape = every(32 * k_kib, 128 * k_kib)}};
constexpr SizeRule k_rules_chunk_stop[] = {
    {.shape = {
         .head_bytes = 16 * k_kib, .on_bytes = 16 * k_kib, .period_bytes = 96 * k_kib, .until_bytes = 8 * k_mib}}};
constexpr SizeRule k_rules_ten_percent_of_blocks[] = {{k_mib, head(100 * k_kib)}, {.shape = every(k_mib, 10 * k_mib)}};
constexpr SizeRule k_rules_ends_and_blocks[] = {
    {16'711'680, k_whole},
    {.shape = {.head_bytes = k_mib, .on_bytes = k_mib, .period_bytes = 3 * k_mib, .tail_bytes = k_mib}}};
// The same with small numbers, so that ordinary files meet it too.
constexpr SizeRule k_rules_ends_and_small_blocks[] = {
    {12 * k_kib, k_whole},
    {.shape = {.head_bytes = 4 * k_kib, .on_bytes = 4 * k_kib, .period_bytes = 12 * k_kib, .tail_bytes = 4 * k_kib}}};
constexpr RegionShape k_64_of_6400{
    .head_bytes = 5000, .on_bytes = 64, .period_bytes = 6400, .from_bytes = 5000 + 6336, .unit_bytes = 64};
constexpr SizeRule k_rules_64_of_192[] = {
    {4999, {.head_bytes = k_to_the_end, .unit_bytes = 64}}, {k_gib, every(64, 192, 64)}, {.shape = k_64_of_6400}};
constexpr SizeRule k_rules_64_of_6400[] = {{4999, {.head_bytes = k_to_the_end, .unit_bytes = 64}},
                                           {.shape = k_64_of_6400}};
constexpr SizeRule k_rules_64_after_704[] = {{703, k_whole}, {.shape = every(64, 192, 64)}};
constexpr SizeRule k_rules_16_of_32[] = {{.shape = every(16, 32, 16)}};
constexpr SizeRule k_rules_part_20[] = {{2'000'000, {.head_percent = 20}}, {.shape = spread(4, 5)}};
constexpr SizeRule k_rules_spot_2[] = {{.shape = spread(2, 10)}};
constexpr SizeRule k_rules_spot_4[] = {{.shape = spread(4, 10)}};
constexpr SizeRule k_rules_half[] = {{.shape = {.head_percent = 50}}};
constexpr SizeRule k_rules_3_x_4[] = {{.shape = spread(3, 4)}};
constexpr SizeRule k_rules_3_x_5[] = {{.shape = spread(3, 5)}};
constexpr SizeRule k_rules_3_x_7[] = {{.shape = spread(3, 7)}};
constexpr SizeRule k_rules_3_x_10[] = {{.shape = spread(3, 10)}};
constexpr SizeRule k_rules_5_x_10[] = {{.shape = spread(5, 10)}};
constexpr SizeRule k_rules_3_x_20[] = {{.shape = spread(3, 20)}};
constexpr SizeRule k_rules_3_x_27[] = {{.shape = spread(3, 27)}};
constexpr SizeRule k_rules_1m_then_percent[] = {
    {128 * k_mib, k_whole}, {.shape = {.on_bytes = k_mib, .period_bytes = 2 * k_mib, .period_percent = 1}}};
constexpr SizeRule k_rules_1m_of_2m[] = {{.shape = every(k_mib, 2 * k_mib)}};
constexpr SizeRule k_rules_after_0x50[] = {{.shape = {.on_bytes = k_to_the_end, .from_bytes = 0x50}}};
constexpr SizeRule k_rules_skip_step[] = {{64 * k_kib, k_whole}, {.shape = every(64 * k_kib, 192 * k_kib)}};
constexpr SizeRule k_rules_1000000_of_3000000[] = {{.shape = every(1'000'000, 3'000'000)}};
constexpr SizeRule k_rules_small_whole[] = {{1'572'864, k_whole_blocks}, {.shape = {}}};
constexpr SizeRule k_rules_three_moved[] = {
    {48 * k_kib, {}},
    {1'572'864, {.spread_count = 3, .spread_percent_each = 16, .unit_bytes = 16}},
    {.shape = {.on_bytes = 256 * k_kib, .period_percent = 40, .runs_max = 3}}};
constexpr SizeRule k_rules_three_chunks[] = {{1'572'864, k_whole_blocks},
                                             {.shape = {.on_bytes = 256 * k_kib, .period_percent = 40, .runs_max = 3}}};
constexpr SizeRule k_rules_block_space[] = {{8 * k_kib, k_whole_blocks}, {.shape = every(8 * k_kib, 16 * k_kib, 16)}};
constexpr SizeRule k_rules_million_blocks[] = {
    {57'000'000, k_whole_blocks},
    {.shape = {.on_bytes = 1'000'000, .period_bytes = 3'000'000, .runs_max = 2000, .unit_bytes = 16}}};
constexpr SizeRule k_rules_first_and_others[] = {
    {4 * k_kib, k_whole},
    {.shape = {.head_bytes = 4 * k_kib, .on_bytes = 2 * k_kib, .period_percent = 20, .from_bytes = 16 * k_kib}}};
constexpr SizeRule k_rules_ten_spots[] = {{16 * k_kib, k_whole_blocks},
                                          {.shape = {.spread_count = 10, .spread_percent_each = 5, .unit_bytes = 16}}};
constexpr SizeRule k_rules_blocks_by_size[] = {
    {k_mib, k_whole}, {2 * k_mib, {.on_bytes = k_mib}}, {4 * k_mib, spread(2, 25)}, {.shape = spread(4, 12)}};
constexpr SizeRule k_rules_middle_5[] = {{.shape = {.middle_percent = 5}}};
constexpr SizeRule k_rules_middle_20[] = {{.shape = {.middle_percent = 20}}};
constexpr SizeRule k_rules_after_4k[] = {{.shape = {.on_bytes = k_to_the_end, .from_bytes = 4 * k_kib}}};
constexpr SizeRule k_rules_between_ends[] = {
    {8 * k_kib, {}},
    {256 * k_kib, {.on_bytes = k_to_the_end, .from_bytes = 2 * k_kib, .keep_tail_bytes = 2 * k_kib}},
    {.shape = {.on_bytes = k_to_the_end, .from_bytes = 64 * k_kib, .keep_tail_bytes = 64 * k_kib}}};
constexpr SizeRule k_rules_off_the_grid[] = {
    {.shape = {.on_bytes = 60 * k_kib, .period_bytes = 64 * k_kib, .from_bytes = 4 * k_kib}}};
constexpr SizeRule k_rules_after_64[] = {{.shape = {.on_bytes = k_to_the_end, .from_bytes = 64}}};
constexpr SizeRule k_rules_512_of_4096[] = {{.shape = every(512, 4096)}};
constexpr SizeRule k_rules_zeroed_head[] = {{.shape = head(8 * k_kib)}};

// One row, two lines.
// clang-format off
constexpr DamagePattern k_patterns[] = {
    {.id = "full-ctr", .family = "many", .summary = "everything, AES-CTR, nothing appended", .rules = k_rules_whole,
     .extension = ".locked"},
    {.id = "full-chacha", .family = "many", .summary = "everything, ChaCha20, 512 bytes appended",
     .rules = k_rules_whole, .cipher = CipherStyle::chacha20, .extension = ".enc7", .footer = added_noise_512},
    {.id = "full-random-name", .family = "many", .summary = "everything, the name replaced by a random one",
     .rules = k_rules_whole, .extension = ".qzx", .footer = added_noise_512, .rename = Rename::random_name},
    {.id = "lockbit2-4k", .family = "LockBit 2.0", .summary = "first 4 KiB, 512 bytes appended",
     .rules = k_rules_first_4k, .cipher = CipherStyle::aes_256_cbc, .extension = ".lockbit", .footer = added_noise_512},
    {.id = "lockbit-256k", .family = "LockBit (variant)", .summary = "first 256 KiB", .rules = k_rules_first_256k,
     .extension = ".lockbit", .footer = added_noise_512},
    {.id = "lockbit3-128k", .family = "LockBit 3", .summary = "areas of 128 KiB, 216 to 736 bytes appended",
     .rules = k_rules_128k_areas, .cipher = CipherStyle::chacha20, .extension = ".Xm3kQ9aVz",
     .footer = added_packed_name},
    {.id = "stop-150k", .family = "STOP", .summary = "first 150 KiB, a GUID in clear at the end",
     .rules = k_rules_first_150k, .cipher = CipherStyle::chacha20, .extension = ".tisc", .footer = added_guid},
    {.id = "alphv-chunks", .family = "BlackCat/ALPHV", .summary = "32 of each 128 KiB, metadata blocks appended",
     .rules = k_rules_chunk_space, .cipher = CipherStyle::chacha20, .extension = ".kh1ftzx",
     .footer = added_metadata_blocks},
    {.id = "alphv-dots", .family = "BlackCat/ALPHV", .summary = "first 16 KiB, then 16 of each 96 KiB up to 8 MiB",
     .rules = k_rules_chunk_stop, .extension = ".kh1ftzx", .footer = added_metadata_blocks},
    {.id = "alphv-tenth", .family = "BlackCat/ALPHV", .summary = "about a tenth: 1 of each 10 MiB",
     .rules = k_rules_ten_percent_of_blocks, .extension = ".kh1ftzx", .footer = added_metadata_blocks},
    {.id = "play", .family = "Play",
     .summary = "up to 16 MB everything, else first, last and every third MiB; 1,064 bytes",
     .rules = k_rules_ends_and_blocks, .extension = ".PLAY", .footer = added_marked_1064},
    {.id = "play-small-blocks", .family = "Play", .summary = "first, last and every third block of 4 KiB; 1,064 bytes",
     .rules = k_rules_ends_and_small_blocks, .extension = ".PLAY", .footer = added_marked_1064},
    {.id = "basta-64-192", .family = "Black Basta (2023)", .summary = "64 of each 192 bytes with one reused keystream",
     .rules = k_rules_64_of_192, .cipher = CipherStyle::reused_keystream_64, .extension = ".basta",
     .footer = added_counted_magic},
    {.id = "basta-64-6400", .family = "Black Basta (2023)",
     .summary = "first 5,000, then 64 of each 6,400 bytes, reused keystream", .rules = k_rules_64_of_6400,
     .cipher = CipherStyle::reused_keystream_64, .extension = ".basta", .footer = added_counted_magic},
    {.id = "basta-2022", .family = "Black Basta (2022)", .summary = "64 on, 128 off, ChaCha20",
     .rules = k_rules_64_after_704, .cipher = CipherStyle::chacha20, .extension = ".basta", .footer = added_noise_512},
    {.id = "lockfile-16-32", .family = "LockFile", .summary = "16 of each 32 bytes from byte 0",
     .rules = k_rules_16_of_32, .extension = ".lockfile"},
    {.id = "akira-full", .family = "Akira (2023)", .summary = "everything, 534 bytes appended", .rules = k_rules_whole,
     .cipher = CipherStyle::chacha20, .extension = ".akira", .footer = added_mode_and_size, .percent = 100},
    {.id = "akira-part", .family = "Akira (2023)", .summary = "first 20 %, 534 bytes appended",
     .rules = k_rules_part_20, .cipher = CipherStyle::chacha20, .extension = ".akira", .footer = added_mode_and_size,
     .mode = 1, .percent = 20},
    {.id = "akira-spot", .family = "Akira (2023)", .summary = "2 x 10 %, 534 bytes appended", .rules = k_rules_spot_2,
     .cipher = CipherStyle::chacha20, .extension = ".akira", .footer = added_mode_and_size, .mode = 2, .percent = 20},
    {.id = "akira-4-x-10", .family = "Akira (2024)", .summary = "4 x 10 %, 512 bytes appended", .rules = k_rules_spot_4,
     .cipher = CipherStyle::chacha20, .extension = ".akira", .footer = added_noise_512},
    {.id = "akira-half", .family = "Akira (2024)", .summary = "first half, 512 bytes appended", .rules = k_rules_half,
     .cipher = CipherStyle::chacha20, .extension = ".akira", .footer = added_noise_512},
    {.id = "conti-full", .family = "Conti", .summary = "everything, 534 bytes appended", .rules = k_rules_whole,
     .cipher = CipherStyle::chacha20, .extension = ".KCWTT", .footer = added_mode_and_size, .mode = 0x24, .percent = 0},
    {.id = "conti-header", .family = "Conti", .summary = "first 1 MiB, 534 bytes appended", .rules = k_rules_first_1m,
     .cipher = CipherStyle::chacha20, .extension = ".KCWTT", .footer = added_mode_and_size, .mode = 0x26},
    {.id = "conti-10", .family = "Conti", .summary = "3 x 4 %, 534 bytes appended", .rules = k_rules_3_x_4,
     .cipher = CipherStyle::chacha20, .extension = ".KCWTT", .footer = added_mode_and_size, .mode = 0x25,
     .percent = 10},
    {.id = "conti-15", .family = "Conti", .summary = "3 x 5 %, 534 bytes appended", .rules = k_rules_3_x_5,
     .cipher = CipherStyle::chacha20, .extension = ".KCWTT", .footer = added_mode_and_size, .use = Use::held_back,
     .mode = 0x25, .percent = 15},
    {.id = "conti-20", .family = "Conti", .summary = "3 x 7 %, 534 bytes appended", .rules = k_rules_3_x_7,
     .cipher = CipherStyle::chacha20, .extension = ".KCWTT", .footer = added_mode_and_size, .mode = 0x25,
     .percent = 20},
    {.id = "conti-30", .family = "Conti", .summary = "3 x 10 %, 534 bytes appended", .rules = k_rules_3_x_10,
     .cipher = CipherStyle::chacha20, .extension = ".KCWTT", .footer = added_mode_and_size, .use = Use::held_back,
     .mode = 0x25, .percent = 30},
    {.id = "conti-50", .family = "Conti", .summary = "5 x 10 %, 534 bytes appended", .rules = k_rules_5_x_10,
     .cipher = CipherStyle::chacha20, .extension = ".KCWTT", .footer = added_mode_and_size, .mode = 0x25,
     .percent = 50},
    {.id = "conti-60", .family = "Conti", .summary = "3 x 20 %, 534 bytes appended", .rules = k_rules_3_x_20,
     .cipher = CipherStyle::chacha20, .extension = ".KCWTT", .footer = added_mode_and_size, .use = Use::held_back,
     .mode = 0x25, .percent = 60},
    {.id = "conti-80", .family = "Conti", .summary = "3 x 27 %, 534 bytes appended", .rules = k_rules_3_x_27,
     .cipher = CipherStyle::chacha20, .extension = ".KCWTT", .footer = added_mode_and_size, .mode = 0x25,
     .percent = 80},
    {.id = "babuk-esxi", .family = "Babuk (ESXi) and heirs",
     .summary = "first 512 MiB in steps of 1 MiB, 32 bytes appended", .rules = k_rules_first_512m,
     .cipher = CipherStyle::chacha20, .extension = ".babyk", .footer = added_key_32},
    {.id = "babuk-nas", .family = "Babuk (NAS)", .summary = "first 4 MiB, or 1 of each 10 MiB; 38 bytes appended",
     .rules = k_rules_nas, .cipher = CipherStyle::chacha20, .extension = ".babyk", .footer = added_key_and_nas_mark},
    {.id = "esxiargs-1", .family = "ESXiArgs, first wave",
     .summary = "up to 128 MB everything, else 1 MiB of about 1 % of the size", .rules = k_rules_1m_then_percent,
     .extension = ".args", .footer = added_noise_512, .rename = Rename::keep},
    {.id = "esxiargs-2", .family = "ESXiArgs, second wave", .summary = "1 MiB on, 1 MiB off", .rules = k_rules_1m_of_2m,
     .extension = ".args", .footer = added_noise_512, .rename = Rename::keep},
    {.id = "hive6", .family = "Hive v6", .summary = "from byte 0x50 on; a mark at 0x3E; the first 62 bytes stay",
     .rules = k_rules_after_0x50, .extension = ".w2tnk", .footer = added_moved_metadata,
     .layout = Layout::stamped_at_0x3e},
    {.id = "qilin-skip", .family = "Qilin", .summary = "64 of each 192 KiB, a text line at the end",
     .rules = k_rules_skip_step, .extension = ".MmXReVIxLV", .footer = added_text_end_line},
    {.id = "qilin-fast", .family = "Qilin", .summary = "first 256 KiB, a text line at the end",
     .rules = k_rules_first_256k, .cipher = CipherStyle::chacha20, .extension = ".MmXReVIxLV",
     .footer = added_text_end_line, .use = Use::held_back},
    {.id = "inc", .family = "INC, Lynx", .summary = "1,000,000 of each 3,000,000 bytes, 35 bytes ending in INC",
     .rules = k_rules_1000000_of_3000000, .extension = ".INC", .footer = added_key_and_inc_mark},
    {.id = "phobos-small", .family = "Phobos",
     .summary = "everything, AES-CBC, 178 bytes appended, contact in the name", .rules = k_rules_small_whole,
     .cipher = CipherStyle::aes_256_cbc, .extension = ".eight", .footer = added_attacker_id_178,
     .rename = Rename::append_id_and_mail, .pad_to = 16},
    {.id = "phobos-moved", .family = "Phobos",
     .summary = "three chunks moved to the end and encrypted there, zeros in their place", .rules = k_rules_three_moved,
     .cipher = CipherStyle::aes_256_cbc, .extension = ".eight", .footer = added_attacker_id_178,
     .layout = Layout::moved_to_footer, .rename = Rename::append_id_and_mail},
    {.id = "dharma", .family = "Dharma",
     .summary = "everything, or three chunks; the name in UTF-16 at the end (about)", .rules = k_rules_three_chunks,
     .cipher = CipherStyle::aes_256_cbc, .extension = ".cmb", .footer = added_utf16_name,
     .rename = Rename::append_id_and_mail},
    {.id = "medusalocker3", .family = "MedusaLocker v3",
     .summary = "8 of each 16 KiB, AES-ECB, 1,556 bytes with sizes in clear", .rules = k_rules_block_space,
     .cipher = CipherStyle::aes_256_ecb, .extension = ".lock6", .footer = added_clear_sizes_1556, .mode = 1},
    {.id = "ecb-full", .family = "MedusaLocker v3",
     .summary = "everything, AES-ECB: zero areas become one repeated value", .rules = k_rules_whole_blocks,
     .cipher = CipherStyle::aes_256_ecb, .extension = ".lock6", .footer = added_clear_sizes_1556},
    {.id = "ryuk", .family = "Ryuk", .summary = "everything, or blocks of 1,000,000; HERMES and a count at the end",
     .rules = k_rules_million_blocks, .cipher = CipherStyle::aes_256_cbc, .extension = ".RYK", .footer = added_hermes},
    {.id = "wannacry", .family = "WannaCry", .summary = "a header that begins with WANACRY!, everything AES-CBC",
     .rules = k_rules_whole, .cipher = CipherStyle::aes_256_cbc, .extension = ".WNCRY", .header = added_wanacry_header,
     .pad_to = 16},
    {.id = "crylock", .family = "CryLock", .summary = "first block and some others, text tags at the end",
     .rules = k_rules_first_and_others, .cipher = CipherStyle::chacha20,
     .extension = ".[fox1204@mailbox.example.org].kfx", .footer = added_start_end_text},
    {.id = "royal-50", .family = "Royal", .summary = "about half in ten spots, padded to 16, 532 bytes appended",
     .rules = k_rules_ten_spots, .cipher = CipherStyle::aes_256_cbc, .extension = ".royal_w", .footer = added_noise_532,
     .pad_to = 16},
    {.id = "rhysida", .family = "Rhysida", .summary = "blocks by size, a key appended (about)",
     .rules = k_rules_blocks_by_size, .extension = ".rhysida", .footer = added_noise_512, .use = Use::held_back},
    {.id = "camouflage-tif", .family = "Mallox", .summary = "everything, named as if it were an image",
     .rules = k_rules_whole, .cipher = CipherStyle::chacha20, .extension = ".tif", .footer = added_key_32,
     .use = Use::held_back},
    {.id = "aiims-bak9", .family = "AIIMS Delhi 2022", .summary = "a header with two contact addresses, then everything",
     .rules = k_rules_whole, .extension = ".bak9", .header = added_contact_header},
    {.id = "chunks-512", .family = "unknown", .summary = "512 of each 4,096 bytes, nothing appended",
     .rules = k_rules_512_of_4096, .cipher = CipherStyle::chacha20, .extension = ".zzz", .use = Use::held_back},

    {.id = "base64", .family = "evasion", .summary = "everything, then written as Base64: entropy 6",
     .rules = k_rules_whole, .extension = ".b64", .layout = Layout::base64_text},
    {.id = "middle-5", .family = "evasion", .summary = "5 % in the middle only, both ends plain",
     .rules = k_rules_middle_5, .extension = ".mid", .rename = Rename::keep},
    {.id = "head-plain", .family = "evasion", .summary = "everything but the first 4 KiB", .rules = k_rules_after_4k,
     .extension = ".hp", .rename = Rename::keep},
    {.id = "ends-plain", .family = "evasion", .summary = "everything but both ends", .rules = k_rules_between_ends,
     .rename = Rename::keep, .use = Use::held_back},
    {.id = "off-the-grid", .family = "evasion", .summary = "4 KiB plain at every 64 KiB, where samples are often taken",
     .rules = k_rules_off_the_grid, .cipher = CipherStyle::chacha20, .rename = Rename::keep},
    {.id = "head-64", .family = "evasion", .summary = "everything but the first 64 bytes", .rules = k_rules_after_64,
     .rename = Rename::keep, .use = Use::held_back},
    {.id = "same-size-in-place", .family = "evasion", .summary = "everything, same size, same name, same change time",
     .rules = k_rules_whole, .cipher = CipherStyle::chacha20, .rename = Rename::keep, .times = Times::kept},
    {.id = "plain-header", .family = "evasion", .summary = "everything, 4 KiB of low entropy written over the head",
     .rules = k_rules_whole, .extension = ".lowhead", .header = added_plain_header, .layout = Layout::head_overwritten},
    {.id = "same-class", .family = "evasion", .summary = "letters to letters, digits to digits: entropy and look stay",
     .rules = k_rules_whole, .cipher = CipherStyle::same_class, .extension = ".fpe"},

    {.id = "cut-short", .family = "damage", .summary = "only the first 40 % are left: not encryption",
     .rules = k_rules_middle_20, .layout = Layout::cut, .rename = Rename::keep},
    {.id = "zeroed-head", .family = "damage", .summary = "first 8 KiB zeroed: not encryption",
     .rules = k_rules_zeroed_head, .cipher = CipherStyle::zeros, .rename = Rename::keep},
    {.id = "zeroed-middle", .family = "damage", .summary = "a fifth in the middle zeroed: not encryption",
     .rules = k_rules_middle_20, .cipher = CipherStyle::zeros, .rename = Rename::keep},
};
// clang-format on

}  // namespace

std::span<const DamagePattern> damage_patterns() { return k_patterns; }

}  // namespace lastgood::drill
