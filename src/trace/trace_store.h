// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The mails of an Outlook store (PST, OST). A helper program, locked in, reads it with libpff
// (docs/decisions/libpff.md) and says the internet header of each item and what came with it; the header is traced
// here. Bytes of a mail lie scattered in a store, so its place is the item's identifier, and offsets are those inside
// its header.
#pragma once

#include "os/evidence.h"
#include "trace/trace_file.h"

namespace lastgood::trace {

/// By its first bytes.
bool is_store(base::ByteView opening);

/// Findings ("mail.store.…") name the items that broke the reader, each of them once. Errors: `unsupported` where the
/// helper is not installed; a file that is no store although it begins like one is a finding.
base::Result<FileTrace> trace_store(os::EvidenceFile& file, const TraceOptions& options, const TraceSink& sink);

/// The same with another helper, for tests: a program that is given by its whole path.
base::Result<FileTrace> trace_store_with(const std::string& helper, os::EvidenceFile& file, const TraceOptions& options,
                                         const TraceSink& sink);

}  // namespace lastgood::trace
