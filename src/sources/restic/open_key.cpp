// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/open_key.h"

#include <fmt/format.h>

#include "sources/restic/key_file.h"

namespace lastgood::sources::restic {

namespace {

base::Result<OpenedKey> open_escrowed(const std::string& text) {
  auto key = parse_master_key(base::ByteView(std::string_view(text)));
  if (key.ok()) return OpenedKey{.key = key.value(), .findings = {}};
  return base::Error{.code = base::ErrorCode::misuse,
                     .what = "cannot use the key file given: " + key.error().what,
                     .hint = "give what 'restic cat masterkey' printed"};
}

/// Nothing when the password is another.
base::Result<std::optional<MasterKey>> try_key(const KeyFile& file, std::string_view password) {
  const base::ByteView salt{std::string_view(file.salt)};
  LG_ASSIGN(const MasterKey derived, derive_key(password, salt, file.costs));
  const auto plain = open_sealed(derived, base::ByteView(std::string_view(file.sealed)));
  if (!plain) return std::optional<MasterKey>{};
  LG_ASSIGN(const MasterKey master, parse_master_key(base::ByteView(std::span<const std::uint8_t>(*plain))));
  return std::optional<MasterKey>(master);
}

base::Result<std::optional<MasterKey>> try_stored_key(RepositoryFiles& files, const BlobId& name,
                                                      std::string_view password) {
  LG_ASSIGN(const std::vector<std::uint8_t> text, files.read_file(StoredKind::key, name, k_key_file_bytes_max));
  LG_ASSIGN(const KeyFile file, parse_key_file(base::ByteView(std::span<const std::uint8_t>(text))));
  return try_key(file, password);
}

base::Error nothing_opened(const RepositoryFiles& files, std::size_t tried, std::size_t broken, std::size_t all) {
  std::string what = fmt::format("cannot open '{}': the password opens none of the {} keys tried",
                                 base::printable(files.location()), tried);
  if (broken > 0) what += fmt::format(" ({} more cannot be read)", broken);
  if (all > tried + broken) what += fmt::format("; {} were not tried", all - tried - broken);
  return {.code = base::ErrorCode::denied,
          .what = std::move(what),
          .path = files.location(),
          .hint = "try other passwords; an escrowed master key (restic cat masterkey) opens it too"};
}

}  // namespace

base::Result<OpenedKey> open_key(RepositoryFiles& files, const SourceSecrets& secrets) {
  if (secrets.key_file) return open_escrowed(*secrets.key_file);
  LG_ASSIGN(Listing keys, files.list(StoredKind::key));
  if (keys.files.empty()) {
    // Snapshots without keys: the store is there, and somebody took what opens it.
    const auto snapshots = files.list(StoredKind::snapshot);
    if (snapshots.ok() && !snapshots.value().files.empty()) {
      return base::Error{.code = base::ErrorCode::denied,
                         .what = fmt::format("cannot open '{}': it has {} snapshots and no key",
                                             base::printable(files.location()), snapshots.value().files.size()),
                         .path = files.location(),
                         .hint = "an escrowed master key (restic cat masterkey) opens it"};
    }
    return base::Error{
        .code = base::ErrorCode::not_found,
        .what = fmt::format("cannot open '{}': no restic repository is there, or its keys are gone",
                            base::printable(files.location())),
        .path = files.location(),
        .hint =
            "a restic repository has the folders keys, snapshots, index and data; where only the keys are gone, an "
            "escrowed master key (restic cat masterkey) opens it"};
  }
  if (!secrets.password) {
    return base::Error{.code = base::ErrorCode::misuse,
                       .what = fmt::format("cannot open '{}' without a password", base::printable(files.location())),
                       .path = files.location(),
                       .hint = "name a file that holds the password"};
  }
  OpenedKey opened{.key = {}, .findings = std::move(keys.findings)};
  std::size_t tried = 0;
  std::size_t broken = 0;
  for (const StoredFile& file : keys.files) {
    if (tried + broken == k_keys_max) break;
    auto key = try_stored_key(files, file.name, *secrets.password);
    if (!key.ok()) {
      if (key.error().code == base::ErrorCode::busy_retry) return std::move(key).error();
      ++broken;
      opened.findings.push_back(
          {.rule = "restic.key.file",
           .sentence = fmt::format("key {} cannot be used: {}", short_hex_of(file.name), key.error().what),
           .weight = model::Weight::contradicts});
      continue;
    }
    ++tried;
    if (!key.value()) continue;
    opened.key = *key.value();
    return opened;
  }
  return nothing_opened(files, tried, broken, keys.files.size());
}

}  // namespace lastgood::sources::restic
