// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exposure/count_exposure.h"

#include <algorithm>
#include <atomic>

#include <fmt/format.h>

#include "base/glob.h"
#include "casefile/person_secret.h"
#include "exposure/encrypted_paths.h"
#include "exposure/learnt_tables.h"
#include "exposure/match_access.h"
#include "exposure/read_file.h"
#include "exposure/read_unit.h"
#include "exposure/result_files.h"
#include "exposure/shared_count.h"
#include "os/folder.h"

namespace lastgood::exposure {

namespace {

// More would wait for each other: parsing is what takes the time.
constexpr unsigned k_threads = 4;
constexpr std::size_t k_lines_found_max = 20;  // a log is read up to the line for each

std::string path_of(const walk::OpenFolder& folder, const std::string& name) {
  return folder.path.ends_with('/') ? folder.path + name : folder.path + "/" + name;
}

/// The sizes of all files, so that the time left can be told, and which of them a log may name.
class Measurer final : public walk::FileVisitor {
 public:
  Measurer(AccessMatcher& access, const ExposureWatch& watch) : access_(access), watch_(watch) {}
  void visit_file(const walk::OpenFolder& folder, const std::string& name) override {
    access_.see(path_of(folder, name));
    const auto status = os::status_at(folder.directory, name, name);
    if (status.ok()) bytes_ += status.value().size_bytes;
  }
  void note_trouble(const std::string& /*path*/, const base::Error& /*error*/) override {}
  void note_skipped() override {}
  [[nodiscard]] bool failed() const override { return watch_.cancelled(); }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  AccessMatcher& access_;
  const ExposureWatch& watch_;
  std::atomic<std::uint64_t> bytes_ = 0;
};

class Visitor final : public walk::FileVisitor {
 public:
  Visitor(const ExposureRequest& request, const EncryptedPaths& encrypted, const AccessMatcher& access, FileRules rules,
          SharedCount& count)
      : request_(request), encrypted_(encrypted), access_(access), rules_(std::move(rules)), count_(count) {
    rules_.read_on = [this](std::uint64_t bytes) { bytes_ += bytes; };
  }

  /// Folders of databases whose engine was asked for all they hold.
  void set_read_units(std::vector<std::string> folders) { read_units_ = std::move(folders); }

  void visit_file(const walk::OpenFolder& folder, const std::string& name) override {
    const std::string path = path_of(folder, name);
    ++files_;
    if (is_in_read_unit(folder.path)) return see_unit_file(folder, name, path);
    if (encrypted_.is_encrypted(path))
      return count_.add_unread(path, "the case knows it as encrypted: only the encrypted form is here");
    if (name.ends_with("-wal")) see_log(folder, name, path);
    auto file = os::open_evidence_file(folder.directory, name, path);
    if (!file.ok()) return note_trouble(path, file.error());
    const bool is_copy = is_copy_of_encrypted(path);
    if (is_copy) count_.see_copy_of_encrypted();
    const FileBases bases(is_copy ? CopyOf::encrypted : CopyOf::nothing_known,
                          access_.find(path) != nullptr ? Access::shown : Access::not_shown);
    read_file(file.value(), path, bases, rules_, count_);
  }
  void note_trouble(const std::string& path, const base::Error& error) override { count_.add_unread(path, error.what); }
  void note_skipped() override {}
  [[nodiscard]] bool failed() const override { return rules_.cancelled() || count_.failed(); }

  [[nodiscard]] std::uint64_t files() const { return files_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  [[nodiscard]] bool is_copy_of_encrypted(const std::string& path) const {
    return std::any_of(request_.files.roots.begin(), request_.files.roots.end(),
                       [&](const std::string& root) { return encrypted_.is_copy_of_one(path, root); });
  }
  [[nodiscard]] bool is_in_read_unit(const std::string& folder) const {
    return std::any_of(read_units_.begin(), read_units_.end(), [&](const std::string& unit) {
      return folder == unit || (folder.starts_with(unit) && folder[unit.size()] == '/');
    });
  }
  void see_unit_file(const walk::OpenFolder& folder, const std::string& name, const std::string& path) {
    if (is_copy_of_encrypted(path)) count_.see_copy_of_encrypted();
    const auto status = os::status_at(folder.directory, name, path);
    const std::uint64_t bytes = status.ok() ? status.value().size_bytes : 0;
    bytes_ += bytes;
    count_.see_file(bytes, HasTables::yes);
  }

  /// SQLite's newest transactions lie beside its database, and are not read.
  void see_log(const walk::OpenFolder& folder, const std::string& name, const std::string& path) {
    const auto status = os::status_at(folder.directory, name, path);
    if (status.ok() && status.value().size_bytes > 0)
      count_.add_finding(path,
                         "sqlite.log: a write-ahead log was not read: rows of the newest transactions may be missing");
  }

  const ExposureRequest& request_;
  const EncryptedPaths& encrypted_;
  const AccessMatcher& access_;
  FileRules rules_;
  SharedCount& count_;
  std::vector<std::string> read_units_;
  std::atomic<std::uint64_t> files_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
};

base::Error cancelled() {
  return {.code = base::ErrorCode::cancelled,
          .what = "counting was interrupted; nothing was counted",
          .path = {},
          .offset_bytes = {},
          .system_errno = 0,
          .hint = "the same command counts from the beginning"};
}

ledger::Fields begun_fields(const ExposureRequest& request) {
  ledger::Fields fields = {{"access_shown", request.access_shown},
                           {"egress_shown", request.egress_shown},
                           {"host", request.host},
                           {"paths", request.files.roots},
                           {"same_numbers", request.same_numbers}};
  if (request.egress_bytes) fields["egress_bytes"] = static_cast<std::int64_t>(*request.egress_bytes);
  return fields;
}

ledger::Fields counted_fields(const ExposureResults& results) {
  ledger::Fields fields = {{"files", static_cast<std::int64_t>(results.files)},
                           {"result", std::string(k_results_folder) + "/" + name_of_results(results.number)},
                           {"sha256", results.sha256},
                           {"unread", static_cast<std::int64_t>(results.unread_count)}};
  for (const PersonBounds& bounds : results.bases) {
    const std::string name(name_of(bounds.basis));
    fields[name] = words_of(bounds) + " (" + std::string(name_of(bounds.standing)) + ")";
  }
  return fields;
}

FileRules rules_of(const ExposureRequest& request, const persons::PersonSecret& secret, const ExposureWatch& watch) {
  FileRules rules;
  rules.secret = secret;
  for (const std::string& name : request.same_numbers) rules.same_numbers.insert(numbering_of(name, "patients"));
  rules.cancelled = watch.cancelled;
  return rules;
}

bool is_excluded(const walk::WalkRequest& files, const std::string& path) {
  const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
  return std::any_of(files.excludes.begin(), files.excludes.end(), [&](const std::string& pattern) {
    return base::glob_matches(pattern, path) || base::glob_matches(pattern, name);
  });
}

/// What the timeline shows, with the files that were counted and the lines of the logs that say so.
void take_shown(const ShownAccess& shown, const AccessMatcher& access, ExposureResults& results) {
  results.shown = shown.statements;
  results.doubts = shown.doubts;
  results.timeline_events = shown.events;
  results.accessed_files = access.matched();
  results.access_doubtful = access.doubtful();
  std::vector<const AccessedFile*> firsts(results.shown.size());
  access.visit([&](const AccessedFile& file) {
    const AccessedFile*& first = firsts.at(file.statement);
    ++results.shown.at(file.statement).files;
    if (first == nullptr || file.offset_bytes < first->offset_bytes) first = &file;
  });
  for (std::size_t i = 0; i < firsts.size(); ++i) {
    if (firsts[i] == nullptr) continue;
    results.shown[i].log = shown.logs.at(firsts[i]->log);
    results.shown[i].offset_bytes = firsts[i]->offset_bytes;
  }
  // A log that names files of which none was counted says nothing of persons.
  std::erase_if(results.shown, [](const ShownStatement& one) { return one.reach == Reach::files && one.files == 0; });
  if (results.shown.size() > k_shown_max) {
    results.doubts.push_back(
        fmt::format("{} more accounts, addresses and flows are not listed", results.shown.size() - k_shown_max));
    results.shown.resize(k_shown_max);
  }
  for (std::size_t i = 0; i < results.shown.size() && i < k_lines_found_max; ++i)
    results.shown[i].line = find_line(results.shown[i].log.path, results.shown[i].offset_bytes);
}

}  // namespace

base::Result<ExposureResults> count_exposure(const ExposureRequest& request, const std::string& case_folder,
                                             casefile::CaseStore& store, ledger::Ledger& ledger,
                                             const ExposureWatch& watch) {
  LG_ASSIGN(const persons::PersonSecret secret, casefile::person_secret(store));
  LG_ASSIGN(const EncryptedPaths encrypted, EncryptedPaths::read(store));
  LG_ASSIGN([[maybe_unused]] const ledger::Head begun, ledger.append("exposure-begun", begun_fields(request)));
  walk::WalkRequest files = request.files;
  files.skipped_folder = case_folder;
  if (files.threads == 0) files.threads = k_threads;
  AccessMatcher access(request.shown.files);
  Measurer measurer(access, watch);
  LG_ASSIGN([[maybe_unused]] const walk::WalkEnd measured,
            walk::walk_files(files, measurer, {.show = [](const walk::WalkTally&) {}, .cancelled = watch.cancelled}));
  access.decide();
  SharedCount count(case_folder);
  Visitor visitor(request, encrypted, access, rules_of(request, secret, watch), count);
  if (!request.scratch.empty()) {
    FileRules rules = rules_of(request, secret, watch);
    rules.read_on = [](std::uint64_t) {};
    visitor.set_read_units(read_units(
        files.roots, request.scratch,
        [&](const std::string& path) { return path.starts_with(case_folder + "/") || is_excluded(files, path); },
        encrypted, access, rules, count));
    if (watch.cancelled()) return cancelled();
  }
  const auto show = [&](const walk::WalkTally& walked) {
    watch.show({.files = visitor.files(),
                .bytes = visitor.bytes(),
                .bytes_expected = measurer.bytes(),
                .seconds = walked.seconds});
  };
  LG_ASSIGN(const walk::WalkEnd end, walk::walk_files(files, visitor, {.show = show, .cancelled = watch.cancelled}));
  if (end == walk::WalkEnd::cancelled || watch.cancelled()) return cancelled();
  ExposureResults results;
  LG_TRY(count.finish(results));
  results.host = request.host;
  results.paths = request.files.roots;
  results.encrypted_files = encrypted.count();
  take_shown(request.shown, access, results);
  decide_bounds(request, results);
  LG_TRY(write_results(case_folder, results));
  LG_ASSIGN([[maybe_unused]] const ledger::Head counted, ledger.append("exposure-counted", counted_fields(results)));
  return results;
}

}  // namespace lastgood::exposure
