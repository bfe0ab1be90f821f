// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/output/restore_json.h"

#include <ostream>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "cli/output/json_lines.h"

namespace lastgood::cli {

namespace {

using Json = nlohmann::ordered_json;

Json json_of_ranges(const std::vector<model::ByteRange>& ranges) {
  Json out = Json::array();
  for (const model::ByteRange& range : ranges) out.push_back({range.from, range.to});
  return out;
}

Json json_of_filled(const recovery::FilledFile& file) {
  Json line = {{"type", "filled"}};
  set_text(line, "path", file.path);
  set_text(line, "from", file.from);
  line["proof"] = recovery::name_of(file.proof);
  line["bytes"] = recovery::filled_bytes(file);
  line["ranges"] = json_of_ranges(file.ranges);
  return line;
}

}  // namespace

void write_restore_json(const recovery::RestoreOutcome& outcome, std::ostream& out) {
  for (const recovery::ItemTrouble& trouble : outcome.refused) {
    Json line = {{"type", "refused"}};
    set_text(line, "path", trouble.path);
    line["why"] = base::printable(trouble.finding.rule + ": " + trouble.finding.sentence);
    out << line.dump() << "\n";
  }
  for (const recovery::IncompleteFile& file : outcome.incomplete) {
    Json line = {{"type", "incomplete"}};
    set_text(line, "path", file.path);
    set_text(line, "written", file.written_path);
    line["lost"] = json_of_ranges(file.lost);
    out << line.dump() << "\n";
  }
  for (const recovery::ItemTrouble& trouble : outcome.remarks) {
    Json line = {{"type", "remark"}};
    set_text(line, "path", trouble.path);
    line["why"] = base::printable(trouble.finding.rule + ": " + trouble.finding.sentence);
    out << line.dump() << "\n";
  }
  for (const recovery::FilledFile& file : outcome.filled) out << json_of_filled(file).dump() << "\n";
  const recovery::RestoreTally& tally = outcome.tally;
  Json line = {{"type", "restore"},
               {"files", tally.files},
               {"bytes", tally.bytes},
               {"folders", tally.folders},
               {"others", tally.others},
               {"known", tally.known},
               {"refused", tally.refused},
               {"incomplete", tally.incomplete},
               {"filled", tally.filled},
               {"kept", tally.kept},
               {"shared_bytes", tally.shared_bytes},
               {"remarks", outcome.remarks_total},
               {"seconds", tally.seconds},
               {"finished", outcome.finished}};
  set_text(line, "journal", outcome.journal_path);
  out << line.dump() << "\n";
}

}  // namespace lastgood::cli
