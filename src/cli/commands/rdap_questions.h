// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// `dossier --rdap`: asks registries because a person said so, and takes each answer as evidence.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/open_session.h"
#include "dossier/dossier.h"
#include "evidence/custody.h"

namespace lastgood::cli {

struct RdapOptions {
  bool ask = false;
  std::string server;
  std::vector<std::string> bootstraps;
  evidence::CustodyStatement statement;
};

void add_rdap_options(CLI::App& app, RdapOptions& options);

/// Asks about each address that is outside, at most k_rdap_questions_max; what failed is said on stderr, and makes the
/// answer ExitCode::in_part.
[[nodiscard]] Outcome ask_registries(const RdapOptions& options, const std::vector<model::IpAddress>& addresses,
                                     Session& session, Context& context);
inline constexpr std::size_t k_rdap_questions_max = 50;

/// What registries answered in this case, by address.
using RegistryAnswers = std::map<std::string, std::vector<dossier::RegistryAnswer>>;
[[nodiscard]] base::Result<RegistryAnswers> read_registry_answers(const std::string& case_folder);

}  // namespace lastgood::cli
