// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The services file: what people use (registration, wards, lab), on what data each service stands, what it waits for,
// how it is started and asked whether it is well, and which sheets a ward gets while it is down. Written by the
// hospital, read by us; docs/services.md is its manual. Nothing in it is executed by reading it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lastgood::services {

enum class DataKind : std::uint8_t { postgresql, mariadb, sqlite, orthanc, maildir, files };
std::string_view name_of(DataKind kind);
/// Files or mail: no engine is started on them.
[[nodiscard]] inline bool are_plain_files(DataKind kind) {
  return kind == DataKind::files || kind == DataKind::maildir;
}

enum class Wholeness : std::uint8_t { file_by_file, unit };  // unit: from one moment or not at all
enum class Regenerable : std::uint8_t { no, yes };           // yes: made again from other data; comes last

/// One [[service.ID.data]].
struct DataUnit {
  std::string name;  // unique in its service; by default the kind
  DataKind kind = DataKind::files;
  std::string path;  // absolute, as on the server
  std::string link;  // what the file says, where that is a link of this machine or goes through one; `path` is its end
  Wholeness wholeness = Wholeness::file_by_file;
  Regenerable regenerable = Regenerable::no;
  std::string database;  // of a database server: which of its databases the sheets and questions mean
  std::string logs;      // absolute folder of the write-ahead log archive or the binary logs; empty: none
  std::string host;      // the name of the machine in the case; empty: not said
  /// Settings in the data folder of a database server that run a program or load a library, and that a person has read:
  /// "archive_command". With any other one a restored folder is not started.
  std::vector<std::string> allow_settings;
  std::size_t line = 0;  // where it is in the file
};

enum class Condition : std::uint8_t { service_started, service_healthy, service_completed_successfully };

struct Dependency {
  std::string service;
  Condition condition = Condition::service_healthy;
  std::size_t line = 0;
};

/// Exactly one of the four ways is set.
struct HealthCheck {
  std::vector<std::string> command;  // test = ["CMD", ...]: the program and its arguments, no shell
  std::string sql;                   // asked of the data unit `data`; well when it answers
  std::string data;
  std::string socket;         // where the server of `data` is asked: PostgreSQL's folder of sockets, MariaDB's socket
  std::string host;           // or an address of this machine: "127.0.0.1", "::1"
  std::uint16_t port = 0;     // 0: the usual one
  std::string user;           // the database account
  std::string password_file;  // its first line; empty: no password
  std::string tcp;            // "127.0.0.1:5432"
  std::string http;           // "http://127.0.0.1:8042/system"; well when the answer is 200 to 399
  double interval_s = 2;
  double timeout_s = 5;
  unsigned retries = 3;
  double start_period_s = 0;
  std::size_t line = 0;
};

/// What a sheet may say about a person.
enum class Privacy : std::uint8_t { full, name_short, number_only };

/// One [[service.ID.sheet]]: one read-only question and how its answer is printed.
struct Sheet {
  std::string id;  // unique in the file: "opd-today"; of one that is left out never empty
  std::string title;
  std::string audience;  // "for": ward, clinic, lab, cash desk; free words
  std::string data;      // a DataUnit of the service; by default its only database
  std::string sql;
  std::string group_by;              // a column: one packet per value; empty: one packet
  double stale_after_s = 0;          // older data is stamped red; 0: never
  std::vector<std::string> columns;  // which, in this order; empty: all
  Privacy privacy = Privacy::full;
  std::vector<std::string> name_columns;  // what `privacy` is applied to
  unsigned blank_rows = 0;                // at the end of each packet, with reserved downtime numbers
  std::string number_block;               // "W-0001..W-0999": where they are taken from
  std::size_t line = 0;
  std::string mistake;  // "services.toml:14: ...": the first one in it; empty: none
};

enum class OnError : std::uint8_t { carry_on, fail };

struct Hook {
  std::vector<std::string> command;
  OnError on_error = OnError::fail;
  double exec_timeout_s = 60;
};

struct Service {
  std::string id;
  std::string title;
  unsigned tier = 4;  // 0 first
  std::vector<Dependency> depends_on;
  std::vector<DataUnit> data;
  std::vector<std::string> start;  // program and arguments, no shell
  std::vector<std::string> stop;
  std::string user;  // whose account they run as; empty: ours
  std::optional<HealthCheck> healthcheck;
  std::optional<double> rto_s;
  std::optional<double> rpo_s;
  std::optional<double> mtd_s;
  std::vector<std::string> links;  // "lis -> ehosp (HL7 MLLP 2575)"
  std::vector<Sheet> sheets;
  std::vector<Sheet> left_out_sheets;  // those with a mistake; nobody asks them
  std::vector<Hook> post_restore;
  std::size_t line = 0;  // where it is in the file
  std::string mistake;   // the first one in it, its sheets apart, or what it waits for that is left out; empty: none
};

/// A mistake costs what it stands in: a sheet, or a service and all that waits for it. The others go on.
struct ServicesFile {
  std::string path;
  std::string digest_hex;                 // SHA-256 of its bytes
  std::vector<Service> services;          // in the order of the file, without any that is left out
  std::vector<Service> left_out;          // for their `mistake`: nothing of them may be acted upon
  std::vector<std::string> unknown_keys;  // at the top of the file, a sentence each: nothing below them was read
  [[nodiscard]] const Service* find(std::string_view id) const;
  [[nodiscard]] const Service* find_left_out(std::string_view id) const;
};

/// One thing wrong: "services.toml:14: unknown key 'teir': did you mean 'tier'?".
struct Mistake {
  std::size_t line = 0;
  std::string sentence;
};

struct ReadServices {
  ServicesFile file;
  std::vector<Mistake> mistakes;  // all of them, by line; the file has no service at all where it cannot be read
};

/// Pure. At most 1 MiB, 1,000 services, 10,000 sheets. TOML 1.0. Never an error: what cannot be parsed is a mistake.
[[nodiscard]] ReadServices parse_services(std::string_view text, std::string path);

/// Follows paths of data that are links of this machine: scans and most backups know what lies there by its own path
/// only. One that leads nowhere is followed, too: what lay there may be gone, or renamed by who struck.
void follow_links_of_data(ServicesFile& file);

/// A sentence for each of them: "'/var/lib/mysql' is a link: its data are at '/data/mysql'".
[[nodiscard]] std::vector<std::string> describe_links_of_data(const ServicesFile& file);

/// Reads a file of our own making, with links of data followed. ErrorCode::not_found, and ErrorCode::misuse with the
/// first mistakes as its hint when they leave no service.
[[nodiscard]] base::Result<ServicesFile> read_services(const std::string& path);

/// In which order services come back: by dependency, then tier, then the order of the file; a service that something
/// with a lower tier waits for comes before that. Without `wanted` all; with it, that one and all it waits for.
/// What is left out is in no order. REQUIRES: a file as parse_services gives it (no loops, no unknown names).
[[nodiscard]] std::vector<const Service*> order_of(const ServicesFile& file, std::string_view wanted);

}  // namespace lastgood::services
