// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/choose_pack.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "os/side_by_side.h"
#include "services/leave_out.h"
#include "sheets/open_candidates.h"

namespace lastgood::sheets {

namespace {

constexpr std::size_t k_folders_max = 50;
constexpr std::size_t k_copies_tried = 3;
constexpr std::size_t k_folders_at_once = 4;

std::optional<services::DataKind> kind_of(const std::string& name) {
  for (const auto kind : {services::DataKind::postgresql, services::DataKind::mariadb, services::DataKind::sqlite}) {
    if (services::name_of(kind) == name) return kind;
  }
  return std::nullopt;
}

/// Database folders of the victim that usable copies exist of.
base::Result<std::map<std::string, services::DataKind>> folders_in(casefile::CaseStore& store) {
  std::map<std::string, services::DataKind> out;
  LG_ASSIGN(const std::vector<model::BackupSource> sources, store.backups().sources());
  for (const model::BackupSource& source : sources) {
    LG_ASSIGN(const std::vector<model::JudgedUnit> units, store.backups().units(source.name));
    for (const model::JudgedUnit& unit : units) {
      const auto kind = kind_of(unit.kind);
      const auto path = recovery::live_path_of(source, unit.path);
      if (kind && path && out.size() < k_folders_max) out.emplace(*path, *kind);
    }
  }
  return out;
}

/// What was seen of one database folder.
struct FolderLook {
  std::vector<FoundData> found;
  std::vector<std::string> sentences;
  std::size_t not_looked_at = 0;
};

/// Of one folder's engine.
class Waiting final : public engines::StartWatcher {
 public:
  Waiting(MakeWatcher* watcher, std::mutex& telling, const std::string& path)
      : watcher_(watcher), telling_(telling), path_(path) {}
  void on_wait(const engines::StartWait& wait) override {
    if (watcher_ == nullptr) return;
    const std::unique_lock turn(telling_);
    watcher_->on_wait(path_, wait);
  }
  [[nodiscard]] bool cancelled() const override { return watcher_ != nullptr && watcher_->cancelled(); }

 private:
  MakeWatcher* watcher_;
  std::mutex& telling_;
  const std::string& path_;
};

/// Looks at folders, several at a time.
class Chooser {
 public:
  Chooser(CaseOfSheets& of, const std::vector<Pack>& packs, const std::string& wanted, const MakeOptions& options,
          MakeWatcher* watcher)
      : of_(of), packs_(packs), wanted_(wanted), options_(options), watcher_(watcher) {}

  base::Status look_at_all(const std::map<std::string, services::DataKind>& folders) {
    const std::vector<std::pair<std::string, services::DataKind>> list(folders.begin(), folders.end());
    std::vector<base::Result<FolderLook>> looks(list.size(), base::Result<FolderLook>(FolderLook{}));
    side_by_side_.work(list.size(), [&](std::size_t i) { looks[i] = look_at(list[i].first, list[i].second); });
    for (base::Result<FolderLook>& look : looks) {
      if (!look.ok()) return std::move(look).error();
      FolderLook& seen = look.value();
      found_.insert(found_.end(), seen.found.begin(), seen.found.end());
      sentences_.insert(sentences_.end(), seen.sentences.begin(), seen.sentences.end());
      not_looked_at_ += seen.not_looked_at;
    }
    return base::Done{};
  }

  /// The packs' services, with what was found put in.
  PackChoice take() {
    PackChoice out;
    std::stable_sort(found_.begin(), found_.end(),
                     [](const FoundData& a, const FoundData& b) { return a.data_as_of_ns > b.data_as_of_ns; });
    out.file.path = "packs";
    for (const Pack& pack : packs_) {
      for (services::Service service : pack.file.services) {
        if (!put_in(pack, service)) continue;
        service.depends_on.clear();
        out.file.services.push_back(std::move(service));
      }
      if (!out.file.services.empty() && out.file.digest_hex.empty()) out.file.digest_hex = pack.file.digest_hex;
    }
    out.found = std::move(found_);
    out.sentences = std::move(sentences_);
    out.not_looked_at = not_looked_at_;
    return out;
  }

 private:
  static void say(FolderLook& look, const std::string& path, const std::string& what) {
    look.sentences.push_back(fmt::format("{}: {}", path, what));
  }

  base::Result<OpenedCandidate> open(const services::DataUnit& unit, const Candidate& candidate, Waiting& waiting) {
    auto opened = open_candidate(of_, unit, candidate, options_, &waiting);
    if (opened.ok() || opened.error().code != base::ErrorCode::no_space) return opened;
    side_by_side_.wait_until_alone();
    return open_candidate(of_, unit, candidate, options_, &waiting);
  }

  base::Result<FolderLook> look_at(const std::string& path, services::DataKind kind) {
    FolderLook look;
    services::DataUnit unit;
    unit.name = "found";
    unit.path = path;
    unit.kind = kind;
    LG_ASSIGN(const Candidates candidates, find_candidates(of_, unit, options_));
    if (candidates.list.empty()) {
      say(look, path, "no usable copy");
      return look;
    }
    Waiting waiting(watcher_, telling_, unit.path);
    base::Result<OpenedCandidate> opened = open(unit, candidates.list.front(), waiting);
    std::size_t used = 0;
    while (!opened.ok()) {
      if (opened.error().code == base::ErrorCode::cancelled) return opened.error();
      const std::string& hint = opened.error().hint;
      say(look, path,
          fmt::format("{}: {}{}", candidates.list[used].source, opened.error().what,
                      hint.empty() || hint.find('\n') != std::string::npos ? "" : " (" + hint + ")"));
      // An older copy has the same tables; of a version that is not installed there is no better one.
      const bool is_ours = opened.error().code == base::ErrorCode::unsupported;
      if (is_ours || ++used == std::min(k_copies_tried, candidates.list.size())) {
        ++look.not_looked_at;
        return look;
      }
      opened = open(unit, candidates.list[used], waiting);
    }
    engines::ScratchServer& server = *opened.value().server;
    const std::int64_t as_of_ns = data_time_of(candidates.list[used], opened.value(), kind).as_of_ns;
    const auto databases = server.databases();
    if (!databases.ok()) {
      say(look, path, databases.error().what);
      return look;
    }
    for (const std::string& database : databases.value()) {
      const auto tables = server.tables(database);
      if (tables.ok())
        compare_with_packs(look, {{}, {}, path, database, as_of_ns}, kind, tables.value());
      else
        say(look, path, tables.error().what);
    }
    return look;
  }

  /// `at`: the database, without pack and data.
  void compare_with_packs(FolderLook& look, const FoundData& at, services::DataKind kind,
                          const std::vector<engines::TableName>& tables) const {
    for (const Pack& pack : packs_) {
      if (!wanted_.empty() && pack.id != wanted_) continue;
      for (const Fingerprint& fingerprint : pack.fingerprints) {
        if (fingerprint.kind != kind) continue;
        const Likeness likeness = compare(fingerprint, tables);
        if (!likeness.fits() && !likeness.is_near()) continue;
        std::string sentence =
            fmt::format("{}: database '{}' is {} of pack {}", at.path, at.database, fingerprint.data, pack.id);
        if (likeness.is_near()) {
          // The sheets that do not need what is missing work; the others say what is missing.
          sentence += fmt::format(", nearly: {} of {} columns; missing:", likeness.found, likeness.needed);
          for (const std::string& missing : likeness.missing) sentence += " " + missing;
        }
        look.sentences.push_back(sentence);
        FoundData found = at;
        found.pack = pack.id;
        found.data = fingerprint.data;
        look.found.push_back(std::move(found));
      }
    }
  }

  bool put_in(const Pack& pack, services::Service& service) {
    bool any = false;
    for (services::DataUnit& unit : service.data) {
      const auto found = std::find_if(found_.begin(), found_.end(), [&](const FoundData& one) {
        return one.pack == pack.id && one.data == unit.name;
      });
      if (found == found_.end()) continue;
      unit.path = found->path;
      unit.database = found->database;
      any = true;
    }
    return any;
  }

  CaseOfSheets& of_;
  const std::vector<Pack>& packs_;
  const std::string& wanted_;
  const MakeOptions& options_;
  MakeWatcher* watcher_;
  std::mutex telling_;
  os::SideBySide side_by_side_{k_folders_at_once};
  std::vector<FoundData> found_;
  std::vector<std::string> sentences_;
  std::size_t not_looked_at_ = 0;
};

}  // namespace

void take_logs(services::ServicesFile& of_pack, const services::ServicesFile& own) {
  for (const services::Service* service : services::with_left_out(own)) {
    for (const services::DataUnit& data : service->data) {
      for (services::Service& asked : of_pack.services) {
        for (services::DataUnit& unit : asked.data) {
          if (unit.kind == data.kind && unit.path == data.path && unit.logs.empty()) unit.logs = data.logs;
        }
      }
    }
  }
}

std::string describe_without_logs(const services::ServicesFile& of_pack) {
  std::set<std::string> paths;
  for (const services::Service& service : of_pack.services) {
    for (const services::DataUnit& data : service.data) {
      const bool has_server = data.kind == services::DataKind::postgresql || data.kind == services::DataKind::mariadb;
      if (has_server && data.logs.empty()) paths.insert("'" + data.path + "'");
    }
  }
  if (paths.empty()) return {};
  return fmt::format(
      "no services file says where the logs of {} are saved: what was committed after a backup was made is not in its "
      "sheets ('logs' of its data in a services file names their folder)",
      fmt::join(paths, ", "));
}

base::Result<PackChoice> choose_pack(CaseOfSheets& of, const std::vector<Pack>& packs, const std::string& wanted,
                                     const MakeOptions& options, MakeWatcher* watcher) {
  const auto is_wanted = [&](const Pack& pack) { return pack.id == wanted; };
  if (!wanted.empty() && std::none_of(packs.begin(), packs.end(), is_wanted)) {
    std::string known;
    for (const Pack& pack : packs) known += (known.empty() ? "" : ", ") + pack.id;
    return base::Error{.code = base::ErrorCode::misuse,
                       .what = fmt::format("there is no pack '{}'", base::printable(wanted)),
                       .path = {},
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = "there are: " + known};
  }
  LG_ASSIGN(const auto folders, folders_in(of.store));
  Chooser chooser(of, packs, wanted, options, watcher);
  LG_TRY(chooser.look_at_all(folders));
  PackChoice choice = chooser.take();
  if (!choice.file.services.empty()) return choice;
  std::string seen;
  for (const std::string& sentence : choice.sentences) seen += (seen.empty() ? "" : "; ") + base::printable(sentence);
  return base::Error{
      .code = base::ErrorCode::not_found,
      .what = fmt::format("no pack fits what the case has copies of ({} database folders)", folders.size()),
      .path = {},
      .offset_bytes = {},
      .system_errno = 0,
      .hint = folders.empty() ? "judge a backup first: lastgood backups judge"
              : seen.empty()  ? "their tables are of no pack: say yourself what is asked of them"
                              : "seen: " + seen};
}

}  // namespace lastgood::sheets
