"""Names that so many people share that a name alone says little.

Source: compiled for the project from general knowledge of names in news of many countries; licence as the project.
"""

from __future__ import annotations

from app.annotate.lexicons.people import SHORT_FORMS

COMMON_FAMILY = frozenset(
    """
    smith johnson williams brown jones miller davis wilson anderson thomas taylor moore martin jackson thompson
    white harris clark lewis robinson walker young allen king wright scott green baker adams nelson hill
    campbell mitchell roberts carter phillips evans turner parker collins edwards stewart morris murphy cook
    rogers morgan cooper reed bailey bell kelly howard ward cox richardson wood watson brooks bennett gray james
    hughes price myers long foster ross sanders powell sullivan russell murray ford hamilton graham wallace west
    cole hayes bryant gibson stevens hunt black simpson fisher ellis marshall hart stone lee kennedy rice ryan
    burns garcia rodriguez martinez hernandez lopez gonzalez perez sanchez ramirez torres flores rivera gomez
    diaz silva santos oliveira souza costa pereira fernandez alvarez castro reyes cruz wang li zhang liu
    chen yang huang zhao wu zhou xu sun ma zhu kim park choi jung kang nguyen tran pham hoang tanaka suzuki sato
    ito yamamoto singh kumar sharma patel gupta das khan ali ahmed ahmad hussain hussein hassan mohamed mohammed
    mohammad muhammad ibrahim abdullah rahman islam malik mahmoud saleh yusuf omar ivanov petrov smirnov
    kuznetsov popov muller schmidt schneider fischer weber meyer wagner becker rossi russo ferrari bianchi
    esposito martinelli dubois bernard durand petit leroy okafor mensah otieno kamau
    """.split()
)

_GIVEN = """
    james john robert michael david william richard joseph thomas charles christopher daniel matthew anthony mark
    donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary
    nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory frank alexander patrick jack
    peter adam henry nathan douglas zachary keith carl arthur roger lawrence albert simon martin ian alan neil
    mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy sandra ashley emily
    margaret michelle carol amanda melissa deborah stephanie laura rebecca helen anna ann anne maria jane
    jose juan carlos luis jorge miguel pedro francisco antonio manuel ana maria rosa carmen joao paulo
    mohamed mohammed mohammad muhammad ahmed ahmad ali hassan hussein omar abdul abdullah ibrahim yusuf khalid
    wei min jing hui li fang lei yong hong ming ji young sergei alexei ivan dmitry vladimir andrei mikhail
    rajesh amit sanjay anil sunil vijay ravi sunita pierre jean michel marco giovanni hans
"""
COMMON_GIVEN = (
    frozenset(_GIVEN.split()) | frozenset(SHORT_FORMS) | frozenset(n for long in SHORT_FORMS.values() for n in long)
)
