// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "logs/messages/message_table.h"

#include <array>

namespace lastgood::logs {

namespace {

struct MessageReader {
  std::string_view program;  // empty: any
  std::string_view parser;
  ReadMessage read;
};

constexpr std::array k_readers = {
    MessageReader{"smbd_audit", "samba.full_audit", &read_full_audit},
    MessageReader{"smbd", "samba.full_audit", &read_full_audit},
    MessageReader{"smbd", "samba.auth", &read_samba_auth},
    MessageReader{"sshd", "sshd", &read_sshd},
    MessageReader{"sshd-session", "sshd", &read_sshd},
    MessageReader{"sudo", "sudo", &read_sudo},
    MessageReader{"su", "su", &read_su},
    MessageReader{"CRON", "cron", &read_cron},
    MessageReader{"crond", "cron", &read_cron},
    MessageReader{"cron", "cron", &read_cron},
    MessageReader{"useradd", "accounts", &read_account_tools},
    MessageReader{"userdel", "accounts", &read_account_tools},
    MessageReader{"usermod", "accounts", &read_account_tools},
    MessageReader{"groupadd", "accounts", &read_account_tools},
    MessageReader{"gpasswd", "accounts", &read_account_tools},
    MessageReader{"passwd", "accounts", &read_account_tools},
    MessageReader{"chpasswd", "accounts", &read_account_tools},
    MessageReader{"systemd", "systemd", &read_systemd},
    MessageReader{"kernel", "packet_filter", &read_packet_filter},
    MessageReader{"ulogd", "packet_filter", &read_packet_filter},
    MessageReader{"postgres", "postgresql", &read_postgresql},
    MessageReader{"", "pam", &read_pam},
};

}  // namespace

bool read_message(std::string_view program, std::string_view message, const LogContext& context, model::Event& event) {
  for (const MessageReader& reader : k_readers) {
    if (!reader.program.empty() && reader.program != program) continue;
    if (!reader.read(message, context, event)) continue;
    event.parser = reader.parser;
    return true;
  }
  return false;
}

}  // namespace lastgood::logs
