// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/unit_check.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

namespace lastgood::engines {

using base::ByteView;
using model::Certainty;
using model::EntryKind;
using model::Weight;

namespace {

std::string path_below(std::string_view folder, std::string_view path) {
  if (folder.empty()) return std::string(path);
  if (path.empty()) return std::string(folder);
  return fmt::format("{}/{}", folder, path);
}

}  // namespace

std::string Place::in_view(std::string_view path) const { return path_below(folder, path); }
std::string Place::show(std::string_view path) const { return path_below(shown, path); }

UnitCheck::UnitCheck(const UnitView& view, std::string path, model::Depth depth)
    : depth_(depth), home_{.view = &view, .folder = path, .shown = path} {
  if (depth == model::Depth::quick) certainty_ = Certainty::strong;
}

void UnitCheck::look_through(std::unique_ptr<UnitView> view) {
  home_.view = view.get();
  outside_views_.push_back(std::move(view));
}

std::vector<Member> UnitCheck::take_members(const Place& place) {
  std::vector<Member> members;
  struct Waiting {
    std::string path;
    std::size_t depth = 0;
  };
  std::vector<Waiting> waiting{{}};
  while (!waiting.empty()) {
    const Waiting folder = std::move(waiting.back());
    waiting.pop_back();
    base::Result<std::vector<UnitEntry>> entries = place.view->list(place.in_view(folder.path));
    if (!entries.ok()) {
      unread(place.show(folder.path), "unit.list", entries.error().what);
      continue;
    }
    for (UnitEntry& entry : entries.value()) {
      std::string path = path_below(folder.path, entry.name);
      if (entry.kind == EntryKind::folder) {
        if (folder.depth + 1 < k_depth_max) waiting.push_back({.path = std::move(path), .depth = folder.depth + 1});
        continue;
      }
      if (entry.kind != EntryKind::regular && entry.kind != EntryKind::link) continue;
      if (report_.members.size() >= k_members_max) {
        unread(place.show(path), "unit.members", fmt::format("more than {} files", k_members_max));
        return members;
      }
      report_.members.push_back(place.show(path));
      members.push_back({.path = std::move(path),
                         .kind = entry.kind,
                         .size_bytes = entry.size_bytes,
                         .mtime_ns = entry.mtime_ns,
                         .link_target = std::move(entry.link_target)});
    }
  }
  std::sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.path < b.path; });
  return members;
}

std::optional<Place> UnitCheck::take_outside(std::string_view target, std::string why, std::string shown) {
  std::unique_ptr<UnitView> view = home_.view->open_outside(target);
  report_.outside.push_back({.path = std::string(target),
                             .why = std::move(why),
                             .seen = view ? OutsidePlace::Seen::yes : OutsidePlace::Seen::no});
  if (!view) return std::nullopt;
  outside_views_.push_back(std::move(view));
  return Place{.view = outside_views_.back().get(), .folder = {}, .shown = std::move(shown)};
}

std::unique_ptr<base::ByteSource> UnitCheck::open(const Place& place, std::string_view path) {
  base::Result<std::unique_ptr<base::ByteSource>> source = place.view->open(place.in_view(path));
  if (source.ok()) return std::move(source).value();
  unread(place.show(path), "unit.open", source.error().what);
  return nullptr;
}

std::optional<std::vector<std::uint8_t>> UnitCheck::read_small(const Place& place, std::string_view path,
                                                               std::uint64_t bytes_max) {
  base::Result<std::unique_ptr<base::ByteSource>> source = place.view->open(place.in_view(path));
  if (!source.ok()) {
    if (source.error().code != base::ErrorCode::not_found) unread(place.show(path), "unit.open", source.error().what);
    return std::nullopt;
  }
  const std::uint64_t size_bytes = source.value()->size_bytes();
  if (size_bytes > bytes_max) return std::nullopt;
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size_bytes));
  bytes.resize(read(*source.value(), place.show(path), 0, bytes));
  return bytes;
}

std::size_t UnitCheck::read(base::ByteSource& source, std::string_view shown, std::uint64_t offset,
                            std::span<std::uint8_t> into) {
  const base::Result<std::size_t> count = source.read(offset, into);
  if (!count.ok()) {
    unread(shown, "unit.read", fmt::format("byte {}: {}", offset, count.error().what));
    return 0;
  }
  report_.bytes_read += count.value();
  return count.value();
}

void UnitCheck::add(std::string_view path, std::string_view rule, std::string sentence, Weight weight,
                    model::ByteRange range) {
  if (weight == Weight::contradicts && !path.empty() && report_.contradicted.size() < k_members_max)
    report_.contradicted.try_emplace(std::string(path), sentence);
  if (report_.findings.size() >= k_findings_max) {
    ++report_.findings_left_out;
    return;
  }
  report_.findings.push_back(
      {.path = std::string(path),
       .finding = {.rule = std::string(rule), .sentence = std::move(sentence), .weight = weight, .range = range}});
}

void UnitCheck::holds(std::string_view path, std::string_view rule, std::string sentence) {
  add(path, rule, std::move(sentence), Weight::supports, {});
}
void UnitCheck::remarks(std::string_view path, std::string_view rule, std::string sentence, model::ByteRange range) {
  add(path, rule, std::move(sentence), Weight::remarks, range);
}
void UnitCheck::damaged(std::string_view path, std::string_view rule, std::string sentence, model::ByteRange range) {
  add(path, rule, std::move(sentence), Weight::contradicts, range);
  worsen(Worst::damaged);
}
void UnitCheck::torn(std::string_view path, std::string_view rule, std::string sentence, model::ByteRange range) {
  add(path, rule, std::move(sentence), Weight::contradicts, range);
  worsen(Worst::torn);
}
void UnitCheck::encrypted(std::string_view path, std::string_view rule, std::string sentence, model::ByteRange range) {
  add(path, rule, std::move(sentence), Weight::contradicts, range);
  worsen(Worst::encrypted);
}
void UnitCheck::unread(std::string_view path, std::string_view rule, std::string sentence) {
  add(path, rule, std::move(sentence), Weight::contradicts, {});
  worsen(Worst::unread);
}
void UnitCheck::needs_log(std::string_view path, std::string_view rule, std::string sentence) {
  add(path, rule, std::move(sentence), Weight::contradicts, {});
  worsen(Worst::needs_log);
}
void UnitCheck::needs_recovery(std::string_view rule, std::string sentence) {
  add({}, rule, std::move(sentence), Weight::remarks, {});
  needs_recovery_ = true;
}
void UnitCheck::rebuild(std::string_view rule, std::string sentence) {
  add({}, rule, std::move(sentence), Weight::remarks, {});
  is_rebuild_ = true;
}
void UnitCheck::at_most(Certainty certainty, std::string_view rule, std::string sentence) {
  add({}, rule, std::move(sentence), Weight::remarks, {});
  certainty_ = std::min(certainty_, certainty);
}

void UnitCheck::note_commit(std::int64_t time_ns) {
  if (time_ns < report_.data_as_of_ns) return;
  report_.data_as_of_ns = time_ns;
  report_.is_as_of_checkpoint = false;
}

void UnitCheck::note_checkpoint(std::int64_t time_ns) {
  if (time_ns <= report_.data_as_of_ns) return;
  report_.data_as_of_ns = time_ns;
  report_.is_as_of_checkpoint = true;
}

UnitReport UnitCheck::finish() {
  switch (worst_) {
    case Worst::encrypted: report_.verdict = UnitVerdict::encrypted; break;
    case Worst::torn: report_.verdict = UnitVerdict::torn; break;
    case Worst::damaged: report_.verdict = UnitVerdict::damaged; break;
    case Worst::unread: report_.verdict = UnitVerdict::undecided; break;
    case Worst::needs_log: report_.verdict = UnitVerdict::needs_log; break;
    case Worst::nothing:
      report_.verdict = needs_recovery_ ? UnitVerdict::needs_recovery : UnitVerdict::consistent;
      break;
  }
  report_.certainty = worst_ <= Worst::needs_log ? certainty_ : Certainty::strong;
  if (worst_ == Worst::unread) report_.certainty = Certainty::weak;
  if (is_rebuild_) {
    report_.verdict = UnitVerdict::rebuild;
    report_.certainty = Certainty::proven;
  }
  std::stable_sort(report_.findings.begin(), report_.findings.end(), [](const UnitFinding& a, const UnitFinding& b) {
    return a.finding.weight == Weight::contradicts && b.finding.weight != Weight::contradicts;
  });
  std::sort(report_.members.begin(), report_.members.end());
  return std::move(report_);
}

bool is_zero(ByteView bytes) {
  const std::span<const std::uint8_t> all = bytes.span();
  return all.empty() || (all[0] == 0 && std::memcmp(all.data(), all.data() + 1, all.size() - 1) == 0);
}

bool looks_random(ByteView bytes) {
  if (bytes.size() < 512) return false;
  std::array<std::uint32_t, 256> counts{};
  for (const std::uint8_t byte : bytes) ++counts[byte];
  const double expected = static_cast<double>(bytes.size()) / 256;
  double chi_square = 0;
  for (const std::uint32_t count : counts) {
    const double apart = static_cast<double>(count) - expected;
    chi_square += apart * apart / expected;
  }
  // Mean 255 and standard deviation 22.6 for random bytes of any length; text and records are in the thousands.
  return chi_square < 345.0;
}

bool looks_random(UnitCheck& check, base::ByteSource& source, std::string_view shown) {
  constexpr std::uint64_t k_random_piece_bytes = 4096;
  const std::uint64_t size_bytes = source.size_bytes();
  if (size_bytes < 512) return false;
  std::vector<std::uint8_t> piece(static_cast<std::size_t>(std::min(k_random_piece_bytes, size_bytes)));
  const std::uint64_t last = size_bytes - piece.size();
  for (const std::uint64_t at : {std::uint64_t{0}, last / 4096 / 2 * 4096, last}) {
    if (check.read(source, shown, at, piece) < piece.size()) return false;
    if (!looks_random(ByteView(std::span<const std::uint8_t>(piece)))) return false;
  }
  return true;
}

}  // namespace lastgood::engines
