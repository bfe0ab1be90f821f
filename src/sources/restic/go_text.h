// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How Go, and so restic, writes names into JSON. No I/O; refuses what Go would not write.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lastgood::sources::restic {

/// What stands between the quotes of Go's strconv.Quote, as the bytes that were quoted. Nothing when an escape is none
/// of Go's ("The Go Programming Language Specification", rune literals), or a bare quote or newline stands in it.
[[nodiscard]] std::optional<std::string> unquote_go(std::string_view quoted);

}  // namespace lastgood::sources::restic
