// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What every InvestigationStore must do. Built upon case_store_suite.h; included by the same one file.
#pragma once

#include "casefile/testing/case_store_suite.h"

namespace lastgood::casefile::testing {

class InvestigationStoreSuite : public CaseStoreSuite {
 protected:
  InvestigationStore& investigation() { return store_->investigation(); }

  static model::SearchedFile searched_at(const std::string& path) {
    return {.path = path,
            .size_bytes = 1U << 20U,
            .sha256 = std::string(64, 'a'),
            .searched_ns = -7,
            .left_out = 3,
            .values = {{.kind = "email",
                        .value = "dog2398@mail.example",
                        .level = "shape",
                        .encoding = "utf-16le",
                        .offset_bytes = 0,
                        .length_bytes = 40,
                        .port = std::nullopt,
                        .defanged = true,
                        .in_name = true,
                        .times = 9,
                        .apart = "own"},
                       {.kind = "ipv4",
                        .value = "198.51.100.7",
                        .level = "shape",
                        .encoding = "ascii",
                        .offset_bytes = 77,
                        .length_bytes = 12,
                        .port = 65535,
                        .defanged = false,
                        .in_name = false,
                        .times = 1,
                        .apart = {}}}};
  }

  static model::MailRecord mail_at(const std::string& path, std::uint64_t begin_bytes) {
    return {.path = path,
            .begin_bytes = begin_bytes,
            .end_bytes = begin_bytes + 100,
            .sha256 = std::string(64, 'b'),
            .from = "dog2398 <dog\xff@mail.example>",
            .subject = "your, files\n",
            .date_text = "Wed, 23 Nov 2022 07:06:00 +0530",
            .message_id = "<1@mail.example>",
            .hops = {{.offset_bytes = begin_bytes + 5,
                      .helo = "evil",
                      .rdns = "dsl.isp.example",
                      .ip = "198.51.100.7",
                      .port = "4711",
                      .by = "mx.hospital.example",
                      .with = "ESMTPS",
                      .id = "4N",
                      .date_text = "Wed",
                      .date_ns = -1,
                      .trust = "semi_trusted"},
                     {}},
            .boundary = model::MailBoundary{.hop = 0, .ip = "198.51.100.7", .level = "fact", .reason = "first"},
            .dkim = {{.rule = "mail.example", .sentence = "pass"}},
            .arc = "none",
            .spf = "fail",
            .hints = {{.rule = "mail.hint.time", .sentence = "back by 2 h"}},
            .store_item = static_cast<std::uint32_t>(begin_bytes + 7),
            .attachments = {{.name = "bill \xff, 1.pdf",
                             .content_type = "application/pdf",
                             .size_bytes = 123'456,
                             .sha256 = std::string(64, 'c')},
                            {}}};
  }

  std::vector<model::SearchedFile> all_searched() {
    std::vector<model::SearchedFile> out;
    EXPECT_TRUE(investigation()
                    .visit_searched([&](const auto& file) {
                      out.push_back(file);
                      return true;
                    })
                    .ok());
    return out;
  }
  std::vector<model::MailRecord> all_mails() {
    std::vector<model::MailRecord> out;
    EXPECT_TRUE(investigation()
                    .visit_mails([&](const auto& mail) {
                      out.push_back(mail);
                      return true;
                    })
                    .ok());
    return out;
  }
};

TEST_P(InvestigationStoreSuite, gives_back_searched_files_by_path_and_replaces_what_was_known_of_one) {
  model::SearchedFile odd = searched_at(std::string("/b\0\xff", 4));
  ASSERT_TRUE(investigation().record_searched(std::vector{odd, searched_at("/a"), searched_at("/b")}).ok());
  EXPECT_EQ(all_searched(), (std::vector{searched_at("/a"), searched_at("/b"), odd}));
  model::SearchedFile again = searched_at("/a");
  again.values.erase(again.values.begin());
  again.sha256 = std::string(64, 'c');
  ASSERT_TRUE(investigation().record_searched(std::vector{again}).ok());
  EXPECT_EQ(all_searched().front(), again);
}

TEST_P(InvestigationStoreSuite, gives_back_every_field_of_a_mail_by_place) {
  const std::vector<model::MailRecord> mails{mail_at("/m.mbox", 900), mail_at("/m.mbox", 0), mail_at("/a.eml", 0)};
  ASSERT_TRUE(investigation().record_mails(mails).ok());
  EXPECT_EQ(all_mails(), (std::vector{mails[2], mails[1], mails[0]}));
  model::MailRecord bare;
  bare.path = "/a.eml";
  ASSERT_TRUE(investigation().record_mails(std::vector{bare}).ok());
  EXPECT_EQ(all_mails().front(), bare) << "the same place replaces";
  ASSERT_TRUE(investigation().forget_mails("/m.mbox").ok());
  EXPECT_EQ(all_mails(), std::vector{bare});
}

TEST_P(InvestigationStoreSuite, shows_many_once_each_lets_the_visitor_ask_and_stops_when_told) {
  std::vector<model::SearchedFile> files;
  std::vector<model::MailRecord> mails;
  for (std::uint64_t i = 0; i < 300; ++i) {
    files.push_back(searched_at("/f" + std::to_string(i)));
    mails.push_back(mail_at("/m" + std::to_string(i % 3), i));
  }
  ASSERT_TRUE(investigation().record_searched(files).ok());
  ASSERT_TRUE(investigation().record_mails(mails).ok());
  EXPECT_EQ(all_searched().size(), 300U);
  EXPECT_EQ(all_mails().size(), 300U);
  int seen = 0;
  ASSERT_TRUE(investigation()
                  .visit_mails([&](const auto&) {
                    EXPECT_TRUE(store_->setting("x").ok());
                    return ++seen < 70;
                  })
                  .ok());
  EXPECT_EQ(seen, 70);
  seen = 0;
  ASSERT_TRUE(investigation().visit_searched([&](const auto&) { return ++seen < 2; }).ok());
  EXPECT_EQ(seen, 2);
}

}  // namespace lastgood::casefile::testing
