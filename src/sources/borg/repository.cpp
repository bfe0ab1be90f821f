// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/repository.h"

#include <algorithm>
#include <charconv>

#include "base/rfc3339.h"
#include "sources/borg/open_key.h"
#include "sources/borg/segment_entry.h"

namespace lastgood::sources::borg {

using base::ByteView;
using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t k_config_bytes_max = 1U << 20;
constexpr std::size_t k_transactions_bytes_max = 256U << 20;
// The manifests of the past that are looked at, newest first.
constexpr std::size_t k_manifests_max = 20'000;
constexpr std::size_t k_objects_tried = 100;

void add(Repository& repository, const char* rule, std::string sentence,
         model::Weight weight = model::Weight::contradicts) {
  repository.findings.push_back({.rule = rule, .sentence = std::move(sentence), .weight = weight});
}

Result<RepoConfig> read_config(Repository& repository) {
  const SegmentStore& store = *repository.store;
  if (store.has_folder("config")) {
    return Error{.code = ErrorCode::unsupported,
                 .what = "'" + base::printable(store.location()) + "' is a repository of borg 2",
                 .path = store.location(),
                 .hint = "repositories of borg 1 can be read"};
  }
  const Result<std::string> text = store.read_file("config", k_config_bytes_max);
  const std::optional<RepoConfig> config = text ? parse_repo_config(text.value()) : std::nullopt;
  if (!config && store.segments().empty()) {
    return Error{.code = ErrorCode::not_found,
                 .what = "no borg repository in '" + base::printable(store.location()) + "'",
                 .path = store.location(),
                 .hint = "name the folder that holds 'config' and 'data'"};
  }
  if (!config) {
    // The segments say all that is needed, but for the key.
    add(repository, "borg.config.broken", "'config' is missing or no configuration of borg");
    return RepoConfig{};
  }
  if (config->version != "1") {
    return Error{
        .code = ErrorCode::unsupported,
        .what = "the repository has version '" + base::printable(config->version.substr(0, 20)) + "', known is 1",
        .path = store.location(),
        .hint = "repositories of borg 1 can be read"};
  }
  return *config;
}

Status refuse_attic(const SegmentStore& store) {
  if (store.segments().empty()) return base::Done{};
  Result<os::EvidenceFile> file = store.open_segment(store.segments().back().number);
  std::array<std::uint8_t, 8> magic{};
  if (!file || !file.value().read(0, magic)) return base::Done{};
  if (!ByteView(magic).matches(0, k_attic_magic)) return base::Done{};
  return Error{.code = ErrorCode::unsupported,
               .what = "'" + base::printable(store.location()) + "' is a repository of attic",
               .path = store.location(),
               .hint = "make a copy of it and run 'borg upgrade' on the copy"};
}

/// The first byte of the newest manifest that can be read, else of the objects at hand, says how all are packed.
std::optional<KeyKind> find_key_kind(const Repository& repository, const std::vector<ManifestPlace>& manifests) {
  const auto kind_at = [&](const ObjectPlace& place) -> std::optional<KeyKind> {
    const Result<Bytes> sealed = read_entry(*repository.store, place);
    if (!sealed || sealed.value().empty()) return std::nullopt;
    return key_kind_of(sealed.value()[0]);
  };
  std::size_t tried = 0;
  for (auto place = manifests.rbegin(); place != manifests.rend() && tried < k_objects_tried; ++place, ++tried) {
    if (const auto kind = kind_at({.segment = place->segment, .offset_bytes = place->offset_bytes})) return kind;
  }
  const std::size_t step = std::max<std::size_t>(1, repository.table->size() / k_objects_tried);
  for (std::size_t i = 0; i < repository.table->size(); i += step) {
    if (const auto kind = kind_at(repository.table->at(i))) return kind;
  }
  return std::nullopt;
}

Result<DatedManifest> read_manifest(const Repository& repository, const ManifestPlace& place) {
  Bytes bytes;
  LG_TRY(repository.reader->read_manifest(place.segment, place.offset_bytes, bytes));
  DatedManifest dated;
  LG_ASSIGN(dated.manifest, parse_manifest(ByteView(bytes)));
  const ObjectCodec codec(repository.kind, repository.key);
  dated.tam = check_tam(codec, ByteView(bytes), dated.manifest.tam, "manifest");
  dated.time_ns = dated.manifest.time_ns;
  return dated;
}

/// Fills in the moments from the log's own order and record.
void date_manifests(const Repository& repository, const std::vector<ManifestPlace>& places,
                    std::vector<DatedManifest>& manifests) {
  const Result<std::string> text = repository.store->read_file("transactions", k_transactions_bytes_max);
  const std::vector<TransactionTime> times = text ? parse_transactions(text.value()) : std::vector<TransactionTime>();
  std::int64_t latest = INT64_MIN;
  for (std::size_t i = 0; i < manifests.size(); ++i) {
    const auto recorded =
        std::lower_bound(times.begin(), times.end(), places[i].commit,
                         [](const TransactionTime& t, std::uint32_t commit) { return t.commit < commit; });
    if (recorded != times.end() && recorded->commit == places[i].commit) manifests[i].time_ns = recorded->time_ns;
    manifests[i].time_ns = std::max(manifests[i].time_ns, latest);
    latest = manifests[i].time_ns;
  }
}

/// All manifests of the log that can be read, oldest first, with their moments.
std::vector<DatedManifest> read_history(Repository& repository, std::vector<ManifestPlace> places,
                                        bool uncommitted_too) {
  std::erase_if(places, [&](const ManifestPlace& place) { return place.commit == UINT32_MAX && !uncommitted_too; });
  if (places.size() > k_manifests_max) places.erase(places.begin(), places.end() - k_manifests_max);
  std::vector<DatedManifest> manifests;
  std::vector<ManifestPlace> readable;
  for (const ManifestPlace& place : places) {
    Result<DatedManifest> dated = read_manifest(repository, place);
    if (!dated) {
      add(repository, "borg.manifest.broken", dated.error().what);
      continue;
    }
    manifests.push_back(std::move(dated).value());
    readable.push_back(place);
  }
  date_manifests(repository, readable, manifests);
  return manifests;
}

Error nothing_as_early(std::int64_t as_of_ns, const std::vector<DatedManifest>& history, const std::string& location) {
  const std::string oldest = history.empty() ? "no manifest can be read"
                                             : "its oldest manifest is of " + base::format_rfc3339(history[0].time_ns);
  return {.code = ErrorCode::not_found,
          .what = "the repository cannot be seen as of " + base::format_rfc3339(as_of_ns) + ": " + oldest,
          .path = location,
          .hint = "borg keeps earlier states until it compacts; ask for a later moment"};
}

Status choose_from_history(Repository& repository, LoggedObjects& log, const OpenOptions& options) {
  const bool include_erased = options.erased == OpenOptions::Erased::include;
  std::vector<DatedManifest> history = read_history(repository, log.manifests, include_erased && !options.as_of_ns);
  if (options.as_of_ns) {
    std::vector<DatedManifest> until = history;
    std::erase_if(until, [&](const DatedManifest& m) { return m.time_ns > *options.as_of_ns; });
    if (until.empty()) return nothing_as_early(*options.as_of_ns, history, repository.store->location());
    history = std::move(until);
  }
  if (!history.empty()) {
    repository.manifest = std::move(history.back());
    history.pop_back();
  }
  if (include_erased) {
    repository.earlier.assign(std::make_move_iterator(history.rbegin()), std::make_move_iterator(history.rend()));
    if (!options.as_of_ns) repository.tails = std::move(log.tails);
  }
  return base::Done{};
}

/// The manifest that holds now; when it is broken, the newest in the log that is not.
Status choose_current(Repository& repository) {
  if (const std::optional<std::uint32_t> place = repository.table->find(ObjectId{})) {
    const ObjectPlace& at = repository.table->at(*place);
    Result<DatedManifest> dated =
        read_manifest(repository, {.segment = at.segment, .offset_bytes = at.offset_bytes, .commit = 0});
    if (dated) {
      repository.manifest = std::move(dated).value();
      return base::Done{};
    }
    if (dated.error().code == ErrorCode::unsupported) return dated.error();
    add(repository, "borg.manifest.broken", dated.error().what);
  }
  LG_ASSIGN(LoggedObjects log, scan_log(*repository.store));
  std::vector<DatedManifest> history = read_history(repository, log.manifests, false);
  if (!history.empty()) repository.manifest = std::move(history.back());
  add(repository, "borg.manifest.missing",
      history.empty() ? "there is no manifest that can be read: no archive is listed"
                      : "the newest manifest cannot be read, the one of " +
                            base::format_rfc3339(repository.manifest->time_ns) + " is taken");
  return base::Done{};
}

void add_tam_finding(Repository& repository) {
  if (!repository.manifest) return;
  switch (repository.manifest->tam) {
    case Tam::valid: return;
    case Tam::missing:
      if (!repository.key.tam_required) return;
      return add(repository, "borg.manifest.tam",
                 "the manifest does not prove itself genuine, though the key asks for it");
    case Tam::invalid:
      return add(repository, "borg.manifest.tam", "the manifest's own authentication does not fit: it may be forged");
    case Tam::unknown_suite:
      return add(repository, "borg.manifest.tam", "the manifest is authenticated in a way that is not known");
  }
}

}  // namespace

std::vector<TransactionTime> parse_transactions(std::string_view text) {
  constexpr std::string_view k_before = "transaction ";
  constexpr std::string_view k_between = ", UTC time ";
  std::vector<TransactionTime> times;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.starts_with(k_before)) continue;
    line.remove_prefix(k_before.size());
    TransactionTime time;
    const auto [number_end, error] = std::from_chars(line.data(), line.data() + line.size(), time.commit);
    line.remove_prefix(static_cast<std::size_t>(number_end - line.data()));
    if (error != std::errc() || !line.starts_with(k_between)) continue;
    const std::optional<std::int64_t> time_ns = parse_borg_time(line.substr(k_between.size()));
    if (!time_ns) continue;
    time.time_ns = *time_ns;
    times.push_back(time);
  }
  // Of two lines about one transaction the later one counts.
  std::stable_sort(times.begin(), times.end(),
                   [](const TransactionTime& a, const TransactionTime& b) { return a.commit < b.commit; });
  std::vector<TransactionTime> last;
  for (const TransactionTime& time : times) {
    if (!last.empty() && last.back().commit == time.commit) last.pop_back();
    last.push_back(time);
  }
  return last;
}

Result<Repository> open_repository(const std::string& location, const SourceSecrets& secrets,
                                   const OpenOptions& options) {
  Repository repository;
  LG_ASSIGN(SegmentStore store, SegmentStore::open(location));
  repository.store = std::make_unique<SegmentStore>(std::move(store));
  LG_ASSIGN(const RepoConfig config, read_config(repository));
  LG_TRY(refuse_attic(*repository.store));
  const auto take = [&](std::vector<model::Finding>& findings) {
    repository.findings.insert(repository.findings.end(), findings.begin(), findings.end());
  };
  repository.findings.insert(repository.findings.end(), repository.store->findings().begin(),
                             repository.store->findings().end());
  const bool needs_log = options.as_of_ns || options.erased == OpenOptions::Erased::include;
  LoggedObjects log;
  if (needs_log) {
    LG_ASSIGN(log, scan_log(*repository.store));
    take(log.findings);
    repository.table = std::make_unique<ObjectTable>(std::move(log.table));
  } else {
    LG_ASSIGN(LiveObjects live, load_objects(*repository.store));
    take(live.findings);
    repository.table = std::make_unique<ObjectTable>(std::move(live.table));
    if (const std::optional<std::uint32_t> place = repository.table->find(ObjectId{})) {
      const ObjectPlace& at = repository.table->at(*place);
      log.manifests.push_back({.segment = at.segment, .offset_bytes = at.offset_bytes});
    }
  }
  std::optional<KeyKind> kind = find_key_kind(repository, log.manifests);
  if (!kind && !needs_log) {
    // An index that leads nowhere: the log itself knows better.
    LG_ASSIGN(const LoggedObjects whole, scan_log(*repository.store));
    kind = find_key_kind(repository, whole.manifests);
  }
  if (!kind) {
    return Error{.code = ErrorCode::damaged_source,
                 .what = "no object of the repository '" + base::printable(location) + "' can be read",
                 .path = location,
                 .hint = "is it a repository of borg 1, and were its files in 'data' encrypted or emptied?"};
  }
  repository.kind = *kind;
  LG_ASSIGN(repository.key, open_key(repository.kind, config, secrets, location));
  repository.reader =
      std::make_unique<ObjectReader>(*repository.store, *repository.table, repository.kind, repository.key);
  LG_TRY(needs_log ? choose_from_history(repository, log, options) : choose_current(repository));
  add_tam_finding(repository);
  return repository;
}

}  // namespace lastgood::sources::borg
