// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "trace/trace_store.h"

#include <chrono>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/checksum.h"
#include "mail/store_frames.h"
#include "os/locked_child.h"

namespace lastgood::trace {

namespace {

using base::Result;

constexpr std::string_view k_helper = "lastgood-read-pst";
constexpr int k_silence_s = 120;
constexpr std::size_t k_broken_max = 100;  // items that broke the helper, each of which starts it again
constexpr std::size_t k_silent_max = 3;    // of them, those at which it hung
constexpr auto k_restarts_end = std::chrono::hours(2);
constexpr std::size_t k_name_bytes_max = 4096;

/// One item as the helper says it.
struct Item {
  std::uint32_t number = 0;
  std::uint32_t identifier = 0;
  std::string header;
  std::vector<MailAttachment> attachments;
  std::uint64_t attachments_seen = 0;
  std::vector<std::string> unread;
};

/// How one run of the helper ended.
enum class RunEnd : std::uint8_t {
  complete,
  stopped,  // by the sink
  broken,
};

/// Places that were given to mails, and the digests of their headers.
using Places = std::map<std::uint64_t, std::string>;

class StoreRun {
 public:
  StoreRun(os::LockedChild& child, const TraceOptions& options, const TraceSink& sink, FileTrace& outcome,
           Places& places)
      : child_(child), options_(options), sink_(sink), outcome_(outcome), places_(places) {}

  /// What is broken off, silent or nonsense all means that the helper is no longer to be believed.
  RunEnd run() {
    while (true) {
      const auto head = read_exactly(mail::k_frame_head_bytes) ? mail::parse_frame_head(view()) : std::nullopt;
      if (!head || !read_exactly(head->length_bytes)) return RunEnd::broken;
      if (head->kind == 'F') return RunEnd::complete;
      if (head->kind == 'I') {
        begin();
      } else if (!item_) {
        return RunEnd::broken;
      } else if (head->kind == 'E') {
        if (!finish()) return RunEnd::stopped;
      } else {
        take(head->kind);
      }
    }
  }

  /// The number to go on from: behind the item that was being read or about to be.
  [[nodiscard]] std::uint32_t next_number() const { return item_ ? item_->number + 1 : last_number_ + 1; }
  [[nodiscard]] bool any_item() const { return any_; }
  [[nodiscard]] bool silent() const { return silent_; }
  [[nodiscard]] std::optional<std::uint32_t> open_identifier() const {
    return item_ ? std::optional(item_->identifier) : std::nullopt;
  }

 private:
  [[nodiscard]] base::ByteView view() const { return base::ByteView(std::span<const std::uint8_t>(bytes_)); }

  bool read_exactly(std::size_t size) {
    bytes_.resize(size);
    std::size_t filled = 0;
    while (filled < size) {
      const auto got = child_.read(std::span(bytes_).subspan(filled), k_silence_s);
      silent_ = !got.ok();
      if (!got.ok() || got.value() == 0) return false;
      filled += got.value();
    }
    return true;
  }

  void begin() {
    item_.emplace();
    item_->number = view().le32(0);
    item_->identifier = view().le32(4);
    last_number_ = item_->number;
    any_ = true;
    digest_.reset();
  }

  void end_attachment() {
    if (!digest_) return;
    const base::Sha256Digest sum = digest_->finish();
    item_->attachments.back().sha256 = base::hex(base::ByteView(std::span<const std::uint8_t>(sum)));
    digest_.reset();
  }

  void take(char kind) {
    if (kind == 'H') {
      item_->header = std::string(view().text());
    } else if (kind == 'A') {
      end_attachment();
      if (++item_->attachments_seen > k_attachments_max) return;
      item_->attachments.push_back({.name = std::string(view().text().substr(0, k_name_bytes_max)),
                                    .content_type = {},
                                    .encoding = {},
                                    .offset_bytes = 0,
                                    .size_bytes = 0,
                                    .sha256 = {}});
      digest_.emplace();
    } else if (kind == 'B') {
      end_attachment();  // nobody asked for it; what follows is no attachment's
    } else if (kind == 'D' && digest_) {
      digest_->update(view());
      item_->attachments.back().size_bytes += bytes_.size();
    } else if (kind == 'X' && item_->unread.size() < 10) {
      item_->unread.emplace_back(view().text().substr(0, 200));
    }
  }

  /// False: the sink wants no more.
  bool finish() {
    end_attachment();
    Item item = std::move(*item_);
    item_.reset();
    for (const std::string& what : item.unread) note_unread(item.identifier, what);
    auto trace = item.header.empty() ? std::nullopt : trace_mail(base::ByteView(item.header), 0, options_);
    if (!trace) {
      ++outcome_.without_header;
      return true;
    }
    const auto place = find_place(item.identifier, trace->sha256);
    if (!place) return true;
    trace->begin_bytes = *place;
    trace->end_bytes = *place + item.header.size();
    trace->store_item = item.identifier;
    trace->attachments = std::move(item.attachments);
    trace->hints.push_back(
        {"mail.store",
         fmt::format("item {} of the store; offsets are those inside its internet header, the digest "
                     "is the header's, signatures lack the body that was signed",
                     item.identifier),
         model::Weight::remarks,
         {}});
    if (item.attachments_seen > k_attachments_max) {
      trace->hints.push_back(
          {"mail.mime.attachments",
           fmt::format("{} attachments; the first {} are listed", item.attachments_seen, k_attachments_max),
           model::Weight::remarks,
           {}});
    }
    ++outcome_.mails;
    return sink_(*trace);
  }

  /// The case keeps one mail at one place: identifiers are the places of a store. Items that were recovered from what
  /// was deleted may have that of another. Nothing: the very same mail was said before.
  std::optional<std::uint64_t> find_place(std::uint32_t identifier, const std::string& sha256) {
    constexpr std::uint64_t k_next = std::uint64_t{1} << 32U;
    std::uint64_t place = identifier;
    for (auto known = places_.find(place); known != places_.end(); known = places_.find(place)) {
      if (known->second == sha256) return std::nullopt;
      place += k_next;
    }
    places_.emplace(place, sha256);
    return place;
  }

  void note_unread(std::uint32_t identifier, const std::string& what) {
    if (outcome_.findings.size() >= k_broken_max) return;
    outcome_.findings.push_back({"mail.store.item",
                                 fmt::format("item {} of the store: {}", identifier, base::printable(what)),
                                 model::Weight::contradicts,
                                 {}});
  }

  os::LockedChild& child_;
  const TraceOptions& options_;
  const TraceSink& sink_;
  FileTrace& outcome_;
  Places& places_;
  std::vector<std::uint8_t> bytes_;
  std::optional<Item> item_;
  std::optional<base::Sha256> digest_;  // of the attachment that is being read
  std::uint32_t last_number_ = 0;
  bool any_ = false;
  bool silent_ = false;
};

}  // namespace

bool is_store(base::ByteView opening) { return opening.matches(0, "!BDN"); }

Result<FileTrace> trace_store_with(const std::string& helper, os::EvidenceFile& file, const TraceOptions& options,
                                   const TraceSink& sink) {
  FileTrace outcome;
  Places places;
  std::uint32_t first = 0;
  std::size_t silent = 0;
  const auto begun = std::chrono::steady_clock::now();
  for (std::size_t broken = 0; broken <= k_broken_max; ++broken) {
    LG_ASSIGN(os::LockedChild child, os::LockedChild::start(helper, std::to_string(first), file.descriptor()));
    StoreRun run(child, options, sink, outcome, places);
    const RunEnd end = run.run();
    if (end != RunEnd::broken) return outcome;
    const int code = child.end();
    const auto identifier = run.open_identifier();
    const std::string how = code > 128 ? fmt::format("signal {}", code - 128) : fmt::format("code {}", code);
    outcome.findings.push_back(
        {"mail.store.broken",
         identifier ? fmt::format("the store breaks the reader at item {} ({})", *identifier, how)
         : run.any_item()
             ? fmt::format("the store breaks the reader behind item number {} ({})", run.next_number() - 1, how)
             : fmt::format("the store is cut or broken: its reader stops before item number {} ({})", first, how),
         model::Weight::contradicts,
         {}});
    // Where not even one item more was begun, starting again would end in the same place.
    silent += run.silent() ? 1U : 0U;
    const bool enough = silent >= k_silent_max || std::chrono::steady_clock::now() - begun > k_restarts_end;
    if (!run.any_item() || enough) return outcome;
    first = run.next_number();
  }
  return outcome;
}

Result<FileTrace> trace_store(os::EvidenceFile& file, const TraceOptions& options, const TraceSink& sink) {
  return trace_store_with(std::string(k_helper), file, options, sink);
}

}  // namespace lastgood::trace
