// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Everything of a restic repository that is parsed after it was opened with a key (or, key files, before): an attacker
// who had the machine had the key too. The first byte chooses the parser, the rest is its input.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <span>

#include "base/base64.h"
#include "base/rfc3339.h"
#include "sources/restic/go_text.h"
#include "sources/restic/index_file.h"
#include "sources/restic/json.h"
#include "sources/restic/key_file.h"
#include "sources/restic/pack_header.h"
#include "sources/restic/snapshot_file.h"
#include "sources/restic/tree_file.h"
#include "sources/restic/unpack.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace lastgood;
using namespace lastgood::sources::restic;

void demand(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

/// Exactly as large as it says, so that a read beyond the padding is seen.
std::vector<std::uint8_t> padded(std::span<const std::uint8_t> text) {
  std::vector<std::uint8_t> bytes(text.size() + k_json_padding_bytes);
  std::copy(text.begin(), text.end(), bytes.begin());
  return bytes;
}

void parse_an_index(std::span<const std::uint8_t> text) {
  (void)parse_index(padded(text), [](IndexedPack& pack) {
    for (const BlobPlace& blob : pack.blobs) {
      demand(std::uint64_t{blob.offset_bytes} + blob.length_bytes <= UINT32_MAX, "a blob ends where numbers do");
      demand(blob.length_bytes >= k_seal_bytes, "a blob has its seal");
    }
  });
}

void parse_a_tree(std::span<const std::uint8_t> text) {
  std::size_t nodes = 0;
  const auto findings = parse_tree(padded(text), [&](TreeNode&& node) {
    ++nodes;
    const std::string& name = node.entry.name;
    demand(!name.empty() && name != "." && name != "..", "a name names something inside");
    demand(name.find('/') == std::string::npos && name.find('\0') == std::string::npos, "a name is one part of a path");
    demand(node.entry.subtree.empty() || node.entry.subtree.size() == 32, "a subtree is an id");
    demand((node.entry.mode & ~model::k_mode_bits) == 0, "a mode has mode bits only");
    demand(std::is_sorted(node.entry.attributes.begin(), node.entry.attributes.end(),
                          [](const auto& a, const auto& b) { return a.name < b.name; }),
           "attributes are in order");
  });
  demand(findings.size() <= 102, "findings are limited");
  demand(nodes <= text.size(), "a node has bytes");
}

void parse_a_header(std::span<const std::uint8_t> bytes) {
  const base::ByteView view(bytes);
  const auto length = parse_header_length(view, bytes.size());
  demand(!length || *length + k_header_length_bytes <= bytes.size(), "a header lies in its pack");
  // The place of the end is the sum of the lengths for most inputs, so that whole headers are met too.
  std::uint64_t end = 0;
  for (std::size_t at = 0; at < view.size();
       at += (view.u8(at) & 2U) != 0 ? k_compressed_entry_bytes : k_plain_entry_bytes) {
    end += view.le32(at + 1);
  }
  const auto blobs = parse_pack_header(view, end);
  if (!blobs.ok()) return;
  for (const BlobPlace& blob : blobs.value()) {
    demand(std::uint64_t{blob.offset_bytes} + blob.length_bytes <= end, "a blob lies before the header");
  }
}

void parse_texts(std::span<const std::uint8_t> bytes) {
  const std::string_view text = base::ByteView(bytes).text();
  const auto name = unquote_go(text);
  demand(!name || name->size() <= text.size(), "what is unquoted does not grow");
  (void)base::parse_rfc3339(text);
  const auto decoded = base::parse_base64(text);
  demand(!decoded || decoded->size() <= text.size(), "what is decoded does not grow");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const std::uint8_t> input(data + 1, size - 1);
  constexpr std::size_t k_unpacked_max = std::size_t{1} << 20;
  switch (data[0] % 8) {
    case 0: parse_an_index(input); break;
    case 1: parse_a_tree(input); break;
    case 2: parse_a_header(input); break;
    case 3: (void)parse_snapshot(padded(input)).ok(); break;
    case 4: (void)parse_key_file(base::ByteView(input)).ok(); break;
    case 5: (void)parse_master_key(base::ByteView(input)).ok(); break;
    case 6: parse_texts(input); break;
    default: {
      const auto plain = unpack_file(base::ByteView(input), k_unpacked_max);
      demand(!plain.ok() || plain.value().size() <= k_unpacked_max, "what is unpacked stays within its limit");
      (void)parse_config_version(padded(input)).ok();
      break;
    }
  }
  return 0;
}
