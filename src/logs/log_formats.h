// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What opens the parser of each format. Private to logs/: others meet log_table.h.
#pragma once

#include <memory>

#include "logs/log_parser.h"

namespace lastgood::logs {

using OpenedParser = std::unique_ptr<LogParser>;

OpenedParser open_samba_log(const LogContext& context);       // samba_log.cpp
OpenedParser open_syslog(const LogContext& context);          // syslog.cpp
OpenedParser open_journal_json(const LogContext& context);    // journal_json.cpp
OpenedParser open_audit_log(const LogContext& context);       // audit_log.cpp
OpenedParser open_web_access(const LogContext& context);      // web_log.cpp
OpenedParser open_web_error(const LogContext& context);       // web_log.cpp
OpenedParser open_postgresql_log(const LogContext& context);  // postgresql_log.cpp
OpenedParser open_postgresql_csv(const LogContext& context);  // postgresql_log.cpp
OpenedParser open_zeek_flows(const LogContext& context);      // zeek_flows.cpp
OpenedParser open_bodyfile(const LogContext& context);        // bodyfile.cpp
OpenedParser open_csv_timeline(const LogContext& context);    // csv_timeline.cpp
OpenedParser open_json_timeline(const LogContext& context);   // json_timeline.cpp

}  // namespace lastgood::logs
