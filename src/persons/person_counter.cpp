// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "persons/person_counter.h"

#include <optional>
#include <vector>

#include "base/assert.h"
#include "os/free_memory.h"
#include "os/spill_file.h"
#include "persons/key_runs.h"

namespace lastgood::persons {

namespace {

struct Alone {
  PersonKey key;
  auto operator<=>(const Alone&) const = default;
  [[nodiscard]] std::size_t part() const { return static_cast<std::size_t>(key.high >> 56U); }
};

struct Link {
  PersonKey primary;
  PersonKey other;
  auto operator<=>(const Link&) const = default;
  [[nodiscard]] std::size_t part() const { return static_cast<std::size_t>(primary.high >> 56U); }
};

/// An identifier and the number of a primary one that carries it, or is it. 95 bits of the key: among a thousand
/// million identifiers two different ones are taken for one with a chance of 1e-11.
struct Carried {
  std::uint64_t key_high = 0;
  std::uint32_t key_low = 0;  // its lowest bit: the primary one is this identifier itself
  std::uint32_t number = 0;
  auto operator<=>(const Carried&) const = default;
  [[nodiscard]] std::size_t part() const { return static_cast<std::size_t>(key_high >> 56U); }
};

constexpr std::uint32_t k_self = 1;
constexpr std::uint64_t k_trim_step_bytes = std::uint64_t{32} << 20;

Carried carried_of(const PersonKey& key, std::uint32_t number, std::uint32_t self) {
  return {
      .key_high = key.high, .key_low = (static_cast<std::uint32_t>(key.low >> 32U) & ~k_self) | self, .number = number};
}

class UnionFind {
 public:
  explicit UnionFind(std::size_t count) : parents_(count), groups_(count) {
    for (std::size_t i = 0; i < count; ++i) parents_[i] = static_cast<std::uint32_t>(i);
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = root_of(a);
    b = root_of(b);
    if (a == b) return;
    // The smaller number leads: without ranks, halving of paths keeps the ways short.
    if (a > b) std::swap(a, b);
    parents_[b] = a;
    --groups_;
  }
  [[nodiscard]] std::uint64_t groups() const { return groups_; }

 private:
  std::uint32_t root_of(std::uint32_t at) {
    while (parents_[at] != at) at = parents_[at] = parents_[parents_[at]];
    return at;
  }
  std::vector<std::uint32_t> parents_;
  std::uint64_t groups_;
};

base::Error too_many() {
  return {.code = base::ErrorCode::limit_reached,
          .what = "there are more than 4 thousand million different identifiers",
          .path = {},
          .offset_bytes = {},
          .system_errno = 0,
          .hint = "count parts of the files and state each count with its basis"};
}

}  // namespace

struct PersonCounter::State {
  CountOptions options;
  PersonCount count;
  KeyRuns<Alone> alone;
  KeyRuns<Link> links;
  KeyRuns<Alone> contacts;
  KeyRuns<Carried> carried;
  std::optional<os::SpillFile> file;
  bool has_links = false;
  bool finished = false;
  std::uint64_t trimmed_at_bytes = 0;  // what was in memory when free memory went back last

  [[nodiscard]] std::uint64_t memory_bytes() const {
    return alone.memory_bytes() + links.memory_bytes() + contacts.memory_bytes() + carried.memory_bytes();
  }
  base::Status open_file() {
    if (file) return base::Done{};
    LG_ASSIGN(file, os::open_spill_file(options.spill_folder));
    return base::Done{};
  }
  /// `held_bytes`: what else is in memory.
  base::Status keep_in_bounds(std::uint64_t held_bytes = 0) {
    const std::uint64_t used = memory_bytes();
    if (used > trimmed_at_bytes + k_trim_step_bytes) {
      os::return_free_memory();
      trimmed_at_bytes = used;
    }
    if (used + held_bytes <= options.memory_bytes_max || options.spill_folder.empty()) return base::Done{};
    LG_TRY(open_file());
    LG_TRY(alone.spill(*file));
    LG_TRY(links.spill(*file));
    LG_TRY(contacts.spill(*file));
    LG_TRY(carried.spill(*file));
    os::return_free_memory();
    trimmed_at_bytes = 0;
    return base::Done{};
  }
  [[nodiscard]] os::SpillFile* spilled() { return file ? &*file : nullptr; }

  base::Status number_primaries();
  base::Status number_part(std::size_t part);
  base::Status join_carriers();
  base::Status count_contacts();
};

PersonCounter::PersonCounter(CountOptions options) : state_(std::make_unique<State>()) {
  state_->options = std::move(options);
}
PersonCounter::PersonCounter(PersonCounter&&) noexcept = default;
PersonCounter::~PersonCounter() = default;

base::Status PersonCounter::add(const PersonKey& primary, std::span<const PersonKey> others) {
  ++state_->count.rows;
  bool grew = false;
  if (others.empty()) grew = state_->alone.add({primary});
  for (const PersonKey& other : others) {
    state_->has_links = true;
    grew = state_->links.add({primary, other}) || grew;
  }
  return grew ? state_->keep_in_bounds() : base::Status(base::Done{});
}

base::Status PersonCounter::add_contact(const PersonKey& contact) {
  ++state_->count.rows;
  return state_->contacts.add({contact}) ? state_->keep_in_bounds() : base::Status(base::Done{});
}

void PersonCounter::add_without_id() {
  ++state_->count.rows;
  ++state_->count.rows_without_id;
}

/// Gives the primary identifiers of one part their numbers, and writes what each carries.
base::Status PersonCounter::State::number_part(std::size_t part) {
  LG_ASSIGN(const std::vector<Alone> singles, alone.take(part, spilled()));
  LG_ASSIGN(const std::vector<Link> pairs, links.take(part, spilled()));
  const std::uint64_t held = singles.size() * sizeof(Alone) + pairs.size() * sizeof(Link);
  std::size_t single = 0;
  std::size_t pair = 0;
  while (single < singles.size() || pair < pairs.size()) {
    const bool from_single =
        pair == pairs.size() || (single < singles.size() && singles[single].key <= pairs[pair].primary);
    const PersonKey key = from_single ? singles[single].key : pairs[pair].primary;
    if (count.identifiers == UINT32_MAX) return too_many();
    const auto number = static_cast<std::uint32_t>(count.identifiers++);
    if (single < singles.size() && singles[single].key == key) ++single;
    bool grew = has_links && carried.add(carried_of(key, number, k_self));
    for (; pair < pairs.size() && pairs[pair].primary == key; ++pair) {
      if (pairs[pair].other == key) continue;
      grew = carried.add(carried_of(pairs[pair].other, number, 0)) || grew;
    }
    if (grew) LG_TRY(keep_in_bounds(held));
  }
  return base::Done{};
}

base::Status PersonCounter::State::number_primaries() {
  for (std::size_t part = 0; part < k_parts; ++part) LG_TRY(number_part(part));
  return base::Done{};
}

/// All that carry the same identifier are one person.
base::Status PersonCounter::State::join_carriers() {
  const auto numbers = static_cast<std::size_t>(count.identifiers);
  if (file) LG_TRY(keep_in_bounds(numbers * sizeof(std::uint32_t)));
  UnionFind persons(numbers);
  for (std::size_t part = 0; part < k_parts; ++part) {
    LG_ASSIGN(const std::vector<Carried> records, carried.take(part, spilled()));
    for (std::size_t from = 0; from < records.size();) {
      std::size_t to = from;
      bool has_self = false;
      const std::uint32_t low = records[from].key_low & ~k_self;
      for (; to < records.size() && records[to].key_high == records[from].key_high &&
             (records[to].key_low & ~k_self) == low;
           ++to)
        has_self = has_self || (records[to].key_low & k_self) != 0;
      if (to - from > k_placeholder_persons) {
        ++count.placeholders;
      } else if (to - from > 1) {
        if (has_self) ++count.absorbed;
        for (std::size_t i = from + 1; i < to; ++i) persons.join(records[from].number, records[i].number);
      }
      from = to;
    }
  }
  count.lower = persons.groups();
  return base::Done{};
}

base::Status PersonCounter::State::count_contacts() {
  for (std::size_t part = 0; part < k_parts; ++part) {
    LG_ASSIGN(const std::vector<Alone> records, contacts.take(part, spilled()));
    count.contacts += records.size();
  }
  return base::Done{};
}

base::Result<PersonCount> PersonCounter::finish() {
  State& state = *state_;
  LG_ASSERT(!state.finished);
  state.finished = true;
  LG_TRY(state.count_contacts());
  LG_TRY(state.number_primaries());
  PersonCount& count = state.count;
  count.lower = count.identifiers;
  if (state.has_links) LG_TRY(state.join_carriers());
  count.upper = count.identifiers - count.absorbed + count.contacts + count.rows_without_id;
  if (count.lower == 0 && count.rows > 0) count.lower = 1;
  count.spilled_bytes = state.file ? state.file->size_bytes() : 0;
  return count;
}

}  // namespace lastgood::persons
