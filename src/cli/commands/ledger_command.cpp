// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands/commands.h"
#include "cli/commands/ledger_actions.h"
#include "cli/output/json_lines.h"

namespace lastgood::cli {

namespace {

using ledger_actions::LedgerOptions;

using LedgerAction = Outcome (*)(const LedgerOptions& options, Context& context);

CLI::App* add_action(CLI::App& app, const std::shared_ptr<LedgerOptions>& options, const char* name,
                     const char* description, LedgerAction action) {
  CLI::App* sub = app.add_subcommand(name, description);
  sub->final_callback([options, action] { options->action = action; });
  return sub;
}

void add_file(CLI::App& app, LedgerOptions& options) {
  app.add_option("--ledger", options.ledger, "a ledger outside a case")->type_name("FILE");
}

void add_passphrase(CLI::App& app, LedgerOptions& options) {
  app.add_option("--passphrase-file", options.passphrase_file, "the key's passphrase is the first line of this file")
      ->type_name("FILE");
  app.add_flag("--no-passphrase", options.no_passphrase, "the key is not encrypted");
}

void declare_reading(CLI::App& app, const std::shared_ptr<LedgerOptions>& options) {
  CLI::App* verify = add_action(app, options, "verify", "prove the record unbroken, or name what was changed",
                                &ledger_actions::run_verify);
  verify->add_option("file", options->ledger, "a ledger outside a case")->type_name("FILE");
  verify->add_option("--anchor", options->anchors, "number and hash of an entry noted earlier")
      ->type_name("NUMBER:HASH")
      ->allow_extra_args(false);
  verify->add_option("--key", options->public_key, "the public key that every signed head must be signed by")
      ->type_name("FILE");

  CLI::App* head = add_action(app, options, "head", "show size, root and time; on paper with --html or --text",
                              &ledger_actions::run_head);
  add_file(*head, *options);
  head->add_option("--html", options->html, "write a sheet with QR code to print")->type_name("FILE");
  head->add_option("--text", options->text, "the same as text")->type_name("FILE");
  head->add_option("--entries", options->entries, "the sheet of the head that was noted at this size")
      ->type_name("SIZE");

  CLI::App* proof = add_action(app, options, "proof", "prove that one entry is in the ledger, without the others",
                               &ledger_actions::run_proof);
  proof->add_option("entry", options->entry, "number of the entry, or with --check the file of a proof")
      ->required()
      ->type_name("ENTRY");
  add_file(*proof, *options);
  proof->add_option("--entries", options->entries, "in the ledger as it was at this size")->type_name("SIZE");
  proof->add_option("--out", options->out, "write the proof to this file")->type_name("FILE");
  proof->add_flag("--check", options->check, "check a proof that somebody gave you");
  proof->add_option("--head", options->head, "the head that it must lead to")->type_name("SIZE:ROOT");

  CLI::App* consistency =
      add_action(app, options, "consistency", "prove that the ledger still begins with what it was at an earlier size",
                 &ledger_actions::run_consistency);
  consistency->add_option("old", options->old_head, "an earlier size, with the root noted then")
      ->required()
      ->type_name("OLD_SIZE[:ROOT]");
  add_file(*consistency, *options);
}

void declare_signing(CLI::App& app, const std::shared_ptr<LedgerOptions>& options) {
  CLI::App* key = app.add_subcommand("key", "make a key to sign heads with");
  key->require_subcommand(1);
  CLI::App* made = add_action(*key, options, "new", "make an Ed25519 key; the case keeps its public half",
                              &ledger_actions::run_key_new);
  made->add_option("--out", options->out, "the private key, best on a stick that is taken away")
      ->required()
      ->type_name("FILE");
  made->add_flag("--in-case", options->in_case, "allow FILE inside the case, where whoever has the case has it too");
  add_passphrase(*made, *options);

  CLI::App* sign = add_action(app, options, "sign", "note the ledger's head and sign it", &ledger_actions::run_sign);
  sign->add_option("--key", options->key, "the private key")->required()->type_name("FILE");
  add_passphrase(*sign, *options);

  CLI::App* stamp = app.add_subcommand("timestamp", "RFC 3161 time stamps over a head, carried by hand");
  stamp->require_subcommand(1);
  CLI::App* request =
      add_action(*stamp, options, "request", "write a request for an authority", &ledger_actions::run_stamp_request);
  request->add_option("--out", options->out, "the request")->required()->type_name("FILE.tsq");
  request->add_option("--entries", options->entries, "for the head that was noted at this size; otherwise a new one")
      ->type_name("SIZE");
  CLI::App* add =
      add_action(*stamp, options, "add", "check the authority's reply and keep it", &ledger_actions::run_stamp_add);
  add->add_option("reply", options->reply, "the authority's reply")->required()->type_name("FILE.tsr");
  add->add_option("--ca", options->trusted, "the certificates that are trusted, in PEM form")
      ->required()
      ->type_name("FILE");
}

Run declare_ledger(CLI::App& app) {
  const auto options = std::make_shared<LedgerOptions>();
  declare_reading(app, options);
  declare_signing(app, options);
  app.require_subcommand(1);
  return [options](Context& context) { return options->action(*options, context); };
}

}  // namespace

const Command k_ledger_command = {
    .name = "ledger",
    .summary = "Prove the record of what was done: verify, head, proofs, signatures, time stamps",
    .description =
        "The ledger is the append-only, hash-chained record of a case, and a Merkle log as RFC 9162 has it. 'verify'\n"
        "needs nothing but the file and names the changed entry, and the very byte where a single bit explains it.\n"
        "A head (size and root) that was signed, time-stamped or printed proves everything up to it.\n"
        "tools/check_ledger.py is an independent second checker.",
    .examples =
        "  lastgood --case aiims.case ledger verify\n  lastgood ledger verify --anchor 12:5f0c... copy-of-ledger\n"
        "  lastgood ledger key new --out /mnt/stick/key.pem\n  lastgood ledger sign --key /mnt/stick/key.pem\n"
        "  lastgood ledger head --html head.html\n  lastgood ledger proof 17 --out entry-17.proof\n"
        "  lastgood ledger consistency 12:5f0c...\n  lastgood ledger timestamp request --out head.tsq\n"
        "  lastgood ledger timestamp add head.tsr --ca authority.pem",
    .declare = declare_ledger};

}  // namespace lastgood::cli
