// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/output/json_lines.h"

#include "base/base64.h"
#include "base/checksum.h"
#include "base/error.h"
#include "base/human.h"
#include "base/utf8.h"

namespace lastgood::cli {

using base::human_bytes;
using base::human_count;
using base::human_seconds;
using base::utc_time;

namespace {
std::string hex(const std::vector<std::uint8_t>& bytes) {
  return base::hex(base::ByteView(std::span<const std::uint8_t>(bytes)));
}
}  // namespace

void set_text(nlohmann::ordered_json& object, const std::string& name, const std::string& bytes) {
  if (base::is_utf8(bytes)) {
    object[name] = bytes;
    return;
  }
  object[name] = base::printable(bytes);
  object[name + "_b64"] = base::base64(base::ByteView(std::string_view(bytes)));
}

nlohmann::ordered_json json_of(const model::FileRecord& file) {
  nlohmann::ordered_json line = {{"type", "file"}};
  set_text(line, "path", file.path);
  line["verdict"] = model::name_of(file.verdict);
  line["certainty"] = model::name_of(file.certainty);
  line["format"] = file.format;
  line["size"] = file.size_bytes;
  line["mtime"] = utc_time(file.mtime_ns);
  if (!file.original_name.empty()) set_text(line, "original_name", file.original_name);
  if (!file.ranges.empty()) {
    auto& ranges = line["ranges"] = nlohmann::ordered_json::array();
    for (const model::ByteRange& range : file.ranges) ranges.push_back({range.from, range.to});
  }
  auto& reasons = line["reasons"] = nlohmann::ordered_json::array();
  for (const model::Reason& reason : file.reasons)
    reasons.push_back(base::printable(reason.rule + ": " + reason.sentence));
  if (!file.sha256.empty()) line["sha256"] = hex(file.sha256);
  if (file.campaign_id != 0) line["campaign"] = file.campaign_id;
  return line;
}

nlohmann::ordered_json json_of(const model::Campaign& campaign) {
  nlohmann::ordered_json object = {{"id", campaign.id},
                                   {"certainty", model::name_of(campaign.certainty)},
                                   {"files", campaign.file_count},
                                   {"bytes", campaign.size_bytes}};
  set_text(object, "extension", campaign.extension);
  if (!campaign.head.empty()) object["head_hex"] = hex(campaign.head);
  if (!campaign.tail.empty()) object["tail_hex"] = hex(campaign.tail);
  if (campaign.footer_bytes != 0) object["footer_bytes"] = campaign.footer_bytes;
  if (!campaign.family.empty()) object["family"] = campaign.family;
  object["contacts"] = campaign.contacts;
  object["notes"] = campaign.note_count;
  object["first_change"] = utc_time(campaign.first_change_ns);
  object["last_change"] = utc_time(campaign.last_change_ns);
  auto& reasons = object["reasons"] = nlohmann::ordered_json::array();
  for (const model::Reason& reason : campaign.reasons) reasons.push_back(reason.rule + ": " + reason.sentence);
  return object;
}

nlohmann::ordered_json json_of(const scan::ScanOutcome& outcome) {
  nlohmann::ordered_json line = {{"type", "summary"},
                                 {"files", outcome.counts.files},
                                 {"bytes", outcome.counts.bytes},
                                 {"bytes_read", outcome.counts.bytes_read}};
  auto& verdicts = line["verdicts"] = nlohmann::ordered_json::object();
  for (int i = 0; i < model::k_verdict_count; ++i)
    verdicts[std::string(model::name_of(static_cast<model::Verdict>(i)))] =
        outcome.counts.files_by_verdict.at(static_cast<std::size_t>(i));
  line["seconds"] = outcome.seconds;
  auto& campaigns = line["campaigns"] = nlohmann::ordered_json::array();
  for (const model::Campaign& campaign : outcome.campaigns) campaigns.push_back(json_of(campaign));
  line["skipped"] = outcome.counts.skipped;
  line["finished"] = outcome.finished;
  line["scan"] = outcome.scan_id;
  return line;
}

nlohmann::ordered_json time_or_null(std::int64_t time_ns) {
  return time_ns == 0 ? nlohmann::ordered_json() : nlohmann::ordered_json(base::utc_time(time_ns));
}

}  // namespace lastgood::cli
