// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "ledger/kept_heads.h"

#include <fmt/format.h>

#include "base/rfc3339.h"
#include "os/append_file.h"
#include "os/atomic_file.h"
#include "os/folder.h"

namespace lastgood::ledger {

namespace {

constexpr std::string_view k_kind_key = "signing-key-noted";
constexpr std::string_view k_kind_head = "head-noted";
constexpr std::string_view k_kind_stamp = "head-stamped";

std::optional<std::uint64_t> number_field(const Fields& fields, std::string_view name) {
  const auto at = fields.find(name);
  const auto* number = at == fields.end() ? nullptr : std::get_if<std::int64_t>(&at->second);
  if (number == nullptr || *number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

std::string digest_text(std::string_view bytes) { return text_of(base::sha256(base::ByteView(bytes))); }

std::optional<NotedHead> parse_noted_head(const Entry& entry) {
  const auto entries = number_field(entry.fields, "entries");
  const auto bytes = number_field(entry.fields, "bytes");
  const auto root = parse_digest(text_in(entry.fields, "root"));
  const auto whole = parse_digest(text_in(entry.fields, "ledger_sha256"));
  const auto signature = base::parse_hex(text_in(entry.fields, "signature"));
  const std::string time = text_in(entry.fields, "head_time");
  if (!entries || !bytes || !root || !whole || !signature || !base::is_rfc3339(time)) return std::nullopt;
  return NotedHead{.entry = entry.sequence,
                   .head = {.case_id = text_in(entry.fields, "case_id"),
                            .entries = *entries,
                            .bytes = *bytes,
                            .root = *root,
                            .ledger_sha256 = *whole,
                            .time = time},
                   .fingerprint = text_in(entry.fields, "key"),
                   .signature = *signature};
}

base::Error not_found(std::string what, std::string hint) {
  return base::Error{.code = base::ErrorCode::not_found,
                     .what = std::move(what),
                     .path = {},
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = std::move(hint)};
}

base::Status write_new(const std::string& path, std::string_view bytes) {
  return os::write_atomic_file(path, base::ByteView(bytes), os::Overwrite::yes);
}

base::Status write_head_files(const std::string& case_folder, const NotedHead& noted) {
  const std::string folder = heads_folder(case_folder);
  LG_TRY(os::make_private_folder(folder, os::WhenThere::accept));
  LG_TRY(write_new(folder + "/" + head_file_name(noted.head.entries, ".txt"), write_head(noted.head)));
  if (noted.signature.empty()) return base::Done{};
  return write_new(folder + "/" + head_file_name(noted.head.entries, ".sig"), noted.signature);
}

}  // namespace

void NotedHeads::see(const Entry& entry) {
  if (entry.kind == k_kind_key) {
    keys.push_back({.entry = entry.sequence,
                    .public_pem = text_in(entry.fields, "public_key"),
                    .fingerprint = text_in(entry.fields, "key")});
  } else if (entry.kind == k_kind_head) {
    if (auto head = parse_noted_head(entry)) heads.push_back(std::move(*head));
  } else if (entry.kind == k_kind_stamp) {
    const auto entries = number_field(entry.fields, "entries");
    if (!entries) return;
    NotedStamp stamp{.entry = entry.sequence,
                     .head_entries = *entries,
                     .number = 1,
                     .time = text_in(entry.fields, "stamp_time"),
                     .reply_sha256 = text_in(entry.fields, "reply_sha256"),
                     .trusted_sha256 = text_in(entry.fields, "trusted_sha256")};
    for (const NotedStamp& before : stamps) {
      if (before.head_entries != stamp.head_entries) continue;
      if (before.reply_sha256 == stamp.reply_sha256 && before.trusted_sha256 == stamp.trusted_sha256) return;
      stamp.number = before.number + 1;
    }
    stamps.push_back(std::move(stamp));
  }
}

const NotedHead* NotedHeads::find_head(std::uint64_t entries) const {
  for (const NotedHead& head : heads) {
    if (head.head.entries == entries) return &head;
  }
  return nullptr;
}

const NotedKey* NotedHeads::find_key(const std::string& fingerprint) const {
  for (const NotedKey& key : keys) {
    if (key.fingerprint == fingerprint) return &key;
  }
  return nullptr;
}

base::Result<LedgerReading> read_with_heads(const std::string& path, std::span<const Anchor> anchors) {
  LedgerReading out;
  out.path = path;
  LG_ASSIGN(out.read, read_ledger(path, anchors,
                                  [&](const Entry& entry, std::string_view, std::uint64_t) { out.noted.see(entry); }));
  return out;
}

std::string heads_folder(const std::string& case_folder) { return case_folder + "/heads"; }
std::string head_file_name(std::uint64_t entries, std::string_view suffix) {
  return fmt::format("head-{}{}", entries, suffix);
}
std::string stamp_file_name(const NotedStamp& stamp, std::string_view suffix) {
  return stamp.number == 1 ? head_file_name(stamp.head_entries, suffix)
                           : fmt::format("head-{}.{}{}", stamp.head_entries, stamp.number, suffix);
}
std::string key_file_name(const std::string& fingerprint) {
  return fmt::format("key-{}.pub.pem", fingerprint.substr(0, 16));
}

base::Status note_key(Ledger& ledger, const std::string& case_folder, const std::string& public_pem) {
  const auto fingerprint = key_fingerprint(public_pem);
  if (!fingerprint) return not_found("no Ed25519 public key was given", {});
  LG_ASSIGN(const LedgerReading reading, read_with_heads(case_folder + "/ledger"));
  const std::string name = text_of(*fingerprint);
  if (reading.noted.find_key(name) == nullptr) {
    LG_ASSIGN([[maybe_unused]] const Head head, ledger.append(k_kind_key, {{"key", name}, {"public_key", public_pem}}));
  }
  LG_TRY(os::make_private_folder(heads_folder(case_folder), os::WhenThere::accept));
  return write_new(heads_folder(case_folder) + "/" + key_file_name(name), public_pem);
}

base::Result<NotedHead> note_head(Ledger& ledger, const std::string& case_folder, const SigningKey* key,
                                  const os::Clock& clock) {
  if (key != nullptr) LG_TRY(note_key(ledger, case_folder, key->public_pem()));
  const std::string path = case_folder + "/ledger";
  LG_ASSIGN(const ReadLedger read, read_ledger(path));
  NotedHead out;
  LG_ASSIGN(out.head, make_head(path, read, base::format_rfc3339(clock.now_ns())));
  if (key != nullptr) {
    out.fingerprint = text_of(*key_fingerprint(key->public_pem()));
    out.signature = key->sign(write_head(out.head));
  }
  LG_ASSIGN(const Head noted,
            ledger.append(k_kind_head, {{"bytes", static_cast<std::int64_t>(out.head.bytes)},
                                        {"case_id", out.head.case_id},
                                        {"entries", static_cast<std::int64_t>(out.head.entries)},
                                        {"head_time", out.head.time},
                                        {"key", out.fingerprint},
                                        {"ledger_sha256", text_of(out.head.ledger_sha256)},
                                        {"root", text_of(out.head.root)},
                                        {"signature", base::hex(base::ByteView(std::string_view(out.signature)))}}));
  out.entry = noted.sequence;
  LG_TRY(write_head_files(case_folder, out));
  return out;
}

base::Result<std::string> request_stamp(const std::string& case_folder, const NotedHead& head) {
  const std::string path = heads_folder(case_folder) + "/" + head_file_name(head.head.entries, ".tsq");
  auto before = os::read_own_file(path, k_timestamp_bytes_max);
  if (before.ok()) return before;
  if (before.error().code != base::ErrorCode::not_found) return before;
  std::string request = make_timestamp_request(base::sha256(base::ByteView(std::string_view(write_head(head.head)))));
  LG_TRY(write_head_files(case_folder, head));
  LG_TRY(write_new(path, request));
  return request;
}

base::Result<Timestamp> add_stamp(Ledger& ledger, const std::string& case_folder, const std::string& reply,
                                  const std::string& trusted_pem) {
  LG_ASSIGN(const LedgerReading reading, read_with_heads(case_folder + "/ledger"));
  LG_ASSIGN(const Timestamp stated, parse_timestamp_reply(reply));
  const NotedHead* of = nullptr;
  for (const NotedHead& head : reading.noted.heads) {
    const std::string text = write_head(head.head);
    if (base::sha256(base::ByteView(std::string_view(text))) == stated.imprint) of = &head;
  }
  if (of == nullptr)
    return not_found("the reply is a time stamp for no head of this case",
                     "ask with 'lastgood ledger timestamp request' and bring the answer to that request");
  const std::string folder = heads_folder(case_folder);
  std::string request;
  const auto kept_request =
      os::read_own_file(folder + "/" + head_file_name(of->head.entries, ".tsq"), k_timestamp_bytes_max);
  if (kept_request.ok()) request = kept_request.value();
  LG_ASSIGN(Timestamp stamp, check_timestamp_reply(reply, stated.imprint, request, trusted_pem));
  NotedStamp noted{.entry = 0,
                   .head_entries = of->head.entries,
                   .number = 1,
                   .time = stamp.time,
                   .reply_sha256 = digest_text(reply),
                   .trusted_sha256 = digest_text(trusted_pem)};
  for (const NotedStamp& before : reading.noted.stamps) {
    if (before.head_entries != noted.head_entries) continue;
    if (before.reply_sha256 == noted.reply_sha256 && before.trusted_sha256 == noted.trusted_sha256) return stamp;
    noted.number = before.number + 1;
  }
  LG_ASSIGN([[maybe_unused]] const Head head,
            ledger.append(k_kind_stamp, {{"entries", static_cast<std::int64_t>(noted.head_entries)},
                                         {"policy", stamp.policy},
                                         {"reply_sha256", noted.reply_sha256},
                                         {"serial", stamp.serial},
                                         {"stamp_time", stamp.time},
                                         {"trusted_sha256", noted.trusted_sha256}}));
  LG_TRY(write_new(folder + "/" + stamp_file_name(noted, ".tsr"), reply));
  LG_TRY(write_new(folder + "/" + stamp_file_name(noted, ".authority.pem"), trusted_pem));
  return stamp;
}

}  // namespace lastgood::ledger
