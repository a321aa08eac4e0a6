"""Transfer of a pre-trained image encoder to tasks with labels: LoVT's protocol.

Müller et al., ECCV 2022, arXiv 2112.02889: linear segmentation, segmentation and detection with a
decoder (frozen and fine-tuned encoder), each with 1, 10 and 100 % of the labelled training patients.
[P] and [R] are marked where it is done. Linear classification is added.

Every task is one function of plain tensors, patients and a split; it returns scores per sample and the
patients they belong to, from which ``estimate()`` makes the figure and its interval over patients.
"""
