// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// HTML as people write it by hand and as office programs save it. No tree is built: a tag is what stands between angle
// brackets.
#include <algorithm>
#include <array>
#include <cstdint>

#include "base/letters.h"
#include "base/utf8.h"
#include "indicators/readable_text.h"

namespace lastgood::indicators {

namespace {

using base::is_letter;
using base::lower;

constexpr std::size_t k_tag_bytes_max = 16 * 1024;
constexpr std::size_t k_entity_bytes_max = 10;

std::size_t find_folded(std::string_view text, std::string_view word, std::size_t from) {
  const auto same = [](char a, char b) { return lower(a) == b; };
  if (from >= text.size()) return std::string_view::npos;
  const auto found =
      std::search(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), word.begin(), word.end(), same);
  return found == text.end() ? std::string_view::npos : static_cast<std::size_t>(found - text.begin());
}

struct Entity {
  std::string_view name;
  std::string_view letters;
};
constexpr std::array k_entities = std::to_array<Entity>({{"amp", "&"},
                                                         {"lt", "<"},
                                                         {"gt", ">"},
                                                         {"quot", "\""},
                                                         {"apos", "'"},
                                                         {"nbsp", " "},
                                                         {"commat", "@"},
                                                         {"period", "."},
                                                         {"colon", ":"},
                                                         {"sol", "/"},
                                                         {"lowbar", "_"},
                                                         {"shy", ""},
                                                         {"zwnj", ""},
                                                         {"szlig", "s"},
                                                         {"rsquo", "'"}});
constexpr std::array k_accents = std::to_array<std::string_view>(
    {"acute", "grave", "circ", "uml", "tilde", "ring", "cedil", "caron", "slash", "breve", "ogon", "dot"});

/// What "&name;" stands for, accents left off; nothing is appended when the name is unknown.
bool append_named(std::string_view name, std::string& out) {
  for (const Entity& entity : k_entities) {
    if (entity.name != name) continue;
    out += entity.letters;
    return true;
  }
  if (name.size() < 3 || !is_letter(name[0])) return false;
  if (std::find(k_accents.begin(), k_accents.end(), name.substr(1)) == k_accents.end()) return false;
  out += name[0];
  return true;
}

bool append_numbered(std::string_view digits, std::string& out) {
  const bool hex = !digits.empty() && lower(digits[0]) == 'x';
  if (hex) digits.remove_prefix(1);
  if (digits.empty() || digits.size() > 7) return false;
  std::uint32_t code = 0;
  for (const char digit : digits) {
    const char l = lower(digit);
    const bool decimal = l >= '0' && l <= '9';
    if (!decimal && !(hex && l >= 'a' && l <= 'f')) return false;
    code = code * (hex ? 16 : 10) + static_cast<std::uint32_t>(decimal ? l - '0' : l - 'a' + 10);
  }
  base::append_utf8(out, code);
  return true;
}

/// Appends `text` with its entities decoded.
void append_decoded(std::string_view text, std::string& out) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '&') {
      const std::size_t end = text.substr(0, std::min(text.size(), at + 2 + k_entity_bytes_max)).find(';', at);
      if (end != std::string_view::npos) {
        const std::string_view name = text.substr(at + 1, end - at - 1);
        if (name.starts_with('#') ? append_numbered(name.substr(1), out) : append_named(name, out)) {
          at = end;
          continue;
        }
      }
    }
    out += text[at];
  }
}

bool is_inside_words(std::string_view name) {
  constexpr std::array k_inline =
      std::to_array<std::string_view>({"a", "b", "i", "u", "s", "em", "strong", "span", "font", "wbr", "code", "tt",
                                       "small", "big", "mark", "sub", "sup"});
  return std::find(k_inline.begin(), k_inline.end(), name) != k_inline.end();
}

/// Values of attributes that are shown or clicked.
void append_attributes(std::string_view tag, std::string& out) {
  for (const std::string_view name : {"href", "alt", "title", "value", "placeholder", "content"}) {
    for (std::size_t at = find_folded(tag, name, 1); at != std::string_view::npos;
         at = find_folded(tag, name, at + name.size())) {
      std::size_t from = at + name.size();
      if (is_letter(tag[at - 1]) || tag.substr(from, 1) != "=") continue;
      ++from;
      const std::string_view opening = tag.substr(from, 1);
      const bool quoted = opening == "\"" || opening == "'";
      const std::size_t end = quoted ? tag.find(opening[0], from + 1) : tag.find_first_of(" >", from);
      out += '\n';
      append_decoded(tag.substr(quoted ? from + 1 : from, end == std::string_view::npos ? end : end - from - quoted),
                     out);
    }
  }
}

}  // namespace

bool is_foreign_markup(std::string_view text) {
  constexpr auto k_page_tags =
      std::to_array<std::string_view>({"html", "head", "body", "title", "meta", "div", "p", "h", "center", "font",
                                       "pre", "style", "script", "table", "br", "b", "span", "hta"});
  std::size_t at = 0;
  while (at + 1 < text.size() && at < 4096) {
    at = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF", at);
    if (at == std::string_view::npos || at + 1 >= text.size() || text[at] != '<') return false;
    if (text[at + 1] != '!' && text[at + 1] != '?') break;
    const std::string_view end = text.substr(at).starts_with("<!--") ? "-->" : ">";
    at = text.find(end, at);
    if (at == std::string_view::npos) return false;
    at += end.size();
  }
  if (at + 1 >= text.size()) return false;
  std::string tag = fold_text(text.substr(std::min(at + 1, text.size()), 16));
  tag.resize(std::min(tag.find_first_of(" >:/\n"), tag.size()));
  return std::none_of(k_page_tags.begin(), k_page_tags.end(), [&](std::string_view known) {
    return tag == known || (known == "h" && tag.size() == 2 && tag[0] == 'h');
  });
}

std::string text_of_markup(std::string_view markup) {
  std::string out;
  std::string attributes;
  out.reserve(markup.size());
  std::size_t at = 0;
  while (at < markup.size()) {
    const std::size_t open = std::min(markup.find('<', at), markup.size());
    append_decoded(markup.substr(at, open - at), out);
    at = open;
    if (at + 1 >= markup.size()) break;
    if (markup.substr(at).starts_with("<!--")) {
      const std::size_t end = markup.find("-->", at + 4);
      at = end == std::string_view::npos ? markup.size() : end + 3;
      continue;
    }
    const char next = markup[at + 1];
    const std::size_t end = markup.substr(0, std::min(markup.size(), at + k_tag_bytes_max)).find('>', at);
    // "<" before a blank or a digit, or without its counterpart, is a sign in a text.
    if ((!is_letter(next) && next != '/' && next != '!' && next != '?') || end == std::string_view::npos) {
      out += '<';
      ++at;
      continue;
    }
    const std::string_view tag = markup.substr(at, end - at + 1);
    // "<name@host>" in a text is an address.
    if (tag.find('@') != std::string_view::npos && tag.find_first_of("= \n") == std::string_view::npos) {
      out += tag;
      at = end + 1;
      continue;
    }
    std::size_t name_from = tag[1] == '/' ? 2 : 1;
    std::size_t name_to = name_from;
    while (name_to < tag.size() && (is_letter(tag[name_to]) || (tag[name_to] >= '0' && tag[name_to] <= '9'))) ++name_to;
    const std::string name = lower(tag.substr(name_from, name_to - name_from));
    if (!is_inside_words(name)) out += name == "td" || name == "th" ? ' ' : '\n';
    if (tag.find('=') != std::string_view::npos) append_attributes(tag, attributes);
    at = end + 1;
    if (name_from == 1 && (name == "script" || name == "style")) {
      const std::size_t close = find_folded(markup, "</" + name, at);
      at = close == std::string_view::npos ? markup.size() : close;
    }
  }
  return out + attributes;
}

}  // namespace lastgood::indicators
