// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "persons/name_hints.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/letters.h"

namespace lastgood::persons {

namespace {

using base::is_digit;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
std::vector<std::string_view> words_of(std::string_view folded) {
  std::vector<std::string_view> words;
  while (!folded.empty()) {
    const std::size_t end = std::min(folded.find('_'), folded.size());
    if (end > 0) words.push_back(folded.substr(0, end));
    folded.remove_prefix(std::min(end + 1, folded.size()));
  }
  return words;
}

template <typename List>
bool has_word(const std::vector<std::string_view>& words, const List& list) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return std::find(list.begin(), list.end(), word) != list.end(); });
}

template <typename List>
bool has_part(std::string_view compact, const List& list) {
  return std::any_of(list.begin(), list.end(),
                     [&](std::string_view part) { return compact.find(part) != std::string_view::npos; });
}

using Words = std::string_view;
constexpr std::array<Words, 5> k_aadhaar = {"aadhaar", "aadhar", "adhaar", "adhar", "uidai"};
constexpr std::array<Words, 4> k_abha = {"abha", "healthid", "ndhm", "abdm"};
constexpr std::array<Words, 9> k_phone = {"phone",     "mobile", "mob",      "contact", "tel",
                                          "telephone", "cell",   "whatsapp", "msisdn"};
constexpr std::array<Words, 4> k_email = {"email", "mail", "emailid", "mailid"};
constexpr std::array<Words, 3> k_birth = {"dob", "birth", "birthday"};
constexpr std::array<Words, 4> k_pincode = {"pin", "pincode", "postal", "zip"};
// Words that are a hospital's number of a person by themselves.
constexpr std::array<Words, 13> k_number_words = {"uhid", "mrn",   "mrno", "mrd",  "crno", "umrn",     "hisid",
                                                  "upid", "regno", "empi", "ipno", "opno", "patientid"};
constexpr std::array<Words, 13> k_number_parts = {
    "uhid", "patientid",     "patid",         "patientno", "patno",  "hospitalno",    "mrno",
    "crno", "medicalrecord", "patientnumber", "hospnum",   "regnno", "registrationno"};
constexpr std::array<Words, 7> k_patient_tables = {"patient", "patients",    "person",       "persons",
                                                   "pat",     "beneficiary", "patientmaster"};
constexpr std::array<Words, 32> k_other_names = {
    "user",    "file", "drug",      "item",  "hospital", "ward",    "dept",      "department",
    "test",    "bank", "company",   "table", "column",   "host",    "product",   "medicine",
    "service", "unit", "city",      "state", "district", "branch",  "brand",     "generic",
    "scheme",  "plan", "insurance", "room",  "lab",      "machine", "procedure", "device"};
constexpr std::array<Words, 27> k_somebody_else = {
    "father",    "mother", "husband",    "wife",     "spouse",   "guardian",  "nominee",   "kin",      "relative",
    "doctor",    "dr",     "consultant", "ref",      "referred", "referring", "attendant", "relation", "emergency",
    "physician", "nurse",  "surgeon",    "employee", "पिता",     "माता",      "पति",       "पत्नी",     "डॉक्टर"};
// Names of columns in the languages that hospitals in India write: as a part of the column's name.
constexpr std::array<Words, 11> k_foreign_name = {"नाम",  "नाव", "নাম",  "ਨਾਮ", "નામ", "ନାମ",
                                                  "பெயர்", "పేరు", "ಹೆಸರು", "പേര്", "نام"};
constexpr std::array<Words, 11> k_foreign_birth = {"जन्म",   "জন্ম", "ਜਨਮ",   "જન્મ", "ଜନ୍ମ",   "பிறந்த",
                                                   "పుట్టిన", "ಜನ್ಮ", "ಹುಟ್ಟಿದ", "ജനന", "پیدائش"};
constexpr std::array<Words, 10> k_foreign_phone = {"मोबाइल", "मोबाईल", "फोन",   "दूरभाष", "মোবাইল",
                                                   "ফোন",    "મોબાઇલ", "மொபைல்", "మొబైల్",   "موبائل"};
constexpr std::array<Words, 9> k_whole_names = {"firstname", "lastname",    "surname",    "fname",    "lname",
                                                "fullname",  "patientname", "middlename", "givenname"};

}  // namespace

std::string folded_name(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size() && i < 128; ++i) {
    const char c = name[i];
    const bool begins_word =
        is_upper(c) && i > 0 &&
        (is_lower(name[i - 1]) || (i + 1 < name.size() && is_lower(name[i + 1]) && is_upper(name[i - 1])));
    if (begins_word && !out.empty() && out.back() != '_') out += '_';
    if (is_upper(c)) {
      out += static_cast<char>(c + 32);
    } else if (is_lower(c) || is_digit(c) || static_cast<unsigned char>(c) > 127) {
      out += c;
    } else if (!out.empty() && out.back() != '_') {
      out += '_';
    }
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

bool names_a_person(std::string_view column, std::string_view table) {
  const std::string folded = folded_name(column);
  const std::vector<std::string_view> words = words_of(folded);
  if (has_word(words_of(folded_name(table)), k_patient_tables)) return true;
  return words.size() > 1 || folded == "patient" || has_part(folded, k_whole_names);
}

bool names_somebody_else(std::string_view column) {
  const std::string folded = folded_name(column);
  return has_word(words_of(folded), k_somebody_else);
}

ColumnKind hinted_kind(std::string_view column, std::string_view table) {
  const std::string folded = folded_name(column);
  const std::vector<std::string_view> words = words_of(folded);
  std::string compact;
  for (const char c : folded)
    if (c != '_') compact += c;
  const bool is_table_of_patients = has_word(words_of(folded_name(table)), k_patient_tables);
  if (has_part(compact, k_foreign_birth)) return ColumnKind::date_of_birth;
  if (has_part(compact, k_foreign_phone)) return ColumnKind::phone;
  if (has_part(compact, k_foreign_name)) return ColumnKind::person_name;
  if (has_part(compact, k_aadhaar))
    return compact.find("vid") != std::string::npos ? ColumnKind::aadhaar_vid : ColumnKind::aadhaar;
  if (has_part(compact, k_abha))
    return compact.find("addr") != std::string::npos ? ColumnKind::abha_address : ColumnKind::abha_number;
  if (compact == "vid" || compact == "virtualid") return ColumnKind::aadhaar_vid;
  if (compact == "pan" || compact == "panno" || compact == "pannumber" || compact == "pancard") return ColumnKind::pan;
  if (has_word(words, k_birth) || compact == "dateofbirth" || compact == "birthdate") return ColumnKind::date_of_birth;
  if (has_word(words, k_email)) return ColumnKind::email;
  if (has_word(words, k_number_words) || has_part(compact, k_number_parts)) return ColumnKind::hospital_number;
  if (is_table_of_patients && compact == "id") return ColumnKind::hospital_number;
  if (has_word(words, k_phone) || compact.find("phone") != std::string::npos ||
      compact.find("mobile") != std::string::npos)
    return ColumnKind::phone;
  if (has_word(words, k_pincode)) return ColumnKind::pincode;
  const bool says_name =
      compact == "patient" || has_word(words, std::array<Words, 2>{"name", "naam"}) || has_part(compact, k_whole_names);
  if (says_name && !has_word(words, k_other_names)) return ColumnKind::person_name;
  return ColumnKind::other;
}

}  // namespace lastgood::persons
