// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What programs say in their messages, whatever envelope those came in (syslog, journald, their own files). A new
// program is one reader and one line in message_table.cpp.
#pragma once

#include <string_view>

#include "logs/log_parser.h"
#include "model/event.h"

namespace lastgood::logs {

/// Fills kind, account, address, ... of an event whose time, host and words are set. False: no message it knows, and
/// nothing is changed.
using ReadMessage = bool (*)(std::string_view message, const LogContext& context, model::Event& event);

/// Asks the readers that know `program` ("sshd", "sudo"). Sets `parser` where one understood.
bool read_message(std::string_view program, std::string_view message, const LogContext& context, model::Event& event);

// The readers.
bool read_sshd(std::string_view message, const LogContext& context, model::Event& event);
bool read_pam(std::string_view message, const LogContext& context, model::Event& event);
bool read_sudo(std::string_view message, const LogContext& context, model::Event& event);
bool read_su(std::string_view message, const LogContext& context, model::Event& event);
bool read_cron(std::string_view message, const LogContext& context, model::Event& event);
bool read_account_tools(std::string_view message, const LogContext& context, model::Event& event);
bool read_systemd(std::string_view message, const LogContext& context, model::Event& event);
bool read_packet_filter(std::string_view message, const LogContext& context, model::Event& event);
/// Of vfs_full_audit(8): PREFIX|operation|ok or fail (reason)|arguments.
bool read_full_audit(std::string_view message, const LogContext& context, model::Event& event);
/// Of smbd's auth_audit debug class: "Auth: [SMB2,(null)] user [D]\[u] at [..] with [..] status [..] ...".
bool read_samba_auth(std::string_view message, const LogContext& context, model::Event& event);
/// Behind the log_line_prefix: "LOG:  connection authorized: user=...".
bool read_postgresql(std::string_view message, const LogContext& context, model::Event& event);

}  // namespace lastgood::logs
