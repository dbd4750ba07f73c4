"""From hostile bytes to a clean recording. The type is decided by decoding; whatever cannot be decoded is a fault, never an error.

What comes out is one mono AAC track in MP4, which every browser plays, of at most three minutes. It is encoded anew and not
only packed anew: encoders were seen to write their name into the sound's own packets.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer

from reporting.media.decoding import Fault


@dataclass(frozen=True)
class Recorder:
    """What a recorder writes. Containers are known by their first bytes, and anything else is tried as MP4; never left to FFmpeg:
    among what it knows are play lists that name files.
    """

    containers: Mapping[bytes, str]
    codecs: tuple[str, ...]


PHONE_APP = Recorder({b"\x1aE\xdf\xa3": "matroska", b"OggS": "ogg"}, ("opus", "aac"))
"""Our own app, in whatever browser."""
MP3_FRAMES = (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xfa", b"\xff\xf2", b"\xff\xe3")
ANY_RECORDER = Recorder(
    {**PHONE_APP.containers, **dict.fromkeys(MP3_FRAMES, "mp3"), b"#!AMR": "amr", b"RIFF": "wav"},
    (*PHONE_APP.codecs, "mp3float", "amrnb", "amrwb", "pcm_s16le"),
)
"""What an office may have: the app of some telephone, a dictation machine."""
RATES = range(7_350, 96_001)
"""Hertz; one packet at 1 Hz would become minutes of silence in memory."""
MOST_SECONDS = 180
SLACK_SECONDS = 5
"""A phone that stops at three minutes stops a little later."""
MOST_CHANNELS = 2
RATE = 48_000
FRAME_SAMPLES = 1024
BITS_PER_SECOND = 48_000


@dataclass(frozen=True)
class Recording:
    """A decoded and re-encoded recording: MP4 bytes and milliseconds."""

    mp4: bytes
    duration_ms: int


def listen(content: bytes, *, by: Recorder = PHONE_APP) -> Recording | Fault:
    """The clean recording, or why there is none: `empty`, `not_a_recording`, `too_long`, or `broken_sound`."""
    if not content:
        return Fault("empty")
    out = io.BytesIO()
    try:
        with av.open(io.BytesIO(content), "r", format=_container(content, by), metadata_errors="ignore") as source:
            if not _is_sound_alone(source, by):
                return Fault("not_a_recording")
            with av.open(out, "w", format="mp4", options={"fflags": "+bitexact"}) as target:
                samples = _encode(source, target)
    except Exception:  # whatever hostile bytes make a decoder raise
        return Fault("not_a_recording" if out.tell() == 0 else "broken_sound")
    if samples is None:
        return Fault("too_long")
    return Recording(out.getvalue(), samples * 1000 // RATE) if samples else Fault("broken_sound")


def _container(content: bytes, by: Recorder) -> str:
    return next((name for start, name in by.containers.items() if content.startswith(start)), "mp4")


def _is_sound_alone(source: InputContainer, by: Recorder) -> bool:
    sounds = source.streams.audio
    return len(source.streams) == len(sounds) == 1 and sounds[0].codec_context.name in by.codecs


def _encode(source: InputContainer, target: OutputContainer) -> int | None:
    """How many samples were written; None when there are too many."""
    track: AudioStream = target.add_stream("aac", rate=RATE, layout="mono")
    track.bit_rate = BITS_PER_SECOND
    samples = 0
    for frame in _resampled(source):
        samples += frame.samples
        if samples > (MOST_SECONDS + SLACK_SECONDS) * RATE:
            return None
        frame.pts = None  # what is missing in between is not filled up: a gap of years is one line in a hostile file
        target.mux(track.encode(frame))
    target.mux(track.encode(None))
    return samples


def _resampled(source: InputContainer) -> Iterator[AudioFrame]:
    resampler = AudioResampler(format="fltp", layout="mono", rate=RATE, frame_size=FRAME_SAMPLES)
    for frame in source.decode(source.streams.audio[0]):
        if frame.sample_rate not in RATES or frame.layout.nb_channels > MOST_CHANNELS:
            raise ValueError("No phone records like this.")
        yield from resampler.resample(frame)
    yield from resampler.resample(None)
