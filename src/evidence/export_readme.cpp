// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "evidence/export_readme.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace lastgood::evidence {

namespace {

bool has_kept_files(const EvidenceItem& item) { return item.added_entry > 0 && item.kept && item.files > 0; }

std::string contents(const ReadmeInput& input) {
  std::string out = fmt::format("Evidence of the case {}\n\nWhat is in here\n\n", input.case_id);
  for (const EvidenceItem& item : input.items) {
    const std::string_view what = item.added_entry == 0 ? "taking it was interrupted: nothing of it is in here"
                                  : item.kept           ? "with copies of its files"
                                                        : "digests and custody only: its bytes are not in here";
    out += fmt::format("    {:<18} {} '{}', {} bytes in {} {}; {}\n", "evidence/" + item.id, name_of(item.kind),
                       base::printable(item.path), item.bytes, item.files, item.files == 1 ? "file" : "files", what);
  }
  out +=
      "    ledger             the record of the whole case, an entry a line, each bound to all before it\n"
      "    heads              what the ledger was at a time: number of entries, root, digest; signed or stamped\n"
      "    proofs             for each entry about evidence, that it is in the ledger\n\n"
      "In each evidence/E-...: certificate.html (and .txt), the data for the certificate and the chain of custody;\n"
      "manifest, a line for each file: number, name, size, times, digests; original.sha256, to check the original:\n"
      "change to its folder and type sha256sum -c with the path of that file.\n\n";
  return out;
}

/// From a kept copy to the ledger: its digest is in the manifest, the manifest's digest in an entry.
std::string manifest_steps(const std::vector<EvidenceItem>& items) {
  std::string out;
  for (const EvidenceItem& item : items) {
    if (item.added_entry == 0) continue;
    out += fmt::format(
        "    $ grep -q \"$(sha256sum <evidence/{0}/manifest | cut -c 1-64)\" proofs/entry-{1}.proof && echo same\n"
        "      same\n",
        item.id, item.added_entry);
    if (!has_kept_files(item)) continue;
    out += fmt::format(
        "    $ test \"$(sed -n 's/.*\"sha256\":\"\\([0-9a-f]*\\)\".*/\\1/p' evidence/{0}/manifest)\" = \"$(cut -c 1-64 "
        "evidence/{0}/files.sha256)\" && echo same\n"
        "      same\n",
        item.id);
  }
  return out;
}

std::string key_steps(const ledger::NotedHeads& noted) {
  std::string out;
  for (const ledger::NotedKey& key : noted.keys)
    out += fmt::format(
        "    $ openssl pkey -pubin -in heads/{} -outform DER | sha256sum\n"
        "      {}  must be what stands on the paper of the key\n",
        ledger::key_file_name(key.fingerprint), key.fingerprint);
  return out;
}

std::string head_steps(const ledger::NotedHeads& noted) {
  std::string out;
  for (const ledger::NotedHead& head : noted.heads) {
    const std::string name = "heads/" + ledger::head_file_name(head.head.entries, "");
    out += fmt::format(
        "    $ test \"$(grep ^ledger-sha256 {0}.txt)\" = \"ledger-sha256 $(head -c {1} ledger | sha256sum | cut -c "
        "1-64)\" "
        "&& echo same\n"
        "      same\n",
        name, head.head.bytes);
    if (head.signature.empty()) continue;
    out += fmt::format(
        "    $ openssl pkeyutl -verify -pubin -inkey heads/{0} -rawin -in {1}.txt -sigfile {1}.sig\n"
        "      Signature Verified Successfully\n",
        ledger::key_file_name(head.fingerprint), name);
  }
  return out;
}

std::string stamp_steps(const ledger::NotedHeads& noted) {
  std::string out;
  for (const ledger::NotedStamp& stamp : noted.stamps) {
    const std::string reply = ledger::stamp_file_name(stamp, ".tsr");
    out += fmt::format(
        "    $ openssl ts -verify -data heads/{0} -in heads/{1} -CAfile heads/{2}\n"
        "      Verification: OK\n"
        "    $ openssl ts -reply -in heads/{1} -text | grep 'Time stamp:'\n"
        "      {3}, when the authority saw it\n",
        ledger::head_file_name(stamp.head_entries, ".txt"), reply, ledger::stamp_file_name(stamp, ".authority.pem"),
        stamp.time);
  }
  return out;
}

std::string checker_steps(const ledger::NotedHeads& noted) {
  std::string out = "    $ python3 check_ledger.py ledger\n";
  if (!noted.heads.empty())
    out += fmt::format("    $ python3 check_ledger.py ledger --head {}:{}\n", noted.heads.back().head.entries,
                       ledger::text_of(noted.heads.back().head.root));
  return out + "    $ (for proof in proofs/*.proof; do python3 check_ledger.py --proof \"$proof\" || exit 1; done)\n";
}

}  // namespace

std::string write_export_readme(const ReadmeInput& input) {
  std::string out =
      contents(input) +
      "How to check it\n\n"
      "Nothing but sha256sum, openssl and a shell is needed. Type each line behind a $ in this folder. "
      "What it\n"
      "answers when all is as it was stands below it; where nothing stands below it, it answers nothing.\n\n"
      "1. The folder is whole. The first line's answer is what you were told by another way than this "
      "folder.\n\n"
      "    $ sha256sum SHA256SUMS\n"
      "      64 digits and the name\n"
      "    $ sha256sum -c --quiet SHA256SUMS\n";
  int step = 2;
  if (std::any_of(input.items.begin(), input.items.end(), has_kept_files)) {
    out += fmt::format("\n{}. The kept copies have the digests that were taken, by three algorithms.\n\n", step++);
    for (const EvidenceItem& item : input.items) {
      if (!has_kept_files(item)) continue;
      for (const std::string_view algorithm : {"sha256", "sha1", "md5"})
        out += fmt::format("    $ (cd evidence/{0} && {1}sum -c --quiet files.{1})\n", item.id, algorithm);
    }
  }
  const std::string manifests = manifest_steps(input.items);
  if (!manifests.empty())
    out += fmt::format("\n{}. Those digests are the ones that the ledger recorded when the evidence was taken.\n\n",
                       step++) +
           manifests;
  if (!input.noted.heads.empty()) {
    out += fmt::format("\n{}. The ledger is the one whose heads were noted and signed.\n\n", step++);
    out += key_steps(input.noted) + head_steps(input.noted);
  }
  if (!input.noted.stamps.empty()) {
    out += fmt::format(
        "\n{}. An authority outside has seen these heads. Use the authority's certificate from itself in place of the "
        "one\n   here; openssl checks by today's date unless -attime is given.\n\n",
        step++);
    out += stamp_steps(input.noted);
  }
  if (input.checker == HasChecker::yes) {
    out += fmt::format(
        "\n{}. Every entry of the ledger holds, and each proof leads from its entry to the root. (check_ledger.py "
        "needs only\n   Python 3, and can be read in ten minutes. Each line answers with a sentence, and with an error "
        "where\n   something does not hold.)\n\n",
        step);
    out += checker_steps(input.noted);
  }
  return out;
}

}  // namespace lastgood::evidence
