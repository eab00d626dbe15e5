"""What a distillation will take: the training's steps, and before them the vectors of a registered teacher."""

import dataclasses
from pathlib import Path

from pipeline.encoders.distil.distilling import Distillation
from pipeline.encoders.distil.teacher import VECTORS, RegisteredTeacher
from pipeline.encoders.train.draws import Draw
from pipeline.encoders.train.plan import TRIED, Plan, fitted


def planned(asked: Distillation, folder: Path, *, minutes: float | None = None) -> tuple[Distillation, str]:
    """What was asked, with as many steps as fit `minutes` (see `train.plan.fitted`), and the plan in words. Raises
    EncoderError where the disk has not the room."""
    fit, plan = fitted(_tried(asked), folder, minutes=minutes)
    plan = with_start(plan, asked.source)
    return dataclasses.replace(asked, schedule=fit.schedule), "; ".join([plan.words, *_before(asked, folder)])


def with_start(plan: Plan, begun: Path) -> Plan:
    """`plan` with the disk that `begun`, cut from a whole encoder (see `start.cut`), takes beside the training."""
    size = sum(file.stat().st_size for file in begun.rglob("*") if file.is_file())
    return dataclasses.replace(plan, disk_mb=plan.disk_mb + round(size / 1e6))


def _tried(asked: Distillation) -> Distillation:
    """With the teacher ready for the steps that are tried, as it is for all in the run."""
    draw = Draw(asked.lessons, asked.drawing, seed=asked.schedule.seed)
    texts = [text for step in range(TRIED) for text in draw(step).texts]
    return dataclasses.replace(asked, teacher=asked.teacher.keep(texts))


def _before(asked: Distillation, folder: Path) -> list[str]:
    teacher = asked.teacher
    if not isinstance(teacher, RegisteredTeacher):
        return []
    minutes = teacher.seconds(asked.texts, folder / VECTORS) / 60
    size = len(set(asked.texts)) * teacher.dimension * 4 / 1e6
    return [f"before that the vectors of {teacher.name}: about {minutes:.0f} minutes, {size:,.0f} MB on disk"]
