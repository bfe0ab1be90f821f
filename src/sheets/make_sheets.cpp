// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/make_sheets.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "backentry/number_block.h"
#include "backentry/number_book.h"
#include "base/counted.h"
#include "base/human.h"
#include "base/local_time.h"
#include "base/misuse.h"
#include "os/fresh_files.h"
#include "os/side_by_side.h"
#include "sheets/open_candidates.h"
#include "sheets/prepare_sheet.h"
#include "sheets/print_queue.h"
#include "sheets/try_sheet.h"
#include "sheets/wanted_sheets.h"

namespace lastgood::sheets {

namespace {

/// Copies that are started for one unit at most: each takes time, and older ones help less and less.
constexpr std::size_t k_tries_max = 4;

/// Each works on a copy and with a server of its own.
constexpr std::size_t k_units_at_once = 4;
/// A sheet with more rows is printed when wards have their packets: they must not wait for it, nor lack its room.
constexpr std::size_t k_rows_before_packets_max = 3000;

std::string sentence_of(const base::Error& error) {
  return error.hint.empty() ? error.what : fmt::format("{} ({})", error.what, error.hint);
}

/// One run; several threads.
class Maker {
 public:
  Maker(CaseOfSheets& of, const MakeOptions& options, const os::Clock& clock, MakeWatcher& watcher, RunFolder& folder)
      : of_(of), options_(options), clock_(clock), watcher_(watcher), folder_(folder) {}

  base::Status make(const Wanted& wanted) {
    for (const auto& [sheet, why] : wanted.lost) give_up(sheet, why, {});
    std::vector<base::Status> ends(wanted.units.size(), base::Status(base::Done{}));
    side_by_side_.work(wanted.units.size(), [&](std::size_t i) {
      ends[i] = is_over() ? base::Status(cancelled()) : make_unit(wanted.units[i]);
      if (!ends[i].ok()) has_failed_ = true;
    });
    ends.push_back(queue_.finish());
    sort_as(wanted);
    if (std::all_of(ends.begin(), ends.end(), [](const base::Status& end) { return end.ok(); }))
      ends.push_back(print_rest(wanted));
    // What failed counts more than that others were stopped for it.
    const auto is_failure = [](const base::Status& end) {
      return !end.ok() && end.error().code != base::ErrorCode::cancelled;
    };
    const auto failed = std::find_if(ends.begin(), ends.end(), is_failure);
    if (failed != ends.end()) return *failed;
    const bool is_whole = std::all_of(ends.begin(), ends.end(), [](const base::Status& end) { return end.ok(); });
    return is_whole ? base::Status(base::Done{}) : base::Status(cancelled());
  }

  [[nodiscard]] std::vector<MadeSheet> take_made() { return std::move(made_); }
  [[nodiscard]] const std::vector<PreparedSheet>& prepared() const { return prepared_; }
  /// Why, where no sheet is on disk and one of them had no room.
  [[nodiscard]] base::Status check_room() const {
    const bool has_any =
        std::any_of(prepared_.begin(), prepared_.end(), [](const auto& one) { return one.is_on_disk(); });
    return has_any || !no_room_ ? base::Status(base::Done{}) : base::Status(*no_room_);
  }
  /// For whom there was something, whoever it was asked for.
  [[nodiscard]] const std::set<std::string>& names() const { return names_; }

 private:
  /// A sheet that no copy has answered yet, and what each said.
  struct Pending {
    WantedSheet wanted;
    std::vector<std::string> reasons;
    bool is_too_slow = false;     // an older copy would not answer sooner
    bool is_engine_gone = false;  // it hung: nobody knows whether the copy answers this one
  };

  /// Tells of one unit's engine.
  class Waiting final : public engines::StartWatcher {
   public:
    Waiting(Maker& maker, const std::string& unit) : maker_(maker), unit_(unit) {}
    void on_wait(const engines::StartWait& wait) override {
      maker_.tell([&] { maker_.watcher_.on_wait(unit_, wait); });
    }
    [[nodiscard]] bool cancelled() const override { return maker_.is_over(); }

   private:
    Maker& maker_;
    const std::string& unit_;
  };

  static base::Error cancelled() { return {.code = base::ErrorCode::cancelled, .what = "stopped"}; }

  /// Whether to go on: somebody may have stopped all, or the target may be full.
  [[nodiscard]] bool is_over() const { return has_failed_ || watcher_.cancelled(); }

  /// Sheets in the order of the file, whichever was there first.
  void sort_as(const Wanted& wanted) {
    std::map<std::string, std::size_t> places;
    for (const auto& [sheet, why] : wanted.lost) places.emplace(sheet.sheet->id, places.size());
    for (const WantedUnit& unit : wanted.units) {
      for (const WantedSheet& sheet : unit.sheets) places.emplace(sheet.sheet->id, places.size());
    }
    const auto by_place = [&](const auto& a, const auto& b) { return places[a.id] < places[b.id]; };
    std::stable_sort(made_.begin(), made_.end(), by_place);
    std::stable_sort(prepared_.begin(), prepared_.end(), by_place);
  }

  base::Status make_unit(const WantedUnit& unit) {
    std::vector<Pending> pending;
    for (const WantedSheet& sheet : unit.sheets) pending.push_back({sheet, {}});
    auto candidates = find_candidates(of_, unit.data, options_);
    if (!candidates.ok()) return candidates.error();
    std::size_t tries = 0;
    bool has_whole_answered = false;
    for (const Candidate& candidate : candidates.value().list) {
      const bool is_hopeless =
          std::all_of(pending.begin(), pending.end(), [](const Pending& sheet) { return sheet.is_too_slow; });
      // What a whole copy could not answer is no matter of damage: less of it helps nobody.
      const bool is_worse = has_whole_answered && candidate.copy && !candidate.is_whole_copy();
      if (is_hopeless || is_worse || tries == k_tries_max) break;
      if (is_over()) return cancelled();
      ++tries;
      tell([&] { watcher_.on_copy(unit.data.path, candidate.source); });
      LG_ASSIGN(const bool has_started, ask_candidate(unit, candidate, candidates.value().agreement, pending));
      LG_TRY(ask_once_more(unit, candidate, candidates.value().agreement, pending));
      has_whole_answered = has_whole_answered || (has_started && candidate.is_whole_copy());
    }
    for (const Pending& sheet : pending) {
      std::string why = fmt::format("From '{}'", unit.data.path);
      why += tries == 0 ? " there is no usable copy in the case."
                        : fmt::format(" {} {} tried.", tries, tries == 1 ? "copy was" : "copies were");
      if (tries == 0 && candidates.value().left_out.empty()) why += " Add and judge a backup that has it.";
      for (const std::string& reason : sheet.reasons) why += " " + reason + ".";
      if (!candidates.value().left_out.empty()) why += " " + candidates.value().left_out + ".";
      give_up(sheet.wanted, why, unit.data.path);
    }
    return base::Done{};
  }

  /// Opens it; where there is no room beside the others, once more when they have ended.
  base::Result<OpenedCandidate> open(const WantedUnit& unit, const Candidate& candidate, Waiting& waiting) {
    auto opened = open_candidate(of_, unit.data, candidate, options_, &waiting);
    if (opened.ok() || opened.error().code != base::ErrorCode::no_space) return opened;
    side_by_side_.wait_until_alone();
    if (is_over()) return cancelled();
    return open_candidate(of_, unit.data, candidate, options_, &waiting);
  }

  /// Asks one copy for what is pending, and leaves what it could not answer. False: it did not start.
  base::Result<bool> ask_candidate(const WantedUnit& unit, const Candidate& candidate, const std::string& agreement,
                                   std::vector<Pending>& pending) {
    Waiting waiting(*this, unit.data.path);  // as long as the server, which asks it while it is asked
    auto opened = open(unit, candidate, waiting);
    if (!opened.ok() && opened.error().code == base::ErrorCode::cancelled) return cancelled();
    if (!opened.ok()) {
      for (Pending& sheet : pending)
        sheet.reasons.push_back(fmt::format("{} did not start: {}", candidate.source, sentence_of(opened.error())));
      return false;
    }
    OpenedCandidate& copy = opened.value();
    engines::ScratchStart told = copy.server->start();
    told.data_as_of_ns = data_time_of(candidate, copy, unit.data.kind).as_of_ns;  // as the pages say
    tell([&] { watcher_.on_start(unit.data.path, told); });
    std::vector<Pending> left;
    for (Pending& sheet : pending) {
      if (is_over()) return cancelled();
      if (sheet.is_too_slow) {
        left.push_back(std::move(sheet));
        continue;
      }
      const std::string why = ask(sheet, unit.data.kind, candidate, agreement, copy);
      if (why.empty()) continue;
      if (is_over()) return cancelled();
      sheet.reasons.push_back(fmt::format("{}: {}", candidate.source, why));
      left.push_back(std::move(sheet));
    }
    pending = std::move(left);
    return true;
  }

  /// An engine that hung is started once more, for the sheets behind the one over which it did.
  base::Status ask_once_more(const WantedUnit& unit, const Candidate& candidate, const std::string& agreement,
                             std::vector<Pending>& pending) {
    const auto rest = std::stable_partition(pending.begin(), pending.end(),
                                            [](const Pending& sheet) { return sheet.is_engine_gone; });
    if (rest == pending.begin()) return base::Done{};
    std::vector<Pending> left(std::make_move_iterator(rest), std::make_move_iterator(pending.end()));
    pending.erase(rest, pending.end());
    for (Pending& sheet : pending) sheet.reasons.pop_back();  // it is said again where it hangs again
    LG_TRY(ask_candidate(unit, candidate, agreement, pending));
    pending.insert(pending.end(), std::make_move_iterator(left.begin()), std::make_move_iterator(left.end()));
    return base::Done{};
  }

  /// Why it could not be made from this copy; empty: it was made and is on its way to paper.
  std::string ask(Pending& pending, services::DataKind kind, const Candidate& candidate, const std::string& agreement,
                  OpenedCandidate& copy) {
    const engines::ScratchStart& start = copy.server->start();
    Stamp stamp;
    DataTime time = data_time_of(candidate, copy, kind);
    stamp.data_as_of_ns = time.as_of_ns;
    stamp.data_as_of_basis = std::move(time.basis);
    if (candidate.copy && !agreement.empty()) stamp.data_as_of_basis += "; without logs " + agreement;
    stamp.made_ns = clock_.now_ns();
    stamp.zone = options_.zone;
    stamp.source = candidate.source;
    auto database = find_database(*copy.server, pending.wanted.database);
    pending.is_engine_gone = !database.ok() && database.error().code == base::ErrorCode::busy_retry;
    if (!database.ok()) return sentence_of(database.error());
    auto rows = ask_sheet(*copy.server, *pending.wanted.sheet, database.value(), {stamp.data_as_of_ns, options_.zone});
    pending.is_too_slow = !rows.ok() && rows.error().code == base::ErrorCode::limit_reached;
    // What somebody writes at the moment is not what was judged, also when it is read once more.
    const bool was_written = copy.server->was_written();
    pending.is_engine_gone = !rows.ok() && rows.error().code == base::ErrorCode::busy_retry && !was_written;
    if (!rows.ok()) return sentence_of(rows.error());
    PreparedSheet sheet =
        prepare_sheet(*pending.wanted.sheet, pending.wanted.service->title, std::move(rows).value(), std::move(stamp));
    for (const std::string& reason : pending.reasons) sheet.notes.push_back("newer data could not be had: " + reason);
    for (const std::string& note : copy.notes) sheet.notes.push_back(note);
    sheet.is_stand_in = !pending.reasons.empty() || !candidate.instead_of.empty();
    sheet.lacks_logs = copy.lacks_logs;
    sheet.is_from_attached = candidate.is_attached();
    if (sheet.is_from_attached)
      sheet.notes.push_back(
          "this backup was ATTACHED: the attacker could reach it, too, and may have changed what it says");
    if (!candidate.instead_of.empty())
      sheet.notes.push_back("a newer copy in a backup that was not attached cannot be used: " + candidate.instead_of);
    if (!start.unusable.empty()) sheet.notes.push_back(engines::describe_unusable(start));
    const std::unique_lock turn(turn_);
    for (const Packet& packet : sheet.packets) names_.insert(packet.name);
    names_.insert(sheet.audience);
    names_.erase("");
    if (!keep_for(sheet, options_.audience)) return {};
    add_numbers(*pending.wanted.sheet, sheet);
    queue_.add(std::move(sheet));
    return {};
  }

  void add_numbers(const services::Sheet& asked, PreparedSheet& sheet) {
    if (asked.blank_rows == 0) return;
    const std::string block = asked.number_block.empty() ? backentry::usual_block(asked.id) : asked.number_block;
    std::vector<backentry::NumberWish> wishes;
    for (const Packet& packet : sheet.packets) wishes.push_back({block, sheet.id, packet.name, asked.blank_rows});
    const auto numbers = backentry::reserve_numbers(of_.folder, wishes, clock_.now_ns());
    if (!numbers.ok()) {
      sheet.notes.push_back("no rows to write on: " + sentence_of(numbers.error()));
      return;
    }
    for (std::size_t i = 0; i < sheet.packets.size(); ++i) add_blank_rows(sheet, sheet.packets[i], numbers.value()[i]);
  }

  void give_up(const WantedSheet& wanted, std::string why, const std::string& path) {
    Stamp stamp;
    stamp.made_ns = clock_.now_ns();
    stamp.zone = options_.zone;
    stamp.source = path.empty() ? "" : "no copy of " + path;
    queue_.add(sheet_that_could_not(*wanted.sheet, wanted.service->title, std::move(why), std::move(stamp)));
  }

  void tell(const std::function<void()>& what) {
    const std::unique_lock turn(turn_);
    what();
  }

  /// The queue's thread: nobody else writes into the folder, or touches what was made, until it has ended.
  base::Status print(PreparedSheet sheet) {
    if (is_over()) return cancelled();
    std::size_t rows = 0;
    for (const Packet& packet : sheet.packets) rows += packet.rows.size();
    const bool can_wait = rows > k_rows_before_packets_max;
    if (can_wait)
      late_.insert(sheet.id);
    else
      LG_TRY(put_on_disk(sheet));
    prepared_.push_back(std::move(sheet));
    return base::Done{};
  }

  /// The packets of wards before what is large and goes to none of them alone.
  base::Status print_rest(const Wanted& wanted) {
    LG_TRY(folder_.write_packets(prepared_));
    for (PreparedSheet& sheet : prepared_) {
      if (is_over()) return cancelled();
      if (late_.contains(sheet.id)) LG_TRY(put_on_disk(sheet));
    }
    sort_as(wanted);
    return base::Done{};
  }

  base::Status put_on_disk(PreparedSheet& sheet) {
    base::Status written = folder_.write_sheet(sheet);
    if (!written.ok() && written.error().code == base::ErrorCode::no_space) {
      sheet.no_room = sentence_of(written.error());
      no_room_ = written.error();
      written = base::Done{};  // a smaller one may have room yet
    }
    if (!written.ok()) has_failed_ = true;
    LG_TRY(written);
    MadeSheet made{.id = sheet.id, .title = sheet.title, .source = sheet.stamp.source};
    for (const Packet& packet : sheet.packets) made.rows += packet.rows.size();
    made.packets = sheet.packets.size();
    made.data_as_of_ns = sheet.stamp.data_as_of_ns;
    made.stale = is_stale(sheet.stamp);
    made.could_not = sheet.no_room.empty() ? sheet.could_not : sheet.no_room;
    made.notes = sheet.all_notes();
    made.is_stand_in = sheet.is_stand_in;
    made.lacks_logs = sheet.lacks_logs;
    made.is_from_attached = sheet.is_from_attached;
    made.at_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    tell([&] { watcher_.on_sheet(made, folder_.path()); });
    made_.push_back(std::move(made));
    return base::Done{};
  }

  CaseOfSheets& of_;
  const MakeOptions& options_;
  const os::Clock& clock_;
  MakeWatcher& watcher_;
  RunFolder& folder_;
  os::SideBySide side_by_side_{k_units_at_once};
  std::atomic<bool> has_failed_ = false;
  std::mutex turn_;  // the numbers, the names, the watcher: one thread at a time
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::vector<MadeSheet> made_;
  std::vector<PreparedSheet> prepared_;
  std::set<std::string> late_;  // of prepared_: on disk only behind the packets
  std::set<std::string> names_;
  std::optional<base::Error> no_room_;                                                 // the queue's thread
  PrintQueue queue_{[this](PreparedSheet sheet) { return print(std::move(sheet)); }};  // last: it uses all above
};

/// What a run that did not come to its end leaves behind, and where. One in which no sheet is whole is of no use to
/// anybody, and the next would not be the last: on a full disk each try would leave one more.
base::Error unfinished(base::Error why, const std::vector<MadeSheet>& made, const std::string& folder) {
  const auto whole = static_cast<std::size_t>(
      std::count_if(made.begin(), made.end(), [](const MadeSheet& sheet) { return sheet.could_not.empty(); }));
  if (whole > 0) {
    why.what += fmt::format("; the {} made so far {} in {}/sheets", base::counted(whole, "sheet"),
                            whole == 1 ? "is" : "are", base::printable(folder));
    return why;
  }
  if (os::remove_own_folder(folder).ok()) why.what += "; no sheet was made yet, and nothing of this run is left";
  return why;
}

base::Error no_sheets(const services::ServicesFile& file, const std::string& service) {
  const services::Service* left_out = file.find_left_out(service);
  if (left_out != nullptr) {
    base::Error error = base::misuse(fmt::format("service '{}' is left out for a mistake", service), left_out->mistake);
    error.code = base::ErrorCode::not_found;
    return error;
  }
  const bool unknown = !service.empty() && file.find(service) == nullptr;
  std::string known;
  for (const services::Service& one : file.services) known += (known.empty() ? "" : ", ") + one.id;
  return {.code = base::ErrorCode::not_found,
          .what = unknown ? fmt::format("there is no service '{}'", base::printable(service))
                          : fmt::format("no sheet is written in '{}'", base::printable(file.path)),
          .path = {},
          .offset_bytes = {},
          .system_errno = 0,
          .hint = unknown ? "there are: " + known
                          : "add [[service.ID.sheet]] to it, or start from a pack: lastgood sheets packs"};
}

/// A name that is spelt otherwise must not look like a ward without patients.
base::Error nothing_for(const std::string& audience, const std::set<std::string>& names) {
  constexpr std::size_t k_named_max = 40;
  std::string known;
  std::size_t named = 0;
  for (const std::string& name : names) {
    if (named == k_named_max) break;
    known += (named++ == 0 ? "" : ", ") + base::printable(name);
  }
  if (names.size() > named) known += ", ...";
  return {.code = base::ErrorCode::not_found,
          .what = fmt::format("no ward, clinic, desk or sheet is called '{}'", base::printable(audience)),
          .path = {},
          .offset_bytes = {},
          .system_errno = 0,
          .hint = known.empty() ? std::string() : "there are: " + known};
}

}  // namespace

base::Result<MadeRun> make_sheets(const services::ServicesFile& file, CaseOfSheets& of, const MakeOptions& options,
                                  const os::Clock& clock, MakeWatcher& watcher) {
  const auto begin = std::chrono::steady_clock::now();
  const Wanted wanted = wanted_sheets(file, options.service);
  if (wanted.units.empty() && wanted.lost.empty()) return no_sheets(file, options.service);
  LG_TRY(of.ledger.append("sheets-begun", {{"services_sha256", file.digest_hex},
                                           {"services", file.path},
                                           {"service", options.service},
                                           {"for", options.audience},
                                           {"to", options.to}}));
  LG_ASSIGN(RunFolder folder, RunFolder::begin(options.to, options.zone, clock.now_ns(), options.forms, options.readers,
                                               options.when_full));
  Maker maker(of, options, clock, watcher, folder);
  base::Status made = maker.make(wanted);
  std::vector<std::string> sentences = {
      "READ ONLY: what is written on paper is entered later with 'lastgood sheets enter'.",
      fmt::format("Made at {} from the services file {}.", base::time_in_zone(clock.now_ns(), options.zone),
                  file.path)};
  const bool nobody = made.ok() && maker.prepared().empty() && !options.audience.empty();
  if (nobody) {
    made = nothing_for(options.audience, maker.names());
    LG_TRY(os::remove_own_folder(folder.path()));
  }
  if (made.ok()) made = maker.check_room();
  if (made.ok()) made = folder.finish(maker.prepared(), sentences);
  MadeRun run;
  run.path = folder.path();
  run.sheets = maker.take_made();
  if (!made.ok() && !nobody) made = unfinished(made.error(), run.sheets, run.path);
  run.files = folder.files().size();
  run.packets_without_room = folder.packets_without_room();
  run.given_up = folder.given_up();
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const auto could_not = std::count_if(run.sheets.begin(), run.sheets.end(),
                                       [](const MadeSheet& sheet) { return !sheet.could_not.empty(); });
  ledger::Fields fields = {{"to", run.path},
                           {"sheets", static_cast<std::int64_t>(run.sheets.size())},
                           {"could_not", static_cast<std::int64_t>(could_not)}};
  if (!made.ok()) fields["text"] = "not finished: " + made.error().what;
  LG_TRY(of.ledger.append("sheets-finished", fields));
  if (!made.ok()) return made.error();
  return run;
}

}  // namespace lastgood::sheets
