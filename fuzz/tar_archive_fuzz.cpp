// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The reader of tar archives on hostile bytes. A block that says "ustar" gets the checksum that fits, so that the
// fuzzer gets behind the checksums. What is packed is unpacked, to a limit, and must be the same when read again.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "sources/source.h"
#include "sources/tar/read_index.h"
#include "sources/tar/tar_header.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace lastgood;
using namespace lastgood::sources::tar;

void demand(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

std::string with_checksums(std::string bytes) {
  for (std::size_t at = 0; at + k_block_bytes <= bytes.size(); at += k_block_bytes) {
    if (bytes.compare(at + 257, 5, "ustar") != 0) continue;
    bytes.replace(at + 148, 8, 8, ' ');
    unsigned sum = 0;
    for (std::size_t i = 0; i < k_block_bytes; ++i) sum += static_cast<unsigned char>(bytes[at + i]);
    char text[8];
    std::snprintf(text, sizeof text, "%06o", sum);
    bytes.replace(at + 148, 7, text, 7);
  }
  return bytes;
}

void check_member(const Member& member, std::uint64_t archive_bytes) {
  demand(member.held_bytes <= member.stored_bytes, "no more is held than stored");
  demand(member.data_offset + member.held_bytes <= archive_bytes, "what is held lies in the archive");
  if (member.extras == nullptr || !member.extras->is_sparse) return;
  const MemberExtras& extras = *member.extras;
  demand(!check_sparse_map(extras.parts, member.stored_bytes, member.size_bytes), "a map in the index holds");
  demand(extras.parts.size() == extras.part_starts.size(), "each part has a start");
}

void check_index(const std::string& bytes) {
  base::MemorySource source{base::ByteView(std::string_view(bytes))};
  const auto unpacked = open_unpacked(source, Packing::none, "fuzz");
  TarIndex index;
  read_index(*unpacked, index);
  for (std::uint32_t i = 0; i < index.member_count(); ++i) check_member(index.member(i), bytes.size());
  std::vector<std::string> waiting{""};
  while (!waiting.empty()) {
    const std::string path = waiting.back();
    waiting.pop_back();
    const TarIndex::Children* children = index.find_folder(path);
    demand(children != nullptr, "a folder is found by its path");
    for (const auto& [name, number] : *children) {
      demand(!name.empty() && name != "." && name != "..", "a name is one");
      demand(name.find('/') == std::string::npos && name.find('\0') == std::string::npos, "a name is one part");
      const TarIndex::Node& node = index.node(number);
      demand(node.member != TarIndex::k_none || node.children != nullptr, "a name is somebody's");
      if (node.children != nullptr) waiting.push_back(path.empty() ? name : path + "/" + name);
    }
  }
}

std::vector<std::uint8_t> read_to(UnpackedBytes& unpacked, std::size_t count) {
  std::vector<std::uint8_t> bytes(count);
  const auto got = unpacked.read(bytes);
  bytes.resize(got.ok() ? got.value() : 0);
  return bytes;
}

void check_unpacking(const std::string& packed, Packing packing) {
  base::MemorySource source{base::ByteView(std::string_view(packed))};
  const auto unpacked = open_unpacked(source, packing, "fuzz", 10'000);
  const std::vector<std::uint8_t> first = read_to(*unpacked, 1 << 20);
  demand(unpacked->position() == first.size(), "the position is behind what was read");
  for (const std::uint64_t at : {first.size() / 2, first.size() / 3, first.size() - first.size() / 4}) {
    if (!unpacked->seek(at).ok()) continue;
    const std::vector<std::uint8_t> again = read_to(*unpacked, std::min<std::size_t>(first.size() - at, 5000));
    demand(std::equal(again.begin(), again.end(), first.begin() + static_cast<std::ptrdiff_t>(at)),
           "bytes are the same when read again");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView input(std::span<const std::uint8_t>(data, size));
  const Packing packing = find_packing(input);
  if (packing != Packing::none) {
    check_unpacking(std::string(input.text()), packing);
  } else {
    check_index(with_checksums(std::string(input.text())));
  }
  return 0;
}
