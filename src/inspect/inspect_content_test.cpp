// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Judges every format's own samples as a scan does: as they are, encrypted whole, at their head and in stripes, cut,
// and with zeros in the middle. A new format is tested here without a line more.
#include "inspect/inspect_content.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>

#include <fmt/format.h>

#include "base/checksum.h"
#include "formats/format_table.h"
#include "inspect/claimed_name.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::inspect {

namespace {

using model::Depth;
using model::Verdict;

constexpr std::size_t k_sample_bytes_min = 512;
constexpr std::array k_depths = {Depth::quick, Depth::standard, Depth::full};

struct Sample {
  std::string id;    // "png/whole_grey"
  std::string name;  // "sample.png"; "sample" where no extension promises the format
  std::vector<std::uint8_t> bytes;
  bool is_named = false;
  bool is_sealed = false;
  bool is_compressed = false;  // by nature, all or most of its payload
};

bool is_compressed_family(formats::Family family) {
  using formats::Family;
  return family == Family::image || family == Family::audio_video || family == Family::archive ||
         family == Family::document || family == Family::font || family == Family::owner_encrypted ||
         family == Family::backup;
}

/// The first extension that promises this format for sure; empty: none does.
std::string firm_extension(const formats::Format& format) {
  for (const formats::NameClaim& claim : format.claims) {
    if (claim.promise == formats::Promise::firm) return std::string(claim.extension);
  }
  return {};
}

std::vector<Sample> read_samples() {
  namespace fs = std::filesystem;
  std::vector<Sample> samples;
  for (const formats::Format* format : formats::all_formats()) {
    std::string folder_name(format->id);
    std::replace(folder_name.begin(), folder_name.end(), '-', '_');
    const fs::path folder = fs::path(LASTGOOD_SOURCE_DIR) / "src/formats" / folder_name / "testdata";
    if (!fs::is_directory(folder)) continue;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      const std::string stem = entry.path().stem().string();
      const bool is_sealed = stem.starts_with("sealed_");
      if (entry.path().extension() != ".in" || (!is_sealed && !stem.starts_with("whole_"))) continue;
      const std::string text = os::testing::read_file(entry.path().string());
      if (text.size() < k_sample_bytes_min) continue;
      const std::string extension = firm_extension(*format);
      samples.push_back({.id = std::string(format->id) + "/" + stem,
                         .name = extension.empty() ? "sample" : "sample." + extension,
                         .bytes = {text.begin(), text.end()},
                         .is_named = !extension.empty(),
                         .is_sealed = is_sealed,
                         .is_compressed = is_compressed_family(format->family)});
    }
  }
  std::sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) { return a.id < b.id; });
  return samples;
}

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = read_samples();
  return all;
}

void fill_with_noise(std::vector<std::uint8_t>& bytes, std::size_t from, std::size_t length) {
  std::mt19937 engine(static_cast<unsigned>(bytes.size() * 31 + from));
  for (std::size_t i = from; i < std::min(bytes.size(), from + length); ++i)
    bytes[i] = static_cast<std::uint8_t>(engine());
}

Inspection judge(const std::vector<std::uint8_t>& bytes, const std::string& name, Depth depth) {
  base::MemorySource source(base::ByteView{std::span<const std::uint8_t>(bytes)});
  return inspect_content(source, name, {.depth = depth, .seed = 7});
}

/// What is known not to hold: lines of "TEST FORMAT REASON" in testdata/known_gaps.txt. A line that is no longer needed
/// fails the test that it excuses.
std::map<std::string, std::string> known_gaps(const std::string& test) {
  std::map<std::string, std::string> gaps;
  std::ifstream file(LASTGOOD_SOURCE_DIR "/src/inspect/testdata/known_gaps.txt");
  std::string name;
  std::string format;
  std::string reason;
  while (file >> name >> format && std::getline(file, reason)) {
    if (name == test) gaps[format] = reason;
  }
  return gaps;
}

/// Collects what went wrong and shows it as one table, format by format.
class Violations {
 public:
  explicit Violations(std::string_view test) : test_(test) {}

  void add(const Sample& sample, std::string_view what, Depth depth, const Inspection& got) {
    std::string line = fmt::format("  {:<36} {:<22} {:<9} {}", sample.id, what, name_of(depth), name_of(got.verdict));
    if (!got.reasons.empty()) line += fmt::format("  ({}: {})", got.reasons.front().rule, got.reasons.front().sentence);
    lines_[sample.id].push_back(std::move(line));
  }

  void report() const {
    const std::map<std::string, std::string> gaps = known_gaps(test_);
    std::string table;
    std::set<std::string> formats;
    for (const auto& [sample, lines] : lines_) {
      const std::string format = sample.substr(0, sample.find('/'));
      formats.insert(format);
      if (gaps.contains(format)) continue;
      for (const std::string& line : lines) table += line + "\n";
    }
    EXPECT_TRUE(table.empty()) << "sample, change, depth, verdict:\n" << table;
    for (const auto& [format, reason] : gaps) {
      EXPECT_TRUE(formats.contains(format))
          << "known_gaps.txt: '" << test_ << " " << format << "' is not needed any more";
    }
  }

 private:
  std::string test_;
  std::map<std::string, std::vector<std::string>> lines_;
};

bool is_accused(Verdict verdict) { return verdict == Verdict::encrypted || verdict == Verdict::partly_encrypted; }

/// Without a promise by the name nobody can tell a key or an archive from an attack: never clean is all that can be
/// asked.
bool is_noticed(const Sample& sample, Verdict verdict) {
  return is_accused(verdict) || (!sample.is_named && verdict == Verdict::undecided);
}

/// Attacks that replace the head only, or stripes, change the name. Under its own name a compressed content that has
/// lost its beginning or a piece looks the same: there nobody can tell, and must not say that all is well.
bool is_noticed_under_its_own_name(const Sample& sample, Verdict verdict) {
  return is_noticed(sample, verdict) ||
         (sample.is_compressed && (verdict == Verdict::undecided || verdict == Verdict::damaged));
}

/// As attacks leave it: its own name, and one with a suffix appended.
void expect_noticed(const Sample& sample, const std::vector<std::uint8_t>& bytes, const std::string& what,
                    Violations& violations) {
  for (const Depth depth : k_depths) {
    const Inspection own = judge(bytes, sample.name, depth);
    if (!is_noticed_under_its_own_name(sample, own.verdict)) violations.add(sample, what, depth, own);
    const Inspection renamed = judge(bytes, sample.name + ".qzx7", depth);
    if (!is_noticed(sample, renamed.verdict)) violations.add(sample, what + ", renamed", depth, renamed);
  }
}

TEST(EverySample, is_there) { EXPECT_GE(samples().size(), 200U); }

TEST(EverySample, is_intact_or_protected_as_it_is) {
  Violations violations("as-it-is");
  for (const Sample& sample : samples()) {
    for (const Depth depth : k_depths) {
      const Inspection got = judge(sample.bytes, sample.name, depth);
      if (got.verdict != (sample.is_sealed ? Verdict::protected_ : Verdict::intact))
        violations.add(sample, "as it is", depth, got);
    }
  }
  violations.report();
}

/// A short piece of compressed data is as uniform as noise: only what other files of the scan show can tell.
bool is_short_piece(const Sample& sample) { return sample.is_compressed && sample.bytes.size() < 2048; }

TEST(EverySample, is_encrypted_when_all_of_it_is_noise) {
  Violations violations("noise");
  for (const Sample& sample : samples()) {
    std::vector<std::uint8_t> bytes = sample.bytes;
    fill_with_noise(bytes, 0, bytes.size());
    for (const Depth depth : k_depths) {
      const Inspection got = judge(bytes, sample.name, depth);
      const bool decided = sample.is_named && !is_short_piece(sample);
      if (got.verdict != (decided ? Verdict::encrypted : Verdict::undecided))
        violations.add(sample, "noise", depth, got);
    }
  }
  violations.report();
}

TEST(EverySample, is_noticed_when_its_head_is_noise) {
  Violations violations("head");
  for (const Sample& sample : samples()) {
    std::vector<std::uint8_t> bytes = sample.bytes;
    const std::size_t length = bytes.size() >= 4096 ? 4096 : 64;
    fill_with_noise(bytes, 0, length);
    expect_noticed(sample, bytes, fmt::format("{} at the head", length), violations);
  }
  violations.report();
}

TEST(EverySample, is_noticed_when_64_of_every_192_bytes_are_noise) {
  Violations violations("stripes");
  for (const Sample& sample : samples()) {
    std::vector<std::uint8_t> bytes = sample.bytes;
    for (std::size_t from = 0; from < bytes.size(); from += 192) fill_with_noise(bytes, from, 64);
    expect_noticed(sample, bytes, "64 of 192", violations);
  }
  violations.report();
}

TEST(EverySample, is_never_called_encrypted_when_it_is_only_cut) {
  Violations violations("cut");
  for (const Sample& sample : samples()) {
    for (std::size_t percent = 5; percent < 100; percent += 5) {
      std::vector<std::uint8_t> bytes = sample.bytes;
      bytes.resize(bytes.size() * percent / 100);
      for (const Depth depth : k_depths) {
        const Inspection got = judge(bytes, sample.name, depth);
        if (is_accused(got.verdict)) violations.add(sample, fmt::format("cut at {} %", percent), depth, got);
      }
    }
  }
  violations.report();
}

TEST(EverySample, is_never_called_encrypted_when_it_is_compressed_and_text_stands_over_its_head) {
  Violations violations("text");
  for (const Sample& sample : samples()) {
    if (!sample.is_compressed || !sample.is_named) continue;
    std::vector<std::uint8_t> bytes = sample.bytes;
    constexpr std::string_view k_line = "2022-11-23 07:07:00 server7 kernel: disk 0 is full, nothing was written\n";
    const std::size_t length = std::min<std::size_t>(bytes.size() / 4, 2000);
    for (std::size_t i = 0; i < length; ++i) bytes[i] = static_cast<std::uint8_t>(k_line[i % k_line.size()]);
    for (const Depth depth : k_depths) {
      const Inspection got = judge(bytes, sample.name, depth);
      if (is_accused(got.verdict)) violations.add(sample, "text over its head", depth, got);
    }
  }
  violations.report();
}

TEST(EverySample, of_an_archive_with_a_table_at_its_end_is_not_called_encrypted_when_its_beginning_is_missing) {
  std::size_t damaged = 0;
  for (const Sample& sample : samples()) {
    const std::string format = sample.id.substr(0, sample.id.find('/'));
    if (format != "zip" && format != "xz" && format != "seven_zip") continue;
    const std::vector<std::uint8_t> bytes(sample.bytes.begin() + 40, sample.bytes.end());
    for (const Depth depth : k_depths) {
      const Inspection got = judge(bytes, sample.name, depth);
      EXPECT_FALSE(is_accused(got.verdict)) << sample.id;
      damaged += got.verdict == Verdict::damaged ? 1 : 0;
    }
  }
  EXPECT_GE(damaged, 36U);
}

TEST(EverySample, is_never_called_encrypted_when_zeros_stand_in_its_middle) {
  Violations violations("zeros");
  for (const Sample& sample : samples()) {
    std::vector<std::uint8_t> bytes = sample.bytes;
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() * 3 / 8), bytes.size() / 4, std::uint8_t{0});
    for (const Depth depth : k_depths) {
      const Inspection got = judge(bytes, sample.name, depth);
      if (is_accused(got.verdict)) violations.add(sample, "zeros in the middle", depth, got);
    }
  }
  violations.report();
}

TEST(EveryFormat, too_long_for_memory_has_the_digest_of_all_bytes_in_whatever_order_they_were_read) {
  std::string last_name;
  for (const Sample& sample : samples()) {
    if (std::exchange(last_name, sample.name) == sample.name) continue;  // one of each kind
    std::vector<std::uint8_t> bytes = sample.bytes;
    bytes.resize(bytes.size() + formats::k_whole_bytes);
    fill_with_noise(bytes, sample.bytes.size(), bytes.size());
    const base::Sha256Digest expected = base::sha256(base::ByteView(std::span<const std::uint8_t>(bytes)));
    const Inspection got = judge(bytes, sample.name, Depth::full);
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), got.sha256.begin(), got.sha256.end())) << sample.id;
  }
}

TEST(Inspection, reads_a_long_text_once_at_full_depth_digest_included) {
  std::string text;
  while (text.size() < 4'000'000) text += std::to_string(text.size()) + ";patient\n";
  base::MemorySource source{base::ByteView(text)};
  const Inspection got = inspect_content(source, "list.csv", {.depth = Depth::full, .seed = 7});
  EXPECT_EQ(got.verdict, Verdict::intact);
  EXPECT_EQ(got.sha256.size(), 32U);
  EXPECT_LT(got.bytes_read, text.size() * 5 / 4);
}

/// Remembers where it was read.
class WatchedSource final : public base::ByteSource {
 public:
  explicit WatchedSource(base::ByteView bytes) : bytes_(bytes) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return bytes_.size_bytes(); }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    offsets_.insert(offset_bytes);
    return bytes_.read(offset_bytes, into);
  }
  [[nodiscard]] const std::set<std::uint64_t>& offsets() const { return offsets_; }

 private:
  base::MemorySource bytes_;
  std::set<std::uint64_t> offsets_;
};

TEST(Inspection, looks_into_a_long_text_at_places_that_follow_from_the_secret_of_the_case) {
  std::string text;
  while (text.size() < 4'000'000) text += std::to_string(text.size()) + ";patient\n";
  for (const Depth depth : {Depth::quick, Depth::standard}) {
    std::array<std::set<std::uint64_t>, 3> offsets;
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      WatchedSource source{base::ByteView(text)};
      const Inspection got = inspect_content(source, "list.csv", {.depth = depth, .seed = i == 0 ? 1U : 2U});
      EXPECT_EQ(got.verdict, Verdict::intact);
      offsets.at(i) = source.offsets();
    }
    EXPECT_NE(offsets[0], offsets[1]) << name_of(depth);
    EXPECT_EQ(offsets[1], offsets[2]) << name_of(depth);
  }
}

/// Has less to give than it said when it was opened.
class ShrunkenSource final : public base::ByteSource {
 public:
  ShrunkenSource(base::ByteView bytes, std::uint64_t size_bytes) : bytes_(bytes), size_bytes_(size_bytes) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return size_bytes_; }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    const base::ByteView there = bytes_.part(offset_bytes, into.size());
    std::copy(there.begin(), there.end(), into.begin());
    return there.size();
  }

 private:
  base::ByteView bytes_;
  std::uint64_t size_bytes_;
};

TEST(Inspection, says_that_a_content_became_shorter_while_it_was_read) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += std::to_string(i) + ";patient\n";
  ShrunkenSource source(base::ByteView(text), text.size() + 10'000);
  const Inspection got = inspect_content(source, "list.csv", {.depth = Depth::full, .seed = 7});
  EXPECT_EQ(got.certainty, model::Certainty::weak);
  EXPECT_FALSE(is_accused(got.verdict));
  ASSERT_FALSE(got.reasons.empty());
  EXPECT_EQ(got.reasons.back().rule, "changed");
  EXPECT_TRUE(got.sha256.empty()) << "the digest of a part is nobody's";
}

/// Gives its first bytes and fails beyond.
class FailingSource final : public base::ByteSource {
 public:
  explicit FailingSource(base::ByteView bytes) : bytes_(bytes) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return 4 * bytes_.size(); }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    if (!bytes_.has(offset_bytes, into.size())) return base::system_error("read", "list.csv", EIO);
    std::copy_n(bytes_.begin() + offset_bytes, into.size(), into.begin());
    return into.size();
  }

 private:
  base::ByteView bytes_;
};

TEST(Inspection, calls_unreadable_what_it_could_read_in_part_only) {
  const std::string text(200'000, 'x');
  for (const Depth depth : k_depths) {
    FailingSource source{base::ByteView(text)};
    const Inspection got = inspect_content(source, "list.csv", {.depth = depth, .seed = 7});
    EXPECT_EQ(got.verdict, Verdict::unreadable) << name_of(depth);
    ASSERT_FALSE(got.reasons.empty());
    EXPECT_NE(got.reasons.front().sentence.find("cannot read 'list.csv'"), std::string::npos);
    EXPECT_TRUE(got.head.empty());
  }
}

TEST(Inspection, finds_a_note_in_a_pdf_and_the_contact_in_its_packed_text) {
  const std::string text = os::testing::read_file(LASTGOOD_SOURCE_DIR "/src/inspect/testdata/note.pdf");
  for (const Depth depth : k_depths) {
    const Inspection got = judge({text.begin(), text.end()}, "info.pdf", depth);
    EXPECT_EQ(got.verdict, Verdict::note) << name_of(depth);
    ASSERT_FALSE(got.sightings.empty());
    EXPECT_EQ(got.sightings.front().value, "stonefox77@post.example.org");
    EXPECT_EQ(got.sightings.front().offset_bytes, 0U) << "where it stands in packed text says nothing";
  }
}

bool promises(const ClaimedName& claims, std::string_view format) {
  return std::any_of(claims.firm.begin(), claims.firm.end(),
                     [&](const formats::Format* claimed) { return claimed->id == format; });
}

TEST(ClaimedName, of_an_ordinary_name_is_what_its_last_extension_promises) {
  const ClaimedName claims = read_claims("Report.2022.PDF");
  EXPECT_TRUE(promises(claims, "pdf"));
  EXPECT_EQ(claims.original_name, "");
  EXPECT_EQ(claims.appended, "");
}

TEST(ClaimedName, looks_below_appended_suffixes) {
  struct Case {
    std::string_view name;
    std::string_view original;
    std::string_view appended;
  };
  constexpr std::array k_cases = {
      Case{"x.pdf.bak9", "x.pdf", ".bak9"},
      Case{"x.pdf.[dog@example.org]", "x.pdf", ".[dog@example.org]"},
      Case{"x.pdf[dog@example.org]", "x.pdf", "[dog@example.org]"},
      Case{"x.pdf.id[1A2B3C].[dog@example.org].ext", "x.pdf", ".id[1A2B3C].[dog@example.org].ext"},
      Case{"x.pdf_[dog@example.org].ext", "x.pdf", "_[dog@example.org].ext"},
      Case{"x.pdf[ID-1A2B Mail-dog@example.org].ext", "x.pdf", "[ID-1A2B Mail-dog@example.org].ext"},
      Case{"x.pdf.{dog@example.org}.ext", "x.pdf", ".{dog@example.org}.ext"},
      Case{"x.pdf {1A2B}", "x.pdf", " {1A2B}"},
      Case{"x.pdf.q1.q2.q3.q4", "x.pdf", ".q1.q2.q3.q4"},
      Case{"two words.x.pdf.bak9", "two words.x.pdf", ".bak9"},
  };
  for (const Case& name : k_cases) {
    const ClaimedName claims = read_claims(name.name);
    EXPECT_TRUE(promises(claims, "pdf")) << name.name;
    EXPECT_EQ(claims.original_name, name.original) << name.name;
    EXPECT_EQ(claims.appended, name.appended) << name.name;
  }
}

TEST(ClaimedName, looks_below_four_suffixes_and_no_more) {
  const ClaimedName claims = read_claims("x.pdf.q1.q2.q3.q4.q5");
  EXPECT_TRUE(claims.firm.empty());
  EXPECT_EQ(claims.original_name, "");
}

TEST(ClaimedName, takes_two_known_extensions_for_one_name) {
  const ClaimedName claims = read_claims("backup.tar.gz");
  EXPECT_TRUE(promises(claims, "gzip"));
  EXPECT_EQ(claims.appended, "");
  const ClaimedName attacked = read_claims("backup.tar.gz.bak9");
  EXPECT_TRUE(promises(attacked, "gzip"));
  EXPECT_EQ(attacked.original_name, "backup.tar.gz");
}

TEST(ClaimedName, of_a_library_with_a_version_is_a_library) {
  EXPECT_TRUE(promises(read_claims("libxml2.so.2.9.14"), "elf"));
  EXPECT_FALSE(promises(read_claims("libxml2.so"), "elf"));
  EXPECT_FALSE(promises(read_claims("chapter.2.9"), "elf"));
  const ClaimedName attacked = read_claims("libxml2.so.2.locked");
  EXPECT_TRUE(promises(attacked, "elf"));
  EXPECT_EQ(attacked.original_name, "libxml2.so.2");
}

TEST(ClaimedName, knows_the_suffixes_of_owners_tools) {
  for (const std::string_view suffix : {"enc", "AES", "cpt", "encrypted"}) {
    const ClaimedName claims = read_claims(fmt::format("x.pdf.{}", suffix));
    EXPECT_TRUE(promises(claims, "pdf")) << suffix;
    EXPECT_FALSE(claims.owner_suffix.empty()) << suffix;
  }
  EXPECT_EQ(read_claims("x.pdf.bak9").owner_suffix, "");
  EXPECT_EQ(read_claims("x.pdf").owner_suffix, "");
}

TEST(ClaimedName, promises_nothing_without_a_known_extension) {
  for (const std::string_view name :
       {"", ".", "..", "x", ".pdf", "]", "[]", "x.[]", "[a].[b]", "x.", "x..", "x.nobody-knows", "pdf"}) {
    const ClaimedName claims = read_claims(name);
    EXPECT_TRUE(claims.firm.empty()) << name;
    EXPECT_EQ(claims.original_name, "") << name;
  }
  EXPECT_TRUE(read_claims("x.pdf." + std::string(300, 'y')).firm.empty());
}

}  // namespace

}  // namespace lastgood::inspect
