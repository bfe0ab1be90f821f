// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the lines of many mail servers are read to who is who in them: the lines are made up here in the form of
// each server, the expected values follow from how that server writes its line.
#include "mail/received.h"

#include <gtest/gtest.h>

#include <span>
#include <string>

#include "base/rfc3339.h"

namespace lastgood::mail {
namespace {

struct ReceivedExample {
  const char* server;
  const char* line;
  const char* expected;  // "ip rdns helo by with id", "-" for what is not in the line
};

std::string shown(const std::string& text) {
  if (text.empty()) return "-";
  std::string one = text;
  for (char& c : one) c = c == ' ' ? '_' : c;
  return one;
}

std::string peer_of(const Received& r) {
  return (r.ip ? model::text_of(*r.ip) : "-") + " " + shown(r.rdns) + " " + shown(r.helo);
}

std::string summary(std::string_view line) {
  const Received r = parse_received(line);
  return peer_of(r) + " " + shown(r.by) + " " + shown(r.with) + " " + shown(r.id);
}

void expect_all(std::span<const ReceivedExample> examples) {
  for (const ReceivedExample& example : examples) EXPECT_EQ(summary(example.line), example.expected) << example.server;
}

TEST(Received, reads_servers_that_write_helo_first_and_the_name_beside_the_address) {
  const ReceivedExample examples[] = {
      {"Postfix",
       "from mx.sender.example (out3.sender.example [198.51.100.7]) (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 "
       "(256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits)) (No client certificate requested) by "
       "mx1.hospital.example (Postfix) with ESMTPS id 4NHX2k5q9Rz1 for <desk@hospital.example>; Wed, 23 Nov 2022 "
       "07:07:00 +0530 (IST)",
       "198.51.100.7 out3.sender.example mx.sender.example mx1.hospital.example ESMTPS 4NHX2k5q9Rz1"},
      {"Postfix, no name",
       "from User (unknown [198.51.100.9]) by mail.x.example (Postfix) with SMTP id 6E01023FE574; Wed, 2 Aug 2023 "
       "19:27:40 +0000 (UTC)",
       "198.51.100.9 - User mail.x.example SMTP 6E01023FE574"},
      {"Postfix, IPv6",
       "from a.example (a.example [IPv6:2001:db8:3:bb::25]) by b.example (Postfix) with ESMTP id C986; Sat, 16 Oct "
       "2004 "
       "21:30:02 +0000 (UTC) (envelope-from list@a.example)",
       "2001:db8:3:bb::25 a.example a.example b.example ESMTP C986"},
      {"Postfix, a literal as HELO",
       "from [192.168.1.3] (dsl-7.isp.example [198.51.100.8]) (Authenticated sender: ann@x.example) by smtp.x.example "
       "(Postfix) with ESMTPSA id 99; Wed, 23 Nov 2022 07:07:00 +0000",
       "198.51.100.8 dsl-7.isp.example [192.168.1.3] smtp.x.example ESMTPSA 99"},
      {"Postfix, nothing between comment and by",
       "from av.x.example (localhost [127.0.0.1])by  localhost.x.example (Postfix) with ESMTP id 84; Mon, 7 Aug 2006 "
       "17:48:07 +0200",
       "127.0.0.1 localhost av.x.example localhost.x.example ESMTP 84"},
      {"Sendmail",
       "from mx56.s.example (56.rev.isp.example [198.51.100.56] (may be forged)) by mail.h.example (8.13.1/8.13.1) "
       "with "
       "ESMTP id i8FJcSRZ007847 for <o@h.example>; Wed, 15 Sep 2004 21:38:31 +0200",
       "198.51.100.56 56.rev.isp.example mx56.s.example mail.h.example ESMTP i8FJcSRZ007847"},
      {"Sendmail, ident",
       "from relay.x.example (IDENT:bob@relay.x.example [198.51.100.57]) by h.example (8.9.3/8.9.3) with SMTP id QAA1; "
       "Mon, 8 Mar 2004 16:07:35 -0800",
       "198.51.100.57 relay.x.example relay.x.example h.example SMTP QAA1"},
      {"Sendmail, no name",
       "from a.example ([198.51.100.58]) by b.example (8.12.8/8.12.8) with SMTP id k1S; Tue, 28 Feb 2006 06:18:27 "
       "-0600",
       "198.51.100.58 - a.example b.example SMTP k1S"},
      {"Sendmail, logged in",
       "from 203.0.113.13 (p8.dip.isp.example [198.51.100.59]) (authenticated bits=0) by u.example (8.12.10/8.12.10) "
       "with ESMTP id i8N (version=TLSv1/SSLv3 cipher=RC4-MD5 bits=128 verify=NO) for <i@l.example>; Thu, 23 Sep 2004 "
       "15:09:59 +0200",
       "198.51.100.59 p8.dip.isp.example 203.0.113.13 u.example ESMTP i8N"},
      {"Gmail",
       "from mail-ej1-f51.s.example (mail-ej1-f51.s.example. [198.51.100.51]) by mx.google.com with ESMTPS id "
       "d7-20020a05si for <a@gmail.com> (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256 bits=128/128); Wed, 23 Nov 2022 "
       "07:07:00 -0800 (PST)",
       "198.51.100.51 mail-ej1-f51.s.example mail-ej1-f51.s.example mx.google.com ESMTPS d7-20020a05si"},
      {"Gmail, inside", "by 2002:a05:6402:1d51:b0:469:b5f2:1b with SMTP id dz17; Wed, 23 Nov 2022 07:07:00 -0800 (PST)",
       "- - - 2002:a05:6402:1d51:b0:469:b5f2:1b SMTP dz17"},
      {"Gmail, program interface",
       "from 105248 named unknown by gmailapi.google.com with HTTPREST; Wed, 23 Nov 2022 07:07:00 -0800",
       "- - 105248 gmailapi.google.com HTTPREST -"},
      {"Courier",
       "from m.example (softdnserr [::ffff:198.51.100.60]) by mail.cs.example with esmtp; Sun, 17 Aug 2003 19:30:42 "
       "+0300",
       "198.51.100.60 - m.example mail.cs.example esmtp -"},
      {"Courier, TLS",
       "from m.example (m.example [::ffff:198.51.100.61]) (AUTH: LOGIN ann, TLS: TLSv1/SSLv3,256bits,AES256-SHA) by "
       "c.example with ESMTPSA id 000.4A; Wed, 23 Nov 2022 07:07:00 +0000",
       "198.51.100.61 m.example m.example c.example ESMTPSA 000.4A"},
      {"Haraka",
       "from s.example (out.s.example [198.51.100.62]) by h.example (Haraka/2.8.28) with ESMTPS id 5B3A-11.1 "
       "envelope-from "
       "<b@s.example> (version=TLSv1.2 cipher=ECDHE-RSA-AES256-GCM-SHA384 verify=FAIL); Wed, 23 Nov 2022 07:07:00 "
       "+0000",
       "198.51.100.62 out.s.example s.example h.example ESMTPS 5B3A-11.1"},
      {"OpenSMTPD",
       "from s.example (<unknown> [198.51.100.63]) by h.example (OpenSMTPD) with ESMTPS id 1f2e "
       "(TLSv1.3:TLS_AES_256_GCM_SHA384:256:NO) for <d@h.example>; Wed, 23 Nov 2022 07:07:00 +0000 (UTC)",
       "198.51.100.63 - s.example h.example ESMTPS 1f2e"},
      {"Barracuda",
       "from s.example (out.s.example [198.51.100.64]) by gate.h.example (Spam & Virus Firewall) with ESMTP id ABC123 "
       "for "
       "<d@h.example>; Wed, 23 Nov 2022 07:07:00 +0530 (IST)",
       "198.51.100.64 out.s.example s.example gate.h.example ESMTP ABC123"},
      {"hMailServer",
       "from s.example (out.s.example [198.51.100.65]) by h.example with ESMTPSA (version=TLSv1.2 "
       "cipher=ECDHE-RSA-AES256 "
       "bits=256) ; Wed, 23 Nov 2022 07:07:00 +0530",
       "198.51.100.65 out.s.example s.example h.example ESMTPSA -"},
      {"MDaemon",
       "from s.example (out.s.example [198.51.100.66]) by h.example (h.example [10.0.0.2]) (MDaemon PRO v20.0.1) with "
       "ESMTPS id md5001.msg for <d@h.example>; Wed, 23 Nov 2022 07:07:00 +0530",
       "198.51.100.66 out.s.example s.example h.example ESMTPS md5001.msg"},
      {"Mimecast",
       "from s.example (out.s.example [198.51.100.67]) by relay.mimecast.com with ESMTP with STARTTLS "
       "(version=TLSv1.2, "
       "cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id uk-mta-150-AbC-1; Wed, 23 Nov 2022 07:07:00 +0000",
       "198.51.100.67 out.s.example s.example relay.mimecast.com ESMTP uk-mta-150-AbC-1"},
      {"SendGrid",
       "from MTI3 (unknown [198.51.100.68]) by geopod-ismtpd-1 (SG) with HTTP id Qr-8; Wed, 23 Nov 2022 07:07:00.123 "
       "+0000 (UTC)",
       "198.51.100.68 - MTI3 geopod-ismtpd-1 HTTP Qr-8"},
      {"a gateway in capitals",
       "FROM [192.168.1.24] (s90.isp.example [198.51.100.69]) BY h.example ID 434B.15 ; 11 Oct 2005 01:40:33 -0400",
       "198.51.100.69 s90.isp.example [192.168.1.24] h.example - 434B.15"},
      {"Zimbra",
       "from z.example (LHLO z.example) (10.0.0.5) by z.example with LMTP; Wed, 23 Nov 2022 07:07:00 +0530 (IST)",
       "10.0.0.5 z.example z.example z.example LMTP -"},
  };
  expect_all(examples);
}

TEST(Received, reads_servers_that_write_the_looked_up_name_first) {
  const ReceivedExample examples[] = {
      {"Exim",
       "from dsl092.isp.example ([198.51.100.71] helo=pendaran.s.example) by mx1.h.example with esmtp "
       "(TLSv1:AES256-SHA:256) (Exim 4.41) id 1CIlfc-0003Pa-8W for x@h.example; Sat, 16 Oct 2004 03:20:18 -0700",
       "198.51.100.71 dsl092.isp.example pendaran.s.example mx1.h.example esmtp 1CIlfc-0003Pa-8W"},
      {"Exim, HELO is the name",
       "from g.example ([198.51.100.72]) by c.example with esmtp (Exim 4.41) id 1CIusZ-00049K-45 for e@c.example; Sat, "
       "16 Oct 2004 21:10:16 +0100",
       "198.51.100.72 g.example g.example c.example esmtp 1CIusZ-00049K-45"},
      {"Exim, no name",
       "from [198.51.100.73] (helo=t.example) by mx.k.example with ESMTP (Nemesis), id 0MKpdM-1CkRpr14PF-000608; Fri, "
       "31 "
       "Dec 2004 19:49:15 +0100",
       "198.51.100.73 - t.example mx.k.example ESMTP 0MKpdM-1CkRpr14PF-000608"},
      {"Exim, port",
       "from [198.51.100.74] (port=4321 helo=[10.0.0.9]) by c.example with esmtpsa (TLS1.2) tls "
       "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 (Exim 4.96) (envelope-from <a@b.example>) id 1p0Abc-0001De-2f; Wed, 23 "
       "Nov "
       "2022 07:07:00 +0530",
       "198.51.100.74 - [10.0.0.9] c.example esmtpsa_tls_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 1p0Abc-0001De-2f"},
      {"Exim, new message numbers",
       "from out.s.example ([198.51.100.75]:52313) by v.example with esmtps id 1rAbCd-00000001234-56Xy; Wed, 27 Dec "
       "2023 "
       "10:45:49 +0100",
       "198.51.100.75 out.s.example out.s.example v.example esmtps 1rAbCd-00000001234-56Xy"},
      {"old Exim",
       "from h8.p.example (helene.c.example) [10.0.8.6.13219] (mail) by l.example with esmtp (Exim 3.35 #1 (Debian)) "
       "id "
       "1CO5y7-0001vC-00; Sun, 31 Oct 2004 04:01:23 +0100",
       "10.0.8.6 h8.p.example helene.c.example l.example esmtp 1CO5y7-0001vC-00"},
      {"qmail",
       "from out.s.example (HELO parrot.s.example) (198.51.100.76) by h.example with SMTP; 6 Feb 2005 21:11:37 -0000",
       "198.51.100.76 out.s.example parrot.s.example h.example SMTP -"},
      {"qmail, ident", "from out.s.example (foobar@198.51.100.77) by h.example with SMTP; 14 Nov 2003 08:05:50 -0000",
       "198.51.100.77 out.s.example out.s.example h.example SMTP -"},
      {"qmail, HELO is the name",
       "from out.s.example (198.51.100.78) by h.example with SMTP; 14 Nov 2003 08:31:29 -0000",
       "198.51.100.78 out.s.example out.s.example h.example SMTP -"},
      {"qmail, no name",
       "from unknown (HELO machine.s.example) (foobar@198.51.100.79) by h.example with SMTP; 14 Nov 2003 08:31:29 "
       "-0000",
       "198.51.100.79 - machine.s.example h.example SMTP -"},
      {"qmail, TLS",
       "from lists.s.example (HELO p.s.example) (198.51.100.80) by h.example with (DHE-RSA-AES256-SHA encrypted) SMTP; "
       "6 "
       "Feb 2005 21:11:37 -0000",
       "198.51.100.80 lists.s.example p.s.example h.example SMTP -"},
      {"qmail-ldap",
       "from unknown (HELO [198.51.100.81]) ([198.51.100.81]) (envelope-sender <x@e.example>) by 203.0.113.120 "
       "(qmail-ldap-1.03) with SMTP for <z@s.example>; 28 Nov 2003 20:44:45 -0000",
       "198.51.100.81 - [198.51.100.81] 203.0.113.120 SMTP -"},
      {"qmail with an account",
       "from unknown (HELO ?10.1.2.3?) (ann@x.example@198.51.100.82) by m.example with SMTP; 28 Jan 2013 21:50:51 "
       "+0100",
       "198.51.100.82 - ?10.1.2.3? m.example SMTP -"},
      {"IronPort",
       "from out.s.example (HELO mail.s.example) ([198.51.100.83]) by esa1.h.example with "
       "ESMTP/TLS/ECDHE-RSA-AES128-GCM-SHA256; 23 Nov 2022 07:07:00 +0530",
       "198.51.100.83 out.s.example mail.s.example esa1.h.example ESMTP/TLS/ECDHE-RSA-AES128-GCM-SHA256 -"},
      {"Yahoo",
       "from 203.0.113.85  (EHLO out.s.example) (198.51.100.84) by mta232.mail.ne1.yahoo.com with SMTPs; Wed, 23 Nov "
       "2022 "
       "07:07:00 +0000",
       "198.51.100.84 - out.s.example mta232.mail.ne1.yahoo.com SMTPs -"},
      {"GMX",
       "from p7.isp.example (EHLO user5) [198.51.100.85] by mail.gmx.net (mp033) with SMTP; 23 Nov 2012 19:06:20 +0100",
       "198.51.100.85 p7.isp.example user5 mail.gmx.net SMTP -"},
      {"ZMailer",
       "from szx.s.example ([198.51.100.86]:2210 \"EHLO huawei.s.example\" smtp-auth: <none> "
       "rhost-flags-OK-OK-OK-FAIL) by "
       "vger.h.example with ESMTP id S1726675AbgINNKK (ORCPT <rfc822;netdev@vger.h.example>); Mon, 14 Sep 2020 "
       "09:10:10 "
       "-0400",
       "198.51.100.86 szx.s.example huawei.s.example vger.h.example ESMTP S1726675AbgINNKK"},
      {"smap", "from t7.isp.example(198.51.100.87) via SMTP by st.h.example, id smtpdEDUB8h; Sun Nov 13 14:50:12 2005",
       "198.51.100.87 t7.isp.example - st.h.example - smtpdEDUB8h"},
      {"smap, HELO differs",
       "from pl027.isp.example(198.51.100.88), claiming to be \"foo.w.example\" via SMTP by st.h.example, id smtpd1; "
       "Sun "
       "Nov 13 15:38:52 2005",
       "198.51.100.88 pl027.isp.example foo.w.example st.h.example - smtpd1"},
      {"CommuniGate, name verified",
       "from imo.s.example ([198.51.100.89] verified) by x.example (CommuniGate Pro SMTP 4.1.8) with ESMTP id 875522 "
       "for "
       "y@x.example; Tue, 03 Feb 2004 08:37:38 -0800",
       "198.51.100.89 imo.s.example imo.s.example x.example ESMTP 875522"},
      {"Critical Path",
       "from p.example (198.51.100.90) by n082.c.example (7.0.030.2) (authenticated as r.d) id 414B418B for "
       "f@y.example; "
       "Thu, 23 Sep 2004 18:42:17 +0000",
       "198.51.100.90 p.example p.example n082.c.example - 414B418B"},
  };
  expect_all(examples);
}

TEST(Received, reads_servers_that_write_helo_and_an_address_only) {
  const ReceivedExample examples[] = {
      {"Exchange",
       "from mail.s.example (198.51.100.91) by BN1NAM02FT046.mail.protection.outlook.com (10.13.3.181) with Microsoft "
       "SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.6631.47 via Frontend "
       "Transport; Wed, 2 Aug 2023 20:09:19 +0000",
       "198.51.100.91 - mail.s.example BN1NAM02FT046.mail.protection.outlook.com Microsoft_SMTP_Server 15.20.6631.47"},
      {"Exchange, inside",
       "from V.eurprd04.prod.outlook.com ([fe80::3df3:2eba:51bb:58d7]) by V.eurprd04.prod.outlook.com "
       "([fe80::3df3:2eba:51bb:58d7%6]) with mapi id 15.20.3805.017; Fri, 29 Jan 2021 23:20:16 +0000",
       "fe80::3df3:2eba:51bb:58d7 - V.eurprd04.prod.outlook.com V.eurprd04.prod.outlook.com mapi 15.20.3805.017"},
      {"Exchange, itself",
       "from DM4.namprd19.prod.outlook.com (::1) by MN0.namprd19.prod.outlook.com with HTTPS; Wed, 2 Aug 2023 20:09:22 "
       "+0000",
       "::1 - DM4.namprd19.prod.outlook.com MN0.namprd19.prod.outlook.com HTTPS -"},
      {"Exchange 2003",
       "from tthompson ([198.51.100.92] unverified) by mail.n.example with Microsoft SMTPSVC(5.0.2195.5329); Tue, 11 "
       "Mar "
       "2003 13:23:01 +0000",
       "198.51.100.92 - tthompson mail.n.example Microsoft_SMTPSVC -"},
      {"Exchange 2003, no reverse name",
       "from 0 ([198.51.100.93] RDNS failed) by n.example with Microsoft SMTPSVC(6.0.3790.0); Thu, 23 Sep 2004 "
       "08:51:06 "
       "-0700",
       "198.51.100.93 - 0 n.example Microsoft_SMTPSVC -"},
      {"Exchange 2003, no HELO",
       "from  ([172.16.1.78]) by e.example with Microsoft SMTPSVC(5.0.2195.6713); Wed, 6 Sep 2006 21:14:29 -0400",
       "172.16.1.78 - - e.example Microsoft_SMTPSVC -"},
      {"Domino",
       "from s.example ([198.51.100.94]) by h.example (Lotus Domino Release 8.5.3FP6) with ESMTP id "
       "2022112307070012-12345 ; Wed, 23 Nov 2022 07:07:00 +0530",
       "198.51.100.94 - s.example h.example ESMTP 2022112307070012-12345"},
      {"MailEnable", "from ([198.51.100.95]) by pop3.m.example with MailEnable ESMTP; Tue, 20 Feb 2007 09:26:17 -0500",
       "198.51.100.95 - - pop3.m.example MailEnable_ESMTP -"},
      {"PowerMTA",
       "from ip7.s.example (198.51.100.96) by mta1.s.example id h8j3k02dvv4q for <x@y.example>; Wed, 23 Nov 2022 "
       "07:07:00 "
       "+0000 (envelope-from <b@s.example>)",
       "198.51.100.96 - ip7.s.example mta1.s.example - h8j3k02dvv4q"},
      {"Momentum",
       "from ([198.51.100.97:50387] helo=i6.s.example) by m12.s.example (ecelerity 2.1.1.3 r(11743)) with ESMTP id "
       "80/0A-02454-4DCB6054 for <e@v.example>; Tue, 12 Sep 2006 09:57:40 -0400",
       "198.51.100.97 - i6.s.example m12.s.example ESMTP 80/0A-02454-4DCB6054"},
      {"InterMail",
       "from Minstrel ([198.51.100.98]) by mta07.n.example (InterMail vM.4.01.03.37 201-229) with ESMTP id "
       "<20031220035023.GCFK2588.mta07.n.example@Minstrel> for <p@i.example>; Sat, 20 Dec 2003 03:50:23 +0000",
       "198.51.100.98 - Minstrel mta07.n.example ESMTP 20031220035023.GCFK2588.mta07.n.example@Minstrel"},
      {"XMail",
       "from list.b.example ([198.51.100.99]:23198) by mx1.y.example with [XMail 1.20 ESMTP Server] id <S72E> for "
       "<j@o.example> from <bounce@list.o.example>; Sat, 18 Sep 2004 23:17:54 -0500",
       "198.51.100.99 - list.b.example mx1.y.example [XMail_1.20_ESMTP_Server] S72E"},
      {"CommuniGate",
       "from [198.51.100.100] (HELO 123.example) by mail.w.example (CommuniGate Pro SMTP 5.1.3) with SMTP id 19467966 "
       "for "
       "x@w.example; Fri, 08 Dec 2006 08:40:46 -0800",
       "198.51.100.100 - 123.example mail.w.example SMTP 19467966"},
      {"CommuniGate, account",
       "from [198.51.100.101] (account user@e.example HELO [10.10.10.10]) by s.e.example (CommuniGate Pro SMTP 4.3.7) "
       "with "
       "ESMTPSA id 88402416 for u@e.example; Mon, 04 Dec 2006 13:15:07 -0800",
       "198.51.100.101 - [10.10.10.10] s.e.example ESMTPSA 88402416"},
      {"CommuniGate, account and address",
       "from d7.isp.example (account mo@p.example [198.51.100.102] verified) by relay2.t.example (CommuniGate Pro SMTP "
       "5.1.13) with ESMTPSA id 9828571 for h@n.example; Sun, 06 Apr 2008 04:00:16 +0700",
       "198.51.100.102 d7.isp.example d7.isp.example relay2.t.example ESMTPSA 9828571"},
      {"web mail", "from 198.51.100.103 by www001.gmx.net with HTTP; Wed, 28 Nov 2012 00:57:41 +0100 (CET)",
       "198.51.100.103 - - www001.gmx.net HTTP -"},
      {"Yahoo's web mail",
       "from [198.51.100.104] by web1234.mail.ne1.yahoo.com via HTTP; Wed, 23 Nov 2022 07:07:00 PST",
       "198.51.100.104 - - web1234.mail.ne1.yahoo.com - -"},
      {"SquirrelMail",
       "from 198.51.100.105        (SquirrelMail authenticated user admin); by web1.m.example with HTTP;        Thu, "
       "23 "
       "Sep 2004 14:35:29 -0600 (MDT)",
       "198.51.100.105 - - web1.m.example HTTP -"},
      {"NAVGW",
       "(from KRYPTIK [198.51.100.106]) by h.example (NAVGW 2.5.2.12) with SMTP id M2006 for <u@d.example>; Tue, 04 "
       "Apr "
       "2006 15:28:45 +0100",
       "198.51.100.106 - KRYPTIK h.example SMTP M2006"},
      {"Scalix",
       "from DPLAPTOP ( 198.51.100.107) by mail.p.example (Scalix SMTP Relay 10.0.1.3) via ESMTP; Fri, 23 Jun 2006 "
       "16:39:47 -0500 (CDT)",
       "198.51.100.107 - DPLAPTOP mail.p.example - -"},
      {"McAfee", "from (198.51.100.108) by mcafee.w.example via smtp id 021b_7e19a55a; Tue, 23 May 2006 13:06:35 -0400",
       "198.51.100.108 - - mcafee.w.example - 021b_7e19a55a"},
      {"Proofpoint",
       "from s.example ([198.51.100.109]) by mx0a-001.pphosted.com (PPS) with ESMTPS id 3kxabc-1 (version=TLSv1.2 "
       "cipher=ECDHE-RSA-AES256-GCM-SHA384 bits=256 verify=NOT); Wed, 23 Nov 2022 07:07:00 +0000",
       "198.51.100.109 - s.example mx0a-001.pphosted.com ESMTPS 3kxabc-1"},
      {"Forcepoint",
       "from D.china.s.example (unknown [172.30.72.58]) by Forcepoint Email with ESMTP id 8A3A3BF9; Mon, 14 Sep 2020 "
       "21:09:46 +0800 (CST)",
       "172.30.72.58 - D.china.s.example Forcepoint ESMTP 8A3A3BF9"},
      {"MessageLabs",
       "from [198.51.100.110] (using TLSv1.2 with cipher DHE-RSA-AES256-SHA (256 bits)) by "
       "server-1.bemta.messagelabs.com "
       "id 4C/A0-02454; Wed, 23 Nov 2022 07:07:00 +0000",
       "198.51.100.110 - - server-1.bemta.messagelabs.com - 4C/A0-02454"},
  };
  expect_all(examples);
}

TEST(Received, reads_what_lines_of_real_mailboxes_showed) {
  const ReceivedExample examples[] = {
      {"Smail",
       "from pc.x.example(dsl.isp.example[198.51.100.1]) (2517 bytes) by mx.h.example via sendmail with P:esmtp/R:b "
       "(sender: <a@x.example>) id <m1-Wr4C@mx.h.example> for <d@h.example>; Fri, 1 Nov 2002 06:20:25 -0500 (EST)",
       "198.51.100.1 dsl.isp.example pc.x.example mx.h.example P:esmtp/R:b m1-Wr4C@mx.h.example"},
      {"a literal as HELO, name and address glued",
       "from [192.168.0.198] (dsl.isp.example[198.51.100.2]) by isp.example (mx11) with SMTP id <2003>; Wed, 3 Dec "
       "2003 23:53:03 +0000",
       "198.51.100.2 dsl.isp.example [192.168.0.198] isp.example SMTP 2003"},
      {"an empty HELO, name and address glued",
       "from  (localhost[127.0.0.1]) by voice.isp.example (vm2) with SMTP id <2006>; Wed, 3 May 2006 19:07:19 +0000",
       "127.0.0.1 localhost - voice.isp.example SMTP 2006"},
      {"Obtuse smtpd",
       "from gw.x.example (10.33.16.12, claiming to be \"evil.example\") by tripe with SMTP id smtpdZd; Thu, 25 Apr "
       "2002 11:18:59 EDT",
       "10.33.16.12 gw.x.example evil.example tripe SMTP smtpdZd"},
      {"Exim of old",
       "from list.x.example [198.51.100.3] by mx.h.example with esmtp (Exim 3.12 #1 (Debian)) id 14K6SG-0006b2-00; "
       "Sat, 20 Jan 2001 22:25:52 +0000",
       "198.51.100.3 list.x.example list.x.example mx.h.example esmtp 14K6SG-0006b2-00"},
      {"Sendmail, a user at an address without a name",
       "from a.x.example (lists@[198.51.100.4]) by mx.h.example (8.7.3/8.7.3) with ESMTP id W1; Mon, 27 Apr 1998 "
       "22:20:19 -0500 (CDT)",
       "198.51.100.4 - a.x.example mx.h.example ESMTP W1"},
      {"Exim, a local user's own HELO",
       "from bob (helo=localhost) by h.example with local-esmtp (Exim 3.36 #1) id 18ougI-0007Qc-00 for d@h.example; "
       "Sat, 01 Mar 2003 00:16:46 +0000",
       "- - localhost h.example local-esmtp 18ougI-0007Qc-00"},
  };
  expect_all(examples);
}

TEST(Received, reads_lines_without_a_peer) {
  const ReceivedExample examples[] = {
      {"qmail", "(qmail 10681 invoked by uid 404); 14 Nov 2003 08:05:52 -0000", "- - - - - -"},
      {"Postfix", "by web.h.example (Postfix, from userid 33) id 5D2A1; Wed, 23 Nov 2022 07:07:00 +0530 (IST)",
       "- - - web.h.example - 5D2A1"},
      {"Exchange",
       "from mail pickup service by hotmail.example with Microsoft SMTPSVC; Tue, 16 Mar 2004 18:12:31 -0800",
       "- - - hotmail.example Microsoft_SMTPSVC -"},
      {"Dovecot",
       "from mbx.h.example by mbx.h.example with LMTP id aBcD (envelope-from <a@b.example>) for <d@h.example>; Wed, 23 "
       "Nov 2022 07:07:00 +0530",
       "- - mbx.h.example mbx.h.example LMTP aBcD"},
      {"Exim",
       "from www-data by web.h.example with local (Exim 4.94) id 1mYabc-0001De-2f; Wed, 23 Nov 2022 07:07:00 +0530",
       "- - www-data web.h.example local 1mYabc-0001De-2f"},
      {"Yahoo",
       "by kubenode550.mail.bf1.yahoo.com (Yahoo Inc. Hermes SMTP Server) with ESMTPA ID 0f1e2d; Wed, 23 Nov 2022 "
       "07:07:00 "
       "+0000 (UTC)",
       "- - - kubenode550.mail.bf1.yahoo.com ESMTPA 0f1e2d"},
      {"no date", "from a.example by b.example with ESMTP id EF01 Mon, 11 Sep 2006 11:41:10 -0500",
       "- - a.example b.example ESMTP EF01"},
      {"empty name", "from by mx.h.example with SMTP; Wed, 23 Nov 2022 07:07:00 +0000", "- - - mx.h.example SMTP -"},
      {"a name that is a clause word",
       "from by (x.example [198.51.100.1]) by mx.h.example with SMTP; 23 Nov 2022 07:07:00 +0000",
       "198.51.100.1 x.example by mx.h.example SMTP -"},
      {"nothing", "", "- - - - - -"},
      {"noise", "((((;;;;]]]]\"<<<", "- - - - - -"},
  };
  expect_all(examples);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_TRUE(is_hand_off(parse_received(examples[i].line))) << examples[i].server;
}

TEST(Received, reads_what_else_a_line_says) {
  const Received r = parse_received(
      "from pc (dsl.isp.example [198.51.100.8]:50123) (Authenticated sender: ann@x.example) (using TLSv1.2 with cipher "
      "X (256/256 bits)) by smtp.x.example [203.0.113.4] (Postfix) with ESMTPSA id 99 for <to@y.example>; Wed, 23 Nov "
      "2022 07:07:00 +0530 (IST)");
  EXPECT_EQ(r.authenticated_as, "ann@x.example");
  EXPECT_EQ(r.tls.substr(0, 13), "using TLSv1.2");
  EXPECT_EQ(r.recipient, "to@y.example");
  EXPECT_EQ(r.program, "Postfix");
  EXPECT_EQ(r.port, 50123U);
  ASSERT_TRUE(r.by_ip);
  EXPECT_EQ(model::text_of(*r.by_ip), "203.0.113.4");
  ASSERT_TRUE(r.date);
  EXPECT_EQ(base::format_rfc3339(r.date->time_ns).substr(0, 19), "2022-11-23T01:37:00");
  EXPECT_EQ(parse_received("from a (b@[198.51.100.8]) by c; 23 Nov 2022 07:07:00 +0000").ident, "b");
  EXPECT_EQ(parse_received("from s (1.2.3.4) by m id h for <x@y>; 23 Nov 2022 07:07 +0000 (envelope-from <b@s>)")
                .envelope_from,
            "b@s");
}

TEST(Received, is_not_sure_where_the_peer_could_have_said_it) {
  const auto reading = [](std::string_view line) { return parse_received(line).peer; };
  EXPECT_EQ(reading("from a (b [198.51.100.1]) by c with SMTP; 23 Nov 2022 07:07:00 +0000"), PeerReading::firm);
  EXPECT_EQ(reading("from 198.51.100.1 by c with HTTP; 23 Nov 2022 07:07:00 +0000"), PeerReading::firm);
  EXPECT_EQ(reading("from 198.51.100.1 by c with SMTP; 23 Nov 2022 07:07:00 +0000"), PeerReading::loose);
  EXPECT_EQ(reading("from [198.51.100.1] by c with SMTP; 23 Nov 2022 07:07:00 +0000"), PeerReading::loose);
  EXPECT_EQ(reading("from a (b [198.51.100.1]) (c [198.51.100.2]) by d; 23 Nov 2022 07:07:00 +0000"),
            PeerReading::loose);
  EXPECT_EQ(reading("from a (b [198.51.100.1] [198.51.100.2]) by d; 23 Nov 2022 07:07:00 +0000"), PeerReading::loose);
  EXPECT_EQ(reading("from a by c with SMTP; 23 Nov 2022 07:07:00 +0000"), PeerReading::none);
}

TEST(Received, takes_no_address_out_of_what_the_peer_said) {
  const auto ip = [](std::string_view line) {
    const auto r = parse_received(line);
    return r.ip ? model::text_of(*r.ip) : "none";
  };
  // HELO, ident, account and certificate are the peer's words; each carries a planted address here.
  EXPECT_EQ(ip("from x ([198.51.100.1] helo=[8.8.8.8]) by m with esmtp (Exim 4.9) id 1; 1 Jan 2022 0:00:00 +0000"),
            "198.51.100.1");
  EXPECT_EQ(ip("from x ([198.51.100.1] helo=y ident=[8.8.8.8]) by m with esmtp id 1; 1 Jan 2022 0:00:00 +0000"),
            "198.51.100.1");
  EXPECT_EQ(ip("from u (HELO [8.8.8.8]) (8.8.8.8@198.51.100.1) by m with SMTP; 1 Jan 2022 0:00:00 +0000"),
            "198.51.100.1");
  EXPECT_EQ(ip("from [8.8.8.8] (y [198.51.100.1]) by m with SMTP; 1 Jan 2022 0:00:00 +0000"), "198.51.100.1");
  EXPECT_EQ(ip("from y (y [198.51.100.1]) (Authenticated sender: 8.8.8.8) by m (Postfix); 1 Jan 2022 0:00:00 +0000"),
            "198.51.100.1");
  EXPECT_EQ(
      ip("from y (y [198.51.100.1]) (using TLSv1 with cipher X) (Client CN \"8.8.8.8\", Issuer \"[8.8.8.8]\" (not "
         "verified)) by m (Postfix); 1 Jan 2022 0:00:00 +0000"),
      "198.51.100.1");
  EXPECT_EQ(ip("from y (peer.y [198.51.100.1]) by m (Postfix); 1 Jan 2022 0:00:00 +0000"), "198.51.100.1");
  // A name that was looked up is the peer's word, too.
  EXPECT_EQ(ip("from y (x[8.8.8.8] [198.51.100.1]) by m (8.15.2); 1 Jan 2022 0:00:00 +0000"), "198.51.100.1");
  EXPECT_EQ(ip("from y (TLS1.y [198.51.100.1]) by m (Postfix); 1 Jan 2022 0:00:00 +0000"), "198.51.100.1");
}

TEST(Received, survives_every_cut_and_any_repetition) {
  const std::string line =
      "from pc (dsl.isp.example [198.51.100.8]:50123) (Authenticated sender: ann) by smtp.x.example (Postfix) with "
      "ESMTPSA id 99 for <to@y.example>; Wed, 23 Nov 2022 07:07:00 +0530 (IST)";
  for (std::size_t cut = 0; cut <= line.size(); ++cut) (void)parse_received(line.substr(0, cut));
  for (const char* piece : {"(", ")", "[", "\"", "<", ";", "from ", "by ", "Mon, ", "a(", "(a) ", "[1.2.3.4] ",
                            "(1.2.3.4) ", "\\", "; by "}) {
    std::string text;
    while (text.size() < 256U << 10U) text += piece;
    (void)parse_received("from x " + text);
  }
}

}  // namespace
}  // namespace lastgood::mail
