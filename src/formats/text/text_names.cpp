// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/text/text_names.h"

#include <algorithm>
#include <array>

#include "formats/text/text_scan.h"

namespace lastgood::formats {

namespace {

// Text formats that have walkers of their own and share the scan.
constexpr std::array<std::string_view, 26> k_child_extensions = {
    "xml", "svg", "xhtml", "gpx", "plist", "html", "htm", "json", "jsonl", "ndjson", "geojson", "csv", "tsv",
    "hl7", "eml", "mbox",  "ics", "vcf",   "rtf",  "ps",  "eps",  "pem",   "crt",    "edi",     "x12", "xsd"};

}  // namespace

std::string lower_extension(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || name.size() - dot - 1 > k_extension_bytes_max) return "";
  std::string extension(name.substr(dot + 1));
  for (char& letter : extension) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return extension;
}

bool has_text_name(std::string_view name) {
  const std::string extension = lower_extension(name);
  if (std::find(k_child_extensions.begin(), k_child_extensions.end(), extension) != k_child_extensions.end())
    return true;
  for (const NameClaim& claim : k_text_claims) {
    if (claim.promise == Promise::firm && claim.extension == extension) return true;
  }
  return false;
}

}  // namespace lastgood::formats
