// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ContentSearch: one file's bytes come in order, from whoever reads them, and are searched in windows that overlap.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "os/evidence.h"
#include "sightings/collect_sightings.h"

namespace lastgood::sightings {

/// One thread, one at a time per thread: they share the thread's buffer.
class ContentSearch {
 public:
  /// `name` is the file's own, empty for a device. `file` and `own` outlive the search: of mails, bytes that have been
  /// seen or come next are read again, which the system still has in memory.
  ContentSearch(base::ByteSource& file, std::string path, std::string_view name, const OwnPlaces& own);
  ~ContentSearch();
  ContentSearch(const ContentSearch&) = delete;
  ContentSearch& operator=(const ContentSearch&) = delete;

  /// Before the first bytes: what the items of an Outlook store say, through the helper; other files are left alone.
  /// Its bytes as they stand are searched beside: deleted items lie there. One store at a time in the program.
  void look_into_store_of(os::EvidenceFile& file, const std::function<bool()>& cancelled);

  /// Where the next bytes are to be put; never empty.
  [[nodiscard]] std::span<std::uint8_t> room();
  /// So many of them were put. Errors: reading a mail; nothing is searched any more.
  [[nodiscard]] base::Status take(std::size_t count);
  /// No more bytes come.
  [[nodiscard]] base::Status finish();

  /// What of a mail or store was not looked into, in words.
  [[nodiscard]] std::vector<std::string> left_out() const;
  /// By offset; without the digest, which is the reader's.
  [[nodiscard]] SeenFile take_seen();

 private:
  class Windows;
  std::unique_ptr<Windows> windows_;
};

/// How `left_out` is told.
[[nodiscard]] base::Error left_out_error(const std::string& path, const std::string& what);

}  // namespace lastgood::sightings
