// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "ledger/timestamp.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>

#include "base/assert.h"
#include "base/rfc3339.h"
#include "ledger/freed.h"

namespace lastgood::ledger {

namespace {

constexpr int k_nonce_bits = 64;
constexpr std::int64_t k_second_ns = 1'000'000'000;

using Request = std::unique_ptr<TS_REQ, Freed<TS_REQ, &TS_REQ_free>>;
using Reply = std::unique_ptr<TS_RESP, Freed<TS_RESP, &TS_RESP_free>>;
using Imprint = std::unique_ptr<TS_MSG_IMPRINT, Freed<TS_MSG_IMPRINT, &TS_MSG_IMPRINT_free>>;
using Algorithm = std::unique_ptr<X509_ALGOR, Freed<X509_ALGOR, &X509_ALGOR_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BIGNUM, &BN_free>>;
using Integer = std::unique_ptr<ASN1_INTEGER, Freed<ASN1_INTEGER, &ASN1_INTEGER_free>>;
using Context = std::unique_ptr<TS_VERIFY_CTX, Freed<TS_VERIFY_CTX, &TS_VERIFY_CTX_free>>;
using Store = std::unique_ptr<X509_STORE, Freed<X509_STORE, &X509_STORE_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509, &X509_free>>;

base::Error refused(std::string what, std::string hint) {
  return base::Error{.code = base::ErrorCode::damaged_container,
                     .what = std::move(what),
                     .path = {},
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = std::move(hint)};
}

/// The first reason in OpenSSL's queue; the queue is empty afterwards.
std::string openssl_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_error());
  std::string out = reason != nullptr ? reason : "no reason given";
  ERR_clear_error();
  return out;
}

template <typename Parsed, auto Parse>
Parsed parse_der(std::string_view bytes) {
  if (bytes.size() > k_timestamp_bytes_max) return {};
  const base::ByteView view(bytes);
  const unsigned char* at = view.span().data();
  Parsed out(Parse(nullptr, &at, static_cast<long>(bytes.size())));
  const bool used_up = at == view.end();
  ERR_clear_error();
  return used_up ? std::move(out) : Parsed{};
}

Reply parse_reply(std::string_view bytes) { return parse_der<Reply, &d2i_TS_RESP>(bytes); }
Request parse_request(std::string_view bytes) { return parse_der<Request, &d2i_TS_REQ>(bytes); }

std::optional<std::int64_t> seconds_of(const ASN1_GENERALIZEDTIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return static_cast<std::int64_t>(::timegm(&parts));
}

std::optional<base::Sha256Digest> imprint_of(TS_TST_INFO* facts) {
  TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(facts);
  if (imprint == nullptr || OBJ_obj2nid(TS_MSG_IMPRINT_get_algo(imprint)->algorithm) != NID_sha256) return std::nullopt;
  const ASN1_OCTET_STRING* message = TS_MSG_IMPRINT_get_msg(imprint);
  base::Sha256Digest out{};
  if (ASN1_STRING_length(message) != static_cast<int>(out.size())) return std::nullopt;
  std::copy_n(ASN1_STRING_get0_data(message), out.size(), out.begin());
  return out;
}

std::string serial_of(TS_TST_INFO* facts) {
  const Number number(ASN1_INTEGER_to_BN(TS_TST_INFO_get_serial(facts), nullptr));
  if (!number) return {};
  const std::unique_ptr<char, void (*)(char*)> digits(BN_bn2hex(number.get()), [](char* text) { OPENSSL_free(text); });
  return digits ? std::string(digits.get()) : std::string();
}

std::string policy_of(TS_TST_INFO* facts) {
  std::array<char, 128> text{};
  OBJ_obj2txt(text.data(), static_cast<int>(text.size()), TS_TST_INFO_get_policy_id(facts), 1);
  return text.data();
}

/// The authority granted it, and there is something in it.
TS_TST_INFO* granted_facts(TS_RESP* reply) {
  TS_STATUS_INFO* status = TS_RESP_get_status_info(reply);
  const long answer = status == nullptr ? -1 : ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status));
  return answer == TS_STATUS_GRANTED || answer == TS_STATUS_GRANTED_WITH_MODS ? TS_RESP_get_tst_info(reply) : nullptr;
}

/// RFC 3161 section 2.4.2: the reasons that an authority gives.
std::string reason_of_refusal(TS_RESP* reply) {
  struct Reason {
    int bit;
    std::string_view words;
  };
  constexpr std::array<Reason, 8> k_reasons = {{{TS_INFO_BAD_ALG, "it does not know the algorithm"},
                                                {TS_INFO_BAD_REQUEST, "it does not permit the request"},
                                                {TS_INFO_BAD_DATA_FORMAT, "it could not read the request"},
                                                {TS_INFO_TIME_NOT_AVAILABLE, "its clock is not available"},
                                                {TS_INFO_UNACCEPTED_POLICY, "it does not keep that policy"},
                                                {TS_INFO_UNACCEPTED_EXTENSION, "it does not know an extension"},
                                                {TS_INFO_ADD_INFO_NOT_AVAILABLE, "more was asked than it has"},
                                                {TS_INFO_SYSTEM_FAILURE, "it failed"}}};
  TS_STATUS_INFO* status = TS_RESP_get_status_info(reply);
  const ASN1_BIT_STRING* info = status == nullptr ? nullptr : TS_STATUS_INFO_get0_failure_info(status);
  for (const Reason& reason : k_reasons)
    if (info != nullptr && ASN1_BIT_STRING_get_bit(info, reason.bit) == 1) return std::string(reason.words);
  return "it says no reason";
}

base::Error no_stamp(TS_RESP* reply) {
  if (reply == nullptr)
    return refused("the file is no reply of a time-stamping authority (RFC 3161), or it was cut",
                   "bring the .tsr file as the authority sent it");
  if (granted_facts(reply) == nullptr)
    return refused("the authority refused to give a time stamp: " + reason_of_refusal(reply),
                   "'openssl ts -reply -text -in FILE' shows its whole answer; ask again, or another authority");
  return refused("the reply grants no time stamp over a SHA-256", "see 'openssl ts -reply -text -in FILE'");
}

Store store_of(std::string_view trusted_pem, std::int64_t at_seconds) {
  Store store(X509_STORE_new());
  LG_ASSERT(store);
  const Bio bio(
      BIO_new_mem_buf(trusted_pem.data(), static_cast<int>(std::min(trusted_pem.size(), k_timestamp_bytes_max))));
  bool any = false;
  for (Certificate next(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)); next;
       next.reset(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))) {
    any = X509_STORE_add_cert(store.get(), next.get()) == 1 || any;
  }
  ERR_clear_error();
  X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()), static_cast<std::time_t>(at_seconds));
  return any ? std::move(store) : Store{};
}

}  // namespace

std::string make_timestamp_request(const base::Sha256Digest& imprint) {
  const Request request(TS_REQ_new());
  const Imprint message(TS_MSG_IMPRINT_new());
  const Algorithm algorithm(X509_ALGOR_new());
  LG_ASSERT(request && message && algorithm);
  X509_ALGOR_set_md(algorithm.get(), EVP_sha256());
  base::Sha256Digest bytes = imprint;
  LG_ASSERT(TS_REQ_set_version(request.get(), 1) == 1);
  LG_ASSERT(TS_MSG_IMPRINT_set_algo(message.get(), algorithm.get()) == 1);
  LG_ASSERT(TS_MSG_IMPRINT_set_msg(message.get(), bytes.data(), static_cast<int>(bytes.size())) == 1);
  LG_ASSERT(TS_REQ_set_msg_imprint(request.get(), message.get()) == 1);
  const Number number(BN_new());
  LG_ASSERT(number && BN_rand(number.get(), k_nonce_bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1);
  const Integer nonce(BN_to_ASN1_INTEGER(number.get(), nullptr));
  LG_ASSERT(nonce && TS_REQ_set_nonce(request.get(), nonce.get()) == 1);
  LG_ASSERT(TS_REQ_set_cert_req(request.get(), 1) == 1);
  unsigned char* der = nullptr;
  const int size = i2d_TS_REQ(request.get(), &der);
  LG_ASSERT(size > 0);
  std::string out(der, der + size);
  OPENSSL_free(der);
  return out;
}

base::Result<Timestamp> parse_timestamp_reply(std::string_view bytes) {
  const Reply reply = parse_reply(bytes);
  TS_TST_INFO* facts = reply ? granted_facts(reply.get()) : nullptr;
  if (facts == nullptr) return no_stamp(reply.get());
  const auto imprint = imprint_of(facts);
  const auto seconds = seconds_of(TS_TST_INFO_get_time(facts));
  ERR_clear_error();
  constexpr std::int64_t k_last_second = INT64_MAX / k_second_ns;
  if (!imprint || !seconds || *seconds < 0 || *seconds >= k_last_second) return no_stamp(reply.get());
  return Timestamp{.imprint = *imprint,
                   .time = base::format_rfc3339(*seconds * k_second_ns),
                   .serial = serial_of(facts),
                   .policy = policy_of(facts)};
}

base::Result<Timestamp> check_timestamp_reply(std::string_view bytes, const base::Sha256Digest& imprint,
                                              std::string_view request_bytes, std::string_view trusted_pem) {
  LG_ASSIGN(const Timestamp stated, parse_timestamp_reply(bytes));
  if (stated.imprint != imprint)
    return refused("the time stamp is for something else: its imprint is " +
                       base::hex(base::ByteView(std::span<const std::uint8_t>(stated.imprint))),
                   "name the head it was asked for");
  const Reply reply = parse_reply(bytes);
  const auto seconds = seconds_of(TS_TST_INFO_get_time(TS_RESP_get_tst_info(reply.get())));
  Store store = store_of(trusted_pem, *seconds);
  if (!store) return refused("no certificate was found to trust", "give the authority's certificates in PEM form");

  const Context context(TS_VERIFY_CTX_new());
  LG_ASSERT(context);
  unsigned checks = TS_VFY_VERSION | TS_VFY_SIGNATURE | TS_VFY_IMPRINT;
  const Request request = request_bytes.empty() ? Request{} : parse_request(request_bytes);
  if (!request_bytes.empty()) {
    if (!request) return refused("the request kept with the head is broken", {});
    LG_ASSERT(TS_REQ_to_TS_VERIFY_CTX(request.get(), context.get()) != nullptr);
    checks |= TS_VFY_NONCE;
  } else {
    auto* copy = static_cast<unsigned char*>(OPENSSL_memdup(imprint.data(), imprint.size()));
    LG_ASSERT(copy != nullptr);
    TS_VERIFY_CTX_set_imprint(context.get(), copy, static_cast<long>(imprint.size()));
  }
  TS_VERIFY_CTX_set_flags(context.get(), static_cast<int>(checks));
  TS_VERIFY_CTX_set_store(context.get(), store.release());
  if (TS_RESP_verify_response(context.get(), reply.get()) != 1) {
    return refused("the time stamp does not hold: " + openssl_reason(),
                   "the certificates must lead from the authority's own to its root");
  }
  ERR_clear_error();
  return stated;
}

}  // namespace lastgood::ledger
