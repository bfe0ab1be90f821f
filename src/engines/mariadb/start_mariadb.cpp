// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Ways by which a data directory can run what an attacker put into it, and what closes each:
//   my.cnf, init_file, plugin_load, wsrep hooks          --no-defaults, and only data files are copied
//   plugins, functions and accounts in the mysql schema  --skip-grant-tables loads none of them
//   events, replication                                  --event-scheduler=DISABLED --skip-slave-start, no binary log
//   tables and files elsewhere                           --skip-symbolic-links, .isl files are not copied
//   backup-my.cnf of mariadb-backup                      only the four settings that say how data files lie
#include "engines/mariadb/start_mariadb.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engines/scratch_run.h"

namespace lastgood::engines::mariadb {

namespace {

using namespace std::string_view_literals;

constexpr std::array k_endings = {".ibd"sv, ".frm"sv, ".MYD"sv, ".MYI"sv, ".MAD"sv, ".MAI"sv, ".opt"sv, ".par"sv,
                                  ".CSV"sv, ".CSM"sv, ".TRG"sv, ".TRN"sv,
                                  // What mariadb-backup notes of tables made, renamed and dropped while it ran.
                                  ".new"sv, ".ren"sv, ".del"sv};

bool is_data(std::string_view path) {
  const bool is_at_top = path.find('/') == std::string_view::npos;
  if (!is_at_top)
    return std::any_of(k_endings.begin(), k_endings.end(),
                       [&](std::string_view ending) { return path.ends_with(ending); });
  return path.starts_with("ibdata") || path.starts_with("ib_logfile") || path.starts_with("undo") ||
         path.starts_with("aria_log") || path == "xtrabackup_checkpoints" || path == "mariadb_backup_checkpoints" ||
         path == "xtrabackup_info";
}

// $1 data directory, $2 our folder, $3 and $4 further settings of the server, $5 prepare or use.
constexpr std::string_view k_script = R"sh(
data=$1 own=$2 use=$5 decided=0
if [ "$use" = prepare ]; then
  mariadb-backup --no-defaults --prepare --target-dir="$data" >"$own/prepare.log" 2>&1 || { tail -n 20 "$own/prepare.log"; exit 20; }
fi
serve() {
  exec mariadbd --no-defaults --datadir="$data" --socket="$own/s" --pid-file="$own/pid" --tmpdir="$own/tmp" --skip-networking \
    --skip-grant-tables --event-scheduler=DISABLED --skip-slave-start --skip-log-bin --skip-symbolic-links --skip-external-locking \
    --secure-file-priv="$own/none" --local-infile=OFF --lower-case-table-names=0 "$@" >>"$own/log" 2>&1
}
serve $3 $4 &
server=$!
until mariadb-admin --no-defaults -S "$own/s" ping >/dev/null 2>&1; do
  if ! kill -0 $server 2>/dev/null; then
    # Transactions that the binary log, which is not copied, would decide about: they are committed, to see the tables.
    if [ "$decided" = 0 ] && grep -q "prepared transactions" "$own/log"; then
      decided=1
      serve $3 $4 --tc-heuristic-recover=COMMIT &
      server=$!
      continue
    elif [ "$decided" = 1 ]; then
      decided=2
      serve $3 $4 &
      server=$!
      continue
    fi
    tail -n 20 "$own/log"
    exit 20
  fi
  sleep 0.1
done
echo STARTED
mariadb-check --no-defaults -S "$own/s" --all-databases --check --silent >"$own/check" 2>&1
code=$?
sed -n "s/^\(..*\)/COMPLAINT \1/p" "$own/check"
[ $code = 0 ] || [ -s "$own/check" ] || echo "COMPLAINT mariadb-check ended with code $code"
mariadb-admin --no-defaults -S "$own/s" shutdown >/dev/null 2>&1
wait $server
exit 0
)sh";

std::string text_of(const UnitView& view, const std::string& path) {
  const auto source = view.open(path);
  std::vector<std::uint8_t> bytes(16 * 1024);
  const auto got = source.ok() ? source.value()->read(0, bytes) : base::Result<std::size_t>(std::size_t{0});
  return got.ok() ? std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(got.value()))
                  : std::string{};
}

/// "--innodb_page_size=16384" by the line of that key; empty without it or where the value holds anything unusual.
std::string setting_of(const std::string& text, std::string_view key) {
  const std::size_t at = text.find(std::string(key) + "=");
  if (at == std::string::npos || (at > 0 && text[at - 1] != '\n')) return {};
  const std::size_t from = at + key.size() + 1;
  const std::string value = text.substr(from, std::min(text.find('\n', from), text.size()) - from);
  const bool is_plain =
      !value.empty() && value.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzMGK:;") == std::string::npos;
  return is_plain ? fmt::format("--{}={}", key, value) : std::string{};
}

}  // namespace

base::Result<ScratchReport> start_copy(const UnitView& view, const std::string& folder, const ScratchOptions& options) {
  if (find_program({"/usr/sbin/mariadbd"}).empty())
    return base::Error{.code = base::ErrorCode::unsupported,
                       .what = "MariaDB is not installed",
                       .path = folder,
                       .hint = "install mariadb-server"};
  const auto in_folder = [&](std::string_view name) {
    return folder.empty() ? std::string(name) : fmt::format("{}/{}", folder, name);
  };
  LG_ASSIGN(os::ScratchTree tree, os::ScratchTree::make(options.parent));
  LG_TRY(copy_files(view, folder, tree, "data", is_data));
  LG_TRY(tree.make_folder("own/tmp"));
  LG_TRY(tree.make_folder("own/none"));
  const std::string settings = text_of(view, in_folder("backup-my.cnf"));
  const bool is_unprepared =
      text_of(view, in_folder("xtrabackup_checkpoints")).find("full-backuped") != std::string::npos;
  if (is_unprepared) {
    if (find_program({"/usr/bin/mariadb-backup"}).empty())
      return base::Error{.code = base::ErrorCode::unsupported,
                         .what = "mariadb-backup is not installed",
                         .path = folder,
                         .hint = "install mariadb-backup: this backup must be prepared first"};
    std::string kept = "[mysqld]\n";
    for (const char* key :
         {"innodb_page_size", "innodb_data_file_path", "innodb_undo_tablespaces", "innodb_checksum_algorithm"}) {
      const std::string setting = setting_of(settings, key);
      if (!setting.empty()) kept += setting.substr(2) + "\n";
    }
    LG_TRY(tree.write_file("data/backup-my.cnf", base::ByteView(kept)));
  }
  const auto setting = [&](std::string_view key, std::string_view otherwise) {
    const std::string found = setting_of(settings, key);
    return found.empty() ? fmt::format("--{}={}", key, otherwise) : found;
  };
  return run_locked_in(std::string(k_script),
                       {tree.path() + "/data", tree.path() + "/own", setting("innodb_page_size", "16384"),
                        setting("innodb_data_file_path", "ibdata1:12M:autoextend"), is_unprepared ? "prepare" : "use"},
                       tree, options.time_limit_s);
}

}  // namespace lastgood::engines::mariadb
