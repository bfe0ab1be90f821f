// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One list of rows, written as a page and as text, so that the two cannot say different things.
#include "evidence/certificate.h"

#include <fmt/format.h>

#include <array>

#include "base/human.h"
#include "base/markup.h"
#include "base/rfc3339.h"
#include "evidence/page.h"

namespace lastgood::evidence {

namespace {

using base::escape_html;

constexpr std::array<std::string_view, 8> k_device_kinds = {
    "Computer / Storage Media", "DVR", "Mobile", "Flash Drive", "CD/DVD", "Server", "Cloud", "Other"};
constexpr std::string_view k_about =
    "Data sheet for the certificate under section 63(4)(c) of the Bharatiya Sakshya Adhiniyam 2023 (Schedule). Device, "
    "hash values and times were filled in by lastgood from the ledger of the case; blanks are for the person who "
    "signs. "
    "Compare with the text of the Schedule in force before use; this is no legal advice.";
constexpr std::string_view k_blank = "";

struct Row {
  std::string name;
  std::string value;  // empty: a blank for a person
};
struct Part {
  std::string title;
  std::vector<Row> rows;
};

std::string ticks_of(std::string_view kind) {
  std::string out;
  for (const std::string_view known : k_device_kinds) {
    if (!out.empty()) out += "   ";
    out += fmt::format("[{}] {}", known == kind ? "x" : " ", known);
  }
  return out;
}

std::vector<Row> device_rows(const EvidenceItem& item) {
  const DeviceDescription& device = item.device;
  return {{"source of the record (tick)", ticks_of(device.kind)},
          {"make and model", device.make_model},
          {"colour", device.colour},
          {"serial number", device.serial},
          {"IMEI/UIN/UID/MAC/Cloud ID", device.identifiers},
          {"other information", device.other},
          {"record taken from", fmt::format("{} '{}'", name_of(item.kind), base::printable(item.path))},
          {"size", fmt::format("{} bytes in {} file{}", item.bytes, item.files, item.files == 1 ? "" : "s")}};
}

std::vector<Row> hash_rows(const EvidenceItem& item) {
  std::vector<Row> out;
  if (item.sha256.empty()) {
    out.push_back({"hash values", "of every file: see the enclosed hash report"});
    out.push_back({"SHA-256 of the hash list", item.manifest_sha256});
  } else {
    out.push_back({"SHA256", item.sha256});
    out.push_back({"SHA1", item.sha1});
    out.push_back({"MD5", item.md5});
  }
  out.push_back({"algorithm", "[x] SHA1   [x] SHA256   [x] MD5   [ ] Other"});
  out.push_back(
      {"hash values obtained", fmt::format("from {} to {}", indian_time(item.begun), indian_time(item.added))});
  out.push_back({"hash report", "enclosed"});
  return out;
}

void append(std::vector<Row>& rows, std::vector<Row> more) {
  rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::vector<Row> signature_rows() {
  return {{"name", std::string(k_blank)},
          {"signature", std::string(k_blank)},
          {"date (DD/MM/YYYY)", std::string(k_blank)},
          {"time (IST, 24 hours)", std::string(k_blank)},
          {"place", std::string(k_blank)}};
}

std::vector<Part> parts_of(const EvidenceItem& item) {
  Part a{.title = "Part A (to be filled in by the party)", .rows = {}};
  append(a.rows, {{"I, (name)", ""}, {"son / daughter / spouse of", ""}, {"residing / employed at", ""}});
  append(a.rows, device_rows(item));
  append(a.rows, {{"lawful control of the device, its regular use (statement of the party)", ""},
                  {"working properly, or effect of times when it was not (statement of the party)", ""},
                  {"record fed in the ordinary course of business (statement of the party)", ""},
                  {"the device is, by me (tick)", "[ ] owned   [ ] maintained   [ ] managed   [ ] operated"}});
  append(a.rows, hash_rows(item));
  append(a.rows, signature_rows());
  Part b{.title = "Part B (to be filled in by the expert)", .rows = {}};
  append(b.rows, {{"I, (name)", ""}, {"son / daughter / spouse of", ""}, {"residing / employed at", ""}});
  append(b.rows, device_rows(item));
  append(b.rows, hash_rows(item));
  append(b.rows, {{"designation", ""}});
  append(b.rows, signature_rows());
  return {std::move(a), std::move(b)};
}

Part custody_of(const EvidenceItem& item, const std::string& case_id) {
  Part out{.title = "Chain of custody (from the ledger)",
           .rows = {{"case", case_id},
                    {"evidence", item.id},
                    {"taken by", item.statement.by},
                    {"in the presence of", item.statement.witness},
                    {"where", item.statement.place},
                    {"why", item.statement.reason},
                    {"on the authority of", item.statement.authority},
                    {"unavoidable changes", item.statement.changes},
                    {"recorded by account", item.recorded_by},
                    {"ledger entries",
                     fmt::format("{} ({}) and {} ({})", item.begun_entry, item.begun, item.added_entry, item.added)}}};
  for (const CustodyEvent& event : item.events) {
    out.rows.push_back(
        {fmt::format("ledger entry {}", event.entry), fmt::format("{}: {}", event.time, sentence_of(event))});
  }
  return out;
}

std::string table_html(const Part& part) {
  std::string out = fmt::format("<h2>{}</h2><table>", escape_html(part.title));
  for (const Row& row : part.rows) {
    out += fmt::format("<tr><th>{}</th><td>{}</td></tr>", escape_html(row.name),
                       row.value.empty() ? "<span class=\"blank\">&nbsp;</span>" : escape_html(row.value));
  }
  return out + "</table>";
}

std::string report_html(const CertifiedItem& certified) {
  std::string out =
      "<div class=\"part\"><h2>Hash report</h2><table class=\"hashes\"><tr><th>file</th><th>bytes, SHA256, "
      "SHA1, MD5</th></tr>";
  for (const ManifestFile& file : certified.files) {
    out +=
        file.has_content()
            ? fmt::format("<tr><td>{}</td><td>{} bytes{}<br>{}<br>{}<br>{}</td></tr>", escape_html(file.path),
                          file.size_bytes, file.why.empty() ? "" : ", " + escape_html(file.why), file.sha256, file.sha1,
                          file.md5)
            : fmt::format("<tr><td>{}</td><td>not read: {}</td></tr>", escape_html(file.path), escape_html(file.why));
  }
  out += "</table>";
  if (certified.files_left_out > 0)
    out += fmt::format("<p>{} more files are in the hash list with SHA-256 {}.</p>", certified.files_left_out,
                       certified.item.manifest_sha256);
  return out + "</div>";
}

std::string report_text(const CertifiedItem& certified) {
  std::string out = "\nHASH REPORT\n";
  for (const ManifestFile& file : certified.files) {
    out += "\n" + base::printable(file.path) + "\n";
    if (file.has_content()) {
      out +=
          fmt::format("  bytes  {}{}\n  SHA256 {}\n  SHA1   {}\n  MD5    {}\n", file.size_bytes,
                      file.why.empty() ? "" : " (" + base::printable(file.why) + ")", file.sha256, file.sha1, file.md5);
    } else {
      out += "  not read: " + base::printable(file.why) + "\n";
    }
  }
  if (certified.files_left_out > 0)
    out += fmt::format("\n{} more files are in the hash list with SHA-256 {}\n", certified.files_left_out,
                       certified.item.manifest_sha256);
  return out;
}

}  // namespace

std::string indian_time(std::string_view rfc3339) {
  constexpr std::int64_t k_offset_ns = (5 * 60 + 30) * std::int64_t{60} * 1'000'000'000;
  const auto time_ns = base::parse_rfc3339(rfc3339);
  if (!time_ns || *time_ns > INT64_MAX - k_offset_ns) return {};
  const std::string local = base::format_rfc3339(*time_ns + k_offset_ns);
  return fmt::format("{}/{}/{} {} IST", local.substr(8, 2), local.substr(5, 2), local.substr(0, 4),
                     local.substr(11, 8));
}

base::Result<CertifiedItem> gather_certificate(const std::string& case_folder, const EvidenceItem& item) {
  if (item.added_entry == 0) {
    return base::Error{.code = base::ErrorCode::misuse,
                       .what = fmt::format("taking evidence {} was interrupted: it has no hash values", item.id),
                       .path = {},
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = "take it again, as new evidence"};
  }
  CertifiedItem out{.item = item, .files = {}, .files_left_out = 0};
  LG_TRY(visit_manifest(case_folder, item, [&](const ManifestFile& file) {
    if (out.files.size() < k_report_rows_max) {
      out.files.push_back(file);
    } else {
      ++out.files_left_out;
    }
    return base::Status(base::Done{});
  }));
  return out;
}

std::string write_certificate_html(const CertifiedItem& certified, const std::string& case_id) {
  std::string body = fmt::format("<h1>Certificate data sheet, evidence {}</h1><p>{}</p>",
                                 escape_html(certified.item.id), escape_html(k_about));
  const std::vector<Part> parts = parts_of(certified.item);
  body += table_html(parts[0]);
  body += "<div class=\"part\">" + table_html(parts[1]) + "</div>";
  body += "<div class=\"part\">" + table_html(custody_of(certified.item, case_id)) + "</div>";
  return page("Certificate data sheet", body + report_html(certified));
}

std::string write_certificate_text(const CertifiedItem& certified, const std::string& case_id) {
  std::string out = fmt::format("CERTIFICATE DATA SHEET, EVIDENCE {}\n\n{}\n", certified.item.id, k_about);
  std::vector<Part> parts = parts_of(certified.item);
  parts.push_back(custody_of(certified.item, case_id));
  for (const Part& part : parts) {
    out += "\n" + part.title + "\n\n";
    for (const Row& row : part.rows)
      out += fmt::format("  {:<30} {}\n", row.name,
                         row.value.empty() ? "______________________________" : base::printable(row.value));
  }
  return out + report_text(certified);
}

}  // namespace lastgood::evidence
