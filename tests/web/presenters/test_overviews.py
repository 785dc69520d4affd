from treatments.models import Approval, Autoantibody, Manifestation, PhenotypeAssociation
from treatments.tally import Tally
from treatments.web.presenters.approvals import approved_in, dermatomyositis_first
from treatments.web.presenters.home import antibody_groups
from treatments.web.presenters.phenotype import rows


def test_approvals_for_the_disease_come_first_and_an_unseen_wording_is_not_one():
    approvals = [
        Approval(region="US", for_dermatomyositis=False),
        Approval(region="Japan", for_dermatomyositis=None),
        Approval(region="EU", for_dermatomyositis=True),
        Approval(region="Canada", for_dermatomyositis=True),
    ]
    assert [approval.region for approval in dermatomyositis_first(approvals)] == ["Canada", "EU", "Japan", "US"]
    assert approved_in(approvals) == ["Canada", "EU"]


def test_antibodies_without_direct_evidence_stand_apart_from_those_with():
    some, more = Tally(), Tally()
    some.add("4", "supports", "efficacy")
    more.add("3", "mixed", "efficacy", 5)
    only_safety = Tally()
    only_safety.add("3", "harm", "safety")
    names = {"A": some, "B": more, "C": only_safety, "D": Tally()}
    counted = [(Autoantibody(name=name, group="dm_specific"), count) for name, count in names.items()]
    (group,) = antibody_groups(counted)
    assert [antibody.name for antibody, _ in group.studied] == ["B", "A"]
    assert [antibody.name for antibody, _ in group.others] == ["C", "D"]


def test_one_row_a_manifestation_the_most_characteristic_first():
    lung, skin = Manifestation(pk=1, name="Lung"), Manifestation(pk=2, name="Skin")
    claims = [
        PhenotypeAssociation(manifestation=skin, population="juvenile", strength="hallmark"),
        PhenotypeAssociation(manifestation=lung, population="adult", strength="uncommon"),
        PhenotypeAssociation(manifestation=skin, population="adult", strength="typical"),
    ]
    found = rows(claims, "manifestation")
    assert [str(row.term) for row in found] == ["Skin", "Lung"]
    assert [part.claim.population for part in found[0].findings] == ["adult", "juvenile"]
