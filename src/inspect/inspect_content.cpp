// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "inspect/inspect_content.h"

#include <algorithm>
#include <span>

#include "base/utf8.h"
#include "base/watched_source.h"
#include "formats/format_table.h"
#include "indicators/find_contacts.h"
#include "indicators/ransom_note.h"
#include "indicators/readable_text.h"
#include "inspect/claimed_name.h"
#include "inspect/measure_texture.h"
#include "inspect/try_formats.h"
#include "verdict/decide_verdict.h"

namespace lastgood::inspect {

namespace {

using base::ByteView;
using model::Depth;
using model::Shape;
using model::Verdict;
using verdict::Facts;

constexpr std::size_t k_contacts_max = 16;
constexpr std::size_t k_contact_search_bytes = 16 * 1024;
constexpr std::size_t k_phase_bytes = 1024 * 1024;

formats::WalkLimits limits_of(const InspectOptions& options, std::uint64_t size_bytes) {
  switch (options.depth) {
    case Depth::quick:
      return {.read_bytes_max = 256 * 1024 + size_bytes / 100, .steps_max = 200'000, .seed = options.seed};
    case Depth::standard: return {.read_bytes_max = 128ULL * 1024 * 1024, .steps_max = 5'000'000, .seed = options.seed};
    case Depth::full: break;
  }
  return {.read_bytes_max = UINT64_MAX, .steps_max = 4'000'000'000, .seed = options.seed};
}

std::vector<std::uint8_t> copy(ByteView view) { return {view.begin(), view.end()}; }

/// Text of an 8-bit encoding is told by what its bytes have in common, and that is left when one keystream lies over
/// it.
void measure_odd_text(const formats::WalkInput& input, const formats::Format& format, Facts& facts) {
  constexpr std::size_t k_look_bytes = 4096;
  constexpr std::size_t k_character_bytes_max = 4;
  if (format.family != formats::Family::text && format.family != formats::Family::mail) return;
  const std::string_view head = input.head().part(0, k_look_bytes).text();
  // The last character may be cut by the look itself.
  const auto is_whole_utf8 = [&](std::size_t cut) { return base::is_utf8(head.substr(0, head.size() - cut)); };
  for (std::size_t cut = 0; cut < k_character_bytes_max && cut < head.size(); ++cut) {
    if (is_whole_utf8(cut)) return;
  }
  facts.keystream = verdict::find_keystream_reuse(input.whole().empty() ? input.head() : input.whole());
}

/// Nothing for text, whose walkers look for foreign bytes themselves, and for programs: tables of cryptographic code
/// stand between its instructions and look random for a hundred KiB.
const PlainGrain* find_grain(formats::Family family) {
  switch (family) {
    case formats::Family::text:
    case formats::Family::mail:
    case formats::Family::program: return nullptr;
    case formats::Family::image: return &k_pixel_grain;
    case formats::Family::audio_video: return &k_sound_grain;
    case formats::Family::document:
    case formats::Family::archive:
    case formats::Family::database:
    case formats::Family::disk:
    case formats::Family::font:
    case formats::Family::owner_encrypted:
    case formats::Family::backup:
    case formats::Family::other: break;
  }
  return &k_record_grain;
}

void measure_whole(formats::WalkInput& input, const InspectOptions& options, const Trials& trials, Facts& facts) {
  verdict::StructureFact& whole = facts.structures[trials.whole];
  if (whole.end_bytes && *whole.end_bytes < input.size_bytes()) {
    const ByteView tail = input.at(*whole.end_bytes, 64 * 1024);
    const verdict::Texture texture = verdict::texture_of(tail);
    if (texture != verdict::Texture::zero) {
      facts.trailing = {
          .from_bytes = *whole.end_bytes, .length_bytes = input.size_bytes() - *whole.end_bytes, .texture = texture};
    }
  }
  const formats::Format& format = *trials.formats[trials.whole];
  if (const PlainGrain* grain = find_grain(format.family); grain != nullptr)
    whole.random_in_plain = find_random_in_plain(input, trials.reports[trials.whole].regions, *grain);
  if (format.family == formats::Family::program && options.depth == Depth::full && whole.reach != model::Reach::content)
    whole.random_unexplained = find_random_unexplained(input, trials.reports[trials.whole].regions);
  measure_odd_text(input, format, facts);
}

bool begins_as_compressed(const Facts& facts) {
  return std::any_of(facts.structures.begin(), facts.structures.end(), [](const verdict::StructureFact& fact) {
    return fact.shape == Shape::broken && fact.nature == verdict::Nature::compressed;
  });
}

void measure_doubt(formats::WalkInput& input, const InspectOptions& options, Facts& facts) {
  facts.texture = measure_texture(input, options.seed);
  const bool mixed = facts.texture->random_bytes < facts.texture->tested_bytes;
  if (mixed && input.size_bytes() >= verdict::k_block_bytes / 2 &&
      facts.texture->zero_bytes < facts.texture->tested_bytes) {
    const ByteView bytes = input.whole().empty() ? input.at(0, k_phase_bytes) : input.whole();
    facts.phase = verdict::find_phase_pattern(bytes, 0);
    // In compressed payload nothing but a sector that was written several times repeats; who lays a keystream renames.
    const bool is_packed = facts.name.appended.empty() &&
                           (facts.name.firm_nature == verdict::Nature::compressed || begins_as_compressed(facts));
    if (!facts.phase && !is_packed) facts.keystream = verdict::find_keystream_reuse(bytes);
  }
  if (facts.texture->random_bytes > 0) facts.repeated_cells = verdict::repeated_cell_share(input.head(), 16);
}

void find_rest(formats::WalkInput& input, const formats::Format& named, Facts& facts) {
  const auto begins = [&](const verdict::StructureFact& fact) {
    return fact.format == named.id && fact.shape != Shape::foreign;
  };
  if (named.find_rest == nullptr || std::any_of(facts.structures.begin(), facts.structures.end(), begins)) return;
  const std::optional<formats::SurvivingRest> rest = named.find_rest(input);
  if (!rest) return;
  facts.rest = {.is_shifted = rest->place == formats::SurvivingRest::Place::shifted, .sentence = rest->sentence};
}

/// Contacts in the first and last bytes of something that is not text: no tool but an attacker's writes them there.
void find_edge_contacts(const formats::WalkInput& input, Facts& facts, Inspection& inspection) {
  std::vector<indicators::Contact> contacts =
      indicators::find_contacts(input.head().part(0, k_contact_search_bytes), 0, k_contacts_max);
  // The head may have been all of it.
  const ByteView tail = input.size_bytes() > k_contact_search_bytes ? input.tail() : ByteView();
  const std::size_t skip = tail.size() > k_contact_search_bytes ? tail.size() - k_contact_search_bytes : 0;
  const std::uint64_t tail_from = input.size_bytes() - std::min<std::uint64_t>(input.size_bytes(), tail.size() - skip);
  for (indicators::Contact& contact : indicators::find_contacts(tail.part(skip), tail_from, k_contacts_max))
    contacts.push_back(std::move(contact));
  for (const indicators::Contact& contact : contacts) {
    facts.contacts.push_back(contact.kind + ":" + contact.value);
    inspection.sightings.push_back({.kind = contact.kind,
                                    .value = contact.value,
                                    .level = contact.level,
                                    .path = {},
                                    .offset_bytes = contact.offset_bytes});
  }
}

bool is_readable_text(const Trials& trials) {
  if (!trials.has_whole()) return false;
  const formats::Family family = trials.formats[trials.whole]->family;
  return family == formats::Family::text || family == formats::Family::mail || family == formats::Family::document;
}

void find_note(formats::WalkInput& input, const Trials& trials, std::string_view name, Facts& facts,
               Inspection& inspection) {
  if (!is_readable_text(trials)) return;
  const formats::Format& format = *trials.formats[trials.whole];
  const std::string read = format.read_text != nullptr ? format.read_text(input) : std::string();
  const ByteView text = format.read_text != nullptr ? ByteView(std::string_view(read)) : input.whole();
  if (!indicators::may_be_note(text, name)) return;
  facts.note_signs = indicators::find_note_signs(text, name);
  if (facts.note_signs.empty()) return;
  std::vector<indicators::Contact> contacts = indicators::find_contacts(text, 0, k_contacts_max);
  // Where a contact stands in text that was decoded says nothing about the file.
  bool has_offsets = format.read_text == nullptr;
  if (contacts.empty()) {
    has_offsets = false;
    const std::string readable = indicators::readable_text(text);
    contacts = indicators::find_contacts(ByteView(std::string_view(readable)), 0, k_contacts_max);
  }
  for (const indicators::Contact& contact : contacts) {
    inspection.sightings.push_back({.kind = contact.kind,
                                    .value = contact.value,
                                    .level = contact.level,
                                    .path = {},
                                    .offset_bytes = has_offsets ? contact.offset_bytes : 0});
  }
}

/// Findings may speak of bytes that a header promises and that are not there; a verdict names what is.
std::vector<model::ByteRange> inside(const std::vector<model::ByteRange>& ranges, std::uint64_t size_bytes) {
  std::vector<model::ByteRange> kept;
  for (const model::ByteRange& range : ranges) {
    const model::ByteRange clamped{.from = range.from, .to = std::min(range.to, size_bytes)};
    if (clamped.from < clamped.to) kept.push_back(clamped);
  }
  return kept;
}

struct Inspected {
  Inspection inspection;
  Facts facts;
  Trials trials;
};

Inspected inspect(base::ByteSource& source, std::string_view name, const InspectOptions& options) {
  thread_local formats::WalkBuffers buffers;
  Inspected out;
  Facts& facts = out.facts;
  Inspection& inspection = out.inspection;
  formats::WalkInput input(source, buffers, name, options.depth, limits_of(options, source.size_bytes()));
  facts.size_bytes = input.size_bytes();
  facts.depth = options.depth;

  if (!input.read_error() && input.size_bytes() > 0) {
    const ClaimedName claims = read_claims(name);
    inspection.original_name = claims.original_name;
    out.trials = try_formats(input, claims, facts);
    if (out.trials.has_whole()) {
      measure_whole(input, options, out.trials, facts);
      find_note(input, out.trials, name, facts, inspection);
    } else {
      if (!claims.firm.empty()) find_rest(input, *claims.firm.front(), facts);
      measure_doubt(input, options, facts);
      find_edge_contacts(input, facts, inspection);
    }
    if (!out.trials.has_whole() || facts.trailing)
      facts.marker = verdict::find_marker(input.head(), input.tail(), input.size_bytes());
    inspection.sha256 = input.finish_digest();
  }
  facts.read_error = input.read_error();

  verdict::Judgement judgement = verdict::decide_verdict(facts);
  if (input.shrank() && !facts.read_error) {
    judgement.reasons.push_back({.rule = "changed", .sentence = "the file became shorter while it was read"});
    judgement.certainty = model::Certainty::weak;
  }
  inspection.verdict = judgement.verdict;
  inspection.certainty = judgement.certainty;
  inspection.format = std::move(judgement.format);
  inspection.ranges = inside(judgement.ranges, input.size_bytes());
  inspection.reasons = std::move(judgement.reasons);
  inspection.bytes_read = input.bytes_read();
  if (inspection.verdict != Verdict::intact && inspection.verdict != Verdict::unreadable) {
    inspection.head = copy(input.head().part(0, model::k_mark_bytes));
    const ByteView tail = input.tail();
    inspection.tail = copy(tail.part(tail.size() > model::k_mark_bytes ? tail.size() - model::k_mark_bytes : 0));
  } else {
    inspection.sightings.clear();
  }
  return out;
}

}  // namespace

Inspection inspect_content(base::ByteSource& source, std::string_view name, const InspectOptions& options) {
  if (!options.goes_on) return inspect(source, name, options).inspection;
  base::WatchedSource watched(source, options.goes_on);
  return inspect(watched, name, options).inspection;
}

Explanation explain_content(base::ByteSource& source, std::string_view name, const InspectOptions& options) {
  Inspected inspected = inspect(source, name, options);
  Explanation explanation;
  explanation.inspection = std::move(inspected.inspection);
  for (const verdict::Rule& rule : verdict::verdict_rules()) {
    if (!rule.apply(inspected.facts)) continue;
    explanation.rule = rule.id;
    explanation.rule_meaning = rule.meaning;
    break;
  }
  for (const verdict::StructureFact& fact : inspected.facts.structures) {
    explanation.trials.push_back({.format = fact.format,
                                  .shape = std::string(name_of(fact.shape)),
                                  .reach = std::string(name_of(fact.reach)),
                                  .findings = fact.findings});
  }
  if (inspected.trials.has_whole()) explanation.regions = inspected.trials.reports[inspected.trials.whole].regions;
  if (inspected.facts.texture) {
    for (const model::ByteRange& range : inspected.facts.texture->random_ranges)
      explanation.regions.push_back({.range = range, .kind = model::RegionKind::random});
  }
  return explanation;
}

}  // namespace lastgood::inspect
