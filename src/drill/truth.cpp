// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/truth.h"

#include <nlohmann/json.hpp>

#include "base/checksum.h"

namespace lastgood::drill {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t k_gap_bytes = 4096;

Json json_of(const std::vector<model::ByteRange>& ranges) {
  std::vector<model::ByteRange> joined;
  for (const model::ByteRange& range : ranges) {
    if (!joined.empty() && range.from - joined.back().to < k_gap_bytes) {
      joined.back().to = range.to;
    } else {
      joined.push_back(range);
    }
  }
  Json out = Json::array();
  for (const model::ByteRange& range : joined) out.push_back({range.from, range.to});
  return out;
}

Json json_of(const TruthEntry& entry) {
  Json out{{"path", entry.path}, {"kind", entry.kind}, {"fate", name_of(entry.fate)}, {"size", entry.size_bytes}};
  Json right = Json::array();
  for (const model::Verdict verdict : entry.right) right.push_back(model::name_of(verdict));
  out["right"] = std::move(right);
  if (!entry.original.empty()) out["original"] = entry.original;
  if (entry.pattern.empty()) return out;
  out["pattern"] = entry.pattern;
  if (const DamagePattern* pattern = find_damage_pattern(entry.pattern)) out["cipher"] = name_of(pattern->cipher);
  out["replaced"] = json_of(entry.replaced);
  out["added"] = json_of(entry.added);
  out["key"] = base::hex(base::ByteView(entry.key.key));
  out["nonce"] = base::hex(base::ByteView(entry.key.nonce));
  return out;
}

}  // namespace

std::string_view name_of(Fate fate) {
  switch (fate) {
    case Fate::untouched: return "untouched";
    case Fate::renamed: return "renamed";
    case Fate::attacked: return "attacked";
    case Fate::damaged: return "damaged";
    case Fate::note: return "note";
  }
  return "untouched";
}

std::string write_truth(const Truth& truth) {
  Json files = Json::array();
  for (const TruthEntry& entry : truth.entries) files.push_back(json_of(entry));
  const Json out{{"format", "lastgood-truth-1"},
                 {"seed", truth.seed},
                 {"folder_id", truth.folder_id},
                 {"files", std::move(files)}};
  return out.dump(0, '\t', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lastgood::drill
