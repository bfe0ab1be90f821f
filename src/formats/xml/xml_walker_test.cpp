// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that XML is read to the end tag of its root, and that a cut or encrypted document is not.
#include "formats/xml/xml_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Xml, k_xml_format, "xml", {});

}  // namespace lastgood::formats
