// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// LMDB environments, git repositories and virtual disks, chosen by the first byte.
#include <cstdint>

#include "engines/git/pack_index.h"
#include "engines/testing/memory_view.h"
#include "engines/vm_disk/disk_headers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  using engines::UnitKind;
  const base::ByteView all(std::span<const std::uint8_t>(data, size));
  const base::ByteView bytes = all.part(1);
  const std::string text(bytes.text());
  engines::testing::MemoryView view;
  switch (all.u8(0) % 4) {
    case 0:
      view.files = {{"data.mdb", text}};
      (void)engines::check_unit(view, {.kind = UnitKind::lmdb, .path = ""}, model::Depth::standard);
      break;
    case 1:
      view.files = {{"a.qcow2", text}, {"b.vmdk", text}};
      (void)engines::find_units(view);
      (void)engines::check_unit(view, {.kind = UnitKind::vm_disk, .path = "a.qcow2"}, model::Depth::standard);
      break;
    case 2: {
      const auto index = engines::git::PackIndex::parse(bytes, 20);
      if (index) (void)index->has(std::string(20, bytes.empty() ? 'x' : static_cast<char>(bytes.u8(0))));
      break;
    }
    default:
      view.files = {{"HEAD", text},
                    {"packed-refs", text},
                    {"index", text},
                    {"refs/heads/a", text},
                    {"objects/pack/p.pack", text},
                    {"objects/pack/p.idx", text},
                    {"objects/info/alternates", text},
                    {"objects/00/00000000000000000000000000000000000000", text}};
      (void)engines::check_unit(view, {.kind = UnitKind::git, .path = ""}, model::Depth::standard);
  }
  return 0;
}
