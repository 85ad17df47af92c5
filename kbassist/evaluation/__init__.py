"""Measures of ranking, answers and confidence, and readers of the data they are taken on.

Standard library and numpy only. Everything is a pure function of its arguments, except the readers.
"""

from kbassist.evaluation.answers import answer_f1, exact_match, normalise_answer
from kbassist.evaluation.calibration import (
    ReliabilityBin,
    aurc,
    auroc,
    brier,
    expected_calibration_error,
    reliability,
    risk_coverage,
)
from kbassist.evaluation.data import Query, load_corpus, load_qrels, load_queries, load_unanswerable
from kbassist.evaluation.intervals import share_interval
from kbassist.evaluation.labelled import load_labelled
from kbassist.evaluation.ranking import (
    Qrels,
    Run,
    mrr,
    mrr_per_query,
    ndcg,
    ndcg_per_query,
    precision,
    precision_per_query,
    recall,
    recall_per_query,
)
from kbassist.evaluation.report import ReliabilityReport
from kbassist.evaluation.thresholds import Judged, ThresholdChoice, choose_threshold
from kbassist.evaluation.what_if import WhatIf

__all__ = [
    "Judged",
    "Qrels",
    "Query",
    "ReliabilityBin",
    "ReliabilityReport",
    "Run",
    "ThresholdChoice",
    "WhatIf",
    "answer_f1",
    "aurc",
    "auroc",
    "brier",
    "choose_threshold",
    "exact_match",
    "expected_calibration_error",
    "load_corpus",
    "load_labelled",
    "load_qrels",
    "load_queries",
    "load_unanswerable",
    "mrr",
    "mrr_per_query",
    "ndcg",
    "ndcg_per_query",
    "normalise_answer",
    "precision",
    "precision_per_query",
    "recall",
    "recall_per_query",
    "reliability",
    "risk_coverage",
    "share_interval",
]
