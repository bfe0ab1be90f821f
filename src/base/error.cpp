// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/utf8.h"

namespace lastgood::base {

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::denied: return "denied";
    case ErrorCode::busy_retry: return "busy_retry";
    case ErrorCode::damaged_container: return "damaged_container";
    case ErrorCode::damaged_source: return "damaged_source";
    case ErrorCode::unsupported: return "unsupported";
    case ErrorCode::limit_reached: return "limit_reached";
    case ErrorCode::no_space: return "no_space";
    case ErrorCode::cancelled: return "cancelled";
    case ErrorCode::misuse: return "misuse";
    case ErrorCode::io: return "io";
  }
  return "io";
}

namespace {

ErrorCode code_of(int errno_value) {
  switch (errno_value) {
    case ENOENT:
    case ENOTDIR:
    case ENODEV:
    case ENXIO: return ErrorCode::not_found;
    case EACCES:
    case EPERM:
    case EROFS: return ErrorCode::denied;
    case EAGAIN:
    case EBUSY:
    case ETXTBSY: return ErrorCode::busy_retry;
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return ErrorCode::no_space;
    case EMFILE:
    case ENFILE:
    case ENOMEM: return ErrorCode::limit_reached;
    case EINVAL:
    case ELOOP:
    case ENAMETOOLONG: return ErrorCode::misuse;
    default: return ErrorCode::io;
  }
}

}  // namespace

Error system_error(std::string_view verb, std::string_view path, int errno_value) {
  // strerror gives one of libc's constant texts for a known number; lower case is the house style.
  std::string reason = std::strerror(errno_value);  // NOLINT(concurrency-mt-unsafe): glibc's is per thread
  if (reason.size() > 1 && reason[0] >= 'A' && reason[0] <= 'Z' && reason[1] >= 'a')
    reason[0] = static_cast<char>(reason[0] + 32);
  return Error{.code = code_of(errno_value),
               .what = fmt::format("cannot {} '{}': {}", verb, printable(path), reason),
               .path = std::string(path),
               .offset_bytes = {},
               .system_errno = errno_value,
               .hint = {}};
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = utf8_length_at(text, at);
    const auto first = static_cast<unsigned char>(text[at]);
    // C1 controls (U+0080..U+009F) move a terminal's cursor just as C0 controls do.
    const bool c1_control = length == 2 && first == 0xC2 && static_cast<unsigned char>(text[at + 1]) < 0xA0;
    if (length == 0 || first < 0x20 || first == 0x7F || c1_control) {
      const std::size_t count = length == 0 ? 1 : length;
      for (std::size_t i = 0; i < count; ++i) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[at + i]));
      at += count;
      continue;
    }
    out.append(text.substr(at, length));
    at += length;
  }
  return out;
}

}  // namespace lastgood::base
