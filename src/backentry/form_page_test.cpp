// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the form of the loopback page is read within limits, served to who knows its token alone, and keeps what
// was ticked.
#include "backentry/form_page.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include "backentry/doubts.h"

namespace lastgood::backentry {
namespace {

TEST(Form, IsParsedWithinLimits) {
  const Answers answers = parse_form("name=Sunita+D%C3%A9vi&x=%zz&&=&novalue&text=a%0Ab");
  EXPECT_EQ(answers.at("name"), "Sunita D\xc3\xa9vi");
  EXPECT_EQ(answers.at("x"), "%zz");
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "k" + std::to_string(i) + "=1&";
  EXPECT_LE(parse_form(many).size(), 100U);
  const std::string html = form_html({{"name", "\"><script>"}, {"corrects", "<i>"}},
                                     {.mistakes = {{"name", "<u>"}, {"", "<s>"}}, .done = "<em>", .entry = 3}, "/x/");
  for (const char* tag : {"<script", "<i>", "<u>", "<s>", "<em>"}) EXPECT_EQ(html.find(tag), std::string::npos) << tag;
  EXPECT_NE(form_html({{"text", "fever\r\n<b>cough"}}, {}, "/x/").find(">\nfever\n&lt;b&gt;cough</textarea>"),
            std::string::npos)
      << "what was typed in two lines stays so when something else was wrong";
  EXPECT_NE(html.find("<label class=\"wrong\">Name"), std::string::npos) << "the mistake stands at its field";
  EXPECT_NE(html.find("href=\"/x/?corrects=3\""), std::string::npos);
}

TEST(Page, ServesWhoKnowsTheTokenOnThisMachineOnly) {
  std::vector<Answers> taken;
  auto page = FormPage::open(
      "secrettoken",
      [&](const Answers& answers) {
        taken.push_back(answers);
        return Taken{{}, "kept as entry 1", 1};
      },
      [](std::uint64_t entry) {
        return entry == 1 ? Answers{{"name", "Sunita Devi"}, {"corrects", "1"}} : Answers();
      });
  ASSERT_TRUE(page.ok()) << page.error().what;
  const std::string url = page.value()->url();
  const std::size_t colon = url.rfind(':');
  const int port = std::stoi(url.substr(colon + 1));
  httplib::Client client("127.0.0.1", port);
  EXPECT_EQ(client.Get("/")->status, 404);
  EXPECT_EQ(client.Get("/wrong/")->status, 404);
  const auto got = client.Get("/secrettoken/");
  ASSERT_EQ(got->status, 200);
  EXPECT_EQ(got->body.find("<script"), std::string::npos);
  EXPECT_NE(got->get_header_value("Content-Security-Policy").find("default-src 'none'"), std::string::npos);
  const auto posted = client.Post("/secrettoken/", "name=a&number=W-1", "application/x-www-form-urlencoded");
  ASSERT_EQ(posted->status, 303) << "the page read anew would send it again";
  const auto there = client.Get(posted->get_header_value("Location"));
  EXPECT_NE(there->body.find("kept as entry 1"), std::string::npos);
  EXPECT_EQ(taken.size(), 1U);
  EXPECT_NE(client.Get("/secrettoken/?corrects=1")->body.find("value=\"Sunita Devi\""), std::string::npos);
  EXPECT_EQ(client.Get("/secrettoken/?corrects=7x")->body.find("Sunita Devi"), std::string::npos);
  EXPECT_EQ(client.Get("/wrong/?corrects=1")->status, 404);
  const httplib::Headers strange = {{"Origin", "http://evil.example"}};
  EXPECT_EQ(client.Post("/secrettoken/", strange, "a=1", "application/x-www-form-urlencoded")->status, 403);
  EXPECT_EQ(client.Get("/secrettoken/", {{"Host", "evil.example"}})->status, 403);
  const auto huge = client.Post("/secrettoken/", std::string(200'000, 'a'), "application/x-www-form-urlencoded");
  EXPECT_TRUE(!huge || huge->status == 413);
  EXPECT_EQ(taken.size(), 1U);
}

TEST(Form, ADoubtHasABoxToTickAndWhatWasTickedStays) {
  Answers typed = {{"number", "W-\"9"}, {"age", "200"}};
  confirm(typed, "age");
  typed["sure_evil\"><script>"] = "x";
  const std::string html = form_html(typed, {.doubts = {{"number", "person", "another <b> has it"}}}, "/x/");
  EXPECT_NE(html.find("another &lt;b&gt; has it"), std::string::npos);
  EXPECT_NE(html.find("name=\"sure_person\" value=\"W-&quot;9\">"), std::string::npos) << html;
  EXPECT_NE(html.find("<input type=\"hidden\" name=\"sure_age\" value=\"200\">"), std::string::npos);
  EXPECT_NE(html.find("Not kept yet"), std::string::npos);
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("sure_evil"), std::string::npos);
}

}  // namespace
}  // namespace lastgood::backentry
