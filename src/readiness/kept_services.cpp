// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/kept_services.h"

#include <algorithm>

#include <fmt/format.h>

#include "ledger/read_ledger.h"
#include "os/append_file.h"
#include "os/atomic_file.h"
#include "os/folder.h"
#include "os/paths.h"
#include "readiness/run_words.h"
#include "recovery/output_place.h"
#include "services/check_record.h"
#include "services/leave_out.h"

namespace lastgood::readiness {

namespace {

constexpr std::size_t k_file_bytes_max = std::size_t{1} << 20U;
constexpr std::string_view k_set = "services-set";

bool is_below(std::string_view path, std::string_view folder) {
  while (folder.size() > 1 && folder.ends_with('/')) folder.remove_suffix(1);
  return !folder.empty() && folder != "/" && path.starts_with(folder) &&
         (path.size() == folder.size() || path[folder.size()] == '/');
}

base::Error refused(const std::string& path, const std::string& why) {
  return {.code = base::ErrorCode::misuse,
          .what = fmt::format("the services file '{}' lies below {}: its commands could be the attacker's",
                              base::printable(path), why),
          .path = path,
          .hint = "read it, copy it to a place of your own, and give that"};
}

/// Where something was restored to, but for whole machines.
base::Result<std::vector<std::string>> restored_folders(const std::string& case_folder) {
  std::vector<std::string> out;
  LG_ASSIGN([[maybe_unused]] const ledger::ReadLedger read,
            ledger::read_ledger(case_folder + "/ledger", {},
                                [&](const ledger::Entry& entry, std::string_view, std::uint64_t) {
                                  if (entry.kind == "restore-begun")
                                    out.push_back(ledger::text_in(entry.fields, "target"));
                                }));
  return out;
}

base::Result<std::string> last_set_digest(const std::string& case_folder) {
  std::string out;
  LG_ASSIGN([[maybe_unused]] const ledger::ReadLedger read,
            ledger::read_ledger(case_folder + "/ledger", {},
                                [&](const ledger::Entry& entry, std::string_view, std::uint64_t) {
                                  if (entry.kind == k_set) out = ledger::text_in(entry.fields, "sha256");
                                }));
  return out;
}

struct DataPath {
  std::string service;
  std::string path;
};

/// Of services that are left out, too: what lies there is no less the victim's.
std::vector<DataPath> data_paths(const services::ServicesFile& file) {
  std::vector<DataPath> out;
  for (const services::Service* service : services::with_left_out(file)) {
    for (const services::DataUnit& data : service->data) {
      out.push_back({service->id, data.path});
      if (!data.link.empty()) out.push_back({service->id, data.link});
    }
  }
  return out;
}

base::Status check_word(const std::string& word, const services::Service& service, const services::ServicesFile& file,
                        const std::vector<std::string>& source_folders) {
  const auto program = os::absolute_path(word);  // not there yet: as it is written
  const std::string path = program.ok() ? program.value() : word;
  const std::string real = os::follow_links(path);
  const auto is_in = [&](const std::string& folder) {
    return is_below(path, folder) || is_below(real, folder) || is_below(real, os::follow_links(folder));
  };
  const auto refuse = [&](const std::string& folder) {
    const std::string led = real == path ? std::string() : fmt::format(", a link to '{}'", base::printable(real));
    return base::Error{
        .code = base::ErrorCode::misuse,
        .what = fmt::format("service '{}' would run '{}'{}, which lies below '{}': a program that came back "
                            "with the data could be the attacker's",
                            service.id, base::printable(path), led, base::printable(folder)),
        .path = file.path,
        .hint = "name a program that this machine's own packages installed"};
  };
  for (const DataPath& data : data_paths(file)) {
    if (is_in(data.path)) return refuse(data.path);
  }
  for (const std::string& folder : source_folders) {
    if (is_in(folder)) return refuse(folder);
  }
  return base::Done{};
}

/// A program that was data of a victim, or lies in a backup, is never run; nor is it given to one that would run it.
base::Status check_program(const std::vector<std::string>& command, const services::Service& service,
                           const services::ServicesFile& file, const std::vector<std::string>& source_folders) {
  for (const std::string& word : find_run_paths(command)) LG_TRY(check_word(word, service, file, source_folders));
  return base::Done{};
}

}  // namespace

std::string kept_services_path(const std::string& case_folder) {
  return services::services_folder(case_folder) + "/services.toml";
}

base::Status check_programs(const services::ServicesFile& file, casefile::CaseStore& store,
                            const std::string& case_folder) {
  LG_ASSIGN(std::vector<std::string> folders, recovery::find_source_folders(store));
  LG_ASSIGN(const std::vector<std::string> restored, restored_folders(case_folder));
  folders.insert(folders.end(), restored.begin(), restored.end());
  for (const services::Service& service : file.services) {
    LG_TRY(check_program(service.start, service, file, folders));
    LG_TRY(check_program(service.stop, service, file, folders));
    for (const services::Hook& hook : service.post_restore) LG_TRY(check_program(hook.command, service, file, folders));
    if (service.healthcheck) LG_TRY(check_program(service.healthcheck->command, service, file, folders));
  }
  return base::Done{};
}

base::Status check_place(const std::string& path, const services::ServicesFile& file, casefile::CaseStore& store,
                         const std::string& case_folder) {
  LG_ASSIGN(const std::string absolute, os::absolute_path(path));
  LG_ASSIGN(const std::vector<std::string> folders, recovery::find_source_folders(store));
  for (const std::string& folder : folders) {
    if (is_below(absolute, folder)) return refused(path, fmt::format("a source, '{}'", base::printable(folder)));
  }
  LG_ASSIGN(const std::vector<std::string> restored, restored_folders(case_folder));
  for (const std::string& folder : restored) {
    if (is_below(absolute, folder))
      return refused(path, fmt::format("'{}', which was restored", base::printable(folder)));
  }
  for (const DataPath& data : data_paths(file)) {
    if (is_below(absolute, data.path))
      return refused(path, fmt::format("'{}', data of service '{}'", base::printable(data.path), data.service));
  }
  return base::Done{};
}

base::Result<services::ReadServices> set_services(const std::string& path, casefile::CaseStore& store,
                                                  ledger::Ledger& ledger, const std::string& case_folder) {
  LG_ASSIGN(const services::ServicesFile file, services::read_services(path));
  LG_TRY(check_place(path, file, store, case_folder));
  LG_TRY(check_programs(file, store, case_folder));
  LG_ASSIGN(const std::string text, os::read_own_file(path, k_file_bytes_max));
  services::ReadServices read = services::parse_services(text, path);
  services::follow_links_of_data(read.file);
  if (read.file.digest_hex != file.digest_hex)
    return base::Error{.code = base::ErrorCode::busy_retry,
                       .what = fmt::format("'{}' changed while it was read", base::printable(path)),
                       .path = path};
  LG_TRY(os::make_private_folder(services::services_folder(case_folder), os::WhenThere::accept));
  LG_ASSIGN([[maybe_unused]] const ledger::Head head,
            ledger.append(k_set, {{"path", path},
                                  {"sha256", file.digest_hex},
                                  {"services", static_cast<std::int64_t>(file.services.size())},
                                  {"left_out", static_cast<std::int64_t>(file.left_out.size())}}));
  LG_TRY(os::write_atomic_file(kept_services_path(case_folder), base::ByteView(text), os::Overwrite::yes));
  return read;
}

base::Result<services::ServicesFile> read_case_services(const std::string& given, const std::string& case_folder) {
  if (!given.empty()) return services::read_services(given);
  auto kept = services::read_services(kept_services_path(case_folder));
  if (kept.ok() || kept.error().code != base::ErrorCode::not_found) return kept;
  return base::Error{
      .code = base::ErrorCode::not_found,
      .what = "the case has no services file",
      .path = kept_services_path(case_folder),
      .hint = "'lastgood services infer PATH' proposes one, 'lastgood services set FILE' keeps it in the case"};
}

base::Result<services::ServicesFile> read_set_services(const std::string& case_folder) {
  LG_ASSIGN(services::ServicesFile file, read_case_services({}, case_folder));
  LG_ASSIGN(const std::string digest, last_set_digest(case_folder));
  if (digest == file.digest_hex) return file;
  return base::Error{
      .code = base::ErrorCode::damaged_container,
      .what = fmt::format("'{}' is not the file that was set: its digest is {}, the ledger says {}", file.path,
                          file.digest_hex.substr(0, 16), digest.empty() ? "nothing" : digest.substr(0, 16)),
      .path = file.path,
      .hint = "read it, and set it again with 'lastgood services set FILE'; nothing was started"};
}

}  // namespace lastgood::readiness
