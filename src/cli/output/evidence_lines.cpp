// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/output/evidence_lines.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/human.h"
#include "cli/output/json_lines.h"

namespace lastgood::cli {

using base::human_bytes;
using base::human_count;

namespace {

nlohmann::ordered_json json_of(const evidence::EvidenceItem& item) {
  nlohmann::ordered_json line = {{"type", "evidence"}, {"id", item.id}, {"kind", evidence::name_of(item.kind)}};
  set_text(line, "path", item.path);
  line["finished"] = item.added_entry > 0;
  line["kept"] = item.kept;
  line["files"] = item.files;
  line["bytes"] = item.bytes;
  line["unreadable"] = item.unreadable;
  line["not_files"] = item.not_files;
  for (const auto& [name, digest] :
       {std::pair("sha256", &item.sha256), std::pair("sha1", &item.sha1), std::pair("md5", &item.md5)})
    line[name] = digest->empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(*digest);
  line["manifest_sha256"] = item.manifest_sha256;
  for (const auto& [name, text] :
       {std::pair("by", &item.statement.by), std::pair("where", &item.statement.place),
        std::pair("why", &item.statement.reason), std::pair("authority", &item.statement.authority),
        std::pair("changes", &item.statement.changes), std::pair("witness", &item.statement.witness)})
    set_text(line, name, *text);
  line["begun"] = item.begun;
  line["added"] = item.added;
  line["entries"] = {item.begun_entry, item.added_entry};
  line["events"] = nlohmann::ordered_json::array();
  for (const evidence::CustodyEvent& event : item.events)
    line["events"].push_back({{"entry", event.entry},
                              {"time", event.time},
                              {"kind", event.kind},
                              {"by", base::printable(event.by)},
                              {"and", base::printable(event.other_person)},
                              {"where", base::printable(event.place)},
                              {"text", base::printable(event.text)},
                              {"account", base::printable(event.account)}});
  return line;
}

/// To the second; the ledger and the certificate have all of it.
std::string to_second(const std::string& rfc3339) {
  const std::size_t dot = rfc3339.find('.');
  return dot == std::string::npos ? rfc3339 : rfc3339.substr(0, dot) + "Z";
}

}  // namespace

std::string json_line_of(const evidence::EvidenceItem& item) { return json_of(item).dump() + "\n"; }

std::string text_of(const evidence::EvidenceItem& item) {
  std::string out = fmt::format("{}  {} {}, {} in {} {}{}{}\n", item.id, evidence::name_of(item.kind),
                                base::printable(item.path), human_bytes(item.bytes), human_count(item.files),
                                item.files == 1 ? "file" : "files", item.kept ? ", kept" : "",
                                item.added_entry == 0 ? ", INTERRUPTED: take it again, as new evidence" : "");
  if (!item.sha256.empty())
    out +=
        fmt::format("        SHA-256 {}\n        SHA-1   {}\n        MD5     {}\n", item.sha256, item.sha1, item.md5);
  if (item.unreadable > 0) out += fmt::format("        {} could not be read\n", human_count(item.unreadable));
  if (item.not_files > 0)
    out +=
        fmt::format("        {} named and not read: links, devices, pipes or sockets\n", human_count(item.not_files));
  const evidence::CustodyStatement& said = item.statement;
  out += fmt::format("        {} taken by {} at {}: {}; on the authority of {}{}\n", to_second(item.begun),
                     base::printable(said.by), base::printable(said.place), base::printable(said.reason),
                     base::printable(said.authority),
                     said.witness.empty() ? "" : "; in the presence of " + base::printable(said.witness));
  for (const evidence::CustodyEvent& event : item.events)
    out += fmt::format("        {} {}\n", to_second(event.time), base::printable(sentence_of(event)));
  return out;
}

}  // namespace lastgood::cli
