# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Writes documents behind a password with LibreOffice: seal_office.py COUNT PASSWORD; made-NN.docx, .doc and .odt in the current folder."""

import os
import subprocess
import sys
import time

import uno
from com.sun.star.beans import NamedValue, PropertyValue


def value(name, content):
    made = PropertyValue()
    made.Name, made.Value = name, content
    return made


def connect():
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(120):
        try:
            return resolver.resolve("uno:pipe,name=lastgood_seal;urp;StarOffice.ComponentContext")
        except Exception:  # the office program is not up yet; it raises its own kind
            time.sleep(0.5)
    raise RuntimeError("LibreOffice did not answer within a minute")


def main(count, password):
    here = os.getcwd()
    office = subprocess.Popen(
        ["soffice", "-env:UserInstallation=file://%s/profile" % here, "--headless", "--accept=pipe,name=lastgood_seal;urp;"]
    )
    context = connect()
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    names = (NamedValue("OOXPassword", password), NamedValue("CryptoType", "Standard"))
    secret = value("EncryptionData", uno.Any("[]com.sun.star.beans.NamedValue", names))
    for number in range(count):
        document = desktop.loadComponentFromURL("private:factory/swriter", "_blank", 0, (value("Hidden", True),))
        document.Text.String = "Ward list %d, invented.\n" % number * (20 + 9 * number)
        for extension, filter_name, lock in (
            ("docx", "MS Word 2007 XML", secret),
            ("doc", "MS Word 97", value("Password", password)),
            ("odt", "writer8", value("Password", password)),
        ):
            place = "file://%s/made-%02d.%s" % (here, number, extension)
            document.storeToURL(place, (value("FilterName", filter_name), lock))
        document.close(True)
    try:
        desktop.terminate()
    except Exception:  # the connection ends with the program
        pass
    office.wait(60)


main(int(sys.argv[1]), sys.argv[2])
