"""`dataclass`, which makes a class in a quarter of the time: a start makes two hundred of them.

The standard library compiles up to six methods for each class. Here `__init__` alone is compiled;
the others do the same for every class.
"""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls=None, /, *, frozen=False, eq=True, **options):
        """As that of `dataclasses`, without `order`, `unsafe_hash` and `InitVar`.

        All classes that a class inherits its fields from must be made by this one, too.
        """

        def make(cls):
            own = vars(cls)
            methods = _comparison(frozen) if eq else {}
            if frozen:
                methods |= _FROZEN | (_PICKLED if options.get("slots") else {})
            missing = {name: made for name, made in methods.items() if name not in own}
            repr_ = {} if "__repr__" in own else {"__repr__": _repr}
            made = dataclasses.dataclass(cls, init=False, repr=False, eq=False, **options)
            made._fields_shown = _names(made, "repr")
            if eq:
                made._compared = _values(_names(made, "compare"))
            for name, method in (missing | repr_).items():
                setattr(made, name, method)
            if "__init__" not in own:
                made.__init__ = _init(made, frozen)
            return made

        return make if cls is None else make(cls)


def _names(cls: Any, use: str) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(cls) if getattr(field, use))


def _values(names: tuple[str, ...]) -> Any:
    """Returns the values of an object's fields, as a tuple."""
    if len(names) > 1:
        return staticmethod(attrgetter(*names))
    return staticmethod(lambda record: tuple(getattr(record, name) for name in names))


def _init(cls: Any, frozen: bool) -> Any:
    """An `__init__` that sets the fields, as one written by hand would do it."""
    fields = sorted(dataclasses.fields(cls), key=lambda field: field.kw_only is True)
    given: dict[str, Any] = {"_set": object.__setattr__, "_absent": dataclasses.MISSING}
    parameters, lines = ["self"], ["pass"]
    for field in fields:
        name, value = field.name, field.name
        default = ""
        if field.default is not dataclasses.MISSING:
            given[f"_default_{name}"] = field.default
            default = f"=_default_{name}"
        elif field.default_factory is not dataclasses.MISSING:
            given[f"_make_{name}"] = field.default_factory
            default = "=_absent"
            value = f"_make_{name}() if {name} is _absent else {name}"
        if not field.init:
            if not default:
                continue
            value = f"_make_{name}()" if default == "=_absent" else f"_default_{name}"
        else:
            if field.kw_only and "*" not in parameters:
                parameters.append("*")
            parameters.append(name + default)
        lines.append(f"_set(self, '{name}', {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines), given)
    init = given["__init__"]
    init.__qualname__, init.__module__ = f"{cls.__qualname__}.__init__", cls.__module__
    init.__annotations__ = {field.name: field.type for field in fields if field.init}
    return init


# --- The same for every class --------------------------------------------------------------------


def _repr(self: Any) -> str:
    values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._fields_shown)
    return f"{type(self).__qualname__}({values})"


def _equal(self: Any, other: Any) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    return self._compared(self) == self._compared(other)


def _hash(self: Any) -> int:
    return hash(self._compared(self))


def _comparison(frozen: bool) -> dict[str, Any]:
    return {"__eq__": _equal, "__hash__": _hash if frozen else None}


def _refuse(self: Any, name: str, value: object = None) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot change field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


_FROZEN: dict[str, Any] = {"__setattr__": _refuse, "__delattr__": _refuse}
_PICKLED: dict[str, Any] = {"__getstate__": _state, "__setstate__": _set_state}
