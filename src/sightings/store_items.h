// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the items of an Outlook store (PST, OST) say: internet headers, bodies, attachments. A helper program, locked
// in, reads the store with libpff (docs/decisions/libpff.md) and says them in frames of mail/store_frames.h; nothing it
// says is believed but as text to search. Parts are searched in windows; one that begins as a mail is looked into as
// one.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "indicators/find_indicators.h"
#include "os/evidence.h"

namespace lastgood::sightings {

struct StorePlace {
  std::uint32_t item = 0;  // identifier in the store; 0: none
  std::string part;        // "header", "body as text", "attachment 'invoice.txt'"
};

/// `encoding`: "base64", "quoted-printable" inside the part; else empty.
using StoreSink = std::function<void(const StorePlace&, std::string_view encoding, indicators::FoundIndicator)>;

struct StoreLook {
  std::uint64_t items = 0;
  std::vector<std::string> left_out;  // what could not be looked into, in words
};

/// By its first bytes.
[[nodiscard]] bool is_store(base::ByteView opening);

/// Offsets are those in the part as it was decoded. Errors: `unsupported` where the helper is not installed; what
/// breaks the helper is said in `left_out`, and it goes on behind that.
[[nodiscard]] base::Result<StoreLook> look_into_store(os::EvidenceFile& file, const std::function<bool()>& cancelled,
                                                      const StoreSink& sink);

/// The same with another helper, for tests: a program that is given by its whole path.
[[nodiscard]] base::Result<StoreLook> look_into_store_with(const std::string& helper, os::EvidenceFile& file,
                                                           const std::function<bool()>& cancelled,
                                                           const StoreSink& sink);

}  // namespace lastgood::sightings
