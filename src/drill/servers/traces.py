# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""What the attack leaves outside of the servers: the gateway's log of logins and of flows, and the mails of the attackers.
Written as in the third act; see make_investigation.py for what is in them."""
import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import make_investigation as scene  # noqa: E402

from attack import MAIL_ONE, MAIL_TWO  # noqa: E402


def write(site, attack_begun, last_clock):
    """Gives the truth about them; also DRILL/truth/traces.json."""
    folder = site.logs / "gateway"
    (folder / "logs").mkdir(parents=True)
    rolls = random.Random(f"traces|{site.seed}")
    truth = {"contacts": [MAIL_ONE, MAIL_TWO], "mails": []}
    scene.write_mailbox(folder, truth, last_clock, rolls)
    scene.write_gateway_logs(folder, truth, attack_begun, rolls)
    truth["first_encryption"] = attack_begun
    (site.truth / "traces.json").write_text(json.dumps(truth, indent=1) + "\n")
    return truth
