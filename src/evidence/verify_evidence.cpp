// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "evidence/verify_evidence.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "evidence/evidence_place.h"

namespace lastgood::evidence {

namespace {

constexpr std::size_t k_verified_files = 1024;

CheckedFile check_one(const ManifestFile& file, const EvidencePlace& place,
                      const std::shared_ptr<base::ByteSource>& states) {
  CheckedFile out{.file = file, .outcome = Reread::same, .change = {}, .why = {}};
  const auto fail = [&out](const base::Error& error) {
    out.outcome = error.code == base::ErrorCode::not_found ? Reread::missing : Reread::unreadable;
    out.why = error.what;
  };
  auto opened = place.open(file.number, file.path);
  if (!opened.ok()) {
    fail(opened.error());
    return out;
  }
  KeptStates kept(states, file.first_state);
  auto change =
      locate_change(*opened.value().source,
                    {.size_bytes = file.size_bytes, .sha256 = file.sha256, .block_bytes = file.block_bytes}, kept);
  if (!change.ok()) {
    fail(change.error());
    return out;
  }
  out.change = std::move(change).value();
  if (!out.change.is_same()) out.outcome = Reread::differs;
  return out;
}

class Verifier {
 public:
  Verifier(const EvidencePlace& place, std::shared_ptr<base::ByteSource> states,
           const std::function<void(const CheckedFile&)>& visitor)
      : place_(&place), states_(std::move(states)), visitor_(&visitor) {}

  base::Status add(const ManifestFile& file) {
    if (file.has_content()) batch_.push_back({.file = file});
    if (batch_.size() >= k_verified_files) finish_batch();
    return base::Done{};
  }

  VerifyCounts finish() {
    finish_batch();
    return counts_;
  }

 private:
  void finish_batch() {
    std::atomic<std::size_t> next{0};
    {
      std::vector<std::jthread> threads;
      for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
        threads.emplace_back([this, &next] {
          for (std::size_t at = next++; at < batch_.size(); at = next++)
            batch_[at] = check_one(batch_[at].file, *place_, states_);
        });
      }
    }
    for (const CheckedFile& checked : batch_) count(checked);
    batch_.clear();
  }

  void count(const CheckedFile& checked) {
    counts_.bytes += checked.file.size_bytes;
    switch (checked.outcome) {
      case Reread::same: ++counts_.same; return;
      case Reread::differs: ++counts_.differ; break;
      case Reread::missing: ++counts_.missing; break;
      case Reread::unreadable: ++counts_.unreadable; break;
    }
    (*visitor_)(checked);
  }

  const EvidencePlace* place_;
  std::shared_ptr<base::ByteSource> states_;
  const std::function<void(const CheckedFile&)>* visitor_;
  std::vector<CheckedFile> batch_;
  VerifyCounts counts_;
};

}  // namespace

std::string_view name_of(Reread outcome) {
  switch (outcome) {
    case Reread::same: return "same";
    case Reread::differs: return "differs";
    case Reread::missing: return "missing";
    case Reread::unreadable: return "unreadable";
  }
  return "same";
}

base::Result<VerifyCounts> verify_evidence(const std::string& case_folder, ledger::Ledger& ledger,
                                           const EvidenceItem& item, Where where, const std::string& path,
                                           const std::function<void(const CheckedFile&)>& visitor) {
  auto place = where == Where::kept ? EvidencePlace::kept(case_folder, item.id)
                                    : EvidencePlace::original(item.kind, path.empty() ? item.path : path);
  if (!place.ok()) return place.error();
  LG_ASSIGN(const std::shared_ptr<base::ByteSource> states, open_states(case_folder, item));
  Verifier verifier(place.value(), states, visitor);
  LG_TRY(visit_manifest(case_folder, item, [&](const ManifestFile& file) { return verifier.add(file); }));
  const VerifyCounts counts = verifier.finish();
  LG_ASSIGN([[maybe_unused]] const ledger::Head head,
            ledger.append(k_kind_verified, {{"differ", static_cast<std::int64_t>(counts.differ)},
                                            {"evidence", item.id},
                                            {"missing", static_cast<std::int64_t>(counts.missing)},
                                            {"same", static_cast<std::int64_t>(counts.same)},
                                            {"text", std::string(where == Where::kept ? "kept copies" : "original")},
                                            {"unreadable", static_cast<std::int64_t>(counts.unreadable)}}));
  return counts;
}

}  // namespace lastgood::evidence
