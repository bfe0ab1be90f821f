// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "backentry/form_page.h"

#include <httplib.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/markup.h"

namespace lastgood::backentry {

namespace {

using base::escape_html;

constexpr std::size_t k_body_bytes_max = 65'536;
constexpr std::size_t k_names_max = 100;
constexpr std::size_t k_taken_max = 200;
constexpr std::size_t k_day_and_space_letters = 11;  // "2022-11-23 "

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// One server and its thread.
class LoopbackPage final : public FormPage {
 public:
  LoopbackPage(std::string token, Take take, Load load)
      : token_(std::move(token)), take_(std::move(take)), load_(std::move(load)) {
    server_.set_payload_max_length(k_body_bytes_max);
    server_.set_read_timeout(10);
    server_.set_keep_alive_max_count(20);
    server_.new_task_queue = [] { return new httplib::ThreadPool(2); };  // NOLINT: httplib owns it
    server_.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      // A page of somewhere else that has this address looked up, or that posts here, is a stranger.
      const std::string own = fmt::format("127.0.0.1:{}", port_);
      const bool same_host = request.get_header_value("Host") == own;
      const std::string origin = request.get_header_value("Origin");
      if (same_host && (origin.empty() || origin == "http://" + own || origin == "null"))
        return httplib::Server::HandlerResponse::Unhandled;
      response.status = 403;
      return httplib::Server::HandlerResponse::Handled;
    });
    const std::string path = "/" + token_ + "/";
    server_.Get(path, [this](const httplib::Request& request, httplib::Response& response) {
      const std::lock_guard lock(one_at_a_time_);
      const auto given = taken_.find(request.get_param_value("kept"));
      if (given == taken_.end()) return give(loaded(request.get_param_value("corrects")), {}, response);
      give(given->second.first, given->second.second, response);
    });
    server_.Post(path, [this](const httplib::Request& request, httplib::Response& response) {
      const Answers answers = parse_form(request.body);
      const std::lock_guard lock(one_at_a_time_);
      const Taken taken = take_(answers);
      if (taken.entry == 0) return give(answers, taken, response);
      // Elsewhere: who has the page read anew there does not send the paper once more.
      const std::string kept = std::to_string(taken.entry);
      if (taken_.size() == k_taken_max) taken_.clear();
      taken_[kept] = {answers, taken};
      response.set_redirect("/" + token_ + "/?kept=" + kept, 303);
    });
  }
  ~LoopbackPage() override { LoopbackPage::stop(); }
  LoopbackPage(const LoopbackPage&) = delete;
  LoopbackPage& operator=(const LoopbackPage&) = delete;

  base::Status begin() {
    port_ = server_.bind_to_any_port("127.0.0.1");
    if (port_ <= 0) {
      return base::Error{.code = base::ErrorCode::io,
                         .what = "no port of this machine could be had for the page",
                         .path = {},
                         .offset_bytes = {},
                         .system_errno = 0,
                         .hint = "use the terminal form: lastgood sheets enter"};
    }
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    // A stop before it runs would be lost.
    while (!server_.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return base::Done{};
  }

  [[nodiscard]] std::string url() const override { return fmt::format("http://127.0.0.1:{}/{}/", port_, token_); }
  void stop() override {
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  [[nodiscard]] Answers loaded(const std::string& number) const {
    const bool is_number =
        !number.empty() && number.size() <= 9 && number.find_first_not_of("0123456789") == std::string::npos;
    return load_(is_number ? std::stoul(number) : 0);
  }

  void give(const Answers& typed, const Taken& taken, httplib::Response& response) {
    // What was taken leaves the form, but for who types, where, and the day of the paper.
    Answers kept;
    if (taken.done.empty()) {
      kept = typed;
    } else {
      for (const char* key : {"typed_by", "place"}) {
        if (const auto found = typed.find(key); found != typed.end()) kept.emplace(key, found->second);
      }
      const auto time = typed.find("paper_time");
      if (time != typed.end()) kept.emplace("paper_time", time->second.substr(0, k_day_and_space_letters));
    }
    response.set_header(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    response.set_header("Referrer-Policy", "no-referrer");
    response.set_header("X-Content-Type-Options", "nosniff");
    response.set_header("Cache-Control", "no-store");
    response.set_content(form_html(kept, taken, "/" + token_ + "/"), "text/html; charset=utf-8");
  }

  std::string token_;
  Take take_;
  Load load_;
  httplib::Server server_;
  int port_ = 0;
  std::mutex one_at_a_time_;
  std::map<std::string, std::pair<Answers, Taken>> taken_;  // by entry: what is said of it once more
  std::thread thread_;
};

constexpr std::string_view k_page_head =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
    "content=\"width=device-width\"><title>Back-entry</title><style>"
    "body{font:14pt/1.4 sans-serif;max-width:40em;margin:1em auto;padding:0 .5em}label{display:block;margin:.5em 0}"
    "input,select,textarea,button{font:inherit;padding:.2em "
    ".3em}input,select,textarea{width:100%;box-sizing:border-box}"
    "input.sure{width:auto}button{padding:.4em 2em}.bad,.wrong{border:3px solid #b00000;padding:.3em}.wrong "
    "b{color:#b00000;display:block}"
    ".good{border:3px solid #006000;padding:.3em}</style></head><body>\n<h1>What was written on paper</h1>\n";

std::string value_of(const Answers& typed, std::string_view key) {
  constexpr std::size_t k_shown_max = 5'000;
  const auto found = typed.find(key);
  return found == typed.end() ? std::string() : found->second.substr(0, k_shown_max);
}

bool is_on_form(std::string_view key) {
  const auto& all = fields();
  return key == "typed_by" || std::any_of(all.begin(), all.end(), [&](const Field& field) { return field.key == key; });
}

/// Line by line: escape_html would show a line end as a code, and the code would come back with the next click.
std::string lines_html(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const bool is_carriage = end > at && text[end - 1] == '\r';
    out += (at == 0 ? "" : "\n") + escape_html(text.substr(at, end - at - (is_carriage ? 1 : 0)));
    at = end + 1;
  }
  return out;
}

std::string input_html(const Field& field, const std::string& value) {
  if (field.key == "what") {
    std::string html = "<select name=\"what\">";
    for (int i = 0; i <= static_cast<int>(What::payment); ++i) {
      const std::string name(name_of(static_cast<What>(i)));
      html += fmt::format("<option{}>{}</option>", value == name ? " selected" : "", name);
    }
    return html + "</select>";
  }
  if (field.key == "text")
    return fmt::format("<textarea name=\"text\" rows=\"4\" maxlength=\"1200\">\n{}</textarea>", lines_html(value));
  return fmt::format("<input name=\"{}\" maxlength=\"200\" value=\"{}\"{}>", field.key, escape_html(value),
                     field.required ? " required" : "");
}

/// A box to tick for each doubt; what it says is said of the value that stands there now.
std::string doubts_html(const Field& field, const Answers& typed, const Taken& taken) {
  std::string html;
  for (const Doubt& doubt : taken.doubts) {
    if (doubt.field != field.key) continue;
    html += fmt::format(
        "<div class=\"wrong\"><b>{}</b><label><input type=\"checkbox\" class=\"sure\" name=\"{}\" value=\"{}\"> the "
        "paper really has it so</label></div>\n",
        escape_html(doubt.sentence), confirmed_key(doubt.about), escape_html(value_of(typed, field.key)));
  }
  return html;
}

/// What was ticked before goes along with the next click.
std::string confirmed_html(const Answers& typed) {
  std::string html;
  for (const auto& [key, value] : typed) {
    if (is_confirmed_key(key))
      html += fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", key, escape_html(value_of(typed, key)));
  }
  return html;
}

std::string field_html(const Field& field, const Answers& typed, const Taken& taken) {
  std::string wrong;
  for (const Mistake& mistake : taken.mistakes) {
    if (mistake.field == field.key) wrong += "<b>" + escape_html(mistake.sentence) + "</b>";
  }
  // The list of words stands in the list itself.
  const std::string_view question = field.key == "what" ? field.name : field.question;
  return fmt::format("<label{}>{}{}{}</label>\n", wrong.empty() ? "" : " class=\"wrong\"", escape_html(question),
                     input_html(field, value_of(typed, field.key)), wrong) +
         doubts_html(field, typed, taken);
}

}  // namespace

Answers parse_form(std::string_view body) {
  Answers out;
  while (!body.empty() && out.size() < k_names_max) {
    const std::size_t end = std::min(body.find('&'), body.size());
    const std::string_view pair = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    const std::size_t sign = pair.find('=');
    if (sign == std::string_view::npos) continue;
    out.emplace(decoded(pair.substr(0, sign)), decoded(pair.substr(sign + 1)));
  }
  return out;
}

std::string form_html(const Answers& typed, const Taken& taken, const std::string& action) {
  std::string html = std::string(k_page_head);
  const std::string corrects = value_of(typed, "corrects");
  if (!corrects.empty()) html += "<p class=\"good\">This corrects entry " + escape_html(corrects) + ".</p>\n";
  if (!taken.done.empty()) {
    html += "<p class=\"good\" role=\"status\">" + escape_html(taken.done);
    if (taken.entry != 0)
      html += fmt::format(" <a href=\"{}?corrects={}\">Correct it</a>", escape_html(action), taken.entry);
    html += "</p>\n";
  }
  if (!taken.is_taken()) html += "<p class=\"bad\" role=\"alert\">Not kept yet: see below.</p>\n";
  for (const Mistake& mistake : taken.mistakes) {
    if (!is_on_form(mistake.field)) html += "<p class=\"bad\">" + escape_html(mistake.sentence) + "</p>\n";
  }
  html += fmt::format("<form method=\"post\" action=\"{}\" autocomplete=\"off\">\n", escape_html(action));
  html += field_html({.key = "typed_by", .name = "Who types", .question = "Who types", .required = true}, typed, taken);
  for (const Field& field : fields()) html += field_html(field, typed, taken);
  if (!taken.is_taken()) html += confirmed_html(typed);
  return html + "<p><button>Keep it</button></p></form></body></html>\n";
}

base::Result<std::unique_ptr<FormPage>> FormPage::open(const std::string& token, Take take, Load load) {
  auto page = std::make_unique<LoopbackPage>(token, std::move(take), std::move(load));
  LG_TRY(page->begin());
  return std::unique_ptr<FormPage>(std::move(page));
}

}  // namespace lastgood::backentry
