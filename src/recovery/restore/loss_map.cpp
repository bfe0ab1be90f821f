// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/loss_map.h"

#include <algorithm>

#include <fmt/format.h>

#include "os/atomic_file.h"

namespace lastgood::recovery::restore {

base::Status write_loss_map(RestoreRun& run) {
  std::vector<IncompleteFile>& files = run.outcome.incomplete;
  if (files.empty() && run.journal.state().incomplete.empty()) return base::Done{};
  std::sort(files.begin(), files.end(),
            [](const IncompleteFile& a, const IncompleteFile& b) { return a.path < b.path; });
  std::string text = "# lastgood loss map: bytes that no source could give\n# from\tto\tpath\twritten\n";
  for (const IncompleteFile& file : files) {
    for (const model::ByteRange& range : file.lost) {
      text += fmt::format("{}\t{}\t{}\t{}\n", range.from, range.to, base::printable(file.path),
                          file.written_path.empty() ? "-" : base::printable(file.written_path));
    }
  }
  const std::string journal = run.journal.path();
  run.outcome.loss_map_path = journal.substr(0, journal.rfind('.')) + ".losses.tsv";
  LG_ASSIGN(os::AtomicFile file, os::begin_atomic_file(run.outcome.loss_map_path, os::Overwrite::yes));
  LG_TRY(file.write(base::ByteView(std::string_view(text))));
  return file.commit();
}

}  // namespace lastgood::recovery::restore
