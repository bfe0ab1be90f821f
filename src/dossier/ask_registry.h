// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Asks a registry's RDAP about an address, because a person said so: asking tells the registry who asks, from where,
// and about which address. One of the two places where the program uses a network. The `curl` program asks, over HTTPS,
// with limits on size and time; it follows nothing by itself: each redirect is looked at here, and one to another
// scheme or to an address that is not global is refused. What comes back is kept below the case as it came, with its
// digest in the ledger; parsing it is network/rdap.h's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "dossier/dossier.h"
#include "ledger/ledger.h"
#include "model/ip_address.h"

namespace lastgood::dossier {

/// Who chose the server. One that a person named may be in the house, and may speak plain HTTP on the loopback.
enum class ServerChoice : std::uint8_t { bootstrap, person };

struct RegistryQuestion {
  model::IpAddress address;
  std::string server;  // "https://rdap.example/", the address is asked for below it
  ServerChoice choice = ServerChoice::bootstrap;
};

struct RegistryReply {
  std::string url;  // that answered, behind all redirects
  std::int64_t asked_ns = 0;
  int status = 0;  // of HTTP
  std::string text;
};

inline constexpr unsigned k_redirects_max = 3;
inline constexpr int k_ask_seconds_max = 30;

/// `scratch_folder` is where the program's answer is put meanwhile. Errors: ErrorCode::misuse, a server or redirect
/// that is not asked; `unsupported`, curl or prlimit is missing; `limit_reached`, too much or too long; `io`, no
/// answer.
[[nodiscard]] base::Result<RegistryReply> ask_registry(const RegistryQuestion& question,
                                                       const std::string& scratch_folder);

/// An answer as the case keeps it.
struct KeptReply {
  std::string address;
  std::string url;
  std::string asked;  // RFC 3339
  int status = 0;
  std::string path;  // "CASE/registry/0001.json"
  std::string sha256;
};

/// Ledger entry -> question -> CASE/registry/NNNN.json -> ledger entry. An answer of any status is kept.
[[nodiscard]] base::Result<KeptReply> ask_and_keep(const RegistryQuestion& question, const std::string& case_folder,
                                                   ledger::Ledger& ledger);

/// All that the case keeps, as its ledger tells, oldest first.
[[nodiscard]] base::Result<std::vector<KeptReply>> read_kept_replies(const std::string& case_folder);

/// What a kept answer says, or why it says nothing: its file is gone or changed, or is no answer. `evidence`: its id,
/// for the source; may be empty.
[[nodiscard]] RegistryAnswer read_registry_answer(const KeptReply& kept, const model::IpAddress& address,
                                                  const std::string& evidence);

}  // namespace lastgood::dossier
