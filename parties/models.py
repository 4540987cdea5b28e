"""Whom we buy from and sell to."""

from __future__ import annotations

from django.core.validators import MaxLengthValidator
from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords


class PartyQuerySet(models.QuerySet):
    def active(self) -> PartyQuerySet:
        return self.filter(inactive=False)


class Party(models.Model):
    """A person or company we trade with."""

    name = models.CharField(max_length=100, unique=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True, validators=[MaxLengthValidator(1_000)])
    inactive = models.BooleanField(default=False)

    history = HistoricalRecords(inherit=True)
    objects = PartyQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Customer(Party):
    """A party we sell to."""

    def get_absolute_url(self) -> str:
        return reverse("customers:view", args=[self.pk])


class Vendor(Party):
    """A party we buy from."""

    def get_absolute_url(self) -> str:
        return reverse("vendors:view", args=[self.pk])
