// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "scan/walk_tree.h"

#include <atomic>
#include <string>
#include <unordered_map>

#include "scan/judge_file.h"

namespace lastgood::scan {

namespace {

/// Of a resumed scan: what it has stored of the folder already.
struct KnownFiles final : walk::FolderNotes {
  std::unordered_map<std::string, casefile::KnownFile> by_name;
};

class FileJudge final : public walk::FileVisitor {
 public:
  FileJudge(const inspect::InspectOptions& options, Resume resume, inspect::FileSearch* search,
            casefile::Recorder& recorder)
      : options_(options), resume_(resume), search_(search), recorder_(recorder) {}

  void visit_file(const walk::OpenFolder& folder, const std::string& name) override {
    if (is_known(folder, name)) return recorder_.add_known();
    inspect::JudgedFile judged = judge_file(folder.directory, folder.path, name, options_, search_);
    if (options_.goes_on && !options_.goes_on()) return;  // not judged to its end: the next scan does it
    recorder_.add(std::move(judged.record), std::move(judged.sightings), {}, std::move(judged.searched));
  }
  void note_trouble(const std::string& path, const base::Error& error) override {
    if (search_ != nullptr) search_->note_unreadable();
    recorder_.add(inspect::unreadable_record(path, error), {});
  }
  void note_skipped() override { recorder_.add_skipped(); }
  [[nodiscard]] std::unique_ptr<walk::FolderNotes> open_notes(const std::string& folder) override {
    if (resume_ == Resume::no) return nullptr;
    auto notes = std::make_unique<KnownFiles>();
    const auto known = recorder_.known_files(folder);
    if (known.ok()) {
      for (const casefile::KnownFile& file : known.value()) notes->by_name.emplace(file.name, file);
    }
    return notes;
  }
  [[nodiscard]] bool failed() const override { return recorder_.failed(); }

 private:
  static bool is_known(const walk::OpenFolder& folder, const std::string& name) {
    const auto* const notes = dynamic_cast<const KnownFiles*>(folder.notes.get());
    if (notes == nullptr) return false;
    const auto known = notes->by_name.find(name);
    if (known == notes->by_name.end()) return false;
    const auto status = os::status_at(folder.directory, name, name);
    return status.ok() && status.value().size_bytes == known->second.size_bytes &&
           status.value().mtime_ns == known->second.mtime_ns && status.value().ctime_ns == known->second.ctime_ns;
  }

  const inspect::InspectOptions& options_;
  Resume resume_;
  inspect::FileSearch* search_;
  casefile::Recorder& recorder_;
};

}  // namespace

base::Result<walk::WalkEnd> walk_tree(const ScanRequest& request, const inspect::InspectOptions& options,
                                      inspect::FileSearch* search, casefile::Recorder& recorder,
                                      ScanProgress& progress) {
  std::atomic<bool> is_stopped = false;
  inspect::InspectOptions stoppable = options;
  stoppable.goes_on = [&] { return !is_stopped; };
  FileJudge judge(stoppable, request.resume, search, recorder);
  const auto show = [&](const walk::WalkTally& walked) {
    ScanTally tally{recorder.tally()};
    tally.folders_seen = walked.folders_seen;
    tally.folders_done = walked.folders_done;
    tally.seconds = walked.seconds;
    progress.walking(tally);
  };
  const walk::WalkRequest files{.roots = request.roots,
                                .includes = request.includes,
                                .excludes = request.excludes,
                                .other_file_systems = request.other_file_systems,
                                .threads = request.threads,
                                .skipped_folder = request.case_folder};
  LG_ASSIGN(const walk::WalkEnd end, walk::walk_files(files, judge, {.show = show, .cancelled = [&] {
                                                                       is_stopped = is_stopped || progress.cancelled();
                                                                       return is_stopped.load();
                                                                     }}));
  recorder.flush();
  if (auto failure = recorder.failure()) return std::move(*failure);
  return end;
}

}  // namespace lastgood::scan
