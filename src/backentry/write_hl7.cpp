// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "backentry/write_hl7.h"

#include <algorithm>
#include <span>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "backentry/persons_of_numbers.h"
#include "base/digest.h"
#include "base/local_time.h"
#include "base/rfc3339.h"
#include "documents/csv_cell.h"

namespace lastgood::backentry {

namespace {

/// "+05:30" as "+0530".
std::string hl7_offset(std::string_view zone) {
  std::string name = base::zone_name(zone).substr(std::string_view("UTC").size());
  name.erase(std::remove(name.begin(), name.end(), ':'), name.end());
  return name.empty() ? "+0000" : name;
}

/// "2022-11-23 09:10", with seconds or without, as "20221123091000+0530".
std::string hl7_time(std::string_view local_time, std::string_view zone) {
  std::string digits;
  for (const char c : local_time) {
    if (c >= '0' && c <= '9') digits += c;
  }
  if (digits.size() == 12) digits += "00";
  return digits + hl7_offset(zone);
}

/// "2022-11-23 07:07:00", without what says the zone.
std::string seconds_in_zone(std::int64_t time_ns, std::string_view zone) {
  constexpr std::size_t k_letters = 19;
  return base::time_in_zone(time_ns, zone).substr(0, k_letters);
}

struct MessageType {
  const char* type;   // MSH-9
  const char* event;  // EVN-1; empty: no EVN segment
};

std::optional<MessageType> type_of(What what) {
  switch (what) {
    case What::registration: return MessageType{"ADT^A04^ADT_A01", "A04"};
    case What::admission: return MessageType{"ADT^A01^ADT_A01", "A01"};
    case What::transfer: return MessageType{"ADT^A02^ADT_A02", "A02"};
    case What::discharge: return MessageType{"ADT^A03^ADT_A03", "A03"};
    case What::order: return MessageType{"ORM^O01^ORM_O01", ""};
    case What::result: return MessageType{"ORU^R01^ORU_R01", ""};
    case What::payment: break;
  }
  return std::nullopt;
}

/// PV1-2: of orders and results the paper does not say whether the patient is one of a ward.
const char* class_of(What what) {
  if (what == What::registration) return "O";
  return what == What::order || what == What::result ? "U" : "I";
}

std::string patient_id(const Decision* decision, const std::string& temporary) {
  if (decision == nullptr || decision->patient_number.empty()) return hl7_text(temporary) + "^^^^TEMP";
  return hl7_text(decision->patient_number) + "^^^^MR";
}

/// What was typed and nobody has decided on is no identifier yet: a system that took it in would write into a
/// stranger's record.
std::string note_of(const Entry& entry, const Decision* decision, const std::vector<std::uint64_t>& before) {
  std::string note =
      fmt::format("downtime number {}; name as written: {}; age as written: {}", entry.number, entry.name, entry.age);
  if (decision == nullptr)
    note += entry.patient_number.empty()
                ? std::string("; nobody has decided who this is")
                : fmt::format("; nobody has decided who this is; number as written: {}", entry.patient_number);
  if (entry.corrects != 0 && before.empty())
    note += fmt::format("; corrects entry {}: where that one was taken in before, take it back first", entry.corrects);
  else if (entry.corrects != 0)
    note += fmt::format(
        "; corrects entry {}, and with it entry {}: where one of them was taken in before, take it back "
        "first",
        entry.corrects, fmt::join(before, ", "));
  if (entry.what != What::order && entry.what != What::result && !entry.text.empty()) note += "; " + entry.text;
  return note;
}

/// One for each content: a receiver drops a message whose control id it has seen, also one that a decision changed.
std::string control_id(const Entry& entry, const std::string& content) {
  constexpr std::size_t k_letters = 8;  // MSH-10 has room for 20
  const std::string digest =
      base::hex(base::ByteView(std::span<const std::uint8_t>(base::sha256(base::ByteView(std::string_view(content))))));
  return fmt::format("LG{:08}-{}", entry.id, digest.substr(0, k_letters));
}

/// The last word is taken for the family name, which XPN wants first; who reviews it sees the whole in the note.
std::string person_name(const std::string& name) {
  const std::size_t blank = name.rfind(' ');
  if (blank == std::string::npos) return hl7_text(name);
  return hl7_text(name.substr(blank + 1)) + "^" + hl7_text(name.substr(0, blank));
}

}  // namespace

std::string hl7_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '|': out += "\\F\\"; break;
      case '^': out += "\\S\\"; break;
      case '&': out += "\\T\\"; break;
      case '~': out += "\\R\\"; break;
      case '\\': out += "\\E\\"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

std::optional<std::string> hl7_message(const Entry& entry, const Decision* decision, const std::string& temporary,
                                       const Written& written, const std::vector<std::uint64_t>& before) {
  const auto type = type_of(entry.what);
  if (!type) return std::nullopt;
  const std::string time = hl7_time(entry.paper_time, written.zone);
  const std::string made_time = hl7_time(seconds_in_zone(written.now_ns, written.zone), written.zone);
  std::string out = fmt::format("PID|1||{}||{}|||{}|||||{}\r", patient_id(decision, temporary), person_name(entry.name),
                                entry.sex, hl7_text(entry.phone));
  out += fmt::format("PV1|1|{}|{}", class_of(entry.what), hl7_text(entry.place));
  // PV1-6, the prior location, is what tells a transfer from another entry of the same ward.
  if (!entry.from_place.empty()) out += "|||" + hl7_text(entry.from_place);
  out += "\r";
  // One paper may hold two orders: the number of the entry tells them apart.
  const std::string placer = fmt::format("{}-{}", hl7_text(entry.number), entry.id);
  // ORC-9 is when it was ordered; OBR-7, when a specimen was taken, no paper of an order says.
  if (entry.what == What::order)
    out += fmt::format("ORC|NW|{0}|||||||{2}\rOBR|1|{0}||^{1}\r", placer, hl7_text(entry.text), time);
  if (entry.what == What::result) {
    out += fmt::format("OBR|1|{0}||^{1}|||{2}||||||||||||||||||P\r", placer, "from paper", time);
    out += fmt::format("OBX|1|TX|^from paper||{}||||||P|||{}\r", hl7_text(entry.text), time);
  }
  // NTE has its place after the order or the result; ADT messages of 2.5.1 have none, so there it is a Z segment.
  const bool has_note = entry.what == What::order || entry.what == What::result;
  out += fmt::format("{}|1||{}\r", has_note ? "NTE" : "ZNT", hl7_text(note_of(entry, decision, before)));
  // Who typed it is a name and no number: EVN-5.2.
  const std::string event = *type->event == '\0' ? std::string()
                                                 : fmt::format("EVN|{}|{}|||^{}|{}\r", type->event, made_time,
                                                               hl7_text(entry.typed_by), time);
  // Processing id T: nobody's system takes it in without a person who changes that.
  return fmt::format("MSH|^~\\&|LASTGOOD|DOWNTIME|REVIEW|HOSPITAL|{}||{}|{}|T|2.5.1||||||UNICODE UTF-8\r", made_time,
                     type->type, control_id(entry, type->type + time + out)) +
         event + out;
}

namespace {

/// What the entry that it corrects has corrected itself, newest first: any of them may have been exported.
std::vector<std::uint64_t> corrected_before(const Book& book, const Entry& entry) {
  const auto corrected_by = [&](std::uint64_t id) {
    const auto at =
        std::find_if(book.entries.begin(), book.entries.end(), [&](const Entry& one) { return one.id == id; });
    return at == book.entries.end() ? 0 : at->corrects;
  };
  std::vector<std::uint64_t> out;
  // Each corrects one that was typed before it, so that this ends.
  for (std::uint64_t id = corrected_by(entry.corrects); id != 0; id = corrected_by(id)) out.push_back(id);
  return out;
}

}  // namespace

std::string write_hl7(const Book& book, const Written& written) {
  const TemporaryNumbers temporary(book);
  // As it happened and not as it was typed: a discharge before its admission would be taken for an earlier stay's.
  std::vector<const Entry*> in_order = book.standing();
  std::stable_sort(in_order.begin(), in_order.end(),
                   [](const Entry* a, const Entry* b) { return a->paper_time < b->paper_time; });
  std::string out;
  for (const Entry* entry : in_order) {
    const Decision* decision = book.decision_of(entry->id);
    const auto message =
        hl7_message(*entry, decision, temporary.of(*entry, decision), written, corrected_before(book, *entry));
    if (message) out += *message;
  }
  return out;
}

std::string write_review_csv(const Book& book, std::string_view zone) {
  const TemporaryNumbers temporary(book);
  std::string out =
      "entry,what,downtime number,patient number,decided,phone,name,sex,age,place,text,time on paper,typed "
      "by,typed,zone,corrects,place before\r\n";
  for (const Entry* entry : book.standing()) {
    const Decision* decision = book.decision_of(entry->id);
    const std::string decided = decision == nullptr                ? "open"
                                : decision->patient_number.empty() ? "new person " + temporary.of(*entry, decision)
                                                                   : decision->patient_number;
    const std::vector<std::string> cells = {std::to_string(entry->id),
                                            std::string(name_of(entry->what)),
                                            entry->number,
                                            entry->patient_number,
                                            decided,
                                            entry->phone,
                                            entry->name,
                                            entry->sex,
                                            entry->age,
                                            entry->place,
                                            entry->text,
                                            entry->paper_time,
                                            entry->typed_by,
                                            seconds_in_zone(base::parse_rfc3339(entry->typed).value_or(0), zone),
                                            base::zone_name(zone),
                                            entry->corrects == 0 ? std::string() : std::to_string(entry->corrects),
                                            entry->from_place};
    for (std::size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "" : ",") + documents::csv_cell(cells[i]);
    out += "\r\n";
  }
  return out;
}

}  // namespace lastgood::backentry
