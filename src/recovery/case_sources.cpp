// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/case_sources.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/misuse.h"
#include "casefile/case_about.h"
#include "os/append_file.h"
#include "os/clock.h"
#include "os/run_program.h"
#include "recovery/names_zone.h"

namespace lastgood::recovery {

namespace {

constexpr std::string_view k_file = "file:";
constexpr std::string_view k_command = "command:";
constexpr std::uint64_t k_secret_bytes_max = 1 << 20;

base::Result<std::string> read_small_file(const std::string& path) {
  LG_ASSIGN(const std::unique_ptr<base::ByteSource> file, os::open_own_file(path));
  if (file->size_bytes() > k_secret_bytes_max)
    return base::misuse(fmt::format("'{}' is too large for a password or key", base::printable(path)), {});
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(file->size_bytes()));
  LG_ASSIGN(const std::size_t count, file->read(0, bytes));
  return std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
}

std::string first_line(std::string text) {
  const std::size_t end = text.find('\n');
  if (end != std::string::npos) text.resize(end);
  if (!text.empty() && text.back() == '\r') text.pop_back();
  return text;
}

/// The person's own command, through their shell, as other backup tools do it.
base::Result<std::string> password_of_command(const std::string& command) {
  LG_ASSIGN(const os::ProgramEnd end, os::run_program(std::vector<std::string>{"/bin/sh", "-c", command}, "/root"));
  if (end.exit_code != 0)
    return base::misuse(fmt::format("the password command ended with exit code {}", end.exit_code),
                        "run it by hand to see why");
  return first_line(end.printed);
}

std::string printable_label(std::string_view id) {
  std::string label;
  for (const char c : id) label += c == '/' || c == '\0' ? '_' : c;
  return label.empty() || label == "." || label == ".." ? "snapshot" : label;
}

bool is_digest(std::string_view id) {
  return id.size() == 64 &&
         std::all_of(id.begin(), id.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// `path` with the prefix `from` (whole parts) replaced by `to`. "/" is the folder that prefixes begin at: a source
/// that holds a single folder's files has them in it.
std::optional<std::string> with_prefix(std::string_view path, std::string_view from, std::string_view to) {
  if (path == "/") path = {};
  if (!path.starts_with(from)) return std::nullopt;
  const std::string_view rest = path.substr(from.size());
  if (!rest.empty() && rest[0] != '/') return std::nullopt;
  std::string out = std::string(to) + std::string(rest);
  return out.empty() ? "/" : out;
}

/// The password and key that `source` names: a file, a command's first line of output, or what a person types.
base::Result<sources::SourceSecrets> read_secrets(const model::BackupSource& source, PasswordPrompt& prompt) {
  sources::SourceSecrets secrets;
  if (!source.key_file.empty()) {
    LG_ASSIGN(secrets.key_file, read_small_file(source.key_file));
  }
  if (source.password_from.starts_with(k_file)) {
    LG_ASSIGN(std::string text, read_small_file(source.password_from.substr(k_file.size())));
    secrets.password = first_line(std::move(text));
  } else if (source.password_from.starts_with(k_command)) {
    LG_ASSIGN(secrets.password, password_of_command(source.password_from.substr(k_command.size())));
  } else if (source.password_from == "prompt") {
    secrets.password = prompt.ask(fmt::format("password of source '{}'", base::printable(source.name)));
    if (!secrets.password) {
      return base::misuse(
          fmt::format("source '{}' needs a password and nobody can be asked", base::printable(source.name)),
          "add it again with --password-file FILE or --password-command COMMAND");
    }
  }
  return secrets;
}

base::Result<std::unique_ptr<sources::Source>> open_with(const model::BackupSource& source,
                                                         const sources::OpenOptions& options, PasswordPrompt& prompt) {
  LG_ASSIGN(const sources::SourceAddress address, sources::parse_source_address(source.address));
  LG_ASSIGN(sources::SourceSecrets secrets, read_secrets(source, prompt));
  auto opened = sources::open_source(address, secrets, options);
  const bool is_asked_for = !opened.ok() && opened.error().code == base::ErrorCode::misuse && !secrets.password;
  if (!is_asked_for) return opened;
  secrets.password = prompt.ask(fmt::format("password of source '{}'", base::printable(source.name)));
  if (!secrets.password) return opened;
  return sources::open_source(address, secrets, options);
}

}  // namespace

base::Result<std::unique_ptr<sources::Source>> open_case_source(casefile::CaseStore& store,
                                                                const model::BackupSource& source,
                                                                const sources::OpenOptions& options,
                                                                PasswordPrompt& prompt) {
  sources::OpenOptions in_zone = options;
  LG_ASSIGN(in_zone.names_in, read_names_zone(store, source.name));
  return open_with(source, in_zone, prompt);
}

base::Result<AddedSource> add_source(model::BackupSource source, const std::string& names_in,
                                     casefile::CaseStore& store, ledger::Ledger& ledger, PasswordPrompt& prompt) {
  if (source.name.empty() || source.name.find('/') != std::string::npos)
    return base::misuse(fmt::format("'{}' is no name for a source", base::printable(source.name)),
                        "choose a short name without '/', such as 'nas' or 'b2'");
  AddedSource added;
  sources::OpenOptions options;
  options.names_in = names_in;
  if (names_in.empty()) {
    LG_ASSIGN(const casefile::CaseAbout about, casefile::read_about(store));
    options.names_in = about.zone;
  }
  LG_ASSIGN(const std::unique_ptr<sources::Source> opened, open_with(source, options, prompt));
  LG_ASSIGN(added.snapshots, opened->snapshots());
  added.findings = opened->findings();
  source.format = opened->traits().format;
  source.added_ns = os::SystemClock().now_ns();
  ledger::Fields fields = {{"address", source.address},
                           {"format", source.format},
                           {"independence", std::string(model::name_of(source.independence))},
                           {"name", source.name},
                           {"snapshots", static_cast<std::int64_t>(added.snapshots.size())}};
  if (!names_in.empty()) fields["names_in"] = names_in;
  LG_TRY(ledger.append("source-added", fields));
  LG_TRY(store.backups().put_source(source));
  LG_TRY(keep_names_zone(store, source.name, names_in));
  LG_ASSIGN(added.with_another_time, read_names_anew(store, source.name));
  added.source = std::move(source);
  return added;
}

base::Result<model::BackupSource> find_source(casefile::CaseStore& store, std::string_view name) {
  LG_ASSIGN(const std::vector<model::BackupSource> all, store.backups().sources());
  std::string names;
  for (const model::BackupSource& source : all) {
    if (source.name == name) return source;
    names += (names.empty() ? "" : ", ") + base::printable(source.name);
  }
  return base::Error{.code = base::ErrorCode::not_found,
                     .what = fmt::format("the case has no source '{}'", base::printable(name)),
                     .path = {},
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = names.empty() ? "add one with 'lastgood backups add NAME URL'" : "it has " + names};
}

std::vector<std::string> label_snapshots(std::span<const model::Snapshot> snapshots) {
  constexpr std::size_t k_short = 8;
  std::set<std::string> taken;
  std::vector<std::string> labels;
  for (const model::Snapshot& snapshot : snapshots) {
    std::string label = printable_label(snapshot.id);
    if (is_digest(label)) {
      std::size_t length = k_short;
      while (length < label.size() && taken.contains(label.substr(0, length))) length += 4;
      label.resize(std::min(length, label.size()));
    }
    for (int again = 2; taken.contains(label); ++again)
      label = fmt::format("{}~{}", printable_label(snapshot.id), again);
    taken.insert(label);
    labels.push_back(std::move(label));
  }
  return labels;
}

std::optional<std::string> live_path_of(const model::BackupSource& source, std::string_view stored_path) {
  return with_prefix(stored_path, source.stored_prefix, source.live_prefix);
}

std::optional<std::string> stored_path_of(const model::BackupSource& source, std::string_view live_path) {
  return with_prefix(live_path, source.live_prefix, source.stored_prefix);
}

}  // namespace lastgood::recovery
