// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/quiet_cluster.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/byte_view.h"
#include "engines/postgresql/cluster_copy.h"
#include "engines/scratch_copy.h"

namespace lastgood::engines::postgresql {

namespace {

constexpr std::size_t k_listed_max = 1000;
constexpr unsigned k_first_own_oid = 16384;  // lower ones are the server's own (access/transam.h)

/// Settings of a database or role that only change how values are written or found.
constexpr std::string_view k_harmless =
    "^(search_path|timezone|datestyle|intervalstyle|lc_monetary|lc_numeric|lc_time|bytea_output|extra_float_digits)=";

void note(std::vector<std::string>& list, std::string sentence) {
  if (list.size() < k_listed_max) list.push_back(std::move(sentence));
}

std::string text(const PgRow& row, std::size_t column) {
  return column < row.size() && row[column] ? base::printable(*row[column]) : std::string{};
}

/// Functions in C outside of extensions, and in languages other than the server's own and PL/pgSQL: those can do
/// anything, or have one library with one that can (PL/Perl), which is not in the room.
std::string untrusted_functions() {
  return fmt::format(
      "p.oid >= {0} AND (l.oid >= {0} AND l.lanname <> 'plpgsql' OR l.lanname = 'c' AND NOT EXISTS (SELECT 1 FROM "
      "pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'))",
      k_first_own_oid);
}

/// Accounts that can do anything or let others: a log brings the attacker's as well as the hospital's.
base::Status name_strong_accounts(PgSession& session, ScratchStart& start) {
  LG_ASSIGN(const std::vector<PgRow> accounts,
            session.rows(fmt::format(
                "SELECT r.rolname, concat_ws(', ', CASE WHEN r.rolsuper THEN 'superuser' END, "
                "CASE WHEN r.rolcreaterole THEN 'makes roles' END, CASE WHEN r.rolreplication THEN 'replication' END, "
                "(SELECT string_agg('member of ' || g.rolname, ', ' ORDER BY g.rolname) FROM pg_auth_members m JOIN "
                "pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid AND g.rolname IN ('pg_execute_server_program', "
                "'pg_write_server_files', 'pg_read_server_files')), "
                "CASE WHEN NOT r.rolsuper AND EXISTS (SELECT 1 FROM pg_roles s WHERE s.rolsuper AND "
                "pg_has_role(r.oid, s.oid, 'MEMBER')) THEN 'member of a superuser' END, "
                "CASE WHEN r.rolcanlogin THEN 'may log in' ELSE 'may not log in' END) "
                "FROM pg_roles r WHERE r.oid >= {} AND (r.rolsuper OR r.rolcreaterole OR r.rolreplication OR EXISTS "
                "(SELECT 1 FROM pg_roles s WHERE s.rolsuper AND pg_has_role(r.oid, s.oid, 'MEMBER')) OR EXISTS "
                "(SELECT 1 FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid AND "
                "g.rolname IN ('pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files'))) "
                "ORDER BY 1 LIMIT 1000",
                k_first_own_oid)));
  for (const PgRow& row : accounts) note(start.inside, fmt::format("account {}: {}", text(row, 0), text(row, 1)));
  return base::Done{};
}

}  // namespace

base::Status quiet_catalogue(PgSession& session) {
  // 11 is pg_catalog, 99 pg_toast, in which no name is looked up; 16384 is the first number that is not the server's
  // own.
  for (const char* sql :
       {"UPDATE pg_operator SET oprnamespace = oid '99' WHERE oid >= oid '16384' AND oprnamespace = oid '11'",
        "UPDATE pg_proc SET pronamespace = oid '99' WHERE oid >= oid '16384' AND pronamespace = oid '11'",
        "DELETE FROM pg_cast WHERE oid >= oid '16384' AND castsource < oid '16384' AND casttarget < oid '16384'",
        "UPDATE pg_language SET lanplcallfoid = oid '0', laninline = oid '0' WHERE oid >= oid '16384' AND lanname <> "
        "name "
        "'plpgsql'"})
    LG_TRY(session.rows(sql));
  return base::Done{};
}

base::Status quiet_cluster(PgSession& session, const std::string& reader, ScratchStart& start) {
  LG_TRY(name_strong_accounts(session, start));
  LG_ASSIGN(
      const std::vector<PgRow> settings,
      session.rows(fmt::format(
          "SELECT coalesce('database ' || d.datname, ''), coalesce('role ' || r.rolname, ''), split_part(c, '=', 1) "
          "FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase "
          "LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) c WHERE c !~* '{}' LIMIT 1000",
          k_harmless)));
  for (const PgRow& row : settings) {
    const std::string separator = text(row, 0).empty() || text(row, 1).empty() ? "" : ", ";
    const std::string whose = text(row, 0) + separator + text(row, 1);
    note(start.inside, fmt::format("setting of {}: {}", whose.empty() ? "all roles" : whose, text(row, 2)));
  }
  const std::string name = quote_name(reader);
  for (const std::string& sql :
       {fmt::format(
            "UPDATE pg_db_role_setting SET setconfig = ARRAY(SELECT c FROM unnest(setconfig) c WHERE c ~* '{}')",
            k_harmless),
        std::string("DELETE FROM pg_db_role_setting WHERE setconfig = '{}'"),
        fmt::format(
            "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION BYPASSRLS CONNECTION LIMIT 64 "
            "IN ROLE pg_read_all_data",
            name),
        fmt::format("ALTER ROLE {} SET default_transaction_read_only = on", name),
        fmt::format("ALTER ROLE {} SET temp_file_limit = '16GB'", name),
        fmt::format("ALTER ROLE {} SET work_mem = '32MB'", name)}) {
    LG_TRY(session.rows(sql));
  }
  return base::Done{};
}

namespace {

/// What runs by itself once the server is up again and nobody could read one by one: a hospital's own has hundreds.
/// Functions that say in their text that they run a program are named.
base::Status count_own_code(PgSession& session, const std::string& shown, ScratchStart& start) {
  LG_ASSIGN(const std::vector<PgRow> programs,
            session.rows(fmt::format(
                "SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
                "WHERE p.oid >= {} AND p.prosrc ~* '\\mcopy\\M.*\\mprogram\\M' ORDER BY 1 LIMIT 1000",
                k_first_own_oid)));
  for (const PgRow& row : programs)
    note(start.inside, fmt::format("function {}, which says COPY ... PROGRAM (database {})", text(row, 0), shown));
  LG_ASSIGN(const std::vector<PgRow> counts,
            session.rows(fmt::format(
                "SELECT count, what FROM (VALUES "
                "((SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'), 'triggers'), "
                "((SELECT count(*) FROM pg_rewrite WHERE rulename <> '_RETURN' AND oid >= {0}), 'rules'), "
                "((SELECT count(*) FROM pg_policy), 'row policies'), "
                "((SELECT count(*) FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid "
                "WHERE d.datname = current_database()), 'subscriptions'), "
                "((SELECT count(*) FROM pg_proc WHERE oid >= {0}), 'functions')) c(count, what) WHERE count > 0",
                k_first_own_oid)));
  std::string all;
  for (const PgRow& row : counts) all += fmt::format("{}{} {}", all.empty() ? "" : ", ", text(row, 0), text(row, 1));
  if (!all.empty()) start.counted.push_back(fmt::format("{} in database {}", all, shown));
  return base::Done{};
}

}  // namespace

base::Status quiet_database(PgSession& session, const std::string& database, ScratchStart& start) {
  const std::string shown = base::printable(database);
  LG_TRY(quiet_catalogue(session));
  LG_ASSIGN(const std::vector<PgRow> planted,
            session.rows("SELECT oprname FROM pg_operator WHERE oprnamespace = oid '99' UNION ALL SELECT proname FROM "
                         "pg_proc WHERE pronamespace = oid '99' ORDER BY 1 LIMIT 1000"));
  for (const PgRow& row : planted)
    note(start.inside,
         fmt::format("{}, put among the server's own functions and operators (database {})", text(row, 0), shown));
  LG_ASSIGN(const std::vector<PgRow> triggers,
            session.rows("SELECT evtname FROM pg_event_trigger WHERE evtenabled <> 'D' ORDER BY 1 LIMIT 1000"));
  for (const PgRow& row : triggers)
    note(start.inside, fmt::format("event trigger {} in database {}", text(row, 0), shown));
  LG_TRY(session.rows("UPDATE pg_event_trigger SET evtenabled = 'D' WHERE evtenabled <> 'D'"));
  LG_TRY(count_own_code(session, shown, start));

  LG_ASSIGN(const std::vector<PgRow> functions,
            session.rows("SELECT n.nspname || '.' || p.proname, l.lanname FROM pg_proc p JOIN pg_language l ON l.oid = "
                         "p.prolang JOIN pg_namespace n ON n.oid = p.pronamespace WHERE " +
                         untrusted_functions() + " ORDER BY 1 LIMIT 1000"));
  for (const PgRow& row : functions)
    note(start.refused, fmt::format("function {} in {} (database {})", text(row, 0), text(row, 1), shown));
  // For the first superuser, whom no right stops anyhow, and so for nobody that asks.
  LG_TRY(
      session.rows("UPDATE pg_proc p SET proacl = ARRAY[makeaclitem(oid '10', oid '10', 'EXECUTE', false)] FROM "
                   "pg_language l WHERE l.oid = p.prolang AND " +
                   untrusted_functions()));

  LG_ASSIGN(
      const std::vector<PgRow> definers,
      session.rows(fmt::format("SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = "
                               "p.pronamespace WHERE p.prosecdef AND p.oid >= {} ORDER BY 1 LIMIT 1000",
                               k_first_own_oid)));
  for (const PgRow& row : definers)
    note(start.inside, fmt::format("rights of the owner of function {} (database {})", text(row, 0), shown));
  LG_TRY(session.rows("UPDATE pg_proc SET prosecdef = false WHERE prosecdef"));

  LG_ASSIGN(
      const std::vector<PgRow> foreign,
      session.rows("SELECT n.nspname || '.' || c.relname, w.fdwname FROM pg_foreign_table t JOIN pg_class c ON c.oid = "
                   "t.ftrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_foreign_server s ON s.oid = "
                   "t.ftserver JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw ORDER BY 1 LIMIT 1000"));
  for (const PgRow& row : foreign)
    note(start.refused, fmt::format("foreign table {} by {} (database {})", text(row, 0), text(row, 1), shown));
  LG_TRY(session.rows("UPDATE pg_foreign_data_wrapper SET fdwhandler = 0"));
  return base::Done{};
}

std::string find_out_of_force(const std::vector<std::string>& refused, std::string_view database,
                              std::string_view complaint) {
  constexpr std::string_view k_function = "permission denied for function ";
  constexpr std::string_view k_wrapper = "foreign-data wrapper \"";
  std::string kind, named;
  if (complaint.starts_with(k_function)) {
    kind = "function ";
    named = fmt::format(".{} in ", complaint.substr(k_function.size()));
  } else if (complaint.starts_with(k_wrapper)) {
    kind = "foreign table ";
    const std::string_view rest = complaint.substr(k_wrapper.size());
    named = fmt::format(" by {} (", rest.substr(0, rest.find('"')));
  } else {
    return {};
  }
  const std::string end = fmt::format(" (database {})", base::printable(database));
  for (const std::string& one : refused) {
    if (one.starts_with(kind) && one.ends_with(end) && one.find(named) != std::string::npos)
      return fmt::format("{} was put out of force, because it could run a program: what asks it gets no answer",
                         one.substr(0, one.size() - end.size()));
  }
  return {};
}

std::vector<std::string> first_superusers(const UnitView& view, const std::string& folder) {
  constexpr std::uint32_t k_accounts = 1260;       // pg_authid
  constexpr std::uint32_t k_first_superuser = 10;  // BOOTSTRAP_SUPERUSERID
  constexpr std::size_t k_file_bytes_max = std::size_t{8} << 20U;
  std::vector<std::string> names;
  const auto add = [&](std::string name) {
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  };
  // The map says which file holds the accounts: magic, count, then pairs (utils/cache/relmapper.c).
  const std::string map = read_text(view, join(folder, "global/pg_filenode.map"), 4096);
  const base::ByteView map_bytes{std::string_view(map)};
  std::uint32_t file = k_accounts;
  for (std::uint64_t at = 8; at + 8 <= map_bytes.size(); at += 8) {
    if (map_bytes.le32(at) == k_accounts) file = map_bytes.le32(at + 4);
  }
  const std::string pages = read_text(view, join(folder, fmt::format("global/{}", file)), k_file_bytes_max);
  constexpr std::size_t k_page = 8192;
  for (std::size_t page = 0; page + k_page <= pages.size(); page += k_page) {
    const base::ByteView bytes(std::string_view(pages).substr(page, k_page));
    const std::uint16_t lower = bytes.le16(12);
    for (std::uint64_t pointer = 24; pointer + 4 <= std::min<std::uint64_t>(lower, k_page); pointer += 4) {
      const std::uint32_t item = bytes.le32(pointer);
      const std::uint32_t offset = item & 0x7FFFU;
      if ((item >> 15U & 3U) != 1 || offset + 23 > k_page) continue;
      const std::uint64_t row = offset + std::uint64_t{static_cast<std::uint8_t>(pages[page + offset + 22])};
      if (row + 68 > k_page || bytes.le32(row) != k_first_superuser) continue;
      const std::string_view name = std::string_view(pages).substr(page + row + 4, 64);
      add(std::string(name.substr(0, name.find('\0'))));
    }
  }
  add("postgres");
  return names;
}

}  // namespace lastgood::engines::postgresql
