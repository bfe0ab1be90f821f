// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/declared_words.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/misuse.h"
#include "cli/run.h"

namespace lastgood::cli {

std::unique_ptr<CLI::App> declare_all(Context& context) {
  Run chosen;
  auto app = std::make_unique<CLI::App>("", "lastgood");
  declare_commands(*app, context, chosen);
  return app;
}

std::vector<const CLI::App*> words_below(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* sub) { return !sub->get_name().empty(); });
}

const CLI::App* find_command(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* at = &app;
  std::vector<std::string> left(words.rbegin(), words.rend());
  while (!left.empty()) {
    const std::string word = left.back();
    left.pop_back();
    const std::vector<const CLI::App*> below = words_below(*at);
    const auto found = std::find_if(below.begin(), below.end(), [&](const CLI::App* sub) {
      return word == sub->get_name() || word.starts_with(sub->get_name() + "-");
    });
    if (found == below.end()) return nullptr;
    at = *found;
    if (word.size() > at->get_name().size()) left.push_back(word.substr(at->get_name().size() + 1));
  }
  return at;
}

Failure no_such_command(const std::vector<std::string>& words) {
  std::string name;
  for (const std::string& word : words) name += (name.empty() ? "" : " ") + word;
  return {base::misuse(fmt::format("no command '{}'", base::printable(name)), "'lastgood --help' lists the commands"),
          ExitCode::wrong_use};
}

std::vector<std::string> values_of(const CLI::Option& option) {
  // What IsMember says of itself: "TEXT:{hl7,csv}".
  const std::string type = option.get_type_name();
  const std::size_t begin = type.find('{');
  const std::size_t end = type.rfind('}');
  std::vector<std::string> out;
  if (begin == std::string::npos || end == std::string::npos || end < begin) return out;
  std::string value;
  for (const char c : type.substr(begin + 1, end - begin - 1) + ",") {
    if (c != ',') {
      value += c;
    } else if (!value.empty()) {
      out.push_back(std::move(value));
      value.clear();
    }
  }
  return out;
}

}  // namespace lastgood::cli
