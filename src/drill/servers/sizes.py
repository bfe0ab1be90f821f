# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""How big a drill hospital is, and its clock: everything happens before T0, 07:07 in the hospital's zone."""
import dataclasses
import datetime

GB = 10**9
ZONE = datetime.timezone(datetime.timedelta(hours=5, minutes=30))


@dataclasses.dataclass(frozen=True)
class Size:
    patients: int
    appointments_a_day: int
    days: int            # of appointments, before and after today
    in_patients: int
    past_admissions: int
    orders: int
    bills: int
    images: int
    image_side: int
    reports: int
    mails: int
    home_files: int
    share_files: int
    file_kib: int
    seconds_of_work: float   # how long the hospital works before it is struck, by the real clock
    wal_segment_mib: int
    redo_mib: int
    room_bytes: int          # that a play takes at most, with backups and kept originals


SIZES = {
    "tiny": Size(2_000, 300, 6, 120, 400, 1_200, 900, 10, 128, 40, 30, 40, 30, 8, 6.0, 1, 8, 2 * GB),
    "S": Size(400_000, 12_000, 36, 1_900, 40_000, 240_000, 200_000, 120, 512, 900, 400, 700, 400, 60, 20.0, 16, 48, 8 * GB),
    "SM": Size(2_750_000, 12_000, 225, 1_900, 300_000, 1_600_000, 1_300_000, 750, 512, 2_250, 1_000, 1_500, 750, 200, 30.0, 16, 96, 24 * GB),
    "M": Size(11_000_000, 12_000, 900, 1_900, 1_200_000, 6_400_000, 5_200_000, 3_000, 512, 9_000, 4_000, 6_000, 3_000, 200, 60.0, 16, 96, 90 * GB),
    "L": Size(38_000_000, 12_000, 3_000, 2_200, 9_000_000, 40_000_000, 36_000_000, 40_000, 512, 60_000, 20_000, 20_000, 9_000, 300, 120.0, 16, 96, 400 * GB),
}


def add_options(options):
    """How the five servers are played; for every script that plays them."""
    options.add_argument("--size", choices=SIZES, default="S", help="of the five servers (default: S)")
    options.add_argument("--seed", type=int, default=20221123, help="the same number makes the same hospital")
    options.add_argument("--watch", action="store_true", help="slowly, for an audience, with what the program prints")
    options.add_argument("--keep", action="store_true", help="leave the five servers running at the end, until Enter")


def day_of_drill(now=None):
    """Today, or yesterday before the hospital opens: so that what was backed up in the drill's night lies in the past."""
    now = now or datetime.datetime.now(ZONE)
    return (now - datetime.timedelta(days=0 if now.hour >= 8 else 1)).date()


def t0(day):
    return datetime.datetime(day.year, day.month, day.day, 7, 7, 0, tzinfo=ZONE)


def hospital_time(day, share):
    """Share 0 is 06:30, share 1 is 07:07."""
    return t0(day) - datetime.timedelta(minutes=37 * (1 - share))
