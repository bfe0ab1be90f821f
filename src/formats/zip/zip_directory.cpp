// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16 and 4.5.3.
#include "formats/zip/zip_directory.h"

#include <algorithm>

#include "base/checksum.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using namespace std::string_view_literals;

constexpr std::string_view k_central_magic = "PK\x01\x02"sv;
constexpr std::string_view k_end_magic = "PK\x05\x06"sv;
constexpr std::string_view k_end64_magic = "PK\x06\x06"sv;
constexpr std::string_view k_locator_magic = "PK\x06\x07"sv;
constexpr std::uint64_t k_locator_bytes = 20;
constexpr std::uint64_t k_end64_bytes = 56;
constexpr int k_candidates_max = 64;
constexpr std::size_t k_entries_kept = 65536;  // memory of larger directories is given back

/// Puts the ZIP64 numbers in place of the short ones. False: there is no such record.
bool read_end64(WalkInput& input, std::uint64_t locator_from, ZipEnd& end, std::uint64_t& directory_offset) {
  const std::uint64_t told = input.at(locator_from, k_locator_bytes).le64(8);
  const std::uint64_t usual = locator_from >= k_end64_bytes ? locator_from - k_end64_bytes : locator_from;
  for (const std::uint64_t from : {told, usual}) {
    if (from >= locator_from) continue;
    const ByteView record = input.at(from, k_end64_bytes);
    if (!record.matches(0, k_end64_magic)) continue;
    end.from = from;
    end.entries = record.le64(32);
    end.entries_modulo = 0;
    end.directory_bytes = record.le64(40);
    directory_offset = record.le64(48);
    return true;
  }
  return false;
}

bool has_directory_at(WalkInput& input, const ZipEnd& end, std::uint64_t from) {
  if (end.directory_bytes == 0) return end.entries == 0;
  return input.at(from, 4).matches(0, k_central_magic);
}

/// Archives behind a stub count offsets either from the file's or from the archive's first byte.
bool place_directory(WalkInput& input, std::uint64_t directory_offset, ZipEnd& end) {
  if (end.directory_bytes <= end.from) {
    const std::uint64_t before_end = end.from - end.directory_bytes;
    if (directory_offset <= before_end && has_directory_at(input, end, before_end)) {
      end.directory_from = before_end;
      end.shift = before_end - directory_offset;
      return true;
    }
    if (directory_offset > before_end && end.directory_bytes > 0 && has_directory_at(input, end, before_end))
      end.missing_bytes = directory_offset - before_end;
  }
  // Something stands between directory and end record (a signature, padding).
  const bool inside = directory_offset <= end.from && end.directory_bytes <= end.from - directory_offset;
  end.directory_from = std::min(directory_offset, end.from);
  return inside && has_directory_at(input, end, directory_offset);
}

ZipEnd read_end(WalkInput& input, std::uint64_t from) {
  const ByteView record = input.at(from, k_zip_end_bytes);
  ZipEnd end;
  end.from = from;
  end.to = from + k_zip_end_bytes + record.le16(20);
  end.entries = record.le16(10);
  end.entries_modulo = 65536;
  end.directory_bytes = record.le32(12);
  std::uint64_t directory_offset = record.le32(16);
  const std::uint16_t disk = record.le16(4);
  const std::uint16_t directory_disk = record.le16(6);
  if ((disk != 0 && disk != 0xFFFF) || disk != directory_disk) end.parts = ZipParts::split;
  if (from >= k_locator_bytes && input.at(from - k_locator_bytes, 4).matches(0, k_locator_magic)) {
    (void)read_end64(input, from - k_locator_bytes, end, directory_offset);
  }
  end.fits = place_directory(input, directory_offset, end);
  return end;
}

void keep_entry_if_needed(ZipDirectory& directory, std::size_t index, const ZipEntry& entry) {
  if (directory.signs.mimetype_entry() == index) directory.mimetype = entry;
  if (directory.signs.odf_manifest_entry() == index) directory.odf_manifest = entry;
  if (directory.signs.epub_encryption_entry() == index) directory.epub_encryption = entry;
}

void read_entry(ByteView header, const ZipEnd& end, ZipDirectory& directory) {
  const std::uint16_t name_bytes = header.le16(28);
  const ByteView name = header.part(k_zip_central_header_bytes, name_bytes);
  Zip64Sizes sizes{
      .unpacked_bytes = header.le32(24), .packed_bytes = header.le32(20), .header_offset = header.le32(42)};
  apply_zip64_extra(header.part(k_zip_central_header_bytes + name_bytes, header.le16(30)), sizes);
  const ZipEntry entry{.header_from = sizes.header_offset + end.shift,
                       .packed_bytes = sizes.packed_bytes,
                       .unpacked_bytes = sizes.unpacked_bytes,
                       .crc32 = header.le32(16),
                       .name_crc32 = base::crc32(name),
                       .name_bytes = name_bytes,
                       .flags = header.le16(8),
                       .method = header.le16(10)};
  // The sum is compared by subtraction: offsets near 2^64 must not wrap into the archive.
  if (sizes.header_offset > end.directory_from || entry.header_from > end.directory_from) directory.elsewhere = true;
  const auto index = static_cast<std::size_t>(directory.count);
  directory.signs.note(name.text(), index);
  keep_entry_if_needed(directory, index, entry);
  ++directory.count;
  if (directory.entries.size() < ZipDirectory::k_entries_max) directory.entries.push_back(entry);
}

}  // namespace

void apply_zip64_extra(ByteView extra, Zip64Sizes& sizes) {
  std::uint64_t at = 0;
  while (extra.has(at, 4)) {
    const std::uint16_t id = extra.le16(at);
    const ByteView field = extra.part(at + 4, extra.le16(at + 2));
    at += 4 + std::uint64_t{extra.le16(at + 2)};
    if (id != 1) continue;
    std::uint64_t in_field = 0;
    for (std::uint64_t* value : {&sizes.unpacked_bytes, &sizes.packed_bytes, &sizes.header_offset}) {
      if (*value != 0xFFFFFFFF || !field.has(in_field, 8)) continue;
      *value = field.le64(in_field);
      in_field += 8;
    }
    return;
  }
}

std::optional<ZipEnd> find_zip_end(WalkInput& input) {
  const ByteView tail = input.tail();
  const std::uint64_t tail_from = input.size_bytes() - std::min<std::uint64_t>(input.size_bytes(), tail.size());
  std::optional<ZipEnd> unfitting;
  std::string_view left = tail.text();
  // Most contents that are asked hold none, and forwards that is found out ten times as fast.
  if (left.find(k_end_magic) == std::string_view::npos) return std::nullopt;
  for (int i = 0; i < k_candidates_max; ++i) {
    const std::size_t found = left.rfind(k_end_magic);
    if (found == std::string_view::npos) break;
    left = left.substr(0, found + k_end_magic.size() - 1);
    if (!tail.has(found, k_zip_end_bytes)) continue;
    ZipEnd end = read_end(input, tail_from + found);
    if (end.to > input.size_bytes()) {
      end.to = input.size_bytes();
      end.fits = false;
    }
    if (end.fits) return end;
    if (!unfitting) unfitting = end;
  }
  return unfitting;
}

void read_zip_directory(WalkInput& input, const ZipEnd& end, ZipDirectory& directory) {
  std::vector<ZipEntry> entries = std::move(directory.entries);
  entries.clear();
  if (entries.capacity() > k_entries_kept) entries = {};
  directory = {};
  directory.entries = std::move(entries);

  std::uint64_t at = end.directory_from;
  const std::uint64_t to = end.directory_from + end.directory_bytes;
  bool ascending = true;
  while (at < to && input.may_continue()) {
    const ByteView fixed = input.at(at, k_zip_central_header_bytes);
    if (!fixed.matches(0, k_central_magic) || fixed.size() < k_zip_central_header_bytes) break;
    const std::uint64_t length = k_zip_central_header_bytes + fixed.le16(28) + fixed.le16(30) + fixed.le16(32);
    if (length > to - at) break;
    const ByteView header = input.at(at, static_cast<std::size_t>(length));
    if (header.size() < length) break;
    const std::uint64_t before = directory.entries.empty() ? 0 : directory.entries.back().header_from;
    read_entry(header, end, directory);
    ascending = ascending && directory.entries.back().header_from >= before;
    at += length;
  }
  // A digital signature (4.3.13) may close the directory.
  if (at < to && input.at(at, 4).matches(0, "PK\x05\x05"sv)) at = std::min(to, at + 6 + input.at(at, 6).le16(4));
  directory.read_to = at;
  directory.complete = at == to;
  if (!ascending) {
    std::sort(directory.entries.begin(), directory.entries.end(),
              [](const ZipEntry& a, const ZipEntry& b) { return a.header_from < b.header_from; });
  }
}

}  // namespace lastgood::formats
