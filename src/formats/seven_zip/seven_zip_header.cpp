// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/seven_zip/seven_zip_header.h"

#include <algorithm>

namespace lastgood::formats {

namespace {

using base::ByteView;

enum Id : std::uint8_t {
  k_end = 0,
  k_header = 1,
  k_archive_properties = 2,
  k_additional_streams = 3,
  k_main_streams = 4,
  k_pack_info = 6,
  k_unpack_info = 7,
  k_sub_streams = 8,
  k_size = 9,
  k_crc = 10,
  k_folder = 11,
  k_unpack_sizes = 12,
  k_stream_counts = 13,
  k_encoded_header = 23,
};

constexpr std::uint64_t k_coders_max = 32;
constexpr std::uint64_t k_coder_streams_max = 32;

/// Reads forwards; after the first field that does not fit every read gives zero and `sound` says no.
class Reader {
 public:
  explicit Reader(ByteView bytes) : bytes_(bytes) {}
  [[nodiscard]] bool sound() const { return sound_; }
  void fail() { sound_ = false; }
  [[nodiscard]] std::uint64_t left() const { return bytes_.size() - at_; }

  std::uint8_t u8() {
    if (!need(1)) return 0;
    return bytes_.u8(at_++);
  }
  std::uint32_t u32() {
    if (!need(4)) return 0;
    at_ += 4;
    return bytes_.le32(at_ - 4);
  }
  ByteView take(std::uint64_t length) {
    if (!need(length)) return {};
    at_ += static_cast<std::size_t>(length);
    return bytes_.part(at_ - length, length);
  }
  /// NUMBER: leading one bits of the first byte say how many bytes follow.
  std::uint64_t number() {
    const std::uint8_t first = u8();
    std::uint64_t value = 0;
    std::uint8_t mask = 0x80;
    for (unsigned i = 0; i < 8; ++i, mask = static_cast<std::uint8_t>(mask >> 1U)) {
      if ((first & mask) == 0) return value | (std::uint64_t{first & (mask - 1U)} << (8U * i));
      value |= std::uint64_t{u8()} << (8U * i);
    }
    return value;
  }
  /// A count of things that take at least a byte (or bit) each in what is left.
  std::uint64_t count() {
    const std::uint64_t value = number();
    if (value > left() * 8) fail();
    return sound_ ? value : 0;
  }

 private:
  bool need(std::uint64_t length) {
    if (length > left()) fail();
    return sound_;
  }
  ByteView bytes_;
  std::size_t at_ = 0;
  bool sound_ = true;
};

std::vector<std::optional<std::uint32_t>> read_digests(Reader& reader, std::uint64_t count) {
  std::vector<std::optional<std::uint32_t>> digests;
  std::vector<bool> defined;
  const bool all = reader.u8() != 0;
  std::uint8_t bits = 0;
  for (std::uint64_t i = 0; i < count && reader.sound(); ++i) {
    if (!all && i % 8 == 0) bits = reader.u8();
    defined.push_back(all || (bits & (0x80U >> (i % 8))) != 0);
  }
  for (const bool is_defined : defined) {
    if (!reader.sound()) break;
    digests.push_back(is_defined ? std::optional(reader.u32()) : std::nullopt);
  }
  return digests;
}

void read_pack_info(Reader& reader, SevenZipStreams& streams) {
  streams.pack_offset = reader.number();
  const std::uint64_t count = reader.count();
  while (reader.sound()) {
    const std::uint8_t id = reader.u8();
    if (id == k_end) return;
    if (id == k_size) {
      for (std::uint64_t i = 0; i < count && reader.sound(); ++i) streams.packed_sizes.push_back(reader.number());
    } else if (id == k_crc) {
      (void)read_digests(reader, count);
    } else {
      reader.fail();
    }
  }
}

SevenZipCoder read_coder(Reader& reader) {
  SevenZipCoder coder;
  const std::uint8_t flags = reader.u8();
  for (const std::uint8_t byte : reader.take(flags & 15U)) coder.id = (coder.id << 8U) | byte;
  if ((flags & 0x10U) != 0) {
    coder.inputs = reader.number();
    coder.outputs = reader.number();
  }
  if (coder.inputs > k_coder_streams_max || coder.outputs > k_coder_streams_max || (flags & 0x80U) != 0) reader.fail();
  if ((flags & 0x20U) != 0) {
    const ByteView properties = reader.take(reader.number());
    coder.properties.assign(properties.begin(), properties.end());
  }
  return coder;
}

SevenZipFolder read_folder(Reader& reader) {
  SevenZipFolder folder;
  const std::uint64_t coders = reader.number();
  if (coders == 0 || coders > k_coders_max) reader.fail();
  std::uint64_t inputs = 0;
  std::uint64_t outputs = 0;
  for (std::uint64_t i = 0; i < coders && reader.sound(); ++i) {
    folder.coders.push_back(read_coder(reader));
    inputs += folder.coders.back().inputs;
    outputs += folder.coders.back().outputs;
  }
  if (!reader.sound() || outputs == 0 || inputs + 1 < outputs) {
    reader.fail();
    return folder;
  }
  for (std::uint64_t i = 0; i + 1 < outputs; ++i) {
    const std::uint64_t input = reader.number();
    const std::uint64_t output = reader.number();
    if (input >= inputs || output >= outputs) reader.fail();
    folder.bonds.push_back({.input = input, .output = output});
  }
  folder.packed_streams = inputs - (outputs - 1);
  for (std::uint64_t i = 0; folder.packed_streams > 1 && i < folder.packed_streams; ++i) (void)reader.number();
  folder.unpacked_sizes.resize(static_cast<std::size_t>(outputs));
  return folder;
}

/// The output that no coder takes in: what the user stored.
std::size_t find_last_output(const SevenZipFolder& folder) {
  for (std::size_t output = 0; output < folder.unpacked_sizes.size(); ++output) {
    const bool bound = std::any_of(folder.bonds.begin(), folder.bonds.end(),
                                   [output](const SevenZipBond& bond) { return bond.output == output; });
    if (!bound) return output;
  }
  return 0;
}

void read_unpack_info(Reader& reader, SevenZipStreams& streams) {
  if (reader.u8() != k_folder) reader.fail();
  const std::uint64_t count = reader.count();
  if (reader.u8() != 0) reader.fail();  // folders in another stream: no writer does that
  for (std::uint64_t i = 0; i < count && reader.sound(); ++i) streams.folders.push_back(read_folder(reader));
  if (reader.u8() != k_unpack_sizes) reader.fail();
  for (SevenZipFolder& folder : streams.folders) {
    for (std::uint64_t& size : folder.unpacked_sizes) {
      size = reader.number();
    }
    if (!reader.sound()) return;
    folder.unpacked_bytes = folder.unpacked_sizes[find_last_output(folder)];
  }
  while (reader.sound()) {
    const std::uint8_t id = reader.u8();
    if (id == k_end) return;
    if (id != k_crc) return reader.fail();
    const auto digests = read_digests(reader, count);
    for (std::size_t i = 0; i < digests.size() && i < streams.folders.size(); ++i)
      streams.folders[i].crc32 = digests[i];
  }
}

void read_file_sizes(Reader& reader, SevenZipStreams& streams, const std::vector<std::uint64_t>& counts) {
  for (std::size_t i = 0; i < streams.folders.size(); ++i) {
    std::uint64_t sum = 0;
    SevenZipFolder& folder = streams.folders[i];
    for (std::uint64_t k = 0; k + 1 < counts[i] && reader.sound(); ++k) {
      folder.file_sizes.push_back(reader.number());
      if (folder.file_sizes.back() > folder.unpacked_bytes - sum) return reader.fail();
      sum += folder.file_sizes.back();
    }
    if (counts[i] != 0) folder.file_sizes.push_back(folder.unpacked_bytes - sum);
  }
}

void read_sub_streams(Reader& reader, SevenZipStreams& streams) {
  std::vector<std::uint64_t> counts(streams.folders.size(), 1);
  std::uint8_t id = reader.u8();
  if (id == k_stream_counts) {
    for (std::uint64_t& count : counts) count = reader.count();
    id = reader.u8();
  }
  if (id == k_size) {
    read_file_sizes(reader, streams, counts);
    id = reader.u8();
  }
  if (id == k_crc) {
    std::uint64_t unknown = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] != 1 || !streams.folders[i].crc32) unknown += counts[i];
      if (unknown > reader.left() * 8) return reader.fail();
    }
    const auto digests = read_digests(reader, unknown);
    std::size_t at = 0;
    for (std::size_t i = 0; i < counts.size() && reader.sound(); ++i) {
      SevenZipFolder& folder = streams.folders[i];
      if (counts[i] == 1 && folder.crc32) continue;
      for (std::uint64_t k = 0; k < counts[i] && at < digests.size(); ++k) folder.file_crcs.push_back(digests[at++]);
    }
    id = reader.u8();
  }
  if (id != k_end) reader.fail();
}

void read_streams(Reader& reader, SevenZipStreams& streams) {
  while (reader.sound()) {
    switch (reader.u8()) {
      case k_end: return;
      case k_pack_info: read_pack_info(reader, streams); break;
      case k_unpack_info: read_unpack_info(reader, streams); break;
      case k_sub_streams: read_sub_streams(reader, streams); break;
      default: reader.fail(); break;
    }
  }
}

}  // namespace

bool SevenZipFolder::uses(std::uint64_t coder) const {
  return std::any_of(coders.begin(), coders.end(), [coder](const SevenZipCoder& other) { return other.id == coder; });
}

std::vector<std::size_t> SevenZipFolder::row() const {
  std::vector<std::size_t> row;
  for (const SevenZipCoder& coder : coders) {
    if (coder.inputs != 1 || coder.outputs != 1) return row;
  }
  if (coders.empty()) return row;
  row.push_back(find_last_output(*this));
  while (row.size() < coders.size()) {
    const auto bond = std::find_if(bonds.begin(), bonds.end(),
                                   [&row](const SevenZipBond& other) { return other.input == row.back(); });
    if (bond == bonds.end()) return {};
    row.push_back(static_cast<std::size_t>(bond->output));
  }
  return row;
}

std::optional<SevenZipStreams> parse_seven_zip_streams(ByteView header) {
  Reader reader(header);
  SevenZipStreams streams;
  std::uint8_t id = reader.u8();
  if (id == k_encoded_header) {
    read_streams(reader, streams);
    return reader.sound() ? std::optional(std::move(streams)) : std::nullopt;
  }
  if (id != k_header) return std::nullopt;
  id = reader.u8();
  if (id == k_archive_properties) {
    while (reader.sound() && reader.u8() != k_end) (void)reader.take(reader.number());
    id = reader.u8();
  }
  if (id == k_additional_streams) {
    SevenZipStreams additional;
    read_streams(reader, additional);
    id = reader.u8();
  }
  if (id == k_main_streams) read_streams(reader, streams);  // else: files without content only
  return reader.sound() ? std::optional(std::move(streams)) : std::nullopt;
}

}  // namespace lastgood::formats
