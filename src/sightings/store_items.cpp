// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sightings/store_items.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include <fmt/format.h>

#include "mail/header.h"
#include "mail/store_frames.h"
#include "os/locked_child.h"
#include "sightings/mail_parts.h"

namespace lastgood::sightings {

namespace {

constexpr std::string_view k_helper = "lastgood-read-pst";
constexpr int k_silence_s = 120;
constexpr std::size_t k_broken_max = 100;  // items that broke the helper, each of which starts it again
constexpr std::size_t k_silent_max = 3;    // of them, those at which it hung
constexpr auto k_restarts_end = std::chrono::hours(2);
constexpr std::size_t k_left_out_items_max = 100;
constexpr std::size_t k_name_bytes_max = 200;
constexpr std::size_t k_window_bytes = std::size_t{4} << 20U;
constexpr std::size_t k_item_margin_bytes = indicators::k_indicator_bytes_max;

/// One part of an item as its bytes come in.
class PartSearch {
 public:
  PartSearch(StorePlace place, const StoreSink& sink) : place_(std::move(place)), sink_(sink) {}

  void feed(base::ByteView bytes) {
    const std::span<const std::uint8_t> all = bytes.span();
    bytes_.insert(bytes_.end(), all.begin(), all.end());
    if (bytes_.size() >= k_window_bytes) search_to(bytes_.size() - k_item_margin_bytes);
  }

  /// Gives what was left out of a mail that is attached; a mail larger than a window is searched as it stands.
  std::vector<std::string> finish() {
    std::vector<std::string> left_out;
    if (from_ == 0 && mail::begins_mail(view())) {
      base::MemorySource source(view());
      MailLook look(source, view(), [this](std::string_view encoding, indicators::FoundIndicator found) {
        sink_(place_, encoding, std::move(found));
      });
      if (look.advance(bytes_.size()).ok()) {
        for (const model::ByteRange& range : look.encoded())
          std::fill(bytes_.begin() + static_cast<std::ptrdiff_t>(range.from),
                    bytes_.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(range.to, bytes_.size())), 0);
        left_out = look.left_out();
      }
    }
    search_to(bytes_.size());
    return left_out;
  }

 private:
  [[nodiscard]] base::ByteView view() const { return base::ByteView(std::span<const std::uint8_t>(bytes_)); }

  void search_to(std::size_t core_to) {
    indicators::find_indicators(view(), core_, core_to, from_,
                                [&](indicators::FoundIndicator found) { sink_(place_, {}, std::move(found)); });
    const std::size_t keep = core_to > k_item_margin_bytes ? core_to - k_item_margin_bytes : 0;
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(keep));
    core_ = core_to - keep;
    from_ += keep;
  }

  StorePlace place_;
  const StoreSink& sink_;
  std::vector<std::uint8_t> bytes_;
  std::uint64_t from_ = 0;  // of bytes_[0] in the part
  std::size_t core_ = 0;
};

enum class RunEnd : std::uint8_t { complete, cancelled, broken };

class StoreRun {
 public:
  StoreRun(os::LockedChild& child, const std::function<bool()>& cancelled, const StoreSink& sink, StoreLook& look)
      : child_(child), cancelled_(cancelled), sink_(sink), look_(look) {}

  /// What is broken off, silent or nonsense all means that the helper is no longer to be believed.
  RunEnd run() {
    while (true) {
      if (cancelled_()) return RunEnd::cancelled;
      const auto head = read_exactly(mail::k_frame_head_bytes) ? mail::parse_frame_head(view()) : std::nullopt;
      if (!head || !read_exactly(head->length_bytes)) return RunEnd::broken;
      if (head->kind == 'F') return RunEnd::complete;
      if (head->kind == 'I')
        begin();
      else if (!open_)
        return RunEnd::broken;
      else
        take(head->kind);
    }
  }

  /// What was said of a part before the helper broke counts.
  void end_part() {
    if (!part_) return;
    for (std::string& what : part_->finish()) leave_out(std::move(what));
    part_.reset();
  }

  [[nodiscard]] std::uint32_t next_number() const { return number_ + 1; }
  [[nodiscard]] bool any_item() const { return any_; }
  [[nodiscard]] bool silent() const { return silent_; }
  [[nodiscard]] std::uint32_t identifier() const { return identifier_; }
  [[nodiscard]] bool in_item() const { return open_; }

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
    end_part();
    number_ = view().le32(0);
    identifier_ = view().le32(4);
    open_ = any_ = true;
    ++look_.items;
  }

  void begin_part(std::string part) {
    end_part();
    part_.emplace(StorePlace{.item = std::max(identifier_, 1U), .part = std::move(part)}, sink_);
  }

  void take(char kind) {
    const std::string text(view().text().substr(0, k_name_bytes_max));
    if (kind == 'H') {
      begin_part("header");
      part_->feed(view());
      end_part();
    } else if (kind == 'B') {
      begin_part("body as " + base::printable(text));
    } else if (kind == 'A') {
      begin_part("attachment '" + base::printable(text) + "'");
      part_->feed(base::ByteView(std::string_view()));
    } else if (kind == 'D' && part_) {
      part_->feed(view());
    } else if (kind == 'X') {
      leave_out(base::printable(text));
    } else if (kind == 'E') {
      end_part();
      open_ = false;
    }
  }

  void leave_out(std::string what) {
    if (look_.left_out.size() < k_left_out_items_max)
      look_.left_out.push_back(fmt::format("item {} of the store: {}", identifier_, what));
  }

  os::LockedChild& child_;
  const std::function<bool()>& cancelled_;
  const StoreSink& sink_;
  StoreLook& look_;
  std::vector<std::uint8_t> bytes_;
  std::optional<PartSearch> part_;
  std::uint32_t number_ = 0;
  std::uint32_t identifier_ = 0;
  bool open_ = false;
  bool any_ = false;
  bool silent_ = false;
};

}  // namespace

bool is_store(base::ByteView opening) { return opening.matches(0, "!BDN"); }

base::Result<StoreLook> look_into_store_with(const std::string& helper, os::EvidenceFile& file,
                                             const std::function<bool()>& cancelled, const StoreSink& sink) {
  StoreLook look;
  std::uint32_t first = 0;
  std::size_t silent = 0;
  const auto begun = std::chrono::steady_clock::now();
  for (std::size_t broken = 0; broken <= k_broken_max; ++broken) {
    const std::string argument = std::to_string(first) + mail::k_ask_for_bodies;
    LG_ASSIGN(os::LockedChild child, os::LockedChild::start(helper, argument, file.descriptor()));
    StoreRun run(child, cancelled, sink, look);
    const RunEnd end = run.run();
    run.end_part();
    if (end != RunEnd::broken) return look;
    const int code = child.end();
    const std::string how = code > 128 ? fmt::format("signal {}", code - 128) : fmt::format("code {}", code);
    look.left_out.push_back(
        run.in_item() ? fmt::format("the store breaks its reader at item {} ({})", run.identifier(), how)
        : run.any_item()
            ? fmt::format("the store breaks its reader behind item number {} ({})", run.next_number() - 1, how)
            : fmt::format("the store is cut or broken: its reader stops before item number {} ({})", first, how));
    silent += run.silent() ? 1U : 0U;
    const bool enough = silent >= k_silent_max || std::chrono::steady_clock::now() - begun > k_restarts_end;
    // Where not even one item more was begun, starting again would end in the same place.
    if (!run.any_item() || enough || run.next_number() <= first) return look;
    first = run.next_number();
  }
  return look;
}

base::Result<StoreLook> look_into_store(os::EvidenceFile& file, const std::function<bool()>& cancelled,
                                        const StoreSink& sink) {
  return look_into_store_with(std::string(k_helper), file, cancelled, sink);
}

}  // namespace lastgood::sightings
