// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "evidence/page.h"

#include <fmt/format.h>

namespace lastgood::evidence {

namespace {

constexpr std::string_view k_style =
    "@page{size:A4;margin:16mm}body{font:11pt/1.4 serif;max-width:178mm;margin:8mm auto;color:#000;background:#fff}"
    "h1{font-size:15pt}h2{font-size:12pt;margin:4mm 0 1mm}table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #888;padding:1.2mm 2mm;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "th{width:42mm;font-weight:600}pre,.mono{font-family:monospace;font-size:10pt}pre{margin:1mm "
    "0;white-space:pre-wrap}"
    ".large{font-size:14pt}.blank{color:#666}.sign td{height:9mm}.sign th{width:50%}svg{display:block;margin:4mm 0}"
    ".part{break-before:page}.hashes td{font-family:monospace;font-size:7.5pt}.tick{font-size:13pt}";

}  // namespace

std::string page(std::string_view title, std::string_view body) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>{}</title><style>{}</style></head>\n<body>{}"
      "</body></html>\n",
      title, k_style, body);
}

}  // namespace lastgood::evidence
