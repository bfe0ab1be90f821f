// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What samples of files have in common: constant first and last bytes, endings of names, what sizes leave when divided
// by a page, lengths of what was appended. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/file_record.h"

namespace lastgood::campaigns {

/// Files judged encrypted by their own structure that make a campaign, or a mark.
inline constexpr std::uint64_t k_proofs_min = 3;

enum class End : std::uint8_t { head, tail };

[[nodiscard]] bool is_encrypted(const model::FileRecord& record);
/// Nothing decided yet, or only weakly, for a file that was renamed.
[[nodiscard]] bool is_open(const model::FileRecord& record);
/// Open, and random nearly throughout: what a family of files with a magic number of its own is not.
[[nodiscard]] bool is_open_and_random(const model::FileRecord& record);
/// Called intact because nothing in it looks encrypted, or by its first bytes: hardly anything was checked.
[[nodiscard]] bool is_hardly_checked(const model::FileRecord& record);

[[nodiscard]] std::string_view base_name(std::string_view path);
[[nodiscard]] std::string_view folder_of(std::string_view path);
/// ASCII letters only: names are bytes.
[[nodiscard]] std::string lower_case(std::string_view text);

/// The appended extension of a suspicious file, lower case with its dot; empty when its name tells none.
[[nodiscard]] std::string appended_extension(const model::FileRecord& record);
/// The last piece of an appended extension, by which files are grouped: ".eight" of ".id[12].[a@b.example].eight". What
/// stands in brackets is one piece.
[[nodiscard]] std::string last_piece(std::string_view extension);
/// What both end in, cut so that it begins with a dot or a bracket; empty when that is nothing.
[[nodiscard]] std::string common_ending(std::string_view a, std::string_view b);

/// The bytes that at least nine of ten samples have in common, from the end in question; empty when shorter than four
/// bytes, hardly more than zeros, or the opening of a known format. All samples are model::k_mark_bytes long.
[[nodiscard]] std::vector<std::uint8_t> common_mark(const std::vector<std::vector<std::uint8_t>>& samples, End end);

[[nodiscard]] bool starts_with(const std::vector<std::uint8_t>& bytes, const std::vector<std::uint8_t>& mark);
[[nodiscard]] bool ends_with(const std::vector<std::uint8_t>& bytes, const std::vector<std::uint8_t>& mark);

/// A format whose contents are whole pages, sectors or blocks of at least 512 bytes.
[[nodiscard]] bool is_of_pages(std::string_view format);

struct Residue {
  std::uint64_t divisor = 0;
  std::uint64_t rest = 0;
};
/// What nine of ten sizes leave when divided by the largest of 16384, 4096, 512 and 16 for which they agree.
[[nodiscard]] std::optional<Residue> common_residue(const std::vector<std::uint64_t>& sizes_bytes);

/// Length of the random bytes behind the end of a structure that is otherwise whole; 0: none.
[[nodiscard]] std::uint64_t footer_length(const model::FileRecord& record);
/// The value that nine of ten have; 0: none.
[[nodiscard]] std::uint64_t common_value(const std::vector<std::uint64_t>& values);

/// The family that a marker named in this file; empty: none.
[[nodiscard]] std::string family_of(const model::FileRecord& record);

/// What reads like a note, has the extension and begins as the campaign's files do is one of them: it was emptied, or
/// empty before, and their header is all that it holds.
[[nodiscard]] bool is_header_alone(const std::string& path, const std::vector<std::uint8_t>& head,
                                   const model::Campaign& campaign);

}  // namespace lastgood::campaigns
