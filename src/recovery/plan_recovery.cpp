// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/plan_recovery.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "base/human.h"
#include "recovery/appended_names.h"
#include "recovery/below.h"
#include "recovery/count_snapshots.h"
#include "recovery/doubtful_data.h"
#include "recovery/exchanged_since.h"
#include "recovery/find_version.h"
#include "recovery/layered_folder.h"
#include "recovery/logs_at_work.h"
#include "recovery/plan_builder.h"
#include "recovery/plan_layers.h"
#include "recovery/plan_units.h"
#include "services/leave_out.h"

namespace lastgood::recovery {

namespace {

using model::EntryKind;

constexpr std::size_t k_depth_max = 1024;
constexpr std::uint64_t k_progress_folders = 512;

/// The versions of one regular file, each content once, newest first.
struct FileVersions {
  struct Version {
    const model::TreeEntry* entry = nullptr;
    std::uint32_t newest = 0;  // layer
    std::uint32_t shown = 0;   // layer it is taken from: the newest clean one that has it, else the newest
    bool is_in_last_clean = false;
    Candidate candidate;
  };
  std::vector<Version> versions;
};

class Planner {
 public:
  Planner(const PlanRequest& request, OpenedSources& sources, const PlanLayers& layers, const VerdictTable& verdicts,
          LiveState& live, std::vector<std::string> extensions, casefile::CaseStore& store, PlanProgress& progress)
      : request_(request),
        sources_(sources),
        layers_(layers),
        verdicts_(verdicts),
        live_(live),
        extensions_(std::move(extensions)),
        store_(store),
        progress_(progress),
        builder_(sources, layers),
        units_(request, sources, layers, verdicts, live, builder_) {
    for (const auto& [path, hit] : live.hit) hit_paths_.insert(path);
    if (request.services == nullptr) return;
    if (request.in_place == PlanRequest::InPlace::asked &&
        request.policy.good_files == PlanPolicy::GoodFiles::leave_out)
      logs_at_work_.look(*request.services, live);
    for (const services::Service* const service : services::with_left_out(*request.services)) {
      for (const services::DataUnit& data : service->data) data_.push_back(data.path);
    }
  }

  base::Status read_units() { return units_.read(store_); }

  base::Status walk(const std::string& path, std::span<const LayerPlace> places, std::size_t depth) {
    if (depth > k_depth_max) return builder_.add_loss(path, "nested deeper than any real folder"), base::Done{};
    if (progress_.cancelled()) {
      return base::Error{.code = base::ErrorCode::cancelled,
                         .what = "interrupted while planning",
                         .path = {},
                         .offset_bytes = {},
                         .system_errno = 0,
                         .hint = "nothing was changed; run it again"};
    }
    std::string failure;
    const auto on_failure = [&](std::uint32_t layer, const base::Error& error) {
      failure = fmt::format("snapshot {} cannot be read here: {}", builder_.snapshot_name(layer), error.what);
    };
    const LayeredFolder folder = LayeredFolder::read(sources_, layers_.layers, places, on_failure);
    // As long as one snapshot can be read here, judging said of the others what is broken in them.
    if (folder.layers().empty() && !failure.empty()) builder_.add_loss(path.empty() ? "/" : path, failure);
    LG_TRY(check_trap(places, folder));
    if (++folders_ % k_progress_folders == 0) progress_.planning(folders_, builder_.item_count());
    for (const auto& [name, forms] : by_original_name(folder)) {
      const std::string below = path + "/" + name;
      if (!is_wanted(below)) continue;
      LG_TRY(take(below, folder, forms, depth));
    }
    return base::Done{};
  }

  /// Snapshots that were judged and are traps are left out before; this is for those that were not.
  base::Status check_trap(std::span<const LayerPlace> places, const LayeredFolder& folder) {
    std::size_t hash = 0;
    for (const LayerPlace& place : places)
      hash = (hash ^ std::hash<std::string>()(place.subtree) ^ layers_.layers[place.layer].source) * 0x9e3779b97f4a7c15;
    const std::size_t count = folder.entry_count();
    paths_ += count;
    if (known_folders_.insert(hash).second) entries_ += count;
    if (!is_trap_of_paths(paths_, entries_)) return base::Done{};
    return base::Error{
        .code = base::ErrorCode::limit_reached,
        .what = fmt::format("the snapshots have {} paths and more made of {} entries: no real tree is like that",
                            paths_, entries_),
        .path = {},
        .offset_bytes = {},
        .system_errno = 0,
        .hint = "judge the sources first: such a snapshot is then left out"};
  }

  base::Status plan_units_behind_links() { return units_.plan_units_behind_links(); }

  Plan finish() {
    logs_at_work_.leave_struck(live_, builder_);
    for (auto& [path, hit] : live_.hit) {
      if (hit.planned == HitFile::Planned::yes || !is_wanted(path) || hit.verdict == model::Verdict::undecided)
        continue;
      const PartElsewhere* const part = units_.find_part_elsewhere(path);
      builder_.add_loss(path, part == nullptr ? std::string("no good version is in any source") : describe_part(*part));
    }
    if (request_.services != nullptr)
      name_doubtful_data(
          *request_.services, live_, [this](const std::string& path) { return is_wanted(path); }, builder_);
    return builder_.finish();
  }

 private:
  /// Entries of the folder by the names they had before the attack. Of one name there may be several, by what is
  /// appended.
  using ByName = std::map<std::string, std::vector<NamedEntry>>;
  ByName by_original_name(const LayeredFolder& folder) const {
    ByName out;
    for (NamedEntry& entry : folder.names()) out[original_name(entry.name, extensions_)].push_back(std::move(entry));
    return out;
  }

  [[nodiscard]] bool is_wanted(std::string_view path) const {
    const auto& only = request_.policy.only;
    return only.empty() || std::any_of(only.begin(), only.end(), [&](const std::string& wanted) {
             const std::string_view shorter = wanted.size() < path.size() ? std::string_view(wanted) : path;
             const std::string_view longer = wanted.size() < path.size() ? path : std::string_view(wanted);
             return longer.starts_with(shorter) && (longer.size() == shorter.size() || longer[shorter.size()] == '/');
           });
  }

  base::Status take(const std::string& path, const LayeredFolder& folder, const std::vector<NamedEntry>& names,
                    std::size_t depth) {
    if (logs_at_work_.holds(path) || is_state_of_binlog(path, live_)) return base::Done{};
    if (const PartElsewhere* const part = units_.is_unit(path) ? nullptr : units_.find_part_elsewhere(path)) {
      units_.leave_part(path, *part);
      return base::Done{};
    }
    const bool is_left_deleted =
        request_.policy.deleted == PlanPolicy::Deleted::leave_out && (!is_alive(folder, names) || is_in_deleted(path));
    if (is_left_deleted && !is_needed(path)) {
      builder_.count_deleted();
      units_.say_deleted(path);
      return base::Done{};
    }
    if (units_.is_link_to_unit(path)) return base::Done{};
    if (units_.is_unit(path)) return units_.plan_unit(path, folder, names);
    if (units_.is_part_of_file_unit(path)) return base::Done{};
    const NamedEntry* plain = plain_name(path, names);
    const EntryForm* form = plain == nullptr ? nullptr : &wanted_form(*plain);
    const EntryKind kind = form == nullptr ? EntryKind::regular : form->entry->kind;
    if (kind == EntryKind::folder) {
      const std::string above = is_left_deleted ? std::exchange(deleted_, path) : deleted_;
      base::Status taken = take_folder(path, folder, *plain, *form, depth);
      deleted_ = above;
      return taken;
    }
    if (kind != EntryKind::regular) return take_special(path, *form);
    return take_file(path, names);
  }

  /// The form a folder or a special file is taken in: the newest from before the attack, else the newest.
  const EntryForm& wanted_form(const NamedEntry& entry) const {
    for (const EntryForm& form : entry.forms) {
      for (const std::uint32_t layer : form.layers) {
        if (layers_.layers[layer].moment == Candidate::Moment::before_attack) return form;
      }
    }
    return entry.forms.front();
  }

  static const NamedEntry* plain_name(std::string_view path, const std::vector<NamedEntry>& names) {
    const std::string_view name = path.substr(path.find_last_of('/') + 1);
    const auto at =
        std::find_if(names.begin(), names.end(), [&](const NamedEntry& entry) { return entry.name == name; });
    return at == names.end() ? nullptr : &*at;
  }

  /// Whether the path was there when the attack began, or came later: what its owner had deleted stays deleted. A
  /// series that once held it and lacks it in its newest snapshot before the attack says that it was deleted, unless
  /// another series saw it later.
  [[nodiscard]] bool is_alive(const LayeredFolder& folder, const std::vector<NamedEntry>& names) const {
    std::map<std::uint32_t, std::uint32_t> newest;  // by series: its newest layer before the attack that has the folder
    for (const std::uint32_t layer : folder.layers()) {
      if (layers_.layers[layer].moment == Candidate::Moment::since_attack) continue;
      const auto [at, is_new] = newest.try_emplace(layers_.layers[layer].series, layer);
      if (!is_new) at->second = std::min(at->second, layer);
    }
    std::int64_t seen_ns = INT64_MIN;
    std::set<std::uint32_t> held;  // series
    for (const NamedEntry& entry : names) {
      for (const EntryForm& form : entry.forms) {
        for (const std::uint32_t layer : form.layers) {
          const Layer& where = layers_.layers[layer];
          if (where.moment == Candidate::Moment::since_attack) return true;
          held.insert(where.series);
          const auto at = newest.find(where.series);
          if (at != newest.end() && at->second == layer) seen_ns = std::max(seen_ns, where.time_ns);
        }
      }
    }
    if (seen_ns == INT64_MIN) return false;
    return std::none_of(held.begin(), held.end(), [&](std::uint32_t series) {
      const auto at = newest.find(series);
      return at != newest.end() && layers_.layers[at->second].time_ns > seen_ns;
    });
  }

  /// What stands there struck no owner had deleted, nor what a service lives on: the newest snapshot may be one of the
  /// logs alone. True also of the folders above.
  [[nodiscard]] bool is_needed(const std::string& path) const {
    const auto below = hit_paths_.lower_bound(path + "/");
    const bool is_struck = live_.hit.contains(path) || (below != hit_paths_.end() && is_at_or_below(*below, path));
    return is_struck ||
           std::any_of(data_.begin(), data_.end(), [&](const std::string& data) { return is_at_or_below(data, path); });
  }
  /// Below a folder that is walked for the sake of what is needed in it.
  [[nodiscard]] bool is_in_deleted(const std::string& path) const {
    return !deleted_.empty() && is_at_or_below(path, deleted_) &&
           std::none_of(data_.begin(), data_.end(),
                        [&](const std::string& data) { return is_at_or_below(path, data); });
  }

  base::Status take_folder(const std::string& path, const LayeredFolder& folder, const NamedEntry& entry,
                           const EntryForm& form, std::size_t depth) {
    if (form.origin == EntryForm::Origin::made_up) return walk(path, folder.below(entry), depth + 1);
    const std::size_t before = builder_.item_count();
    PlanItem item = builder_.item_of(path, *form.entry, form.layers.front());
    item.why = builder_.why("folder: holds what is brought back");
    builder_.add(std::move(item));
    LG_TRY(walk(path, folder.below(entry), depth + 1));
    // A folder that nothing is brought back into is left as it is.
    if (builder_.item_count() == before + 1 && live_.covers(path)) builder_.take_back_folder();
    return base::Done{};
  }

  base::Status take_special(const std::string& path, const EntryForm& form) {
    if (live_.covers(path)) return base::Done{};  // scans do not look at links and devices: what is there stays
    PlanItem item = builder_.item_of(path, *form.entry, form.layers.front());
    item.why = builder_.why("special: a link, pipe or device as it was");
    builder_.add(std::move(item));
    return base::Done{};
  }

  base::Status take_file(const std::string& path, const std::vector<NamedEntry>& names) {
    const auto hit = live_.hit.find(path);
    const bool is_good_now = hit == live_.hit.end() && live_.is_left_alone(path);
    if (is_good_now && request_.policy.good_files == PlanPolicy::GoodFiles::leave_out) return base::Done{};
    const FileVersions found = versions_of(names);
    std::vector<Candidate> candidates;
    for (const FileVersions::Version& version : found.versions) candidates.push_back(version.candidate);
    Choice choice = choose_version(candidates);
    LG_TRY(prefer_database(found, choice));
    if (hit != live_.hit.end()) hit->second.planned = HitFile::Planned::yes;
    if (!choice.index) {
      // What the attack left, and nothing else ever stood there: nothing is lost.
      const bool is_attackers = std::all_of(candidates.begin(), candidates.end(), [](const Candidate& candidate) {
        return candidate.verdict == model::Verdict::note;
      });
      if (is_attackers || is_good_now) return base::Done{};
      builder_.add_loss(path, std::string(sentence_of(choice.reason)));
      return base::Done{};
    }
    const FileVersions::Version& version = found.versions[*choice.index];
    if (hit != live_.hit.end() && hit->second.verdict == model::Verdict::undecided &&
        choice.reason == ChoiceReason::undecided_before) {
      // Nothing says for sure that it was hit, and nothing better is there.
      const bool is_another = hit->second.size_bytes != version.entry->content.size_bytes ||
                              hit->second.mtime_ns != version.entry->mtime_ns;
      if (is_another && live_.is_changed_by_then(hit->second)) builder_.add_unjudged(path);
      return base::Done{};
    }
    PlanItem item = builder_.item_of(path, *version.entry, version.shown);
    item.verdict = *version.candidate.verdict;
    item.certainty = version.candidate.certainty;
    item.why = builder_.why(sentence_of(choice.reason));
    if (hit != live_.hit.end()) {
      item.current_path = hit->second.current_path;
      builder_.count_kept(hit->second.size_bytes);
    }
    if (!version.is_in_last_clean) builder_.count_gain(item.mtime_ns, layers_.layers[version.newest].time_ns);
    builder_.add(std::move(item));
    return base::Done{};
  }

  /// An emptied database is a whole empty file: where an older version is a database, that one is meant.
  base::Status prefer_database(const FileVersions& found, Choice& choice) const {
    if (!choice.index || found.versions[*choice.index].entry->content.size_bytes != 0) return base::Done{};
    for (std::size_t i = *choice.index + 1; i < found.versions.size(); ++i) {
      const FileVersions::Version& version = found.versions[i];
      if (version.candidate.verdict != model::Verdict::intact) continue;
      LG_ASSIGN(const std::optional<model::FileRecord> judged, find_judged(store_, version.entry->content.key));
      if (!is_good_database(judged)) continue;
      choice = {.index = i, .reason = ChoiceReason::older_database};
      return base::Done{};
    }
    return base::Done{};
  }

  FileVersions versions_of(const std::vector<NamedEntry>& names) const {
    FileVersions out;
    std::vector<std::pair<std::uint32_t, const EntryForm*>> forms;
    for (const NamedEntry& entry : names) {
      for (const EntryForm& form : entry.forms) {
        if (form.entry->kind == EntryKind::regular) forms.emplace_back(form.layers.front(), &form);
      }
    }
    std::sort(forms.begin(), forms.end());
    for (const auto& [newest, form] : forms) {
      for (const std::uint32_t layer : form->layers) add_version(out, *form->entry, layer);
    }
    std::sort(out.versions.begin(), out.versions.end(),
              [](const auto& a, const auto& b) { return a.newest < b.newest; });
    return out;
  }

  void add_version(FileVersions& found, const model::TreeEntry& entry, std::uint32_t number) const {
    const Layer& layer = layers_.layers[number];
    auto at = std::find_if(found.versions.begin(), found.versions.end(), [&](const FileVersions::Version& version) {
      return version.entry->content.key == entry.content.key && layers_.layers[version.newest].source == layer.source;
    });
    if (at == found.versions.end()) {
      FileVersions::Version version{.entry = &entry, .newest = number, .shown = number};
      const VerdictTable::Row* row = verdicts_.find(entry.content.key);
      if (row != nullptr) {
        version.candidate.verdict = row->verdict;
        version.candidate.certainty = row->certainty;
      }
      version.candidate.company = layer.company;
      version.candidate.moment = layer.moment;
      version.is_in_last_clean = number == layers_.last_clean;
      found.versions.push_back(std::move(version));
      return;
    }
    at->newest = std::min(at->newest, number);
    at->is_in_last_clean = at->is_in_last_clean || number == layers_.last_clean;
    if (layer.moment == Candidate::Moment::before_attack) at->candidate.moment = layer.moment;
    const bool is_better = layer.company == Candidate::Company::clean &&
                           (at->candidate.company == Candidate::Company::struck || number < at->shown);
    if (!is_better) return;
    at->candidate.company = layer.company;
    at->shown = number;
    at->entry = &entry;
  }

  const PlanRequest& request_;
  OpenedSources& sources_;
  const PlanLayers& layers_;
  const VerdictTable& verdicts_;
  LiveState& live_;
  std::vector<std::string> extensions_;
  casefile::CaseStore& store_;
  PlanProgress& progress_;
  PlanBuilder builder_;
  UnitPlanner units_;
  LogsAtWork logs_at_work_;
  std::set<std::string> hit_paths_;
  std::vector<std::string> data_;  // paths that services live on
  std::string deleted_;            // the folder being walked that its owner had deleted but for what is needed
  std::uint64_t folders_ = 0;
  std::unordered_set<std::size_t> known_folders_;  // hashes of what was walked
  std::uint64_t paths_ = 0;                        // of entries, each as often as it is reached
  std::uint64_t entries_ = 0;                      // each once
};

void describe(Plan& plan, const PlanRequest& request, const OpenedSources& sources, const PlanLayers& layers) {
  plan.made_ns = request.now_ns;
  plan.case_name = request.case_name;
  plan.attack_began_ns = layers.attack_began_ns;
  plan.attack_basis = layers.attack_basis;
  plan.as_of_ns = request.opening.as_of_ns.value_or(0);
  if (request.opening.erased == sources::OpenOptions::Erased::include) plan.erased = Plan::Erased::include;
  if (request.policy.good_files == PlanPolicy::GoodFiles::plan) plan.target = Plan::Target::beside;
  for (const OpenedSource& opened : sources.opened) {
    plan.sources.push_back({.name = opened.record.name,
                            .address = opened.record.address,
                            .format = opened.source->traits().format,
                            .independence = opened.record.independence});
  }
  if (layers.last_clean != UINT32_MAX) {
    const Layer& clean = layers.layers[layers.last_clean];
    const OpenedSource& opened = sources.opened[clean.source];
    plan.last_clean_snapshot =
        opened.record.name + " " + opened.snapshots[clean.snapshot].id + " of " + base::utc_time(clean.time_ns);
  }
}

}  // namespace

base::Result<Plan> plan_recovery(const PlanRequest& request, casefile::CaseStore& store, OpenedSources& sources,
                                 PlanProgress& progress) {
  LG_ASSIGN(const std::vector<std::string> extensions, appended_extensions(store));
  LG_ASSIGN(LiveState live, read_live_state(store, extensions));
  if (request.in_place == PlanRequest::InPlace::asked && !request.case_folder.empty())
    LG_TRY(leave_exchanged(live, request.case_folder));
  // What no scan covers is planned whole, whatever is there now.
  if (request.policy.good_files == PlanPolicy::GoodFiles::plan) live.roots.clear();
  LG_ASSIGN(const VerdictTable verdicts, VerdictTable::read(store));
  LG_ASSIGN(const PlanLayers layers, find_layers(request.policy, live.attack_began_ns, sources, store));
  Planner planner(request, sources, layers, verdicts, live, extensions, store, progress);
  LG_TRY(planner.read_units());
  LG_TRY(planner.walk("", layers.roots, 0));
  LG_TRY(planner.plan_units_behind_links());
  Plan plan = planner.finish();
  describe(plan, request, sources, layers);
  return plan;
}

}  // namespace lastgood::recovery
