// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "evidence/export_readme.h"

#include <fmt/format.h>

namespace lastgood::evidence {

namespace {

std::string head_steps(const ledger::NotedHeads& noted) {
  std::string out;
  for (const ledger::NotedHead& head : noted.heads) {
    const std::string name = "heads/" + ledger::head_file_name(head.head.entries, "");
    out += fmt::format(
        "    $ echo \"$(sed -n 's/^ledger-sha256 //p' {0}.txt)  -\" >/tmp/wanted.$$ && head -c {1} ledger | sha256sum "
        "| "
        "diff - /tmp/wanted.$$; s=$?; rm -f /tmp/wanted.$$; test $s -eq 0\n",
        name, head.head.bytes);
    if (head.signature.empty()) continue;
    out += fmt::format("    $ openssl pkeyutl -verify -pubin -inkey heads/{} -rawin -in {}.txt -sigfile {}.sig\n",
                       ledger::key_file_name(head.fingerprint), name, name);
  }
  return out;
}

std::string stamp_steps(const ledger::NotedHeads& noted) {
  std::string out;
  for (const ledger::NotedStamp& stamp : noted.stamps) {
    const std::string name = "heads/" + ledger::head_file_name(stamp.head_entries, "");
    out += fmt::format("    $ openssl ts -verify -data {}.txt -in {}.tsr -CAfile {}.authority.pem\n", name, name, name);
  }
  return out;
}

}  // namespace

std::string write_export_readme(const ledger::NotedHeads& noted, HasChecker checker,
                                const std::vector<std::string>& ids_with_files) {
  std::string out =
      "How to check this folder\n\nNothing but sha256sum, openssl and a shell is needed. Type each line behind the $ "
      "in this\n"
      "folder; each ends without an error when all is as it was.\n\n"
      "1. The folder is whole. SHA256SUMS names every other file; compare its own SHA-256 with what you were told.\n\n"
      "    $ sha256sum -c --quiet SHA256SUMS\n";
  int step = 2;
  if (!ids_with_files.empty()) {
    out += fmt::format("\n{}. The kept copies have the digests that were taken, by three algorithms.\n\n", step++);
    for (const std::string& id : ids_with_files)
      out += fmt::format(
          "    $ (cd evidence/{} && sha256sum -c --quiet files.sha256 && sha1sum -c --quiet files.sha1 && md5sum -c "
          "--quiet "
          "files.md5)\n",
          id);
    out +=
        "\n   'manifest' tells which file is which. To check an original: cd to it, sha256sum -c .../original.sha256\n";
  }
  if (!noted.heads.empty()) {
    out += fmt::format(
        "\n{}. The ledger is the one whose heads were noted and signed. Compare the key's fingerprint with the one on "
        "paper:\n"
        "   openssl pkey -pubin -in heads/key-....pub.pem -outform DER | sha256sum\n\n",
        step++);
    out += head_steps(noted);
  }
  if (!noted.stamps.empty()) {
    out += fmt::format(
        "\n{}. An authority outside has seen these heads. Use the authority's certificate from itself in place of the "
        "one\n"
        "   here; openssl checks by today's date unless -attime is given.\n\n",
        step++);
    out += stamp_steps(noted);
  }
  if (checker == HasChecker::yes) {
    out += fmt::format(
        "\n{}. Every entry of the ledger holds, and each proof leads from its entry to the root. (check_ledger.py "
        "needs only\n"
        "   Python 3, and can be read in ten minutes.)\n\n    $ python3 check_ledger.py ledger\n",
        step++);
    if (!noted.heads.empty())
      out += fmt::format("    $ python3 check_ledger.py ledger --head {}:{}\n", noted.heads.back().head.entries,
                         ledger::text_of(noted.heads.back().head.root));
    out += "    $ for proof in proofs/*.proof; do python3 check_ledger.py --proof \"$proof\" || exit 1; done\n";
  }
  return out;
}

}  // namespace lastgood::evidence
