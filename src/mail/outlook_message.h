// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The internet header inside an Outlook message (MSG): property PidTagTransportMessageHeaders (0x007D) of [MS-OXMSG]
// section 2.1.3, a stream in the root storage of an OLE2 container ([MS-CFB]). Only that stream is read: its bytes are
// the header as Outlook got it, its body is not the one that was signed.
#pragma once

#include <optional>
#include <string>

#include "base/byte_view.h"

namespace lastgood::mail {

/// By its first eight bytes.
bool is_ole2(base::ByteView bytes);

/// As UTF-8; nothing when the container is broken or has no such stream. At most 4 MB.
std::optional<std::string> find_transport_headers(base::ByteView bytes);

}  // namespace lastgood::mail
