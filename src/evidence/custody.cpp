// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "evidence/custody.h"

#include <fmt/format.h>

#include "ledger/read_ledger.h"

namespace lastgood::evidence {

namespace {

std::uint64_t number_field(const ledger::Entry& entry, std::string_view name) {
  const auto at = entry.fields.find(name);
  const auto* number = at == entry.fields.end() ? nullptr : std::get_if<std::int64_t>(&at->second);
  return number == nullptr || *number < 0 ? 0 : static_cast<std::uint64_t>(*number);
}

SourceKind kind_of(std::string_view name) {
  if (name == name_of(SourceKind::folder)) return SourceKind::folder;
  return name == name_of(SourceKind::device) ? SourceKind::device : SourceKind::file;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

EvidenceItem begun_item(const ledger::Entry& entry) {
  EvidenceItem out;
  out.id = ledger::text_in(entry.fields, "evidence");
  out.kind = kind_of(ledger::text_in(entry.fields, "source_kind"));
  out.path = ledger::text_in(entry.fields, "path");
  out.statement = {.by = ledger::text_in(entry.fields, "by"),
                   .place = ledger::text_in(entry.fields, "place"),
                   .reason = ledger::text_in(entry.fields, "reason"),
                   .authority = ledger::text_in(entry.fields, "authority"),
                   .changes = ledger::text_in(entry.fields, "changes"),
                   .witness = ledger::text_in(entry.fields, "witness")};
  out.device = {.kind = ledger::text_in(entry.fields, "device_kind"),
                .make_model = ledger::text_in(entry.fields, "make_model"),
                .colour = ledger::text_in(entry.fields, "colour"),
                .serial = ledger::text_in(entry.fields, "serial"),
                .identifiers = ledger::text_in(entry.fields, "identifiers"),
                .other = ledger::text_in(entry.fields, "other")};
  out.recorded_by = entry.actor.user + "@" + entry.actor.host;
  out.begun_entry = entry.sequence;
  out.begun = entry.time;
  out.kept = ledger::text_in(entry.fields, "kept") == "yes";
  return out;
}

void finish_item(EvidenceItem& item, const ledger::Entry& entry) {
  item.added_entry = entry.sequence;
  item.added = entry.time;
  item.files = number_field(entry, "files");
  item.bytes = number_field(entry, "bytes");
  item.unreadable = number_field(entry, "unreadable");
  item.not_files = number_field(entry, "not_files");
  item.sha256 = ledger::text_in(entry.fields, "sha256");
  item.sha1 = ledger::text_in(entry.fields, "sha1");
  item.md5 = ledger::text_in(entry.fields, "md5");
  item.manifest_sha256 = ledger::text_in(entry.fields, "manifest_sha256");
  item.states_sha256 = ledger::text_in(entry.fields, "states_sha256");
}

/// What reading it again came to.
std::string reread_words(const ledger::Entry& entry) {
  return fmt::format("{}: {} same, {} differ, {} missing, {} unreadable", ledger::text_in(entry.fields, "text"),
                     number_field(entry, "same"), number_field(entry, "differ"), number_field(entry, "missing"),
                     number_field(entry, "unreadable"));
}

}  // namespace

std::string sentence_of(const CustodyEvent& event) {
  if (event.kind == "verified") return fmt::format("read again by account {}, {}", event.account, event.text);
  if (event.kind == "handed-over")
    return fmt::format("handed over by {} to {} at {}: {}", event.by, event.other_person, event.place, event.text);
  return fmt::format("noted by {} and {}: {}", event.by, event.other_person, event.text);
}

std::string_view name_of(SourceKind kind) {
  switch (kind) {
    case SourceKind::file: return "file";
    case SourceKind::folder: return "folder";
    case SourceKind::device: return "device";
  }
  return "file";
}

EvidenceItem* CustodyRecords::item_of(const ledger::Entry& entry) {
  const std::string id = ledger::text_in(entry.fields, "evidence");
  for (EvidenceItem& item : items_) {
    if (item.id == id) return &item;
  }
  return nullptr;
}

void CustodyRecords::see(const ledger::Entry& entry) {
  if (!entry.kind.starts_with("evidence-")) return;
  EvidenceItem* item = item_of(entry);
  if (entry.kind == k_kind_begun) {
    if (item == nullptr) items_.push_back(begun_item(entry));
    return;
  }
  if (item == nullptr) return;
  if (entry.kind == k_kind_added) return finish_item(*item, entry);
  CustodyEvent event{
      .entry = entry.sequence,
      .time = entry.time,
      .kind = entry.kind.substr(std::string_view("evidence-").size()),
      .by = ledger::text_in(entry.fields, "by"),
      .other_person = ledger::text_in(entry.fields, "and"),
      .place = ledger::text_in(entry.fields, "place"),
      .text = entry.kind == k_kind_verified ? reread_words(entry) : ledger::text_in(entry.fields, "text"),
      .account = entry.actor.user + "@" + entry.actor.host};
  if (entry.kind == k_kind_noted || entry.kind == k_kind_handed_over || entry.kind == k_kind_verified)
    item->events.push_back(std::move(event));
}

const EvidenceItem* CustodyRecords::find(std::string_view id) const {
  for (const EvidenceItem& item : items_) {
    if (upper(item.id) == upper(id)) return &item;
  }
  return nullptr;
}

std::string CustodyRecords::next_id() const { return fmt::format("E-{:04}", items_.size() + 1); }

base::Result<CustodyRecords> read_custody(const std::string& case_folder) {
  CustodyRecords out;
  const std::string path = case_folder + "/ledger";
  LG_ASSIGN(const ledger::ReadLedger read,
            ledger::read_ledger(path, {},
                                [&](const ledger::Entry& entry, std::string_view, std::uint64_t) { out.see(entry); }));
  if (read.is_whole()) return out;
  return base::Error{.code = base::ErrorCode::damaged_container,
                     .what = fmt::format("ledger '{}' is broken", base::printable(path)),
                     .path = path,
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "'lastgood ledger verify' says where"};
}

base::Status check_statement(const CustodyStatement& statement) {
  std::string missing;
  for (const auto& [name, value] :
       {std::pair("by", &statement.by), std::pair("where", &statement.place), std::pair("why", &statement.reason),
        std::pair("authority", &statement.authority)}) {
    if (value->empty()) missing += fmt::format("{}--{}", missing.empty() ? "" : ", ", name);
  }
  if (missing.empty()) return base::Done{};
  return base::Error{.code = base::ErrorCode::misuse,
                     .what = "the custody record lacks " + missing,
                     .path = {},
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "who takes the evidence, where, why, and on whose authority must be said"};
}

}  // namespace lastgood::evidence
