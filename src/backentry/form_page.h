// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The form on a page of this machine's own browser: http://127.0.0.1:PORT/TOKEN/. Plain HTML, no script. Who does not
// know the token gets 404; another host name, another origin and bodies above 64 KiB are refused.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "backentry/entry.h"
#include "base/result.h"

namespace lastgood::backentry {

/// "a=1&b=%E0%A4": names and values; what is not well-formed stays as it stands. At most 100 names. Pure.
[[nodiscard]] Answers parse_form(std::string_view body);

/// The page: fields with what was typed, mistakes, and a word on what was taken. Everything is escaped. Pure.
[[nodiscard]] std::string form_html(const Answers& typed, const std::vector<std::string>& mistakes,
                                    const std::string& done, const std::string& action);

/// Takes what was typed: mistakes, or what to say when it was taken.
struct Taken {
  std::vector<std::string> mistakes;
  std::string done;
};
using Take = std::function<Taken(const Answers& answers)>;

/// Serves on a port of 127.0.0.1 that was free. `take` is called by one thread at a time.
class FormPage {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<FormPage>> open(const std::string& token, Take take);
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
