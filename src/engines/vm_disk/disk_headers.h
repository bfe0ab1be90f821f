// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Headers of virtual disks: what they are made of and build on. Facts: QEMU "Qcow2 image format"; VMware "Virtual Disk
// Format 5.0". Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_view.h"

namespace lastgood::engines::vm_disk {

struct Qcow2Header {
  std::string_view fault;
  std::uint32_t version = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t cluster_bytes = 0;
  std::uint64_t map_at = 0;  // the L1 table
  std::uint64_t map_entries = 0;
  std::uint64_t counts_at = 0;  // the reference count table
  std::string backing;          // as written there; empty: none
  bool is_dirty = false;
  bool is_marked_corrupt = false;
  bool is_encrypted_by_owner = false;
};
/// Nothing when it is no qcow2 image. `bytes`: the first 64 KiB.
std::optional<Qcow2Header> parse_qcow2_header(base::ByteView bytes);

struct VmdkExtent {
  std::uint64_t sectors = 0;
  std::string kind;  // "SPARSE", "FLAT", "VMFS", "ZERO", ...
  std::string name;
};
struct VmdkDescriptor {
  std::uint32_t content_id = 0;
  std::uint32_t parent_id = 0xFFFFFFFF;  // that: no parent
  std::string parent;
  std::vector<VmdkExtent> extents;
};
/// Nothing when the text is no descriptor.
std::optional<VmdkDescriptor> parse_vmdk_descriptor(std::string_view text);

/// Where the descriptor stands inside a sparse extent; nothing when the bytes are none or it has none.
struct VmdkSparse {
  std::uint64_t sectors = 0;
  std::uint64_t descriptor_at = 0;
  std::uint64_t descriptor_bytes = 0;
};
std::optional<VmdkSparse> parse_vmdk_sparse(base::ByteView bytes);

}  // namespace lastgood::engines::vm_disk
