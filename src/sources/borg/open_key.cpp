// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/open_key.h"

#include "base/misuse.h"

namespace lastgood::sources::borg {

using base::Error;
using base::ErrorCode;
using base::misuse;
using base::Result;

namespace {

bool is_kept_outside(KeyKind kind) { return kind == KeyKind::keyfile || kind == KeyKind::keyfile_blake2; }

/// Of a repository from before borg 1.0 whose key was never moved into its config.
Result<RepoKey> make_passphrase_key(const RepoConfig& config, const SourceSecrets& secrets,
                                    const std::string& location) {
  const std::optional<std::string> id = parse_hex(config.id);
  if (!secrets.password) {
    return misuse("the repository '" + base::printable(location) + "' needs its passphrase", "give a password file",
                  location);
  }
  if (!id || id->size() != 32) {
    return Error{.code = ErrorCode::damaged_source,
                 .what = "the id in 'config' is missing; keys of this old kind cannot be made without it",
                 .path = location};
  }
  return derive_passphrase_key(*id, *secrets.password);
}

/// What is wrong with a key that was opened well.
std::optional<Error> find_mismatch(KeyKind kind, const RepoConfig& config, const RepoKey& key, bool from_file,
                                   const std::string& location) {
  const std::optional<std::string> id = parse_hex(config.id);
  if (id && id->size() == 32 && *id != key.repository_id) {
    return misuse("the key is for another repository than '" + base::printable(location) + "'",
                  from_file ? "give the key file whose first line names " + config.id : std::string(), location);
  }
  if (is_blake2(kind) != (key.mac_key.size() == 128)) {
    return Error{.code = ErrorCode::damaged_source,
                 .what = "the key has " + std::to_string(key.mac_key.size()) + " bytes, which does not fit the mode " +
                         std::string(name_of(kind)),
                 .path = location};
  }
  return std::nullopt;
}

}  // namespace

Result<RepoKey> open_key(KeyKind kind, const RepoConfig& config, const SourceSecrets& secrets,
                         const std::string& location) {
  if (kind == KeyKind::none) return RepoKey();
  if (!secrets.key_file && config.key.empty()) {
    if (kind == KeyKind::passphrase) return make_passphrase_key(config, secrets, location);
    return misuse("the key of the repository '" + base::printable(location) + "' (" + std::string(name_of(kind)) +
                      ") is not in the repository",
                  is_kept_outside(kind)
                      ? "give the key file of the machine that made the backups (~/.config/borg/keys), or a key export"
                      : "its 'config' lost the key: give a key export or a paper key",
                  location);
  }
  LG_ASSIGN(const std::string bytes, parse_key_text(secrets.key_file ? *secrets.key_file : config.key));
  LG_ASSIGN(const KeyBlob blob, parse_key_blob(base::ByteView(std::string_view(bytes))));
  // Without a password the empty one is tried, as borg does.
  Result<RepoKey> key = unlock_key(blob, secrets.password.value_or(""));
  if (!key && key.error().code == ErrorCode::denied && !secrets.password) {
    return misuse(
        "the repository '" + base::printable(location) + "' (" + std::string(name_of(kind)) + ") needs its password",
        "give a password file; it is the passphrase that borg asks for", location);
  }
  if (!key) {
    Error error = std::move(key).error();
    error.path = location;
    return error;
  }
  if (std::optional<Error> mismatch =
          find_mismatch(kind, config, key.value(), secrets.key_file.has_value(), location)) {
    return *std::move(mismatch);
  }
  return key;
}

}  // namespace lastgood::sources::borg
