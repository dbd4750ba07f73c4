"""Recordings as phones make them: WebM and Ogg with Opus, MP4 with AAC. A tone, so that it can be told from silence."""

import array
import io
import math
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

CODECS = {"webm": "libopus", "ogg": "libopus", "mp4": "aac"}
RATE = 48_000


def recorded(
    container: str,
    seconds: float = 1,
    *,
    codec: str | None = None,
    layout: str = "mono",
    rate: int = RATE,
    said: dict[str, str] | None = None,
) -> bytes:
    """A recording with words in its metadata."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as target:
        target.metadata.update(said or {})
        stream: Any = target.add_stream(codec or CODECS[container], rate=rate, layout=layout)
        resampler = AudioResampler(
            format=stream.codec_context.format,
            layout=layout,
            rate=rate,
            frame_size=stream.codec_context.frame_size or 960,
        )
        for frame in [*resampler.resample(tone(seconds)), *resampler.resample(None)]:
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return out.getvalue()


def tone(seconds: float) -> AudioFrame:
    """440 Hz."""
    samples = round(seconds * RATE)
    frame = AudioFrame(format="s16", layout="mono", samples=samples)
    wave = array.array("h", (round(8000 * math.sin(at * 440 * math.tau / RATE)) for at in range(samples)))
    frame.planes[0].update(wave.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
    frame.sample_rate, frame.pts = RATE, 0
    return frame


def loudest(content: bytes) -> int:
    """The largest sample of what a browser would play, 0 to 32,767."""
    with av.open(io.BytesIO(content), "r") as source:
        resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
        frames = [part for frame in source.decode(audio=0) for part in resampler.resample(frame)]
        return max(max(array.array("h", bytes(frame.planes[0])[: frame.samples * 2])) for frame in frames)
