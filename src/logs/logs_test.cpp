// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves for every format that lines as its program writes them become the right events (golden files), that a file's
// format is told from its content, and that empty, cut, flipped, huge and binary logs neither break anything nor make
// memory grow.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include <fmt/format.h>

#include "base/error.h"
#include "base/rfc3339.h"
#include "logs/line_splitter.h"
#include "logs/log_table.h"
#include "logs/log_time.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::logs {
namespace {

namespace fs = std::filesystem;

const fs::path k_testdata = fs::path(LASTGOOD_SOURCE_DIR) / "src/logs/testdata";

LogContext india() {
  LogContext context;
  context.zone = Zone(5 * 3600 + 1800);
  context.first_year = 2022;
  context.host = "given";
  return context;
}

std::string name_of(LineReading reading) {
  switch (reading) {
    case LineReading::taken: return "taken";
    case LineReading::nothing_to_say: return "nothing to say";
    case LineReading::not_understood: return "NOT UNDERSTOOD";
    case LineReading::bad_time: return "BAD TIME";
  }
  return "?";
}

void put(std::string& out, std::string_view name, std::string_view value) {
  if (!value.empty()) out += fmt::format(" {}={}", name, base::printable(value));
}

std::string describe(const model::Event& event) {
  std::string out =
      fmt::format("  {} {} {} {}{}", event.offset_bytes, base::format_rfc3339(event.at_ns), model::name_of(event.basis),
                  model::name_of(event.kind), event.succeeded ? "" : " FAILED");
  put(out, "host", event.host);
  put(out, "account", event.account);
  put(out, "address", event.address);
  if (event.port != 0) out += fmt::format(" port={}", event.port);
  put(out, "to", event.to_address);
  if (event.to_port != 0) out += fmt::format(" to_port={}", event.to_port);
  if (event.bytes_out != 0) out += fmt::format(" bytes_out={}", event.bytes_out);
  put(out, "path", event.path);
  put(out, "path_to", event.path_to);
  put(out, "parser", event.parser);
  put(out, "what", event.what);
  return out + "\n";
}

/// Feeds `text` in pieces of `piece_bytes`.
std::string read_all(const LogFormat& format, const std::string& text, const LogContext& context,
                     std::size_t piece_bytes) {
  std::string out;
  std::string events;
  const auto parser = format.open(context);
  const EventSink sink = [&](model::Event&& event) { events += describe(event); };
  LineSplitter splitter;
  const LineSplitter::LineSink take = [&](const LogLine& line) {
    const LineReading reading = parser->take(line, sink);
    out += fmt::format("{}: {}{}\n", line.offset_bytes, name_of(reading), line.is_cut ? ", cut" : "");
    out += events;
    events.clear();
    return true;
  };
  for (std::size_t at = 0; at < text.size(); at += piece_bytes)
    splitter.feed(base::ByteView(std::string_view(text).substr(at, piece_bytes)), take);
  splitter.finish(take);
  parser->finish(sink);
  return out + events;
}

std::vector<fs::path> samples() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(k_testdata)) {
    if (entry.path().extension() == ".in") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

const LogFormat* format_of(const fs::path& sample) {
  const std::string stem = sample.stem().string();
  for (const LogFormat& format : log_formats()) {
    const auto is_from = [&](std::string_view tool) {
      return stem.starts_with(fmt::format("{}-{}", format.name, tool));
    };
    if (stem == format.name || is_from("hayabusa") || is_from("l2t") || is_from("chainsaw")) return &format;
  }
  return nullptr;
}

std::vector<LogLine> lines_of(const std::string& text) {
  std::vector<LogLine> lines;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back({.text = std::string_view(text).substr(at, end - at), .offset_bytes = at, .is_cut = false});
    at = end + 1;
  }
  return lines;
}

TEST(Logs, lines_of_every_format_become_the_events_that_they_tell) {
  const bool update = std::getenv("LASTGOOD_UPDATE_GOLDEN") != nullptr;  // NOLINT(concurrency-mt-unsafe): one thread
  ASSERT_FALSE(samples().empty());
  for (const fs::path& sample : samples()) {
    const LogFormat* format = format_of(sample);
    ASSERT_NE(format, nullptr) << sample;
    const std::string text = os::testing::read_file(sample.string());
    const std::string seen = read_all(*format, text, india(), text.size());
    fs::path golden = sample;
    golden.replace_extension(".out");
    if (update) os::testing::write_file(golden.string(), seen);
    EXPECT_EQ(seen, os::testing::read_file(golden.string())) << sample;
    EXPECT_EQ(seen, read_all(*format, text, india(), 7)) << sample << " in pieces of seven bytes";
  }
}

TEST(Logs, every_format_has_a_sample) {
  for (const LogFormat& format : log_formats())
    EXPECT_TRUE(fs::exists(k_testdata / (std::string(format.name) + ".in"))) << format.name;
}

TEST(Logs, the_format_is_told_from_the_content) {
  for (const fs::path& sample : samples()) {
    const std::string text = os::testing::read_file(sample.string());
    const LogFormat* found = recognise_log(lines_of(text), india());
    ASSERT_NE(found, nullptr) << sample;
    EXPECT_EQ(found, format_of(sample)) << sample << " taken for " << found->name;
  }
}

TEST(Logs, what_is_no_log_is_not_taken_for_one) {
  std::mt19937_64 random(1);
  std::string noise;
  for (int i = 0; i < 100'000; ++i) noise += static_cast<char>(random());
  for (const std::string& text :
       {std::string(), std::string(1000, '\0'), noise, std::string("To whom it may concern,\nthe ward was full.\n"),
        std::string("a,b,c\n1,2,3\n"), std::string("{\"a\":1}\n"), std::string("#!/bin/sh\necho 1\n")}) {
    EXPECT_EQ(recognise_log(lines_of(text), india()), nullptr) << base::printable(text.substr(0, 40));
  }
}

TEST(Logs, cut_and_flipped_samples_are_survived_and_their_times_stay_in_range) {
  std::mt19937 random(7);
  std::size_t events = 0;
  const EventSink sink = [&](model::Event&& event) {
    ++events;
    EXPECT_GE(event.at_ns, 0);
    EXPECT_LT(event.at_ns, 9'214'646'400'000'000'000);
    EXPECT_LE(event.what.size(), model::k_event_words_bytes_max);
  };
  for (const fs::path& sample : samples()) {
    const std::string text = os::testing::read_file(sample.string());
    for (const LogFormat& format : log_formats()) {
      for (int round = 0; round < 12; ++round) {
        std::string bad = text.substr(0, text.size() - random() % (text.size() / 2));
        for (int flip = 0; flip < round * 4; ++flip) bad[random() % bad.size()] = static_cast<char>(random());
        const auto parser = format.open(india());
        for (const LogLine& line : lines_of(bad)) (void)parser->take(line, sink);
        parser->finish(sink);
      }
    }
  }
  EXPECT_GT(events, 0U);
}

TEST(Logs, a_line_without_end_costs_no_more_than_its_beginning) {
  LineSplitter splitter;
  std::size_t longest = 0;
  bool was_cut = false;
  const LineSplitter::LineSink take = [&](const LogLine& line) {
    longest = std::max(longest, line.text.size());
    was_cut = was_cut || line.is_cut;
    return true;
  };
  const std::string piece(1 << 20, 'x');
  for (int i = 0; i < 300; ++i) splitter.feed(base::ByteView(std::string_view(piece)), take);
  splitter.feed(base::ByteView("\nshort\n"), take);
  EXPECT_EQ(longest, k_line_bytes_max);
  EXPECT_TRUE(was_cut);
  EXPECT_EQ(splitter.cut_lines(), 1U);
  EXPECT_EQ(splitter.lines(), 2U);
}

TEST(Logs, a_quote_that_never_closes_gives_up_a_row_and_no_memory) {
  const LogFormat* format = find_log_format("csv-timeline");
  const auto parser = format->open(india());
  std::size_t not_understood = 0;
  std::size_t events = 0;
  const EventSink sink = [&](model::Event&&) { ++events; };
  (void)parser->take({.text = "message,datetime,timestamp_desc,x"}, sink);
  const std::string row = "m,2022-11-23T01:37:00Z,d,\"open";
  (void)parser->take({.text = row}, sink);
  // Short lines, so that joining them again and again would be felt.
  const std::string filler(4, 'y');
  for (int i = 0; i < 500'000; ++i)
    not_understood += parser->take({.text = filler}, sink) == LineReading::not_understood ? 1U : 0U;
  EXPECT_GT(not_understood, 400'000U);
  EXPECT_EQ(events, 0U);
  EXPECT_EQ(parser->take({.text = "m,2022-11-23T01:37:00Z,d,x"}, sink), LineReading::taken);
}

TEST(Logs, deep_and_wide_json_is_refused) {
  const LogFormat* format = find_log_format("json-timeline");
  const auto parser = format->open(india());
  const EventSink sink = [](model::Event&&) { FAIL(); };
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "{\"a\":";
  deep += "1" + std::string(1000, '}');
  EXPECT_EQ(parser->take({.text = deep}, sink), LineReading::not_understood);
  std::string wide = "{\"EventTime\":\"2022-11-23T01:37:06Z\"";
  for (int i = 0; i < 2000; ++i) wide += fmt::format(",\"k{}\":1", i);
  EXPECT_EQ(parser->take({.text = wide + "}"}, sink), LineReading::not_understood);
}

TEST(LogTime, times_are_read_with_their_zones_and_said_to_be_assumed_without) {
  const auto read = [](std::string_view text) {
    TextCursor cursor(text);
    const auto civil = take_date_time(cursor);
    EXPECT_TRUE(civil) << text;
    return civil ? time_of(*civil, india()) : std::nullopt;
  };
  const std::int64_t expected = 1'669'167'420'123'456'000;
  for (const std::string_view text :
       {"2022-11-23T01:37:00.123456Z", "2022-11-23 07:07:00,123456+0530", "2022/11/23 07:07:00.123456 +05:30",
        "2022-11-22T20:07:00.123456-05:30", "2022-11-23 01:37:00.123456 UTC"}) {
    const auto time = read(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(time->at_ns, expected) << text;
    EXPECT_EQ(time->basis, model::TimeBasis::recorded) << text;
  }
  for (const std::string_view text : {"2022-11-23 07:07:00.123456 IST", "2022-11-23 07:07:00.123456"}) {
    const auto time = read(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(time->at_ns, expected) << text;
    EXPECT_EQ(time->basis, model::TimeBasis::zone_assumed) << text;
  }
}

TEST(LogTime, times_that_make_no_sense_are_none) {
  for (const std::string_view text : {"0-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "99999-01-01T00:00:00Z",
                                      "2262-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2022-02-30T00:00:00Z",
                                      "2022-11-23T24:00:00Z", "2022-13-01T00:00:00Z", "1970-01-01T00:00:00+05:30"}) {
    TextCursor cursor(text);
    const auto civil = take_date_time(cursor);
    ASSERT_TRUE(civil) << text;
    EXPECT_FALSE(time_of(*civil, india())) << text;
  }
  EXPECT_FALSE(parse_epoch_seconds("99999999999"));
  EXPECT_EQ(parse_epoch_number("1669167420"), 1'669'167'420'000'000'000);
  EXPECT_EQ(parse_epoch_number("1669167420123"), 1'669'167'420'123'000'000);
  EXPECT_EQ(parse_epoch_number("1669167420123456"), 1'669'167'420'123'456'000);
  EXPECT_EQ(parse_epoch_number("1669167420123456789"), 1'669'167'420'123'456'789);
}

TEST(LogTime, years_are_counted_back_from_the_time_of_the_file) {
  YearTurns turns;
  for (const char* line :
       {"Nov 30 10:00:00 a b: c", "Dec 31 23:59:59 a b: c", "Jan  1 00:00:01 a b: c", "Dec 31 23:59:58 late a: b",
        "Mar  1 00:00:00 a b: c", "Nov 23 00:00:00 a b: c", "Jan  2 00:00:00 a b: c"}) {
    turns.take(line);
  }
  EXPECT_EQ(turns.turns(), 2);
  const std::int64_t february_2023 = 1'676'000'000'000'000'000;
  EXPECT_EQ(decide_first_year(turns, february_2023), 2021);
  // The last line cannot be newer than the file.
  YearTurns later;
  later.take("Dec 31 00:00:00 a b: c");
  EXPECT_EQ(decide_first_year(later, february_2023), 2022);
}

TEST(Zone, rules_of_a_place_are_followed_and_broken_files_refused) {
  const std::string bytes = os::testing::read_file("/usr/share/zoneinfo/Europe/Berlin");
  ASSERT_FALSE(bytes.empty()) << "tzdata is not installed";
  const auto berlin = parse_zone_file(base::ByteView(std::string_view(bytes)));
  ASSERT_TRUE(berlin);
  EXPECT_EQ(berlin->east_of_local_s(1'669'187'220), 3600);  // 23 November 2022
  EXPECT_EQ(berlin->east_of_local_s(1'657'000'000), 7200);  // 5 July 2022
  for (std::size_t cut = 0; cut < bytes.size() - 40; cut += 13)
    EXPECT_FALSE(parse_zone_file(base::ByteView(std::string_view(bytes).substr(0, cut)))) << cut;
  std::mt19937 random(3);
  for (int i = 0; i < 3000; ++i) {
    std::string bad = bytes;
    bad[random() % bad.size()] = static_cast<char>(random());
    (void)parse_zone_file(base::ByteView(std::string_view(bad)));
  }
}

TEST(SambaPrefix, a_given_prefix_says_which_field_is_what) {
  LogContext context = india();
  context.samba_prefix = "%S|%m|%I|%u";
  const auto parser = find_log_format("syslog")->open(context);
  model::Event seen;
  const EventSink sink = [&](model::Event&& event) { seen = std::move(event); };
  ASSERT_EQ(parser->take({.text = "Nov 23 07:07:00 f smbd_audit: records|ws7|10.0.0.7|desk|renameat|ok|/a|/b"}, sink),
            LineReading::taken);
  EXPECT_EQ(seen.account, "desk");
  EXPECT_EQ(seen.address, "10.0.0.7");
  EXPECT_EQ(seen.path, "/a");
  EXPECT_EQ(seen.path_to, "/b");
}

}  // namespace
}  // namespace lastgood::logs
