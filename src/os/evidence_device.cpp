// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/evidence_device.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace lastgood::os {

namespace {

/// The first line of a file of sysfs, without the blanks that disks pad their names with.
std::string sysfs_line(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return {};
  std::array<char, 256> bytes{};
  const ssize_t count = ::read(file.get(), bytes.data(), bytes.size());
  std::string line(bytes.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  line = line.substr(0, line.find('\n'));
  while (line.ends_with(' ')) line.pop_back();
  return line.substr(std::min(line.find_first_not_of(' '), line.size()));
}

/// A partition has the facts of its disk, one folder further up.
DeviceFacts facts_of(dev_t number) {
  const std::string folder =
      "/sys/dev/block/" + std::to_string(major(number)) + ":" + std::to_string(minor(number)) + "/";
  DeviceFacts out;
  for (const std::string& device : {folder + "device/", folder + "../device/"}) {
    const std::string vendor = sysfs_line(device + "vendor");
    const std::string model = sysfs_line(device + "model");
    if (out.model.empty()) out.model = vendor.empty() || vendor.starts_with("0x") ? model : vendor + " " + model;
    if (out.serial.empty()) out.serial = sysfs_line(device + "serial");
  }
  return out;
}

}  // namespace

EvidenceDevice::EvidenceDevice(Descriptor file, std::uint64_t size_bytes, DeviceFacts facts, std::string path)
    : file_(std::move(file)), size_bytes_(size_bytes), facts_(std::move(facts)), path_(std::move(path)) {}

base::Result<std::size_t> EvidenceDevice::read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t got =
        ::pread(file_.get(), into.data() + done, into.size() - done, static_cast<off_t>(offset_bytes + done));
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      base::Error error = base::system_error("read", path_, errno);
      error.offset_bytes = offset_bytes + done;
      error.what += " at byte " + std::to_string(offset_bytes + done);
      error.hint = "image the device with a tool that goes on behind bad sectors, such as ddrescue, and add the image";
      return error;
    }
    done += static_cast<std::size_t>(got);
  }
  return done;
}

bool is_block_device(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISBLK(status.st_mode);
}

base::Result<std::unique_ptr<EvidenceDevice>> open_evidence_device(const std::string& path) {
  // Looked at before it is opened: opening a tape or a FIFO does something.
  if (!is_block_device(path)) {
    return base::Error{.code = base::ErrorCode::misuse,
                       .what = "cannot read '" + base::printable(path) + "': it is no block device",
                       .path = path,
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = {}};
  }
  Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file.open()) return base::system_error("open", path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return base::system_error("stat", path, errno);
  std::uint64_t size_bytes = 0;
  if (!S_ISBLK(status.st_mode) || ::ioctl(file.get(), BLKGETSIZE64, &size_bytes) != 0)
    return base::system_error("measure", path, errno);
  DeviceFacts facts = facts_of(status.st_rdev);
  int read_only = 0;
  if (::ioctl(file.get(), BLKROGET, &read_only) == 0 && read_only != 0) facts.protection = WriteProtection::on;
  return std::make_unique<EvidenceDevice>(std::move(file), size_bytes, std::move(facts), path);
}

}  // namespace lastgood::os
