// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that clocks count from the moment that was said, that a field says what the case states or "unknown", and that
// the next draft tells what has changed.
#include "notices/draft.h"

#include <gtest/gtest.h>

#include "base/rfc3339.h"
#include "ledger/ledger.h"
#include "notices/kept_drafts.h"
#include "notices/write_draft.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::notices {

namespace {

constexpr std::int64_t k_aware_ns = 1'669'167'420'000'000'000;  // 2022-11-23T01:37:00Z, 07:07 in India

Rule rule_named(const std::string& id) {
  const auto rules = read_rules(std::string(LASTGOOD_SOURCE_DIR) + "/share/notices");
  EXPECT_TRUE(rules.ok());
  for (const Rule& rule : rules.value()) {
    if (rule.id == id) return rule;
  }
  ADD_FAILURE() << id;
  return {};
}

facts::CaseFacts aiims() {
  facts::CaseFacts known;
  known.case_name = "aiims";
  known.about.organisation = "District Hospital";
  known.about.zone = "+05:30";
  known.hosts = {{.name = "hims1", .roots = {"/srv"}, .files = 100, .bytes = 5000, .hit_files = 80, .hit_bytes = 4000}};
  model::Campaign campaign;
  campaign.extension = ".bak9";
  campaign.file_count = 80;
  campaign.size_bytes = 4000;
  known.campaigns = {{campaign, "hims1"}};
  known.aware = {{.at_ns = k_aware_ns, .by = "Dr Rao", .what = "screens", .ledger_entry = 7, .recorded = {}}};
  return known;
}

const DraftField& field(const Draft& draft, const std::string& label) {
  for (const DraftField& found : draft.fields) {
    if (found.label == label) return found;
  }
  ADD_FAILURE() << label;
  static const DraftField none;
  return none;
}

Draft draft_of(const std::string& rule_id, const facts::CaseFacts& known) {
  const Rule rule = rule_named(rule_id);
  return make_draft(rule, rule.stages.front(), known, k_aware_ns);
}

TEST(Deadline, counts_from_becoming_aware) {
  const facts::CaseFacts known = aiims();
  const auto due = [&](const std::string& rule_id, const std::string& stage_id) {
    const Rule rule = rule_named(rule_id);
    for (const Stage& stage : rule.stages) {
      if (stage.id == stage_id) {
        const Deadline deadline = deadline_of(rule, stage, known);
        return deadline.due_ns ? base::format_rfc3339(*deadline.due_ns).substr(0, 19) : deadline.sentence;
      }
    }
    return std::string("no such stage");
  };
  EXPECT_EQ(due("in-cert-in", "report"), "2022-11-23T07:37:00");
  EXPECT_EQ(due("in-dpdp", "board-72h"), "2022-11-26T01:37:00");
  EXPECT_EQ(due("in-dpdp", "person"), "without delay");
  EXPECT_EQ(due("eu-gdpr", "authority"), "2022-11-26T01:37:00");
  EXPECT_EQ(due("eu-nis2", "early-warning"), "2022-11-24T01:37:00");
  EXPECT_EQ(due("eu-nis2", "final"), "2022-12-26T01:37:00") << "counted from the notification's own deadline";
  EXPECT_EQ(due("us-hipaa", "individuals"), "2023-01-22T01:37:00");
}

TEST(Deadline, of_one_month_is_never_later_than_the_months_last_day) {
  facts::CaseFacts known = aiims();
  const Rule rule = rule_named("eu-nis2");
  const auto final_due = [&](const char* aware) {
    known.aware[0].at_ns = *base::parse_rfc3339(aware);
    return base::format_rfc3339(*deadline_of(rule, rule.stages.back(), known).due_ns).substr(0, 19);
  };
  EXPECT_EQ(final_due("2027-01-28T10:00:00Z"), "2027-02-28T10:00:00") << "thirty days would be 2 March";
  EXPECT_EQ(final_due("2027-07-28T10:00:00Z"), "2027-08-31T10:00:00");
  EXPECT_EQ(final_due("2028-01-27T10:00:00Z"), "2028-02-29T10:00:00");
}

TEST(Deadline, is_unknown_while_nobody_has_said_when) {
  facts::CaseFacts known = aiims();
  known.aware.clear();
  const Rule rule = rule_named("eu-nis2");
  for (const Stage& stage : rule.stages) {
    const Deadline deadline = deadline_of(rule, stage, known);
    EXPECT_FALSE(deadline.due_ns.has_value());
    EXPECT_NE(deadline.sentence.find("unknown"), std::string::npos);
  }
}

TEST(Deadline, the_last_word_on_becoming_aware_counts) {
  facts::CaseFacts known = aiims();
  known.aware.push_back({.at_ns = k_aware_ns - 3'600'000'000'000, .by = "Audit", .ledger_entry = 9});
  const Rule rule = rule_named("in-cert-in");
  EXPECT_EQ(*deadline_of(rule, rule.stages[0], known).due_ns, k_aware_ns + 5 * 3'600'000'000'000);
}

TEST(Draft, fills_what_the_case_states_and_says_unknown_for_the_rest) {
  const Draft draft = draft_of("in-cert-in", aiims());
  EXPECT_EQ(field(draft, "affected entity").statement.lines, std::vector<std::string>{"District Hospital"});
  EXPECT_EQ(field(draft, "affected systems").statement.lines.at(0),
            "hims1: 80 of 100 files encrypted (4.00 kB of 5.00 kB)");
  EXPECT_EQ(field(draft, "affected systems").statement.standing, Standing::final);
  EXPECT_EQ(field(draft, "sector").statement.standing, Standing::unknown);
  EXPECT_EQ(field(draft, "detection: date and time").statement.lines.at(0),
            "2022-11-23 07:07:00 +05:30 (2022-11-23T01:37:00Z): screens");
  const std::string text = write_draft(draft, {}, documents::Form::text).value();
  EXPECT_NE(text.find("Draft, not sent"), std::string::npos);
  EXPECT_NE(text.find("unknown\n"), std::string::npos);
  EXPECT_NE(text.find("To be written by a person"), std::string::npos);
  EXPECT_FALSE(draft.is_final());
}

TEST(Draft, goes_to_whom_its_stage_is_for) {
  const Rule rule = rule_named("in-dpdp");
  EXPECT_EQ(make_draft(rule, rule.stages[0], aiims(), k_aware_ns).authority, "each affected person");
  EXPECT_EQ(make_draft(rule, rule.stages[1], aiims(), k_aware_ns).authority, "Data Protection Board of India");
  EXPECT_EQ(draft_of("in-cert-in", aiims()).authority, rule_named("in-cert-in").authority);
}

TEST(Draft, announces_what_is_still_unknown_in_words_and_not_by_our_names_for_it) {
  const Statement later = state("report.unknown", aiims());
  ASSERT_FALSE(later.lines.empty());
  for (const std::string& line : later.lines) EXPECT_EQ(line.find('.'), std::string::npos) << line;
  EXPECT_NE(std::find(later.lines.begin(), later.lines.end(), "the number of persons (unknown now)"),
            later.lines.end());
}

TEST(Draft, says_of_an_unfinished_scan_that_it_is_an_estimate) {
  facts::CaseFacts known = aiims();
  known.hosts[0].unreadable = 3;
  const Draft draft = draft_of("in-cert-in", known);
  EXPECT_EQ(field(draft, "affected systems").statement.standing, Standing::estimate);
  EXPECT_NE(field(draft, "affected systems").statement.lines.at(0).find("3 could not be read"), std::string::npos);
}

TEST(Draft, the_four_numbers_of_persons_are_never_folded_into_one) {
  facts::CaseFacts known = aiims();
  known.exposure.persons = {{.basis = "held", .at_least = 90, .at_most = 100, .is_final = true, .sentence = "read"},
                            {.basis = "encrypted", .at_least = 70, .at_most = 90, .is_final = false, .sentence = "b"},
                            {.basis = "readable", .at_least = {}, .at_most = {}, .is_final = false, .sentence = "no"},
                            {.basis = "leaving", .at_least = 0, .at_most = 100, .is_final = false, .sentence = "c"}};
  const Statement persons = state("persons.all", known);
  ASSERT_EQ(persons.lines.size(), 4U);
  EXPECT_EQ(persons.lines[0], "held on affected systems: at least 90, at most 100 (final)");
  EXPECT_EQ(persons.lines[2], "readable by the attacker: unknown");
  EXPECT_EQ(persons.standing, Standing::estimate);
}

TEST(Draft, contradicting_sources_are_both_shown) {
  facts::CaseFacts known = aiims();
  known.moments = {{.name = "first encryption",
                    .at_ns = k_aware_ns,
                    .basis = model::TimeBasis::recorded,
                    .certainty = model::Certainty::strong,
                    .sentence = "a log",
                    .host = {},
                    .account = {},
                    .address = {},
                    .place = {}},
                   {.name = "first encryption",
                    .at_ns = k_aware_ns - 7200'000'000'000,
                    .basis = model::TimeBasis::file_time,
                    .certainty = model::Certainty::weak,
                    .sentence = "file times",
                    .host = {},
                    .account = {},
                    .address = {},
                    .place = {}}};
  const Statement times = state("time.first_encryption", known);
  ASSERT_EQ(times.lines.size(), 2U);
  EXPECT_EQ(times.standing, Standing::estimate);
  EXPECT_NE(times.basis[1].find("can be forged"), std::string::npos);
  const std::string text = write_draft(draft_of("in-cert-in", known), {}, documents::Form::text).value();
  EXPECT_NE(text.find("(strong) (basis: a log)"), std::string::npos) << "each time with the source that says it";
}

TEST(Draft, says_that_logs_contradict_each_other_about_the_times) {
  facts::CaseFacts known = aiims();
  known.moments = {{.name = "first encryption",
                    .at_ns = k_aware_ns,
                    .basis = model::TimeBasis::recorded,
                    .certainty = model::Certainty::strong,
                    .sentence = "a log",
                    .host = {},
                    .account = {},
                    .address = {},
                    .place = {}}};
  EXPECT_EQ(state("time.first_encryption", known).standing, Standing::final);
  known.timeline.contradictions = {
      {.sentence = "little", .gap_ns = 1, .one = {}, .other = {}},
      {.sentence = "two logs, 5 h 30 min apart", .gap_ns = 2, .one = {.evidence = "/a", .parser = {}}, .other = {}}};
  for (const char* name : {"time.first_encryption", "incident.course"}) {
    const Statement times = state(name, known);
    EXPECT_EQ(times.standing, Standing::estimate) << name;
    EXPECT_NE(times.lines.back().find("two logs, 5 h 30 min apart"), std::string::npos) << name;
    EXPECT_NE(times.basis.back().find("2 contradictions in all"), std::string::npos) << name;
  }
}

TEST(Draft, every_statement_of_an_empty_case_is_unknown_or_says_so) {
  for (const std::string_view name : statement_names()) {
    const Statement statement = state(name, {});
    if (name == "report.unknown") continue;
    EXPECT_EQ(statement.standing, Standing::unknown) << name;
    EXPECT_TRUE(statement.lines.empty()) << name;
  }
}

TEST(Draft, the_next_one_tells_what_has_changed) {
  const Draft before = draft_of("in-cert-in", aiims());
  facts::CaseFacts grown = aiims();
  grown.about.sector = "hospital";
  grown.hosts[0].hit_files = 90;
  const Draft after = draft_of("in-cert-in", grown);
  EXPECT_EQ(differences(before, after),
            (std::vector<std::string>{"sector: was unknown [unknown], is hospital [final]",
                                      "affected systems: was hims1: 80 of 100 files encrypted (4.00 kB of 5.00 kB) "
                                      "[final], is hims1: 90 of 100 files encrypted (4.00 kB of 5.00 kB) [final]"}));
  EXPECT_TRUE(differences(after, after).empty());
}

TEST(Draft, comes_back_from_what_is_kept_and_nothing_else_is_a_draft) {
  const Draft draft = draft_of("in-dpdp", aiims());
  const std::string json = write_json(draft);
  const auto back = parse_draft(json, "x");
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(write_json(back.value()), json);
  for (std::size_t size = 0; size < json.size(); size += 7) EXPECT_FALSE(parse_draft(json.substr(0, size), "x").ok());
  EXPECT_FALSE(parse_draft("{}", "x").ok());
}

TEST(WriteDraft, words_of_the_evidence_never_keep_a_draft_from_being_written) {
  facts::CaseFacts known = aiims();
  known.hosts[0].name = "traced to nowhere";  // a machine may be called anything
  for (const documents::Form form : {documents::Form::text, documents::Form::odt, documents::Form::docx,
                                     documents::Form::pdf, documents::Form::html}) {
    const auto written = write_draft(draft_of("in-cert-in", known), {"x: was a, is b"}, form);
    ASSERT_TRUE(written.ok()) << written.error().what;
    EXPECT_GT(written.value().size(), 500U);
  }
}

TEST(KeptDrafts, are_numbered_and_the_newest_is_compared_with) {
  const os::testing::ScratchFolder folder;
  const std::string place = folder / "a.case";
  std::filesystem::create_directory(place);
  auto ledger = ledger::create_ledger(place);
  ASSERT_TRUE(ledger.ok());
  Draft draft = draft_of("in-cert-in", aiims());
  EXPECT_FALSE(newest_draft(place, draft.rule, draft.stage).value().has_value());
  ASSERT_TRUE(keep_draft(place, *ledger.value(), draft).ok());
  draft.made = "2022-11-24T00:00:00.000000000Z";
  const auto second = keep_draft(place, *ledger.value(), draft);
  ASSERT_TRUE(second.ok());
  EXPECT_TRUE(second.value().ends_with("in-cert-in.report.0002.json")) << second.value();
  std::ofstream(place + "/notices/in-cert-in.report.zzzz.json") << "planted";
  EXPECT_EQ(newest_draft(place, draft.rule, draft.stage).value()->made, draft.made);
  std::ofstream(place + "/notices/in-cert-in.report.0003.json") << "planted";
  EXPECT_EQ(newest_draft(place, draft.rule, draft.stage).error().code, base::ErrorCode::damaged_container);
}

}  // namespace

}  // namespace lastgood::notices
