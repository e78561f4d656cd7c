"""Where Whisper computes: a processor or an NVIDIA card, and the number types that CTranslate2 has for it there."""

from domain.errors import InvalidValue, SettingsError

DEVICES = ("cpu", "cuda")
DEFAULT_DEVICE = "cpu"
DEFAULT_COMPUTE_TYPE = "int8"  # on any processor; on one that lacks it CTranslate2 takes float32


def cuda_device_count() -> int:
    """How many NVIDIA cards CTranslate2 can use on this machine; 0 where it was built without CUDA."""
    import ctranslate2

    return int(ctranslate2.get_cuda_device_count())


def require_known_device(device: str) -> None:
    """Raise InvalidValue if `device` is none of DEVICES."""
    if device not in DEVICES:
        raise InvalidValue(f"device must be 'cpu' or 'cuda', not {device!r}")


def compute_types(device: str) -> tuple[str, ...]:
    """The compute types that CTranslate2 has for `device` on this machine, by name."""
    import ctranslate2

    return tuple(sorted(ctranslate2.get_supported_compute_types(device)))


def check_device(device: str, compute_type: str, where: str) -> None:
    """Raise SettingsError, named by `where`, if this machine cannot compute so. The defaults are not checked.

    CTranslate2 itself would take another type without a word.
    """
    if (device, compute_type) == (DEFAULT_DEVICE, DEFAULT_COMPUTE_TYPE):
        return
    if device == "cuda" and not cuda_device_count():
        remedy = "set it to 'cpu', or install a card with its driver; `kandian doctor` shows what is found"
        raise SettingsError(f"{where} device", "'cuda' finds no CUDA device on this machine", remedy)
    supported = compute_types(device)
    if compute_type not in supported:
        what = f"{compute_type!r} is not supported by the {device} of this machine"
        raise SettingsError(f"{where} compute_type", what, f"supported are {', '.join(supported)}")
