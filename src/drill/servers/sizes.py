# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""How big a drill hospital is, and its clock: everything happens before T0, 07:07 in the hospital's zone."""
import dataclasses
import datetime

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


SIZES = {
    "tiny": Size(2_000, 300, 6, 120, 400, 1_200, 900, 10, 128, 40, 30, 40, 30, 8, 6.0, 1, 8),
    "S": Size(400_000, 12_000, 36, 1_900, 40_000, 240_000, 200_000, 120, 512, 900, 400, 700, 400, 60, 20.0, 16, 48),
    "M": Size(11_000_000, 12_000, 900, 1_900, 1_200_000, 6_400_000, 5_200_000, 3_000, 512, 9_000, 4_000, 6_000, 3_000, 200, 60.0, 16, 96),
    "L": Size(38_000_000, 12_000, 3_000, 2_200, 9_000_000, 40_000_000, 36_000_000, 40_000, 512, 60_000, 20_000, 20_000, 9_000, 300, 120.0, 16, 96),
}


def day_of_drill(now=None):
    """Today, or yesterday before the hospital opens: so that what was backed up in the drill's night lies in the past."""
    now = now or datetime.datetime.now(ZONE)
    return (now - datetime.timedelta(days=0 if now.hour >= 8 else 1)).date()


def t0(day):
    return datetime.datetime(day.year, day.month, day.day, 7, 7, 0, tzinfo=ZONE)


def hospital_time(day, share):
    """Share 0 is 06:30, share 1 is 07:07."""
    return t0(day) - datetime.timedelta(minutes=37 * (1 - share))
