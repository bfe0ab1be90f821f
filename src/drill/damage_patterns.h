// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Damage patterns: what documented ransomware leaves of a content, as pure functions from bytes to new bytes.
//
// Nothing here opens, writes or renames a file. The drill gives it copies of files that it made itself; the recall
// benchmark gives it contents in memory and drops the result. Each key follows from the seed and is written down with
// the truth: whoever holds the truth file can undo everything.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_view.h"
#include "drill/damage/added_bytes.h"
#include "drill/damage/region_shape.h"
#include "drill/damage/throwaway_cipher.h"
#include "model/verdict.h"

namespace lastgood::drill {

/// How the replaced runs and the rest are put together.
enum class Layout : std::uint8_t {
  in_place,          // header, content with replaced runs, footer
  moved_to_footer,   // the runs are overwritten with zeros; their encrypted bytes stand before the footer
  stamped_at_0x3e,   // 18 bytes at 0x3E give way to a campaign mark; the 18 stand before the footer
  base64_text,       // the encrypted content written as Base64 lines
  head_overwritten,  // the header replaces as many bytes of the content instead of standing before it
  cut,               // only the first part of the content is left: damage, not encryption
};

enum class Rename : std::uint8_t {
  keep,                // same name
  append,              // "scan.pdf" + extension
  append_id_and_mail,  // "scan.pdf.id[1A2B3C4D-0001].[fox1204@mailbox.example.org]" + extension
  random_name,         // "Qx81kLm2" + extension
};

enum class Times : std::uint8_t { changed, kept };

/// Patterns held back are not used while rules are tuned: their recall shows what unknown patterns will meet.
enum class Use : std::uint8_t { tuning, held_back };

struct DamagePattern {
  std::string_view id;
  std::string_view family;   // whose published description it follows; "evasion" or "damage" for the rest
  std::string_view summary;  // one line for people
  std::span<const SizeRule> rules;
  CipherStyle cipher = CipherStyle::aes_256_ctr;
  std::string_view extension;
  AddedBuilder header = nullptr;
  AddedBuilder footer = nullptr;
  Layout layout = Layout::in_place;
  Rename rename = Rename::append;
  Times times = Times::changed;
  Use use = Use::tuning;
  unsigned mode = 0;     // the family's own mode number, where its footer names it
  unsigned percent = 0;  // its own percent byte
  unsigned pad_to = 1;   // content filled up with zeros to a multiple of this before it is encrypted
};

/// All patterns, in the order reports show them.
std::span<const DamagePattern> damage_patterns();
const DamagePattern* find_damage_pattern(std::string_view id);

struct DamagedContent {
  std::vector<std::uint8_t> bytes;
  std::vector<model::ByteRange>
      replaced;  // content replaced by ciphertext (or lost, for patterns that are not encryption)
  std::vector<model::ByteRange> added;  // header, footer, marks: bytes the original did not have
  std::string name;                     // file name after the attack
  ThrowawayKey key;

  /// Share of the original content that is lost, 0..1.
  [[nodiscard]] double lost_share() const;
};

/// The content as the pattern leaves it; nothing when the pattern leaves contents of this size as they are.
/// Pure: same pattern, bytes, name and seed give the same result.
std::optional<DamagedContent> damage(const DamagePattern& pattern, base::ByteView original, std::string_view name,
                                     std::uint64_t seed);

/// The verdicts that are right for what `damage` gave.
std::vector<model::Verdict> right_verdicts(const DamagePattern& pattern, const DamagedContent& damaged);

/// False for the patterns that stand for plain damage (cut short, zeroed): those must never be called encrypted.
bool is_encryption(const DamagePattern& pattern);

}  // namespace lastgood::drill
