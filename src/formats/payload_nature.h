// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the payload of an archive's member is by nature, told from its first bytes. For walkers of containers that store
// their members as they are (tar, cpio, ar, iso9660): a JPEG inside looks random and is meant to.
#pragma once

#include "base/byte_view.h"

namespace lastgood::formats {

enum class PayloadNature {
  compressed,  // begins as a format whose payload is compressed or encrypted by its owner
  unknown,     // let statistics judge it
};

/// `head`: the member's first bytes, some 300 are enough.
PayloadNature find_payload_nature(base::ByteView head);

}  // namespace lastgood::formats
