// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A whole disk or partition of a victim, opened to read only. Linux only: BLKGETSIZE64, sysfs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/byte_source.h"
#include "os/evidence.h"

namespace lastgood::os {

enum class WriteProtection : std::uint8_t { none, on };

/// What the system itself says of it; empty where it says nothing.
struct DeviceFacts {
  std::string model;  // with its maker
  std::string serial;
  WriteProtection protection = WriteProtection::none;  // by the kernel (blockdev --setro) or the device
};

/// One block device. Nothing of it is written and no access time of its node changes what is on it.
class EvidenceDevice final : public base::ByteSource {
 public:
  EvidenceDevice(Descriptor file, std::uint64_t size_bytes, DeviceFacts facts, std::string path);
  [[nodiscard]] std::uint64_t size_bytes() const override { return size_bytes_; }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override;
  [[nodiscard]] const DeviceFacts& facts() const { return facts_; }

 private:
  Descriptor file_;
  std::uint64_t size_bytes_;
  DeviceFacts facts_;
  std::string path_;
};

/// True when `path`, or what a link of that name leads to (/dev/disk/by-id), is a block device. Opens nothing.
[[nodiscard]] bool is_block_device(const std::string& path);

/// Anything but a block device is ErrorCode::misuse.
[[nodiscard]] base::Result<std::unique_ptr<EvidenceDevice>> open_evidence_device(const std::string& path);

}  // namespace lastgood::os
