// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Traces the mails of a file and keeps them in the case: ledger entry -> trace_file -> ledger entry.
#pragma once

#include <string>

#include "casefile/case_store.h"
#include "ledger/ledger.h"
#include "trace/trace_file.h"

namespace lastgood::trace {

/// What the case keeps of a trace. Pure.
[[nodiscard]] model::MailRecord record_of(const std::string& path, const MailTrace& trace);

/// As trace_file, of an absolute path; what the case knew of this file's mails is replaced. Errors are those of
/// trace_file, and `case_trouble` is set when it was the case or its ledger that failed.
struct CaseOfTrace {
  casefile::CaseStore& store;
  ledger::Ledger& ledger;
  bool case_trouble = false;
};
base::Result<FileTrace> trace_into_case(const std::string& path, const TraceOptions& options, CaseOfTrace& into,
                                        const TraceSink& sink);

}  // namespace lastgood::trace
