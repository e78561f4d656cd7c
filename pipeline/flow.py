"""The flow: every stage in order, each fed by those above it.

docs/flow.svg shows it. The heavy half (media, speech recognition, frames) runs once a recording and does not see the
catalogue. The light half (mentions, sightings, highlights) takes seconds and runs again when the catalogue, the
weights or people's edits change.

The annotations of stages are the wiring (engine/stage.py); this module only lists them.
"""

from collections.abc import Iterable, Sequence

from domain.catalog import Catalog
from domain.evidence import EventLog
from domain.highlight import HighlightIndex
from domain.replay import Replay, SpriteSheets
from domain.review import Edits, PublishedHighlights
from domain.session import Recording, Session, SpokenLanguage, StartTime
from domain.speech import Captions
from domain.vision import ProductPhotos
from pipeline.engine.stage import Stage, wiring_of
from pipeline.stages.highlights.align_events import AlignEvents
from pipeline.stages.highlights.assemble_highlights import AssembleHighlights
from pipeline.stages.highlights.build_features import BuildFeatures
from pipeline.stages.highlights.classify_discourse import ClassifyDiscourse
from pipeline.stages.highlights.describe_takes import DescribeTakes
from pipeline.stages.highlights.merge_review import MergeReview
from pipeline.stages.highlights.pick_thumbnails import PickThumbnails
from pipeline.stages.highlights.reword_takes import RewordTakes
from pipeline.stages.highlights.score_products import ScoreProducts
from pipeline.stages.highlights.segment_takes import SegmentTakes
from pipeline.stages.highlights.split_utterances import SplitUtterances
from pipeline.stages.highlights.write_index import WriteIndex
from pipeline.stages.media.build_timeline import BuildTimeline
from pipeline.stages.media.choose_renditions import ChooseRenditions
from pipeline.stages.media.decode_audio import DecodeAudio
from pipeline.stages.media.encode_audio import EncodeAudio
from pipeline.stages.media.encode_video import EncodeVideo
from pipeline.stages.media.probe import Probe
from pipeline.stages.media.remux import Remux
from pipeline.stages.speech.accept_mentions import AcceptMentions
from pipeline.stages.speech.extract_speech_audio import ExtractSpeechAudio
from pipeline.stages.speech.find_rescoring_windows import FindRescoringWindows
from pipeline.stages.speech.import_captions import ImportCaptions
from pipeline.stages.speech.link_mentions import LinkMentions
from pipeline.stages.speech.rescore import Rescore
from pipeline.stages.speech.transcribe import Transcribe
from pipeline.stages.vision.detect_foreground import DetectForeground
from pipeline.stages.vision.link_sightings import LinkSightings
from pipeline.stages.vision.make_sprites import MakeSprites
from pipeline.stages.vision.read_overlays import ReadOverlays
from pipeline.stages.vision.sample_frames import SampleFrames

STAGES: tuple[type[Stage], ...] = (
    Probe,
    Remux,
    BuildTimeline,
    ChooseRenditions,
    DecodeAudio,
    EncodeAudio,
    EncodeVideo,
    SampleFrames,
    MakeSprites,
    ReadOverlays,
    DetectForeground,
    ExtractSpeechAudio,
    Transcribe,
    ImportCaptions,
    LinkMentions,
    FindRescoringWindows,
    Rescore,
    AcceptMentions,
    LinkSightings,
    SplitUtterances,
    ClassifyDiscourse,
    BuildFeatures,
    AlignEvents,
    ScoreProducts,
    SegmentTakes,
    PickThumbnails,
    DescribeTakes,
    RewordTakes,
    AssembleHighlights,
    MergeReview,
    WriteIndex,
)

FILE_INPUT_TYPES: tuple[type, ...] = (Session, SpokenLanguage, StartTime, Recording, Catalog, ProductPhotos, EventLog)
INPUT_TYPES: tuple[type, ...] = (*FILE_INPUT_TYPES, Edits, PublishedHighlights)
"""What comes in with every session; `Captions` come with some. `Edits` and `PublishedHighlights` come from the ledger,
empty where people did nothing yet."""

OUTPUT_TYPES: tuple[type, ...] = (HighlightIndex, Replay, SpriteSheets)
"""The results: a session is delivered when all of these are there."""

SPEECH_STAGES: tuple[type[Stage], ...] = (Transcribe, Rescore)
CAPTION_STAGES: tuple[type[Stage], ...] = (ImportCaptions, AcceptMentions)
"""The two ways to a transcript and its mentions: a session needs one of them."""


def select_stages(stages: Iterable[Stage], *, has_captions: bool) -> tuple[Stage, ...]:
    """The stages that a session needs: given captions replace ASR, and what only ASR needs."""
    excluded = SPEECH_STAGES if has_captions else CAPTION_STAGES
    return required_stages(OUTPUT_TYPES, [stage for stage in stages if not isinstance(stage, excluded)])


def input_types(*, has_captions: bool) -> tuple[type, ...]:
    return (*INPUT_TYPES, Captions) if has_captions else INPUT_TYPES


def required_stages(output_types: Iterable[type], stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """Those of `stages`, in order, that something on the way to `output_types` needs."""
    needed_types = set(output_types)
    selected: list[Stage] = []
    for stage in reversed(stages):
        contract = wiring_of(type(stage))
        if contract.output_type in needed_types:
            needed_types |= contract.required_types
            selected.append(stage)
    return tuple(reversed(selected))
