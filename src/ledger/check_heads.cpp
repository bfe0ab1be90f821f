// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "ledger/kept_heads.h"
#include "os/append_file.h"

namespace lastgood::ledger {

namespace {

using model::Finding;
using model::Weight;

class Checker {
 public:
  Checker(const LedgerReading& reading, std::string case_folder, std::string outside_key)
      : reading_(&reading), folder_(std::move(case_folder)), outside_key_(std::move(outside_key)) {}

  std::vector<Finding> run() {
    for (const NotedKey& key : reading_->noted.keys) check_key(key);
    for (const NotedHead& head : reading_->noted.heads) check_head(head);
    for (const NotedStamp& stamp : reading_->noted.stamps) check_stamp(stamp);
    return std::move(findings_);
  }

 private:
  void say(std::string rule, Weight weight, std::string sentence, model::ByteRange range = {}) {
    findings_.push_back({.rule = std::move(rule), .sentence = std::move(sentence), .weight = weight, .range = range});
  }

  /// The file holds what the ledger says it held; where not, the first byte that differs is named.
  void check_file(const std::string& name, const std::string& expected) {
    if (folder_.empty()) return;
    const auto bytes = os::read_own_file(heads_folder(folder_) + "/" + name, k_timestamp_bytes_max);
    if (!bytes.ok()) {
      return say("ledger.head.file", Weight::remarks,
                 fmt::format("heads/{} cannot be read; the ledger's entries hold the same", name));
    }
    const std::string& is = bytes.value();
    if (is == expected) return;
    const std::size_t shorter = std::min(is.size(), expected.size());
    const auto differs = static_cast<std::size_t>(
        std::mismatch(is.begin(), is.begin() + static_cast<std::ptrdiff_t>(shorter), expected.begin()).first -
        is.begin());
    say("ledger.head.file", Weight::contradicts,
        fmt::format("heads/{} was changed at byte {}: it has {} bytes, {} were written", name, differs, is.size(),
                    expected.size()),
        {.from = differs, .to = differs + 1});
  }

  void check_key(const NotedKey& key) {
    const auto fingerprint = key_fingerprint(key.public_pem);
    if (!fingerprint || text_of(*fingerprint) != key.fingerprint) {
      return say("ledger.key", Weight::contradicts, fmt::format("entry {} names no Ed25519 key", key.entry));
    }
    check_file(key_file_name(key.fingerprint), key.public_pem);
  }

  void check_head(const NotedHead& noted) {
    const TreeHead& head = noted.head;
    const bool earlier = head.entries > 0 && head.entries < noted.entry && head.entries <= reading_->read.tree.size();
    if (!earlier || head.case_id != reading_->read.state.case_id) {
      return say("ledger.head.size", Weight::contradicts,
                 fmt::format("entry {} notes a head of {} entries, which this ledger had not then", noted.entry,
                             head.entries));
    }
    if (reading_->read.tree.root(head.entries) != head.root) {
      say("ledger.head.root", Weight::contradicts,
          fmt::format("entry {} notes another root for {} entries than they have", noted.entry, head.entries));
    }
    const auto whole = hash_beginning(reading_->path, head.bytes);
    if (!whole.ok() || whole.value() != head.ledger_sha256) {
      say("ledger.head.bytes", Weight::contradicts,
          fmt::format("the ledger's first {} bytes are not those that entry {} notes", head.bytes, noted.entry));
    }
    check_signature(noted);
    check_file(head_file_name(head.entries, ".txt"), write_head(head));
    if (!noted.signature.empty()) check_file(head_file_name(head.entries, ".sig"), noted.signature);
  }

  void check_signature(const NotedHead& noted) {
    if (noted.signature.empty()) return;
    const NotedKey* key = reading_->noted.find_key(noted.fingerprint);
    const std::string pem = !outside_key_.empty() ? outside_key_ : key != nullptr ? key->public_pem : std::string();
    if (holds_signature(pem, write_head(noted.head), noted.signature)) return;
    say("ledger.head.signature", Weight::contradicts,
        fmt::format("the signature in entry {} is not made by {} over that head", noted.entry,
                    outside_key_.empty() ? "the key that the ledger names" : "the key that was given"));
  }

  void check_stamp(const NotedStamp& stamp) {
    const NotedHead* head = reading_->noted.find_head(stamp.head_entries);
    if (head == nullptr) {
      return say("ledger.stamp.head", Weight::contradicts,
                 fmt::format("entry {} speaks of a time stamp for a head that was not noted", stamp.entry));
    }
    if (folder_.empty()) return;
    const std::string reply_name = stamp_file_name(stamp, ".tsr");
    const std::string trusted_name = stamp_file_name(stamp, ".authority.pem");
    const auto reply = os::read_own_file(heads_folder(folder_) + "/" + reply_name, k_timestamp_bytes_max);
    const auto trusted = os::read_own_file(heads_folder(folder_) + "/" + trusted_name, k_timestamp_bytes_max);
    if (!reply.ok() || !trusted.ok()) {
      return say("ledger.stamp.file", Weight::contradicts,
                 fmt::format("the time stamp of entry {} is not in heads/ any more", stamp.entry));
    }
    check_digest(reply_name, reply.value(), stamp.reply_sha256);
    check_digest(trusted_name, trusted.value(), stamp.trusted_sha256);
    const std::string text = write_head(head->head);
    const auto holds =
        check_timestamp_reply(reply.value(), base::sha256(base::ByteView(std::string_view(text))), "", trusted.value());
    if (!holds.ok()) say("ledger.stamp", Weight::contradicts, "heads/" + reply_name + ": " + holds.error().what);
  }

  void check_digest(const std::string& name, const std::string& bytes, const std::string& sha256) {
    if (text_of(base::sha256(base::ByteView(std::string_view(bytes)))) == sha256) return;
    say("ledger.stamp.file", Weight::contradicts,
        fmt::format("heads/{} was changed: its {} bytes have another SHA-256 than the ledger says", name, bytes.size()),
        {.from = 0, .to = bytes.size()});
  }

  const LedgerReading* reading_;
  std::string folder_;
  std::string outside_key_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> check_heads(const LedgerReading& reading, const std::string& case_folder,
                                 const std::string& outside_key) {
  return Checker(reading, case_folder, outside_key).run();
}

}  // namespace lastgood::ledger
