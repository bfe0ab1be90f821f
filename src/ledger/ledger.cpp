// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "ledger/ledger.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/assert.h"
#include "base/base64.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "os/identity.h"
#include "os/random.h"

namespace lastgood::ledger {

namespace {

constexpr std::string_view k_file_name = "ledger";
constexpr std::string_view k_base64_suffix = "_b64";

const os::SystemClock& system_clock() {
  static const os::SystemClock clock;
  return clock;
}

std::string readable(const std::string& text) { return base::is_utf8(text) ? text : base::printable(text); }

std::string exact(const std::string& text) { return base::base64(base::ByteView(std::string_view(text))); }

/// What the format cannot hold as it is. Texts that are not UTF-8 are written readably, and exactly beside it; integers
/// that other JSON readers would round are written as text (sparse files can have any size).
Fields as_format_allows(const Fields& fields) {
  Fields out;
  for (const auto& [name, value] : fields) {
    if (const auto* number = std::get_if<std::int64_t>(&value);
        number != nullptr && (*number > k_integer_max || *number < -k_integer_max)) {
      out[name] = std::to_string(*number);
      continue;
    }
    if (const auto* text = std::get_if<std::string>(&value); text != nullptr && !base::is_utf8(*text)) {
      out[name] = readable(*text);
      out[name + std::string(k_base64_suffix)] = exact(*text);
      continue;
    }
    out[name] = value;
    auto* texts = std::get_if<std::vector<std::string>>(&out[name]);
    if (texts == nullptr) continue;
    std::vector<std::string> exact_texts;
    bool odd = false;
    for (std::string& text : *texts) {
      odd = odd || !base::is_utf8(text);
      exact_texts.push_back(exact(text));
      text = readable(text);
    }
    if (odd) out[name + std::string(k_base64_suffix)] = std::move(exact_texts);
  }
  return out;
}

bool are_spelled_right(std::string_view kind, const Fields& fields) {
  if (!is_kind(kind)) return false;
  for (const auto& field : fields) {
    if (!is_field_name(field.first)) return false;
  }
  return true;
}

base::Error ledger_error(base::ErrorCode code, std::string what, const std::string& path, std::string hint) {
  return base::Error{.code = code,
                     .what = std::move(what),
                     .path = path,
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = std::move(hint)};
}

base::Error broken_error(const std::string& path, const Break& broken) {
  base::Error error = ledger_error(
      broken.reason == BreakReason::version ? base::ErrorCode::unsupported : base::ErrorCode::damaged_container,
      fmt::format("ledger '{}' is broken at entry {} (byte {}): {}", base::printable(path), broken.entry,
                  broken.offset_bytes, sentence_for(broken.reason)),
      path, "keep the file as it is, it is evidence; go on in a new case");
  error.offset_bytes = broken.offset_bytes;
  return error;
}

/// The lock on the file for as long as this lives.
class Turn {
 public:
  explicit Turn(os::AppendFile& file) : file_(&file) {}
  ~Turn() { file_->unlock(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  os::AppendFile* file_;
};

std::string ledger_path(const std::string& case_folder) { return case_folder + "/" + std::string(k_file_name); }

}  // namespace

Ledger::Ledger(std::unique_ptr<os::AppendFile> file, std::string path, Actor actor, const os::Clock& clock)
    : file_(std::move(file)),
      path_(std::move(path)),
      actor_{.host = readable(actor.host),
             .login = readable(actor.login),
             .program = readable(actor.program),
             .user = readable(actor.user)},
      clock_(&clock) {}

base::Result<Head> Ledger::append(std::string_view kind, const Fields& fields) {
  LG_ASSERT(are_spelled_right(kind, fields) && kind != k_kind_created && kind != k_kind_repaired);
  LG_TRY(file_->lock());
  const Turn turn(*file_);
  LG_TRY(catch_up());
  return append_locked(kind, fields);
}

base::Status Ledger::check() {
  LG_TRY(file_->lock());
  const Turn turn(*file_);
  LG_TRY(catch_up());
  if (state().entries > 0) return base::Done{};
  return ledger_error(base::ErrorCode::damaged_container,
                      fmt::format("ledger '{}' has no entry", base::printable(path_)), path_,
                      "making this case was interrupted: remove its folder and make it again");
}

base::Status Ledger::begin() {
  LG_TRY(file_->lock());
  const Turn turn(*file_);
  LG_TRY(catch_up());
  if (state().entries > 0 || state().torn_end) {
    return ledger_error(base::ErrorCode::misuse, fmt::format("ledger '{}' is there already", base::printable(path_)),
                        path_, {});
  }
  std::array<std::uint8_t, 16> id{};
  os::fill_random(id);
  const std::string case_id = base::hex(base::ByteView(std::span<const std::uint8_t>(id)));
  LG_ASSIGN(const Head head, append_locked(k_kind_created, {{"case_id", case_id}, {"format", std::int64_t{1}}}));
  LG_ASSERT(head.sequence == 1);
  return base::Done{};
}

base::Status Ledger::catch_up() {
  if (uncertain_) {
    return ledger_error(base::ErrorCode::io,
                        fmt::format("cannot append to ledger '{}': an earlier write failed", base::printable(path_)),
                        path_, "see to the disk, then start the program again");
  }
  LG_TRY(chain_.read_on(*file_));
  if (state().broken) return broken_error(path_, *state().broken);
  return base::Done{};
}

/// Repair and entry go out in one write, so that a crash between them cannot be.
base::Result<Head> Ledger::append_locked(std::string_view kind, const Fields& fields) {
  std::string text = state().newline_missing || state().torn_end ? "\n" : "";
  Entry entry{.sequence = state().entries + 1,
              .time = base::format_rfc3339(clock_->now_ns()),
              .actor = actor_,
              .kind = std::string(kind),
              .fields = as_format_allows(fields),
              .previous = state().head_sha256,
              .sha256 = {}};
  if (const auto& torn = state().torn_end) {
    Entry repair = entry;
    repair.kind = k_kind_repaired;
    repair.fields = {{"torn_bytes", static_cast<std::int64_t>(torn->size_bytes)},
                     {"torn_offset", static_cast<std::int64_t>(torn->offset_bytes)},
                     {"torn_sha256", torn->sha256}};
    const std::string line = write_entry(repair);
    text += line + "\n";
    entry.sequence += 1;
    entry.previous = digest_in(line);
  }
  const std::string line = write_entry(entry);
  if (line.size() > k_line_bytes_max) {
    return ledger_error(base::ErrorCode::limit_reached,
                        fmt::format("cannot append to ledger '{}': an entry of {} bytes, at most {} are possible",
                                    base::printable(path_), line.size(), k_line_bytes_max),
                        path_, {});
  }
  text += line + "\n";

  uncertain_ = true;
  LG_TRY(file_->append(base::ByteView(std::string_view(text))));
  LG_TRY(file_->sync());
  // Reading back what was written finds what a disk or somebody else made of it, before the effect begins.
  LG_TRY(chain_.read_on(*file_));
  if (state().broken) return broken_error(path_, *state().broken);
  if (state().entries != entry.sequence || state().head_sha256 != digest_in(line)) {
    return ledger_error(base::ErrorCode::io,
                        fmt::format("ledger '{}' does not hold what was just appended", base::printable(path_)), path_,
                        "somebody else writes to it, or the disk fails");
  }
  uncertain_ = false;
  return Head{.sequence = entry.sequence, .sha256 = state().head_sha256};
}

Actor current_actor() {
  os::Identity identity = os::current_identity();
  return {.host = std::move(identity.host),
          .login = std::move(identity.login),
          .program = "lastgood " LASTGOOD_VERSION,
          .user = std::move(identity.user)};
}

base::Result<std::unique_ptr<Ledger>> create_ledger(const std::string& case_folder) {
  const std::string path = ledger_path(case_folder);
  LG_ASSIGN(auto file, os::open_append_file(path, os::OpenAs::made_new));
  auto out = std::make_unique<Ledger>(std::move(file), path, current_actor(), system_clock());
  LG_TRY(out->begin());
  return out;
}

base::Result<std::unique_ptr<Ledger>> open_ledger(const std::string& case_folder) {
  const std::string path = ledger_path(case_folder);
  LG_ASSIGN(auto file, os::open_append_file(path, os::OpenAs::existing));
  auto out = std::make_unique<Ledger>(std::move(file), path, current_actor(), system_clock());
  LG_TRY(out->check());
  return out;
}

base::Result<ChainState> verify_ledger(const std::string& path, std::span<const Anchor> anchors) {
  LG_ASSIGN(const auto source, os::open_own_file(path));
  Chain chain(std::vector<Anchor>(anchors.begin(), anchors.end()));
  LG_TRY(chain.read_on(*source));
  chain.check_anchors_reached();
  return chain.state();
}

}  // namespace lastgood::ledger
