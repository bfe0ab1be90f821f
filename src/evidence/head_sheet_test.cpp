// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a reader of QR codes (zbar) gets back the head's very text and a signature that holds over it, from the
// picture and from the text; and that the root can be read on the sheet.
#include "evidence/head_sheet.h"

#include <gtest/gtest.h>

#include "evidence/qr_code.h"
#include "ledger/testing/run_shell.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::evidence {

namespace {

/// Draws the code of ./code.txt (as qr_text gives it) and prints what zbar reads in it.
constexpr const char* k_read_code = R"(/usr/bin/python3 - <<'PY'
import zbar, sys
from PIL import Image
rows = []
for line in open("code.txt", encoding="utf-8").read().split("\n")[:-1]:
    rows.append([c in "█▀" for c in line])
    rows.append([c in "█▄" for c in line])
side = len(rows[0])
picture = Image.new("L", (side, len(rows)), 255)
picture.putdata([0 if dark else 255 for row in rows for dark in row])
picture = picture.resize((side * 5, len(rows) * 5), Image.NEAREST)
scanner = zbar.ImageScanner()
image = zbar.Image(picture.width, picture.height, "Y800", picture.tobytes())
scanner.scan(image)
for symbol in image: sys.stdout.write(symbol.data)
PY)";

ledger::NotedHead signed_head(const ledger::SigningKey& key) {
  ledger::NotedHead out;
  out.head = {.case_id = std::string(32, 'c'),
              .entries = 123,
              .bytes = 45678,
              .root = base::sha256({}),
              .ledger_sha256 = base::sha256(base::ByteView(std::string_view("x"))),
              .time = "2022-11-23T07:07:00.000000000Z"};
  out.fingerprint = ledger::text_of(*ledger::key_fingerprint(key.public_pem()));
  out.signature = key.sign(ledger::write_head(out.head));
  return out;
}

}  // namespace

TEST(HeadSheet, is_read_back_by_a_reader_of_codes) {
  const os::testing::ScratchFolder folder;
  const ledger::SigningKey key = ledger::make_signing_key();
  const ledger::NotedHead head = signed_head(key);
  const auto code = make_qr_code(qr_payload(head));
  ASSERT_TRUE(code.has_value());
  os::testing::write_file(folder / "code.txt", qr_text(*code));
  const auto read = ledger::testing::run_shell(folder.path(), k_read_code);
  ASSERT_TRUE(read.ok) << read.printed;
  ASSERT_EQ(read.printed, qr_payload(head));
  const std::string text = read.printed.substr(0, read.printed.find("key "));
  EXPECT_EQ(ledger::parse_head(text), head.head);
  const std::string digits = read.printed.substr(read.printed.find("signature ") + 10, 128);
  EXPECT_TRUE(ledger::holds_signature(key.public_pem(), text, *base::parse_hex(digits)));
}

TEST(HeadSheet, shows_the_root_in_groups_of_four) {
  const ledger::NotedHead head = signed_head(ledger::make_signing_key());
  for (const std::string& sheet : {write_head_sheet_html(head, "aiims<b>"), write_head_sheet_text(head, "aiims<b>")}) {
    EXPECT_NE(sheet.find("e3b0 c442 98fc 1c14 9afb f4c8 996f b924\n27ae 41e4 649b 934c a495 991b 7852 b855"),
              std::string::npos);
  }
  EXPECT_EQ(write_head_sheet_html(head, "aiims<b>").find("<b>"), std::string::npos);
  EXPECT_NE(write_head_sheet_html(head, "x").find("<svg"), std::string::npos);
}

TEST(QrCode, refuses_what_no_code_can_hold) { EXPECT_FALSE(make_qr_code(std::string(5000, 'x')).has_value()); }

}  // namespace lastgood::evidence
