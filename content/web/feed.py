"""What is new: the articles that changed last, as an Atom feed."""

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from ..models import Article

if TYPE_CHECKING:
    BaseFeed = Feed[Article, None]
else:
    BaseFeed = Feed


def strip_unprintable(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(char for char in text if char.isprintable())


class ArticleFeed(BaseFeed):
    feed_type = Atom1Feed
    subtitle = "New and changed articles about back spasms"
    link = reverse_lazy("home")
    feed_url = reverse_lazy("feed")
    language = "en"

    def title(self) -> str:
        return str(settings.CLINIC["name"])

    author_name = title

    def items(self) -> list[Article]:
        return sorted(Article.objects.published(), key=lambda article: article.live_version.live_since, reverse=True)[
            :20
        ]

    def item_title(self, article: Article) -> str:
        return strip_unprintable(article.live_version.title)

    def item_description(self, article: Article) -> str:
        # Django's feed calls a summary HTML.
        return escape(strip_unprintable(article.live_version.summary))

    def item_updateddate(self, article: Article) -> datetime.datetime:
        return article.live_version.live_since
