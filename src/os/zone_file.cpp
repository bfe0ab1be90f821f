// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/zone_file.h"

#include "os/append_file.h"
#include "os/paths.h"

namespace lastgood::os {

namespace {

constexpr std::size_t k_zone_bytes_max = 64 * 1024;

bool is_zone_name(const std::string& name) {
  if (name.empty() || name.size() > 100 || name.front() == '/' || name.find("..") != std::string::npos) return false;
  return name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-") ==
         std::string::npos;
}

}  // namespace

base::Result<std::string> read_zone_file(const std::string& name) {
  base::Error error;
  error.code = base::ErrorCode::misuse;
  error.what = "'" + base::printable(name) + "' is no time zone";
  error.hint = "write UTC, IST, +05:30 or a name of the zone database, like Asia/Kolkata";
  if (!is_zone_name(name)) return error;
  auto read = read_own_file("/usr/share/zoneinfo/" + name, k_zone_bytes_max);
  if (read.ok()) return read;
  error.code = base::ErrorCode::not_found;
  error.what += ": " + read.error().what;
  return error;
}

}  // namespace lastgood::os
