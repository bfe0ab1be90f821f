// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The files that came with a mail: what they are called, how large they are and their digest, so that each can be
// found again elsewhere. Nothing of them is opened.
#pragma once

#include "base/byte_view.h"
#include "trace/trace_mail.h"

namespace lastgood::trace {

/// Adds them to `trace`, and hints ("mail.mime.…") where parts were left out. `bytes` is the mail, which begins at
/// trace.begin_bytes.
void list_attachments(base::ByteView bytes, MailTrace& trace);

}  // namespace lastgood::trace
