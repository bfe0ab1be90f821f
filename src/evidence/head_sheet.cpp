// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "evidence/head_sheet.h"

#include <fmt/format.h>

#include "base/markup.h"
#include "evidence/page.h"
#include "evidence/qr_code.h"

namespace lastgood::evidence {

namespace {

using base::escape_html;

constexpr unsigned k_qr_mm = 75;
constexpr std::string_view k_meaning =
    "Whoever holds this sheet can prove later that the first {} entries of the ledger are unchanged: "
    "'lastgood ledger consistency {}:ROOT' with the root above says so, or 'python3 check_ledger.py ledger --head "
    "{}:ROOT' without lastgood.";

std::string meaning_of(const ledger::TreeHead& head) {
  return fmt::format(k_meaning, head.entries, head.entries, head.entries);
}

std::string signature_hex(const ledger::NotedHead& head) {
  return base::hex(base::ByteView(std::string_view(head.signature)));
}

}  // namespace

std::string qr_payload(const ledger::NotedHead& head) {
  std::string out = ledger::write_head(head.head);
  if (!head.signature.empty()) out += fmt::format("key {}\nsignature {}\n", head.fingerprint, signature_hex(head));
  return out;
}

std::string write_head_sheet_html(const ledger::NotedHead& noted, const std::string& case_name) {
  const ledger::TreeHead& head = noted.head;
  std::string body = fmt::format("<h1>Ledger head of the case {}</h1><table>", escape_html(case_name));
  const auto row = [&body](std::string_view name, const std::string& value) {
    body += fmt::format("<tr><th>{}</th><td class=\"mono\">{}</td></tr>", name, escape_html(value));
  };
  row("case", head.case_id);
  row("entries", std::to_string(head.entries));
  row("bytes", std::to_string(head.bytes));
  row("made", head.time);
  body += fmt::format("</table><h2>Root</h2><pre id=\"root\" class=\"large\">{}</pre>",
                      ledger::grouped_digits(ledger::text_of(head.root)));
  body += fmt::format("<h2>SHA-256 of the ledger's first {} bytes</h2><pre>{}</pre>", head.bytes,
                      ledger::grouped_digits(ledger::text_of(head.ledger_sha256)));
  if (!noted.signature.empty()) {
    body += fmt::format("<h2>Key</h2><pre>{}</pre><h2>Signature (Ed25519, over the head's text)</h2><pre>{}</pre>",
                        ledger::grouped_digits(noted.fingerprint), ledger::grouped_digits(signature_hex(noted)));
  } else {
    body += "<p>This head is not signed by a key.</p>";
  }
  if (const auto code = make_qr_code(qr_payload(noted))) body += qr_svg(*code, k_qr_mm);
  body += fmt::format("<p>{}</p>", escape_html(meaning_of(head)));
  body +=
      "<table class=\"sign\"><tr><th>taken by</th><th>in the presence of</th></tr><tr><td>name</td><td>name</td></tr>"
      "<tr><td>date and time</td><td>date and time</td></tr><tr><td>signature</td><td>signature</td></tr></table>";
  return page("Ledger head", body);
}

std::string write_head_sheet_text(const ledger::NotedHead& noted, const std::string& case_name) {
  const ledger::TreeHead& head = noted.head;
  std::string out = fmt::format("LEDGER HEAD of the case {}\n\ncase     {}\nentries  {}\nbytes    {}\nmade     {}\n",
                                base::printable(case_name), head.case_id, head.entries, head.bytes, head.time);
  out += fmt::format("\nroot\n{}\n\nSHA-256 of the ledger's first {} bytes\n{}\n",
                     ledger::grouped_digits(ledger::text_of(head.root)), head.bytes,
                     ledger::grouped_digits(ledger::text_of(head.ledger_sha256)));
  if (!noted.signature.empty()) {
    out += fmt::format("\nkey\n{}\n\nsignature (Ed25519, over the head's text)\n{}\n",
                       ledger::grouped_digits(noted.fingerprint), ledger::grouped_digits(signature_hex(noted)));
  } else {
    out += "\nThis head is not signed by a key.\n";
  }
  if (const auto code = make_qr_code(qr_payload(noted))) out += "\n" + qr_text(*code);
  out += "\n" + meaning_of(head) +
         "\n\ntaken by ______________________   in the presence of ______________________\n"
         "date and time ________________    date and time ________________\n"
         "signature ____________________    signature ____________________\n";
  return out;
}

}  // namespace lastgood::evidence
