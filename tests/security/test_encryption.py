"""`--encrypt`: a packet's file opens with its password and with nothing else; the password is told nowhere but once."""

from __future__ import annotations

import re
import shutil
import sqlite3
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import openpyxl
import pikepdf
import pypdfium2
import pytest

from handouts.run.making import Task
from handouts.run.plan import Job
from tests.run.making import (
    MOMENTS,
    Desk,
    Done,
    Made,
    Row,
    command,
    desk,
    handouts,
    mentions,
    squeezed,
    started,
    struck_at_moments,
    texts_by_pdfium,
)
from tests.security.marked import people, random_passwords, secrets, told

OWN = "Zqpass!-own-{:03}"


def rows(count: int) -> list[Row]:
    """Patients of whom every second has a password of the list's."""
    return [each | {"password": OWN.format(number) if number % 2 else ""} for number, each in enumerate(people(count))]


@pytest.fixture
def place(tmp_path: Path) -> Desk:
    return desk(tmp_path, rows(4))


def password(packet: Mapping[str, str], random: Mapping[str, str]) -> str:
    """What a packet of `rows` should open with."""
    number = int(packet["appointment_id"].removeprefix("A-")) - 1
    return OWN.format(number) if number % 2 else random[packet["packet_id"]]


def opened(made: Made) -> list[str]:
    """The text of each packet of a run of `rows`, opened with its password."""
    random = random_passwords(made.path)
    return [text_by_pdfium(made.file(each), password(each, random)) for each in made.packets]


def text_by_pdfium(file: Path, secret: str) -> str:
    with pypdfium2.PdfDocument(file, password=secret) as document:
        return squeezed(" ".join(page.get_textpage().get_text_range() for page in document))


@pytest.mark.parametrize("how", [[], ["--jobs", "2"]], ids=["one process", "workers"])
def test_every_packet_opens_with_its_password_and_says_what_it_would_say_without(
    tmp_path: Path, how: list[str]
) -> None:
    place = desk(tmp_path, rows(36))
    assert command(*place.arguments("--encrypt", *how)).code == 0
    locked = Made(place.out)
    assert handouts(*place.arguments("--overwrite", out=place.folder / "plain")).code == 0
    plain = Made(place.folder / "plain")

    def without_ids(texts: list[str]) -> list[str]:
        # packet ids stand on the pages, and differ between the two runs
        return [re.sub(r"\b[0-9A-Z]{5}(-[0-9A-Z]{5}){3}\b", "", each) for each in texts]

    expected = [squeezed(" ".join(texts_by_pdfium(plain.file(each)))) for each in plain.packets]
    assert without_ids(opened(locked)) == without_ids(expected)


def test_other_programs_agree(place: Desk) -> None:
    assert place.generate("--encrypt").code == 0
    made, random = Made(place.out), random_passwords(place.out)
    for packet in made.packets:
        file, secret = made.file(packet), password(packet, random)
        shown = started(["qpdf", "--show-encryption", f"--password={secret}", file])
        assert shown.code == 0, shown.err
        assert "R = 6" in shown.out
        assert "stream encryption method: AESv3" in shown.out
        assert "string encryption method: AESv3" in shown.out
        assert "extract for accessibility: allowed" in shown.out
        assert "not allowed" not in shown.out
        assert started(["qpdf", "--check", f"--password={secret}", file]).code == 0
        with pikepdf.open(file, password=secret) as document:
            assert document.encryption.bits == 256
            assert len(document.pages) == packet["pages"]
        texts = started(["pdftotext", "-upw", secret, file, "-"])
        number = int(packet["appointment_id"].removeprefix("A-"))
        assert f"Zqfamily{number:03}" in texts.out
        assert text_by_pdfium(file, secret)


@pytest.mark.parametrize("wrong", ["", "Zqpass!-own-002", "zqpass!-own-001"])
def test_without_its_password_a_packet_opens_nowhere(place: Desk, wrong: str) -> None:
    assert place.generate("--encrypt").code == 0
    made = Made(place.out)
    (packet,) = [each for each in made.packets if each["appointment_id"] == "A-0002"]
    file = made.file(packet)
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(file, password=wrong)
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(file, password=wrong or None)
    done = started(["pdftotext", *(["-upw", wrong] if wrong else []), file, "-"])
    assert (done.code != 0, done.out) == (True, "")
    assert not mentions([file.read_bytes().decode("latin-1")], secrets(people(4)))


def test_the_print_run_is_for_the_printer_and_not_locked(place: Desk) -> None:
    assert place.generate("--encrypt").code == 0
    assert len(texts_by_pdfium(Made(place.out).print_run)) >= 4


def test_passwords_are_listed_by_row_and_packet_and_stand_nowhere_else(place: Desk) -> None:
    done = place.generate("--encrypt", "--json")
    again = place.generate("--encrypt", "--resume")
    assert (done.code, again.code) == (0, 0)
    assert f"Passwords of the packets:  {place.out / 'passwords.csv'}" in again.out
    file = place.out / "passwords.csv"
    random = random_passwords(place.out)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text(encoding="utf-8")
    assert text.splitlines()[0] == "source,packet_id,password"
    assert [line.partition(",")[0] for line in text.splitlines()[1:]] == ["list.csv:2", "list.csv:4"]
    assert set(random) == {each["packet_id"] for each in Made(place.out).packets[::2]}
    assert all(re.fullmatch(r"([2-9A-HJKMNP-Z]{4}-){3}[2-9A-HJKMNP-Z]{4}", each) for each in random.values())
    assert len(set(random.values())) == 2
    assert not mentions([text], [*secrets(people(4)), "Zqpass"])
    said = [done.out, done.err, again.out, again.err]
    said += [text for text in told(Done(0, "", ""), place.out) if text != file.read_bytes().decode()]
    assert not mentions(said, [*random.values(), "Zqpass"])


def test_no_list_of_passwords_where_every_row_has_its_own(tmp_path: Path) -> None:
    place = desk(tmp_path, [each | {"password": "correct-horse"} for each in people(2)])
    done = place.generate("--encrypt")
    assert (done.code, "passwords.csv" in done.out) == (0, False)
    assert not (place.out / "passwords.csv").exists()


def test_a_password_of_signs_only_locks_its_packet(tmp_path: Path) -> None:
    place = desk(tmp_path, [each | {"password": "!$%&/()=?*"} for each in people(1)])
    assert place.generate("--encrypt").code == 0
    (packet,) = Made(place.out).packets
    assert "Zqgiven001" in text_by_pdfium(Made(place.out).file(packet), "!$%&/()=?*")


@pytest.mark.parametrize("given", ["", "--", "----------", "N/A", "not available"])
def test_what_says_that_there_is_no_password_is_none(tmp_path: Path, given: str) -> None:
    place = desk(tmp_path, [each | {"password": given} for each in people(1)])
    assert place.generate("--encrypt").code == 0
    assert not [code for _, code, _ in Made(place.out).problems if code == "password-not-usable"]
    assert len(random_passwords(place.out)) == 1


@pytest.mark.parametrize(
    "given", ["short", "with a space", "paßwortpaßwort", "x" * 128, "naïveté!", "2026-12-01 09:00"]
)
def test_a_password_that_cannot_be_used_is_told_and_a_random_one_made(tmp_path: Path, given: str) -> None:
    place = desk(tmp_path, [each | {"password": given} for each in people(1)])
    done = place.generate("--encrypt")
    assert done.code == 0
    assert ("list.csv:2", "password-not-usable", "printed") in Made(place.out).problems
    assert not mentions([done.out, done.err], [given])
    (packet,) = Made(place.out).packets
    assert "Zqgiven001" in text_by_pdfium(
        Made(place.out).file(packet), random_passwords(place.out)[packet["packet_id"]]
    )


def test_a_password_of_a_spreadsheets_number_is_its_digits(tmp_path: Path) -> None:
    place = desk(tmp_path, people(1))
    place.listed.unlink()
    book = openpyxl.Workbook()
    (row,) = people(1)
    row = {name: value for name, value in row.items() if name != "password"}
    book.worksheets[0].append([*row, "Password"])
    book.worksheets[0].append([*row.values(), 12345678])
    book.save(place.folder / "list.xlsx")
    done = handouts("generate", place.folder / "list.xlsx", "--clinic", place.clinic, "--out", place.out, "--encrypt")
    assert done.code == 0, done.err
    (packet,) = Made(place.out).packets
    assert "Zqgiven001" in text_by_pdfium(Made(place.out).file(packet), "12345678")


def test_passwords_that_nobody_asked_to_use_are_told_once_and_lock_nothing(place: Desk) -> None:
    done = place.generate()
    assert done.code == 0
    assert [each for each in Made(place.out).problems if "password" in each[1]] == [
        ("list.csv", "passwords-not-used", "printed")
    ]
    assert texts_by_pdfium(Made(place.out).file(Made(place.out).packets[1]))


def test_the_same_row_twice_with_two_passwords_is_not_the_same_appointment(tmp_path: Path) -> None:
    (row,) = people(1)
    place = desk(tmp_path, [row | {"password": "first-one"}, row | {"password": "second-one"}])
    done = place.generate("--encrypt")
    assert (done.code, "with other content" in done.err) == (4, True)
    assert not mentions([done.out, done.err], ["first-one", "second-one"])


# -- what the files say of themselves --------------------------------------------------------------


def claims(file: Path, secret: str) -> tuple[str, str]:
    """Which PDF/A and which PDF/UA a file says that it keeps to."""
    with pikepdf.open(file, password=secret) as document, document.open_metadata() as said:
        return said.pdfa_status, str(said.get("pdfuaid:part", ""))


def test_locked_files_claim_to_be_accessible_and_not_to_be_archival(place: Desk) -> None:
    assert place.generate("--encrypt").code == 0
    made, random = Made(place.out), random_passwords(place.out)
    for packet in made.packets:
        with (
            pikepdf.open(made.file(packet), password=password(packet, random)) as document,
            document.open_metadata() as said,
        ):
            assert said.pdfa_status == ""
            assert said.get("pdfuaid:part") == "1"
    with pikepdf.open(made.print_run) as document, document.open_metadata() as said:
        assert (said.pdfa_status, said.get("pdfuaid:part")) == ("2A", "1")


def test_what_stays_readable_of_a_locked_file_is_no_digest_of_its_pages(place: Desk) -> None:
    first, second = place.out, place.folder / "second"
    assert place.generate("--encrypt").code == place.generate("--encrypt", out=second).code == 0
    identifiers = []
    for packet in Made(first).packets:
        for folder in (first, second):
            with pikepdf.open(folder / packet["file"], password=password(packet, random_passwords(folder))) as document:
                identifiers.append(bytes(document.trailer["/ID"][0]))
    assert len(set(identifiers)) == len(identifiers) == 8


# -- interrupted -----------------------------------------------------------------------------------


def recorded(folder: Path) -> set[tuple[str, str]]:
    """What the journal says is safe: file and SHA-256."""
    with sqlite3.connect(folder / "journal.sqlite") as journal:
        return set(journal.execute("SELECT file, sha256 FROM packet"))


@pytest.mark.parametrize("signal", ["SIGKILL", "SIGINT"])
@MOMENTS
def test_a_run_stopped_at_any_moment_is_resumed_and_every_packet_opens(tmp_path: Path, signal: str, every: int) -> None:
    place = desk(tmp_path, rows(3))
    assert place.generate("--encrypt").code == 0
    expected = len(opened(Made(place.out)))
    kept = 0
    for each in struck_at_moments(signal, every, tmp_path / "runs", [*place.wanted, "--encrypt"]):
        begun = (each.out / "journal.sqlite").exists()
        safe = recorded(each.out) if begun and (each.out / "journal.sqlite").stat().st_size else set()
        known = random_passwords(each.out) if (each.out / "passwords.csv").exists() else {}
        done = place.generate("--encrypt", *(["--resume"] if begun else []), out=each.out)
        assert done.code == 0, (each.out.name, done.err)
        made = Made(each.out)
        assert len(opened(made)) == expected
        assert known.items() <= random_passwords(each.out).items()
        assert safe <= recorded(each.out)  # a packet that was safe is not encrypted again
        assert safe <= set(made.digests().items())
        kept += len(safe)
    assert kept > 20 // every


def test_a_lost_list_of_passwords_is_made_anew_with_the_files(place: Desk) -> None:
    assert place.generate("--encrypt").code == 0
    before, lost = Made(place.out).digests(), random_passwords(place.out)
    (place.out / "passwords.csv").unlink()
    done = place.generate("--encrypt", "--resume")
    assert (done.code, "(2 were there already)" in done.out) == (0, True)
    made = Made(place.out)
    assert not set(lost.values()) & set(random_passwords(place.out).values())
    assert len(opened(made)) == 4
    after = made.digests()
    assert [after[each["file"]] == before[each["file"]] for each in made.packets] == [False, True, False, True]
    assert all(after[each["file"]] == each["sha256"] for each in made.packets)


@MOMENTS
def test_a_run_whose_list_of_passwords_was_lost_may_be_stopped_at_any_moment_too(tmp_path: Path, every: int) -> None:
    place = desk(tmp_path, rows(3))
    assert place.generate("--encrypt").code == 0
    expected = len(opened(Made(place.out)))
    (place.out / "passwords.csv").unlink()
    for moment in range(1, 100):
        shutil.copytree(place.out, tmp_path / "runs" / f"{moment:04}")
    struck = struck_at_moments("SIGKILL", every, tmp_path / "runs", [*place.wanted, "--encrypt", "--resume"])
    assert 20 // every < len(struck) < 99 // every
    for each in struck:
        done = place.generate("--encrypt", "--resume", out=each.out)
        assert done.code == 0, (each.out.name, done.err)
        assert len(opened(Made(each.out))) == expected


def test_a_packet_that_was_changed_is_locked_again(place: Desk) -> None:
    assert place.generate("--encrypt").code == 0
    victim = Made(place.out).file(Made(place.out).packets[1])
    victim.write_bytes(b"%PDF-1.7 spoilt")
    assert "(3 were there already)" in place.generate("--encrypt", "--resume").out
    assert len(opened(Made(place.out))) == 4


def test_a_locked_run_is_not_resumed_unlocked(place: Desk) -> None:
    assert place.generate("--encrypt").code == 0
    done = place.generate("--resume")
    assert (done.code, "changed since this run began" in done.err) == (2, True)


def test_overwriting_and_purging_leave_no_password(place: Desk) -> None:
    assert place.generate("--encrypt").code == 0
    assert place.generate("--overwrite").code == 0
    assert not (place.out / "passwords.csv").exists()
    assert place.generate("--overwrite", "--encrypt").code == 0
    assert handouts("purge", place.out).code == 0
    assert not place.out.exists()


def test_a_rehearsal_of_a_locked_run_writes_no_password(place: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place.folder)
    before = sorted(place.folder.rglob("*"))
    done = place.generate("--encrypt", "--dry-run")
    assert (done.code, mentions([done.out, done.err], ["Zqpass"])) == (0, [])
    assert sorted(place.folder.rglob("*")) == before


def test_a_locked_file_is_the_same_document_to_a_reader_of_structure(place: Desk) -> None:
    assert place.generate("--encrypt").code == place.generate(out=place.folder / "plain").code == 0
    locked, plain, random = Made(place.out), Made(place.folder / "plain"), random_passwords(place.out)
    for one, other in zip(locked.packets, plain.packets, strict=True):
        kinds = []
        for file, secret in ((locked.file(one), password(one, random)), (plain.file(other), "")):
            with pikepdf.open(file, password=secret) as document:
                things = [each for each in document.objects if isinstance(each, pikepdf.Dictionary)]
                found = [str(each["/S"]) for each in things if "/S" in each]
                kinds.append((sorted(found), bool(document.Root.MarkInfo.Marked), str(document.Root.Lang)))
        assert kinds[0] == kinds[1]


def test_no_message_about_a_packet_in_hand_can_hold_its_password() -> None:
    task = Task(cast("Job", None), "packets/0001.pdf", password="Zqpass!-own-001")  # noqa: S106 - made up
    assert "packets/0001.pdf" in f"{task!r} {task}"
    assert "Zqpass" not in f"{task!r} {task}"
