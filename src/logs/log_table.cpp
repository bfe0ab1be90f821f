// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "logs/log_table.h"

#include <array>
#include <chrono>

#include "logs/log_formats.h"
#include "logs/log_time.h"
#include "logs/text_cursor.h"

namespace lastgood::logs {

namespace {

// Those that were made for one program stand before those that take many texts: the first of equals is chosen.
constexpr std::array k_formats = {
    LogFormat{"samba", "smbd's log with full_audit and auth_audit", &open_samba_log},
    LogFormat{"auditd", "Linux audit log", &open_audit_log},
    LogFormat{"postgresql", "PostgreSQL server log (stderr)", &open_postgresql_log},
    LogFormat{"postgresql-csv", "PostgreSQL server log (csvlog)", &open_postgresql_csv},
    LogFormat{"zeek", "Zeek conn.log, TSV and JSON", &open_zeek_flows},
    LogFormat{"journald", "journalctl -o json", &open_journal_json},
    LogFormat{"json-timeline",
              "plaso json_line, Timesketch, Hayabusa, Chainsaw, Velociraptor, unpacked EVTX (JSON lines)",
              &open_json_timeline},
    LogFormat{"csv-timeline", "plaso l2tcsv, Timesketch, Hayabusa, Chainsaw (CSV)", &open_csv_timeline},
    LogFormat{"bodyfile", "body file of The Sleuth Kit, UAC", &open_bodyfile},
    LogFormat{"web-access", "web server access log (common, combined)", &open_web_access},
    LogFormat{"web-error", "web server error log (Apache, nginx)", &open_web_error},
    LogFormat{"syslog", "syslog: sshd, sudo, su, smbd_audit, packet filter, ...", &open_syslog},
};

struct Score {
  std::size_t understood = 0;
  std::size_t lines = 0;
};

Score try_format(const LogFormat& format, std::span<const LogLine> lines, const LogContext& context) {
  Score score;
  const auto parser = format.open(context);
  std::size_t events = 0;
  const EventSink count = [&](model::Event&&) { ++events; };
  std::size_t with_time = 0;
  for (const LogLine& line : lines) {
    if (line.text.empty()) continue;
    ++score.lines;
    const LineReading reading = parser->take(line, count);
    score.understood += reading != LineReading::not_understood ? 1U : 0U;
    with_time += reading == LineReading::taken || reading == LineReading::bad_time ? 1U : 0U;
  }
  if (with_time == 0) score.understood = 0;
  return score;
}

std::optional<CivilTime> find_month(std::string_view line) {
  TextCursor cursor(line);
  if (cursor.take("<") && cursor.take_number(3)) (void)cursor.take(">");
  auto time = take_syslog_time(cursor);
  if (!time || time->year_is_written) return std::nullopt;
  return time;
}

}  // namespace

std::span<const LogFormat> log_formats() { return k_formats; }

const LogFormat* find_log_format(std::string_view name) {
  for (const LogFormat& format : k_formats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

const LogFormat* recognise_log(std::span<const LogLine> first_lines, const LogContext& context) {
  const LogFormat* best = nullptr;
  std::size_t most = 0;
  for (const LogFormat& format : k_formats) {
    const Score score = try_format(format, first_lines, context);
    if (score.understood * 4 < score.lines || score.understood <= most) continue;
    most = score.understood;
    best = &format;
  }
  return best;
}

void YearTurns::take(std::string_view line) {
  if (line.empty() || (line[0] != '<' && (line[0] < 'A' || line[0] > 'Z'))) return;
  const auto time = find_month(line);
  if (!time) return;
  // The same rule as YearCounter, so that both count alike.
  YearCounter counter(0);
  if (month_ != 0) (void)counter.take(month_);
  const int turned = counter.take(time->month);
  if (turned < 0) return;
  turns_ += turned;
  month_ = time->month;
  last_month_ = time->month;
  last_day_ = time->day;
}

int decide_first_year(const YearTurns& turns, std::int64_t file_time_ns) {
  using namespace std::chrono;
  const sys_time<nanoseconds> latest{nanoseconds(file_time_ns) + hours(24)};
  const year_month_day date{floor<days>(latest)};
  int year = static_cast<int>(date.year());
  const bool is_later = std::pair(turns.last_month(), turns.last_day()) >
                        std::pair(static_cast<std::uint32_t>(static_cast<unsigned>(date.month())),
                                  static_cast<std::uint32_t>(static_cast<unsigned>(date.day())));
  if (turns.last_month() != 0 && is_later) --year;
  return year - turns.turns();
}

}  // namespace lastgood::logs
