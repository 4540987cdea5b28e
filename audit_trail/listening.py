"""Where the trail listens: whoever writes a record, or logs in, by whatever page, it hears of it.

Signals, because log-ins and users are Django's and the versions are django-simple-history's: there
is no line of ours that all of them pass. Nothing of posting is listened to.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from django.contrib.auth.models import Group, Permission, User
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models import Field
from django.db.models.signals import m2m_changed, post_save, pre_save
from simple_history.signals import post_create_historical_record

from audit_trail.models import AuditEvent
from audit_trail.recording import actor_of, note
from audit_trail.versions import put_on_record

Kind = AuditEvent.Kind

# Of a user. The password is told by the bare fact.
FIELDS = ("username", "first_name", "last_name", "email", "is_active", "is_staff", "is_superuser")


def begin() -> None:
    post_create_historical_record.connect(record_changed, dispatch_uid="audit trail")
    pre_save.connect(user_is_changing, sender=User, dispatch_uid="audit trail")
    post_save.connect(user_changed, sender=User, dispatch_uid="audit trail")
    for through in (User.groups.through, User.user_permissions.through, Group.permissions.through):
        m2m_changed.connect(rights_changed, sender=through, dispatch_uid=f"audit trail {through}")
    user_logged_in.connect(logged_in, dispatch_uid="audit trail")
    user_logged_out.connect(logged_out, dispatch_uid="audit trail")


def record_changed(instance: Any, history_instance: Any, **_: Any) -> None:
    put_on_record([history_instance], [instance])


def user_is_changing(instance: User, update_fields: Any = None, **_: Any) -> None:
    """Remember what the user was; logging in alone, which Django notes, is no change."""
    told = update_fields is None or set(update_fields) & {*FIELDS, "password"}
    before = User.objects.filter(pk=instance.pk).first() if instance.pk and told else None
    instance._before = before  # type: ignore[attr-defined]
    # Django sets it beside the hash where a new one was chosen, and not where it hashes anew.
    instance._chose_password = bool(before and instance._password)  # type: ignore[attr-defined]


def user_changed(instance: User, created: bool, **_: Any) -> None:
    if created:
        note(Kind.CREATED, instance)
        return
    before = instance.__dict__.pop("_before", None)
    for name in FIELDS if before else ():
        old, new = getattr(before, name), getattr(instance, name)
        if old != new:
            field = str(cast("Field", User._meta.get_field(name)).verbose_name)
            note(Kind.CHANGED, instance, field=field, old=_words(old), new=_words(new))
    if instance.__dict__.pop("_chose_password", False):
        note(Kind.PASSWORD, instance)


def _words(value: Any) -> str:
    return ("Yes" if value else "No") if isinstance(value, bool) else str(value)


VERBS = {"post_add": "new", "post_remove": "old", "pre_clear": "old"}


def rights_changed(
    instance: Any, action: str, reverse: bool, model: Any, pk_set: Any, **_: Any
) -> None:
    """Roles given to users or taken from them, and permissions of users and roles."""
    column = VERBS.get(action)
    if column is None:
        return
    others = model.objects.filter(pk__in=pk_set) if pk_set is not None else _all(instance, model)
    for other in others:
        holder, right = (other, instance) if reverse else (instance, other)
        field = "permission" if isinstance(right, Permission) else "role"
        values: dict[str, Any] = {"field": field, column: str(right)}
        note(Kind.ROLES, holder, **values)


def _all(instance: Any, model: Any) -> Any:
    """What an instance holds of a model, before all of it is taken away."""
    if isinstance(instance, User):
        return instance.groups.all() if model is Group else instance.user_permissions.all()
    if isinstance(instance, Group) and model is Permission:
        return instance.permissions.all()
    return instance.user_set.all() if model is User else instance.group_set.all()


def logged_in(request: Any, user: User, **_: Any) -> None:
    note(Kind.LOGGED_IN, user, by=_with(request, user))


def logged_out(request: Any, user: User | None, **_: Any) -> None:
    if user is not None:
        note(Kind.LOGGED_OUT, user, by=_with(request, user))


def _with(request: Any, user: User) -> Any:
    """The user, from where the request came; whoever logs in is nobody yet."""
    return replace(actor_of(request), user=user)
