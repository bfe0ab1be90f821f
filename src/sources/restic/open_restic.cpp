// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/open_restic.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "sources/restic/json.h"
#include "sources/restic/load_index.h"
#include "sources/restic/open_key.h"
#include "sources/restic/restic_source.h"
#include "sources/restic/snapshot_file.h"

namespace lastgood::sources::restic {

namespace {

constexpr std::string_view k_rest_prefix = "rest:";

base::Result<std::unique_ptr<RepositoryFiles>> open_files(const std::string& location) {
  if (location.starts_with(k_rest_prefix)) return open_rest_files(location.substr(k_rest_prefix.size()));
  auto files = open_local_files(location);
  if (files.ok() || files.error().code != base::ErrorCode::not_found) return files;
  base::Error error = std::move(files).error();
  error.hint = "give the folder that holds the repository's file config";
  return error;
}

base::Result<std::uint64_t> read_version(RepositoryFiles& files, const MasterKey& key) {
  LG_ASSIGN(const std::vector<std::uint8_t> sealed, files.read_config(k_config_bytes_max));
  LG_ASSIGN(const std::vector<std::uint8_t> text, open_json(key, sealed, k_config_bytes_max));
  return parse_config_version(text);
}

/// Whether the key opens any of the first few files of a kind.
bool opens_one(RepositoryFiles& files, const MasterKey& key, StoredKind kind) {
  constexpr std::size_t k_tries = 4;
  const auto listing = files.list(kind);
  if (!listing.ok()) return false;
  for (std::size_t i = 0; i < std::min(k_tries, listing.value().files.size()); ++i) {
    const auto sealed = files.read_file(kind, listing.value().files[i].name, k_index_bytes_max);
    if (sealed.ok() && open_sealed(key, base::ByteView(std::span<const std::uint8_t>(sealed.value())))) return true;
  }
  return false;
}

/// A config that is gone or broken stops nobody who has the key: all that is in it is a version that the other files
/// show as well. But a key that opens nothing at all is another repository's.
base::Status check_key_without_config(RepositoryFiles& files, const MasterKey& key, const base::Error& error) {
  if (opens_one(files, key, StoredKind::index) || opens_one(files, key, StoredKind::snapshot)) return base::Done{};
  const std::string place = base::printable(files.location());
  LG_ASSIGN(const Listing packs, files.list(StoredKind::pack));
  if (error.code == base::ErrorCode::not_found && packs.files.empty()) {
    return base::Error{.code = base::ErrorCode::not_found,
                       .what = fmt::format("cannot open '{}': no restic repository is there", place),
                       .path = files.location(),
                       .hint = "a restic repository has a file config and the folders keys, snapshots, index and data"};
  }
  return base::Error{.code = base::ErrorCode::denied,
                     .what = fmt::format(
                         "cannot open '{}': the key given opens neither its config nor an index nor a snapshot", place),
                     .path = files.location(),
                     .hint = "give the master key of this repository"};
}

base::Result<std::string> read_format(RepositoryFiles& files, const OpenedKey& opened, const SourceSecrets& secrets,
                                      std::vector<model::Finding>& findings) {
  const auto version = read_version(files, opened.key);
  if (version.ok()) {
    if (version.value() == 1 || version.value() == 2) return fmt::format("restic v{}", version.value());
    return base::Error{.code = base::ErrorCode::unsupported,
                       .what = fmt::format("cannot open '{}': it is of version {}, this program reads 1 and 2",
                                           base::printable(files.location()), version.value()),
                       .path = files.location(),
                       .hint = "a newer lastgood may read it"};
  }
  const base::Error& error = version.error();
  if (error.code == base::ErrorCode::busy_retry || error.code == base::ErrorCode::denied) return error;
  if (secrets.key_file) LG_TRY(check_key_without_config(files, opened.key, error));
  findings.push_back({.rule = "restic.config",
                      .sentence = "the config cannot be used: " + error.what,
                      .weight = model::Weight::contradicts});
  return std::string("restic");
}

}  // namespace

base::Result<std::unique_ptr<Source>> open_restic(const std::string& location, const SourceSecrets& secrets,
                                                  const OpenOptions& options) {
  LG_TRY(check_algorithms());
  LG_ASSIGN(std::unique_ptr<RepositoryFiles> files, open_files(location));
  LG_ASSIGN(OpenedKey opened, open_key(*files, secrets));
  std::vector<model::Finding> findings = std::move(opened.findings);
  LG_ASSIGN(std::string format, read_format(*files, opened, secrets, findings));
  LG_ASSIGN(Listing snapshots, files->list(StoredKind::snapshot));
  std::move(snapshots.findings.begin(), snapshots.findings.end(), std::back_inserter(findings));
  LG_ASSIGN(LoadedIndex loaded, load_index(*files, opened.key));
  std::move(loaded.findings.begin(), loaded.findings.end(), std::back_inserter(findings));
  return std::unique_ptr<Source>(std::make_unique<ResticSource>(OpenRepository{.files = std::move(files),
                                                                               .key = opened.key,
                                                                               .index = std::move(loaded.index),
                                                                               .snapshots = std::move(snapshots.files),
                                                                               .format = std::move(format),
                                                                               .findings = std::move(findings)},
                                                                options));
}

}  // namespace lastgood::sources::restic
