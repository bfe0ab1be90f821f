// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/file_pipeline.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "recovery/restore/file_batch.h"
#include "recovery/restore/fill_list.h"

namespace lastgood::recovery::restore {

namespace {

constexpr std::uint64_t k_batch_bytes_max = std::uint64_t{8} << 20;
constexpr std::chrono::milliseconds k_look_again{100};
constexpr std::chrono::milliseconds k_progress_step{250};

struct NameTask {
  std::unique_ptr<FileBatch> batch;
};
struct FinishTask {
  std::shared_ptr<LargeFile> large;
};
struct OpenTask {
  std::uint32_t file = 0;
};
struct WriteTask {
  std::unique_ptr<FileBatch> batch;
};
struct SegmentTask {
  std::shared_ptr<LargeFile> large;
  std::uint32_t span = 0;
  std::uint64_t bytes = 0;
};
using Task = std::variant<NameTask, FinishTask, OpenTask, WriteTask, SegmentTask>;

class FilePipeline {
 public:
  FilePipeline(RestoreRun& run, std::vector<std::uint32_t> files) : run_(run), files_(std::move(files)) {
    // Open files wait in batches for their names; all threads' folders are open as well.
    const std::uint64_t for_files = run.open_files_max / 2;
    files_open_max_ = std::clamp<std::uint64_t>(for_files, 32, 8 * k_batch_files_max);
    batch_files_max_ = std::clamp<std::uint64_t>(files_open_max_ / 8, 4, k_batch_files_max);
  }

  base::Status run() {
    if (files_.empty()) return base::Done{};
    std::vector<std::thread> workers;
    const unsigned count = worker_count();
    for (unsigned i = 0; i < count; ++i) workers.emplace_back([this] { work(); });
    commit_until_finished();
    for (std::thread& worker : workers) worker.join();
    const std::lock_guard lock(mutex_);
    if (!error_) return base::Done{};
    if (error_->code == base::ErrorCode::cancelled) return base::Done{};
    return *error_;
  }

 private:
  [[nodiscard]] unsigned worker_count() const {
    unsigned wanted = run_.request.threads;
    if (wanted == 0) wanted = std::max(2U, std::thread::hardware_concurrency());
    // Of a packed archive, each step back unpacks again from the last place to start from.
    for (const sources::Source* source : run_.sources)
      if (source != nullptr) wanted = std::min(wanted, source->traits().readers_max);
    return std::clamp(wanted, 1U, 64U);
  }

  // ---- the workers ----

  void work() {
    try {
      WorkerTools tools(run_);
      while (std::optional<Task> task = take()) {
        const base::Status status = std::visit([&](auto& which) { return carry_out(tools, which); }, *task);
        if (!status.ok()) fail(status.error());
      }
    } catch (const std::exception& failure) {
      base::Error error;
      error.code = base::ErrorCode::limit_reached;
      error.what = fmt::format("cannot go on restoring: {}", failure.what());
      fail(std::move(error));
    }
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  }

  base::Status carry_out(WorkerTools& tools, NameTask& task) {
    LG_TRY(name_batch(run_, tools, *task.batch));
    // The files are closed here and not by the thread that commits.
    task.batch->written.clear();
    const std::lock_guard lock(mutex_);
    files_open_ -= task.batch->files.size();
    named_.push_back(std::move(task.batch));
    changed_.notify_all();
    return base::Done{};
  }

  base::Status carry_out(WorkerTools& tools, WriteTask& task) {
    LG_TRY(write_batch(run_, tools, *task.batch));
    const std::lock_guard lock(mutex_);
    written_.push_back(std::move(task.batch));
    changed_.notify_all();
    return base::Done{};
  }

  base::Status carry_out(WorkerTools& tools, OpenTask& task) {
    base::Result<std::optional<LargeFile>> opened = open_large_file(run_, tools.folders, tools.buffers, task.file);
    if (!opened.ok()) {
      if (opened.error().system_errno == 0 || os::stops_restore(opened.error())) return std::move(opened).error();
      run_.troubles.refuse(run_.item(run_.items.files[task.file]).path, "restore.target", opened.error().what);
      opened = std::optional<LargeFile>();
    }
    const std::lock_guard lock(mutex_);
    --large_open_;
    if (opened.value()) {
      auto large = std::make_shared<LargeFile>(std::move(*opened.value()));
      for (const std::uint32_t span : large->missing) {
        const sources::Content::Piece first = large->content->piece(large->spans[span].from);
        const sources::Content::Piece last = large->content->piece(large->spans[span].to - 1);
        segments_.push_back({large, span, last.offset_bytes + last.length_bytes - first.offset_bytes});
      }
      ++large_open_;
      if (large->left == 0) finishes_.push_back({large});
    }
    changed_.notify_all();
    return base::Done{};
  }

  base::Status carry_out(WorkerTools& tools, SegmentTask& task) {
    Segment segment{task.large, task.span, task.bytes, {}};
    LG_TRY(write_segment(run_, tools, segment));
    const std::lock_guard lock(mutex_);
    segments_written_.push_back(std::move(segment));
    changed_.notify_all();
    return base::Done{};
  }

  base::Status carry_out(WorkerTools& /*tools*/, FinishTask& task) {
    auto batch = std::make_unique<FileBatch>();
    batch->files.push_back(task.large->file);
    LG_ASSIGN(WrittenFile written, finish_large_file(run_, *task.large));
    batch->written.push_back(std::move(written));
    const std::lock_guard lock(mutex_);
    --large_open_;
    ++batches_open_;
    ++files_open_;
    written_.push_back(std::move(batch));
    changed_.notify_all();
    return base::Done{};
  }

  /// The next thing to do; nothing when all is done or stopped. What frees room goes first.
  std::optional<Task> take() {
    std::unique_lock lock(mutex_);
    while (true) {
      if (run_.stop.load() || all_done()) return std::nullopt;
      if (!names_.empty()) return Task(pop(names_));
      if (!finishes_.empty()) return Task(pop(finishes_));
      if (!segments_.empty() && has_room(segments_.front().bytes)) {
        unsynced_bytes_ += segments_.front().bytes;
        return Task(pop(segments_));
      }
      if (segments_.empty() && next_ < files_.size()) {
        if (std::optional<Task> task = take_new()) return task;
      }
      changed_.wait(lock);
    }
  }

  template <typename T>
  static T pop(std::deque<T>& queue) {
    T out = std::move(queue.front());
    queue.pop_front();
    return out;
  }

  [[nodiscard]] std::uint64_t size_of(std::size_t at) const {
    return run_.item(run_.items.files[files_[at]]).size_bytes;
  }

  [[nodiscard]] bool has_room(std::uint64_t bytes) const {
    return unsynced_bytes_ == 0 || unsynced_bytes_ + bytes <= k_unsynced_bytes_max;
  }

  std::optional<Task> take_new() {
    if (size_of(next_) > k_large_file_bytes) {
      // Two at a time, so that one begins while the other ends.
      if (large_open_ >= 2) return std::nullopt;
      ++large_open_;
      return Task(OpenTask{files_[next_++]});
    }
    if (!has_room(size_of(next_)) || files_open_ + batch_files_max_ > files_open_max_) return std::nullopt;
    auto batch = std::make_unique<FileBatch>();
    while (next_ < files_.size() && batch->files.size() < batch_files_max_) {
      const std::uint64_t size = size_of(next_);
      if (size > k_large_file_bytes) break;
      if (!batch->files.empty() && (batch->bytes + size > k_batch_bytes_max || !has_room(batch->bytes + size))) break;
      batch->files.push_back(files_[next_++]);
      batch->bytes += size;
    }
    unsynced_bytes_ += batch->bytes;
    files_open_ += batch->files.size();
    ++batches_open_;
    return Task(WriteTask{std::move(batch)});
  }

  [[nodiscard]] bool all_done() const {
    return next_ >= files_.size() && batches_open_ == 0 && large_open_ == 0 && segments_.empty() &&
           segments_written_.empty();
  }

  void fail(base::Error error) {
    const std::lock_guard lock(mutex_);
    if (!error_ || error_->code == base::ErrorCode::cancelled) error_ = std::move(error);
    run_.stop = true;
    changed_.notify_all();
  }

  // ---- the thread that commits ----

  void commit_until_finished() {
    try {
      while (true) {
        Round round = wait_for_work();
        tell_progress();
        if (!round.empty()) {
          const base::Status status = commit(round);
          if (!status.ok()) fail(status.error());
        }
        const std::lock_guard lock(mutex_);
        if (run_.stop || all_done()) break;
      }
    } catch (const std::exception& failure) {
      base::Error error;
      error.code = base::ErrorCode::limit_reached;
      error.what = fmt::format("cannot go on restoring: {}", failure.what());
      fail(std::move(error));
    }
    {
      const std::lock_guard lock(mutex_);
      changed_.notify_all();
    }
  }

  struct Round {
    std::vector<std::unique_ptr<FileBatch>> written;
    std::vector<std::unique_ptr<FileBatch>> named;
    std::vector<Segment> segments;
    [[nodiscard]] bool empty() const { return written.empty() && named.empty() && segments.empty(); }
  };

  Round wait_for_work() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, k_look_again, [&] {
      return !written_.empty() || !named_.empty() || !segments_written_.empty() || all_done() || run_.stop;
    });
    Round round;
    round.written.swap(written_);
    round.named.swap(named_);
    round.segments.swap(segments_written_);
    return round;
  }

  base::Status commit(Round& round) {
    if (run_.synced()) LG_TRY(run_.target.sync_all(run_.mounts));
    LG_TRY(record_done(run_, round.named));
    LG_TRY(record_segments(round.segments));
    if (run_.in_place()) LG_TRY(announce_moves(run_, round.written));
    if (run_.synced()) LG_TRY(run_.journal.sync());
    count_done(run_, round.named);
    const std::lock_guard lock(mutex_);
    for (std::unique_ptr<FileBatch>& batch : round.named) {
      unsynced_bytes_ -= batch->bytes;
      --batches_open_;
    }
    for (std::unique_ptr<FileBatch>& batch : round.written) names_.push_back({std::move(batch)});
    for (Segment& segment : round.segments) {
      unsynced_bytes_ -= segment.bytes;
      if (--segment.large->left == 0) finishes_.push_back({segment.large});
    }
    changed_.notify_all();
    return base::Done{};
  }

  base::Status record_segments(std::vector<Segment>& segments) {
    SegmentsRecord record;
    for (Segment& segment : segments) {
      LargeFile& large = *segment.large;
      const RestoreFile& file = run_.items.files[large.file];
      SegmentEntry& entry = large.segments[segment.span];
      entry = {file.item, segment.span, segment.content.offset_bytes, segment.content.length_bytes,
               segment.content.hash};
      large.lost.insert(large.lost.end(), segment.content.lost.begin(), segment.content.lost.end());
      // A segment with losses is tried again by the next run.
      if (segment.content.lost.empty()) {
        LG_TRY(record_fills(run_, segment.fills));
        record.entries.push_back(entry);
      } else {
        for (FilledEntry& fill : segment.fills) add_fill(run_.filled[fill.item], std::move(fill));
      }
    }
    return record.entries.empty() ? base::Status(base::Done{}) : run_.journal.append_unsynced(record);
  }

  void tell_progress() {
    const auto now = std::chrono::steady_clock::now();
    if (now - told_ >= k_progress_step) {
      told_ = now;
      run_.tell();
    }
    if (!run_.progress.cancelled()) return;
    fail(stopped_error());
  }

  RestoreRun& run_;
  std::vector<std::uint32_t> files_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t next_ = 0;
  std::deque<NameTask> names_;
  std::deque<FinishTask> finishes_;
  std::deque<SegmentTask> segments_;
  std::vector<std::unique_ptr<FileBatch>> written_;
  std::vector<std::unique_ptr<FileBatch>> named_;
  std::vector<Segment> segments_written_;
  std::uint64_t unsynced_bytes_ = 0;
  std::uint64_t files_open_ = 0;
  std::uint64_t files_open_max_ = 0;
  std::uint64_t batch_files_max_ = 0;
  std::size_t batches_open_ = 0;
  std::size_t large_open_ = 0;  // being opened, written or finished
  std::optional<base::Error> error_;
  std::chrono::steady_clock::time_point told_{};
};

}  // namespace

base::Status restore_files(RestoreRun& run, std::vector<std::uint32_t> files) {
  return FilePipeline(run, std::move(files)).run();
}

}  // namespace lastgood::recovery::restore
