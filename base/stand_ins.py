"""Stand-ins for modules that Rasa imports and Cornavin never runs.

Rasa 3.6 imports every component and every channel it knows when it starts, and with them TensorFlow and the
SDKs of a dozen messengers. `installed()` puts hollow modules in their place while Rasa is being imported. Hollow
modules may be subclassed, called as decorators and read, as module-level code does. Once Rasa is imported they are
sealed: any further use raises `StandInUsed`, which names what was asked for. A silent stand-in once produced a model
file that could not be loaded; a sealed one cannot.
"""

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from base.errors import OperatorError

STAND_INS = frozenset(
    {
        # The learned components and policies of Rasa; ours is bot.engine.classifier, and RulePolicy learns nothing.
        "tensorflow",
        "tensorflow_addons",
        "tensorflow_text",
        "tensorflow_hub",
        "keras",
        "sklearn_crfsuite",
        # Charts of `rasa test` and `rasa visualize`; the real one is used when the development tools are installed.
        "matplotlib",
        # Rasa's own web server and channels; ours are in bot.channels.
        "sanic",
        "sanic_cors",
        "sanic_jwt",
        "sanic_routing",
        "jwt",
        "socketio",
        "engineio",
        "twilio",
        "slack_sdk",
        "slack",
        "mattermostwrapper",
        "webexteamssdk",
        "fbmessenger",
        "rocketchat_API",
        "rocketchat",
        "aiogram",
        # Tracker stores, lock stores, event brokers and model storage that Cornavin replaces with its database.
        "boto3",
        "botocore",
        "google",
        "cachecontrol",
        "pymongo",
        "redis",
        "aio_pika",
        "aiormq",
        "confluent_kafka",
        "psycopg2",
        # Telemetry, which stays off, and its error reporting.
        "sentry_sdk",
        "structlog_sentry",
        # Optional parts of Rasa Pro and of the interactive command line.
        "presidio_analyzer",
        "questionary",
        "pydot",
        "terminaltables",
        "github3",
    }
)
"""Top-level modules that are replaced when they are not installed."""


class StandInUsed(OperatorError, ModuleNotFoundError):
    """Something used a module that Cornavin does not install.

    Also a `ModuleNotFoundError`, because code that can do without a module expects one.

    Args:
        name: Dotted name of what was asked for, e.g. `tensorflow.keras.Model`.
    """

    def __init__(self, name: str) -> None:
        super().__init__(
            cause=f"{name} was used, but Cornavin does not install '{name.partition('.')[0]}'",
            remedy="choose a component or command that does not need it, "
            "or install the module and take it off the list in base/stand_ins.py",
        )
        self.name = name


class _Seal:
    """Whether Rasa has been imported, after which no stand-in may be used."""

    closed = False


class _HollowClass:
    """Base of classes that Rasa derives from a stand-in; they can be defined but not instantiated."""

    _stand_in_name = "stand-in"

    def __new__(cls, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise StandInUsed(f"{cls._stand_in_name} (through {cls.__module__}.{cls.__qualname__})")

    def __init_subclass__(cls, **_kwargs: Any) -> None:
        """Accepts the class keywords of the real base, such as `metaclass` options."""


class _Hollow:
    """Any attribute of a stand-in module: readable, callable and subclassable until sealed."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> "_Hollow":
        return _attribute(self._name, attribute)

    def __call__(self, *args: Any, **_kwargs: Any) -> Any:
        if _Seal.closed:
            raise StandInUsed(self._name)
        decorates = len(args) == 1 and isinstance(args[0], types.FunctionType | type)
        return args[0] if decorates else _Hollow(f"{self._name}()")

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[type, ...]:
        if _Seal.closed:
            raise StandInUsed(self._name)
        return (type("Hollow", (_HollowClass,), {"_stand_in_name": self._name}),)

    def __getitem__(self, _item: Any) -> "_Hollow":
        if _Seal.closed:
            raise StandInUsed(self._name)
        return self

    def __or__(self, _other: Any) -> Any:
        return self

    __ror__ = __or__

    def __instancecheck__(self, _instance: Any) -> bool:
        # Nothing can be an instance of what is not installed; Rasa asks this of ordinary values.
        return False

    def __bool__(self) -> NoReturn:
        raise StandInUsed(self._name)

    def __iter__(self) -> NoReturn:
        raise StandInUsed(self._name)

    def __hash__(self) -> int:
        return hash(self._name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hollow) and other._name == self._name


def _attribute(owner: str, attribute: str) -> _Hollow:
    if attribute.startswith("__") and attribute.endswith("__"):
        # Introspection (inspect, pickle, copy) asks for these and expects AttributeError.
        raise AttributeError(f"{owner}.{attribute}")
    if _Seal.closed:
        raise StandInUsed(f"{owner}.{attribute}")
    return _Hollow(f"{owner}.{attribute}")


class _HollowModule(types.ModuleType):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, attribute: str) -> _Hollow:
        return _attribute(self.__name__, attribute)


class _Finder:
    """Meta path finder, placed last so that a module that is really installed wins."""

    @staticmethod
    def find_spec(
        name: str, _path: Sequence[str] | None = None, _target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] not in STAND_INS:
            return None
        if _Seal.closed:
            raise StandInUsed(name)
        return importlib.machinery.ModuleSpec(name, _Loader(), is_package=True)


class _Loader(importlib.abc.Loader):
    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _HollowModule(spec.name)

    def exec_module(self, _module: types.ModuleType) -> None:
        """A hollow module has nothing to execute."""


@contextmanager
def installed() -> Iterator[None]:
    """Lets Rasa be imported without the modules in `STAND_INS`, then seals them.

    Raises:
        StandInUsed: From then on, whenever something uses a stand-in.
    """
    if _Finder not in sys.meta_path:
        sys.meta_path.append(_Finder)
    _Seal.closed = False
    try:
        yield
    finally:
        _Seal.closed = True
        # Others look here to learn what is installed: matplotlib asks TensorFlow, if it is there, about each array.
        for name in [name for name, module in sys.modules.items() if isinstance(module, _HollowModule)]:
            del sys.modules[name]


@contextmanager
def named() -> Iterator[None]:
    """Lets the use of a stand-in surface as what it is, where Rasa wraps it in an error that names only a component.

    Raises:
        StandInUsed: When it is the cause of whatever is raised inside.
    """
    try:
        yield
    except Exception as error:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, StandInUsed):
            cause = cause.__cause__ or cause.__context__
        if cause is None:
            raise
        raise cause from None
