// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <span>

#include <fmt/format.h>

#include "base/checksum.h"
#include "base/near_miss.h"
#include "services/check_names.h"
#include "services/host_and_port.h"
#include "services/leave_out.h"
#include "services/parse_sheet.h"
#include "services/services_file.h"
#include "services/table_reader.h"
#include "services/toml_value.h"

namespace lastgood::services {

namespace {

constexpr std::size_t k_text_bytes_max = 1U << 20U;
constexpr std::size_t k_services_max = 1'000;
constexpr std::size_t k_data_max = 1'000;
constexpr unsigned k_tier_max = 9;

constexpr std::array<std::string_view, 6> k_data_kinds = {"postgresql", "mariadb", "sqlite",
                                                          "orthanc",    "maildir", "files"};
constexpr std::array<std::string_view, 3> k_conditions = {"service_started", "service_healthy",
                                                          "service_completed_successfully"};
constexpr std::array<std::string_view, 2> k_on_error = {"continue", "fail"};

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 &&
         id.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
             "0123456789-_.") == std::string_view::npos;
}

Dependency dependency_of(const TomlValue& value, TableReader& service) {
  Dependency out;
  out.line = value.line;
  if (value.kind == TomlValue::Kind::text) {
    out.service = value.text;
    return out;
  }
  Mistakes& mistakes = service.mistakes();
  TableReader reader(value, service.where() + ", depends_on", mistakes);
  reader.require("id");
  out.service = reader.text_or("id", "");
  if (const auto at = reader.choice("condition", k_conditions)) out.condition = static_cast<Condition>(*at);
  reader.refuse_others();
  return out;
}

/// ["ehosp-db", {id = "lab", condition = "service_started"}], or compose's table of them.
std::vector<Dependency> dependencies_of(TableReader& service) {
  std::vector<Dependency> out;
  const TomlValue* value = service.any("depends_on");
  if (value == nullptr) return out;
  if (value->kind != TomlValue::Kind::list) {
    service.say(value->line,
                fmt::format("'depends_on' must be a list of services, here it is {}", name_of(value->kind)));
    return out;
  }
  for (const TomlValue& element : value->list) {
    if (element.kind != TomlValue::Kind::text && element.kind != TomlValue::Kind::table) {
      service.say(element.line,
                  fmt::format("'depends_on' must hold names of services, here is {}", name_of(element.kind)));
      continue;
    }
    out.push_back(dependency_of(element, service));
  }
  return out;
}

void read_data_kind(DataUnit& out, TableReader& reader) {
  reader.require("kind");
  if (const auto at = reader.choice("kind", k_data_kinds)) out.kind = static_cast<DataKind>(*at);
  const bool is_whole_by_nature = !are_plain_files(out.kind);
  if (is_whole_by_nature) out.wholeness = Wholeness::unit;
  const auto unit = reader.truth("unit");
  if (!unit) return;
  if (!*unit && is_whole_by_nature)
    reader.say(
        reader.line_of("unit"),
        fmt::format("'unit = false' of {}: a database comes back from one moment or not at all", name_of(out.kind)));
  else
    out.wholeness = *unit ? Wholeness::unit : Wholeness::file_by_file;
}

void read_allowed_settings(DataUnit& out, TableReader& reader) {
  out.allow_settings = reader.texts("allow_settings");
  if (out.allow_settings.empty()) return;
  const std::size_t line = reader.line_of("allow_settings");
  if (out.kind != DataKind::postgresql && out.kind != DataKind::mariadb)
    reader.say(line, fmt::format("'allow_settings' is of postgresql and mariadb, not of {}", name_of(out.kind)));
  for (const std::string& name : out.allow_settings) {
    const bool is_plain =
        !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string::npos;
    if (!is_plain)
      reader.say(
          line, fmt::format("'allow_settings' holds names of settings like \"archive_command\", here is \"{}\"", name));
  }
}

DataUnit data_of(const TomlValue& table, const std::string& where, Mistakes& mistakes) {
  TableReader reader(table, where + ", data", mistakes);
  DataUnit out;
  out.line = table.line;
  read_data_kind(out, reader);
  reader.require("path");
  out.path = reader.absolute_path("path");
  out.name = reader.text_or("name", name_of(out.kind));
  if (reader.truth("regenerable").value_or(false)) out.regenerable = Regenerable::yes;
  out.database = reader.text_or("database", "");
  out.logs = reader.absolute_path("logs");
  out.host = reader.text_or("host", "");
  read_allowed_settings(out, reader);
  reader.refuse_others();
  return out;
}

void read_test(HealthCheck& out, TableReader& reader) {
  std::vector<std::string> test = reader.texts("test");
  if (test.empty()) return;
  const std::size_t line = reader.line_of("test");
  if (test.front() == "CMD-SHELL")
    return reader.say(line, "'test' with CMD-SHELL: no shell is used; write [\"CMD\", \"/path/of/program\", ...]");
  if (test.front() != "CMD" || test.size() < 2 || !test[1].starts_with('/'))
    return reader.say(line, "'test' must be [\"CMD\", \"/path/of/program\", ...] with an absolute path");
  out.command.assign(test.begin() + 1, test.end());
}

/// Where and as whom a question in SQL is asked.
void read_sql(HealthCheck& out, TableReader& reader) {
  out.sql = reader.text_or("sql", "");
  out.data = reader.text_or("data", "");
  out.socket = reader.absolute_path("socket");
  out.host = reader.text_or("host", "");
  out.port = static_cast<std::uint16_t>(reader.count("port", 1, 65'535).value_or(0));
  out.user = reader.text_or("user", "");
  out.password_file = reader.absolute_path("password_file");
  if (out.host == "localhost") out.host = "127.0.0.1";
  const std::size_t line = reader.line_of(out.sql.empty() ? "host" : "sql");
  const bool has_place = !out.socket.empty() || !out.host.empty();
  if (out.sql.empty()) {
    if (has_place || out.port != 0 || !out.user.empty() || !out.password_file.empty())
      reader.say(line, "'socket', 'host', 'port', 'user' and 'password_file' belong to 'sql'");
    return;
  }
  if (const std::string_view why = find_no_health_question(out.sql); !why.empty())
    reader.say(line, fmt::format("'sql': {}", why));
  if (out.socket.empty() == out.host.empty())
    reader.say(line, "'sql' needs either 'socket' or 'host': where its server is asked");
  if (out.user.empty()) reader.say(line, "'sql' needs 'user': the account of the database that is to ask");
  if (!out.host.empty() && out.host != "127.0.0.1" && out.host != "::1")
    reader.say(reader.line_of("host"),
               fmt::format("'host' must be this machine (127.0.0.1, ::1 or localhost), here it is \"{}\": the password "
                           "would go over the network",
                           out.host));
}

HealthCheck health_of(const TomlValue& table, const std::string& where, Mistakes& mistakes) {
  TableReader reader(table, where + ", healthcheck", mistakes);
  HealthCheck out;
  out.line = table.line;
  read_test(out, reader);
  read_sql(out, reader);
  out.tcp = reader.text_or("tcp", "");
  out.http = reader.text_or("http", "");
  out.interval_s = reader.duration("interval").value_or(out.interval_s);
  out.timeout_s = reader.duration("timeout").value_or(out.timeout_s);
  out.retries = reader.count("retries", 1, 1'000).value_or(out.retries);
  out.start_period_s = reader.duration("start_period").value_or(out.start_period_s);
  reader.refuse_others();
  int ways = 0;
  for (const std::string_view key : {"test", "sql", "tcp", "http"}) ways += table.find(key) != nullptr ? 1 : 0;
  if (ways != 1)
    reader.say(table.line, fmt::format("exactly one of 'test', 'sql', 'tcp' and 'http' is needed, here are {}", ways));
  if (!out.tcp.empty() && !parse_host_and_port(out.tcp))
    reader.say(reader.line_of("tcp"), fmt::format("'tcp' must be HOST:PORT, here it is \"{}\"", out.tcp));
  if (!out.http.empty() && !out.http.starts_with("http://") && !out.http.starts_with("https://"))
    reader.say(reader.line_of("http"),
               fmt::format("'http' must begin with http:// or https://, here it is \"{}\"", out.http));
  if (out.timeout_s <= 0 || out.timeout_s > 3600)
    reader.say(reader.line_of("timeout"), "'timeout' must be more than nothing and at most 1h");
  return out;
}

Hook hook_of(const TomlValue& table, const std::string& where, Mistakes& mistakes) {
  TableReader reader(table, where + ", hooks.post_restore", mistakes);
  Hook out;
  reader.require("command");
  out.command = reader.command("command");
  if (const auto at = reader.choice("on_error", k_on_error)) out.on_error = static_cast<OnError>(*at);
  out.exec_timeout_s = reader.duration("exec_timeout").value_or(out.exec_timeout_s);
  reader.refuse_others();
  return out;
}

std::vector<Hook> hooks_of(TableReader& service, Mistakes& mistakes) {
  std::vector<Hook> out;
  const TomlValue* hooks = service.any("hooks");
  if (hooks == nullptr) return out;
  if (hooks->kind != TomlValue::Kind::table) {
    service.say(hooks->line, fmt::format("'hooks' must be a table, here it is {}", name_of(hooks->kind)));
    return out;
  }
  TableReader reader(*hooks, service.where() + ", hooks", mistakes);
  reader.tables("post_restore",
                [&](const TomlValue& hook) { out.push_back(hook_of(hook, service.where(), mistakes)); });
  reader.refuse_others();
  return out;
}

Service service_of(const TomlValue::Member& member, Mistakes& mistakes) {
  Service out;
  out.id = member.key;
  out.line = member.line;
  const std::string where = fmt::format("service '{}'", member.key);
  if (!is_id(member.key))
    mistakes.add(member.line, where + ": a service's name has letters, digits, '-', '_' and '.' only, 64 at most");
  TableReader reader(member.value, where, mistakes);
  out.title = reader.text_or("title", member.key);
  out.tier = reader.count("tier", 0, k_tier_max).value_or(out.tier);
  out.depends_on = dependencies_of(reader);
  reader.tables("data", [&](const TomlValue& data) {
    if (out.data.size() < k_data_max)
      out.data.push_back(data_of(data, where, mistakes));
    else
      reader.say(data.line, fmt::format("more than {} data units, no more are read", k_data_max));
  });
  out.start = reader.command("start");
  out.stop = reader.command("stop");
  out.user = reader.text_or("user", "");
  if (const TomlValue* health = reader.table("healthcheck")) out.healthcheck = health_of(*health, where, mistakes);
  out.rto_s = reader.duration("rto");
  out.rpo_s = reader.duration("rpo");
  out.mtd_s = reader.duration("mtd");
  out.links = reader.texts("links");
  const Mistake first = mistakes.take_first();
  reader.tables("sheet", [&](const TomlValue& sheet) {
    out.sheets.push_back(parse_sheet(sheet, where, mistakes));
    out.sheets.back().mistake = mistakes.take_first().sentence;
  });
  out.post_restore = hooks_of(reader, mistakes);
  reader.refuse_others();
  const Mistake last = mistakes.take_first();
  const bool is_last_first = first.sentence.empty() || (!last.sentence.empty() && last.line < first.line);
  out.mistake = (is_last_first ? last : first).sentence;
  return out;
}

/// What stands below 'service', or below a key that was probably meant to be that: such a key is a mistake of each.
void read_members(const TomlValue& services, const std::string& mistake, ServicesFile& file, Mistakes& mistakes) {
  for (const TomlValue::Member& member : services.members) {
    if (member.value.kind == TomlValue::Kind::table) {
      file.services.push_back(service_of(member, mistakes));
      if (!mistake.empty()) file.services.back().mistake = mistake;
      continue;
    }
    mistakes.add(member.line,
                 fmt::format("'service.{}' must be a table, here it is {}", member.key, name_of(member.value.kind)));
    file.unknown_keys.push_back(mistakes.take_first().sentence);
  }
}

void read_top(const TomlValue& root, ServicesFile& file, Mistakes& mistakes) {
  constexpr std::array<std::string_view, 1> k_known = {"service"};
  for (const TomlValue::Member& member : root.members) {
    const bool is_known = member.key == k_known[0];
    const bool is_table = member.value.kind == TomlValue::Kind::table;
    const bool is_meant = !base::find_near_miss(member.key, k_known).empty();
    if (is_known && !is_table)
      mistakes.add(member.line,
                   fmt::format("the file: 'service' must be a table, here it is {}", name_of(member.value.kind)));
    else if (!is_known)
      mistakes.add(member.line, fmt::format("the file: unknown key '{}'{}", member.key,
                                            is_meant ? ": did you mean 'service'?" : ""));
    const std::string mistake = mistakes.take_first().sentence;
    if (is_table && is_meant)
      read_members(member.value, mistake, file, mistakes);
    else
      file.unknown_keys.push_back(mistake);
  }
}

}  // namespace

ReadServices parse_services(std::string_view text, std::string path) {
  ReadServices out;
  out.file.path = std::move(path);
  const base::Sha256Digest digest = base::sha256(base::ByteView(text));
  out.file.digest_hex = base::hex(base::ByteView(std::span<const std::uint8_t>(digest)));
  Mistakes mistakes(out.file.path);
  if (text.size() > k_text_bytes_max) {
    mistakes.add(1, fmt::format("the file has {} bytes, {} are allowed", text.size(), k_text_bytes_max));
    out.mistakes = mistakes.take();
    return out;
  }
  const ParsedToml parsed = parse_toml(text);
  if (!parsed.mistake.empty()) {
    mistakes.add(parsed.line, parsed.mistake);
    out.mistakes = mistakes.take();
    return out;
  }
  std::size_t count = 0;
  for (const TomlValue::Member& member : parsed.root.members) count += member.value.members.size();
  if (count > k_services_max) {
    mistakes.add(1, fmt::format("{} services, {} are allowed", count, k_services_max));
  } else {
    read_top(parsed.root, out.file, mistakes);
    check_names(out.file, mistakes);
    leave_out_mistakes(out.file);
  }
  out.mistakes = mistakes.take();
  return out;
}

}  // namespace lastgood::services
