"""Text swapping: which sentence of a report is replaced by which sentence of another.

MLIP (Li et al., CVPR 2024, arXiv 2402.02045) names the proxy task [P]; what is swapped is [R]. A
sentence changes place after the text encoder, as the features of its tokens: nothing before the
encoder may mix samples. Features of one report know of each other, so part of the task can be solved
without the image.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class SentenceSwaps:
    """Sentence ``sentences[n]`` of report ``rows[n]`` gives way to one of another report.

    Parameters
    ----------
    rows, sentences
        ``(n,)`` int64: reports of the batch, and the number of the sentence.
    donors, donor_sentences
        ``(n,)`` int64: the same of what takes its place.
    """

    rows: Tensor
    sentences: Tensor
    donors: Tensor
    donor_sentences: Tensor

    def tokens(self, features: Tensor, sentence_of_token: Tensor) -> tuple[Tensor, Tensor]:
        """Features ``(2n, 2L, H)`` and which of them are used, ``(2n, 2L)``: untouched, then swapped.

        Both halves are laid out alike (the rest of the report, then the sentence in question), so that
        only its content tells them apart.

        Parameters
        ----------
        features
            ``(B, L, H)`` of text tokens.
        sentence_of_token
            ``(B, L)`` int64, -1 for none.
        """
        whose = sentence_of_token[self.rows]
        rest = (whose >= 0) & (whose != self.sentences[:, None])
        own = whose == self.sentences[:, None]
        foreign = sentence_of_token[self.donors] == self.donor_sentences[:, None]
        report = features[self.rows]
        return (
            torch.cat([report.repeat(2, 1, 1), torch.cat([report, features[self.donors]])], 1),
            torch.cat([rest.repeat(2, 1), torch.cat([own, foreign])], 1),
        )


def choose_swaps(
    input_ids: Tensor, sentence_of_token: Tensor, forbidden: Tensor, draws: Tensor
) -> SentenceSwaps:
    """For each report that has one, a sentence and its replacement, which the report does not say.

    Parameters
    ----------
    input_ids, sentence_of_token
        ``(B, L)`` int64; sentence -1 for no sentence.
    forbidden
        ``(B, B)`` bool: reports that may not give each other sentences (the same, one patient's).
    draws
        ``(B, 3)`` in [0, 1): chance of the sentence, the donor and the donor's sentence.
    """
    reports = list(_sentences(input_ids, sentence_of_token))
    allowed = (~forbidden).tolist()
    chosen = []
    for row, (sentence, donor, donor_sentence) in enumerate(draws.tolist()):
        first = row + 1 + int(donor * (len(reports) - 1))
        for other in (n % len(reports) for n in range(first, first + len(reports))):
            new = [n for n, text in reports[other].items() if text not in reports[row].values()]
            if allowed[row][other] and reports[row] and new:
                own = list(reports[row])[int(sentence * len(reports[row]))]
                chosen.append((row, own, other, new[int(donor_sentence * len(new))]))
                break
    columns = torch.tensor(chosen, dtype=torch.int64, device=input_ids.device).reshape(-1, 4)
    return SentenceSwaps(*columns.unbind(1))


def _sentences(
    input_ids: Tensor, sentence_of_token: Tensor
) -> Iterator[dict[int, tuple[int, ...]]]:
    """Of each report, the tokens of each sentence by its number."""
    for ids, numbers in zip(input_ids.tolist(), sentence_of_token.tolist(), strict=True):
        found: dict[int, tuple[int, ...]] = {}
        for token, number in zip(ids, numbers, strict=True):
            if number >= 0:
                found[number] = (*found.get(number, ()), token)
        yield found
