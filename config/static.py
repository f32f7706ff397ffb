"""How our own files are named in production: by content, the modules that a script imports included."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class NamedByContent(CompressedManifestStaticFilesStorage):
    """
    Rewrites `import "./clock.js"` too, so that a new release never runs beside a cached old module.

    Only in our own modules under js/: libraries bring examples in comments that name files which are not there.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        HashedFilesMixin._js_module_import_aggregation_patterns[1],  # type: ignore[attr-defined]
    )
