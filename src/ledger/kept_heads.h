// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The heads that a ledger itself records, with their signatures and time stamps, and the folder `heads/` beside it,
// where each lies as files that others can check (format.md, "Heads"). The ledger's entries are the record; but for
// time stamps, every file can be made again from them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/ledger.h"
#include "ledger/signing_key.h"
#include "ledger/timestamp.h"
#include "ledger/tree_head.h"
#include "model/finding.h"

namespace lastgood::ledger {

struct NotedKey {
  std::uint64_t entry = 0;
  std::string public_pem;
  std::string fingerprint;  // 64 hex digits
};

struct NotedHead {
  std::uint64_t entry = 0;  // that notes it
  TreeHead head;
  std::string fingerprint;  // of the key; empty: not signed
  std::string signature;    // 64 bytes; empty: not signed
};

struct NotedStamp {
  std::uint64_t entry = 0;
  std::uint64_t head_entries = 0;
  std::uint64_t number = 1;    // among the different ones over this head
  std::string time;            // by the authority
  std::string reply_sha256;    // 64 hex digits
  std::string trusted_sha256;  // of the certificates that were trusted
};

/// What the entries say. Fed by read_ledger's visitor; what is not spelled as we write it is left out.
struct NotedHeads {
  std::vector<NotedKey> keys;
  std::vector<NotedHead> heads;  // in the order they were noted
  std::vector<NotedStamp> stamps;
  void see(const Entry& entry);
  /// nullptr: none of that size.
  [[nodiscard]] const NotedHead* find_head(std::uint64_t entries) const;
  [[nodiscard]] const NotedKey* find_key(const std::string& fingerprint) const;
};

/// A ledger with its heads, read once.
struct LedgerReading {
  std::string path;
  ReadLedger read;
  NotedHeads noted;
};
[[nodiscard]] base::Result<LedgerReading> read_with_heads(const std::string& path,
                                                          std::span<const Anchor> anchors = {});

/// "CASE/heads", and the names of its files for a head of this size.
std::string heads_folder(const std::string& case_folder);
std::string head_file_name(std::uint64_t entries, std::string_view suffix);
/// A head's first stamp is kept as "head-12.tsr", its second as "head-12.2.tsr".
std::string stamp_file_name(const NotedStamp& stamp, std::string_view suffix);
std::string key_file_name(const std::string& fingerprint);

/// Records the public key, so that heads signed by it can be checked with the case alone. Again: nothing to do.
[[nodiscard]] base::Status note_key(Ledger& ledger, const std::string& case_folder, const std::string& public_pem);
/// Records the ledger as it is now and writes the head's files. `key` may be nullptr.
[[nodiscard]] base::Result<NotedHead> note_head(Ledger& ledger, const std::string& case_folder, const SigningKey* key,
                                                const os::Clock& clock);
/// The request for the head of this size; the same one when asked again.
[[nodiscard]] base::Result<std::string> request_stamp(const std::string& case_folder, const NotedHead& head);
/// Checks the reply, records it and keeps it with the certificates, beside those of other authorities over the same
/// head. Again: nothing to do. ErrorCode::not_found when it is for no head here, damaged_container with the authority's
/// own words when it is no stamp at all.
[[nodiscard]] base::Result<Timestamp> add_stamp(Ledger& ledger, const std::string& case_folder,
                                                const std::string& reply, const std::string& trusted_pem);

/// Everything about heads that does not hold: roots, digests, signatures, files, stamps; all have Weight::contradicts
/// but files that are missing and can be made again. `case_folder` empty: the ledger alone.
/// With `outside_key`, every signature must be that key's.
[[nodiscard]] std::vector<model::Finding> check_heads(const LedgerReading& reading, const std::string& case_folder,
                                                      const std::string& outside_key);

}  // namespace lastgood::ledger
