// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "inspect/claimed_name.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/letters.h"
#include "formats/format_table.h"

namespace lastgood::inspect {

namespace {

using base::lower;
using formats::Format;
using formats::Promise;

constexpr int k_suffixes_max = 4;
constexpr std::size_t k_extension_bytes_max = 100;
// "name.docx.aes" may be its owner's work; "name.docx.bak9" is nobody's habit.
constexpr std::array<std::string_view, 9> k_owner_suffixes = {"enc",   "aes",     "aes256",  "cpt",      "secret",
                                                              "vault", "crypt14", "crypt15", "encrypted"};

struct Claims {
  std::vector<const Format*> firm;
  std::vector<const Format*> loose;
};

const std::unordered_map<std::string_view, Claims>& claims_by_extension() {
  static const std::unordered_map<std::string_view, Claims> table = [] {
    std::unordered_map<std::string_view, Claims> made;
    for (const Format* format : formats::all_formats()) {
      for (const formats::NameClaim& claim : format->claims) {
        Claims& claims = made[claim.extension];
        (claim.promise == Promise::firm ? claims.firm : claims.loose).push_back(format);
      }
    }
    return made;
  }();
  return table;
}

/// Length of the last suffix of `name`, its dot included; 0: none. What stands in brackets is one piece, dots and all:
/// "x.pdf.id[1A2B].[a@b.example].ext" has the suffixes ".ext", ".[a@b.example]" and ".id[1A2B]"; "x.pdf[a@b.example]"
/// and "x.pdf_{a@b.example}" have a suffix that begins with the bracket or what joins it, because "pdf" is an extension
/// by itself.
std::size_t last_suffix_bytes(std::string_view name) {
  std::size_t end = name.size();
  if (name.ends_with(']') || name.ends_with('}')) {
    const std::size_t open = name.rfind(name.back() == ']' ? '[' : '{');
    if (open == std::string_view::npos || open == 0) return 0;
    end = open;
    if (name[end - 1] == '.') return name.size() - end + 1;
    while (end > 1 && (name[end - 1] == '_' || name[end - 1] == '-' || name[end - 1] == ' ')) --end;
  }
  const std::size_t dot = name.rfind('.', end - 1);
  if (dot == std::string_view::npos || dot == 0) return 0;
  const bool is_behind_extension =
      end < name.size() && claims_by_extension().contains(lower(name.substr(dot + 1, end - dot - 1)));
  return name.size() - (is_behind_extension ? end : dot);
}

/// "libx.so.1.2" without its version; other names as they are.
std::string_view without_version(std::string_view name) {
  std::string_view rest = name;
  while (true) {
    const std::size_t dot = rest.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == rest.size() ||
        rest.find_first_not_of("0123456789", dot + 1) != std::string_view::npos)
      return rest.ends_with(".so") ? rest : name;
    rest = rest.substr(0, dot);
  }
}

}  // namespace

ClaimedName read_claims(std::string_view name) {
  ClaimedName result;
  const auto& table = claims_by_extension();
  std::string_view rest = name;
  for (int stripped = 0; stripped <= k_suffixes_max; ++stripped) {
    const std::string_view unversioned = without_version(rest);
    const bool is_versioned = unversioned.size() != rest.size();
    const std::size_t suffix_bytes = last_suffix_bytes(unversioned);
    if (suffix_bytes == 0 || suffix_bytes > k_extension_bytes_max) return result;
    const std::size_t dot = unversioned.size() - suffix_bytes;
    const std::string extension = lower(unversioned.substr(dot + 1));
    const auto found = table.find(extension);
    if (found != table.end()) {
      // A plain ".so" may be a script for the linker, one with a version is a library.
      const std::vector<const Format*>& firm = is_versioned ? found->second.loose : found->second.firm;
      if (stripped == 0 || !firm.empty()) {
        result.firm = firm;
        result.loose = found->second.loose;
      }
      if (stripped > 0 && !result.firm.empty()) {
        result.original_name = std::string(rest);
        result.appended = std::string(name.substr(rest.size()));
      }
      // A loose last extension ("x.docx.bak") still lets the one before it speak.
      if (!result.firm.empty() || stripped > 0) return result;
    }
    if (std::find(k_owner_suffixes.begin(), k_owner_suffixes.end(), extension) != k_owner_suffixes.end())
      result.owner_suffix = extension;
    rest = rest.substr(0, dot);
  }
  return result;
}

}  // namespace lastgood::inspect
