// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The chain of custody, as the ledger's entries tell it: which evidence there is, who took it, when, where, why and on
// whose authority (the minimum that ISO/IEC 27037 asks for), who had it since, and what was found when it was read
// again. Nothing of it is stored anywhere else. Pure but for read_custody.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ledger/entry.h"
#include "ledger/ledger.h"

namespace lastgood::evidence {

enum class SourceKind : std::uint8_t { file, folder, device };
std::string_view name_of(SourceKind kind);

/// What a person says when evidence is taken. All but the last two must be said.
struct CustodyStatement {
  std::string by;         // who takes it
  std::string place;      // where
  std::string reason;     // why
  std::string authority;  // on whose authority
  std::string changes;    // changes that could not be avoided, who answers for them, why
  std::string witness;    // who was present
};

/// What the data sheet of a device asks for; empty: left blank for a person.
struct DeviceDescription {
  std::string kind;  // "Server", "Flash Drive", ...
  std::string make_model;
  std::string colour;
  std::string serial;
  std::string identifiers;  // IMEI, UIN, UID, MAC, Cloud ID
  std::string other;
};

/// Who held it, or what somebody said of it, later.
struct CustodyEvent {
  std::uint64_t entry = 0;
  std::string time;
  std::string kind;  // "noted", "handed-over", "verified"
  std::string by;
  std::string other_person;  // who was the second, or who took it over
  std::string place;
  std::string text;
  std::string account;  // account@host of the entry
};
/// "handed over by R. Nair to FSL at Delhi: analysis; on the authority of letter 9"
[[nodiscard]] std::string sentence_of(const CustodyEvent& event);

struct EvidenceItem {
  std::string id;  // "E-0001"
  SourceKind kind = SourceKind::file;
  std::string path;
  CustodyStatement statement;
  DeviceDescription device;
  std::string recorded_by;  // account@host of the entry
  std::uint64_t begun_entry = 0;
  std::string begun;              // RFC 3339
  std::uint64_t added_entry = 0;  // 0: taking it was interrupted
  std::string added;
  bool kept = false;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t unreadable = 0;
  std::uint64_t not_files = 0;  // links, device nodes, sockets: named in the manifest, not read
  std::string sha256;           // of a single file or device; empty for folders
  std::string sha1;
  std::string md5;
  std::string manifest_sha256;
  std::string states_sha256;
  std::vector<CustodyEvent> events;
};

class CustodyRecords {
 public:
  void see(const ledger::Entry& entry);
  [[nodiscard]] const std::vector<EvidenceItem>& items() const { return items_; }
  /// nullptr: there is none. Ids are compared without regard to case.
  [[nodiscard]] const EvidenceItem* find(std::string_view id) const;
  [[nodiscard]] std::string next_id() const;

 private:
  EvidenceItem* item_of(const ledger::Entry& entry);
  std::vector<EvidenceItem> items_;
};

/// ErrorCode::damaged_container when the ledger is broken: a chain of custody cannot stand on it.
[[nodiscard]] base::Result<CustodyRecords> read_custody(const std::string& case_folder);

/// The entry that comes before anything is read. ErrorCode::misuse with what is missing.
[[nodiscard]] base::Status check_statement(const CustodyStatement& statement);

inline constexpr std::string_view k_kind_begun = "evidence-begun";
inline constexpr std::string_view k_kind_added = "evidence-added";
inline constexpr std::string_view k_kind_noted = "evidence-noted";
inline constexpr std::string_view k_kind_handed_over = "evidence-handed-over";
inline constexpr std::string_view k_kind_verified = "evidence-verified";

}  // namespace lastgood::evidence
