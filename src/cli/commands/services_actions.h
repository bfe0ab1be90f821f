// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the `services` command does, one function an action.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "services/services_file.h"

namespace lastgood::cli {

struct ServicesOptions {
  std::string file;                // empty: the case's own
  std::string service;             // and what it waits for
  std::vector<std::string> paths;  // infer
  std::string scratch = "/var/tmp";
  std::string out;
  unsigned time_limit_s = 1800;
  bool only_file = false;
  bool no_health = false;
  bool no_hooks = false;
  bool mounted = false;
  Outcome (*action)(const ServicesOptions&, Context&) = nullptr;
};

Outcome set_services_file(const ServicesOptions& options, Context& context);
Outcome check_services_file(const ServicesOptions& options, Context& context);
Outcome show_services(const ServicesOptions& options, Context& context);
Outcome infer_services_file(const ServicesOptions& options, Context& context);
Outcome start_services(const ServicesOptions& options, Context& context);
Outcome stop_services(const ServicesOptions& options, Context& context);

/// Where `file` is no path with '/' or ".toml" and no file that is there, it is the name of a service.
/// ErrorCode::misuse: another one is named by --service.
[[nodiscard]] base::Result<ServicesOptions> take_name(ServicesOptions options);

/// A service that the file does not have, with the one that was meant, or that is left out, with its mistake; empty: it
/// is there, or none was named.
[[nodiscard]] std::optional<Failure> find_unknown_service(const services::ServicesFile& file, const std::string& name);

/// Says what the file's mistakes leave out, if all services are wanted; how many sentences that were.
std::size_t print_left_out(const services::ServicesFile& file, const std::string& wanted, Context& context);

/// "2 days ago", "3 h ago"
[[nodiscard]] std::string age_of(std::int64_t then_ns, std::int64_t now_ns);

}  // namespace lastgood::cli
