// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/start_watch.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::engines {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_look_every{1000};
// More than what an idle server does, and what our own questions make it do, while nothing happens in it.
constexpr std::uint64_t k_work_cpu_ms = 200;
constexpr std::uint64_t k_work_bytes = std::uint64_t{1} << 20U;
constexpr std::size_t k_words_bytes = 1500;

int seconds_of(std::chrono::steady_clock::duration span) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(span).count());
}

}  // namespace

StartWatch::StartWatch(std::string engine, std::vector<const os::LockedRoom*> rooms,
                       const ScratchServerOptions& options)
    : engine_(std::move(engine)), rooms_(std::move(rooms)), options_(options) {}

/// A process that was not there before is no work by itself: each of our own questions starts one.
bool StartWatch::has_worked() {
  std::vector<os::ProcessEffort> now;
  for (const os::LockedRoom* room : rooms_) {
    const std::vector<os::ProcessEffort> efforts = room->efforts();
    now.insert(now.end(), efforts.begin(), efforts.end());
  }
  if (now.empty()) return true;  // the system does not say: then only the limit counts
  const auto before = [&](int process) {
    return std::find_if(efforts_.begin(), efforts_.end(),
                        [&](const os::ProcessEffort& one) { return one.process == process; });
  };
  const bool worked = std::any_of(now.begin(), now.end(), [&](const os::ProcessEffort& one) {
    const auto at = before(one.process);
    if (one.waits_for_disk) return true;
    if (at == efforts_.end()) return efforts_.empty();
    return one.cpu_ms >= at->cpu_ms + k_work_cpu_ms || one.bytes >= at->bytes + k_work_bytes;
  });
  if (worked) {
    efforts_ = now;
    return true;
  }
  for (const os::ProcessEffort& one : now) {
    if (before(one.process) == efforts_.end()) efforts_.push_back(one);
  }
  return false;
}

base::Status StartWatch::look() {
  const auto now = Clock::now();
  if (options_.watcher != nullptr && options_.watcher->cancelled())
    return give_up({.code = base::ErrorCode::cancelled, .what = "stopped while " + engine_ + " was starting"});
  if (now - looked_ < k_look_every) return base::Done{};
  looked_ = now;
  if (has_worked()) worked_ = now;
  const auto still = now - worked_;
  const auto all = now - begun_;
  if (options_.watcher != nullptr)
    options_.watcher->on_wait({.seconds = std::chrono::duration<double>(all).count(),
                               .still_seconds = std::chrono::duration<double>(still).count()});
  if (still >= std::chrono::seconds(options_.still_limit_s))
    return give_up({.code = base::ErrorCode::limit_reached,
                    .what = fmt::format("{} hangs on this copy: for {} seconds it has computed, read and written "
                                        "nothing, and was ended",
                                        engine_, seconds_of(still)),
                    .hint = rooms_.front()->last_words(k_words_bytes)});
  if (all < std::chrono::seconds(options_.start_limit_s)) return base::Done{};
  return give_up(
      {.code = base::ErrorCode::limit_reached,
       .what = fmt::format("{} was not ready within {} seconds and still at work", engine_, options_.start_limit_s),
       .hint = rooms_.front()->last_words(k_words_bytes)});
}

milliseconds StartWatch::pause() const {
  const auto all = std::chrono::duration_cast<milliseconds>(Clock::now() - begun_);
  return std::clamp(all / 10, milliseconds(5), milliseconds(1000));
}

base::Result<int> wait_watched(const std::string& engine, os::LockedRoom& room, const os::LockedRoom* server,
                               const ScratchServerOptions& options) {
  std::vector<const os::LockedRoom*> rooms{&room};
  if (server != nullptr) rooms.push_back(server);
  StartWatch watch(engine, std::move(rooms), options);
  while (true) {
    if (const std::optional<int> code = room.wait(milliseconds(200))) return *code;
    LG_TRY(watch.look());
  }
}

base::Error hangs(std::string_view engine, const ScratchServerOptions& options) {
  return {.code = base::ErrorCode::busy_retry,
          .what = fmt::format("{} hangs: it has answered before and let nobody in for {} seconds, and was ended",
                              engine, options.still_limit_s)};
}

std::string last_line(std::string_view words) {
  const std::size_t end = words.find_last_not_of(" \r\n");
  if (end == std::string_view::npos) return "nothing";
  words = words.substr(0, end + 1);
  return std::string(words.substr(words.rfind('\n') + 1));
}

base::Error ended_by_itself(std::string what, const std::string& words) {
  constexpr std::array<std::string_view, 5> k_full = {"No space left on device", "Disk is full", "errno: 28",
                                                      "Error 28", "failed with error 28"};
  const bool is_full = std::any_of(k_full.begin(), k_full.end(),
                                   [&](std::string_view word) { return words.find(word) != std::string::npos; });
  // Whole lines, as many as a person reads.
  const std::size_t tail =
      words.size() > k_words_bytes ? words.find('\n', words.size() - k_words_bytes) : std::string::npos;
  const std::string last = tail == std::string::npos ? words : words.substr(tail + 1);
  if (!is_full) return {.code = base::ErrorCode::damaged_source, .what = std::move(what), .hint = last};
  return {.code = base::ErrorCode::no_space,
          .what = std::move(what) + ": the disk that its copy is made on is full",
          .hint = "--scratch names a folder with more room"};
}

}  // namespace lastgood::engines
