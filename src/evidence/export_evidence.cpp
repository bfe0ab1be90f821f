// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "evidence/export_evidence.h"

#include <fmt/format.h>

#include <vector>

#include "evidence/certificate.h"
#include "evidence/export_readme.h"
#include "evidence/manifest.h"
#include "ledger/kept_heads.h"
#include "ledger/proof_file.h"
#include "os/append_file.h"
#include "os/atomic_file.h"
#include "os/folder.h"

namespace lastgood::evidence {

namespace {

constexpr std::size_t k_copied_bytes = 1024U * 1024U;

/// A line as coreutils writes and checks it: a name with a backslash or a line end is escaped, and the line says so.
std::string sum_line(const std::string& digest, const std::string& name) {
  std::string escaped;
  for (const char c : name) {
    if (c == '\\') {
      escaped += "\\\\";
    } else if (c == '\n') {
      escaped += "\\n";
    } else if (c == '\r') {
      escaped += "\\r";
    } else {
      escaped += c;
    }
  }
  return (escaped == name ? "" : "\\") + digest + "  " + escaped + "\n";
}

class Exporter {
 public:
  Exporter(std::string case_folder, std::string folder) : case_(std::move(case_folder)), folder_(std::move(folder)) {}

  base::Status run(const CustodyRecords& records, const std::string& checker) {
    const std::string ledger_path = case_ + "/ledger";
    LG_ASSIGN(const ledger::LedgerReading reading, ledger::read_with_heads(ledger_path));
    LG_TRY(copy(ledger_path, "ledger"));
    if (!checker.empty()) LG_TRY(copy(checker, "check_ledger.py"));
    LG_TRY(export_heads(reading));
    LG_TRY(make("evidence"));
    for (const EvidenceItem& item : records.items()) LG_TRY(export_item(item, reading));
    LG_TRY(export_proofs(records, reading));
    LG_TRY(put("README.txt", write_export_readme({.case_id = reading.read.state.case_id,
                                                  .noted = reading.noted,
                                                  .items = records.items(),
                                                  .checker = checker.empty() ? HasChecker::no : HasChecker::yes})));
    const std::string sums = sums_;
    counts_.sums_sha256 = ledger::text_of(base::sha256(base::ByteView(std::string_view(sums))));
    return put("SHA256SUMS", sums);
  }
  [[nodiscard]] const ExportCounts& counts() const { return counts_; }

 private:
  base::Status make(const std::string& name) {
    return os::make_private_folder(folder_ + "/" + name, os::WhenThere::refuse);
  }

  base::Status put(const std::string& name, const std::string& text) {
    sums_ += sum_line(ledger::text_of(base::sha256(base::ByteView(std::string_view(text)))), name);
    return os::write_atomic_file(folder_ + "/" + name, base::ByteView(std::string_view(text)), os::Overwrite::no);
  }

  base::Status copy(const std::string& from, const std::string& name) {
    LG_ASSIGN(const auto source, os::open_own_file(from));
    LG_ASSIGN(os::AtomicFile file, os::begin_atomic_file(folder_ + "/" + name, os::Overwrite::no));
    base::Sha256 digest;
    std::vector<std::uint8_t> chunk(k_copied_bytes);
    std::uint64_t offset = 0;
    while (true) {
      LG_ASSIGN(const std::size_t count, source->read(offset, chunk));
      if (count == 0) break;
      const base::ByteView bytes(std::span<const std::uint8_t>(chunk).first(count));
      digest.update(bytes);
      LG_TRY(file.write(bytes));
      offset += count;
    }
    counts_.bytes += offset;
    sums_ += sum_line(ledger::text_of(digest.finish()), name);
    return file.commit();
  }

  base::Status export_heads(const ledger::LedgerReading& reading) {
    LG_TRY(make("heads"));
    for (const ledger::NotedKey& key : reading.noted.keys)
      LG_TRY(put("heads/" + ledger::key_file_name(key.fingerprint), key.public_pem));
    for (const ledger::NotedHead& head : reading.noted.heads) {
      const std::string begin = "heads/" + ledger::head_file_name(head.head.entries, "");
      LG_TRY(put(begin + ".txt", ledger::write_head(head.head)));
      if (!head.signature.empty()) LG_TRY(put(begin + ".sig", head.signature));
    }
    for (const ledger::NotedStamp& stamp : reading.noted.stamps) {
      for (const std::string_view suffix : {".tsr", ".authority.pem"}) {
        const std::string name = ledger::stamp_file_name(stamp, suffix);
        LG_TRY(copy(ledger::heads_folder(case_) + "/" + name, "heads/" + name));
      }
    }
    return base::Done{};
  }

  base::Status export_item(const EvidenceItem& item, const ledger::LedgerReading& reading) {
    if (item.added_entry == 0) return base::Done{};
    const std::string name = "evidence/" + item.id;
    LG_TRY(make(name));
    LG_ASSIGN(const CertifiedItem certified, gather_certificate(case_, item));
    LG_TRY(put(name + "/certificate.html", write_certificate_html(certified, reading.read.state.case_id)));
    LG_TRY(put(name + "/certificate.txt", write_certificate_text(certified, reading.read.state.case_id)));
    LG_TRY(copy(item_folder(case_, item.id) + "/manifest", name + "/manifest"));
    if (item.kept) LG_TRY(make(name + "/files"));
    std::string sha256;
    std::string sha1;
    std::string md5;
    std::string original;
    LG_TRY(visit_manifest(case_, item, [&](const ManifestFile& file) -> base::Status {
      if (!file.has_content()) return base::Done{};
      original += sum_line(file.sha256, file.path);
      if (!item.kept) return base::Done{};
      const std::string kept = "files/" + kept_name(file.number);
      sha256 += sum_line(file.sha256, kept);
      sha1 += sum_line(file.sha1, kept);
      md5 += sum_line(file.md5, kept);
      ++counts_.files;
      return copy(kept_folder(case_, item.id) + "/" + kept_name(file.number), name + "/" + kept);
    }));
    LG_TRY(put(name + "/original.sha256", original));
    ++counts_.items;
    if (!item.kept) return base::Done{};
    LG_TRY(put(name + "/files.sha256", sha256));
    LG_TRY(put(name + "/files.sha1", sha1));
    return put(name + "/files.md5", md5);
  }

  /// Of every entry that speaks of evidence, in the newest head.
  base::Status export_proofs(const CustodyRecords& records, const ledger::LedgerReading& reading) {
    LG_TRY(make("proofs"));
    const std::uint64_t size =
        reading.noted.heads.empty() ? reading.read.state.entries : reading.noted.heads.back().head.entries;
    for (const EvidenceItem& item : records.items()) {
      std::vector<std::uint64_t> entries{item.begun_entry};
      if (item.added_entry > 0) entries.push_back(item.added_entry);
      for (const CustodyEvent& event : item.events) entries.push_back(event.entry);
      for (const std::uint64_t entry : entries) {
        if (entry > size) continue;
        ledger::InclusionProof proof{.case_id = reading.read.state.case_id,
                                     .entry = entry,
                                     .entries = size,
                                     .root = reading.read.tree.root(size),
                                     .nodes = reading.read.tree.inclusion_proof(entry - 1, size),
                                     .line = {}};
        LG_ASSIGN(proof.line, ledger::read_line(reading.path, reading.read.lines[entry - 1]));
        LG_TRY(put(fmt::format("proofs/entry-{}.proof", entry), ledger::write_proof(proof)));
      }
    }
    return base::Done{};
  }

  std::string case_;
  std::string folder_;
  std::string sums_;
  ExportCounts counts_;
};

}  // namespace

base::Result<ExportCounts> export_evidence(const std::string& case_folder, ledger::Ledger& ledger,
                                           const std::string& folder, const std::string& checker,
                                           const std::function<base::Status()>& note_last) {
  LG_ASSIGN(const CustodyRecords records, read_custody(case_folder));
  LG_TRY(os::make_private_folder(folder, os::WhenThere::refuse));
  LG_ASSIGN([[maybe_unused]] const ledger::Head head,
            ledger.append("evidence-exported", {{"path", folder}, {"text", std::string("all evidence")}}));
  LG_TRY(note_last());
  Exporter exporter(case_folder, folder);
  LG_TRY(exporter.run(records, checker));
  return exporter.counts();
}

}  // namespace lastgood::evidence
