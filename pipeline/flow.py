"""The flow: every stage in order, each fed by what stands above it.

    Recording ► Probe ► Mend ► LineUp ─┬► DecodeSound ─► EncodeAudio ─┐          │   (the heavy half: once a recording)
                                       ├► ChooseEncoding ─► EncodeReplay ────────┤
                                  ┌────┘                                         │
                                  ├─► SampleFrames ─┬► DrawSprites ──────────────┤
                                  │                 └► ReadPictures ─► FindHeldThings ─► FindSightings (light)
                                  └─► ExtractAudio ─► Transcribe ─┐              │
    Captions ──────────────────────────► ReadCaptions (instead) ──┤              │
    Catalog ─────────────────────────────────────────────────────┴► FindMentions │   (the light half: seconds)
                 AudioTrack ─► FindDoubts ─► ListenAgain (or TrustCaptions) ─┤   │
                 ReadDiscourse ─► GatherEvidence (also what was seen) ◄──────┘   │
    EventLog ──► AlignRoom ─► ScoreProducts ─► CutTakes ─► Describe ─► MergeReview ─► WriteIndex
    Edits, Published (people's, of the ledger) ────────────────────────────┘
    Rewordings (of a language model, empty unless one is asked about what Describe gave) ───┘

Annotations are the wiring (stage.py); this module only lists.
"""

from collections.abc import Iterable, Sequence

from domain.catalog import Catalog
from domain.evidence import EventLog
from domain.highlight import Index
from domain.recording import Replay, Sprites
from domain.review import Edits, Published
from domain.rewording import Rewordings
from domain.session import Recording, Session, SpokenLanguage, StartTime
from domain.speech import Captions
from domain.vision import ProductPhotos
from pipeline.engine.stage import Stage, wiring
from pipeline.stages.highlights.align_events import AlignRoom
from pipeline.stages.highlights.build_features import GatherEvidence
from pipeline.stages.highlights.classify_discourse import ReadDiscourse
from pipeline.stages.highlights.describe_takes import Describe
from pipeline.stages.highlights.merge_review import MergeReview
from pipeline.stages.highlights.score_products import ScoreProducts
from pipeline.stages.highlights.segment_takes import CutTakes
from pipeline.stages.highlights.write_index import WriteIndex
from pipeline.stages.media.build_timeline import LineUp
from pipeline.stages.media.choose_renditions import ChooseEncoding
from pipeline.stages.media.decode_audio import DecodeSound
from pipeline.stages.media.encode_audio import EncodeAudio
from pipeline.stages.media.encode_video import EncodeReplay
from pipeline.stages.media.probe import Probe
from pipeline.stages.media.remux import Mend
from pipeline.stages.speech.extract_speech_audio import ExtractAudio
from pipeline.stages.speech.find_rescoring_windows import FindDoubts
from pipeline.stages.speech.import_captions import ReadCaptions
from pipeline.stages.speech.link_mentions import FindMentions
from pipeline.stages.speech.rescore import ListenAgain
from pipeline.stages.speech.skip_rescoring import TrustCaptions
from pipeline.stages.speech.transcribe import Transcribe
from pipeline.stages.vision.detect_foreground import FindHeldThings
from pipeline.stages.vision.link_sightings import FindSightings
from pipeline.stages.vision.make_sprites import DrawSprites
from pipeline.stages.vision.read_overlays import ReadPictures
from pipeline.stages.vision.sample_frames import SampleFrames

STAGES: tuple[type[Stage], ...] = (
    Probe,
    Mend,
    LineUp,
    ChooseEncoding,
    DecodeSound,
    EncodeAudio,
    EncodeReplay,
    SampleFrames,
    DrawSprites,
    ReadPictures,
    FindHeldThings,
    ExtractAudio,
    Transcribe,
    ReadCaptions,
    FindMentions,
    FindDoubts,
    ListenAgain,
    TrustCaptions,
    FindSightings,
    ReadDiscourse,
    GatherEvidence,
    AlignRoom,
    ScoreProducts,
    CutTakes,
    Describe,
    MergeReview,
    WriteIndex,
)

FROM_FILES: tuple[type, ...] = (Session, SpokenLanguage, StartTime, Recording, Catalog, ProductPhotos, EventLog)
GIVEN: tuple[type, ...] = (*FROM_FILES, Rewordings, Edits, Published)
"""What comes in with every session; `Captions` come with some. `Rewordings` come late where a model is asked; `Edits`
and `Published` come from the ledger, empty where people did nothing yet."""

GOALS: tuple[type, ...] = (Index, Replay, Sprites)
"""What goes out: results are delivered when all of these are there."""

FOR_SOUND: tuple[type[Stage], ...] = (Transcribe, ListenAgain)
FOR_CAPTIONS: tuple[type[Stage], ...] = (ReadCaptions, TrustCaptions)
"""Which make the same, one way or the other."""


def flow_of(stages: Iterable[Stage], *, has_captions: bool) -> tuple[Stage, ...]:
    """The stages that a session needs: given captions take the place of hearing, and of what only hearing needs."""
    unneeded = FOR_SOUND if has_captions else FOR_CAPTIONS
    return leading_to(GOALS, [stage for stage in stages if not isinstance(stage, unneeded)])


def given_with(*, has_captions: bool) -> tuple[type, ...]:
    return (*GIVEN, Captions) if has_captions else GIVEN


def leading_to(goals: Iterable[type], stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """Those of `stages`, in order, that something on the way to `goals` needs."""
    wanted = set(goals)
    kept: list[Stage] = []
    for stage in reversed(stages):
        contract = wiring(type(stage))
        if contract.output in wanted:
            wanted |= contract.needed
            kept.append(stage)
    return tuple(reversed(kept))
