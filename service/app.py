"""The application factory."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from service.access import register_access
from service.auth import Keyring
from service.body import discard_rest
from service.champion import Champion
from service.desk import blueprint as desk
from service.errors import register_errors
from service.logs import configure_logging
from service.parts import EXTENSION, Parts
from service.policy import Policy
from service.resources import classify, document, health, models, pages
from service.settings import Settings
from service.store import open_store


def create_app(settings: Settings) -> Flask:
    """The Flask application. It starts without a model too: /readyz then says why.

    Raises StoreError when the database cannot be opened.
    """
    app = Flask("service", static_folder=None)
    # One byte more than is taken: werkzeug cuts a chunked body there without a word, and `read_bytes` refuses it.
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes + 1
    configure_logging(settings.log_format)
    engine = open_store(settings.store_url)
    app.extensions[EXTENSION] = Parts(
        settings=settings,
        engine=engine,
        keyring=Keyring(engine, open_without_keys=settings.loopback),
        champion=Champion.load(settings.models_dir, settings.key_bytes),
        policy=Policy(),
    )
    for resource in (classify, pages, models, health, document):
        app.register_blueprint(resource.blueprint)
    app.register_blueprint(desk)
    register_access(app)
    register_errors(app)
    app.after_request(discard_rest)
    if settings.proxies:
        _trust_proxies(app, settings.proxies)
    return app


def _trust_proxies(app: Flask, count: int) -> None:
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count, x_prefix=count)  # type: ignore[method-assign] # Flask documents it
