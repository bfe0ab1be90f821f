// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The form on a page of this machine's own browser: http://127.0.0.1:PORT/TOKEN/. Plain HTML, no script. Who does not
// know the token gets 404; another host name, another origin and bodies above 64 KiB are refused.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "backentry/doubts.h"
#include "base/result.h"

namespace lastgood::backentry {

/// "a=1&b=%E0%A4": names and values; what is not well-formed stays as it stands. At most 100 names. Pure.
[[nodiscard]] Answers parse_form(std::string_view body);

/// What became of what was typed: mistakes and doubts, or what to say when it was taken.
struct Taken {
  std::vector<Mistake> mistakes;
  std::string done;
  std::uint64_t entry = 0;         // its place in the book; 0: not taken
  std::vector<Doubt> doubts = {};  // asked for before it is taken
  [[nodiscard]] bool is_taken() const { return mistakes.empty() && doubts.empty(); }
};
using Take = std::function<Taken(const Answers& answers)>;
/// What stands in the form at first: for an entry of the book what would be typed for it, to be corrected; for 0, or
/// one that is not there, who types.
using Load = std::function<Answers(std::uint64_t entry)>;

/// The page: fields with what was typed, each mistake and doubt at its field, and a word on what was taken. Everything
/// is escaped. Pure.
[[nodiscard]] std::string form_html(const Answers& typed, const Taken& taken, const std::string& action);

/// Serves on a port of 127.0.0.1 that was free. What was taken is answered with another address, so that reading the
/// page anew does not send it again. `take` and `load` are called by one thread at a time.
class FormPage {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<FormPage>> open(const std::string& token, Take take, Load load);
  virtual ~FormPage() = default;
  FormPage(const FormPage&) = delete;
  FormPage& operator=(const FormPage&) = delete;
  [[nodiscard]] virtual std::string url() const = 0;
  /// Stops serving; also done at the end of its life.
  virtual void stop() = 0;

 protected:
  FormPage() = default;
};

}  // namespace lastgood::backentry
