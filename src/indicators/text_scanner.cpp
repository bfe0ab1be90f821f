// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The pass stops at the few characters that must stand in an address (".", "@", ":", a bracket) and at long runs of
// letters and digits (text_places.h); all else is passed over 64 bytes at a time.
#include "indicators/text_scanner.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "base/letters.h"
#include "indicators/coin_addresses.h"
#include "indicators/host_names.h"
#include "indicators/refang.h"
#include "indicators/text_places.h"
#include "indicators/value_checks.h"
#include "indicators/victim_id.h"
#include "model/ip_address.h"

namespace lastgood::indicators {

namespace {

using base::is_digit;
using base::lower;

constexpr std::size_t k_local_bytes_max = 64;
constexpr std::size_t k_host_bytes_max = 256;
constexpr std::size_t k_url_bytes_max = 2048;
constexpr std::size_t k_run_bytes_max = 130;
constexpr std::size_t k_context_bytes = 48;
constexpr std::size_t k_edge_bytes = 64;  // ciphertext that begins behind a text shows within them

bool is_word(char c) { return is_word_byte(c); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_local(char c) { return is_word(c) || c == '.' || c == '_' || c == '-' || c == '+'; }
bool is_host(char c) { return is_word(c) || c == '.' || c == '-' || c == '_'; }
/// True when one of the words stands shortly before `at`.
bool is_announced(std::string_view text, std::size_t at, std::initializer_list<std::string_view> words,
                  std::size_t reach_bytes = k_context_bytes) {
  const std::size_t from = at > reach_bytes ? at - reach_bytes : 0;
  const std::string before = lower(text.substr(from, at - from));
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return before.find(word) != std::string::npos; });
}

/// The name stands on either side.
bool is_near(std::string_view text, std::size_t at, std::string_view word) {
  const std::string near = lower(text.substr(at < 200 ? 0 : at - 200, 400));
  return near.find(word) != std::string::npos;
}

struct Run {
  std::size_t from = 0;
  std::size_t to = 0;
};

/// ":8443" behind `at`.
struct FoundPort {
  std::optional<std::uint16_t> number;
  std::size_t to = 0;
};
FoundPort find_port(std::string_view text, std::size_t at) {
  FoundPort port{.number = {}, .to = at};
  if (at >= text.size() || text[at] != ':') return port;
  std::uint32_t number = 0;
  std::size_t to = at + 1;
  for (; to < text.size() && to - at <= 5 && is_digit(text[to]); ++to)
    number = number * 10 + static_cast<std::uint32_t>(text[to] - '0');
  if (to == at + 1 || number == 0 || number > 65'535 || (to < text.size() && is_word(text[to]))) return port;
  return {.number = static_cast<std::uint16_t>(number), .to = to};
}

/// Four numbers with dots are as often a version.
bool is_version_number(std::string_view text, std::size_t from) {
  if (from > 0 && (text[from - 1] == 'v' || text[from - 1] == 'V')) return true;
  return is_announced(text, from, {"version", "ver.", "build", "release", "firmware", "driver", "revision", "oid"}, 16);
}

/// "010.1.1.1" means different things to different programs.
bool has_leading_zero(std::string_view address) {
  for (std::size_t at = 0; at + 1 < address.size(); ++at) {
    if (address[at] == '0' && is_digit(address[at + 1]) && (at == 0 || address[at - 1] == '.')) return true;
  }
  return false;
}

class TextScanner {
 public:
  TextScanner(std::string_view text, const std::function<void(TextHit&&)>& show) : text_(text), show_(show) {}

  void scan() {
    visit_places(
        text_, [this](std::size_t from, std::size_t to) { see_run(from, to); },
        [this](std::size_t at) { return judge_anchor(at); });
  }

 private:
  void add(TextHit hit) { show_(std::move(hit)); }

  void see_run(std::size_t from, std::size_t to) {
    const std::size_t length = to - from;
    if (length >= k_id_bytes_min) {
      if (length <= k_run_bytes_max) judge_run(from, text_.substr(from, length));
    } else if (length >= k_id_group_bytes_min && to < text_.size() && text_[to] == '-') {
      judge_id({.from = from, .to = to});
    }
  }

  /// Where the pass goes on.
  std::size_t judge_anchor(std::size_t at) {
    switch (text_[at]) {
      case '.': judge_dot(at); break;
      case '@': judge_at_sign(at); break;
      case ':': judge_colon(at); break;
      default: return judge_bracket(at);
    }
    return at + 1;
  }

  // ---- words with dots

  void judge_dot(std::size_t at) {
    if (at < host_end_) return;  // the word was seen at its first dot
    if (at == 0 || at + 1 >= text_.size() || !is_word(text_[at - 1]) || !is_word(text_[at + 1])) return;
    Run run{.from = at, .to = at + 1};
    while (run.from > 0 && at - run.from < k_host_bytes_max && is_host(text_[run.from - 1])) --run.from;
    while (run.to < text_.size() && run.to - at < k_host_bytes_max && is_host(text_[run.to])) ++run.to;
    host_end_ = run.to;
    while (run.to > run.from && !is_word(text_[run.to - 1])) --run.to;
    while (run.from < run.to && !is_word(text_[run.from])) ++run.from;
    if (run.from > 0 && text_[run.from - 1] == '@') return;  // found at the sign
    if (is_digit(text_[run.to - 1]) ? find_address(run) : find_host(run)) return;
  }

  bool find_address(Run run) {
    const std::string_view written = text_.substr(run.from, run.to - run.from);
    const auto address = model::parse_ip(written);
    if (!address || address->bytes[0] == 0 || has_leading_zero(written) || is_version_number(text_, run.from))
      return false;
    const FoundPort port = find_port(text_, run.to);
    TextHit hit{.kind = "ipv4", .value = model::text_of(*address), .level = "shape", .from = run.from, .to = port.to};
    hit.port = port.number;
    if (!port.number) add_prefix(run, hit);
    add(std::move(hit));
    return true;
  }

  /// "/24" behind an address makes it a block.
  void add_prefix(Run run, TextHit& hit) const {
    if (run.to >= text_.size() || text_[run.to] != '/') return;
    std::size_t to = run.to + 1;
    while (to < text_.size() && to - run.to <= 3 && is_digit(text_[to])) ++to;
    if (to == run.to + 1 || (to < text_.size() && (is_word(text_[to]) || text_[to] == '/'))) return;
    const std::string written = hit.value + std::string(text_.substr(run.to, to - run.to));
    if (!model::parse_ip_block(written)) return;
    hit.value = written;
    hit.to = to;
  }

  /// Chance writes "y.mg" into every 300 kB of ciphertext: a short name counts only within some text.
  [[nodiscard]] bool stands_in_text(Run run) const {
    constexpr std::size_t k_name_bytes = 8;
    constexpr std::size_t k_text_bytes = 12;
    if (run.to - run.from >= k_name_bytes) return true;
    const auto is_text = [&](std::size_t at) {
      const auto c = static_cast<unsigned char>(text_[at]);
      return (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\r' || c == '\t';
    };
    while (run.from > 0 && run.to - run.from < k_text_bytes && is_text(run.from - 1)) --run.from;
    while (run.to < text_.size() && run.to - run.from < k_text_bytes && is_text(run.to)) ++run.to;
    return run.to - run.from >= k_text_bytes || run.from == 0 || run.to == text_.size();
  }

  bool find_host(Run run) {
    const std::string_view name = text_.substr(run.from, run.to - run.from);
    if (name.size() > 6 && lower(name.substr(name.size() - 6)) == ".onion") return find_onion(run);
    const FoundPort port = find_port(text_, run.to);
    const char before = run.from > 0 ? text_[run.from - 1] : ' ';
    const char behind = port.to < text_.size() ? text_[port.to] : ' ';
    // A part of a path, a call, or a variable.
    const bool follows_scheme = run.from >= 3 && text_.substr(run.from - 3, 3) == "://";
    if (!follows_scheme && (before == '/' || before == '\\' || before == '$' || before == '%' || behind == '('))
      return false;
    const bool is_named =
        follows_scheme || port.number || behind == '/' || lower(name.substr(0, 4)) == "www." || is_refanged_;
    const auto host = find_host_name(name, is_named ? HostEvidence::named : HostEvidence::bare);
    if (!host || !stands_in_text({.from = run.from, .to = port.to})) return false;
    if (*host == "t.me" || *host == "telegram.me") find_telegram_link(run.to);
    add({.kind = "domain", .value = *host, .level = "shape", .from = run.from, .to = port.to, .port = port.number});
    return true;
  }

  bool find_onion(Run run) {
    constexpr std::size_t k_label_bytes = 56;
    constexpr std::size_t k_old_label_bytes = 16;
    const std::size_t label_end = run.to - 6;
    std::size_t from = label_end;
    while (from > run.from && is_word(text_[from - 1])) --from;
    const std::string label = lower(text_.substr(from, label_end - from));
    const FoundPort port = find_port(text_, run.to);
    const bool is_old = label.size() == k_old_label_bytes && std::all_of(label.begin(), label.end(), [](char c) {
                          return c >= 'a' || (c >= '2' && c <= '7');
                        });
    if (label.size() != k_label_bytes && !is_old) return false;
    const bool fits = label.size() == k_label_bytes && is_onion_v3(label);
    // A name of the second version has no checksum; one of the third that does not fit was mistyped, and is worth
    // seeing.
    add({.kind = "onion",
         .value = label + ".onion",
         .level = fits ? "checksum" : "shape",
         .from = from,
         .to = port.to,
         .port = port.number});
    return true;
  }

  void find_telegram_link(std::size_t at) {
    if (at >= text_.size() || text_[at] != '/') return;
    const auto link = find_telegram_name(text_, at + 1);
    if (link) add({.kind = "telegram", .value = link->name, .level = "shape", .from = link->from, .to = link->to});
  }

  // ---- "@"

  void judge_at_sign(std::size_t at) {
    std::size_t from = at;
    while (from > 0 && at - from < k_local_bytes_max && is_local(text_[from - 1])) --from;
    while (from < at && !is_word(text_[from]) && text_[from] != '_') ++from;
    std::size_t to = at + 1;
    while (to < text_.size() && to - at < k_host_bytes_max && is_host(text_[to])) ++to;
    while (to > at + 1 && !is_word(text_[to - 1])) --to;
    if (from == at) return find_account_name(at, to);
    const std::string_view name = text_.substr(at + 1, to - at - 1);
    const bool is_onion = name.size() > 6 && lower(name.substr(name.size() - 6)) == ".onion";
    auto host = is_onion ? std::optional(lower(name)) : find_host_name(name, HostEvidence::named);
    if (!host) {
      host = find_host_before_noise({.from = from, .to = to}, name);
      if (host) to = at + 1 + host->size();
    }
    if (!host || !stands_in_text({.from = from, .to = to})) return;
    host_end_ = std::max(host_end_, to);
    address_end_ = to;
    const bool is_jabber = is_announced(text_, from, {"jabber", "xmpp"});
    add({.kind = is_jabber ? "jabber" : "email",
         .value = lower(text_.substr(from, at - from)) + "@" + *host,
         .level = is_jabber ? "context" : "shape",
         .from = from,
         .to = to,
         .port = {}});
    if (is_onion) find_onion({.from = at + 1, .to = to});
  }

  /// An address that an attacker glued to ciphertext: the letters that chance put behind it are none of its host.
  [[nodiscard]] std::optional<std::string> find_host_before_noise(Run run, std::string_view name) const {
    constexpr std::size_t k_address_bytes_min = 16;  // chance makes shorter ones
    constexpr std::size_t k_suffix_bytes_min = 2;
    const std::size_t suffix = name.rfind('.') + 1;
    if (run.to - run.from < k_address_bytes_min || suffix == 0 || !has_noise(run.to, run.to + k_edge_bytes)) return {};
    for (std::size_t end = name.size() - 1; end >= suffix + k_suffix_bytes_min; --end) {
      if (auto host = find_host_name(name.substr(0, end), HostEvidence::named)) return host;
    }
    return std::nullopt;
  }

  /// Bytes that no text holds.
  [[nodiscard]] bool has_noise(std::size_t from, std::size_t to) const {
    const std::string_view bytes = text_.substr(std::min(from, text_.size()), to - from);
    return std::any_of(bytes.begin(), bytes.end(), [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return byte < 0x09 || (byte > 0x0D && byte < 0x20 && byte != 0x1B);
    });
  }

  /// "@name" is a Telegram account only where the text says so.
  void find_account_name(std::size_t at, std::size_t to) {
    const std::string_view name = text_.substr(at + 1, to - at - 1);
    const bool has_shape = name.size() >= 5 && name.size() <= 32 && !is_digit(name[0]) &&
                           std::all_of(name.begin(), name.end(), [](char c) { return is_word(c) || c == '_'; });
    if (has_shape && is_announced(text_, at,
                                  {"telegram", "елеграм", "电报", "電報", "テレグラム", "텔레그램", "تلغرام",
                                   "تيليجرام", "تلگرام", "טלגרם", "टेलीग्राम"}))
      add({.kind = "telegram", .value = lower(name), .level = "context", .from = at, .to = to, .port = {}});
  }

  // ---- ":"

  void judge_colon(std::size_t at) {
    if (text_.substr(at, 3) == "://") return find_url(at);
    if (at < colon_end_) return;
    Run run{.from = at, .to = at + 1};
    const auto may_be = [](char c) { return is_hex(c) || c == ':' || c == '.'; };
    while (run.from > 0 && at - run.from < 46 && may_be(text_[run.from - 1])) --run.from;
    while (run.to < text_.size() && run.to - at < 46 && may_be(text_[run.to])) ++run.to;
    colon_end_ = run.to;
    if (run.to - run.from < 5) return;
    while (run.to > run.from && (text_[run.to - 1] == '.' || (text_[run.to - 1] == ':' && text_[run.to - 2] != ':')))
      --run.to;
    const bool is_inside_word =
        (run.from > 0 && is_local(text_[run.from - 1])) || (run.to < text_.size() && is_local(text_[run.to]));
    const std::string_view written = text_.substr(run.from, run.to - run.from);
    const auto colons = std::count(written.begin(), written.end(), ':');
    if (is_inside_word || colons < 2 || !std::any_of(written.begin(), written.end(), is_digit)) return;
    // "a::1" is as often a word of a program.
    if (colons < 3 && !(run.from > 0 && text_[run.from - 1] == '[') && written.size() < 8) return;
    const auto address = model::parse_ip(written);
    if (!address) return;
    TextHit hit{.kind = address->is_v6 ? "ipv6" : "ipv4",
                .value = model::text_of(*address),
                .level = "shape",
                .from = run.from,
                .to = run.to,
                .port = {}};
    if (run.to < text_.size() && text_[run.to] == ']') hit.port = find_port(text_, run.to + 1).number;
    if (!hit.port) add_prefix(run, hit);
    add(std::move(hit));
  }

  void find_url(std::size_t colon) {
    std::size_t from = colon;
    while (from > 0 && colon - from < 8 && (is_word(text_[from - 1]) || text_[from - 1] == '*')) --from;
    std::string scheme = lower(text_.substr(from, colon - from));
    const bool is_masked = scheme.starts_with("hxxp") || scheme.starts_with("h**p") || scheme.starts_with("hxtp");
    if (is_masked) scheme = "http" + scheme.substr(4);
    constexpr std::array<std::string_view, 11> k_schemes = {"http", "https", "ftp",  "ftps", "sftp",  "ws",
                                                            "wss",  "smb",   "ldap", "tcp",  "socks5"};
    if (std::find(k_schemes.begin(), k_schemes.end(), scheme) == k_schemes.end()) return;
    std::size_t to = colon + 3;
    const auto ends = [](char c) {
      return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F ||
             std::string_view("\"'<>`{}|\\^").find(c) != std::string_view::npos;
    };
    while (to < text_.size() && to - from < k_url_bytes_max && !ends(text_[to])) ++to;
    to = without_punctuation(colon + 3, to);
    const std::string_view rest = text_.substr(colon + 3, to - colon - 3);
    const std::size_t host_end = std::min(rest.find_first_of("/?#"), rest.size());
    const std::string host = lower(rest.substr(0, host_end));
    if (!is_url_host(host)) return;
    TextHit hit{.kind = "url",
                .value = scheme + "://" + host + std::string(rest.substr(host_end)),
                .level = "shape",
                .from = from,
                .to = to,
                .port = {}};
    hit.is_defanged = is_masked;
    add(std::move(hit));
  }

  /// A full stop, a comma or a closing bracket behind a URL belongs to the sentence, unless its own is opened inside.
  [[nodiscard]] std::size_t without_punctuation(std::size_t from, std::size_t to) const {
    while (to > from) {
      const char c = text_[to - 1];
      if (c == ')' || c == ']') {
        const std::string_view inside = text_.substr(from, to - from);
        const char open = c == ')' ? '(' : '[';
        if (std::count(inside.begin(), inside.end(), open) >= std::count(inside.begin(), inside.end(), c)) break;
      } else if (std::string_view(".,;:!*").find(c) == std::string_view::npos) {
        break;
      }
      --to;
    }
    return to;
  }

  [[nodiscard]] static bool is_url_host(std::string_view host) {
    const std::size_t user = host.rfind('@');
    if (user != std::string_view::npos) host.remove_prefix(user + 1);
    if (host.starts_with('[')) {
      const std::size_t close = host.find(']');
      return close != std::string_view::npos && model::parse_ip(host.substr(1, close - 1)).has_value();
    }
    host = host.substr(0, host.find(':'));
    return host.ends_with(".onion") || model::parse_ip(host) || find_host_name(host, HostEvidence::named);
  }

  // ---- brackets

  std::size_t judge_bracket(std::size_t at) {
    if (is_refanged_ || find_defang_mark(text_, at).meaning.empty()) return at + 1;
    const Refanged meant = refang_around(text_, at);
    if (meant.text.size() < 4) return at + 1;
    const std::function<void(TextHit &&)> show_meant = [&](TextHit&& hit) {
      hit.from = meant.origins.at(hit.from);
      hit.to = meant.origins.at(hit.to);
      hit.is_defanged = true;
      add(std::move(hit));
    };
    TextScanner inner(meant.text, show_meant);
    inner.is_refanged_ = true;
    inner.scan();
    return std::max(at + 1, meant.origins.back());
  }

  // ---- runs of letters and digits

  void judge_run(std::size_t from, std::string_view run) {
    const std::size_t to = from + run.size();
    if (run.size() >= 26 && judge_long_run(from, to, run)) return;
    judge_id({.from = from, .to = to});
  }

  bool judge_id(RunOfLetters run) {
    if (run.from < id_end_) return false;  // a group of one that was seen
    run = with_joined_groups(text_, run);
    if (!is_victim_id(text_, run) && !is_beside_address(run)) return false;
    id_end_ = run.to;
    add({.kind = "victim_id",
         .value = std::string(text_.substr(run.from, run.to - run.from)),
         .level = "context",
         .from = run.from,
         .to = run.to,
         .port = {}});
    return true;
  }

  /// In the header of an encrypted file a bare "ID=" behind an address is the victim's; in text it may be anybody's.
  [[nodiscard]] bool is_beside_address(RunOfLetters run) const {
    constexpr std::size_t k_near_bytes = 128;
    return address_end_ != 0 && run.from >= address_end_ && run.from - address_end_ <= k_near_bytes &&
           run.to - run.from >= k_id_bytes_min && follows_bare_id(text_, run.from) &&
           has_noise(run.to, run.to + k_edge_bytes);
  }

  bool judge_long_run(std::size_t from, std::size_t to, std::string_view run) {
    const auto show = [&](std::string_view kind, std::string value, std::string_view level) {
      add({.kind = kind, .value = std::move(value), .level = level, .from = from, .to = to, .port = {}});
      return true;
    };
    if (const auto coin = find_coin_address(run)) {
      // Twenty bytes in hexadecimal may be anything.
      if (coin->level == "checksum") return show(coin->kind, coin->value, coin->level);
      return is_announced(text_, from, {"eth", "usdt", "wallet", "pay"}) && show(coin->kind, coin->value, "context");
    }
    if (std::all_of(run.begin(), run.end(), is_hex)) return judge_hex(from, run, show);
    if (lower(run.substr(0, 3)) == "bc1" && is_announced(text_, from, {"btc", "bitcoin", "wallet"}))
      return show("btc", lower(run), "context");
    return (run.size() == 95 || run.size() == 106) && (run[0] == '4' || run[0] == '8') &&
           is_announced(text_, from, {"xmr", "monero", "wallet"}) && show("xmr", std::string(run), "context");
  }

  template <typename Show>
  bool judge_hex(std::size_t from, std::string_view run, const Show& show) {
    if (run.size() == 76 && is_tox_id(run)) return show("tox", lower(run), "checksum");
    // Mistyped or changed on purpose: the words around say what it was.
    if (run.size() == 76 && is_near(text_, from, "tox")) return show("tox", lower(run), "context");
    if (run.size() == 66 && run.starts_with("05") && is_near(text_, from, "session"))
      return show("session", lower(run), "context");
    const bool is_digest =
        run.size() == 32 || run.size() == 40 || run.size() == 64 || run.size() == 96 || run.size() == 128;
    const bool is_mixed =
        std::any_of(run.begin(), run.end(), is_digit) && !std::all_of(run.begin(), run.end(), is_digit);
    if (!is_digest || !is_mixed) return false;
    return judge_id({.from = from, .to = from + run.size()}) || show("hash", lower(run), "shape");
  }

  std::string_view text_;
  const std::function<void(TextHit&&)>& show_;
  std::size_t host_end_ = 0;     // words with dots before it were judged
  std::size_t colon_end_ = 0;    // the same for IPv6
  std::size_t address_end_ = 0;  // of the last one of a mail
  std::size_t id_end_ = 0;       // groups before it belong to an ID that was shown
  bool is_refanged_ = false;
};

}  // namespace

void scan_text(std::string_view text, const std::function<void(TextHit&&)>& show) { TextScanner(text, show).scan(); }

}  // namespace lastgood::indicators
