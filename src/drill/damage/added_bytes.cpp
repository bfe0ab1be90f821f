// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/damage/added_bytes.h"

#include <algorithm>

#include <fmt/format.h>

namespace lastgood::drill {
namespace {

using namespace std::string_view_literals;

/// Builds little-endian records piece by piece.
class Record {
 public:
  Record& noise(SeededBytes& random, std::size_t count) {
    const std::vector<std::uint8_t> bytes = random.take(count);
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  Record& text(std::string_view text) {
    const base::ByteView view(text);
    bytes_.insert(bytes_.end(), view.begin(), view.end());
    return *this;
  }
  Record& number(std::uint64_t value, unsigned count) {
    for (unsigned i = 0; i < count; ++i) bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return *this;
  }
  [[nodiscard]] std::vector<std::uint8_t> bytes() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

std::vector<std::uint8_t> noise(const AddedContext& context, std::size_t count) { return context.content->take(count); }

}  // namespace

std::vector<std::uint8_t> added_key_32(const AddedContext& context) { return noise(context, 32); }

std::vector<std::uint8_t> added_key_and_nas_mark(const AddedContext& context) {
  return Record().noise(*context.content, 32).text("\xAB\xBC\xCD\xDE\xEF\xF0"sv).bytes();
}

std::vector<std::uint8_t> added_key_and_inc_mark(const AddedContext& context) {
  return Record().noise(*context.content, 32).text("INC"sv).bytes();
}

std::vector<std::uint8_t> added_noise_512(const AddedContext& context) { return noise(context, 512); }

std::vector<std::uint8_t> added_noise_532(const AddedContext& context) { return noise(context, 532); }

std::vector<std::uint8_t> added_mode_and_size(const AddedContext& context) {
  return Record()
      .noise(*context.content, 524)
      .number(context.mode, 1)
      .number(context.percent, 1)
      .number(context.original_size_bytes, 8)
      .bytes();
}

std::vector<std::uint8_t> added_packed_name(const AddedContext& context) {
  // The packed original name makes the metadata longer or shorter; 82 bytes of it are always there.
  const std::size_t metadata = 82 + std::min<std::size_t>(2 * context.name.size(), 520);
  return Record()
      .noise(*context.content, metadata)
      .number(metadata, 2)
      .noise(*context.content, 4)
      .noise(*context.campaign, 128)
      .bytes();
}

std::vector<std::uint8_t> added_metadata_blocks(const AddedContext& context) {
  const std::size_t blocks = 1 + context.name.size() / 200;
  return Record().noise(*context.content, blocks * 512 + 256).number(blocks, 2).noise(*context.campaign, 4).bytes();
}

std::vector<std::uint8_t> added_marked_1064(const AddedContext& context) {
  return Record().noise(*context.campaign, 16).noise(*context.content, 24 + 1024).bytes();
}

std::vector<std::uint8_t> added_counted_magic(const AddedContext& context) {
  return Record()
      .noise(*context.content, 256)
      .number(context.original_size_bytes, 8)
      .noise(*context.campaign, 8)
      .bytes();
}

std::vector<std::uint8_t> added_text_end_line(const AddedContext& context) {
  return Record().noise(*context.content, 520).text("-----END CIPHERTEXT BLOCK-----"sv).bytes();
}

std::vector<std::uint8_t> added_attacker_id_178(const AddedContext& context) {
  return Record().noise(*context.content, 172).noise(*context.campaign, 6).bytes();
}

std::vector<std::uint8_t> added_utf16_name(const AddedContext& context) {
  Record record;
  for (const char letter : context.name) record.number(static_cast<unsigned char>(letter), 2);
  return (record.number(0, 2).noise(*context.campaign, 6).noise(*context.content, 128)).bytes();
}

std::vector<std::uint8_t> added_clear_sizes_1556(const AddedContext& context) {
  return Record()
      .noise(*context.content, 1280)
      .noise(*context.campaign, 256)
      .number(context.original_size_bytes, 8)
      .number(context.mode, 4)
      .number(context.on_bytes, 4)
      .number(context.off_bytes, 4)
      .bytes();
}

std::vector<std::uint8_t> added_hermes(const AddedContext& context) {
  const std::uint64_t blocks = std::min<std::uint64_t>(context.original_size_bytes / 1'000'000 + 1, 2000);
  return Record().noise(*context.content, 268).text("HERMES"sv).number(blocks, 4).bytes();
}

std::vector<std::uint8_t> added_start_end_text(const AddedContext& context) {
  constexpr std::string_view digits = "0123456789";
  const std::string text =
      fmt::format("{{ENCRYPTSTART}}{{{}}}{{{}}}{{BLOCKSSTART}}{}{{BLOCKSEND}}{{{}}}{{ENCRYPTENDED}}",
                  context.campaign->text(digits, 10), context.original_size_bytes, context.content->text(digits, 200),
                  context.name);
  return Record().text(text).bytes();
}

std::vector<std::uint8_t> added_guid(const AddedContext& context) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  SeededBytes& campaign = *context.campaign;
  Record record;
  record.noise(*context.content, 256);
  record.text(fmt::format("{{{}-{}-{}-{}-{}}}", campaign.text(digits, 8), campaign.text(digits, 4),
                          campaign.text(digits, 4), campaign.text(digits, 4), campaign.text(digits, 12)));
  return record.bytes();
}

std::vector<std::uint8_t> added_moved_metadata(const AddedContext& context) { return noise(context, 0x280); }

std::vector<std::uint8_t> added_wanacry_header(const AddedContext& context) {
  return Record()
      .text("WANACRY!"sv)
      .number(0x100, 4)
      .noise(*context.content, 256)
      .number(4, 4)
      .number(context.original_size_bytes, 8)
      .bytes();
}

std::vector<std::uint8_t> added_contact_header(const AddedContext& context) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  // The addresses stand for the two found in the headers of the AIIMS files; example.org is reserved for such uses.
  return Record()
      .text("contact: fox1204@mailbox.example.org or heron77310@mailbox.example.org id: "sv)
      .text(context.campaign->text(digits, 16))
      .text("\n"sv)
      .noise(*context.content, 256)
      .bytes();
}

std::vector<std::uint8_t> added_plain_header(const AddedContext& context) {
  constexpr std::string_view letters = "aaaaaaaabbbbccd \n";
  return Record().text(context.content->text(letters, 4096)).bytes();
}

}  // namespace lastgood::drill
