// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/kept_cluster.h"

#include <csignal>
#include <filesystem>

#include <fmt/format.h>

#include "engines/postgresql/cluster_copy.h"
#include "engines/postgresql/cluster_room.h"

namespace lastgood::engines::postgresql {

namespace {

constexpr std::size_t k_text_bytes_max = std::size_t{1} << 20U;

constexpr std::string_view k_kept_configuration =
    R"(# Written by lastgood. What the backup had lies beside as *.from-backup and is not used: look at it for commands and
# libraries before you take anything over.
listen_addresses = 'localhost'
archive_mode = off
)";

base::Status put_settings(const UnitView& view, const std::string& folder, os::ScratchTree& tree) {
  for (const char* name : {"postgresql.conf", "postgresql.auto.conf", "pg_hba.conf", "pg_ident.conf"}) {
    const std::string text = read_text(view, join(folder, name), k_text_bytes_max);
    if (!text.empty())
      LG_TRY(tree.write_file(fmt::format("data/{}.from-backup", name), base::ByteView(std::string_view(text))));
  }
  LG_TRY(tree.write_file("data/postgresql.conf", base::ByteView(k_kept_configuration)));
  LG_TRY(tree.write_file("data/pg_hba.conf", base::ByteView(std::string_view("local all all peer\n"))));
  LG_TRY(tree.write_file("data/pg_ident.conf", base::ByteView(std::string_view())));
  LG_TRY(tree.remove("data/postgresql.auto.conf"));
  return tree.write_file("data/postgresql.auto.conf", base::ByteView(std::string_view()));
}

/// Tablespaces come to lie in the folder itself, where the server takes them too.
base::Status take_tablespaces_home(os::ScratchTree& tree, const UnitView& view, const std::string& folder,
                                   const std::vector<MadeTablespace>& made) {
  for (const ListedTablespace& tablespace : list_tablespaces(view, folder)) {
    LG_TRY(tree.remove("data/pg_tblspc/" + tablespace.number));
    LG_TRY(tree.move_out("tablespaces/" + tablespace.number, tree.path() + "/data/pg_tblspc/" + tablespace.number));
  }
  for (const MadeTablespace& tablespace : made) {
    const std::string place = "data/pg_tblspc/" + tablespace.number;
    std::error_code ignored;
    if (!std::filesystem::is_symlink(tree.path() + "/" + place, ignored)) continue;  // dropped again
    LG_TRY(tree.remove(place));
    LG_TRY(tree.move_out("tablespaces/" + tablespace.number, tree.path() + "/" + place));
  }
  return base::Done{};
}

/// With all their segments.
base::Status take_out(os::ScratchTree& tree, const std::vector<std::string>& fenced) {
  for (const std::string& path : fenced) {
    const std::string file = "data/" + path;
    LG_TRY(tree.remove(file));
    std::error_code ignored;
    for (int segment = 1; std::filesystem::exists(fmt::format("{}/{}.{}", tree.path(), file, segment), ignored);
         ++segment)
      LG_TRY(tree.remove(fmt::format("{}.{}", file, segment)));
  }
  return base::Done{};
}

}  // namespace

base::Result<std::string> keep_cluster(const UnitView& view, const std::string& folder,
                                       const ScratchServerOptions& options, const std::vector<std::string>& fenced) {
  ScratchServerOptions own = options;
  own.copy_way = CopyWay::copy;
  ScratchStart start;
  LG_ASSIGN(const std::unique_ptr<ClusterRoom> cluster, start_cluster(view, folder, own, FirstGuest::nobody, start));
  const std::optional<int> code = cluster->room.stop(SIGINT, std::chrono::seconds(options.start_limit_s));
  if (code != 0)
    return base::Error{.code = base::ErrorCode::damaged_source,
                       .what = "PostgreSQL did not shut down in good order",
                       .path = folder,
                       .hint = cluster->room.last_words(1500)};
  LG_TRY(put_settings(view, folder, cluster->copy.tree));
  LG_TRY(take_tablespaces_home(cluster->copy.tree, view, folder, cluster->made));
  LG_TRY(take_out(cluster->copy.tree, fenced));
  const std::string kept = options.parent + "/" + random_name("lastgood-kept.");
  LG_TRY(cluster->copy.tree.move_out("data", kept));
  return kept;
}

}  // namespace lastgood::engines::postgresql
