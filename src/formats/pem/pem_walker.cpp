// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Textual encodings of keys and certificates. Specification: RFC 7468; RFC 1421 for encrypted keys with Proc-Type; the
// OpenSSH project's PROTOCOL.key for its private keys.
//
//   file = (any text, "-----BEGIN " label "-----", [headers, empty line], Base64 lines, "-----END " label "-----")*
// Private keys behind a password, and enveloped messages, were encrypted by their owner.
#include "formats/pem/pem_walker.h"

#include <array>
#include <string>

#include <fmt/format.h>

#include "formats/text/text_lines.h"

namespace lastgood::formats {

namespace {

constexpr std::array k_claims = {NameClaim{"pem", Promise::firm},  NameClaim{"crt", Promise::loose},
                                 NameClaim{"cer", Promise::loose}, NameClaim{"key", Promise::loose},
                                 NameClaim{"csr", Promise::loose}, NameClaim{"pub", Promise::loose},
                                 NameClaim{"p7b", Promise::loose}};
constexpr std::string_view k_begin = "-----BEGIN ";
constexpr std::string_view k_end = "-----END ";
constexpr std::string_view k_dashes = "-----";
// Base64 of "openssh-key-v1" NUL and the cipher name "none": a key without a password.
constexpr std::string_view k_open_ssh_plain = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU";

bool is_base64_line(std::string_view line) {
  for (const char letter : line) {
    const bool fits = (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
                      (letter >= '0' && letter <= '9') || letter == '+' || letter == '/' || letter == '=' ||
                      letter == ' ';
    if (!fits) return false;
  }
  return true;
}

class Blocks final : public LineReader {
 public:
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t encrypted() const { return encrypted_; }
  [[nodiscard]] bool is_open() const { return !label_.empty(); }
  [[nodiscard]] bool has_fault() const { return has_fault_; }
  [[nodiscard]] std::uint64_t fault_offset() const { return fault_offset_; }

 private:
  void line(std::string_view text, std::uint64_t offset) override {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    if (text.starts_with(k_begin) && text.ends_with(k_dashes) && text.size() > k_begin.size() + k_dashes.size()) {
      if (!label_.empty()) fail(offset);
      label_ = text.substr(k_begin.size(), text.size() - k_begin.size() - k_dashes.size());
      in_headers_ = true;
      body_lines_ = 0;
      is_encrypted_ = label_ == "ENCRYPTED PRIVATE KEY";
      return;
    }
    if (label_.empty()) return;
    if (text.starts_with(k_end)) {
      if (text.substr(k_end.size()) != label_ + std::string(k_dashes)) fail(offset);
      ++count_;
      encrypted_ += is_encrypted_ ? 1U : 0U;
      label_.clear();
      return;
    }
    take_body(text, offset);
  }
  void take_body(std::string_view text, std::uint64_t offset) {
    if (in_headers_ && (text.find(':') != std::string_view::npos || text.empty() || text.starts_with(" "))) {
      if (text.starts_with("Proc-Type:") && text.find("ENCRYPTED") != std::string_view::npos) is_encrypted_ = true;
      return;
    }
    in_headers_ = false;
    if (!is_base64_line(text)) fail(offset);
    if (body_lines_++ != 0) return;
    if (label_ == "OPENSSH PRIVATE KEY") is_encrypted_ = !text.starts_with(k_open_ssh_plain);
    // ContentInfo of type enveloped-data: its identifier in Base64, at each of the three places in a group of bytes.
    if (label_ != "CMS" && label_ != "PKCS7") return;
    for (const std::string_view enveloped : {"qhkiG9w0BBwOg", "KoZIhvcNAQcDo", "SqGSIb3DQEHA6"}) {
      is_encrypted_ = is_encrypted_ || text.find(enveloped) != std::string_view::npos;
    }
  }
  void fail(std::uint64_t offset) {
    if (!has_fault_) fault_offset_ = offset;
    has_fault_ = true;
  }
  std::string label_;
  bool in_headers_ = false, is_encrypted_ = false, has_fault_ = false;
  std::uint64_t body_lines_ = 0, count_ = 0, encrypted_ = 0, fault_offset_ = 0;
};

/// OpenPGP's and age's armor look alike and have walkers of their own.
bool opens_pem(base::ByteView head) {
  return head.matches(0, k_begin) && !head.matches(k_begin.size(), "PGP") && !head.matches(k_begin.size(), "AGE");
}

Likeness recognise(const Edges& edges) { return opens_pem(edges.head) ? Likeness::strong : Likeness::none; }

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const bool opens = opens_pem(input.head());
  // Text may come first: the output of tools that print what a certificate says.
  if (!opens && input.head().find(k_begin) == base::ByteView::npos) return report;
  Blocks blocks;
  const TextScan scan = scan_text(input, &blocks);
  blocks.finish();
  tell_text(scan, input, opens ? Opening::seen : Opening::unseen, report);
  if (report.shape != Shape::whole || !scan.was_read_whole) return report;
  const std::uint64_t size = input.size_bytes();
  if (blocks.is_open()) {
    report.breaks("pem.cut", fmt::format("the last of {} blocks has no end line", blocks.count() + 1),
                  {.from = size > 64 ? size - 64 : 0, .to = size});
    return report;
  }
  if (blocks.has_fault()) {
    report.remarks("pem.lines",
                   fmt::format("the line at byte {} is no Base64 and no end line of its block", blocks.fault_offset()),
                   {.from = blocks.fault_offset(), .to = blocks.fault_offset() + 1});
    return report;
  }
  if (blocks.encrypted() > 0) report.shape = Shape::sealed;
  report.holds("pem.blocks", fmt::format("{} blocks begin and end, {} of them encrypted by their owner", blocks.count(),
                                         blocks.encrypted()));
  return report;
}

}  // namespace

const Format k_pem_format = {.id = "pem",
                             .title = "PEM certificates or keys",
                             .family = Family::text,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
