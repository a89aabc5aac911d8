"""What is new: the articles that changed last, as an Atom feed."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from ..models import Article


def strip_unprintable(text):
    """Without the characters that XML cannot hold."""
    return "".join(char for char in text if char.isprintable())


class ArticleFeed(Feed):
    feed_type = Atom1Feed
    subtitle = "New and changed articles about back spasms"
    link = reverse_lazy("home")
    feed_url = reverse_lazy("feed")
    language = "en"

    def title(self):
        return settings.CLINIC["name"]

    author_name = title

    def items(self):
        return sorted(Article.objects.published(), key=lambda article: article.current.live_since, reverse=True)[:20]

    def item_title(self, article):
        return strip_unprintable(article.current.title)

    def item_description(self, article):
        # Django's feed calls a summary HTML.
        return escape(strip_unprintable(article.current.summary))

    def item_updateddate(self, article):
        return article.current.live_since
