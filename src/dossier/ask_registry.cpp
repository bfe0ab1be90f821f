// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "dossier/ask_registry.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/checksum.h"
#include "base/rfc3339.h"
#include "ledger/read_ledger.h"
#include "os/append_file.h"
#include "os/atomic_file.h"
#include "os/clock.h"
#include "os/folder.h"
#include "os/run_program.h"

namespace lastgood::dossier {

namespace {

constexpr std::string_view k_curl = "/usr/bin/curl";
constexpr std::string_view k_prlimit = "/usr/bin/prlimit";
constexpr std::string_view k_kind_asked = "registry-asked";
constexpr std::string_view k_kind_answered = "registry-answered";
constexpr std::string_view k_kind_silent = "registry-silent";
constexpr std::size_t k_replies_max = 9999;

base::Error error_of(base::ErrorCode code, std::string what, std::string hint = {}) {
  base::Error error;
  error.code = code;
  error.what = std::move(what);
  error.hint = std::move(hint);
  return error;
}

bool is_loopback(const std::string& host) { return host == "127.0.0.1" || host == "::1"; }

/// May the program be sent there at all?
base::Status check_server(const network::RdapUrl& url, ServerChoice choice) {
  if (!url.is_https && !(choice == ServerChoice::person && is_loopback(url.host)))
    return error_of(base::ErrorCode::misuse,
                    fmt::format("'{}' is not asked: a registry is asked over https", url.text));
  const auto ip = model::parse_ip(url.host);
  if (choice == ServerChoice::bootstrap && ip && !model::is_global(*ip))
    return error_of(base::ErrorCode::misuse, fmt::format("'{}' is not asked: it is no address outside", url.text));
  return base::Done{};
}

struct Fetched {
  int status = 0;
  std::string peer;
  std::string redirect;
};

/// What curl was told to print: status, peer, redirect, each on a line.
std::optional<Fetched> parse_printed(std::string_view printed) {
  std::array<std::string_view, 3> lines{};
  for (std::string_view& line : lines) {
    const std::size_t end = printed.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    line = printed.substr(0, end);
    printed.remove_prefix(end + 1);
  }
  Fetched out{.status = 0, .peer = std::string(lines[1]), .redirect = std::string(lines[2])};
  const auto [end, error] = std::from_chars(lines[0].data(), lines[0].data() + lines[0].size(), out.status);
  if (error != std::errc() || end != lines[0].data() + lines[0].size()) return std::nullopt;
  return out;
}

base::Error failed(const network::RdapUrl& url, const os::ProgramEnd& end) {
  constexpr int k_file_size_signal = 128 + 25;
  constexpr int k_curl_write_failed = 23;
  constexpr int k_curl_too_long = 28;
  constexpr int k_curl_too_large = 63;
  if (end.exit_code == k_curl_too_long)
    return error_of(base::ErrorCode::limit_reached,
                    fmt::format("'{}' did not answer whole within {} s", url.text, k_ask_seconds_max));
  if (end.exit_code == k_file_size_signal || end.exit_code == k_curl_write_failed || end.exit_code == k_curl_too_large)
    return error_of(base::ErrorCode::limit_reached,
                    fmt::format("'{}' answers more than {} bytes", url.text, network::k_rdap_bytes_max));
  if (end.exit_code == 127)
    return error_of(base::ErrorCode::unsupported, "curl could not be started", "apt-get install curl");
  const std::string said = base::printable(end.printed.substr(0, std::min<std::size_t>(end.printed.find('\n'), 300)));
  return error_of(base::ErrorCode::io, fmt::format("'{}' gave no answer: {}", url.text, said));
}

base::Result<Fetched> fetch(const network::RdapUrl& url, const std::string& into, const std::string& home) {
  const std::vector<std::string> words = {
      std::string(k_prlimit),
      fmt::format("--fsize={}", network::k_rdap_bytes_max),
      "--core=0",
      std::string(k_curl),
      "--disable",  // reads no settings of anybody; must come first
      "--silent",
      "--show-error",
      "--globoff",
      "--noproxy",
      "*",
      "--proto",
      url.is_https ? "=https" : "=http",
      "--max-redirs",
      "0",
      "--max-time",
      std::to_string(k_ask_seconds_max),
      "--max-filesize",
      std::to_string(network::k_rdap_bytes_max),
      "--header",
      "Accept: application/rdap+json, application/json",
      "--output",
      into,
      "--write-out",
      "%{http_code}\n%{remote_ip}\n%{redirect_url}\n",
      "--url",
      url.text,
  };
  LG_ASSIGN(const os::ProgramEnd end, os::run_program(words, home));
  if (end.exit_code != 0) return failed(url, end);
  const auto fetched = parse_printed(end.printed);
  if (!fetched) return failed(url, end);
  return *fetched;
}

/// By what curl was connected to: a name may stand for any address.
base::Status check_peer(const network::RdapUrl& url, const Fetched& fetched, ServerChoice choice) {
  if (choice == ServerChoice::person) return base::Done{};
  const auto peer = model::parse_ip(fetched.peer);
  if (peer && model::is_global(*peer)) return base::Done{};
  return error_of(base::ErrorCode::misuse,
                  fmt::format("'{}' is at {}, which is no address outside: its answer is not used", url.text,
                              base::printable(fetched.peer)));
}

std::string registry_folder(const std::string& case_folder) { return case_folder + "/registry"; }

base::Result<std::string> free_name(const std::string& folder) {
  LG_ASSIGN(const auto kept, read_kept_replies(folder.substr(0, folder.rfind('/'))));
  for (std::size_t number = kept.size() + 1; number <= k_replies_max; ++number) {
    const std::string path = fmt::format("{}/{:04}.json", folder, number);
    const auto there = os::read_own_file(path, network::k_rdap_bytes_max);
    if (!there.ok() && there.error().code == base::ErrorCode::not_found) return path;
  }
  return error_of(base::ErrorCode::limit_reached, "the case keeps as many answers of registries as it can");
}

}  // namespace

base::Result<RegistryReply> ask_registry(const RegistryQuestion& question, const std::string& scratch_folder) {
  if (!model::is_global(question.address))
    return error_of(base::ErrorCode::misuse,
                    fmt::format("{} is no address outside: no registry knows it", model::text_of(question.address)));
  const std::string server = question.server.ends_with('/') ? question.server : question.server + "/";
  std::string target = server + "ip/" + model::text_of(question.address);
  ServerChoice choice = question.choice;
  const std::string into = scratch_folder + "/incoming";
  for (unsigned redirects = 0; redirects <= k_redirects_max; ++redirects) {
    const auto url = network::parse_rdap_url(target);
    if (!url)
      return error_of(base::ErrorCode::misuse,
                      fmt::format("'{}' is no address of a server to be asked", base::printable(target)));
    LG_TRY(check_server(*url, choice));
    LG_TRY(os::write_atomic_file(into, base::ByteView(std::string_view()), os::Overwrite::yes));
    RegistryReply reply;
    reply.url = url->text;
    reply.asked_ns = os::SystemClock().now_ns();
    LG_ASSIGN(const Fetched fetched, fetch(*url, into, scratch_folder));
    LG_TRY(check_peer(*url, fetched, choice));
    reply.status = fetched.status;
    if (fetched.status / 100 != 3 || fetched.redirect.empty()) {
      LG_ASSIGN(reply.text, os::read_own_file(into, network::k_rdap_bytes_max));
      return reply;
    }
    // Wherever a server sends us, no person named it.
    target = fetched.redirect;
    choice = ServerChoice::bootstrap;
  }
  return error_of(base::ErrorCode::limit_reached,
                  fmt::format("'{}' redirects more than {} times", question.server, k_redirects_max));
}

base::Result<KeptReply> ask_and_keep(const RegistryQuestion& question, const std::string& case_folder,
                                     ledger::Ledger& ledger) {
  const std::string folder = registry_folder(case_folder);
  LG_TRY(os::make_private_folder(folder, os::WhenThere::accept));
  KeptReply kept;
  kept.address = model::text_of(question.address);
  LG_ASSIGN(kept.path, free_name(folder));
  LG_TRY(ledger.append(k_kind_asked, {{"address", kept.address}, {"server", question.server}}));
  const auto reply = ask_registry(question, folder);
  if (!reply.ok()) {
    LG_TRY(ledger.append(
        k_kind_silent,
        {{"address", kept.address}, {"server", question.server}, {"why", base::printable(reply.error().what)}}));
    return reply.error();
  }
  kept.url = reply.value().url;
  kept.asked = base::format_rfc3339(reply.value().asked_ns);
  kept.status = reply.value().status;
  kept.sha256 = base::hex(base::ByteView(base::sha256(base::ByteView(reply.value().text))));
  LG_TRY(os::write_atomic_file(kept.path, base::ByteView(reply.value().text), os::Overwrite::no));
  LG_TRY(ledger.append(k_kind_answered, {{"address", kept.address},
                                         {"asked", kept.asked},
                                         {"file", kept.path.substr(case_folder.size() + 1)},
                                         {"sha256", kept.sha256},
                                         {"status", std::int64_t{kept.status}},
                                         {"url", kept.url}}));
  return kept;
}

base::Result<std::vector<KeptReply>> read_kept_replies(const std::string& case_folder) {
  std::vector<KeptReply> out;
  LG_ASSIGN(const ledger::ReadLedger read,
            ledger::read_ledger(case_folder + "/ledger", {},
                                [&](const ledger::Entry& entry, std::string_view /*line*/, std::uint64_t /*number*/) {
                                  if (entry.kind != k_kind_answered || out.size() == k_replies_max) return;
                                  KeptReply kept;
                                  kept.address = ledger::text_in(entry.fields, "address");
                                  kept.url = ledger::text_in(entry.fields, "url");
                                  kept.asked = ledger::text_in(entry.fields, "asked");
                                  kept.sha256 = ledger::text_in(entry.fields, "sha256");
                                  kept.path = case_folder + "/" + ledger::text_in(entry.fields, "file");
                                  if (const auto status = entry.fields.find("status"); status != entry.fields.end())
                                    if (const auto* number = std::get_if<std::int64_t>(&status->second))
                                      kept.status = static_cast<int>(*number);
                                  out.push_back(std::move(kept));
                                }));
  if (!read.is_whole())
    return error_of(base::ErrorCode::damaged_container, "the ledger is broken", "lastgood ledger verify");
  return out;
}

RegistryAnswer read_registry_answer(const KeptReply& kept, const model::IpAddress& address,
                                    const std::string& evidence) {
  RegistryAnswer out{.url = kept.url,
                     .asked_ns = base::parse_rfc3339(kept.asked).value_or(0),
                     .evidence = evidence,
                     .network = {},
                     .why = {}};
  const auto text = os::read_own_file(kept.path, network::k_rdap_bytes_max);
  if (!text.ok()) {
    out.why = "the kept answer cannot be read: " + text.error().what;
  } else if (base::hex(base::ByteView(base::sha256(base::ByteView(text.value())))) != kept.sha256) {
    out.why = "the kept answer is not the one that the ledger knows: somebody changed it";
  } else if (kept.status != 200) {
    out.why = fmt::format("the registry answered with status {}", kept.status);
  } else {
    auto parsed = network::parse_rdap_network(text.value(), address);
    if (parsed.ok())
      out.network = std::move(parsed).value();
    else
      out.why = parsed.error().what;
  }
  return out;
}

}  // namespace lastgood::dossier
