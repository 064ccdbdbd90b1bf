"""Words by the kind of leaning that they show: duty, want, praise, blame and the like.

Source: compiled for the project from general knowledge of English news style; the families of verbs follow CAMEO's
(praise, endorse, appeal, demand, disapprove, reject; PETRARCH verb patterns, MIT); licence as the project.
"""

from __future__ import annotations

FAMILIES: dict[str, str] = {
    "duty": "should must ought need needs needed shall let's cannot necessary essential crucial vital imperative"
    " important importance necessity priority urgent urgently time deserve deserves responsibility"
    " obligation duty required overdue enough",
    "want": "want wants wanted wish wishes hope hopes hoped hoping like prefer seek seeks seeking desire intend"
    " intends aim aims aimed goal plan plans planned planning willing ready eager keen prepared determined"
    " committed commitment pledge pledged promise promised vow vowed promises dedicated intention ambition"
    " strive strives striving endeavor undertake vision priority looks working work continue continues",
    "push": "urge urged urges urging call called calls calling demand demanded demands demanding appeal appealed"
    " appeals ask asked asks request requested recommend recommended recommends advise advised encourage"
    " encouraged encourages propose proposed proposes insist insisted press pressed advocate advocated"
    " lobby lobbied stress stressed stresses stressing emphasize emphasized emphasizes emphasizing"
    " emphasise emphasised underline underlined underscored highlight highlighted implore implored plead"
    " pleaded suggest suggested suggests order ordered instructed directed",
    "back": "support supports supported supporting supporter back backs backed backing endorse endorsed endorses"
    " endorsing endorsement favor favors favored favour favours favoured approve approved approval embrace"
    " agree agreed agrees agreement vote voted voting defend defended defends defending stand stands"
    " champion sided uphold upheld join joined accept accepted accepts acknowledged reaffirm reaffirmed"
    " reaffirms reiterate reiterated reiterates ratify ratified adopt adopted adopts favorable sympathize"
    " sympathized commits",
    "praise": "welcome welcomed welcomes welcoming praise praised praises praising hail hailed commend commended"
    " laud lauded applaud applauded thank thanked thanks grateful gratitude appreciate appreciated"
    " appreciation congratulate congratulated proud pleased happy glad delighted honored honoured excited"
    " celebrate celebrated admire admired respect salute hope thrilled love loved",
    "good": "good great better best excellent wonderful positive successful success important fair strong right"
    " safe secure beneficial effective efficient valuable historic significant opportunity opportunities"
    " benefit benefits improve improved improves improving improvement strengthen strengthened"
    " strengthening enhance enhanced enhancing help helped helps helping promote promotes promoted"
    " promoting boost boosts develop development develops developing progress protect protects protection"
    " protecting contribute contributes contribution advance peace peaceful stability freedom justice"
    " rights democracy cooperation solidarity growth sustainable inclusive transparent transparency"
    " partnership dialogue equality dignity prosperity achieve achieving qualified capable smart common-"
    " sense headway breakthrough milestone constructive cooperative productive helpful useful hopeful"
    " promising encouraging beautiful brave courageous courage leadership leader accountable"
    " accountability reliable credible honest integrity unity unite united reconciliation recovery"
    " investment invest sovereignty independence empower empowering solution solutions support friend"
    " friends friendship ally allies strategic experience win winning victory relief rescue safety welfare",
    "bad": "bad worse worst terrible horrible awful wrong dangerous threat threats threaten threatens threatened"
    " harmful harm harms hurt hurts damage damages damaging destroy destroyed destroying destruction"
    " undermine undermines undermined failure failed fail fails failing crisis disaster disastrous"
    " catastrophe catastrophic unacceptable unfair unjust illegal unlawful unconstitutional corrupt"
    " corruption fraud rigged lie lies lied lying liar dishonest crooked racist racism bigotry hate hatred"
    " cruel brutal violent violence crime crimes criminal terrorist terrorists terrorism attack attacks"
    " attacked invasion occupation aggression abuse abuses abused discrimination injustice oppression"
    " repression persecution poverty problem problems serious weak incompetent unfit irresponsible"
    " reckless shameful disgrace disgraceful disgusting outrageous ridiculous absurd stupid nonsense"
    " hypocrisy hypocritical misleading false fake hoax illegitimate unnecessary excessive burden risk"
    " risks victim victims suffer suffering suffered loss losses killing killed murder massacre genocide"
    " torture violated violation violations violate chaos unstable destabilizing disappointing"
    " disappointed disappointment sad unfortunate unfortunately regret regrettable sorry worry worried"
    " concerns concern concerned fear fears afraid anger angry outrage frustrated frustration alarmed"
    " insult evil nasty ugly insane crazy tragic tragedy horrific heinous barbaric vile deplorable"
    " despicable appalling shocking troubling disturbing alarming worrying provocative provocation"
    " aggressive hostile hostility enemy enemies nightmare mess rigging cheating theft steal stealing"
    " stolen looting misuse negligence neglect ignore ignored ignoring pollution harassment intimidation"
    " blackmail propaganda extremism extremist extremists radical tyranny dictator dictatorship regime"
    " apartheid colonial betrayal betrayed complicit guilty scandal smear slander discriminatory"
    " unprecedented inadequate insufficient flawed broken useless pointless misguided",
    "blame": "oppose opposes opposed opposing opposition reject rejects rejected rejecting rejection condemn"
    " condemns condemned condemning condemnation denounce denounced denounces criticize criticized"
    " criticizes criticizing criticism criticise criticised critical critic critics object objected"
    " objection objections protest protests protested protesting against accuse accused accuses accusing"
    " accusation blame blamed blames blaming deny denied denies denying dismiss dismissed dismisses refuse"
    " refused refuses refusing refusal veto vetoed block blocked blocking slam slammed blast blasted"
    " attack rebuke rebuked resist resisted disagree disagreed disagrees challenge challenged question"
    " questioned doubt doubts skeptical sceptical warn warned warns warning mock mocked deplore decry"
    " ridiculed tired boycott withdraw ban banned cancel alleged alleges alleging claim claimed claims"
    " claiming complain complained complaint complaints faulted lamented scolded ridiculing taunted"
    " decried lashed lambasted rapped censured rebuffed disavowed distanced questioning disputes disputed"
    " contradicted",
    "stop": "stop stopped stopping end ended ending halt prevent prevented preventing avoid fight fighting fought"
    " combat combating eliminate eradicate repeal abolish remove removed reduce cut curb limit restrict"
    " restrictions suspend cease rid resign quit leave defeat defeated counter tackle address overturn"
    " scrap dismantle",
    "not": "not no never nothing none nobody neither nor without don't doesn't didn't won't can't cannot isn't"
    " aren't wasn't shouldn't wouldn't couldn't hardly barely unable",
    "self": "we our us i my me ours",
    "may": "will would going could can may might shall won't",
    "fact": "was were had arrested died born percent year years million billion number month yesterday monday"
    " tuesday wednesday thursday friday saturday sunday january february march april may june july august"
    " september october november december according reported found injured police total average rate"
    " increase increased rose fell",
    "policy": "policy policies law laws legislation bill plan plans proposal agreement deal treaty measure measures"
    " reform reforms action actions decision program programme initiative project sanctions ban tax taxes"
    " budget regulation regulations rules restrictions constitution amendment referendum election"
    " elections vote campaign war ceasefire peace talks negotiations resolution immigration abortion gun"
    " guns climate rights wall border refugees healthcare wage wages strike resign resignation nomination"
    " candidate candidacy government president party",
}
_BY_WORD: dict[str, tuple[str, ...]] = {}
for _family, _members in FAMILIES.items():
    for _word in dict.fromkeys(_members.split()):
        for _spelling in {_word, _word.replace("'", "’")}:
            _BY_WORD[_spelling] = (*_BY_WORD.get(_spelling, ()), _family)


def leanings_of(word: str) -> tuple[str, ...]:
    """Return the families that a folded word belongs to, none for most words."""
    return _BY_WORD.get(word, ())
