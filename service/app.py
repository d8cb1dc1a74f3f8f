"""The application factory."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from models.versions import Registry
from service.access import register_access
from service.auth import Keyring
from service.body import discard_rest
from service.champion import LOOK_S, Champion
from service.desk import blueprint as desk
from service.errors import register_errors
from service.follow import Follower
from service.logs import configure_logging, request_log
from service.metrics import workers_folder
from service.observing import Observer
from service.parts import EXTENSION, Parts
from service.policy_file import PolicyFile, policy_path
from service.resources import (
    batches,
    classify,
    document,
    drift,
    files,
    health,
    models,
    moderations,
    pages,
    policy,
    promotion,
    seeds,
    shadow,
    trainings,
)
from service.settings import Settings
from service.shadow import ShadowScorer
from service.short import ShortWay
from service.store import open_store

_RESOURCES = (
    classify, pages, moderations, files, batches, policy, models, promotion, shadow, drift, seeds, trainings, health,
    document,
)  # fmt: skip


def create_app(settings: Settings) -> Flask:
    """The Flask application. It starts without a model too: /readyz then says why.

    Raises StoreError when the database cannot be opened, PolicyError when the policy cannot be used.
    """
    app = Flask("service", static_folder=None)
    # One byte more than is taken: werkzeug cuts a chunked body there without a word, and `read_bytes` refuses it.
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes + 1
    configure_logging(settings.log_format)
    engine = open_store(settings.store_url)
    champion = Champion.load(settings.models_dir, settings.key_bytes)
    app.extensions[EXTENSION] = Parts(
        settings=settings,
        engine=engine,
        keyring=Keyring(engine, open_without_keys=settings.loopback),
        champion=champion,
        follower=Follower(champion.look, LOOK_S),
        observer=Observer(_shadow_scorer(settings)),
        policies=PolicyFile(policy_path(settings)),
    )
    for resource in _RESOURCES:
        app.register_blueprint(resource.blueprint)
    app.register_blueprint(desk)
    tell = request_log(settings.log_format)
    register_access(app, tell)
    register_errors(app)
    app.after_request(discard_rest)
    app.wsgi_app = ShortWay(app.wsgi_app, app.extensions[EXTENSION], tell)  # type: ignore[method-assign] # Flask documents it
    if settings.proxies:
        _trust_proxies(app, settings.proxies)
    return app


def _shadow_scorer(settings: Settings) -> ShadowScorer:
    registry = Registry(settings.models_dir, key=settings.key_bytes)
    return ShadowScorer(registry, settings.key_bytes, workers_folder(), keep_texts=settings.shadow_texts)


def _trust_proxies(app: Flask, count: int) -> None:
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count, x_prefix=count)  # type: ignore[method-assign] # Flask documents it
