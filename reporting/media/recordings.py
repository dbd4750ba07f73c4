"""From hostile bytes to a clean recording. The type is decided by decoding; whatever cannot be decoded is a fault, never an error.

What comes out is one mono AAC track in MP4, which every browser plays, of at most three minutes. It is encoded anew and not
only packed anew: encoders were seen to write their name into the sound's own packets.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer

from reporting.media.decoding import Fault

CONTAINERS = {b"\x1aE\xdf\xa3": "matroska", b"OggS": "ogg"}
"""By their first bytes. Anything else is tried as MP4. Never left to FFmpeg: among what it knows are play lists that name files."""
CODECS = ("opus", "aac")
"""What phones record in."""
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


def listen(content: bytes) -> Recording | Fault:
    """The clean recording, or why there is none: `empty`, `not_a_recording`, `too_long`, or `broken_sound`."""
    if not content:
        return Fault("empty")
    out = io.BytesIO()
    try:
        with av.open(io.BytesIO(content), "r", format=_container(content), metadata_errors="ignore") as source:
            if not _is_sound_alone(source):
                return Fault("not_a_recording")
            with av.open(out, "w", format="mp4", options={"fflags": "+bitexact"}) as target:
                samples = _encode(source, target)
    except Exception:  # whatever hostile bytes make a decoder raise
        return Fault("not_a_recording" if out.tell() == 0 else "broken_sound")
    if samples is None:
        return Fault("too_long")
    return Recording(out.getvalue(), samples * 1000 // RATE) if samples else Fault("broken_sound")


def _container(content: bytes) -> str:
    return CONTAINERS.get(content[:4], "mp4")


def _is_sound_alone(source: InputContainer) -> bool:
    sounds = source.streams.audio
    return len(source.streams) == len(sounds) == 1 and sounds[0].codec_context.name in CODECS


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
