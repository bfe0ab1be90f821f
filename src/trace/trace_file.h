// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The mails of one file: a mail (EML), a mailbox (MBOX), the header in an Outlook message (MSG), an Outlook
// store (PST, OST), or a header that somebody pasted into a file, also as UTF-16. Use case: called by the command, and
// later by whatever records mails in a case.
#pragma once

#include <functional>
#include <string>

#include "base/byte_source.h"
#include "base/result.h"
#include "trace/trace_mail.h"

namespace lastgood::trace {

/// More of one mail than this is not read; its signatures then cannot be judged, and a hint says so.
inline constexpr std::uint64_t k_mail_bytes_max = 256U << 20U;

struct FileTrace {
  std::uint64_t mails = 0;
  std::uint64_t without_header = 0;      // parts of a mailbox, items of a store that have none
  std::vector<model::Finding> findings;  // of a store: what could not be read
};

/// Called for every mail, in the order of the file. False stops.
using TraceSink = std::function<bool(const MailTrace& trace)>;

/// Memory holds one mail at a time. Errors: reading; `unsupported` for what holds mails in another form, with a hint.
base::Result<FileTrace> trace_bytes(base::ByteSource& bytes, const TraceOptions& options, const TraceSink& sink);

/// Opens `path` as evidence: nothing of it changes.
base::Result<FileTrace> trace_file(const std::string& path, const TraceOptions& options, const TraceSink& sink);

/// Adds the answers of the saved-zone file `path`; gives the lines that make no sense.
base::Result<std::vector<model::Finding>> add_zone_file(mail::SavedZone& zone, const std::string& path);

}  // namespace lastgood::trace
