from hypothesis import given
from hypothesis import strategies as st

from medvlp.grounding.words import tokens
from medvlp_training.reports.clauses import split_clauses
from medvlp_training.reports.words import words_of


@given(st.text(alphabet=st.characters(codec="latin-1"), max_size=60))
def test_words_are_the_lexicons(text):
    assert [word.text for word in words_of(text)] == tokens(text)


@given(st.text(max_size=60))
def test_words_stand_where_they_say(text):
    for word in words_of(text):
        assert tokens(text[word.start : word.end])[0] == word.text


@given(
    st.lists(
        st.sampled_from(
            ["no", "effusion", ",", "and", "is", "was", "but", "nodule", ";", "seen", "?"]
        )
    )
)
def test_clauses_lose_no_word(parts):
    sentence = " ".join(parts)
    words = [word for clause in split_clauses(sentence) for word in clause.words]
    assert tuple(words) == words_of(sentence)
