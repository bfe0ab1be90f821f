// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "indicators/find_indicators.h"

#include <algorithm>

#include "indicators/text_scanner.h"

namespace lastgood::indicators {

namespace {

// Shorter runs of two-byte letters hold no address.
constexpr std::size_t k_wide_letters_min = 6;

bool is_printable(std::uint8_t byte) {
  return (byte >= 0x20 && byte < 0x7F) || byte == '\t' || byte == '\n' || byte == '\r';
}

/// Letters of two bytes, one after another, of which the other byte is zero.
struct WideRun {
  std::size_t from = 0;
  std::size_t letters = 0;
  TextEncoding encoding = TextEncoding::utf16le;
};

/// The run of letters in pairs that begin at `from`: `low` is 0 where the letter comes first, 1 where the zero does.
std::size_t count_letters(base::ByteView bytes, std::size_t from, std::size_t low) {
  std::size_t at = from;
  while (at + 1 < bytes.size() && is_printable(bytes.u8(at + low)) && bytes.u8(at + 1 - low) == 0) at += 2;
  return (at - from) / 2;
}

/// The run around the zero at `zero`, of whichever order makes it longer.
WideRun run_around(base::ByteView bytes, std::size_t zero, std::size_t low_limit) {
  WideRun little;
  if (zero > low_limit && is_printable(bytes.u8(zero - 1)))
    little = {.from = zero - 1, .letters = count_letters(bytes, zero - 1, 0), .encoding = TextEncoding::utf16le};
  const WideRun big{.from = zero, .letters = count_letters(bytes, zero, 1), .encoding = TextEncoding::utf16be};
  return big.letters > little.letters ? big : little;
}

class Windows {
 public:
  Windows(base::ByteView bytes, std::size_t core_from, std::size_t core_to, std::uint64_t offset_bytes,
          const IndicatorSink& sink)
      : bytes_(bytes), core_from_(core_from), core_to_(core_to), offset_bytes_(offset_bytes), sink_(sink) {}

  void scan_narrow() {
    scan_text(bytes_.text(), [&](TextHit&& hit) { show(std::move(hit), TextEncoding::ascii, 0, 1); });
  }

  void scan_wide() {
    std::size_t done = 0;
    for (std::size_t zero = find_zero(0); zero < bytes_.size(); zero = find_zero(done)) {
      const WideRun run = run_around(bytes_, zero, done);
      if (run.letters < k_wide_letters_min) {
        // Of zeros in a row only the first can end a letter and the last begin one.
        done = std::max(zero + 1, std::min(bytes_.text().find_first_not_of('\0', zero), bytes_.size()) - 1);
        continue;
      }
      std::string narrow(run.letters, ' ');
      const std::size_t low = run.encoding == TextEncoding::utf16le ? 0 : 1;
      for (std::size_t i = 0; i < run.letters; ++i) narrow[i] = static_cast<char>(bytes_.u8(run.from + 2 * i + low));
      scan_text(narrow, [&](TextHit&& hit) { show(std::move(hit), run.encoding, run.from, 2); });
      done = run.from + 2 * run.letters;
    }
  }

 private:
  [[nodiscard]] std::size_t find_zero(std::size_t from) const {
    return std::min(bytes_.text().find('\0', from), bytes_.size());
  }

  void show(TextHit&& hit, TextEncoding encoding, std::size_t base, std::size_t stride) const {
    const std::size_t from = base + hit.from * stride;
    if (from < core_from_ || from >= core_to_) return;
    sink_({.kind = hit.kind,
           .value = std::move(hit.value),
           .level = hit.level,
           .encoding = encoding,
           .offset_bytes = offset_bytes_ + from,
           .length_bytes = static_cast<std::uint32_t>((hit.to - hit.from) * stride),
           .port = hit.port,
           .form = hit.is_defanged ? FoundIndicator::Form::defanged : FoundIndicator::Form::plain});
  }

  base::ByteView bytes_;
  std::size_t core_from_;
  std::size_t core_to_;
  std::uint64_t offset_bytes_;
  const IndicatorSink& sink_;
};

}  // namespace

std::string_view name_of(TextEncoding encoding) {
  switch (encoding) {
    case TextEncoding::ascii: return "ascii";
    case TextEncoding::utf16le: return "utf-16le";
    case TextEncoding::utf16be: return "utf-16be";
  }
  return "ascii";
}

void find_indicators(base::ByteView bytes, std::size_t core_from, std::size_t core_to, std::uint64_t offset_bytes,
                     const IndicatorSink& sink) {
  Windows windows(bytes, core_from, core_to, offset_bytes, sink);
  windows.scan_narrow();
  windows.scan_wide();
}

}  // namespace lastgood::indicators
