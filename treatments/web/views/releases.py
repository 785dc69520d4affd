"""Releases of the data set: the list, the page of each, and their files at addresses that stay."""

from base64 import b64encode
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response

from treatments.filters import ReleaseFilter
from treatments.models import Release, ReleaseFile
from treatments.releases.reading import release_with_changes
from treatments.releases.reading import releases as all_releases
from treatments.web.downloads import attached
from treatments.web.presenters.releases import change_groups, count_lines, file_lines, in_words

from .pages import Context, found_page, page_problems

# What is at the address of a file is there for good.
FOR_GOOD = "public, max-age=31536000, immutable"
RELEASES_A_PAGE = 25


def releases(request: HttpRequest) -> HttpResponse:
    filterset = ReleaseFilter(request.GET, queryset=all_releases())
    filterset.passthrough = ("page",)
    problems = [*filterset.problems, *page_problems(request)]
    context: Context = {"problems": problems, "page": None}
    if not problems:
        page = found_page(request, filterset.qs, RELEASES_A_PAGE)
        page_range = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
        context |= {"page": page, "page_range": page_range, "rows": [_row(one) for one in page.object_list]}
    return render(request, "web/releases.html", context, status=400 if problems else 200)


def _row(release: Release) -> tuple[Any, ...]:
    snapshot = getattr(release, "snapshot", None)
    if snapshot is None:
        return release, None, [], []
    return release, snapshot, in_words(snapshot.change_counts), file_lines(release, snapshot.files.all())


def release(request: HttpRequest, name: str) -> HttpResponse:
    found = get_object_or_404(release_with_changes(), name=name)
    snapshot = getattr(found, "snapshot", None)
    context: Context = {"record": found, "snapshot": snapshot}
    if snapshot:
        context |= {
            "files": file_lines(found, snapshot.files.all()),
            "counts": count_lines(snapshot.counts),
            "total": sum(snapshot.counts.values()),
            "groups": change_groups(snapshot.difference.get("changes", [])),
        }
    return render(request, "web/release.html", context)


def file(request: HttpRequest, name: str, file: str) -> HttpResponseBase:
    """A file, byte for byte, with its checksum as ETag."""
    files = ReleaseFile.objects.filter(snapshot__release__name=name, name=file)
    found = files.defer("content").first()
    if found is None:
        raise Http404(f"There is no file {file} of a release {name}.")
    etag = f'"{found.sha256}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        # Asked for its head only, its content is not read.
        content = b"" if request.method == "HEAD" else bytes(found.content)
        answer = HttpResponse(content, content_type=found.media_type)
        attached(answer, found.name)
        answer["Content-Length"] = str(found.size)
        answer["Repr-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(found.sha256)).decode()}:"
    answer["ETag"] = etag
    answer["Cache-Control"] = FOR_GOOD
    return answer
