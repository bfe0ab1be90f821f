// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

namespace lastgood::cli {

extern const Command k_case_command;
extern const Command k_scan_command;
extern const Command k_explain_command;
extern const Command k_report_command;
extern const Command k_backups_command;
extern const Command k_history_command;
extern const Command k_plan_command;
extern const Command k_restore_command;
extern const Command k_replay_command;
extern const Command k_verify_command;
extern const Command k_kept_command;
extern const Command k_evidence_command;
extern const Command k_export_command;
extern const Command k_exposure_command;
extern const Command k_ledger_command;
extern const Command k_notices_command;
extern const Command k_sheets_command;
extern const Command k_trace_command;
extern const Command k_dossier_command;
extern const Command k_questions_command;
extern const Command k_timeline_command;
extern const Command k_drill_command;
extern const Command k_services_command;
extern const Command k_indicators_command;
extern const Command k_help_command;
extern const Command k_completion_command;
extern const Command k_man_command;
extern const Command k_version_command;

}  // namespace lastgood::cli
