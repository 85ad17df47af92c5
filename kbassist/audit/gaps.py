"""What people ask and the knowledge does not answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from kbassist.audit.material import AuditInput, LoggedQuestion, finding
from kbassist.text.subjects import Subjects
from kbassist.types import Finding

CHECK = "gaps"

_ALIKE = 0.5  # Jaccard of the words that carry the subject
_POPULAR = 3


@dataclass(slots=True)
class _Cluster:
    """Questions like the first of them. The first stays when the log grows, and so does the id."""

    keys: frozenset[str]
    questions: list[LoggedQuestion] = field(default_factory=list)


def gaps(material: AuditInput) -> list[Finding]:
    """One finding for each subject that was handed to a person, the most often asked first.

    Questions that share half of the words that carry their subject are one subject. From three
    questions on it is a warning.
    """
    handed_over = (question for question in material.questions if question.status == "handoff")
    clusters = _clusters(handed_over, Subjects(material.analyze))
    clusters.sort(key=lambda cluster: -len(cluster.questions))
    return [_finding(material, cluster) for cluster in clusters]


def _clusters(questions: Iterable[LoggedQuestion], subjects: Subjects) -> list[_Cluster]:
    clusters: list[_Cluster] = []
    holding: dict[str, list[int]] = defaultdict(list)
    for question in sorted(questions, key=lambda question: (question.at, question.id)):
        keys = frozenset(subjects.keys(question.question))
        if not keys:
            continue
        shared = Counter(index for key in keys for index in holding[key])
        best = max(
            shared,
            key=lambda index: (_similarity(shared[index], keys, clusters[index].keys), -index),
            default=None,
        )
        if best is None or _similarity(shared[best], keys, clusters[best].keys) < _ALIKE:
            best = len(clusters)
            clusters.append(_Cluster(keys))
            for key in keys:
                holding[key].append(best)
        clusters[best].questions.append(question)
    return clusters


def _similarity(common: int, one: frozenset[str], other: frozenset[str]) -> float:
    return common / (len(one) + len(other) - common)


def _finding(material: AuditInput, cluster: _Cluster) -> Finding:
    asked = len(cluster.questions)
    wordings = Counter(question.question.strip() for question in cluster.questions)
    example = wordings.most_common(1)[0][0]
    return finding(
        CHECK,
        "warning" if asked >= _POPULAR else "info",
        (),
        material.say(
            f"Pytanie bez odpowiedzi (zadane: {asked}): „{example}”",
            f"Question without an answer (asked: {asked}): “{example}”",
        ),
        material.say(
            "Dodaj treść, która na nie odpowiada, albo zatwierdź tę, która czeka.",
            "Add a text that answers it, or approve the one that waits.",
        ),
        values=cluster.keys,
    )
