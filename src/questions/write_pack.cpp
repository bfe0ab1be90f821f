// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "questions/write_pack.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/human.h"
#include "dossier/write_dossier.h"
#include "model/ip_address.h"
#include "questions/pack_tables.h"
#include "questions/time_windows.h"

namespace lastgood::questions {

using documents::Block;
using documents::Field;
using documents::Heading;
using documents::List;
using documents::ListKind;
using documents::PageBreak;
using documents::Paragraph;
using documents::Runs;
using documents::RunStyle;

namespace {

class Writer {
 public:
  Writer(const Pack& pack, const Packs& all) : pack_(pack), all_(all), frame_(all.frame) {}

  documents::Document run() {
    document_.title = is_provider() ? "Request to preserve and to give records" : "Questions of the inquiry";
    document_.note = "Draft: to be read, completed and signed by the officer in charge";
    document_.made_ns = frame_.made_ns;
    add_head();
    add_facts();
    if (is_provider() && pack_.preservation_days > 0) add_preservation();
    add_questions();
    add_times();
    add_subjects();
    add_evidence();
    add_signature();
    add_for_the_officer();
    return std::move(document_);
  }

 private:
  [[nodiscard]] bool is_provider() const {
    return pack_.kind == "mail" || pack_.kind == "network" || pack_.kind == "telegram" || pack_.kind == "registry";
  }

  void put(Block block) { document_.blocks.push_back(std::move(block)); }
  void heading(std::string text, unsigned level = 1) { put(Heading{std::move(text), level}); }
  void say(std::string text) { put(Paragraph{{{std::move(text), RunStyle::plain}}}); }
  void field(std::string name, const std::string& value) {
    put(Field{std::move(name), value.empty() ? Runs{} : Runs{{value, RunStyle::quoted}}});
  }
  void statements(const std::vector<Said>& said) {
    if (said.empty()) return;
    List list;
    for (const Said& one : said) list.items.push_back(runs_of(one));
    put(std::move(list));
  }

  void add_head() {
    Runs to = {{pack_.recipient, RunStyle::plain}};
    if (!pack_.network.empty()) {
      to.push_back({": ", RunStyle::plain});
      to.push_back({pack_.network, RunStyle::quoted});
    }
    put(Field{"To", std::move(to)});
    if (is_provider()) field("Address, portal or mail box of the recipient", "");
    if (is_provider() && pack_.kind != "registry") field("Country of the recipient", country_words(pack_.country));
    field("Of the police station or unit", frame_.about.police);
    field("Officer", frame_.about.officer);
    field("Case number (FIR)", frame_.about.case_number);
    field("Offences", frame_.about.offences);
    field("Organisation that was attacked", frame_.about.organisation);
    field("Its contact", frame_.about.contact);
    field("Case in lastgood", frame_.case_name + (frame_.case_id.empty() ? "" : ", " + frame_.case_id));
    put(Field{"Day", {{day_in_zone(frame_.made_ns, frame_), RunStyle::plain}}});
  }

  void add_facts() {
    heading("Facts in short");
    List list;
    for (const facts::HostFacts& host : frame_.hosts) {
      list.items.push_back(
          {{fmt::format("On the machine ", 0), RunStyle::plain},
           {host.name, RunStyle::quoted},
           {fmt::format(": {} of {} files that were judged are encrypted in whole or in part, {} of {}{}.",
                        base::human_count(host.hit_files), base::human_count(host.files),
                        base::human_bytes(host.hit_bytes), base::human_bytes(host.bytes),
                        host.finished ? "" : " (the scan has not run to its end: at least so many)"),
            RunStyle::plain}});
      if (list.items.size() == 50) break;
    }
    for (const facts::CampaignFacts& found : frame_.campaigns) {
      if (list.items.size() >= 60) break;
      Runs runs = {{fmt::format("{} encrypted files share marks", base::human_count(found.campaign.file_count)),
                    RunStyle::plain}};
      if (!found.campaign.extension.empty()) {
        runs.push_back({", the ending ", RunStyle::plain});
        runs.push_back({found.campaign.extension, RunStyle::quoted});
      }
      runs.push_back({found.campaign.family.empty() ? "; the family of the ransomware is unknown."
                                                    : "; their marks are those of the family ",
                      RunStyle::plain});
      if (!found.campaign.family.empty()) runs.push_back({found.campaign.family, RunStyle::quoted});
      list.items.push_back(std::move(runs));
    }
    if (list.items.empty()) return say("Unknown: no scan of the case has found encrypted files.");
    put(std::move(list));
  }

  /// The list of the Budapest Convention, article 29(2), which laws of other countries follow.
  void add_preservation() {
    heading("Preservation is asked for at once");
    say("Please keep the records named below as they are now, beyond the time after which they would be deleted, and "
        "say in your "
        "answer until when they are kept. This is no request to hand them over: that follows by the way of the law.");
    put(Field{"Authority that asks",
              frame_.about.police.empty() ? Runs{} : Runs{{frame_.about.police, RunStyle::quoted}}});
    put(Field{"Offence under inquiry",
              frame_.about.offences.empty() ? Runs{} : Runs{{frame_.about.offences, RunStyle::quoted}}});
    say("Data to be kept: what is listed under 'Records', of the accounts and addresses in the tables, for the spans "
        "of time in the "
        "tables.");
    say("Link to the offence: stands beside each account and address in the tables.");
    say("Why it is needed: such records are deleted after a time, and nothing else says who used the accounts and "
        "servers.");
    field("A formal request follows through", pack_.path.empty() ? "" : pack_.path.back().who);
    field("It is expected by", "");
  }

  /// How to go on is nobody's business but the officer's: the recipient of a letter must not get it.
  void add_for_the_officer() {
    put(PageBreak{});
    heading("For the officer: not part of the letter, do not send");
    for (const std::string& remark : pack_.remarks) say("Note: " + remark + ".");
    if (evidence_table(pack_, frame_).rows.empty())
      say("Note: 'lastgood evidence add' takes the files that the letter refers to, with digests and a chain of "
          "custody; "
          "draft the letter anew then.");
    add_contradictions();
    if (!pack_.renew_by_ns.empty()) add_reminder();
    add_way();
    if (pack_.kind != "police") return;
    add_offices();
    add_list_of_packs();
  }

  void add_contradictions() {
    if (frame_.contradictions.empty()) return;
    heading("Sources that contradict each other: clear up which is right, then draft the letters anew", 2);
    List list;
    for (const timeline::Contradiction& found : frame_.contradictions) {
      list.items.push_back(
          {{found.sentence, RunStyle::quoted},
           {": ", RunStyle::plain},
           {fmt::format("{} byte {}", found.one.evidence, found.one.offset_bytes), RunStyle::quoted},
           {" and ", RunStyle::plain},
           {fmt::format("{} byte {}", found.other.evidence, found.other.offset_bytes), RunStyle::quoted}});
    }
    put(std::move(list));
  }

  void add_offices() {
    if (frame_.offices.empty()) return;
    heading("Offices that may be concerned", 2);
    List list;
    for (const PathStep& office : frame_.offices) {
      Runs runs = {{office.who, RunStyle::bold}, {": " + office.does + ".", RunStyle::plain}};
      for (const Said& said : office.notes) {
        runs.push_back({" ", RunStyle::plain});
        for (documents::Run& run : runs_of(said)) runs.push_back(std::move(run));
      }
      list.items.push_back(std::move(runs));
    }
    put(std::move(list));
  }

  void add_reminder() {
    heading("Reminder: renew the preservation", 2);
    if (pack_.preservation) put(Paragraph{runs_of(*pack_.preservation)});
    List list;
    list.kind = ListKind::numbers;
    for (const std::int64_t at_ns : pack_.renew_by_ns) {
      list.items.push_back(
          {{fmt::format("renew by {}; done on {}", day_in_zone(at_ns, frame_), documents::k_blank), RunStyle::plain}});
    }
    put(std::move(list));
    say("Go on renewing until the records have arrived.");
  }

  void add_questions() {
    heading("Questions");
    if (pack_.questions.empty())
      return say("None can be asked yet: the case names no account and no address that is tied to the attack.");
    List list;
    list.kind = ListKind::numbers;
    for (const Question& question : pack_.questions) list.items.push_back(question.text);
    put(std::move(list));
    if (pack_.records.empty()) return;
    heading("Records", 2);
    List records;
    for (const std::string& record : pack_.records) records.items.push_back({{record, RunStyle::plain}});
    put(std::move(records));
  }

  void add_times() {
    heading("Spans of time");
    if (pack_.windows.empty()) {
      field("From (UTC)", "");
      field("Until (UTC)", "");
    } else {
      put(window_table(pack_.windows, frame_));
    }
    add_clock_error();
    if (frame_.contradictions.empty()) return;
    std::int64_t widest_ns = 0;
    for (const timeline::Contradiction& found : frame_.contradictions) widest_ns = std::max(widest_ns, found.gap_ns);
    say(
        fmt::format("The sources of the organisation contradict each other about these times, by up to {}: both sides "
                    "stand, so please search that much more.",
                    words_of_gap(widest_ns)));
  }

  void add_clock_error() {
    constexpr const char* k_asked =
        "Please search some minutes more on both sides, and say the error of your own clocks.";
    if (frame_.about.clock_error.empty()) {
      say(std::string("Error of the clocks: unknown unless a row says otherwise; nothing in the case compares the "
                      "clocks of the organisation with a time server. ") +
          k_asked);
      return;
    }
    put(documents::Paragraph{{{"Error of the clocks, as the organisation says: ", RunStyle::plain},
                              {frame_.about.clock_error, RunStyle::quoted},
                              {std::string(". ") + k_asked, RunStyle::plain}}});
  }

  void add_subjects() {
    if (!pack_.contacts.empty()) {
      heading("Accounts and other marks");
      put(contact_table(pack_.contacts));
    }
    if (pack_.addresses.empty()) return;
    heading("Addresses");
    put(address_table(pack_.addresses, frame_));
    if (pack_.kind == "network" && names_a_private_address())
      field(
          "Public address of the organisation's network at those times (the recipient saw that one, not a private one)",
          "");
    for (const AskedAddress& asked : pack_.addresses) {
      heading("What data sets say of " + asked.facts.address, 2);
      for (Block& block : dossier::dossier_blocks(asked.dossier, frame_.zone)) put(std::move(block));
    }
  }

  [[nodiscard]] bool names_a_private_address() const {
    for (const AskedAddress& asked : pack_.addresses) {
      for (const facts::Observation& seen : asked.facts.observations) {
        const auto own = model::parse_ip(seen.own_address);
        if (own && !model::is_outside(*own)) return true;
      }
    }
    return false;
  }

  void add_evidence() {
    heading("Evidence");
    auto table = evidence_table(pack_, frame_);
    if (table.rows.empty()) {
      return say("No file that this letter refers to is in custody yet.");
    }
    put(std::move(table));
  }

  void add_way() {
    if (!pack_.who_may_ask.empty()) {
      heading(is_provider() ? "Who may ask" : "What this office does", 2);
      statements(pack_.who_may_ask);
    }
    if (!pack_.path.empty()) {
      heading("The way of the request", 2);
      List list;
      list.kind = ListKind::numbers;
      for (const PathStep& step : pack_.path) {
        list.items.push_back({{step.who, RunStyle::bold}, {": " + step.does + ".", RunStyle::plain}});
      }
      put(std::move(list));
      for (const PathStep& step : pack_.path) statements(step.notes);
    }
    if (!pack_.how_to_ask.empty()) {
      heading("How to ask", 2);
      statements(pack_.how_to_ask);
    }
    if (!pack_.held.empty()) {
      heading("What this recipient is known to have", 2);
      statements(pack_.held);
    }
    if (!pack_.not_held.empty()) {
      heading("What cannot be had there", 2);
      statements(pack_.not_held);
    }
  }

  void add_list_of_packs() {
    heading("All letters of this case", 2);
    put(pack_list(all_));
    if (all_.not_asked.empty()) return;
    heading("Not asked about", 2);
    List list;
    for (const std::string& value : all_.not_asked) list.items.push_back({{value, RunStyle::quoted}});
    put(std::move(list));
    if (all_.not_asked_more > 0) say(fmt::format("And {} more.", base::human_count(all_.not_asked_more)));
    say("'lastgood questions --about VALUE' asks about one of them all the same.");
  }

  void add_signature() {
    heading("Signature");
    field("Name and office", "");
    field("Place and day", "");
    field("Signature and seal", "");
  }

  const Pack& pack_;
  const Packs& all_;
  const CaseFrame& frame_;
  documents::Document document_;
};

}  // namespace

documents::Document write_pack(const Pack& pack, const Packs& all) { return Writer(pack, all).run(); }

}  // namespace lastgood::questions
