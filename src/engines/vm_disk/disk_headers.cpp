// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/vm_disk/disk_headers.h"

#include <algorithm>
#include <charconv>

namespace lastgood::engines::vm_disk {

using base::ByteView;

namespace {

constexpr std::size_t k_extents_max = 4096;
constexpr std::size_t k_name_bytes_max = 1023;
constexpr std::uint64_t k_sector_bytes = 512;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::string_view unquoted(std::string_view text) {
  text = trimmed(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') return text.substr(1, text.size() - 2);
  return text;
}

template <typename T>
T number_of(std::string_view text, int base) {
  T value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

/// `RW 4192256 SPARSE "disk-s001.vmdk" 0`
std::optional<VmdkExtent> parse_extent(std::string_view line) {
  const bool is_extent = line.starts_with("RW ") || line.starts_with("RDONLY ") || line.starts_with("NOACCESS ");
  if (!is_extent) return std::nullopt;
  line = trimmed(line.substr(line.find(' ')));
  VmdkExtent extent{.sectors = number_of<std::uint64_t>(line, 10)};
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  line = trimmed(line.substr(space));
  extent.kind = std::string(line.substr(0, line.find(' ')));
  const std::size_t open = line.find('"');
  const std::size_t close = open == std::string_view::npos ? open : line.find('"', open + 1);
  if (close != std::string_view::npos) extent.name = std::string(line.substr(open + 1, close - open - 1));
  return extent;
}

}  // namespace

std::optional<Qcow2Header> parse_qcow2_header(ByteView bytes) {
  if (bytes.be32(0) != 0x514649FB) return std::nullopt;
  Qcow2Header header{.version = bytes.be32(4),
                     .virtual_bytes = bytes.be64(24),
                     .map_at = bytes.be64(40),
                     .map_entries = bytes.be32(36),
                     .counts_at = bytes.be64(48),
                     .is_encrypted_by_owner = bytes.be32(32) != 0};
  const std::uint32_t cluster_bits = bytes.be32(20);
  if (header.version != 2 && header.version != 3)
    header.fault = "its version is neither 2 nor 3";
  else if (cluster_bits < 9 || cluster_bits > 21)
    header.fault = "its cluster size cannot be";
  else if (!bytes.has(0, header.version == 2 ? 72 : 104))
    header.fault = "the file ends inside the header";
  if (!header.fault.empty()) return header;
  header.cluster_bytes = std::uint64_t{1} << cluster_bits;
  if (header.version == 3) {
    header.is_dirty = (bytes.be64(72) & 1) != 0;
    header.is_marked_corrupt = (bytes.be64(72) & 2) != 0;
  }
  const std::uint64_t name_at = bytes.be64(8);
  const std::uint64_t name_bytes = bytes.be32(16);
  if (name_at != 0 && name_bytes != 0) {
    if (name_bytes > k_name_bytes_max || !bytes.has(name_at, name_bytes))
      header.fault = "the name of its backing file lies outside the header";
    else
      header.backing = std::string(bytes.part(name_at, name_bytes).text());
  }
  return header;
}

std::optional<VmdkDescriptor> parse_vmdk_descriptor(std::string_view text) {
  if (!trimmed(text.substr(0, std::min<std::size_t>(text.size(), 64))).starts_with("# Disk DescriptorFile"))
    return std::nullopt;
  VmdkDescriptor descriptor;
  std::size_t at = 0;
  while (at < text.size() && text[at] != '\0') {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = trimmed(text.substr(at, end - at));
    at = end + 1;
    if (auto extent = parse_extent(line)) {
      if (descriptor.extents.size() < k_extents_max) descriptor.extents.push_back(std::move(*extent));
      continue;
    }
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = trimmed(line.substr(0, equals));
    const std::string_view value = unquoted(line.substr(equals + 1));
    if (key == "CID")
      descriptor.content_id = number_of<std::uint32_t>(value, 16);
    else if (key == "parentCID")
      descriptor.parent_id = number_of<std::uint32_t>(value, 16);
    else if (key == "parentFileNameHint")
      descriptor.parent = std::string(value.substr(0, k_name_bytes_max));
  }
  return descriptor;
}

std::optional<VmdkSparse> parse_vmdk_sparse(ByteView bytes) {
  if (!bytes.matches(0, "KDMV") || bytes.size() < k_sector_bytes) return std::nullopt;
  VmdkSparse sparse{.sectors = bytes.le64(12)};
  if (bytes.le64(28) < (1U << 20) && bytes.le64(36) <= 2048) {
    sparse.descriptor_at = bytes.le64(28) * k_sector_bytes;
    sparse.descriptor_bytes = bytes.le64(36) * k_sector_bytes;
  }
  return sparse;
}

}  // namespace lastgood::engines::vm_disk
