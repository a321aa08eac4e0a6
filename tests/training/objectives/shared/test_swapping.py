from __future__ import annotations

import torch

from medvlp_training.objectives.shared.swapping import choose_swaps

# Three reports of two sentences, two tokens each, between [CLS] and [SEP].
IDS = torch.tensor([[2, 11, 12, 13, 14, 3], [2, 21, 22, 13, 14, 3], [2, 31, 32, 33, 34, 3]])
SENTENCES = torch.tensor([[-1, 0, 0, 1, 1, -1]] * 3)
SELF = torch.eye(3, dtype=torch.bool)


def test_a_sentence_gives_way_to_one_that_the_report_does_not_say():
    for seed in range(20):
        torch.manual_seed(seed)
        swaps = choose_swaps(IDS, SENTENCES, SELF, torch.rand(3, 3))
        assert swaps.rows.tolist() == [0, 1, 2]
        assert (swaps.rows != swaps.donors).all()
        for row, donor, chosen in zip(swaps.rows, swaps.donors, swaps.donor_sentences, strict=True):
            said = IDS[row][SENTENCES[row] >= 0].view(-1, 2).tolist()
            assert IDS[donor][SENTENCES[donor] == chosen].tolist() not in said


def test_every_sentence_and_donor_is_drawn_sometimes():
    torch.manual_seed(0)
    drawn = set()
    for _ in range(60):
        swaps = choose_swaps(IDS, SENTENCES, SELF, torch.rand(3, 3))
        drawn.add((int(swaps.sentences[2]), int(swaps.donors[2]), int(swaps.donor_sentences[2])))
    assert drawn == {(s, d, r) for s in (0, 1) for d in (0, 1) for r in (0, 1)}


def test_forbidden_donors_give_nothing():
    forbidden = SELF | torch.tensor([[0, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=torch.bool)
    swaps = choose_swaps(IDS, SENTENCES, forbidden, torch.rand(3, 3))
    assert swaps.donors[:2].tolist() == [2, 2]
    none = choose_swaps(IDS, SENTENCES, torch.ones(3, 3, dtype=torch.bool), torch.rand(3, 3))
    assert none.rows.tolist() == []


def test_equal_reports_and_reports_without_sentences_are_left_out():
    same = IDS[:1].expand(3, -1)
    assert choose_swaps(same, SENTENCES, SELF, torch.rand(3, 3)).rows.tolist() == []
    silent = SENTENCES.clone()
    silent[0] = -1
    swaps = choose_swaps(IDS, silent, SELF, torch.rand(3, 3))
    assert swaps.rows.tolist() == [1, 2]
    assert swaps.donors.tolist() == [2, 1]


def test_both_halves_hold_the_rest_of_the_report_and_differ_in_one_sentence():
    swaps = choose_swaps(IDS, SENTENCES, SELF, torch.zeros(3, 3))
    tokens, used = swaps.tokens(IDS.unsqueeze(-1).float(), SENTENCES)
    read = [sorted(row[mask].flatten().tolist()) for row, mask in zip(tokens, used, strict=True)]
    assert read[:3] == [[11, 12, 13, 14], [13, 14, 21, 22], [31, 32, 33, 34]]
    assert read[3] == [13, 14, 21, 22]  # 11 12 gave way to the next report's first new sentence
    assert read[4] == [13, 14, 31, 32]
    assert read[5] == [11, 12, 33, 34]
    assert used.sum(1).eq(4).all()


def test_one_report_alone_has_no_donor():
    swaps = choose_swaps(IDS[:1], SENTENCES[:1], SELF[:1, :1], torch.rand(1, 3))
    assert swaps.rows.numel() == 0
    tokens, used = swaps.tokens(torch.rand(1, 6, 4), SENTENCES[:1])
    assert tokens.shape == (0, 12, 4)
    assert used.shape == (0, 12)
