// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/passphrase.h"

#include "os/append_file.h"
#include "os/ask_secret.h"

namespace lastgood::cli {

namespace {

constexpr std::size_t k_passphrase_bytes_max = 1024;

base::Error refused(std::string what, std::string hint) {
  return base::Error{.code = base::ErrorCode::misuse,
                     .what = std::move(what),
                     .path = {},
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = std::move(hint)};
}

}  // namespace

base::Result<std::string> read_passphrase(const std::string& file, AskTwice twice) {
  if (!file.empty()) {
    LG_ASSIGN(const std::string text, os::read_own_file(file, k_passphrase_bytes_max));
    std::string line = text.substr(0, text.find('\n'));
    if (line.empty()) return refused("the passphrase file has an empty first line", "write the passphrase into it");
    return line;
  }
  const auto typed = os::ask_secret("passphrase of the key");
  if (!typed) return refused("no passphrase was given", "use --passphrase-file FILE, or --no-passphrase");
  if (twice == AskTwice::yes && os::ask_secret("once more") != typed)
    return refused("the two passphrases differ", "type the same one twice");
  return *typed;
}

}  // namespace lastgood::cli
