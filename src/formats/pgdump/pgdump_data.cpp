// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/pgdump/pgdump_data.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "formats/decoded_unit.h"
#include "formats/payload_nature.h"
#include "formats/zero_run.h"

namespace lastgood::formats::pgdump {

namespace {

using base::ByteView;
using model::Depth;
using model::RegionKind;

constexpr std::uint8_t k_block_of_rows = 1;
constexpr std::uint8_t k_block_of_large_objects = 3;
constexpr std::int64_t k_chunk_bytes_max = std::int64_t{1} << 30;  // one row is a chunk of its own, up to a GiB
constexpr std::size_t k_piece_bytes = 64 * 1024;
constexpr std::uint64_t k_fields_bytes = 512;
constexpr std::uint64_t k_break_before_bytes = 4 * 1024;
constexpr std::uint64_t k_break_after_bytes = 64 * 1024;
constexpr std::uint64_t k_quick_chain_bytes = 64 * 1024;
constexpr std::uint64_t k_standard_chain_bytes = 64 * 1024 * 1024;
constexpr std::size_t k_quick_heads_max = 64;
constexpr std::size_t k_standard_heads_max = 4096;
constexpr std::size_t k_told_missing_max = 8;
constexpr std::uint64_t k_probes = 256;
// Chunks of one length seen, before the next ones are expected to have it: to go on behind a gap, and to call what
// stands elsewhere foreign.
constexpr std::uint64_t k_chunks_to_go_on = 8;
constexpr std::uint64_t k_chunks_to_probe = 256;

std::uint64_t chain_budget_bytes(const WalkInput& input) {
  if (input.depth() == Depth::full || !input.whole().empty()) return UINT64_MAX;
  return input.depth() == Depth::quick ? k_quick_chain_bytes : k_standard_chain_bytes;
}

enum class Step : std::uint8_t { on, broken, stopped };

/// A place that was looked at without following the chain to it.
struct Miss {
  std::uint64_t at = 0;
  std::string_view rule;
  std::string sentence;
};

class DataWalk {
 public:
  DataWalk(WalkInput& input, Toc& toc, WalkReport& report)
      : input_(input),
        toc_(toc),
        report_(report),
        at_(toc.end_bytes),
        named_to_(toc.end_bytes),
        chain_end_(toc.end_bytes + std::min(chain_budget_bytes(input), UINT64_MAX - toc.end_bytes)),
        decode_budget_bytes_(decode_budget_bytes(input, DecodeSpeed::fast)) {
    for (std::size_t i = 0; i < toc.data.size(); ++i) {
      by_id_.emplace(toc.data[i].id, i);
      if (toc.data[i].offset) offsets_.push_back(*toc.data[i].offset);
    }
    std::sort(offsets_.begin(), offsets_.end());
  }

  void walk() {
    check_begins();
    const Step end = walk_blocks();
    const bool is_sampled = end == Step::stopped;
    if (is_sampled) {
      check_end_mark();
      tell_region(named_to_, input_.size_bytes(), RegionKind::compressed);
    } else {
      check_missing();
    }
    const bool all_decoded = toc_.header.codec && streams_ > 0 && undecoded_streams_ == 0;
    report_.reach = is_sampled ? Reach::sampled : all_decoded ? Reach::content : Reach::frame;
    if (input_.stopped())
      report_.remarks("pgdump.limit", fmt::format("stopped by a limit at byte {}, after {} blocks", at_, blocks_));
    if (report_.shape != Shape::whole) return;
    if (is_sampled) {
      report_.holds("pgdump.sample",
                    fmt::format("{} of {} data blocks hold to byte {}, and the content ends as one does", blocks_,
                                toc_.data.size(), at_));
      return;
    }
    report_.end_bytes = at_;
    const std::uint64_t zeros = zero_run_bytes(input_, at_);
    if (at_ + zeros == input_.size_bytes()) report_.allowed_trailing_bytes = zeros;
    const std::string how = toc_.header.codec ? fmt::format("{} of {} compressed streams decode whole",
                                                            streams_ - undecoded_streams_, streams_)
                                              : "their rows are stored as they are";
    report_.holds("pgdump.blocks", fmt::format("{} data blocks, one for each entry that needs it, tile the content to "
                                               "byte {}; {}",
                                               blocks_, at_, how));
  }

 private:
  std::uint64_t integer_bytes() const { return 1 + toc_.header.integer_bytes; }

  /// The next place the table of contents names, or the end.
  std::uint64_t next_known(std::uint64_t behind) const {
    const auto next = std::upper_bound(offsets_.begin(), offsets_.end(), behind);
    return next == offsets_.end() ? input_.size_bytes() : std::min(*next, input_.size_bytes());
  }

  void tell_region(std::uint64_t from, std::uint64_t to, RegionKind kind) {
    if (!toc_.header.codec) return;  // rows as they are: statistics may judge them
    report_.region(std::max(from, named_to_), to, kind);
    named_to_ = std::max(named_to_, to);
  }

  /// The archive's own fields do not stand at `from`.
  Step miss_fields(std::string_view rule, std::string sentence, std::uint64_t from) {
    const std::uint64_t size = input_.size_bytes();
    const std::uint64_t next = next_known(from);
    const model::ByteRange range{.from = std::min(from, size), .to = std::min(next, from + k_break_after_bytes)};
    report_.breaks(rule, std::move(sentence),
                   range.from < range.to ? range : model::ByteRange{.from = from, .to = from});
    if (!model::says_cut(rule) && range.from < range.to)
      report_.misses_fields({.from = from, .to = std::min(range.to, from + k_fields_bytes)});
    named_to_ = std::max(named_to_, range.to);
    return Step::broken;
  }

  Step cut(std::string_view what) {
    report_.breaks("pgdump.cut", fmt::format("the content ends at byte {} inside {}", input_.size_bytes(), what),
                   {.from = std::min(at_, input_.size_bytes()), .to = input_.size_bytes()});
    named_to_ = input_.size_bytes();
    return Step::broken;
  }

  /// Where the table says that data begins, a block with that entry's number must begin.
  void check_begins() {
    const std::size_t told_max = input_.depth() == Depth::quick ? k_quick_heads_max : k_standard_heads_max;
    std::size_t looked_at = 0;
    for (const DataEntry& entry : toc_.data) {
      if (!entry.offset) continue;
      if (*entry.offset >= input_.size_bytes() || *entry.offset < toc_.end_bytes) {
        report_.breaks(
            *entry.offset < toc_.end_bytes ? "pgdump.offset" : "pgdump.cut",
            fmt::format("{} should begin at byte {}; the table of contents ends at byte {}, the content at {}",
                        name_entry(input_, toc_, entry), *entry.offset, toc_.end_bytes, input_.size_bytes()));
        return;
      }
      // The chain passes the others one by one.
      if (*entry.offset < chain_end_ || looked_at++ >= told_max) continue;
      if (!input_.may_continue()) return;
      FieldReader fields(input_, *entry.offset, toc_.header.integer_bytes);
      const std::uint8_t kind = fields.read_byte();
      const std::int64_t id = fields.read_integer();
      if ((kind != k_block_of_rows && kind != k_block_of_large_objects) || id != entry.id)
        misses_.push_back(
            {.at = *entry.offset,
             .rule = "pgdump.block",
             .sentence = fmt::format("{} does not begin at byte {}", name_entry(input_, toc_, entry), *entry.offset)});
    }
  }

  /// All chunks of a stream but the last have one length when a compressor's buffer of that length was written out each
  /// time (zlib): then every chunk's place is known without following the chain.
  void learn_chunk(std::int64_t inner_bytes) {
    if (inner_chunks_++ == 0) chunk_bytes_ = inner_bytes;
    if (inner_bytes != chunk_bytes_) is_uniform_ = false;
  }
  bool knows_chunks(std::uint64_t seen_min) const {
    return toc_.header.codec && is_uniform_ && inner_chunks_ >= seen_min;
  }
  std::uint64_t stride_bytes() const { return integer_bytes() + static_cast<std::uint64_t>(chunk_bytes_); }
  bool begins_chunk(std::uint64_t at) {
    FieldReader fields(input_, at, toc_.header.integer_bytes);
    return fields.read_integer() == chunk_bytes_ && fields.trouble() == Trouble::none;
  }

  /// Looks at chunks all over what was not followed, at places that follow from the secret seed.
  void probe_chunks() {
    if (!knows_chunks(k_chunks_to_probe) || offsets_.empty()) return;
    const std::uint64_t part = (input_.size_bytes() - at_) / k_probes;
    std::uint64_t state = input_.seed();
    for (std::uint64_t i = 0; i < k_probes && part > 0 && input_.may_continue(); ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      const std::uint64_t place = at_ + i * part + (state >> 11) % part;
      const auto behind = std::upper_bound(offsets_.begin(), offsets_.end(), place);
      if (behind == offsets_.begin()) continue;
      const std::uint64_t block = *(behind - 1);
      const std::uint64_t first = block + 1 + integer_bytes();
      const std::uint64_t chunk = place < first ? first : place - (place - first) % stride_bytes();
      // The last chunk is shorter; each large object has its own.
      if (chunk + stride_bytes() + integer_bytes() > next_known(block) ||
          input_.at(block, 1).u8(0) != k_block_of_rows || begins_chunk(chunk) || input_.stopped())
        continue;
      misses_.push_back(
          {.at = chunk,
           .rule = "pgdump.chunk",
           .sentence = fmt::format("no chunk of {} bytes begins at byte {}, as all others of the block do "
                                   "that begins at byte {}",
                                   chunk_bytes_, chunk, block)});
    }
  }

  void tell_misses() {
    std::stable_sort(misses_.begin(), misses_.end(), [](const Miss& a, const Miss& b) { return a.at < b.at; });
    for (Miss& miss : misses_) {
      tell_region(named_to_, miss.at, RegionKind::compressed);
      miss_fields(miss.rule, std::move(miss.sentence), miss.at);
    }
  }

  /// What was not followed ends as every archive with data does.
  void check_end_mark() {
    probe_chunks();
    tell_misses();
    if (toc_.data.empty() || input_.stopped()) return;
    const ByteView tail = input_.tail();
    const ByteView mark = tail.part(tail.size() - std::min<std::size_t>(tail.size(), integer_bytes()));
    if (std::all_of(mark.begin(), mark.end(), [](std::uint8_t byte) { return byte == 0; })) return;
    report_.breaks("pgdump.end", "the content does not end with the zero that closes the last data block",
                   {.from = input_.size_bytes() - mark.size(), .to = input_.size_bytes()});
  }

  void check_missing() {
    std::size_t missing = 0;
    std::string names;
    for (const DataEntry& entry : toc_.data) {
      if (entry.is_seen) continue;
      if (++missing > k_told_missing_max) continue;
      names += (names.empty() ? "" : ", ") + name_entry(input_, toc_, entry);
    }
    if (missing == 0) return;
    report_.breaks("pgdump.missing", fmt::format("{} of {} entries have no data in the content: {}{}", missing,
                                                 toc_.data.size(), names, missing > k_told_missing_max ? ", ..." : ""));
  }

  bool all_seen() const { return seen_ == toc_.data.size(); }

  Step walk_blocks() {
    while (at_ < input_.size_bytes()) {
      if (at_ >= chain_end_ || !input_.may_continue()) return Step::stopped;
      const Step step = all_seen() ? Step::on : walk_block();
      if (step == Step::stopped) return step;
      if (all_seen() && step == Step::on) return Step::on;
      if (step == Step::on) continue;
      const std::uint64_t next = next_known(at_);
      tell_region(named_to_, next, RegionKind::compressed);
      at_ = next;
    }
    return Step::on;
  }

  Step walk_block() {
    const std::uint64_t from = at_;
    FieldReader fields(input_, at_, toc_.header.integer_bytes);
    const std::uint8_t kind = fields.read_byte();
    const std::int64_t id = fields.read_integer();
    const auto found = by_id_.find(id);
    if (fields.trouble() == Trouble::cut) return cut("the beginning of a data block");
    if ((kind != k_block_of_rows && kind != k_block_of_large_objects) || found == by_id_.end())
      return miss_fields("pgdump.block",
                         fmt::format("no data block begins at byte {}, after {} whole ones", from, blocks_), from);
    DataEntry& entry = toc_.data[found->second];
    if (entry.is_seen || (entry.offset && *entry.offset != from))
      return miss_fields(
          "pgdump.offset",
          fmt::format("{} begins at byte {}; its entry says another place", name_entry(input_, toc_, entry), from),
          from);
    entry.is_seen = true;
    ++seen_;
    entry_ = &entry;
    at_ = fields.at();
    const Step step = kind == k_block_of_rows ? walk_stream() : walk_large_objects();
    if (step != Step::on) return step;
    ++blocks_;
    tell_region(from, at_, undecoded_in_block_ == 0 ? RegionKind::verified : RegionKind::compressed);
    undecoded_in_block_ = 0;
    return Step::on;
  }

  Step walk_large_objects() {
    while (true) {
      if (!input_.may_continue()) return Step::stopped;
      FieldReader fields(input_, at_, toc_.header.integer_bytes);
      const std::int64_t object = fields.read_integer();
      if (fields.trouble() == Trouble::cut) return cut(name_entry(input_, toc_, *entry_));
      if (fields.trouble() != Trouble::none)
        return miss_fields(
            "pgdump.chunk",
            fmt::format("no large object begins at byte {}, in the {}", at_, name_entry(input_, toc_, *entry_)), at_);
      at_ = fields.at();
      if (object == 0) return Step::on;
      const std::uint64_t from = at_;
      if (const Step step = walk_stream(); step != Step::on) return step;
      // A picture kept as it is looks random and is meant to.
      if (!toc_.header.codec &&
          find_payload_nature(input_.at(from + integer_bytes(), 512)) == PayloadNature::compressed)
        report_.region(from, at_, RegionKind::compressed);
    }
  }

  /// Chunks up to the one of length zero.
  Step walk_stream() {
    std::optional<SplitStream> stream;
    if (toc_.header.codec && decode_budget_bytes_ > 0) stream.emplace(*toc_.header.codec);
    ++streams_;
    bool is_broken = false;
    std::int64_t previous = 0;
    while (true) {
      // A row of a few bytes is a chunk of its own where nothing is compressed.
      if (at_ >= chain_end_ || !input_.may_continue()) return Step::stopped;
      const std::uint64_t from = at_;
      FieldReader fields(input_, from, toc_.header.integer_bytes);
      const std::int64_t length = fields.read_integer();
      if (fields.trouble() == Trouble::cut) return cut(name_entry(input_, toc_, *entry_));
      if (fields.trouble() != Trouble::none || length < 0 || length > k_chunk_bytes_max) {
        if (find_next_chunk(from) == Step::broken) return Step::broken;
        is_broken = true;
        previous = 0;
        continue;
      }
      at_ = fields.at();
      if (length == 0) break;
      if (previous > 0) learn_chunk(previous);
      previous = length;
      const std::uint64_t end = at_ + static_cast<std::uint64_t>(length);
      if (end > input_.size_bytes()) return cut(name_entry(input_, toc_, *entry_));
      if (decode_budget_bytes_ == 0) stream.reset();
      if (stream && !is_broken) is_broken = !decode_chunk(*stream, end);
      at_ = end;
    }
    finish_stream(stream, is_broken);
    return Step::on;
  }

  /// No chunk begins at `from`: names what stands there and goes to the next one, where its place is known.
  Step find_next_chunk(std::uint64_t from) {
    const std::uint64_t end = next_known(from);
    std::string sentence =
        fmt::format("no chunk begins at byte {}, in the {}", from, name_entry(input_, toc_, *entry_));
    if (!knows_chunks(k_chunks_to_go_on)) return miss_fields("pgdump.chunk", std::move(sentence), from);
    std::uint64_t next = from + stride_bytes();
    while (next < end && input_.may_continue() && !begins_chunk(next)) next += stride_bytes();
    if (next >= end || input_.stopped()) return miss_fields("pgdump.chunk", std::move(sentence), from);
    tell_region(named_to_, from, RegionKind::compressed);
    report_.breaks("pgdump.chunk", fmt::format("{}; the next one begins at byte {}", sentence, next),
                   {.from = from, .to = next});
    report_.misses_fields({.from = from, .to = std::min(next, from + k_fields_bytes)});
    named_to_ = std::max(named_to_, next);
    at_ = next;
    return Step::on;
  }

  /// False when the chunk that ends at `end` is no part of the stream.
  bool decode_chunk(SplitStream& stream, std::uint64_t end) {
    for (std::uint64_t at = at_; at < end;) {
      const auto wish = static_cast<std::size_t>(std::min<std::uint64_t>(end - at, k_piece_bytes));
      const ByteView piece = input_.at(at, wish);
      if (piece.empty()) return true;
      const std::uint64_t made_before = stream.made_bytes();
      const SplitStream::State state = stream.feed(piece, input_);
      decode_budget_bytes_ -= std::min(decode_budget_bytes_, stream.made_bytes() - made_before);
      if (state == SplitStream::State::malformed) {
        tell_broken_stream(stream, at, "does not decode");
        return false;
      }
      at += piece.size();
    }
    return true;
  }

  /// A decoder notices foreign bytes a little late; what stands further on is compressed as before.
  void tell_broken_stream(const SplitStream& stream, std::uint64_t at, std::string_view how) {
    const std::uint64_t near = std::max(std::min(entry_begin(), at), at - std::min(at, k_break_before_bytes));
    const std::uint64_t far = std::min(next_known(at), at + k_break_after_bytes);
    tell_region(named_to_, near, RegionKind::compressed);
    report_.breaks("pgdump.stream",
                   fmt::format("the {} {} at byte {}, after {} decoded bytes", name_entry(input_, toc_, *entry_), how,
                               at, stream.made_bytes()),
                   {.from = near, .to = std::max(near, far)});
    named_to_ = std::max(named_to_, far);
  }

  std::uint64_t entry_begin() const { return entry_->offset.value_or(toc_.end_bytes); }

  void finish_stream(const std::optional<SplitStream>& stream, bool is_broken) {
    const bool is_decoded = stream && stream->state() == SplitStream::State::complete && !is_broken;
    if (is_decoded) return;
    ++undecoded_streams_;
    ++undecoded_in_block_;
    const bool ended_early = stream && !is_broken && stream->state() == SplitStream::State::going &&
                             stream->taken_bytes() > 0 && !input_.stopped();
    if (ended_early) tell_broken_stream(*stream, at_, "ends before its stream does,");
  }

  WalkInput& input_;
  Toc& toc_;
  WalkReport& report_;
  std::uint64_t at_;
  std::uint64_t named_to_;   // regions may begin here
  std::uint64_t chain_end_;  // chunks are followed up to here
  std::uint64_t decode_budget_bytes_;
  std::unordered_map<std::int64_t, std::size_t> by_id_;
  std::vector<std::uint64_t> offsets_;
  std::vector<Miss> misses_;
  std::int64_t chunk_bytes_ = 0;  // of those that are not the last of their stream
  std::uint64_t inner_chunks_ = 0;
  bool is_uniform_ = true;
  DataEntry* entry_ = nullptr;
  std::size_t seen_ = 0;
  std::uint64_t blocks_ = 0;
  std::uint64_t streams_ = 0;
  std::uint64_t undecoded_streams_ = 0;
  std::uint64_t undecoded_in_block_ = 0;
};

}  // namespace

void walk_data(WalkInput& input, Toc& toc, WalkReport& report) { DataWalk(input, toc, report).walk(); }

}  // namespace lastgood::formats::pgdump
