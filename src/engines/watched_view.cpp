// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/watched_view.h"

#include <utility>

#include "base/watched_source.h"

namespace lastgood::engines {

namespace {

using GoesOn = std::shared_ptr<const std::function<bool()>>;

base::Error stopped(std::string_view path) {
  return {.code = base::ErrorCode::cancelled, .what = "it was not looked at to the end", .path = std::string(path)};
}

class OwnedSource final : public base::ByteSource {
 public:
  OwnedSource(std::unique_ptr<base::ByteSource> source, GoesOn goes_on)
      : source_(std::move(source)), goes_on_(std::move(goes_on)), watched_(*source_, *goes_on_) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return watched_.size_bytes(); }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    return watched_.read(offset_bytes, into);
  }
  [[nodiscard]] std::uint64_t next_data(std::uint64_t offset_bytes) override {
    return watched_.next_data(offset_bytes);
  }

 private:
  std::unique_ptr<base::ByteSource> source_;
  GoesOn goes_on_;
  base::WatchedSource watched_;
};

class WatchedView final : public UnitView {
 public:
  WatchedView(const UnitView& view, GoesOn goes_on) : view_(&view), goes_on_(std::move(goes_on)) {}
  WatchedView(std::unique_ptr<UnitView> view, GoesOn goes_on)
      : own_(std::move(view)), view_(own_.get()), goes_on_(std::move(goes_on)) {}

  [[nodiscard]] base::Result<std::vector<UnitEntry>> list(std::string_view folder) const override {
    if (!(*goes_on_)()) return stopped(folder);
    return view_->list(folder);
  }
  [[nodiscard]] base::Result<std::unique_ptr<base::ByteSource>> open(std::string_view file) const override {
    if (!(*goes_on_)()) return stopped(file);
    LG_ASSIGN(std::unique_ptr<base::ByteSource> source, view_->open(file));
    return std::unique_ptr<base::ByteSource>(std::make_unique<OwnedSource>(std::move(source), goes_on_));
  }
  [[nodiscard]] std::unique_ptr<UnitView> open_outside(std::string_view path) const override {
    std::unique_ptr<UnitView> outside = view_->open_outside(path);
    return outside ? std::make_unique<WatchedView>(std::move(outside), goes_on_) : nullptr;
  }
  [[nodiscard]] std::optional<std::string> find_on_this_machine(std::string_view folder) const override {
    return view_->find_on_this_machine(folder);
  }

 private:
  std::unique_ptr<UnitView> own_;
  const UnitView* view_;
  GoesOn goes_on_;
};

}  // namespace

std::unique_ptr<UnitView> watch_view(const UnitView& view, std::function<bool()> goes_on) {
  return std::make_unique<WatchedView>(view, std::make_shared<const std::function<bool()>>(std::move(goes_on)));
}

}  // namespace lastgood::engines
