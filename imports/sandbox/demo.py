"""The account one finds on starting the sandbox. Names are invented; some are those of the documents' examples."""

from .catalogue import Catalogue, DatabaseInfo, Resource, Scenario, Segment
from .fields import Field

LEVELS = ("bronze", "silver", "gold")
FIELDS: tuple[Field, ...] = (
    Field("Custom_ID", "integer", "Номер клиента"),
    Field("CRM_ID", "line", "Код в CRM"),
    Field("card_number", "line", "Номер карты"),
    Field("level", "enum", "Уровень карты", LEVELS),
    Field("points", "integer", "Баллы"),
    Field("spent", "float", "Сумма покупок"),
    Field("last_purchase", "date", "Последняя покупка"),
    Field("vip", "boolean", "VIP"),
    Field("interests", "tags", "Интересы"),
    Field("signup_ip", "ip", "IP при регистрации"),
    Field("source", "line", "Источник"),
    Field("consent", "boolean", "Согласие на рассылку"),
    Field("notes", "line", "Заметки"),
    Field("address", "object", "Адрес"),
    Field("orders", "objects", "Заказы"),
    Field("custom_field", "line", "Дополнительное поле"),
)
_EVERY_CHANNEL = ("email", "sms", "push", "whatsapp", "viber", "telegram_bot", "notify")
_SUBSCRIPTION_FIELDS = ("custom_field", "custom_field_1")


def demo_catalogue() -> Catalogue:
    """Two databases, two resources, two scenarios, four segments; a new set at every call."""
    databases = (
        DatabaseInfo(1, "Покупатели", "Покупатели магазинов и сайта", 1, FIELDS, "Розница"),
        DatabaseInfo(5, "Newsletter", "Readers of the newsletter", 2, FIELDS, "Content"),
    )
    resources = (
        Resource(1, "Новости", _EVERY_CHANNEL, (1, 5), "https://news.example.com", _SUBSCRIPTION_FIELDS),
        Resource(28, "Акции", ("email", "sms"), (1,), "https://shop.example.com", _SUBSCRIPTION_FIELDS),
    )
    scenarios = (Scenario(12, "Welcome", 1, True), Scenario(13, "Second letter", 5, False))
    segments = (
        Segment(2, "Постоянные покупатели", 1, True),
        Segment(3, "Покупали в этом месяце", 1, False),
        Segment(6, "Участники опроса", 1, True),
        Segment(9, "Active readers", 5, True),
    )
    return Catalogue(
        {database.id: database for database in databases},
        {resource.id: resource for resource in resources},
        {scenario.id: scenario for scenario in scenarios},
        {segment.id: segment for segment in segments},
    )
