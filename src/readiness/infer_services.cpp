// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/infer_services.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "engines/evidence_view.h"
#include "engines/unit.h"
#include "readiness/read_settings.h"

namespace lastgood::readiness {

namespace {

using engines::FoundUnit;
using engines::UnitKind;

constexpr std::size_t k_folders_max = 1'000'000;
constexpr std::size_t k_depth_max = 24;
constexpr std::size_t k_small_databases_max = 20;
constexpr std::size_t k_mail_stores_max = 3;

std::string last_part(const std::string& path) { return path.substr(path.rfind('/') + 1); }
std::string parent_of(const std::string& path) { return path.substr(0, std::max<std::size_t>(1, path.rfind('/'))); }

bool is_kernels(std::string_view folder) {
  return folder == "proc" || folder == "sys" || folder == "dev" || folder == "run";
}

/// A TOML text with quotes.
std::string toml_text(const std::string& text) {
  std::string out = "\"";
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') out += '\\';
    if (byte < 0x20 || byte == 0x7F)
      out += fmt::format("\\u{:04X}", byte);
    else
      out += letter;
  }
  return out + "\"";
}

struct KindGuess {
  std::string_view kind;
  std::string_view title;
  unsigned tier = 4;
  bool is_regenerable = false;
};

KindGuess guess_of(UnitKind kind) {
  switch (kind) {
    case UnitKind::postgresql: return {"postgresql", "PostgreSQL", 1};
    case UnitKind::mariadb: return {"mariadb", "MariaDB", 1};
    case UnitKind::sqlite: return {"sqlite", "SQLite", 4};
    case UnitKind::orthanc: return {"orthanc", "Images (Orthanc)", 3};
    case UnitKind::maildir: return {"maildir", "Mail", 6};
    case UnitKind::lmdb: return {"files", "Directory (OpenLDAP)", 0};
    case UnitKind::git: return {"files", "Git repository", 6};
    case UnitKind::vm_disk: return {"files", "Virtual machine", 4};
    case UnitKind::elasticsearch: return {"files", "Search index", 7, true};
  }
  return {"files", "Files", 4};
}

class Writer {
 public:
  Writer(const engines::UnitView& view, std::string prefix) : view_(view), prefix_(std::move(prefix)) {}

  void unit(const FoundUnit& found) { unit(found, "the tier is guessed from the kind"); }
  void unit(const FoundUnit& found, const std::string& why) {
    const KindGuess guess = guess_of(found.kind);
    const std::string path = prefix_ + found.path;
    begin(std::string(engines::name_of(found.kind)) + "-" + last_part(path),
          fmt::format("{} {}", guess.title, last_part(path)), guess.tier, why);
    if (found.kind == UnitKind::postgresql) postgresql(found, path);
    if (found.kind == UnitKind::mariadb) mariadb(path);
    if (found.kind == UnitKind::orthanc) orthanc(path);
    data(guess.kind, path,
         found.kind == UnitKind::lmdb || found.kind == UnitKind::git || found.kind == UnitKind::vm_disk);
    if (found.kind == UnitKind::postgresql || found.kind == UnitKind::mariadb) logs(found);
    if (guess.is_regenerable) text_ += "regenerable = true  # guessed: an index that is made again from other data\n";
  }

  /// Read before units are written.
  void learn(const OrthancSettings& settings, const std::string& from) { orthanc_.emplace_back(settings, from); }

  /// What dovecot.conf says, where no mail store was found there.
  void mail_folder(const std::string& path, const std::string& from) {
    const bool is_written = std::any_of(paths_.begin(), paths_.end(), [&](const std::string& one) {
      return one == path || one.starts_with(path + "/") || path.starts_with(one + "/");
    });
    if (is_written) return;
    begin("mail-" + last_part(path), "Mail", 6, fmt::format("mail_location in {}", from));
    text_ += "healthcheck = { tcp = \"127.0.0.1:143\" }  # guessed: IMAP's usual port\n";
    data("maildir", path, false);
  }

  void mail_stores(const std::string& folder, std::size_t count) {
    begin("mail-" + last_part(prefix_ + folder), "Mail", 6, fmt::format("{} mail folders lie below it", count));
    data("maildir", prefix_ + folder, false);
  }

  void share(const Share& share, const std::string& from) {
    begin("share-" + share.name, "Share " + share.name, 6, fmt::format("a share of {}", from));
    text_ += "healthcheck = { tcp = \"127.0.0.1:445\" }  # guessed: SMB's usual port\n";
    data("files", share.path, false);
  }

  [[nodiscard]] std::string text() && { return std::move(text_); }
  [[nodiscard]] std::size_t count() const { return names_.size(); }

 private:
  void begin(const std::string& wanted, const std::string& title, unsigned tier, const std::string& why) {
    std::string id;
    for (const char letter : wanted.substr(0, 48)) {
      const bool is_fine = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                           (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
      id += is_fine ? letter : '-';
    }
    std::string unique = id;
    for (unsigned more = 2; !names_.insert(unique).second; ++more) unique = fmt::format("{}-{}", id, more);
    id_ = unique;
    text_ +=
        fmt::format("\n[service.{}]\ntitle = {}\ntier = {}  # {}\n# depends_on = []\n# rto = \"4h\"\n# rpo = \"15m\"\n",
                    id_, toml_text(title), tier, one_line(why));
  }

  static std::string one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char letter) { return static_cast<unsigned char>(letter) < 0x20; }, ' ');
    return base::printable(text);
  }

  /// `port` and `from` empty: nobody says. Of two that have only the usual one, one at most is asked there.
  void tcp_check(std::string port, const std::string& from, const char* usual, const char* engine) {
    const bool is_guessed = port.empty();
    if (is_guessed) port = usual;
    const bool is_taken = !ports_.insert(port).second && is_guessed;
    text_ += is_guessed ? fmt::format("# guessed: {}'s usual port{}\n", engine,
                                      is_taken ? ", which a service above has: which is this one's?" : "")
                        : fmt::format("# port from {}\n", one_line(from));
    text_ += fmt::format("{}healthcheck = {{ tcp = {} }}\n", is_taken ? "# " : "", toml_text("127.0.0.1:" + port));
  }

  /// A PostgreSQL that listens on no network is asked at its socket.
  void socket_check(const std::string& folder, const std::string& port, const std::string& from) {
    text_ += fmt::format("# listen_addresses is empty in {}: nothing answers on TCP\n", one_line(from));
    text_ +=
        is_plain_path(folder)
            ? fmt::format("healthcheck = {{ test = [\"CMD\", \"/usr/bin/pg_isready\", \"-h\", {}, \"-p\", {}] }}\n",
                          toml_text(folder), toml_text(port))
            : "# healthcheck = { test = [\"CMD\", \"/usr/bin/pg_isready\", \"-h\", \"FOLDER-OF-ITS-SOCKET\"] }\n";
  }

  void postgresql(const FoundUnit& found, const std::string& path) {
    // The last that says so counts; Debian keeps a cluster's settings in /etc.
    std::vector<std::string> files = debian_settings(path);
    files.insert(files.begin(), found.path + "/postgresql.conf");
    files.push_back(found.path + "/postgresql.auto.conf");
    std::string port;
    std::string from;
    std::optional<std::string> addresses;
    std::string addresses_from;
    std::string sockets = "/var/run/postgresql";
    archive_folder_.clear();
    for (const std::string& file : files) {
      const std::string one = find_setting(view_, file, "port");
      if (!one.empty()) {
        port = one;
        from = prefix_ + file;
      }
      if (auto given = find_given_setting(view_, file, "listen_addresses")) {
        addresses = std::move(given);
        addresses_from = prefix_ + file;
      }
      if (auto given = find_given_setting(view_, file, "unix_socket_directories")) sockets = std::move(*given);
      const std::string command = find_text_setting(view_, file, "archive_command");
      if (!command.empty()) archive_folder_ = parse_archive_folder(command);
    }
    if (addresses && addresses->empty())
      socket_check(sockets.substr(0, sockets.find(',')), port.empty() ? "5432" : port, addresses_from);
    else
      tcp_check(port, from, "5432", "PostgreSQL");
    const std::string version = last_part(parent_of(path));
    if (path.starts_with("/var/lib/postgresql/"))
      text_ += fmt::format(
          "# guessed from Debian's folders; remove the '#' after looking:\n"
          "# start = [\"/usr/bin/pg_ctlcluster\", {0}, {1}, \"start\"]\n"
          "# stop = [\"/usr/bin/pg_ctlcluster\", {0}, {1}, \"stop\"]\n",
          toml_text(one_line(version)), toml_text(one_line(last_part(path))));
  }

  [[nodiscard]] std::vector<std::string> names_in(const std::string& folder, std::string_view ending) const {
    const auto entries = view_.list(folder);
    std::vector<std::string> out;
    for (const engines::UnitEntry& entry : entries.ok() ? entries.value() : std::vector<engines::UnitEntry>{})
      if (entry.name.ends_with(ending)) out.push_back(folder + "/" + entry.name);
    std::sort(out.begin(), out.end());
    return out;
  }

  /// /etc/postgresql/VERSION/NAME/postgresql.conf and its conf.d, of the cluster whose data lie at `path`.
  [[nodiscard]] std::vector<std::string> debian_settings(const std::string& path) const {
    for (const std::string& version : names_in("etc/postgresql", "")) {
      for (const std::string& cluster : names_in(version, "")) {
        const std::string file = cluster + "/postgresql.conf";
        if (!view_.open(file).ok()) continue;
        const std::string data = find_text_setting(view_, file, "data_directory");
        const std::string usual = "/var/lib/postgresql/" + last_part(version) + "/" + last_part(cluster);
        if ((data.empty() ? usual : data) != path) continue;
        std::vector<std::string> out = names_in(cluster + "/conf.d", ".conf");
        out.insert(out.begin(), file);
        return out;
      }
    }
    return {};
  }

  void mariadb(const std::string& path) {
    std::vector<std::string> files = {"etc/my.cnf", "etc/mysql/my.cnf", "etc/mysql/mariadb.cnf"};
    for (const char* folder : {"etc/mysql/conf.d", "etc/mysql/mariadb.conf.d"})
      for (std::string& file : names_in(folder, ".cnf")) files.push_back(std::move(file));
    std::string port;
    std::string from;
    std::string data = "/var/lib/mysql";
    std::string logs;
    for (const std::string& file : files) {
      const std::string one = find_setting(view_, file, "port");
      if (!one.empty()) {
        port = one;
        from = prefix_ + file;
      }
      if (std::string folder = find_text_setting(view_, file, "datadir"); !folder.empty()) data = std::move(folder);
      if (std::string name = find_text_setting(view_, file, "log_bin"); !name.empty()) logs = std::move(name);
    }
    while (data.size() > 1 && data.ends_with('/')) data.pop_back();
    // Without a folder of their own they lie among the data, and come back with them.
    const bool is_apart = is_plain_path(logs) && parent_of(logs) != data;
    log_folder_ = data == path && is_apart ? parent_of(logs) : std::string();
    tcp_check(port, from, "3306", "MariaDB");
    text_ +=
        "# guessed from Debian; remove the '#' after looking:\n# start = [\"/usr/bin/systemctl\", \"start\", "
        "\"mariadb\"]\n"
        "# stop = [\"/usr/bin/systemctl\", \"stop\", \"mariadb\"]\n";
  }

  void logs(const FoundUnit& found) {
    const bool is_postgresql = found.kind == UnitKind::postgresql;
    const std::string& folder = is_postgresql ? archive_folder_ : log_folder_;
    text_ += folder.empty()
                 ? "# logs = \"/srv/saved-logs\"  # where its write-ahead or binary logs are saved, if they are: "
                   "restores then reach the last commit\n"
                 : fmt::format("logs = {}  # from its {}\n", toml_text(folder),
                               is_postgresql ? "archive_command" : "log_bin");
  }

  void orthanc(const std::string& path) {
    const auto at = std::find_if(orthanc_.begin(), orthanc_.end(), [&](const auto& one) {
      return one.first.index_folder == path && one.first.http_port != 0;
    });
    const bool is_read = at != orthanc_.end();
    text_ += is_read ? fmt::format("# port from {}\n", one_line(at->second)) : "# guessed: Orthanc's usual port\n";
    text_ += fmt::format("healthcheck = {{ http = \"http://127.0.0.1:{}/system\" }}\n",
                         is_read ? at->first.http_port : 8042U);
  }

  void data(std::string_view kind, const std::string& path, bool is_unit) {
    text_ += fmt::format("\n[[service.{}.data]]\nkind = \"{}\"\npath = {}\n", id_, kind, toml_text(path));
    if (is_unit) text_ += "unit = true\n";
    paths_.push_back(path);
  }

  const engines::UnitView& view_;
  std::string prefix_;
  std::string text_;
  std::string id_;
  std::string archive_folder_;  // of the PostgreSQL that is being written
  std::string log_folder_;      // of the MariaDB
  std::set<std::string> ports_;
  std::set<std::string> names_;
  std::vector<std::string> paths_;  // of data that are written
  std::vector<std::pair<OrthancSettings, std::string>> orthanc_;
};

struct Found {
  std::vector<FoundUnit> units;
  std::vector<FoundUnit> struck;      // folders laid out as a database's, without the files by which one is known
  std::vector<std::string> renamed;   // "srv/q.db.bak9", where no q.db is
  std::vector<std::string> settings;  // smb.conf
  std::vector<std::string> dovecot;   // dovecot.conf, and 10-mail.conf, which Debian keeps that setting in
  std::vector<std::string> orthanc;   // orthanc.json
  std::uint64_t folders = 0;
  bool is_cut = false;
};

void note_settings(Found& found, const std::string& name, const std::string& path) {
  if (name == "smb.conf") found.settings.push_back(path);
  if (name == "dovecot.conf" || name == "10-mail.conf") found.dovecot.push_back(path);
  if (name == "orthanc.json") found.orthanc.push_back(path);
}

/// A folder that was one: what names it was encrypted, renamed or removed, its folders stand.
std::optional<UnitKind> find_struck_kind(const std::vector<engines::UnitEntry>& entries) {
  const auto has = [&](std::string_view name, model::EntryKind kind) {
    return std::any_of(entries.begin(), entries.end(), [&](const engines::UnitEntry& one) {
      return one.kind == kind && (kind == model::EntryKind::folder ? one.name == name : one.name.starts_with(name));
    });
  };
  constexpr auto k_folder = model::EntryKind::folder;
  if (has("base", k_folder) && has("global", k_folder) && (has("pg_wal", k_folder) || has("pg_xact", k_folder)))
    return UnitKind::postgresql;
  constexpr auto k_file = model::EntryKind::regular;
  const bool has_engine_files = has("ibdata1", k_file) || has("ib_logfile0", k_file) || has("aria_log_control", k_file);
  if (has_engine_files && has("mysql", k_folder)) return UnitKind::mariadb;
  return std::nullopt;
}

/// "q.db.bak9", "q.sqlite3.[a@b.example].x": an SQLite database's name with something behind it.
std::string name_before(const std::string& name) {
  for (const std::string_view ending : {".db", ".sqlite", ".sqlite3", ".db3"}) {
    const std::size_t at = name.find(std::string(ending) + ".");
    if (at != std::string::npos && at > 0) return name.substr(0, at + ending.size());
  }
  return {};
}

void note_renamed(Found& found, const std::vector<engines::UnitEntry>& entries, const std::string& folder) {
  for (const engines::UnitEntry& entry : entries) {
    const std::string before = entry.kind == model::EntryKind::regular ? name_before(entry.name) : std::string();
    const auto is_it = [&](const engines::UnitEntry& one) { return one.name == before; };
    if (before.empty() || std::any_of(entries.begin(), entries.end(), is_it)) continue;
    found.renamed.push_back(folder.empty() ? entry.name : folder + "/" + entry.name);
  }
}

/// What restores, replays and cases of this program leave beside the data.
bool is_ours(std::string_view name) {
  return name.starts_with(".lastgood-") || name.ends_with(".case") ||
         name.find(".before-replay-") != std::string_view::npos;
}

Found look_around(const engines::UnitView& view) {
  struct Waiting {
    std::string folder;
    std::size_t depth = 0;
  };
  Found out;
  std::vector<Waiting> waiting{{}};
  while (!waiting.empty()) {
    if (++out.folders > k_folders_max) {
      out.is_cut = true;
      break;
    }
    const Waiting here = std::move(waiting.back());
    waiting.pop_back();
    auto entries = view.list(here.folder);
    if (!entries.ok()) continue;
    std::sort(entries.value().begin(), entries.value().end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    std::vector<FoundUnit> found = engines::find_units_in(view, here.folder, entries.value());
    const bool is_unit = found.size() == 1 && found[0].path == here.folder;
    out.units.insert(out.units.end(), found.begin(), found.end());
    if (is_unit || here.depth >= k_depth_max) continue;
    if (const auto kind = find_struck_kind(entries.value())) {
      out.struck.push_back({*kind, here.folder});
      continue;
    }
    note_renamed(out, entries.value(), here.folder);
    for (const engines::UnitEntry& entry : entries.value()) {
      const std::string path = here.folder.empty() ? entry.name : here.folder + "/" + entry.name;
      if (entry.kind == model::EntryKind::regular) note_settings(out, entry.name, path);
      if (entry.kind == model::EntryKind::folder && !(here.folder.empty() && is_kernels(entry.name)) &&
          !is_ours(entry.name))
        waiting.push_back({path, here.depth + 1});
    }
  }
  for (std::vector<FoundUnit>* list : {&out.units, &out.struck})
    std::sort(list->begin(), list->end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  std::sort(out.renamed.begin(), out.renamed.end());
  return out;
}

/// What of databases was not written, and what a person can do about it.
void name_renamed(const std::vector<std::string>& renamed, const std::string& prefix, InferredServices& out) {
  for (std::size_t i = 0; i < std::min(renamed.size(), k_small_databases_max); ++i) {
    const std::string name = last_part(renamed[i]);
    out.left_out.push_back(fmt::format(
        "{} looks like an SQLite database that was struck: if it was one, write it in by hand, as {}",
        base::printable(prefix + renamed[i]),
        base::printable(prefix + renamed[i].substr(0, renamed[i].size() - name.size()) + name_before(name))));
  }
  if (renamed.size() > k_small_databases_max)
    out.left_out.push_back(fmt::format("{} more files that look so", renamed.size() - k_small_databases_max));
}

/// Mail stores of many users are one service.
void write_mail(const std::vector<FoundUnit>& units, Writer& writer) {
  std::map<std::string, std::vector<const FoundUnit*>> by_parent;
  for (const FoundUnit& unit : units) {
    if (unit.kind != UnitKind::maildir) continue;
    const std::size_t slash = unit.path.rfind('/');
    by_parent[slash == std::string::npos ? std::string() : unit.path.substr(0, slash)].push_back(&unit);
  }
  for (const auto& [parent, stores] : by_parent) {
    if (stores.size() > k_mail_stores_max) {
      writer.mail_stores(parent, stores.size());
    } else {
      for (const FoundUnit* store : stores) writer.unit(*store);
    }
  }
}

}  // namespace

base::Result<InferredServices> infer_services(const std::string& path, const std::string& root) {
  LG_ASSIGN(const std::unique_ptr<engines::UnitView> view, engines::open_evidence_view(path));
  std::string prefix = path.substr(root == "/" ? 0 : std::min(root.size(), path.size()));
  while (prefix.ends_with('/')) prefix.pop_back();
  prefix += '/';
  if (!prefix.starts_with('/')) prefix = "/" + prefix;
  const Found found = look_around(*view);
  InferredServices out;
  out.folders = found.folders;
  Writer writer(*view, prefix);
  for (const std::string& settings : found.orthanc)
    writer.learn(find_orthanc_settings(*view, settings), prefix + settings);
  std::size_t small = 0;
  for (const FoundUnit& unit : found.units) {
    if (unit.kind == UnitKind::maildir) continue;
    if (unit.kind == UnitKind::sqlite && ++small > k_small_databases_max) continue;
    writer.unit(unit);
  }
  if (small > k_small_databases_max)
    out.left_out.push_back(fmt::format("{} more SQLite files", small - k_small_databases_max));
  for (const FoundUnit& unit : found.struck)
    writer.unit(unit, "guessed from its folders: it looks like a database that was struck");
  name_renamed(found.renamed, prefix, out);
  write_mail(found.units, writer);
  for (const std::string& settings : found.dovecot) {
    const std::string folder = find_mail_folder(*view, settings);
    if (!folder.empty()) writer.mail_folder(folder, prefix + settings);
  }
  for (const std::string& settings : found.settings) {
    for (const Share& share : find_shares(*view, settings)) writer.share(share, prefix + settings);
  }
  if (found.is_cut) out.left_out.push_back(fmt::format("folders after the first {}", k_folders_max));
  out.services = writer.count();
  out.text = fmt::format(
      "# Proposed by lastgood from what lies below {}. Everything here is a guess until a person has read it:\n"
      "# titles, tiers, what waits for what, start commands and health checks. See services.md.\n",
      base::printable(path));
  for (const std::string& left_out : out.left_out) out.text += "# Left out: " + left_out + "\n";
  out.text += std::move(writer).text();
  return out;
}

}  // namespace lastgood::readiness
