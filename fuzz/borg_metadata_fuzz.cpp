// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes as a manifest, as the head of an archive, and as the items of one, in one chunk and cut into two: the
// folders that come out have names in order and are the same for both.
#include <algorithm>

#include "base/assert.h"
#include "sources/borg/archive_trees.h"
#include "sources/borg/manifest.h"

namespace {

using namespace lastgood;
using namespace lastgood::sources::borg;

void check_folder(const ArchiveTrees& trees, std::uint32_t number) {
  const FolderStore::View folder = trees.folders().view(number);
  std::string before;
  for (const std::uint32_t entry : folder.entries) {
    const model::TreeEntry tree_entry = trees.entries().tree_entry(entry);
    LG_ASSERT(is_name(tree_entry.name) && before < tree_entry.name);
    before = tree_entry.name;
  }
}

std::uint32_t build(ArchiveTrees& trees, const std::vector<base::ByteView>& chunks) {
  std::vector<ObjectId> ids(chunks.size());
  for (std::size_t i = 0; i < chunks.size(); ++i) ids[i] = base::sha256(chunks[i]);
  const ArchiveTree tree =
      trees.build(ids, ArchiveTrees::Parts::join, [&](const ObjectId& id, std::vector<std::uint8_t>& bytes) {
        const auto found = std::find(ids.begin(), ids.end(), id);
        const base::ByteView chunk = chunks[static_cast<std::size_t>(found - ids.begin())];
        bytes.assign(chunk.begin(), chunk.end());
        return base::Status(base::Done{});
      });
  return tree.root;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView bytes(std::span<const std::uint8_t>(data, size));
  lastgood::base::ignore_error(parse_manifest(bytes), "any answer is fine");
  lastgood::base::ignore_error(parse_archive_head(bytes), "any answer is fine");
  const ObjectTable no_objects;
  ArchiveTrees trees(no_objects, EntryStore::ChunkIds::keyed);
  const std::uint32_t whole = build(trees, {bytes});
  // Broken items are looked for again at other places when the bytes come in pieces; sound ones are the same.
  (void)build(trees, {bytes.part(0, size / 2), bytes.part(size / 2)});
  LG_ASSERT(build(trees, {bytes}) == whole);
  for (std::uint32_t number = 0; number < trees.folders().size(); ++number) check_folder(trees, number);
  return 0;
}
