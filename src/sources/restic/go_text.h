// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How Go, and so restic, writes names, times and bytes into JSON. No I/O; all refuse what Go would not write.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::sources::restic {

/// What stands between the quotes of Go's strconv.Quote, as the bytes that were quoted. Nothing when an escape is none of
/// Go's ("The Go Programming Language Specification", rune literals), or a bare quote or newline stands in it.
[[nodiscard]] std::optional<std::string> unquote_go(std::string_view quoted);

/// RFC 3339 with any number of fraction digits and a zone, as nanoseconds since 1970, UTC. Times that 64 bits cannot
/// hold (before 1677, after 2262) come out as the first or last one that they can.
[[nodiscard]] std::optional<std::int64_t> parse_go_time(std::string_view text);

/// RFC 4648 section 4, padded, without line breaks.
[[nodiscard]] std::optional<std::string> parse_base64(std::string_view text);

}  // namespace lastgood::sources::restic
