"""Plain records. Documents come from `tests/books.py`, which posts them: no impossible worlds."""

from decimal import Decimal

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from accounting.models import Account
from company.models import Company
from items.models import Item
from locations.models import Location
from parties.models import Customer, Vendor


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = get_user_model()
        django_get_or_create = ("username",)
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    password = factory.django.Password("secret-for-tests")

    @factory.post_generation
    def role(self, create, name, **more):
        """What the user may do: UserFactory(role="Sales")."""
        if name:
            self.groups.add(Group.objects.get(name=name))


class AccountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Account
        django_get_or_create = ("number",)

    number = factory.Sequence(lambda n: f"9{n:03}")
    name = factory.LazyAttribute(lambda a: f"Account {a.number}")
    type = Account.Type.EXPENSE


class LocationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Location
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda n: f"Location {n}")


class VendorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Vendor
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda n: f"Vendor {n}")


class CustomerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Customer
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda n: f"Customer {n}")


class ItemFactory(factory.django.DjangoModelFactory):
    """A serialized item on the company's default accounts; `ordinary=True` for one without."""

    class Meta:
        model = Item

    class Params:
        ordinary = factory.Trait(item_type=Item.Type.INVENTORY)

    item_type = Item.Type.SERIALIZED
    name = factory.Sequence(lambda n: f"ITEM-{n}")
    display_name = factory.LazyAttribute(lambda i: f"Display {i.name}")
    base_price = Decimal("999.00")
    purchase_price = Decimal("600.00")
    income_account = factory.LazyFunction(lambda: Company.current().income_account)
    cogs_account = factory.LazyFunction(lambda: Company.current().cogs_account)
    asset_account = factory.LazyFunction(lambda: Company.current().asset_account)
