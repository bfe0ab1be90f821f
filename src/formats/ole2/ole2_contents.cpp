// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// [MS-DOC] 2.5.2 (FIB), [MS-XLS] 2.1.4 (records) and 2.4.117 (FilePass), [MS-PPT] 2.3.1 (record header) and 2.3.2
// (CurrentUserAtom), [MS-OFFCRYPTO] 2.3 (EncryptionInfo), [MS-OLEPS] 2.21 (property sets).
#include "formats/ole2/ole2_contents.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "formats/payload_nature.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::uint64_t k_buffer_bytes = 64 * 1024;
constexpr std::uint64_t k_sniff_bytes = 640;
constexpr std::uint64_t k_astray_bytes = 16 * 1024;
constexpr std::uint64_t k_presentation_header_bytes = 8;

// Workbook records (2.3).
constexpr std::uint16_t k_record_file_pass = 0x2F;
constexpr std::uint16_t k_record_continue = 0x3C;
constexpr std::uint16_t k_record_image_data = 0x7F;
constexpr std::uint16_t k_record_drawing_group = 0xEB;
constexpr std::uint16_t k_record_bytes_max = 8224;

struct KindSign {
  std::string_view stream;
  std::string_view kind;
};
// In this order: an encrypted package wins, an embedded workbook does not.
constexpr std::array k_kind_signs = {KindSign{"EncryptedPackage", "ooxml-encrypted"},
                                     KindSign{"WordDocument", "doc"},
                                     KindSign{"PowerPoint Document", "ppt"},
                                     KindSign{"PP97_DUALSTORAGE", "ppt"},
                                     KindSign{"Workbook", "xls"},
                                     KindSign{"Book", "xls"},
                                     KindSign{"VisioDocument", "vsd"},
                                     KindSign{"__properties_version1.0", "msg"},
                                     KindSign{"Quill", "pub"},
                                     KindSign{"BodyText", "hwp"},
                                     KindSign{"Catalog", "thumbs.db"},
                                     KindSign{"Props9", "mpp"},
                                     KindSign{"Props12", "mpp"},
                                     KindSign{"Props14", "mpp"}};

constexpr std::uint64_t k_installer_class = 0x00000000000C1084;
constexpr std::uint64_t k_patch_class = 0x00000000000C1086;

/// A flaw at `offset` of the stream: from a little before, where the records went astray, to the end of the sectors
/// that follow each other from there.
Ole2Flaw flaw_at(const Ole2Entry& entry, const Ole2Stream& stream, std::uint64_t offset, std::string_view why) {
  const std::uint64_t begin = offset - std::min(offset, k_astray_bytes);
  const std::uint64_t from = stream.place(begin);
  std::uint64_t at = begin;
  while (from != UINT64_MAX && at < stream.size_bytes() && stream.place(at) == from + (at - begin)) {
    at += std::min<std::uint64_t>(512, stream.size_bytes() - at);
  }
  return {.why = fmt::format("stream '{}', byte {} of {}: {}", base::printable(entry.name), offset, stream.size_bytes(),
                             why),
          .range = from == UINT64_MAX ? model::ByteRange{} : model::ByteRange{.from = from, .to = from + (at - begin)}};
}

/// Reads a stream forwards in large pieces.
class StreamReader {
 public:
  StreamReader(WalkInput& input, const Ole2Stream& stream) : input_(input), stream_(stream) {}
  /// `length` bytes at `offset`, at most a few hundred; shorter at the end.
  ByteView at(std::uint64_t offset, std::uint64_t length) {
    const bool inside =
        offset >= from_ && offset - from_ <= bytes_.size() && length <= bytes_.size() - (offset - from_);
    if (!inside) {
      bytes_ = stream_.copy(input_, offset, k_buffer_bytes);
      from_ = offset;
    }
    return ByteView(bytes_).part(offset - from_, length);
  }

 private:
  WalkInput& input_;
  const Ole2Stream& stream_;
  std::uint64_t from_ = 0;
  std::vector<std::uint8_t> bytes_;
};

bool is_workbook_start(std::uint16_t type) {
  return type == 0x0809 || type == 0x0409 || type == 0x0209 || type == 0x0009;
}

/// Workbook: records with type and length tile the stream; zeros may follow the last one.
void check_workbook(WalkInput& input, const Ole2Entry& entry, const Ole2Stream& stream, Ole2Streams& streams,
                    Ole2ContentFacts& facts, std::vector<Ole2Flaw>& flaws) {
  StreamReader reader(input, stream);
  if (!is_workbook_start(reader.at(0, 4).le16(0))) {
    flaws.push_back(flaw_at(entry, stream, 0, "the workbook does not begin with BOF"));
    return;
  }
  streams.set_kind(stream, 0, stream.size_bytes(), RegionKind::plain);
  std::uint64_t at = 0;
  std::uint16_t before = 0;
  while (at + 4 <= stream.size_bytes() && input.may_continue()) {
    const ByteView header = reader.at(at, 4);
    const std::uint16_t type = header.le16(0);
    const std::uint16_t length = header.le16(2);
    if (type == 0 && length == 0) break;
    if (length > k_record_bytes_max || at + 4 + length > stream.size_bytes()) {
      flaws.push_back(
          flaw_at(entry, stream, at, fmt::format("after {} records, a record of {} bytes", facts.records, length)));
      return;
    }
    if (type == k_record_file_pass) facts.secrecy = Ole2Secrecy::encrypted;
    const bool picture = type == k_record_drawing_group || type == k_record_image_data ||
                         (type == k_record_continue && before == k_record_drawing_group);
    if (picture) streams.set_kind(stream, at, at + 4 + length, RegionKind::compressed);
    if (type != k_record_continue) before = type;
    ++facts.records;
    at += 4 + std::uint64_t{length};
    if (input.depth() == model::Depth::quick && at > k_buffer_bytes) return;
  }
  if (facts.secrecy == Ole2Secrecy::encrypted) streams.set_kind(stream, 0, stream.size_bytes(), RegionKind::compressed);
}

bool is_presentation_type(std::uint16_t type) {
  return (type >= 1000 && type <= 6100) || (type >= 0xF000 && type <= 0xF200);
}

/// Presentation: records with version, type and length tile the stream.
void check_presentation(WalkInput& input, const Ole2Entry& entry, const Ole2Stream& stream, Ole2Streams& streams,
                        Ole2ContentFacts& facts, std::vector<Ole2Flaw>& flaws) {
  if (facts.secrecy == Ole2Secrecy::encrypted) {
    streams.set_kind(stream, 0, stream.size_bytes(), RegionKind::compressed);
    return;
  }
  constexpr std::uint16_t k_embedded_object = 4113;
  StreamReader reader(input, stream);
  streams.set_kind(stream, 0, stream.size_bytes(), RegionKind::plain);
  std::uint64_t at = 0;
  while (at + k_presentation_header_bytes <= stream.size_bytes() && input.may_continue()) {
    const ByteView header = reader.at(at, k_presentation_header_bytes);
    const std::uint16_t type = header.le16(2);
    const std::uint32_t length = header.le32(4);
    if (type == 0 && length == 0) break;
    if (!is_presentation_type(type) || length > stream.size_bytes() - at - k_presentation_header_bytes) {
      flaws.push_back(flaw_at(entry, stream, at,
                              fmt::format("after {} records, type {} with {} bytes", facts.records, type, length)));
      return;
    }
    if (type == k_embedded_object)
      streams.set_kind(stream, at, at + k_presentation_header_bytes + length, RegionKind::compressed);
    ++facts.records;
    at += k_presentation_header_bytes + length;
  }
}

void check_word(WalkInput& input, const Ole2Directory& directory, const Ole2Entry& entry, const Ole2Stream& stream,
                Ole2Streams& streams, Ole2ContentFacts& facts, std::vector<Ole2Flaw>& flaws) {
  constexpr std::uint16_t k_encrypted_flag = 0x0100;
  constexpr std::uint16_t k_table_flag = 0x0200;
  constexpr std::uint16_t k_word97 = 0xC1;
  const std::vector<std::uint8_t> bytes = stream.copy(input, 0, 32);
  const ByteView fib(bytes);
  const std::uint16_t magic = fib.le16(0);
  if (magic != 0xA5EC && magic != 0xA5DC && magic != 0xA59B && magic != 0xA697 && magic != 0xA699) {
    flaws.push_back(flaw_at(entry, stream, 0, "no file information block"));
    return;
  }
  const std::uint16_t flags = fib.le16(10);
  if ((flags & k_encrypted_flag) != 0) facts.secrecy = Ole2Secrecy::encrypted;
  streams.set_kind(stream, 0, stream.size_bytes(),
                   facts.secrecy == Ole2Secrecy::open ? RegionKind::plain : RegionKind::compressed);
  if (fib.le16(2) < k_word97 || magic != 0xA5EC) return;
  const std::string_view table = (flags & k_table_flag) != 0 ? "1Table" : "0Table";
  const bool there = std::any_of(directory.entries.begin(), directory.entries.end(), [&](const Ole2Entry& other) {
    return other.reached && other.name == table && other.parent == entry.parent;
  });
  if (!there)
    flaws.push_back(flaw_at(entry, stream, 0, fmt::format("names a table stream '{}' that is not there", table)));
}

void check_current_user(WalkInput& input, const Ole2Stream& stream, Ole2ContentFacts& facts) {
  const std::vector<std::uint8_t> bytes = stream.copy(input, 0, 16);
  if (ByteView(bytes).le32(12) == 0xF3D1C4DF) facts.secrecy = Ole2Secrecy::encrypted;
}

void check_hwp_header(WalkInput& input, const Ole2Stream& stream, Ole2ContentFacts& facts) {
  const std::vector<std::uint8_t> bytes = stream.copy(input, 0, 40);
  if (ByteView(bytes).matches(0, "HWP Document File") && (ByteView(bytes).u8(36) & 2U) != 0)
    facts.secrecy = Ole2Secrecy::encrypted;
}

/// Streams that hold pictures, packages and packed text by their format's own rules.
bool is_packed_by_name(const Ole2Directory& directory, const Ole2Entry& entry) {
  const std::string& parent =
      entry.parent < directory.entries.size() ? directory.entries[entry.parent].name : entry.name;
  return entry.name == "EncryptedPackage" || entry.name == "Pictures" || entry.name == "Data" ||
         entry.name == "__substg1.0_10090102" || entry.name == "DocInfo" || parent == "BodyText" ||
         parent == "BinData" || entry.name == "EncryptedSummary";
}

bool holds_packed_payload(WalkInput& input, const Ole2Stream& stream) {
  const std::vector<std::uint8_t> bytes = stream.copy(input, 0, k_sniff_bytes);
  const ByteView head(bytes);
  // Embedded objects and thumbnails put a header of their own before the payload.
  for (std::uint64_t at = 0; at + 16 < head.size(); ++at) {
    if (find_payload_nature(head.part(at)) == PayloadNature::compressed) return true;
  }
  return false;
}

void check_property_set(WalkInput& input, const Ole2Entry& entry, const Ole2Stream& stream, Ole2ContentFacts& facts,
                        std::vector<Ole2Flaw>& flaws) {
  const std::vector<std::uint8_t> bytes = stream.copy(input, 0, 4);
  if (facts.secrecy == Ole2Secrecy::open && ByteView(bytes).le16(0) != 0xFFFE)
    flaws.push_back(flaw_at(entry, stream, 0, "no property set"));
}

}  // namespace

std::string_view find_ole2_kind(const Ole2Directory& directory) {
  if (directory.entries.empty()) return {};
  if (directory.entries[0].class_low == k_installer_class) return "msi";
  if (directory.entries[0].class_low == k_patch_class) return "msp";
  for (const KindSign& sign : k_kind_signs) {
    for (const Ole2Entry& entry : directory.entries) {
      if (entry.reached && entry.parent == 0 && entry.name == sign.stream) return sign.kind;
    }
  }
  return {};
}

bool tells_ole2_secrecy(std::string_view name) {
  return name == "Current User" || name == "WordDocument" || name == "FileHeader" || name == "EncryptedPackage";
}

void check_ole2_stream(WalkInput& input, const Ole2Directory& directory, const Ole2Entry& entry,
                       const Ole2Stream& stream, Ole2Streams& streams, Ole2ContentFacts& facts,
                       std::vector<Ole2Flaw>& flaws) {
  if (stream.size_bytes() == 0) return;
  const std::string& name = entry.name;
  const bool in_root = entry.parent == 0;
  if (name == "EncryptedPackage" && in_root) facts.secrecy = Ole2Secrecy::encrypted;
  if (name == "Workbook" || name == "Book") return check_workbook(input, entry, stream, streams, facts, flaws);
  if (name == "PowerPoint Document") return check_presentation(input, entry, stream, streams, facts, flaws);
  if (name == "WordDocument") return check_word(input, directory, entry, stream, streams, facts, flaws);
  if (name == "Current User" && in_root) return check_current_user(input, stream, facts);
  if (name == "FileHeader" && in_root) return check_hwp_header(input, stream, facts);
  if (name == "\x05SummaryInformation" || name ==
                                              "\x05"
                                              "DocumentSummaryInformation")
    return check_property_set(input, entry, stream, facts, flaws);
  if (streams.is_mini(entry)) return;
  const bool packed = facts.secrecy == Ole2Secrecy::encrypted || is_packed_by_name(directory, entry) ||
                      holds_packed_payload(input, stream);
  if (packed) streams.set_kind(stream, 0, stream.size_bytes(), RegionKind::compressed);
  if (!packed && (name == "1Table" || name == "0Table"))
    streams.set_kind(stream, 0, stream.size_bytes(), RegionKind::plain);
}

}  // namespace lastgood::formats
