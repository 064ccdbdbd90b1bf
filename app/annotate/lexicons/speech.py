"""Words of cues that report speech or writing, as against beliefs, findings, attitudes and acts.

Source: the commonest cues of PolNeAR's training articles, sorted by hand; licence as the project.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+(?:[’'\-.]\w+)*")
_SPEECH = """
    acknowledge acknowledges acknowledged acknowledging add adds added adding admit admits admitted admitting
    allege alleges alleged alleging announce announces announced announcing answer answers answered answering
    argue argues argued arguing ask asks asked asking assert asserts asserted asserting assure assured assures
    boast boasts boasted boasting claim claims claimed claiming comment comments commented commenting
    complain complains complained complaining conclude concludes concluded concluding concede conceded concedes
    confirm confirms confirmed confirming continue continues continued continuing declare declares declared declaring
    deny denies denied denying describe describes described describing emphasize emphasized emphasizes
    exclaim exclaimed explain explains explained explaining express expressed expressing
    highlight highlighted insist insists insisted insisting joke jokes joked joking lament lamented
    mention mentions mentioned mentioning note notes noted noting observe observed observes
    post posts posted posting pledge pledges pledged pledging predict predicts predicted predicting
    promise promises promised promising quip quipped quote quotes quoted quoting read reads recall recalls recalled
    recalling remark remarks remarked reply replies replied replying report reports reported reporting reportedly
    respond responds responded responding retort retorted reveal revealed reveals say says said saying
    speak speaks spoke spoken speaking state states stated stating statement stress stresses stressed stressing
    suggest suggests suggested suggesting talk talks talked talking tell tells told telling testify testified
    tweet tweets tweeted tweeting vow vows vowed vowing warn warns warned warning whisper whispered
    wrote write writes written writing according
""".split()
SPEECH_CUES = frozenset(_SPEECH)


def is_speech_cue(cue: str) -> bool:
    """Say whether a cue reports speech or writing: one of its words does, or it is a mark such as a colon."""
    words = _WORD.findall(cue.casefold())
    return not words or any(word in SPEECH_CUES for word in words)
