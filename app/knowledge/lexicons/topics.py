"""Words and phrases that news uses for one thing when it names what sides are taken on.

Each line is one thing: its first word stands for all. A phrase of several words is one word here; words are matched by
their stems, so that one form of each is enough.

Source: compiled for the project from general knowledge of English news style; licence as the project.
Fails on: words of several senses ("pot", "strike"), which are left out.
"""

from __future__ import annotations

_SAME_THINGS = """
    membership: accession, admission, entry, joining
    ban: banning, prohibition, outlawing, forbidding
    tax: taxing, taxation
    cut: cutting
    tariff: customs duty, import duty, duties
    closure: closing, shutting, shutdown
    construction: building
    deployment: stationing
    legal: legalization, legalising, decriminalization, decriminalisation
    abolition: abolishing, scrapping, repeal
    death penalty: capital punishment
    cannabis: marijuana
    soda: sugary drink, soft drink, fizzy drink, sugar-sweetened drink
    kerosene: aviation fuel, jet fuel
    vaccine: vaccination, inoculation, immunization, immunisation, jab
    mandatory: compulsory, obligatory, mandate
    asylum seeker: refugee
    deportation: deporting, expulsion, sending back
    gun: firearm
    assault rifle: assault weapon
    missile defense: missile shield, missile defence, ballistic missile defense, interceptor, anti-missile, antimissile
    nuclear power: nuclear energy, atomic power, atomic energy, nuclear reactor, nuclear plant
    phase-out: phasing out, phaseout
    enrichment: enriching
    nuclear program: nuclear programme
    artificial intelligence: ai
    regulation: rules, regulating
    referendum: plebiscite
    independence: secession, breakaway
    sanction: embargo
    whaling: whale hunting, hunting whales, whale hunt
    same-sex marriage: gay marriage, marriage equality
    euthanasia: assisted dying, assisted suicide
    global warming: climate change
    emission: greenhouse gas, carbon dioxide
    eavesdropping: wiretapping, wiretap
    layoff: job cut, redundancy, dismissal
    takeover: acquisition, buyout
    merger: merging
    ceasefire: cease-fire, truce, armistice
    withdrawal: pullout, pulling out, withdrawing
    troop: soldier
    retirement age: age of retirement
    wage: salary
    tuition: university fee, tuition fee
    austerity: spending cut, budget cut
    privatization: privatisation, selling off, sell-off
    bailout: rescue loan, rescue package
    toll: congestion charge, road charge
    wind farm: wind turbine, offshore turbine, wind park
    face recognition: facial recognition
    surveillance: spying
    homeless: rough sleeper
    voting: suffrage
    gay: homosexual
    shale gas: fracking, hydraulic fracturing
    pesticide: weedkiller, herbicide
    genetically modified: gm, gmo
    prison: jail
    lockdown: stay-at-home order
"""

SAME_THING: dict[str, str] = {
    " ".join(form.replace("-", " ").split()): head.strip()
    for line in _SAME_THINGS.strip().splitlines()
    for head, _, forms in [line.partition(":")]
    for form in (head, *forms.split(","))
}
"""What stands for a word or a phrase, by its plain words."""
