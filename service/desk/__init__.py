"""The web desk: the page at `/` where a person labels a page, and the API's docs at `/docs`."""

from service.desk.views import blueprint

__all__ = ["blueprint"]
